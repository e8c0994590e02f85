/* banned.h - functions nobody may call: they overflow, lie about errors or keep hidden state.
 *
 * Include it LAST in a .c file: a header of a library that mentions one of the names would not
 * compile behind it. The names of the heap are free inside common/base, which defines
 * BASE_MAY_ALLOCATE. tests/lib/house.py finds the same names in files that forgot to include this
 * one.
 */
#ifndef BASE_BANNED_H
#define BASE_BANNED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* use arena_print, arena_text or buffer_print */
#undef strcpy
#undef strcat
#undef sprintf
#undef vsprintf
#pragma GCC poison strcpy strcat sprintf vsprintf gets

/* use csv.h, or strtoll with its end and errno checked */
#undef strtok
#undef atoi
#undef atol
#pragma GCC poison strtok atoi atol

/* use clock.h: the process's time zone must not matter */
#pragma GCC poison localtime gmtime ctime

/* use arena.h, or memory.h for what outlives a request */
#ifndef BASE_MAY_ALLOCATE
#undef malloc
#undef calloc
#undef realloc
#pragma GCC poison malloc calloc realloc
#endif

#endif
