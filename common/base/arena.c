/* arena.c - memory that is given back all at once. */
#include "arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "log.h"
#include "memory.h"

#include "banned.h"

#define ALIGNMENT ((size_t)16)
#define FIRST_BLOCK ((size_t)16 * 1024)
#define LARGEST_BLOCK ((size_t)1024 * 1024)

struct arena_block {
    struct arena_block *next;
    size_t size, used; /* of data */
    _Alignas(16) unsigned char data[];
};

void arena_init(struct arena *arena)
{
    *arena = (struct arena){0};
}

static void free_from(struct arena_block *block)
{
    while (block) {
        struct arena_block *next = block->next;

        memory_free(&block);
        block = next;
    }
}

void arena_release(struct arena *arena)
{
    free_from(arena->first);
    arena_init(arena);
}

void arena_reset(struct arena *arena)
{
    arena->used = 0;
    arena->last = arena->first;
    if (!arena->first)
        return;
    free_from(arena->first->next);
    arena->first->next = NULL;
    arena->first->used = 0;
}

static struct arena_block *grow(struct arena *arena, size_t size)
{
    size_t usual = FIRST_BLOCK - sizeof(struct arena_block);
    struct arena_block *block;

    if (arena->last && arena->last->size >= usual) {
        usual = (arena->last->size + sizeof(*block)) * 2;
        usual = (usual < LARGEST_BLOCK ? usual : LARGEST_BLOCK) - sizeof(*block);
    }
    if (size < usual)
        size = usual;
    block = memory_resize(NULL, sizeof(*block) + size);
    *block = (struct arena_block){.size = size};
    if (arena->last)
        arena->last->next = block;
    else
        arena->first = block;
    arena->last = block;
    return block;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    struct arena_block *block = arena->last;
    size_t padded;
    void *piece;

    if (size > SIZE_MAX / 2)
        die("out_of_memory", "%zu bytes from an arena", size);
    padded = size ? (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT : ALIGNMENT;
    if (!block || block->size - block->used < padded)
        block = grow(arena, padded);
    piece = block->data + block->used;
    block->used += padded;
    arena->used += padded;
    return memset(piece, 0, padded);
}

void *arena_alloc_array(struct arena *arena, size_t count, size_t size)
{
    size_t total;

    if (__builtin_mul_overflow(count, size, &total))
        die("out_of_memory", "%zu elements of %zu bytes from an arena", count, size);
    return arena_alloc(arena, total);
}

void *arena_copy(struct arena *arena, const void *data, size_t size)
{
    void *copy = arena_alloc(arena, size);

    return size ? memcpy(copy, data, size) : copy;
}

char *arena_text(struct arena *arena, const char *text)
{
    return text ? arena_copy(arena, text, strlen(text) + 1) : NULL;
}

char *arena_text_len(struct arena *arena, const char *text, size_t len)
{
    char *copy = arena_alloc(arena, len + 1);

    if (len)
        memcpy(copy, text, len);
    return copy;
}

char *arena_print(struct arena *arena, const char *format, ...)
{
    va_list arguments, again;
    int len;
    char *text;

    va_start(arguments, format);
    va_copy(again, arguments);
    len = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (len < 0)
        die("bad_format", "vsnprintf refuses a format");
    text = arena_alloc(arena, (size_t)len + 1);
    vsnprintf(text, (size_t)len + 1, format, again);
    va_end(again);
    return text;
}

size_t arena_used(const struct arena *arena)
{
    return arena->used;
}
