/* plan_stock.h - a plan over several depots, each stop from one that has its goods (D4, D5).
 *
 * The engine chooses the depot by cost alone. Where a depot has not enough for all the stops it was given, stops that another one can serve are
 * forbidden to it and the plan is made again. A shortage that no depot can make up stays in the plan and is said with it.
 */
#ifndef SONGDA_DISPATCH_PLAN_STOCK_H
#define SONGDA_DISPATCH_PLAN_STOCK_H

#include "plan.h"

/* plan_solve(), again with other depots for some stops as long as that helps, at most three times. */
bool plan_solve_stocked(struct arena *arena, const struct plan_problem *problem,
                        const struct plan_effort *effort, struct plan *plan, const char **wrong);

/* Stops of the plan that are to go to another depot, because theirs has not enough: adds bits of depots to `elsewhere`, stop by stop. False:
 * there are none. */
bool plan_stock_shift(struct arena *arena, const struct plan_problem *problem,
                      const struct plan *plan, uint8_t *elsewhere);

/* What a plan takes out of a depot beyond what that has; of vehicles that are loaded nothing, their goods are out. */
struct plan_shortage {
    size_t depot;
    struct id product_id;
    int64_t quantity; /* lacking */
};
struct plan_shortages {
    struct plan_shortage *items;
    size_t count;
};
struct plan_shortages plan_shortages(struct arena *arena, const struct plan_problem *problem,
                                     const struct plan *plan);

#endif
