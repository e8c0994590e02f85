/* plan.h - how waiting stops are split over vehicles and put in order (policy D4). plan_routes() is the one door to it.
 *
 * Coordinates are 1e-7 degrees, distances metres along the great circle, loads and capacities 1/1,000 of the unit, times minutes from
 * midnight. A stop without coordinates lies, for the plan, where the stop before it does. The same problem gives the same plan.
 */
#ifndef SONGDA_DISPATCH_PLAN_H
#define SONGDA_DISPATCH_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

struct plan_place {
    bool is_known;
    int64_t latitude_e7, longitude_e7;
};

struct plan_stop {
    struct plan_place place;
    int64_t load;
    int64_t service_minutes;
    bool has_window;
    int64_t from_minute, to_minute;
};

struct plan_vehicle {
    int64_t capacity;
    size_t stops_max;
};

struct plan_problem {
    struct plan_place depot;
    const struct plan_stop *stops;
    size_t stop_count;
    const struct plan_vehicle *vehicles;
    size_t vehicle_count;
};

/* The stops of one vehicle in order, by their index in the problem. */
struct plan_route {
    size_t *stops;
    size_t count;
    int64_t load;
    int64_t distance_m; /* from the depot and back to it */
};

struct plan {
    struct plan_route *routes; /* one for each vehicle; may be empty */
    size_t *left_out;          /* fits no vehicle any more */
    size_t left_out_count;
};

/* Every vehicle in turn goes from the depot to the nearest stop it can still take, and on from there. All in the arena. */
void plan_routes(struct arena *arena, const struct plan_problem *problem, struct plan *plan);

/* Puts the stops of one route in order again, those at pinned places left where they are; gives their new order. */
void plan_order(struct arena *arena, struct plan_place depot, const struct plan_stop *stops,
                const bool *is_pinned, size_t count, size_t *order);

/* Metres from the depot over the stops in this order and back. */
int64_t plan_distance(struct plan_place depot, const struct plan_stop *stops, const size_t *order,
                      size_t count);

/* Metres between two places; 0 where one is not known. */
int64_t plan_metres(struct plan_place from, struct plan_place to);

#endif
