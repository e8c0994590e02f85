/* clean.h - text from outside, harmless on paper and in cells. */
#ifndef PAPER_CLEAN_H
#define PAPER_CLEAN_H

#include <stddef.h>

/* A copy on the heap of at most `max` code points, "…" behind it when it was longer. Control characters become spaces (line breaks too,
 * unless has_lines), marks that turn the direction of writing or are no characters go, what is not UTF-8 becomes U+FFFD. */
enum clean_lines { CLEAN_ONE_LINE, CLEAN_LINES };
char *clean_text(const char *text, size_t max, enum clean_lines lines);

#endif
