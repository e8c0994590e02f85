/* plan_limits.h - which limits a route breaks that the dispatcher made by hand, and whether a change made that worse (D4).
 *
 * A soft limit (window, shift, longest day, way, most stops) may be broken knowingly; a hard one (what an address demands of vehicles) may not.
 * Capacity and compartments are refused where goods join (load.c), and so are licences (crew.c).
 */
#ifndef SONGDA_DISPATCH_PLAN_LIMITS_H
#define SONGDA_DISPATCH_PLAN_LIMITS_H

#include "plan.h"

struct plan_break {
    const char *reason; /* a value of routing_reason */
    int64_t amount;     /* by how much: seconds, metres, stops, properties */
    size_t stop;        /* its index in the problem, from 1; 0: the route as a whole */
    bool is_hard;
};

struct plan_breaks {
    struct plan_break *items;
    size_t count;
    int64_t back; /* when the vehicle is back, seconds; 0: not known */
};

/* What a route of the problem's first vehicle breaks in this order. What is driven has its times behind it and breaks nothing any more. */
struct plan_breaks plan_breaks_of(struct arena *arena, const struct plan_problem *problem,
                                  const size_t *order, size_t count);

/* The first of the later breaks that was not there before, or by less; NULL: none got worse. Stops are compared by the ids of their orders. */
const struct plan_break *plan_breaks_worse(const struct plan_breaks *before,
                                           const struct id *orders_before,
                                           const struct plan_breaks *after,
                                           const struct id *orders_after, bool is_hard);

#endif
