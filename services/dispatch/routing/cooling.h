/* cooling.h - the temperature of simulated annealing by the share of the effort spent. */
#ifndef SONGDA_ROUTING_COOLING_H
#define SONGDA_ROUTING_COOLING_H

#include <stdint.h>

struct cooling {
    int64_t hot, cold, temperature; /* 16 fraction bits */
    int64_t from, total;            /* effort spent before; effort to spend */
    int64_t step;
};

/* From `hot` to `cold`, both at least 1/65536, in equal ratios. */
void cooling_init(struct cooling *cooling, int64_t hot, int64_t cold, int64_t from, int64_t total);
void cooling_update(struct cooling *cooling, int64_t spent);

#endif
