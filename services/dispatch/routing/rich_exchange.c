/* rich_exchange.c - two vehicles change their routes, so that a stop that is locked to one of them lies on its way. */
#include "rich.h"

static bool may_follow(const struct rich *rich, int from, int to)
{
    const struct rich_route *route = &rich->routes[from];

    if (rich->p->vehicles[from].frozen_count)
        return false;
    for (int k = 0; k < route->count; k++)
        if (!rich_may_serve(rich, to, route->stops[k]))
            return false;
    return true;
}

static void take_all(struct rich *rich, int route)
{
    while (rich->routes[route].count)
        rich_take(rich, rich->routes[route].stops[rich->routes[route].count - 1]);
    rich_refresh(rich, route);
}

static void exchange(struct rich *rich, int a, int b)
{
    int count_a = rich->routes[a].count, count_b = rich->routes[b].count;

    copy_indices(rich->sequence, rich->routes[a].stops, count_a);
    copy_indices(&rich->sequence[count_a], rich->routes[b].stops, count_b);
    take_all(rich, a);
    take_all(rich, b);
    for (int k = 0; k < count_a; k++)
        rich_put(rich, b, k, rich->sequence[k]);
    for (int k = 0; k < count_b; k++)
        rich_put(rich, a, k, rich->sequence[count_a + k]);
}

/* What the plan costs with the stop at its best place; false when it has none. */
static bool price_with(struct rich *rich, int stop, int64_t *violation, int64_t *cost)
{
    /* The trial uses the room for sequences; the routes hold theirs. */
    struct rich_place place = rich_best_place(rich, stop, false);

    if (place.route == ROUTING_NONE)
        return false;
    *violation = rich->violation + place.violation;
    *cost = rich->cost + place.cost;
    return true;
}

void rich_exchange_for(struct rich *rich, int stop)
{
    int locked = rich->p->stops[stop].locked_vehicle, best = ROUTING_NONE;
    int64_t least_violation, least_cost, violation, cost;

    if (!price_with(rich, stop, &least_violation, &least_cost))
        return;
    for (int r = 0; r < rich->p->vehicle_count; r++) {
        if (r == locked || !rich->routes[r].count || !may_follow(rich, r, locked) ||
            !may_follow(rich, locked, r))
            continue;
        exchange(rich, locked, r);
        if (price_with(rich, stop, &violation, &cost) &&
            (violation < least_violation || (violation == least_violation && cost < least_cost))) {
            least_violation = violation;
            least_cost = cost;
            best = r;
        }
        exchange(rich, locked, r);
    }
    if (best != ROUTING_NONE)
        exchange(rich, locked, best);
}
