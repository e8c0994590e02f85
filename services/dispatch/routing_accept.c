/* routing_accept.c - a plan becomes routes, if everything in it is still as it was when it was planned (D4, B10). */
#include <stdlib.h>

#include "base/clock.h"
#include "dispatch.h"

/* What becomes of one crew of the plan. */
struct accepted {
    struct routed_crew crew;
    struct route_lock route; /* where it has one already */
    struct new_route *made;  /* where it has none yet: one for each trip */
    int64_t trips;
    int64_t capacity; /* of its vehicle, as that is now */
    bool is_changed;
};

/* The goods are on the truck: nothing leaves it and nothing joins. */
static bool is_loaded(const struct accepted *accepted)
{
    return accepted->route.status == ROUTE_STATUS_LOADED ||
           accepted->route.status == ROUTE_STATUS_STARTED;
}

static struct id route_of(const struct accepted *accepted, int64_t trip)
{
    if (!id_is_none(accepted->crew.route_id))
        return accepted->crew.route_id;
    return accepted->made == NULL ? (struct id){{0}} : accepted->made[trip - 1].route_id;
}

static int by_route(const void *a, const void *b)
{
    return id_compare(((const struct accepted *)a)->crew.route_id,
                      ((const struct accepted *)b)->crew.route_id);
}

static int by_place(const void *a, const void *b)
{
    int64_t left = ((const struct accepted *)a)->crew.place,
            right = ((const struct accepted *)b)->crew.place;

    return (left > right) - (left < right);
}

/* The run's open routes, locked in the order of their ids, with the crews they had. */
static bool take_routes(struct call *c, struct accepted *accepted, size_t count)
{
    qsort(accepted, count, sizeof(*accepted), by_route);
    for (size_t i = 0; i < count; i++) {
        struct routed_crew *crew = &accepted[i].crew;
        struct route_lock *route = &accepted[i].route;

        if (id_is_none(crew->route_id))
            continue;
        if (!route_take(c, crew->route_id, route) || !route_is_alive(c, route))
            return false;
        if (!id_equal(route->vehicle_id, crew->vehicle_id) ||
            !id_equal(route->driver_id, crew->driver_id))
            return refuse(c, NULL, ERROR_PLAN_STALE, "%s", route->number);
    }
    qsort(accepted, count, sizeof(*accepted), by_place);
    return true;
}

/* Every order is what it was, and no route has got a stop besides. */
static bool is_fresh(struct call *c, const struct routing_lock *run,
                     const struct routing_accept_orders_list *orders)
{
    struct routing_route_stops now = {0};
    int64_t on_routes = 0;

    for (size_t i = 0; i < orders->count; i++) {
        const struct routing_accept_orders *order = &orders->items[i];

        if (!order->is_same || (order->is_held && order->place > 0))
            return refuse(c, NULL, ERROR_PLAN_STALE, "%s", order->number);
        on_routes += id_is_none(order->stop_id) ? 0 : 1;
    }
    db_routing_route_stops(c, &now, .run_id = run->run_id);
    if (now.stops != on_routes)
        return refuse(c, NULL, ERROR_PLAN_STALE, "%s", date_print(c->arena, run->delivery_date));
    return !has_failed(c);
}

/* A route for each trip of a vehicle's day. */
static void make_trips(struct call *c, const struct routing_lock *run, struct accepted *accepted)
{
    const struct routed_crew *crew = &accepted->crew;
    const struct new_route like = {.depot_id =
                                       id_is_none(crew->depot_id) ? run->depot_id : crew->depot_id,
                                   .end_depot_id = crew->end_depot_id,
                                   .vehicle_id = crew->vehicle_id,
                                   .driver_id = crew->driver_id,
                                   .delivery_date = run->delivery_date,
                                   .distance_m = crew->distance_m};

    accepted->trips = crew->trips > 1 ? crew->trips : 1;
    accepted->made = trips_write(c, &like, accepted->trips);
}

static bool make_routes(struct call *c, const struct routing_lock *run, struct accepted *accepted,
                        size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct routed_crew *crew = &accepted[i].crew;
        struct plan_vehicle vehicle = {.capacity = 0};

        if (crew->stops == 0 && id_is_none(crew->route_id))
            continue;
        if (!is_loaded(&accepted[i]) &&
            !crew_check(c, crew->vehicle_id, crew->driver_id, run->delivery_date, &vehicle))
            return false;
        accepted[i].capacity = vehicle.capacity;
        if (!id_is_none(crew->route_id)) {
            db_route_set_distance(c, .route_id = crew->route_id, .distance_m = crew->distance_m);
            continue;
        }
        make_trips(c, run, &accepted[i]);
        db_routing_crew_route(c, .run_id = run->run_id, .place = crew->place,
                              .route_id = accepted[i].made[0].route_id);
    }
    return true;
}

/* Which routes are not as they were: stops joined, left, or come in another order. */
static void find_changed(struct call *c, struct accepted *accepted, size_t count,
                         const struct routing_accept_orders_list *orders)
{
    enum { PLACES = ROUTE_STOPS_MAX + 2 };
    int64_t *was = arena_array(c->arena, int64_t, (count + 1) * PLACES);

    for (size_t i = 0; i < orders->count; i++) {
        const struct routing_accept_orders *order = &orders->items[i];

        for (size_t k = 0; k < count; k++) {
            bool is_on = order->place == (int64_t)k + 1;

            if (is_on && order->position < PLACES)
                was[k * PLACES + (size_t)order->position] = order->was_position;
            if (is_on != (!id_is_none(order->route_id) &&
                          id_equal(order->route_id, accepted[k].crew.route_id)))
                accepted[k].is_changed = true;
        }
    }
    for (size_t k = 0; k < count; k++)
        for (size_t i = 2; i < PLACES && was[k * PLACES + i] != 0; i++)
            if (was[k * PLACES + i] < was[k * PLACES + i - 1])
                accepted[k].is_changed = true;
}

static void place_order(struct call *c, const struct accepted *accepted,
                        const struct routing_accept_orders *order)
{
    struct id route_id =
        order->place > 0 ? route_of(&accepted[order->place - 1], order->trip) : (struct id){{0}};

    if (order->place > 0 && id_is_none(order->stop_id)) {
        db_stop_add(c, .stop_id = call_id(c), .route_id = route_id, .order_id = order->order_id,
                    .customer_id = order->customer_id, .address_id = order->address_id,
                    .position = order->in_trip);
        db_order_plan(c, .order_id = order->order_id);
    } else if (order->place > 0) {
        db_stop_place_at(c, .stop_id = order->stop_id, .route_id = route_id,
                         .position = order->position);
    } else if (!id_is_none(order->stop_id)) {
        db_stop_delete(c, .stop_id = order->stop_id);
        db_order_unplan(c, .order_id = order->order_id);
    }
}

/* What changed must still fit its vehicle, as that is now. */
static bool fits_still(struct call *c, const struct accepted *accepted)
{
    int64_t trips = accepted->made == NULL ? 1 : accepted->trips;

    if (!accepted->is_changed || is_loaded(accepted))
        return true;
    for (int64_t trip = 1; trip <= trips; trip++)
        if (!load_check_route(c, NULL, accepted->crew.vehicle_id, accepted->capacity,
                              route_of(accepted, trip), (struct id_list){.count = 0}))
            return false;
    return true;
}

/* A route that changed tells its driver, if it was announced, with new times. */
static void announce(struct call *c, const struct accepted *accepted)
{
    const struct route_lock *route = &accepted->route;
    struct stop_places_list stops;

    if (!accepted->is_changed || id_is_none(accepted->crew.route_id))
        return;
    stops = db_stop_places(c, .route_id = route->route_id);
    if (route->status != ROUTE_STATUS_DRAFT)
        route_schedule(c, route, &stops);
    route_announce(c, route, stops.count);
}

static struct planned_route planned(const struct accepted *accepted)
{
    const struct routed_crew *crew = &accepted->crew;
    bool is_new = id_is_none(crew->route_id);

    return (struct planned_route){.route_id = route_of(accepted, 1),
                                  .number =
                                      is_new ? accepted->made[0].number : accepted->route.number,
                                  .vehicle_id = crew->vehicle_id,
                                  .driver_id = crew->driver_id,
                                  .stops = crew->stops,
                                  .load = crew->load,
                                  .distance_m = crew->distance_m,
                                  .depot_id = crew->depot_id,
                                  .has_trip = true,
                                  .trip = 1};
}

/* One of several trips: its own length and load, as it was written. */
static struct planned_route planned_trip(struct call *c, const struct accepted *accepted,
                                         int64_t trip)
{
    struct planned_route one = planned(accepted);

    one.trip = trip;
    one.route_id = route_of(accepted, trip);
    one.number = accepted->made[trip - 1].number;
    trip_tell(c, &one);
    return one;
}

static void tell(struct call *c, const struct accepted *accepted, size_t count,
                 struct routing_accept_reply *reply)
{
    size_t most = 1;

    for (size_t i = 0; i < count; i++)
        most += (size_t)(accepted[i].trips > 1 ? accepted[i].trips : 1);
    reply->routes.items = arena_array(c->arena, struct planned_route, most);
    for (size_t i = 0; i < count; i++) {
        if (accepted[i].crew.stops > 0 && accepted[i].trips <= 1)
            reply->routes.items[reply->routes.count++] = planned(&accepted[i]);
        for (int64_t trip = 1; accepted[i].trips > 1 && trip <= accepted[i].trips; trip++)
            reply->routes.items[reply->routes.count++] = planned_trip(c, &accepted[i], trip);
    }
}

int routing_accept(struct call *c, const struct routing_accept_request *request,
                   struct routing_accept_reply *reply)
{
    struct routing_lock run;
    struct routed_crew_list crews;
    struct routing_accept_orders_list orders;
    struct accepted *accepted;

    if (!routing_run_take(c, request->run_id, &run))
        return -1;
    if (run.status != ROUTING_STATUS_DONE)
        return fail(c, ERROR_ROUTING_ENDED, "%s", routing_status_text(run.status));
    if (run.delivery_date < c->today)
        return fail(c, ERROR_DATE_PASSED, "%s", date_print(c->arena, run.delivery_date));
    crews = db_routing_crews(c, .run_id = run.run_id);
    accepted = arena_array(c->arena, struct accepted, crews.count + 1);
    for (size_t i = 0; i < crews.count; i++)
        accepted[i].crew = crews.items[i];
    if (!take_routes(c, accepted, crews.count))
        return -1;
    orders = db_routing_accept_orders(c, .run_id = run.run_id);
    if (!is_fresh(c, &run, &orders) || !make_routes(c, &run, accepted, crews.count))
        return -1;
    find_changed(c, accepted, crews.count, &orders);
    for (size_t i = 0; i < orders.count; i++)
        place_order(c, accepted, &orders.items[i]);
    for (size_t i = 0; i < crews.count; i++)
        if (!fits_still(c, &accepted[i]))
            return -1;
    for (size_t i = 0; i < crews.count; i++)
        announce(c, &accepted[i]);
    db_routing_end(c, .run_id = run.run_id, .status = ROUTING_STATUS_ACCEPTED);
    tell(c, accepted, crews.count, reply);
    return has_failed(c) ? -1 : 0;
}
