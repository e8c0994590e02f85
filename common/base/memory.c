/* memory.c - the heap, and the end of a process that has none left. */
#define BASE_MAY_ALLOCATE
#include "memory.h"

#include <stdlib.h>
#include <string.h>

#include "log.h"

#include "banned.h"

void *memory_new(size_t size)
{
    void *memory = calloc(1, size ? size : 1);

    if (!memory)
        die("out_of_memory", "%zu bytes from the heap", size);
    return memory;
}

void *memory_new_array(size_t count, size_t size)
{
    size_t total;

    if (__builtin_mul_overflow(count, size, &total))
        die("out_of_memory", "%zu elements of %zu bytes from the heap", count, size);
    return memory_new(total);
}

void *memory_resize(void *memory, size_t size)
{
    void *resized = realloc(memory, size ? size : 1);

    if (!resized)
        die("out_of_memory", "%zu bytes from the heap", size);
    return resized;
}

char *memory_text(const char *text)
{
    size_t size;

    if (!text)
        return NULL;
    size = strlen(text) + 1;
    return memcpy(memory_new(size), text, size);
}

void memory_free(void *address_of_pointer)
{
    void *memory;
    void *none = NULL;

    /* a pointer of any type is read and written as bytes: all have one representation here */
    memcpy(&memory, address_of_pointer, sizeof(memory));
    free(memory);
    memcpy(address_of_pointer, &none, sizeof(none));
}
