/* plain.h - the plain form of a problem: one depot, equal vehicles, one product, one window.
 *
 * Node 0 is the depot, nodes 1..n are the stops. Most of a search's speed comes from this form;
 * what does not fit it goes to rich.h. Costs are whole numbers of the form's own unit.
 */
#ifndef SONGDA_ROUTING_PLAIN_H
#define SONGDA_ROUTING_PLAIN_H

#include "memory.h"
#include "random.h"
#include "routing.h"

#define PLAIN_ARC_MAX (1 << 26)
#define PLAIN_NEAR_MAX 100 /* of near_count */

/* Both ways between two nodes: what a look at a place needs, side by side. */
struct arcs {
    int32_t cost, cost_into, travel, travel_into;
};

struct plain {
    int n, width; /* width = n + 1: length of a matrix row */
    int vehicles; /* most routes */
    int capacity;
    bool timed, symmetric;
    int32_t *stop_of;          /* per node: its stop; near nodes have near numbers */
    int32_t *cost, *cost_into; /* [i * width + j]: of the arc i -> j; into: the arc j -> i */
    int32_t *travel;           /* service at i, then the way to j; only when timed */
    struct arcs *arcs;         /* all of it in one place; only when timed */
    int32_t *demand, *open, *close;
    int64_t *price; /* of leaving a stop out */
    int near_count;
    int32_t *near; /* row per node: the nearest for insertion, waiting and lateness weighed in */
    int adjacent_count;
    int32_t *adjacent; /* row per node: the nearest by cost alone */
    int64_t unit;      /* exact cost per unit of this form */
};

/* Routes as sequences: route r is order[first[r]] .. order[first[r + 1] - 1]. */
struct plain_plan {
    int routes;
    int32_t *order; /* n */
    int32_t *first; /* vehicles + 1 */
    int64_t cost;   /* with the prices of what is left out */
};

#define PLAIN_SMALL 300 /* stops below which a population is better than annealing */

/* Whether the problem has the plain form (its costs may still be too large for it), and whether
 * time matters in it. */
bool plain_fits(const struct routing_problem *problem, bool *timed);

/* NULL when the problem does not fit the plain form. The caller frees with plain_free(). */
struct plain *plain_new(const struct routing_problem *problem);
void plain_free(struct plain **plain);

struct plain_plan *plain_plan_new(const struct plain *plain);
void plain_plan_free(struct plain_plan **plan);
void plain_plan_copy(const struct plain *plain, struct plain_plan *to,
                     const struct plain_plan *from);

/* Joins single trips to routes by their savings (Clarke and Wright, Operations Research 12, 1964);
 * windows are kept. Routes beyond the fleet are left out, the smallest first. */
void plain_savings(const struct plain *plain, struct plain_plan *plan);

/* Ruin and recreate from `plan` for `effort` steps; leaves the best in `plan`. */
void plain_strings(const struct plain *plain, struct plain_plan *plan, struct random *random,
                   struct effort *effort, bool warm);

/* A population of plans that are crossed and educated (Vidal, Computers & Operations Research 140,
 * 2022; route exchange crossover: Nagata, Braysy, Dullaert, same journal 37, 2010). `plan` serves
 * every stop; it is in the population, and the best valid plan is left in it. */
void plain_population(const struct plain *plain, struct plain_plan *plan, struct random *random,
                      struct effort *effort);

/* The best plan found from `plan` on within the effort; `warm`: stay near it. */
void plain_search(const struct plain *plain, struct plain_plan *plan, struct random *random,
                  struct effort *effort, bool warm);

/* Sets the cost of what the plan's routes say. */
void plain_price(const struct plain *plain, struct plain_plan *plan);

static inline int32_t plain_cost(const struct plain *p, int i, int j)
{
    return p->cost[(size_t)i * (size_t)p->width + (size_t)j];
}

static inline int32_t plain_travel(const struct plain *p, int i, int j)
{
    return p->travel[(size_t)i * (size_t)p->width + (size_t)j];
}

#endif
