/* rich.h - routes with everything a problem can ask for, and ruin and recreate on them.
 *
 * A route's value is its violation first and its cost second. Only a lock may bring a violation
 * into a route; no other stop may make one larger, so every plan is valid up to its locks.
 */
#ifndef SONGDA_ROUTING_RICH_H
#define SONGDA_ROUTING_RICH_H

#include "memory.h"
#include "random.h"
#include "rich_clock.h"
#include "routing.h"

#define RICH_LONG_AGO (-RICH_NEVER)
#define POSITION_WEIGHT 1000 /* violation of one place away from a locked position */

enum rich_rest {
    RICH_RESTED,    /* before this leg */
    RICH_ARRIVING,  /* at its end */
    RICH_DEPARTING, /* at its beginning */
    RICH_HOME       /* home without a break */
};

struct rich_label {
    struct rich_clock due, rested; /* break still to come; break taken */
    int64_t distance;
};

struct rich_value {
    int64_t violation, cost; /* cost exact; 0 for an unused vehicle */
    int64_t start, end, distance, duration, waiting;
};

/* Between two stops of a route, or a stop and a depot: what a look at the place needs. */
struct rich_gap {
    int64_t leave;  /* earliest, without a break so far */
    int64_t latest; /* arrival behind it that keeps the rest in time, as if there were no break */
    int32_t from, to, distance, duration; /* the first two are sites */
};

struct rich_route {
    int count, room;
    int32_t *stops;
    struct rich_label *labels; /* after each stop */
    struct rich_gap *gaps;     /* before each stop and home */
    uint64_t version;          /* of the sequence: another number whenever it is another */
    int64_t load[ROUTING_PRODUCTS_MAX];
    struct rich_value value;
    bool has_positions; /* some stop is locked to a position */
    bool saved;
};

/* Both ways between two sites. */
struct rich_legs {
    int32_t distance, distance_into, duration, duration_into;
};

/* The best place for a stop in a route, as long as the route has this version. */
struct rich_cached {
    uint64_t version;
    int64_t violation, cost; /* what it adds; without a place: there is none below this cost */
    int32_t pos, stop;       /* pos ROUTING_NONE: no place */
};

struct rich {
    const struct routing_problem *p;
    struct random *random;
    struct rich_route *routes;  /* one per vehicle */
    int32_t *route_of, *pos_of; /* per stop; route ROUTING_NONE: left out */
    int32_t *frozen_on;         /* per stop: vehicle it is frozen on, or ROUTING_NONE */
    int32_t *same_as;           /* per vehicle: the first vehicle just like it */
    int near_count;
    int32_t *near;             /* per stop: stops by distance */
    bool *is_by_depot;         /* per stop: some depot is as near as those */
    struct rich_legs *legs;    /* row per site; NULL when there are too many */
    struct rich_cached *cache; /* by stop and route, as far as there is room */
    size_t cache_count;
    uint64_t version;    /* the last one given out */
    uint32_t *looked_at; /* per vehicle: the last look that met its route; then the same by kind */
    uint32_t look;
    int64_t *price; /* exact, of leaving a stop out */
    int64_t cost, violation;
    int used;
    /* undo */
    struct rich_route *saved;
    int32_t *saved_routes;
    int saved_count;
    int32_t *removed, *absent, *saved_absent;
    int64_t *keys;
    int removed_count, absent_count, saved_absent_count;
    int removed_on_average; /* by a turn */
    int32_t *often;
    int32_t
        *focus; /* what a start plan lacked: a warm search looks around it more than elsewhere */
    int focus_count;
    /* room for evaluating a route that reloads */
    int32_t *sequence, *reload_from;
    int64_t *reload_cost;
    bool *reload;
    int64_t *bounds;       /* room for what each place of a route costs at least */
    enum rich_rest *rests; /* per leg of the sequence evaluated last */
    int64_t work;
};

/* `searches`: with what rich_search() and completing a plan need beyond pricing one. */
void rich_init(struct rich *rich, const struct routing_problem *problem, struct random *random,
               bool searches);
void rich_release(struct rich *rich);

/* Puts the frozen stops in place, then the routes of `start`, then locked stops. */
void rich_load(struct rich *rich, const struct routing_start *start, bool keep_order);
void rich_search(struct rich *rich, struct effort *effort, bool warm);

/* rich_value.c: the value of a sequence of stops on a vehicle. */
struct rich_label rich_depart(const struct routing_vehicle *vehicle);
/* To the stop `at`; home. Where the break is best taken on the leg, given it is over at its end. */
enum rich_rest rich_advance(const struct rich *rich, int vehicle, struct rich_label *label, int at,
                            int from, bool reload);
enum rich_rest rich_finish(const struct rich *rich, int vehicle, const struct rich_label *label,
                           int last, int count, struct rich_value *value);
struct rich_value rich_evaluate(struct rich *rich, int vehicle, const int32_t *stops, int count,
                                struct rich_label *labels);
/* The value with one stop more at place k, from the labels before it; false as soon as it is later than `limit`. */
bool rich_walk(struct rich *rich, int route, int k, int stop, int64_t limit,
               struct rich_value *value);
int64_t rich_cost(const struct routing_problem *problem, int vehicle,
                  const struct rich_value *value);
/* Where the vehicle fills up: reload[k] before the k-th stop; the cheapest detours that keep every
 * trip within the capacity. False (and all false) when it need not or may not. */
bool rich_reloads(struct rich *rich, int vehicle, const int32_t *stops, int count);
int64_t rich_over_capacity(const struct rich *rich, int vehicle, const int32_t *stops, int count,
                           bool reloads);
int64_t rich_position_violation(const struct rich *rich, const int32_t *stops, int count);
bool rich_may_serve(const struct rich *rich, int vehicle, int stop);
int64_t rich_change_cost(const struct rich *rich, int vehicle, int stop);

/* rich_state.c */
void rich_refresh(struct rich *rich, int route);
void rich_save(struct rich *rich, int route);
void rich_undo(struct rich *rich);
void rich_commit(struct rich *rich);
void rich_take(struct rich *rich, int stop);
void rich_put(struct rich *rich, int route, int pos, int stop);

/* rich_turn.c */
void rich_ruin(struct rich *rich);
void rich_recreate(struct rich *rich);

/* rich_exchange.c: the stop's locked vehicle and another change their routes, where the stop then costs so much less. */
void rich_exchange_for(struct rich *rich, int stop);

struct rich_place {
    int64_t violation, cost; /* what it adds */
    int32_t route, pos;      /* route ROUTING_NONE: nowhere */
};
/* The best place of all, the near ones only when `near_only`. */
struct rich_place rich_best_place(struct rich *rich, int stop, bool near_only);

/* The cheapest valid place, whatever leaving the stop out would cost. */
struct rich_place rich_cheapest_place(struct rich *rich, int stop);

static inline size_t rich_arc(const struct routing_problem *p, int from_site, int to_site)
{
    return (size_t)from_site * (size_t)p->travel.sites + (size_t)to_site;
}

/* The site of a stop, or of the vehicle's start for ROUTING_NONE. */
static inline int rich_from_site(const struct routing_problem *p, int vehicle, int stop)
{
    return stop == ROUTING_NONE ? p->vehicles[vehicle].start_site : p->stops[stop].site;
}

static inline int rich_to_site(const struct routing_problem *p, int vehicle, int stop)
{
    return stop == ROUTING_NONE ? p->vehicles[vehicle].end_site : p->stops[stop].site;
}

#endif
