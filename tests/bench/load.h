/* load.h - what the load generators share: the orders they place, and what they report. */
#ifndef SONGDA_BENCH_LOAD_H
#define SONGDA_BENCH_LOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/id.h"

/* Whom an order is for. */
struct target {
    char customer[ID_TEXT_SIZE], address[ID_TEXT_SIZE];
};

/* Order n goes to target n % count on the day n / count behind `first_day`: no two are equal, whatever their order. */
struct targets {
    struct target *items;
    size_t count;
    int32_t first_day;
    int64_t next; /* number of the next order */
};

/* Lines "customer address"; ends the program when there are none. */
void targets_read(struct targets *targets, const char *path);

/* The next order's target and day. */
const struct target *targets_take(struct targets *targets, int32_t *day);

/* What a run came to: waiting times in microseconds, and the first refusal. */
struct tally {
    uint32_t *waits;
    size_t count, capacity, errors;
    int64_t started, ended;
    char first_error[512];
};

void tally_add(struct tally *tally, int64_t wait);
void tally_refuse(struct tally *tally, const char *text, size_t len);

/* One line of JSON on stdout: requests, errors, seconds, rate, p50, p99. Releases the tally; 1 when nothing was answered. */
int tally_report(struct tally *tally);

/* The value of the option --name, or its default; ends the program when it has none. */
const char *option(int argc, char **argv, const char *name, const char *fallback);
int64_t option_number(int argc, char **argv, const char *name, const char *fallback);

#endif
