/* route.c - routes: made, given to a vehicle and a driver, published, cancelled. */
#include "base/clock.h"
#include "dispatch.h"
#include "service/number.h"

bool route_take(struct call *c, struct id route_id, struct route_lock *route)
{
    struct route_branch where;

    if (db_route_lock(c, route, .route_id = route_id))
        return true;
    if (!has_failed(c) && db_route_branch(c, &where, .route_id = route_id) &&
        call_enter_branch(c, where.branch_id) && db_route_lock(c, route, .route_id = route_id))
        return true;
    fail(c, ERROR_NOT_FOUND, NULL);
    return false;
}

bool route_is_open(struct call *c, const struct route_lock *route)
{
    if (route->status == ROUTE_STATUS_DRAFT || route->status == ROUTE_STATUS_PUBLISHED)
        return true;
    fail(c, ERROR_ROUTE_FIXED, "%s", route_status_text(route->status));
    return false;
}

bool route_is_alive(struct call *c, const struct route_lock *route)
{
    if (route->status != ROUTE_STATUS_CLOSED && route->status != ROUTE_STATUS_CANCELLED)
        return true;
    fail(c, ERROR_ROUTE_FIXED, "%s", route_status_text(route->status));
    return false;
}

bool candidate_take(struct call *c, struct id order_id, struct route_candidate *candidate)
{
    if (!db_route_candidate(c, candidate, .order_id = order_id))
        fail_at(c, "order_id", ERROR_NOT_FOUND, NULL);
    else if (candidate->status == ORDER_STATUS_PLANNED ||
             candidate->status == ORDER_STATUS_DELIVERED)
        fail_at(c, "order_id", ERROR_ORDER_ON_ROUTE, "%s", candidate->number);
    else if (candidate->status != ORDER_STATUS_LISTED)
        fail_at(c, "order_id", ERROR_ORDER_NOT_LISTED, "%s", candidate->number);
    else if (candidate->is_locked)
        fail(c, ERROR_CUSTOMER_LOCKED, "%s", candidate->customer);
    else if (candidate->is_held)
        fail(c, ERROR_CUSTOMER_HELD, "%s", candidate->customer);
    return !has_failed(c);
}

void route_write(struct call *c, struct new_route *route)
{
    route->route_id = call_id(c);
    route->number = number_next(c, "PS");
    db_route_insert(c, .route_id = route->route_id, .number = route->number,
                    .delivery_date = route->delivery_date, .depot_id = route->depot_id,
                    .vehicle_id = route->vehicle_id, .driver_id = route->driver_id,
                    .distance_m = route->distance_m, .end_depot_id = route->end_depot_id,
                    .trip = route->trip > 0 ? route->trip : 1,
                    .after_route_id = route->after_route_id);
    emit_route_changed(c, .route_id = route->route_id, .delivery_date = route->delivery_date);
}

struct new_route *trips_write(struct call *c, const struct new_route *like, int64_t trips)
{
    struct new_route *made = arena_array(c->arena, struct new_route, (size_t)trips);

    for (int64_t trip = 1; trip <= trips; trip++) {
        struct new_route *one = &made[trip - 1];

        *one = *like;
        one->trip = trip;
        if (trip < trips)
            one->end_depot_id = (struct id){{0}};
        if (trip > 1) {
            one->distance_m = 0;
            one->after_route_id = made[trip - 2].route_id;
        }
        route_write(c, one);
    }
    return made;
}

void trip_tell(struct call *c, struct planned_route *trip)
{
    struct stop_places_list stops;
    struct route_lock route;
    const struct plan_goods *goods;
    size_t count;

    if (!route_take(c, trip->route_id, &route))
        return;
    stops = db_stop_places(c, .route_id = trip->route_id);
    trip->stops = (int64_t)stops.count;
    trip->distance_m = stops_write(c, &route, &stops);
    goods = load_of_route(c, trip->route_id, (struct id_list){.count = 0}, &count);
    trip->load = 0;
    for (size_t i = 0; i < count; i++)
        trip->load += goods[i].quantity;
}

void route_announce(struct call *c, const struct route_lock *route, size_t stops)
{
    if (route->status == ROUTE_STATUS_DRAFT)
        emit_route_changed(c, .route_id = route->route_id, .delivery_date = route->delivery_date);
    else if (route->status == ROUTE_STATUS_PUBLISHED || route->status == ROUTE_STATUS_LOADED ||
             route->status == ROUTE_STATUS_STARTED)
        emit_route_published(c, .route_id = route->route_id, .delivery_date = route->delivery_date,
                             .driver_id = route->driver_id, .vehicle_id = route->vehicle_id,
                             .stops = (int64_t)stops);
}

/* The chosen orders, locked and fit to be delivered; false and a failure when one is not. */
static bool take_candidates(struct call *c, struct id_list ids, struct route_candidate *candidates)
{
    for (size_t i = 0; i < ids.count; i++) {
        for (size_t k = 0; k < i; k++)
            if (id_equal(ids.items[i], ids.items[k]))
                return refuse(c, call_print(c, "order_ids[%zu]", i), ERROR_ORDER_ON_ROUTE, "%s",
                              candidates[k].number);
        if (!candidate_take(c, ids.items[i], &candidates[i]))
            return false;
    }
    return true;
}

int route_create(struct call *c, const struct route_create_request *request,
                 struct route_create_reply *reply)
{
    size_t count = request->order_ids.count;
    struct route_candidate *candidates = arena_array(c->arena, struct route_candidate, count + 1);
    const struct plan_stop *stops;
    struct new_route route = {.depot_id = request->depot_id,
                              .vehicle_id = request->vehicle_id,
                              .driver_id = request->driver_id,
                              .end_depot_id = request->end_depot_id,
                              .delivery_date = request->delivery_date};
    struct depot_find depot, end;
    struct plan_vehicle vehicle;

    if (request->delivery_date < c->today)
        return fail_at(c, "delivery_date", ERROR_DATE_PASSED, "%s",
                       date_print(c->arena, request->delivery_date));
    if ((!id_is_none(request->end_depot_id) && !depot_take(c, request->end_depot_id, &end)) ||
        !depot_take(c, request->depot_id, &depot) ||
        !crew_check(c, request->vehicle_id, request->driver_id, request->delivery_date, &vehicle) ||
        !take_candidates(c, request->order_ids, candidates) ||
        !load_check_route(c, NULL, request->vehicle_id, vehicle.capacity, (struct id){{0}},
                          request->order_ids))
        return -1;
    stops = plan_stops_of(c, request->order_ids);
    for (size_t i = 0; i < count; i++)
        reply->load += stops[i].load;
    route.distance_m = route_length(c, route.depot_id, route.end_depot_id, stops, count);
    route_write(c, &route);
    for (size_t i = 0; i < count; i++) {
        db_stop_add(c, .stop_id = call_id(c), .route_id = route.route_id,
                    .order_id = request->order_ids.items[i],
                    .customer_id = candidates[i].customer_id,
                    .address_id = candidates[i].address_id, .position = (int64_t)i + 1);
        db_order_plan(c, .order_id = request->order_ids.items[i]);
    }
    *reply = (struct route_create_reply){.route_id = route.route_id,
                                         .number = route.number,
                                         .stops = (int64_t)count,
                                         .load = reply->load,
                                         .distance_m = route.distance_m};
    return has_failed(c) ? -1 : 0;
}

/* Everything that stands in the way of driving it: papers, goods, holds. */
static bool publish_check(struct call *c, const struct route_lock *route)
{
    struct route_held held;

    if (route->inspected_until < route->delivery_date)
        return refuse(c, NULL, ERROR_VEHICLE_EXPIRED, "%s",
                      date_print(c->arena, route->inspected_until));
    if (!licence_check(c, route->driver_id, route->delivery_date) ||
        !load_check_route(c, NULL, route->vehicle_id, route->capacity, route->route_id,
                          (struct id_list){.count = 0}))
        return false;
    if (db_route_held(c, &held, .route_id = route->route_id))
        return refuse(c, NULL, held.is_locked ? ERROR_CUSTOMER_LOCKED : ERROR_CUSTOMER_HELD, "%s",
                      held.customer);
    return !has_failed(c);
}

/* What it breaks is known to whoever publishes it; published again, it breaks what it broke. */
static bool publish_limits(struct call *c, const struct route_lock *route,
                           const struct stop_places_list *stops, const char *reason)
{
    const struct route_frame frame = route_frame_of(route);
    const struct route_limits none = {.orders = NULL};
    struct route_limits limits = route_limits(c, &frame, stops);

    if (!limits_allow(c, route->status == ROUTE_STATUS_DRAFT ? &none : &limits, &limits, reason))
        return false;
    if (reason != NULL)
        db_route_set_limits_reason(c, .route_id = route->route_id, .reason = reason);
    return !has_failed(c);
}

int route_publish(struct call *c, const struct route_publish_request *request,
                  struct route_publish_reply *reply)
{
    struct route_lock route;
    struct stop_places_list stops;

    if (!route_take(c, request->route_id, &route) || !route_is_open(c, &route))
        return -1;
    stops = db_stop_places(c, .route_id = route.route_id);
    if (stops.count == 0)
        return fail(c, ERROR_ROUTE_EMPTY, NULL);
    if (!publish_check(c, &route) || !publish_limits(c, &route, &stops, request->limits_reason))
        return -1;
    db_route_publish(c, .route_id = route.route_id);
    route_schedule(c, &route, &stops);
    route.status = ROUTE_STATUS_PUBLISHED;
    route_announce(c, &route, stops.count);
    *reply = (struct route_publish_reply){.route_id = route.route_id,
                                          .stops = (int64_t)stops.count,
                                          .shortages =
                                              db_route_shortages(c, .route_id = route.route_id)};
    return has_failed(c) ? -1 : 0;
}

int route_cancel(struct call *c, const struct route_cancel_request *request,
                 struct route_cancel_reply *reply)
{
    struct route_lock route;
    struct slip_of_route slip;
    struct stop_places_list stops;

    if (!route_take(c, request->route_id, &route) || !route_is_open(c, &route))
        return -1;
    stops = db_stop_places(c, .route_id = route.route_id);
    if (db_slip_of_route(c, &slip, .route_id = route.route_id))
        db_slip_void(c, .slip_id = slip.slip_id, .reason = request->reason);
    db_route_free_orders(c, .route_id = route.route_id);
    db_route_drop_stops(c, .route_id = route.route_id);
    db_route_cancel(c, .route_id = route.route_id, .reason = request->reason);
    emit_route_cancelled(c, .route_id = route.route_id, .driver_id = route.driver_id,
                         .reason = request->reason);
    *reply = (struct route_cancel_reply){.route_id = route.route_id, .stops = (int64_t)stops.count};
    return has_failed(c) ? -1 : 0;
}

int route_assign(struct call *c, const struct route_assign_request *request,
                 struct route_assign_reply *reply)
{
    struct route_lock route, changed;
    struct stop_places_list stops;
    struct plan_vehicle vehicle;

    if (!route_take(c, request->route_id, &route) || !route_is_open(c, &route) ||
        !crew_check(c, request->vehicle_id, request->driver_id, route.delivery_date, &vehicle) ||
        !load_check_route(c, NULL, request->vehicle_id, vehicle.capacity, route.route_id,
                          (struct id_list){.count = 0}))
        return -1;
    stops = db_stop_places(c, .route_id = route.route_id);
    changed = route;
    changed.vehicle_id = request->vehicle_id;
    changed.driver_id = request->driver_id;
    changed.capacity = vehicle.capacity;
    if (!limits_change(c, &route, &changed, &stops, &stops, request->limits_reason))
        return -1;
    db_route_set_crew(c, .route_id = route.route_id, .vehicle_id = request->vehicle_id,
                      .driver_id = request->driver_id);
    route_announce(c, &route, stops.count); /* to the one who had it */
    if (!id_equal(route.driver_id, request->driver_id)) {
        route.driver_id = request->driver_id;
        route.vehicle_id = request->vehicle_id;
        route_announce(c, &route, stops.count);
    }
    reply->route_id = route.route_id;
    return has_failed(c) ? -1 : 0;
}
