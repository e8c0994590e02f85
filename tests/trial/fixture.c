/* fixture.c - the one bench of a test program. */
#include "fixture.h"

#include "base/banned.h"

struct bench bench;

int open_bench(void **state)
{
    (void)state;
    bench_open(&bench);
    return 0;
}

int close_bench(void **state)
{
    (void)state;
    bench_close(&bench);
    return 0;
}
