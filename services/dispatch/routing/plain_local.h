/* plain_local.h - local search on the plain form where routes may be overfull or late at a price.
 *
 * Moves (relocate and exchange of one or two stops, 2-opt, exchange of tails) are tried between
 * near stops only. Lateness of joined parts of routes is known in O(1): Vidal, Crainic, Gendreau,
 * Prins, Computers & Operations Research 40 (2013), 475-489.
 */
#ifndef SONGDA_ROUTING_PLAIN_LOCAL_H
#define SONGDA_ROUTING_PLAIN_LOCAL_H

#include "plain.h"

#define LOCAL_NEAR 20

/* A part of a route: how long it takes, the lateness inside it, and when it can begin best. */
struct span {
    int32_t duration, late, earliest, latest;
};

struct local_node {
    int32_t next, prev, route, pos;
    int32_t load; /* from the depot up to here */
    int32_t tested;
    struct span before, after; /* from the depot up to here; from here to the depot */
};

struct local_route {
    int32_t size, load, late, changed;
    int32_t starred, mark;
    uint32_t version;
    int64_t penalty;
};

#define LOCAL_PLACES 3

/* The cheapest places for a stop in a route, as long as the route has this version. */
struct local_places {
    uint32_t found;
    int32_t cost[LOCAL_PLACES], after[LOCAL_PLACES];
};

struct local {
    const struct plain *p;
    struct random *random;
    int routes;               /* slots */
    struct local_node *nodes; /* n + 1 + r closes route r */
    struct local_route *tours;
    int64_t load_price, late_price;
    int32_t *order, *sequence, *nearest; /* nearest: LOCAL_NEAR per stop, without the depot */
    struct local_places *places; /* row per stop, one for each route; only without windows */
    int32_t *gone;               /* per stop: what its route saves without it */
    uint32_t version;
    int mark;
    int near_count, clock;
    int64_t work;
};

/* The plan's routes with prices for what is over: 0 over is a valid plan. */
struct local_cost {
    int64_t arcs, overload, lateness;
};

void local_init(struct local *local, const struct plain *plain, struct random *random, int routes);
void local_release(struct local *local);
void local_load(struct local *local, const struct plain_plan *plan);
struct local_cost local_store(const struct local *local, struct plain_plan *plan);

/* Until no move helps. */
void local_improve(struct local *local);

/* local_moves.c: one pair of near stops; true when something was changed for the better. */
bool local_try_pair(struct local *local, int u, int v);
bool local_try_empty(struct local *local, int u, int end);

/* Puts a stop that is on no route to where it costs least among its near stops. */
void local_insert(struct local *local, int u);

/* local_star.c: one round over near routes; true when something was changed for the better. */
bool local_star(struct local *local);

/* local_state.c */
void local_update(struct local *local, int route);
int local_empty_end(const struct local *local); /* 0: no route is empty */
int64_t local_penalty(const struct local *local, int64_t load, int64_t late);
struct span local_join(const struct local *local, struct span a, int last, struct span b,
                       int first);
struct span local_single(const struct local *local, int node);

static inline int local_site(const struct local *l, int node)
{
    return node > l->p->n ? 0 : node;
}

static inline int local_arc(const struct local *l, int a, int b)
{
    return plain_cost(l->p, local_site(l, a), local_site(l, b));
}

#endif
