/* plan.h - how waiting stops are split over vehicles and put in order (policy D4).
 *
 * plan_solve() asks the routing engine for as much effort as it is given; plan_routes() is for an answer at once: the engine with a small
 * effort, or the nearest stop next where the problem is too large for that or lacks coordinates.
 *
 * Coordinates are 1e-7 degrees, distances metres along the great circle times the detour, loads and capacities 1/1,000 of the unit, times
 * minutes from midnight where a person sets them and seconds from midnight in a plan, money fen. A stop without coordinates costs no way. The
 * same problem gives the same plan.
 */
#ifndef SONGDA_DISPATCH_PLAN_H
#define SONGDA_DISPATCH_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "compartment.h"

struct plan_place {
    bool is_known;
    int64_t latitude_e7, longitude_e7;
    struct id id; /* of the address or the depot; none: nobody asks */
};

/* Where a route begins and ends: sites of its problem. */
struct plan_ends {
    size_t from, to;
};

/* A way, or how much longer one becomes. */
struct plan_way {
    int64_t metres, seconds;
};

enum { PLAN_WINDOWS_MAX = 8, PLAN_PROPERTIES_MAX = 15, PLAN_DEPOTS_MAX = 8 };

struct plan_window {
    int64_t from_minute, to_minute;
};

struct plan_goods {
    struct id product_id;
    int64_t quantity;
};

/* What a vehicle costs: fen. */
struct plan_cost {
    int64_t fen_per_km, fen_per_hour, fen_per_vehicle; /* the last only when it leaves at all */
};

struct plan_stop {
    struct plan_place place;
    int64_t load;                   /* of all goods together */
    const struct plan_goods *goods; /* each product once; NULL: only the load is known */
    size_t goods_count;
    int64_t service_minutes;
    int64_t priority; /* 0 to 9: where not every stop fits, the higher goes first */
    struct plan_window windows[PLAN_WINDOWS_MAX]; /* ascending, apart; none: any time */
    size_t window_count;
    size_t vehicle;    /* whose route it is on already, from 1; 0: on none */
    size_t position;   /* its place there, from 1 */
    bool is_pinned;    /* and there it stays */
    bool is_kept;      /* it stays on that vehicle, wherever in its route */
    bool is_driven;    /* the vehicle has been there: it stays, and so do those before it */
    bool is_announced; /* its driver was told: leaving the vehicle has the change price */
    uint64_t required, forbidden; /* properties of vehicles, PLAN_PROPERTIES_MAX bits */
    uint8_t not_from;             /* depots that may not serve it, bit by bit */
    bool may_be_left_out;
    int64_t leave_out_price; /* fen; only when it may be */
};

struct plan_vehicle {
    int64_t capacity;
    struct compartments compartments; /* none: one space of that capacity */
    size_t stops_max;
    size_t products_max;           /* different products on its route at most; 0: any number */
    bool is_closed;                /* loaded already: no stop joins it */
    size_t start_depot, end_depot; /* 0: the problem's depot, k: the k-th of the others */
    bool may_reload;               /* at its start, as often as it takes */
    int64_t reload_minutes;        /* below 0: it never does */
    uint64_t properties;
    bool has_cost; /* of its own; otherwise that of the rates */
    struct plan_cost cost;
    int64_t shift_from, shift_to;             /* minutes; shift_to 0: as in the rates */
    int64_t max_minutes, max_distance_m;      /* of the whole route; 0: any */
    int64_t rest_from, rest_to, rest_minutes; /* a rest begun between these minutes; 0 long: none */
    int64_t driven_until; /* seconds: when it left the last stop that is driven; 0: as planned */
    int64_t left_at;      /* seconds: when it left the depot, if it did; 0: whenever it should */
};

/* What the company reckons with; each from a setting. */
struct plan_rates {
    int64_t detour_percent, speed_kmh;
    int64_t shift_from, shift_to; /* minutes from midnight */
    struct plan_cost cost;        /* of a vehicle without its own */
    struct ways
        *ways; /* what else knows ways; plans themselves do not ask it. NULL: nothing does */
};

/* Metres and seconds between all sites, row = from: site 0 is the depot, site i + 1 is stop i, then come the other depots. */
struct plan_travel {
    const int32_t *metres, *seconds;
};

/* What a depot has, and has not promised to others. */
struct plan_stock {
    size_t depot;
    struct id product_id;
    int64_t quantity;
};

struct plan_problem {
    struct plan_place depot;
    const struct plan_place *more_depots;
    size_t more_count;
    const struct plan_stock *stock; /* asked only where there are several depots */
    size_t stock_count;
    const struct plan_stop *stops;
    size_t stop_count;
    const struct plan_vehicle *vehicles;
    size_t vehicle_count;
    struct plan_rates rates;
    const struct plan_travel *travel; /* NULL: from the coordinates */
    int64_t balance_price;            /* fen per route and hour² of its duration; 0: off */
    int64_t change_price; /* fen for an announced stop that leaves its vehicle; 0: off */
};

struct plan_visit {
    int64_t arrive, wait, begin, leave;
    int64_t slack;      /* by how much it can begin later with the rest still in time */
    bool reload_before; /* another trip begins here */
};

/* The stops of one vehicle in order, by their index in the problem. */
struct plan_route {
    size_t *stops;
    size_t count;
    int64_t load;
    int64_t distance_m;        /* from the depot and back to it */
    struct plan_visit *visits; /* NULL: only the order is known */
    int64_t leaves, back, cost;
};

/* Why a stop is in no route: the cheapest limit it would break, and by how much. */
struct plan_left_out {
    size_t stop;
    const char *reason; /* a value of routing_reason; NULL: not known */
    int64_t amount;     /* fits: fen that leaving it out saves */
    size_t vehicle;     /* where that is so, from 1; 0: nowhere */
};

/* A pin or what is driven, kept although it breaks a limit. */
struct plan_broken {
    size_t stop; /* from 1; 0: the route as a whole */
    size_t vehicle;
    const char *reason;
    int64_t amount;
};

struct plan {
    struct plan_route *routes; /* one for each vehicle; may be empty */
    struct plan_broken *broken;
    size_t broken_count;
    struct plan_left_out *left_out;
    size_t left_out_count;
    int64_t cost, distance_m, duration_s, late_s, effort;
    bool stopped_early;
};

/* How long to search. The effort belongs to the milliseconds by a fixed formula, so that the plan is the same on any machine; limit_ms
 * guards by the clock, 0: nothing does. progress may be NULL; false ends the search with the best plan so far. */
struct plan_effort {
    int64_t milliseconds, limit_ms;
    bool (*progress)(void *context, int64_t permille, int64_t cost);
    void *context;
};

/* The routing engine's plan, begun from the routes that stops are on already. Where a route has too many products, or more than the engine
 * could be told of its compartments, the last stops that are not kept are left out of it. False with a sentence in *wrong when the problem
 * cannot be one. All in the arena. */
bool plan_solve(struct arena *arena, const struct plan_problem *problem,
                const struct plan_effort *effort, struct plan *plan, const char **wrong);

/* What it costs and when it is where if the first vehicle serves these stops in this order; nothing is moved. */
bool plan_price(struct arena *arena, const struct plan_problem *problem, const size_t *order,
                size_t count, struct plan *plan);

/* The same, and the stops that are not in `order` put in where that is cheapest and breaks nothing, the others left in their order; those
 * that fit nowhere are left out with the reason. */
bool plan_complete(struct arena *arena, const struct plan_problem *problem, const size_t *order,
                   size_t count, struct plan *plan);

/* The engine's effort for so many milliseconds on this problem. */
int64_t plan_effort_of(const struct plan_problem *problem, int64_t milliseconds);

/* How many sites a problem has, and where one is. */
size_t plan_sites(const struct plan_problem *problem);
const struct plan_place *plan_site(const struct plan_problem *problem, size_t site);

/* The site of a depot of the problem: 0 is its own, k the k-th of the others. */
size_t plan_depot_site(const struct plan_problem *problem, size_t depot);

/* One number for places that are the same to a metre; a place without coordinates is only the same as itself. */
int64_t plan_place_key(const struct plan_place *place);

/* The way from one site to another, as the problem has it or else from coordinates. */
struct plan_way plan_way(const struct plan_problem *problem, size_t from, size_t to);

/* The ways between all sites from their coordinates; where those lack, no way at all. Both matrices have plan_sites()² zeroed cells. */
void plan_measure(const struct plan_problem *problem, int32_t *metres, int32_t *seconds);

/* Windows in ascending order, those that overlap made one, those that end before they begin left out; returns how many are left. */
size_t plan_windows(struct plan_window *windows, size_t count);

/* The engine plans so many stops at once; beyond that it is the nearest stop next. */
enum { PLAN_STOPS_AT_ONCE = 300 };

/* A plan within about a tenth of a second, with stock in mind as plan_solve_stocked() has it. All in the arena. */
void plan_routes(struct arena *arena, const struct plan_problem *problem, struct plan *plan);

/* Every vehicle in turn goes from its depot to the nearest stop it can still take, and on from there; once, without loading again. */
void plan_nearest(struct arena *arena, const struct plan_problem *problem, struct plan *plan);

/* The place of a stop in a route where it adds fewest metres, in `order` of `count` stops of which the first `driven` stay first: from 0
 * to count, and what it adds there. */
size_t plan_insert(const struct plan_problem *problem, struct plan_ends ends, const size_t *order,
                   size_t count, size_t driven, size_t stop, struct plan_way *added);

/* 0, 1, 2 ...: `count` stops as they stand, and room for one more. */
size_t *plan_as_it_stands(struct arena *arena, size_t count);

/* Puts the problem's stops, those of one route, in order again, those at pinned places left where they are; gives their new order. */
void plan_order(struct arena *arena, const struct plan_problem *problem, const bool *is_pinned,
                size_t *order);

/* Metres from the route's beginning over the stops in this order to its end. */
int64_t plan_distance(const struct plan_problem *problem, struct plan_ends ends,
                      const size_t *order, size_t count);

/* Where a vehicle of the problem begins and ends. */
struct plan_ends plan_ends_of(const struct plan_problem *problem,
                              const struct plan_vehicle *vehicle);

/* Metres between two places as the crow flies; 0 where one is not known. */
int64_t plan_metres(struct plan_place from, struct plan_place to);

#endif
