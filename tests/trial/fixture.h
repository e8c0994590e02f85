/* fixture.h - the one bench of a test program: opened before its tests, closed after them (cmocka's group fixtures). */
#ifndef TRIAL_FIXTURE_H
#define TRIAL_FIXTURE_H

#include "bench.h"

extern struct bench bench;

int open_bench(void **state);
int close_bench(void **state);

#endif
