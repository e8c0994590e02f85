/* generator.h - random routing problems, small, with every feature at once. */
#ifndef SONGDA_TESTS_ROUTING_GENERATOR_H
#define SONGDA_TESTS_ROUTING_GENERATOR_H

#include "routing.h"

#define GENERATED_STOPS 40
#define GENERATED_VEHICLES 8

struct generated {
    struct routing_problem problem;
    struct routing_stop stops[GENERATED_STOPS];
    struct routing_vehicle vehicles[GENERATED_VEHICLES];
    struct routing_window windows[GENERATED_STOPS][3];
    int32_t frozen[GENERATED_VEHICLES][3];
    int32_t *distance, *duration;
};

enum generated_kind {
    GENERATED_PLAIN, /* capacity, maybe windows, maybe prices: the plain form */
    GENERATED_RICH,  /* several products, windows, vehicles, limits, breaks, reloads, depots */
    GENERATED_LOCKED /* RICH with locks, positions, frozen beginnings and announced vehicles */
};

void generated_init(struct generated *generated, enum generated_kind kind, uint64_t seed);
void generated_release(struct generated *generated);

/* Uniform in 0 .. n - 1 of a generator of the tests' own. */
int generated_below(uint64_t *state, int n);

#endif
