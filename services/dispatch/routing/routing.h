/* routing.h - delivery lists become routes: the problem, the options, the plan.
 *
 * Units. Distance: metres. Time and durations: seconds on the plan's own clock (usually since the
 * day's midnight). Money: fen. Demand and capacity: the product's own unit, whole numbers. A price
 * is exact inside: ROUTING_EXACT units make one fen, so that metres x fen/km and seconds x fen/hour
 * add without rounding. Nothing here depends on floating point, the clock or the machine: the same
 * problem, seed and effort give the same plan everywhere.
 *
 * Method. Ruin and recreate with string removals under simulated annealing (Christiaens and Vanden
 * Berghe, Transportation Science 54(2), 2020); small plain problems by a population with education
 * (Vidal, Computers & Operations Research 140, 2022). Requirements: policy D4, B6, B9, B10, B11.
 *
 * The library has no dependency but libc; running out of memory aborts the process.
 */
#ifndef SONGDA_ROUTING_H
#define SONGDA_ROUTING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ROUTING_PRODUCTS_MAX 8
#define ROUTING_STOPS_MAX 20000
#define ROUTING_VEHICLES_MAX 20000
#define ROUTING_WINDOWS_MAX 16
#define ROUTING_NO_LIMIT INT32_MAX /* of a longest duration, distance or number of stops */
#define ROUTING_NONE (-1)
#define ROUTING_EXACT 18000 /* units of exact cost in one fen: lcm(1000 m, 3600 s) */
#define ROUTING_EFFORT_MAX 1000000000000000 /* more is taken as this: months of search */
#define ROUTING_AMOUNT_MAX (1 << 28)        /* the largest distance, time or quantity accepted */

struct routing_window {
    int32_t open, close; /* service begins at open <= t <= close */
};

/* Distances and travel times between sites, row = from, column = to; asymmetric is fine. */
struct routing_travel {
    int32_t sites;
    const int32_t *distance;               /* metres, sites x sites */
    const int32_t *duration;               /* seconds, sites x sites */
    size_t distance_cells, duration_cells; /* how many the caller has: refused unless sites^2 */
};

struct routing_stop {
    int32_t site;
    int32_t demand[ROUTING_PRODUCTS_MAX];
    int32_t service;                      /* seconds */
    const struct routing_window *windows; /* ascending, disjoint; none: any time */
    int32_t window_count;
    int64_t leave_out_price; /* fen; ROUTING_NONE: must be served */
    int32_t priority;        /* 0..9; where not every must-serve stop fits, the higher goes first */
    uint64_t required, forbidden; /* bits of routing_vehicle.properties */
    int32_t locked_vehicle;       /* index, or ROUTING_NONE */
    int32_t locked_position;      /* 0 = first stop of the locked vehicle, or ROUTING_NONE */
    int32_t announced_vehicle;    /* of the plan already told to the drivers, or ROUTING_NONE */
};

/* One break of `length` seconds, begun within [from, to] before or after any stop. A route that
 * is back by `to` needs none. Length 0: no break. */
struct routing_break {
    int32_t from, to, length;
};

struct routing_vehicle {
    int32_t capacity[ROUTING_PRODUCTS_MAX];
    uint64_t properties; /* licences, products, size: bits whose meaning is the caller's */
    int32_t start_site, end_site;
    struct routing_window shift; /* leaves not before open, is back at close */
    struct routing_break rest;
    int32_t max_duration, max_distance, max_stops; /* ROUTING_NO_LIMIT */
    int32_t reload_time; /* seconds at the start site to fill up again; ROUTING_NONE: not allowed */
    int64_t cost_per_km, cost_per_hour, cost_fixed; /* fixed: only when it leaves at all */
    const int32_t *frozen; /* stops already driven, in order: the route begins with them */
    int32_t frozen_count;
    int32_t frozen_until; /* when the vehicle left the last of them (a break in rest is then still
                             to come); ROUTING_NONE: as computed */
};

struct routing_problem {
    struct routing_travel travel;
    int32_t products;
    int32_t stop_count, vehicle_count;
    const struct routing_stop *stops;
    const struct routing_vehicle *vehicles;
    int64_t balance_price; /* fen per route and hour^2 of its duration: evens out the work; 0 off */
    int64_t change_price;  /* fen per stop that leaves its announced vehicle; 0 off */
};

/* A plan to begin from: route r of vehicle r is stops[first[r]] .. stops[first[r + 1] - 1]. Stops
 * it lacks are added, doubled ones and those a route cannot take are left to the search. */
struct routing_start {
    const int32_t *stops;
    const int32_t *first; /* vehicle_count + 1 entries */
};

struct routing_options {
    uint64_t seed;
    int64_t effort;   /* see routing_effort(); 0: no search, only the start plan completed */
    int64_t limit_ms; /* guard on the wall clock; 0: none. Reached: plan->stopped_early */
    const struct routing_start *start; /* or NULL */
    bool keep_order; /* only price the start plan: nothing is moved, added or removed */
    /* Told now and then; false stops the search, the plan so far is returned as stopped early. */
    bool (*progress)(void *context, int permille, int64_t cost);
    void *context;
};

enum routing_reason {
    ROUTING_FITS,     /* nothing is violated: leaving it out was cheaper than serving it */
    ROUTING_PROPERTY, /* amount: properties missing or forbidden */
    ROUTING_LOCK,     /* amount: positions or stops by which a lock stands in the way */
    ROUTING_CAPACITY, /* amount: units of the product over */
    ROUTING_WINDOW,   /* amount: seconds late at a stop */
    ROUTING_SHIFT,    /* amount: seconds beyond the shift, or the break not fitted in */
    ROUTING_DURATION, /* amount: seconds over the longest duration */
    ROUTING_DISTANCE, /* amount: metres over the longest distance */
    ROUTING_STOPS,    /* amount: stops over the most stops */
    ROUTING_REASONS
};

struct routing_visit {
    int32_t stop;
    int64_t arrival, wait, begin, departure; /* wait: from arrival to begin, less the break */
    int64_t slack; /* by how much it can begin later with the rest of the route still in time */
    bool reload_before; /* the vehicle fills up at its start site on the way here */
    bool break_before;  /* the break lies between the previous departure and this service */
};

struct routing_route {
    int32_t vehicle;
    int32_t visit_count;
    struct routing_visit *visits;
    int64_t start, end; /* back as early as possible, and leaves as late as that allows */
    bool has_break;
    int64_t break_begin; /* when has_break */
    int64_t distance, duration, waiting;
    int32_t reloads;
    int64_t load[ROUTING_PRODUCTS_MAX]; /* delivered in all, over all reloads */
    int64_t exact_cost;
};

struct routing_left_out {
    int32_t stop;
    enum routing_reason reason; /* the cheapest violated constraint */
    int64_t amount;             /* and by how much; FITS: fen saved by leaving it out */
    int32_t vehicle;            /* where that is so; ROUTING_NONE: no vehicle at all */
};

/* A lock that was kept although it breaks a constraint. */
struct routing_broken_lock {
    int32_t stop, vehicle; /* stop ROUTING_NONE: the route as a whole */
    enum routing_reason reason;
    int64_t amount;
};

struct routing_plan {
    int64_t exact_cost;  /* routes + prices of stops left out at a price + changes + balance */
    int64_t cost;        /* fen, half away from zero */
    int32_t route_count; /* used vehicles, ascending by vehicle */
    struct routing_route *routes;
    int32_t left_out_count;
    struct routing_left_out *left_out;
    int32_t broken_count;
    struct routing_broken_lock *broken;
    int64_t effort_used;
    bool stopped_early;
};

struct routing_error {
    char text[200]; /* "stops[3].windows[0]: closes before it opens" */
};

/* False with a sentence when the problem cannot be one: no vehicle, negative demand, a window that
 * closes before it opens, a matrix of the wrong size, an index out of range. */
bool routing_problem_check(const struct routing_problem *problem, struct routing_error *error);

/* The best plan found; NULL with `error` when the problem or the start plan is impossible. The
 * caller owns the plan. A plan comes back for every problem that passes routing_problem_check(). */
struct routing_plan *routing_solve(const struct routing_problem *problem,
                                   const struct routing_options *options,
                                   struct routing_error *error);
void routing_plan_free(struct routing_plan **plan);

/* The effort that takes about so many milliseconds of one core of the machines the goal figures
 * are for: a fixed formula of the problem's size and kind, the same on every machine. */
int64_t routing_effort(const struct routing_problem *problem, int64_t milliseconds);

/* The name of a reason as written in JSON: "capacity", "window", ... */
const char *routing_reason_name(enum routing_reason reason);

/* Great-circle metres on WGS-84 coordinates in millionths of a degree, times detour/1000. */
int32_t routing_great_circle(int32_t longitude1, int32_t latitude1, int32_t longitude2,
                             int32_t latitude2, int32_t detour_permille);

/* Speed depends on the length of the leg: short legs are town streets, long ones main roads. */
struct routing_speed {
    int32_t up_to; /* metres; the last entry holds for everything longer */
    int32_t metres_per_hour;
};
int32_t routing_travel_time(const struct routing_speed *profile, int32_t entries, int32_t metres);

#endif
