/* route_change.c - what else the dispatcher does to routes: vehicles change places, an order stays out of plans, an urgent one is priced. */
#include "dispatch.h"

/* Whether a route's goods fit a vehicle. */
static bool fits(struct call *c, const struct route_lock *route, int64_t capacity, size_t *stops)
{
    struct stop_places_list rows = db_stop_places(c, .route_id = route->route_id);
    int64_t load = 0;

    for (size_t i = 0; i < rows.count; i++)
        load += rows.items[i].load;
    *stops = rows.count;
    return load <= capacity ||
           refuse(c, "route_id", ERROR_OVER_CAPACITY, "%s", quantity_text(c, load - capacity));
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
        !fits(c, &route, first.capacity, &stops) || !fits(c, &other, second.capacity, &other_stops))
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

/* What the order would add to one route at the place where it adds least. */
static struct stop_offer offer_of(struct call *c, const struct offer_routes *route,
                                  const struct offer_order *order, struct id order_id,
                                  const struct plan_rates *rates)
{
    struct stop_places_list rows = db_stop_places(c, .route_id = route->route_id);
    struct plan_stop *stops = arena_array(c->arena, struct plan_stop, rows.count + 1);
    size_t *places = arena_array(c->arena, size_t, rows.count + 1);
    struct plan_place depot = {route->has_depot_latitude_e7 && route->has_depot_longitude_e7,
                               route->depot_latitude_e7, route->depot_longitude_e7};
    struct plan_place place = {order->has_latitude_e7 && order->has_longitude_e7,
                               order->latitude_e7, order->longitude_e7};
    struct stop_offer offer = {.route_id = route->route_id,
                               .number = route->number,
                               .status = route->status,
                               .plate = route->plate,
                               .room = route->capacity - order->load,
                               .has_goods = true};
    struct route_short lacking;
    size_t driven = 0;
    int64_t metres, seconds;

    for (size_t i = 0; i < rows.count; i++) {
        stops[i] = plan_stop_of(&rows.items[i]);
        places[i] = i;
        offer.room -= stops[i].load;
        if (rows.items[i].is_driven)
            driven = i + 1;
    }
    offer.position =
        1 + (int64_t)plan_insert(depot, stops, places, rows.count, driven, place, &metres);
    offer.extra_distance_m = metres * rates->detour_percent / 100;
    seconds = offer.extra_distance_m * 36 / (rates->speed_kmh * 10) + order->service_minutes * 60;
    offer.extra_minutes = (seconds + 59) / 60;
    offer.extra_cost =
        (offer.extra_distance_m * rates->fen_per_km * 36 / 10 + seconds * rates->fen_per_hour) /
            3600 +
        (rows.count == 0 ? rates->fen_per_vehicle : 0);
    if (route->status == ROUTE_STATUS_LOADED || route->status == ROUTE_STATUS_STARTED)
        offer.has_goods =
            !db_route_short(c, &lacking, .route_id = route->route_id, .order_id = order_id);
    offer.fits = offer.room >= 0 && offer.has_goods && rows.count < ROUTE_STOPS_MAX;
    return offer;
}

/* Offers that fit before those that do not, the cheapest first. */
static bool goes_before(const struct stop_offer *a, const struct stop_offer *b)
{
    return a->fits != b->fits ? a->fits : a->extra_cost < b->extra_cost;
}

int stop_offer(struct call *c, const struct stop_offer_request *request,
               struct stop_offer_reply *reply)
{
    struct offer_order order;
    struct offer_routes_list routes;
    struct plan_rates rates;

    if (!db_offer_order(c, &order, .order_id = request->order_id) ||
        !call_enter_branch(c, order.branch_id))
        return fail(c, ERROR_NOT_FOUND, NULL);
    rates = plan_rates_of(c);
    routes =
        db_offer_routes(c, .of_branch_id = order.branch_id, .delivery_date = order.delivery_date);
    reply->offers.items = arena_array(c->arena, struct stop_offer, routes.count + 1);
    for (size_t i = 0; i < routes.count; i++) {
        struct stop_offer offer = offer_of(c, &routes.items[i], &order, request->order_id, &rates);
        size_t at = reply->offers.count++;

        for (; at > 0 && goes_before(&offer, &reply->offers.items[at - 1]); at--)
            reply->offers.items[at] = reply->offers.items[at - 1];
        reply->offers.items[at] = offer;
    }
    return has_failed(c) ? -1 : 0;
}
