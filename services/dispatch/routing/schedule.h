/* schedule.h - the times of a route, stop by stop, and what it violates by kind. */
#ifndef SONGDA_ROUTING_SCHEDULE_H
#define SONGDA_ROUTING_SCHEDULE_H

#include "rich.h"

/* Where the break lies: on the way to the k-th stop (k == count: home), or nowhere. */
struct schedule_break {
    int leg; /* ROUTING_NONE: not taken */
    bool on_arrival;
};

/* Fills the route's visits and figures; route->visits has room for `count`. */
void schedule_route(struct rich *rich, int vehicle, const int32_t *stops, int count,
                    struct routing_route *route);

/* By how much the sequence breaks each kind of limit. */
void schedule_kinds(struct rich *rich, int vehicle, const int32_t *stops, int count,
                    int64_t amounts[ROUTING_REASONS]);

#endif
