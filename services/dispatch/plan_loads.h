/* plan_loads.h - the goods of a plan: what the engine is told of compartments and products, and whether a vehicle takes a stop's goods (D4).
 *
 * The engine knows a few figures that add up stop by stop. So every compartment of any vehicle that is asked by products of its own becomes
 * one of them, and sets of compartments that share products; what exceeds the engine's number of figures, and how many products a route has,
 * is checked afterwards.
 */
#ifndef SONGDA_DISPATCH_PLAN_LOADS_H
#define SONGDA_DISPATCH_PLAN_LOADS_H

#include "plan.h"

enum { PLAN_FIGURES_MAX = 8, PLAN_CLASSES_MAX = 40 };

/* Products that every vehicle treats alike are of one class. */
struct plan_loads {
    struct plan_goods *products; /* every product, by its id; quantity is its class */
    size_t product_count;
    size_t class_count;
    uint64_t figures
        [PLAN_FIGURES_MAX]; /* whose goods of which classes are added up; the first: everything */
    size_t figure_count;
    int64_t *capacities; /* vehicle by vehicle, PLAN_FIGURES_MAX each */
    uint64_t *carries;   /* the classes each vehicle can carry */
    size_t lines_figure; /* the figure that counts a stop's products; 0: none does */
};

void plan_loads(struct arena *arena, const struct plan_problem *problem, struct plan_loads *loads);

/* From now on a figure counts the stops' products, of which each vehicle takes `most`. */
void plan_loads_count_products(const struct plan_problem *problem, struct plan_loads *loads,
                               int64_t most);

/* A stop's demand in every figure, and the classes of its goods. */
uint64_t plan_loads_of(const struct plan_loads *loads, const struct plan_stop *stop,
                       int64_t *demand);

/* What a vehicle holds while a route is put together. */
struct plan_hold {
    const struct plan_vehicle *vehicle;
    struct compartment_load load;
    struct id *products; /* by their id */
    size_t product_count, lines, room;
    int64_t total;
};

void plan_hold_init(struct arena *arena, struct plan_hold *hold,
                    const struct plan_vehicle *vehicle);

/* Whether a stop's goods go into it beside the rest; the name of the reason and by how much when not. */
bool plan_hold_takes(const struct plan_hold *hold, const struct plan_stop *stop,
                     const char **reason, int64_t *amount);
void plan_hold_add(struct arena *arena, struct plan_hold *hold, const struct plan_stop *stop);

#endif
