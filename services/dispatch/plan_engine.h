/* plan_engine.h - between plan.h's terms and the routing engine's. */
#ifndef SONGDA_DISPATCH_PLAN_ENGINE_H
#define SONGDA_DISPATCH_PLAN_ENGINE_H

#include "plan_loads.h"
#include "routing.h"

/* A problem in the engine's terms, all in the arena; without its matrices until engine_travel(). */
struct engine_input {
    struct routing_problem problem;
    int64_t
        scale; /* of loads: so many of ours are one of the engine's, whose whole numbers are small */
};

struct engine_input engine_input(struct arena *arena, const struct plan_problem *problem,
                                 const struct plan_loads *loads);

/* The problem's own ways, or those by its coordinates. A stop without coordinates is where the one before it in `order` of `count` stops is;
 * without an order, where vehicles start. */
void engine_travel(struct arena *arena, const struct plan_problem *problem, const size_t *order,
                   size_t count, struct engine_input *input);

/* The engine's answer in the arena; false with a sentence when the problem cannot be one. */
bool engine_run(struct arena *arena, const struct plan_problem *problem,
                const struct engine_input *input, const struct routing_options *options,
                struct plan *plan, const char **wrong);

#endif
