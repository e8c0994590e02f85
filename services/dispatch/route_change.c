/* route_change.c - what else the dispatcher does to routes: vehicles change places, an order stays out of plans or matters more to them. */
#include "dispatch.h"

/* Whether a route's goods fit a vehicle, and its stops within that one's limits; how many stops it has. */
static bool fits(struct call *c, const struct route_lock *route, struct id vehicle_id,
                 int64_t capacity, const char *reason, size_t *stops)
{
    struct stop_places_list rows = db_stop_places(c, .route_id = route->route_id);
    struct route_lock changed = *route;

    *stops = rows.count;
    changed.vehicle_id = vehicle_id;
    changed.capacity = capacity;
    return load_check_route(c, "route_id", vehicle_id, capacity, route->route_id,
                            (struct id_list){.count = 0}) &&
           limits_change(c, route, &changed, &rows, &rows, reason);
}

static bool take_both(struct call *c, struct id route_id, struct id other_id,
                      struct route_lock *route, struct route_lock *other)
{
    bool is_first = id_compare(route_id, other_id) < 0;

    if (!route_take(c, is_first ? route_id : other_id, is_first ? route : other) ||
        !route_take(c, is_first ? other_id : route_id, is_first ? other : route) ||
        !route_is_open(c, route) || !route_is_open(c, other))
        return false;
    if (id_equal(route_id, other_id) || !id_equal(route->branch_id, other->branch_id) ||
        route->delivery_date != other->delivery_date)
        return refuse(c, "other_route_id", ERROR_STOP_BRANCH, NULL);
    return true;
}

int route_swap(struct call *c, const struct route_swap_request *request,
               struct route_swap_reply *reply)
{
    struct route_lock route, other;
    struct plan_vehicle first, second;
    size_t stops, other_stops;

    if (!take_both(c, request->route_id, request->other_route_id, &route, &other) ||
        !crew_check(c, other.vehicle_id, route.driver_id, route.delivery_date, &first) ||
        !crew_check(c, route.vehicle_id, other.driver_id, other.delivery_date, &second) ||
        !fits(c, &route, other.vehicle_id, first.capacity, request->limits_reason, &stops) ||
        !fits(c, &other, route.vehicle_id, second.capacity, request->limits_reason, &other_stops))
        return -1;
    db_route_set_crew(c, .route_id = route.route_id, .vehicle_id = other.vehicle_id,
                      .driver_id = route.driver_id);
    db_route_set_crew(c, .route_id = other.route_id, .vehicle_id = route.vehicle_id,
                      .driver_id = other.driver_id);
    struct id vehicle_id = route.vehicle_id;
    route.vehicle_id = other.vehicle_id;
    other.vehicle_id = vehicle_id;
    route_announce(c, &route, stops);
    route_announce(c, &other, other_stops);
    *reply =
        (struct route_swap_reply){.route_id = route.route_id, .other_route_id = other.route_id};
    return has_failed(c) ? -1 : 0;
}

int order_exclude(struct call *c, const struct order_exclude_request *request,
                  struct order_exclude_reply *reply)
{
    struct order_lock order;

    if (!order_take(c, request->order_id, &order))
        return -1;
    if (order.status != ORDER_STATUS_LISTED)
        return fail(c, ERROR_ORDER_EXCLUDED, "%s", order.number);
    db_order_exclude(c, .order_id = request->order_id, .is_excluded = request->is_excluded);
    reply->order_id = request->order_id;
    return has_failed(c) ? -1 : 0;
}

int order_rank(struct call *c, const struct order_rank_request *request,
               struct order_rank_reply *reply)
{
    struct order_lock order;

    if (!order_take(c, request->order_id, &order))
        return -1;
    db_order_rank(c, .order_id = request->order_id, .has_priority = request->has_priority,
                  .priority = request->priority,
                  .has_leave_out_price = request->has_leave_out_price,
                  .leave_out_price = request->leave_out_price);
    reply->order_id = request->order_id;
    return has_failed(c) ? -1 : 0;
}
