/* place.h - where a stack stopped, and going on there (private to fiber.c).
 *
 * swapcontext asks the kernel for the signal mask at each switch; nothing here ever changes it. On x86-64 and aarch64 the registers that
 * a function must keep are put on the stack by hand (System V ABI; AAPCS64); elsewhere it is swapcontext.
 */
#ifndef SONGDA_SERVICE_PLACE_H
#define SONGDA_SERVICE_PLACE_H

#include <stddef.h>

#if defined(__x86_64__) || defined(__aarch64__)
#define PLACE_IS_OURS 1
#else
#include <ucontext.h>
#endif

struct place {
#ifdef PLACE_IS_OURS
    void *top; /* of the stack, below which its registers lie */
#else
    ucontext_t context;
#endif
};

/* A place at the beginning of function(argument) on that stack. The function never returns. */
void place_init(struct place *place, char *stack, size_t size, void (*function)(void *),
                void *argument);

/* Leaves here for `to`; comes back when somebody goes to `here`. */
void place_switch(struct place *here, struct place *to);

#endif
