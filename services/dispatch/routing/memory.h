/* memory.h - allocation that cannot fail: out of memory aborts, the supervisor restarts us. */
#ifndef SONGDA_ROUTING_MEMORY_H
#define SONGDA_ROUTING_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Under names of the library's own: programs it is linked into have functions called like these. */
#define memory_new routing_memory_new
#define memory_grow routing_memory_grow
#define memory_free routing_memory_free

/* `count` zeroed elements of `size` bytes; never NULL. */
void *memory_new(size_t count, size_t size);
void *memory_grow(void *old, size_t count, size_t size);
void memory_free(void *old);

/* `count` indices, possibly none; the two may overlap. */
static inline void copy_indices(int32_t *to, const int32_t *from, int count)
{
    if (count > 0)
        memmove(to, from, sizeof(*to) * (size_t)count);
}

/* Milliseconds of the monotonic clock: for the guard only, never for a decision of the search. */
int64_t clock_ms(void);

/* When to stop: the effort counts, the clock and the caller only interrupt. */
struct effort {
    int64_t spent, total;
    int64_t whole;       /* of the search this is a part of: progress is told by it */
    int64_t deadline_ms; /* 0: none */
    int64_t next_look;   /* spent at which the clock is looked at again */
    bool stopped_early;
    bool (*progress)(void *context, int permille, int64_t cost);
    void *context;
};

/* True when the search must end. Looks at the clock about a thousand times in a search. */
bool effort_is_over(struct effort *effort, int64_t cost);

#endif
