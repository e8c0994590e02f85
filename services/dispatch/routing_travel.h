/* routing_travel.h - distances and times by road from an OSRM-compatible server (its HTTP table service), for planning runs (D4). */
#ifndef SONGDA_DISPATCH_ROUTING_TRAVEL_H
#define SONGDA_DISPATCH_ROUTING_TRAVEL_H

#include "plan.h"

/* Asks `server` (http://host:port) for every way between depot and stops, a block of sites at a time; `goes_on` is asked before each
 * block. Ways the server does not know, and those to or from places without coordinates, are as without it. False: it gave no usable
 * answer or goes_on said no, and the plan reckons by coordinates. Metres and seconds are in the arena. */
bool travel_ask(struct arena *arena, const char *server, const struct plan_problem *problem,
                bool (*goes_on)(void *context), void *context, struct plan_travel *travel);

/* Puts a block of the server's answer into the matrices; sites of the block's rows and columns by their index. False: it is no such
 * answer. */
bool travel_take(const char *answer, size_t len, const size_t *rows, size_t row_count,
                 const size_t *columns, size_t column_count, size_t sites, int32_t *metres,
                 int32_t *seconds);

#endif
