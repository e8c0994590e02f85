/* route_plan.c - splits the waiting orders over the day's vehicles, and orders a route anew. */
#include "base/clock.h"
#include "dispatch.h"

struct plan_rates plan_rates_of(struct call *c)
{
    return (struct plan_rates){
        .detour_percent = setting_int(c, &dispatch_settings[SETTING_DETOUR_PERCENT]),
        .speed_kmh = setting_int(c, &dispatch_settings[SETTING_SPEED]),
        .shift_from = setting_int(c, &dispatch_settings[SETTING_SHIFT_FROM]),
        .shift_to = setting_int(c, &dispatch_settings[SETTING_SHIFT_TO]),
        .cost = {.fen_per_km = setting_int(c, &dispatch_settings[SETTING_KM_COST]),
                 .fen_per_hour = setting_int(c, &dispatch_settings[SETTING_HOUR_COST]),
                 .fen_per_vehicle = setting_int(c, &dispatch_settings[SETTING_VEHICLE_COST])}};
}

int64_t route_length(struct call *c, struct plan_place depot, const struct plan_stop *stops,
                     const size_t *order, size_t count)
{
    int64_t percent = setting_int(c, &dispatch_settings[SETTING_DETOUR_PERCENT]);

    return plan_distance(depot, stops, order, count) * percent / 100;
}

/* The crews as the plan sees them; each is checked. */
static struct plan_vehicle *vehicles_of(struct call *c, const struct route_plan_request *request)
{
    struct plan_vehicle *vehicles =
        arena_array(c->arena, struct plan_vehicle, request->crews.count);

    for (size_t i = 0; i < request->crews.count; i++) {
        const struct route_crew *crew = &request->crews.items[i];

        if (!crew_check(c, crew->vehicle_id, crew->driver_id, request->delivery_date, &vehicles[i]))
            return NULL;
    }
    return vehicles;
}

static struct planned_route write_route(struct call *c, const struct route_plan_request *request,
                                        const struct route_crew *crew,
                                        const struct plan_route *planned,
                                        const struct route_waiting_list *orders)
{
    struct new_route route = {.depot_id = request->depot_id,
                              .vehicle_id = crew->vehicle_id,
                              .driver_id = crew->driver_id,
                              .delivery_date = request->delivery_date,
                              .distance_m = planned->distance_m};

    route_write(c, &route);
    for (size_t i = 0; i < planned->count; i++) {
        const struct route_waiting *order = &orders->items[planned->stops[i]];

        db_stop_add(c, .stop_id = call_id(c), .route_id = route.route_id,
                    .order_id = order->order_id, .customer_id = order->customer_id,
                    .address_id = order->address_id, .position = (int64_t)i + 1);
        db_order_plan(c, .order_id = order->order_id);
    }
    limits_refresh(c, route.route_id);
    return (struct planned_route){.route_id = route.route_id,
                                  .number = route.number,
                                  .vehicle_id = crew->vehicle_id,
                                  .driver_id = crew->driver_id,
                                  .stops = (int64_t)planned->count,
                                  .load = planned->load,
                                  .distance_m = planned->distance_m};
}

static void write_plan(struct call *c, const struct route_plan_request *request,
                       const struct plan *plan, const struct route_waiting_list *orders,
                       struct route_plan_reply *reply)
{
    enum { UNPLANNED_SHOWN = 200 };

    reply->routes.items = arena_array(c->arena, struct planned_route, request->crews.count);
    for (size_t i = 0; i < request->crews.count; i++)
        if (plan->routes[i].count > 0)
            reply->routes.items[reply->routes.count++] =
                write_route(c, request, &request->crews.items[i], &plan->routes[i], orders);
    reply->unplanned.items = arena_array(c->arena, struct id, UNPLANNED_SHOWN);
    for (size_t i = 0; i < plan->left_out_count && i < UNPLANNED_SHOWN; i++)
        reply->unplanned.items[reply->unplanned.count++] =
            orders->items[plan->left_out[i].stop].order_id;
}

int route_plan(struct call *c, const struct route_plan_request *request,
               struct route_plan_reply *reply)
{
    struct depot_find depot;
    struct plan_vehicle *vehicles;
    struct route_waiting_list orders;
    struct id_list order_ids = {.count = 0};
    struct plan_stop *stops;
    struct plan plan;

    if (request->delivery_date < c->today)
        return fail_at(c, "delivery_date", ERROR_DATE_PASSED, "%s",
                       date_print(c->arena, request->delivery_date));
    if (!depot_take(c, request->depot_id, &depot) || (vehicles = vehicles_of(c, request)) == NULL)
        return -1;
    orders =
        db_route_waiting(c, .delivery_date = request->delivery_date, .list_id = request->list_id,
                         .limit = (int64_t)request->crews.count * ROUTE_STOPS_MAX);
    if (orders.count == 0)
        return fail(c, ERROR_NOTHING_TO_PLAN, NULL);
    order_ids.items = arena_array(c->arena, struct id, orders.count);
    for (size_t i = 0; i < orders.count; i++)
        order_ids.items[order_ids.count++] = orders.items[i].order_id;
    stops = plan_stops_of(c, order_ids);
    plan_routes(c->arena,
                &(struct plan_problem){.depot = depot_place(&depot),
                                       .stops = stops,
                                       .stop_count = orders.count,
                                       .vehicles = vehicles,
                                       .vehicle_count = request->crews.count,
                                       .rates = plan_rates_of(c)},
                &plan);
    write_plan(c, request, &plan, &orders, reply);
    return has_failed(c) ? -1 : 0;
}

int route_order(struct call *c, const struct route_order_request *request,
                struct route_order_reply *reply)
{
    struct route_lock route;
    struct stop_places_list rows, ordered;
    size_t *order;

    if (!route_take(c, request->route_id, &route) || !route_is_alive(c, &route))
        return -1;
    rows = db_stop_places(c, .route_id = route.route_id);
    order = arena_array(c->arena, size_t, rows.count + 1);
    route_best_order(c, &route, &rows, order);
    ordered = (struct stop_places_list){
        .items = arena_array(c->arena, struct stop_places, rows.count + 1), .count = rows.count};
    for (size_t i = 0; i < rows.count; i++)
        ordered.items[i] = rows.items[order[i]];
    if (!limits_change(c, &route, &route, &rows, &ordered, request->limits_reason))
        return -1;
    *reply = (struct route_order_reply){.route_id = route.route_id,
                                        .distance_m = stops_write(c, &route, &ordered)};
    route_announce(c, &route, rows.count);
    return has_failed(c) ? -1 : 0;
}
