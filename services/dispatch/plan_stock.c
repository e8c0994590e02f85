/* plan_stock.c - which stops another depot must serve because theirs has not enough of a product. */
#include "plan_stock.h"

#include <stdlib.h>
#include <string.h>

/* What the plan takes of a product out of each depot, and what that has left; below zero: too little. */
struct remainder {
    struct id product_id;
    int64_t rest[PLAN_DEPOTS_MAX], taken[PLAN_DEPOTS_MAX];
};

struct remainders {
    struct remainder *items;
    size_t count;
    const struct plan_problem *problem;
};

static int by_product(const void *a, const void *b)
{
    return id_compare(((const struct remainder *)a)->product_id,
                      ((const struct remainder *)b)->product_id);
}

static struct remainder *find(const struct remainders *all, struct id product_id)
{
    const struct remainder wanted = {.product_id = product_id};

    return bsearch(&wanted, all->items, all->count, sizeof(*all->items), by_product);
}

static void add(const struct remainders *all, size_t stop, size_t depot, int64_t sign)
{
    const struct plan_stop *one = &all->problem->stops[stop];

    for (size_t i = 0; i < one->goods_count; i++) {
        struct remainder *product = find(all, one->goods[i].product_id);

        product->rest[depot] += sign * one->goods[i].quantity;
        product->taken[depot] -= sign * one->goods[i].quantity;
    }
}

static struct remainders remainders_of(struct arena *arena, const struct plan_problem *problem,
                                       const struct plan *plan)
{
    struct remainders all = {.problem = problem};
    size_t most = 1, kept = 0;

    for (size_t i = 0; i < problem->stop_count; i++)
        most += problem->stops[i].goods_count;
    all.items = arena_array(arena, struct remainder, most);
    for (size_t i = 0; i < problem->stop_count; i++)
        for (size_t k = 0; k < problem->stops[i].goods_count; k++)
            all.items[all.count++].product_id = problem->stops[i].goods[k].product_id;
    qsort(all.items, all.count, sizeof(*all.items), by_product);
    for (size_t i = 0; i < all.count; i++)
        if (i == 0 || !id_equal(all.items[i].product_id, all.items[kept - 1].product_id))
            all.items[kept++] = all.items[i];
    all.count = kept;
    for (size_t i = 0; i < problem->stock_count; i++) {
        struct remainder *product = find(&all, problem->stock[i].product_id);

        if (product != NULL)
            product->rest[problem->stock[i].depot] += problem->stock[i].quantity;
    }
    for (size_t v = 0; v < problem->vehicle_count; v++)
        for (size_t i = 0; i < plan->routes[v].count && !problem->vehicles[v].is_closed; i++)
            add(&all, plan->routes[v].stops[i], problem->vehicles[v].start_depot, -1);
    return all;
}

static bool is_short(const struct remainders *all, size_t stop, size_t depot)
{
    const struct plan_stop *one = &all->problem->stops[stop];

    for (size_t i = 0; i < one->goods_count; i++)
        if (find(all, one->goods[i].product_id)->rest[depot] < 0)
            return true;
    return false;
}

static bool has_all(const struct remainders *all, size_t stop, size_t depot)
{
    const struct plan_stop *one = &all->problem->stops[stop];

    for (size_t i = 0; i < one->goods_count; i++)
        if (find(all, one->goods[i].product_id)->rest[depot] < one->goods[i].quantity)
            return false;
    return true;
}

/* A depot that vehicles leave from, that was not too poor for the stop before, and has its goods; PLAN_DEPOTS_MAX: none. */
static size_t other_depot(const struct remainders *all, size_t stop, size_t depot,
                          uint8_t elsewhere)
{
    const struct plan_problem *problem = all->problem;

    for (size_t v = 0; v < problem->vehicle_count; v++) {
        size_t other = problem->vehicles[v].start_depot;

        if (other != depot && !problem->vehicles[v].is_closed && !(elsewhere >> other & 1) &&
            has_all(all, stop, other))
            return other;
    }
    return PLAN_DEPOTS_MAX;
}

static bool is_free(const struct plan_stop *stop)
{
    return !stop->is_pinned && !stop->is_kept && !stop->is_driven && !stop->is_announced;
}

static bool shift_route(const struct remainders *all, const struct plan_route *route, size_t depot,
                        int64_t priority, uint8_t *elsewhere)
{
    const struct plan_problem *problem = all->problem;
    bool has_shifted = false;

    for (size_t i = route->count; i > 0; i--) {
        size_t stop = route->stops[i - 1], other;

        if (problem->stops[stop].priority != priority || !is_free(&problem->stops[stop]) ||
            !is_short(all, stop, depot))
            continue;
        other = other_depot(all, stop, depot, elsewhere[stop]);
        if (other == PLAN_DEPOTS_MAX)
            continue;
        elsewhere[stop] |= (uint8_t)(1U << depot);
        add(all, stop, depot, 1);
        add(all, stop, other, -1);
        has_shifted = true;
    }
    return has_shifted;
}

bool plan_stock_shift(struct arena *arena, const struct plan_problem *problem,
                      const struct plan *plan, uint8_t *elsewhere)
{
    enum { PRIORITIES = 10 };
    struct remainders all = remainders_of(arena, problem, plan);
    bool has_shifted = false;

    for (int64_t priority = 0; priority < PRIORITIES; priority++)
        for (size_t v = 0; v < problem->vehicle_count; v++)
            if (shift_route(&all, &plan->routes[v], problem->vehicles[v].start_depot, priority,
                            elsewhere))
                has_shifted = true;
    return has_shifted;
}

/* Better from a depot that is short than not at all. */
static bool give_up(const struct plan *plan, uint8_t *elsewhere)
{
    bool has_any = false;

    for (size_t i = 0; i < plan->left_out_count; i++) {
        has_any |= elsewhere[plan->left_out[i].stop] != 0;
        elsewhere[plan->left_out[i].stop] = 0;
    }
    return has_any;
}

bool plan_solve_stocked(struct arena *arena, const struct plan_problem *problem,
                        const struct plan_effort *effort, struct plan *plan, const char **wrong)
{
    enum { AGAIN_MOST = 2 };
    struct plan_stop *stops = arena_array(arena, struct plan_stop, problem->stop_count + 1);
    uint8_t *elsewhere = arena_array(arena, uint8_t, problem->stop_count + 1);
    struct plan_problem stocked = *problem;
    bool goes_on = problem->more_count > 0;

    if (!plan_solve(arena, problem, effort, plan, wrong))
        return false;
    memcpy(stops, problem->stops, problem->stop_count * sizeof(*stops));
    stocked.stops = stops;
    for (int again = 0; goes_on; again++) {
        goes_on = again < AGAIN_MOST && plan_stock_shift(arena, &stocked, plan, elsewhere);
        if (!goes_on && !give_up(plan, elsewhere))
            break;
        for (size_t i = 0; i < problem->stop_count; i++)
            stops[i].not_from = elsewhere[i];
        if (!plan_solve(arena, &stocked, effort, plan, wrong))
            return false;
    }
    return true;
}

struct plan_shortages plan_shortages(struct arena *arena, const struct plan_problem *problem,
                                     const struct plan *plan)
{
    struct remainders all = remainders_of(arena, problem, plan);
    struct plan_shortages shortages = {
        .items = arena_array(arena, struct plan_shortage, all.count * PLAN_DEPOTS_MAX + 1)};

    for (size_t depot = 0; depot <= problem->more_count; depot++)
        for (size_t i = 0; i < all.count; i++) {
            const struct remainder *product = &all.items[i];
            int64_t taken = product->taken[depot], free = product->rest[depot] + taken;
            int64_t lacking = taken - (free > 0 ? free : 0);

            if (lacking > 0)
                shortages.items[shortages.count++] =
                    (struct plan_shortage){depot, product->product_id, lacking};
        }
    return shortages;
}
