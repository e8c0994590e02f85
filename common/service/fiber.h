/* fiber.h - a handler's own small stack, so that straight-line C can wait for the database while others run.
 *
 * 256 KiB with a guard page below; what is never touched is never taken. Fibers are pooled; one thread.
 */
#ifndef SONGDA_SERVICE_FIBER_H
#define SONGDA_SERVICE_FIBER_H

#include <stdbool.h>
#include <stddef.h>

#define FIBER_STACK_SIZE ((size_t)256 * 1024)

struct fiber;

struct fiber_pool {
    struct fiber *free;
    size_t count;          /* all there are */
    struct fiber *running; /* NULL: the main stack */
};

void fiber_pool_init(struct fiber_pool *pool);
void fiber_pool_release(struct fiber_pool *pool); /* none may be unfinished */

/* Runs function(argument) on a fiber until it suspends or ends. Returns the fiber where it suspended, NULL where it ended. */
struct fiber *fiber_start(struct fiber_pool *pool, void (*function)(void *), void *argument);

/* Goes on where it suspended. True: suspended again; false: ended, the fiber is gone. */
bool fiber_resume(struct fiber_pool *pool, struct fiber *fiber);

/* From inside: back to whoever started or resumed it. */
void fiber_suspend(struct fiber_pool *pool);

#endif
