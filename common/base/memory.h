/* memory.h - the heap, for what outlives a request. The only place that calls malloc.
 *
 * Out of memory is logged and aborts the process: no function here returns NULL.
 */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

#include <stddef.h>

/* `size` zeroed bytes; a size of 0 counts as 1. */
void *memory_new(size_t size) __attribute__((returns_nonnull, malloc));

/* `count` zeroed elements; aborts when count * size does not fit size_t. */
void *memory_new_array(size_t count, size_t size) __attribute__((returns_nonnull, malloc));

#define memory_array(type, count) ((type *)memory_new_array((size_t)(count), sizeof(type)))

/* Like realloc; a NULL pointer is a first allocation. What was added is not zeroed. */
void *memory_resize(void *memory, size_t size) __attribute__((returns_nonnull));

/* A copy of a text on the heap; NULL stays NULL. */
char *memory_text(const char *text);

/* Takes the address of a pointer: frees what it points to and sets it to NULL. May be called
 * twice. */
void memory_free(void *address_of_pointer);

/* Gives back to the system what only starting needed: free heap, and the read-only pages of the
 * program and its libraries, most of which are never looked at again (cryptography, name services);
 * those that are come back by themselves. */
void memory_settle(void);

#endif
