/* memory.c - allocation that aborts when there is none, and the guard that ends a search. */
#include "memory.h"

#include <stdlib.h>
#include <time.h>

void *memory_new(size_t count, size_t size)
{
    void *memory = calloc(count ? count : 1, size ? size : 1);

    if (!memory)
        abort();
    return memory;
}

void *memory_grow(void *old, size_t count, size_t size)
{
    void *memory;

    if (size && count > SIZE_MAX / size)
        abort();
    memory = realloc(old, count && size ? count * size : 1);
    if (!memory)
        abort();
    return memory;
}

void memory_free(void *old)
{
    free(old);
}

int64_t clock_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

bool effort_is_over(struct effort *effort, int64_t cost)
{
    if (effort->stopped_early || effort->spent >= effort->total)
        return true;
    if (effort->spent < effort->next_look)
        return false;
    effort->next_look = effort->spent + 200000;
    if (effort->deadline_ms && clock_ms() >= effort->deadline_ms)
        effort->stopped_early = true;
    if (effort->progress &&
        !effort->progress(effort->context, (int)(effort->spent * 1000 / effort->whole), cost))
        effort->stopped_early = true;
    return effort->stopped_early;
}
