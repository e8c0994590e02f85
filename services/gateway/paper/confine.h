/* confine.h - takes from the program everything that drawing a paper does not need. */
#ifndef PAPER_CONFINE_H
#define PAPER_CONFINE_H

/* Limits of memory, processor and files; no new rights; no sockets, no other programs. Ends the program where that is not possible. */
void confine(void);

#endif
