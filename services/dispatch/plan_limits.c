/* plan_limits.c - the limits a route breaks, and whether a change made that worse. */
#include "plan_limits.h"

#include "base/text.h"

static bool is_of_interest(const struct plan_problem *problem, const struct plan_broken *broken)
{
    if (text_equal(broken->reason, "capacity") || text_equal(broken->reason, "lock"))
        return false;
    return broken->stop == 0 || !problem->stops[broken->stop - 1].is_driven;
}

struct plan_breaks plan_breaks_of(struct arena *arena, const struct plan_problem *problem,
                                  const size_t *order, size_t count)
{
    struct plan_breaks breaks = {.count = 0};
    struct plan plan;

    if (count == 0 || !plan_price(arena, problem, order, count, &plan))
        return breaks;
    breaks.back = plan.routes[0].back;
    breaks.items = arena_array(arena, struct plan_break, plan.broken_count + 1);
    for (size_t i = 0; i < plan.broken_count; i++) {
        const struct plan_broken *broken = &plan.broken[i];

        if (is_of_interest(problem, broken))
            breaks.items[breaks.count++] =
                (struct plan_break){.reason = broken->reason,
                                    .amount = broken->amount,
                                    .stop = broken->stop,
                                    .is_hard = text_equal(broken->reason, "property")};
    }
    return breaks;
}

static bool is_same(const struct plan_break *one, const struct id *orders_one,
                    const struct plan_break *other, const struct id *orders_other)
{
    if (!text_equal(one->reason, other->reason) || (one->stop == 0) != (other->stop == 0))
        return false;
    return one->stop == 0 || id_equal(orders_one[one->stop - 1], orders_other[other->stop - 1]);
}

const struct plan_break *plan_breaks_worse(const struct plan_breaks *before,
                                           const struct id *orders_before,
                                           const struct plan_breaks *after,
                                           const struct id *orders_after, bool is_hard)
{
    for (size_t i = 0; i < after->count; i++) {
        const struct plan_break *now = &after->items[i];
        bool was = false;

        for (size_t k = 0; k < before->count && !was; k++)
            was = is_same(now, orders_after, &before->items[k], orders_before) &&
                  before->items[k].amount >= now->amount;
        if (!was && now->is_hard == is_hard)
            return now;
    }
    return NULL;
}
