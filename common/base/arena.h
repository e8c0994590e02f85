/* arena.h - memory that is given back all at once: a request's, a file's, a test's.
 *
 * The struct is the caller's; the blocks behind it are the arena's. Nothing taken from an arena is
 * freed by hand. Blocks: the first is 16 KiB, each next one twice as large up to 1 MiB; a larger
 * piece gets a block of its own. Out of memory is logged and aborts the process, so no function
 * here returns NULL.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

struct arena_block;

struct arena {
    struct arena_block *first; /* kept by arena_reset */
    struct arena_block *last;  /* the one being filled */
    size_t used;               /* bytes handed out since init or reset, padding included */
};

/* Takes no memory until the first arena_alloc. An arena of zero bytes is an initialised one. */
void arena_init(struct arena *arena);

/* Gives everything back. The arena may be used again, or released twice. */
void arena_release(struct arena *arena);

/* Gives everything back but the first block, for the next request. */
void arena_reset(struct arena *arena);

/* `size` zeroed bytes, aligned to 16. A size of 0 gives a pointer that must not be read. */
void *arena_alloc(struct arena *arena, size_t size) __attribute__((returns_nonnull, malloc));

/* `count` zeroed elements; aborts when count * size does not fit size_t. */
void *arena_alloc_array(struct arena *arena, size_t count, size_t size)
    __attribute__((returns_nonnull, malloc));

#define arena_new(arena, type) ((type *)arena_alloc((arena), sizeof(type)))
#define arena_array(arena, type, count)                                                            \
    ((type *)arena_alloc_array((arena), (size_t)(count), sizeof(type)))

/* A copy of `size` bytes. `data` may be NULL when size is 0. */
void *arena_copy(struct arena *arena, const void *data, size_t size)
    __attribute__((returns_nonnull));

/* A copy of a text; NULL stays NULL. */
char *arena_text(struct arena *arena, const char *text);

/* A copy of the first `len` bytes with a NUL behind them. */
char *arena_text_len(struct arena *arena, const char *text, size_t len)
    __attribute__((returns_nonnull));

char *arena_print(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3), returns_nonnull));

/* Bytes handed out since init or reset, padding included. */
size_t arena_used(const struct arena *arena);

#endif
