/* routing_travel.h - distances and times by road from an OSRM-compatible server (its HTTP table service) (D4). */
#ifndef SONGDA_DISPATCH_ROUTING_TRAVEL_H
#define SONGDA_DISPATCH_ROUTING_TRAVEL_H

#include "plan.h"

/* Ways between a problem's sites, plan_sites()² cells each. */
struct travel_cells {
    int32_t *metres, *seconds; /* below 0: not known */
    bool *is_asked;            /* whoever knows ways was asked for it already */
};

/* Asks `server` (http://host:port) for the ways that nobody was asked for, a block of sites at a time; `goes_on` is asked before each block.
 * Ways the server does not know, and those to or from places without coordinates, stay as they are. False: it gave no usable answer, or
 * goes_on said no; what it answered before is there. */
bool travel_ask(struct arena *arena, const char *server, const struct plan_problem *problem,
                bool (*goes_on)(void *context), void *context, struct travel_cells *cells);

/* Puts a block of the server's answer into the matrices; sites of the block's rows and columns by their index. False: it is no such
 * answer. */
bool travel_take(const char *answer, size_t len, const size_t *rows, size_t row_count,
                 const size_t *columns, size_t column_count, size_t sites, int32_t *metres,
                 int32_t *seconds);

#endif
