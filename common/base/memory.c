/* memory.c - the heap, and the end of a process that has none left. */
#define BASE_MAY_ALLOCATE
#include "memory.h"

#include <link.h>
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

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

static int drop_pages(struct dl_phdr_info *info, size_t size, void *data)
{
    const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);

    (void)size;
    (void)data;
    for (size_t i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *part = &info->dlpi_phdr[i];
        uintptr_t start = (info->dlpi_addr + part->p_vaddr) & ~(page - 1);
        uintptr_t end = info->dlpi_addr + part->p_vaddr + part->p_memsz;

        if (part->p_type == PT_LOAD && !(part->p_flags & PF_W))
            madvise((void *)start, end - start, MADV_DONTNEED); /* the vdso refuses */
    }
    return 0;
}

void memory_settle(void)
{
    malloc_trim(0);
    dl_iterate_phdr(drop_pages, NULL);
}
