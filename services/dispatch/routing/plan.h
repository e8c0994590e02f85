/* plan.h - from the routes found to the plan handed out. */
#ifndef SONGDA_ROUTING_PLAN_H
#define SONGDA_ROUTING_PLAN_H

#include "rich.h"

/* The plan of the routes as they stand in `rich`. */
struct routing_plan *plan_new(struct rich *rich);

/* reasons.c: why a stop was left out, and which locks break what. */
struct routing_left_out reasons_of_stop(struct rich *rich, int stop);
void reasons_of_locks(struct rich *rich, struct routing_plan *plan);

#endif
