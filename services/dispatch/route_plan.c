/* route_plan.c - splits the waiting orders over the day's vehicles, and orders a route anew. */
#include "base/clock.h"
#include "dispatch.h"
#include "plan_stock.h"

enum { UNPLANNED_SHOWN = 200, SHORTAGES_SHOWN = 200 };

struct plan_rates plan_rates_of(struct call *c)
{
    static const size_t names[] = {SETTING_DETOUR_PERCENT, SETTING_SPEED,   SETTING_SHIFT_FROM,
                                   SETTING_SHIFT_TO,       SETTING_KM_COST, SETTING_HOUR_COST,
                                   SETTING_VEHICLE_COST};
    const struct setting *const travel_server = &dispatch_settings[SETTING_TRAVEL_SERVER],
                                *const travel_file = &dispatch_settings[SETTING_TRAVEL_FILE];
    enum { NAMES = sizeof(names) / sizeof(*names) };
    const struct setting_find *found[NAMES], *server, *file;
    struct way_source source = {.server = NULL};
    int64_t figures[NAMES];

    for (size_t i = 0; i + 1 < NAMES; i++)
        found[i] = setting_ask(c, &dispatch_settings[names[i]]); /* one round trip for all */
    server = setting_ask(c, travel_server);
    file = setting_ask(c, travel_file);
    call_ask_along(c);
    db_way_source(c, &source);
    figures[NAMES - 1] = setting_int(c, &dispatch_settings[names[NAMES - 1]]);
    for (size_t i = 0; i + 1 < NAMES; i++)
        figures[i] = setting_found(&dispatch_settings[names[i]], found[i]);
    return (struct plan_rates){.detour_percent = figures[0],
                               .speed_kmh = figures[1],
                               .shift_from = figures[2],
                               .shift_to = figures[3],
                               .cost = {.fen_per_km = figures[4],
                                        .fen_per_hour = figures[5],
                                        .fen_per_vehicle = figures[6]},
                               .ways = ways_of(c, setting_text_found(travel_server, server),
                                               setting_text_found(travel_file, file), &source)};
}

int64_t route_length(struct call *c, struct id depot_id, struct id end_depot_id,
                     const struct plan_stop *stops, size_t count)
{
    struct plan_problem problem = {.stops = stops, .stop_count = count, .rates = plan_rates_of(c)};
    const struct plan_ends ends = route_ends(c, depot_id, end_depot_id, &problem);

    ways_put(c, WAYS_ALONG, &problem);
    return plan_distance(&problem, ends, plan_as_it_stands(c->arena, count), count);
}

/* A plan to be made at once: crews and waiting orders, with the depots that the crews start from and end at. */
struct at_once {
    const struct route_plan_request *request;
    struct plan_depots depots;
    struct crew_home *homes; /* crew by crew */
    struct route_waiting_list orders;
    struct plan_problem problem;
    struct plan plan;
    bool is_large; /* ways are only asked for when the routes are there */
};

/* The crews as the plan sees them; each is checked. */
static bool take_crews(struct call *c, struct at_once *work)
{
    const struct route_plan_request *request = work->request;
    struct plan_vehicle *vehicles =
        arena_array(c->arena, struct plan_vehicle, request->crews.count);

    work->homes = arena_array(c->arena, struct crew_home, request->crews.count);
    for (size_t i = 0; i < request->crews.count; i++) {
        const struct route_crew *crew = &request->crews.items[i];

        if (!crew_check(c, crew->vehicle_id, crew->driver_id, request->delivery_date,
                        &vehicles[i]) ||
            !crew_home(c, crew, request->depot_id, &work->homes[i]) ||
            !depots_take(c, &work->depots, &work->homes[i], &vehicles[i]))
            return false;
        vehicles[i].may_reload = vehicles[i].reload_minutes >= 0;
    }
    work->problem.vehicles = vehicles;
    work->problem.vehicle_count = request->crews.count;
    return true;
}

static bool take_orders(struct call *c, struct at_once *work)
{
    struct id_list order_ids = {.count = 0};

    work->orders = db_route_waiting(c, .delivery_date = work->request->delivery_date,
                                    .list_id = work->request->list_id,
                                    .limit = (int64_t)work->request->crews.count * ROUTE_STOPS_MAX);
    if (work->orders.count == 0)
        return refuse(c, NULL, ERROR_NOTHING_TO_PLAN, NULL);
    order_ids.items = arena_array(c->arena, struct id, work->orders.count);
    for (size_t i = 0; i < work->orders.count; i++)
        order_ids.items[order_ids.count++] = work->orders.items[i].order_id;
    work->problem.stops = plan_stops_of(c, order_ids);
    work->problem.stop_count = work->orders.count;
    return !has_failed(c);
}

/* How many trips a vehicle makes; `trip_of` says of each stop on which it is, from 1. */
static int64_t count_trips(const struct plan_route *planned, int64_t *trip_of)
{
    int64_t trips = 1;

    for (size_t i = 0; i < planned->count; i++) {
        if (i > 0 && planned->visits != NULL && planned->visits[i].reload_before)
            trips++;
        trip_of[i] = trips;
    }
    return trips;
}

static void write_stops(struct call *c, const struct at_once *work,
                        const struct plan_route *planned, const struct new_route *made,
                        const int64_t *trip_of)
{
    int64_t position = 0;

    for (size_t i = 0; i < planned->count; i++) {
        const struct route_waiting *order = &work->orders.items[planned->stops[i]];

        position = i > 0 && trip_of[i] == trip_of[i - 1] ? position + 1 : 1;
        db_stop_add(c, .stop_id = call_id(c), .route_id = made[trip_of[i] - 1].route_id,
                    .order_id = order->order_id, .customer_id = order->customer_id,
                    .address_id = order->address_id, .position = position);
        db_order_plan(c, .order_id = order->order_id);
    }
}

/* A vehicle's routes, one for each trip. */
static void write_crew(struct call *c, const struct at_once *work, size_t place,
                       struct planned_route_list *written)
{
    const struct route_crew *crew = &work->request->crews.items[place];
    const struct plan_route *planned = &work->plan.routes[place];
    int64_t *trip_of = arena_array(c->arena, int64_t, planned->count + 1);
    int64_t trips = count_trips(planned, trip_of);
    const struct new_route *made =
        trips_write(c,
                    &(struct new_route){.depot_id = work->homes[place].depot_id,
                                        .end_depot_id = work->homes[place].end_depot_id,
                                        .vehicle_id = crew->vehicle_id,
                                        .driver_id = crew->driver_id,
                                        .delivery_date = work->request->delivery_date,
                                        .distance_m = planned->distance_m},
                    trips);

    write_stops(c, work, planned, made, trip_of);
    for (int64_t trip = 1; trip <= trips; trip++) {
        struct planned_route *one = &written->items[written->count++];

        *one = (struct planned_route){.route_id = made[trip - 1].route_id,
                                      .number = made[trip - 1].number,
                                      .vehicle_id = crew->vehicle_id,
                                      .driver_id = crew->driver_id,
                                      .stops = (int64_t)planned->count,
                                      .load = planned->load,
                                      .distance_m = planned->distance_m,
                                      .depot_id = made[trip - 1].depot_id,
                                      .has_trip = true,
                                      .trip = trip};
        if (trips > 1 || work->is_large)
            trip_tell(c, one);
    }
}

static void write_plan(struct call *c, const struct at_once *work, struct route_plan_reply *reply)
{
    const struct plan *plan = &work->plan;

    reply->routes.items = arena_array(c->arena, struct planned_route,
                                      work->orders.count + work->request->crews.count);
    for (size_t i = 0; i < work->request->crews.count; i++)
        if (plan->routes[i].count > 0)
            write_crew(c, work, i, &reply->routes);
    reply->unplanned.items = arena_array(c->arena, struct id, UNPLANNED_SHOWN);
    for (size_t i = 0; i < plan->left_out_count && i < UNPLANNED_SHOWN; i++)
        reply->unplanned.items[reply->unplanned.count++] =
            work->orders.items[plan->left_out[i].stop].order_id;
}

/* What the depots cannot give. */
static struct depot_shortage_list shortages_of(struct call *c, const struct at_once *work)
{
    const struct plan_shortages found = plan_shortages(c->arena, &work->problem, &work->plan);
    struct depot_shortage_list list = {
        .items = arena_array(c->arena, struct depot_shortage, found.count + 1)};

    for (size_t i = 0; i < found.count && i < SHORTAGES_SHOWN; i++)
        list.items[list.count++] =
            (struct depot_shortage){.depot_id = work->depots.ids[found.items[i].depot],
                                    .product_id = found.items[i].product_id,
                                    .product = product_called(c, found.items[i].product_id),
                                    .quantity = found.items[i].quantity};
    return list;
}

int route_plan(struct call *c, const struct route_plan_request *request,
               struct route_plan_reply *reply)
{
    struct at_once work = {.request = request, .depots = {.ids = {request->depot_id}, .count = 1}};
    struct depot_find depot;

    if (request->delivery_date < c->today)
        return fail_at(c, "delivery_date", ERROR_DATE_PASSED, "%s",
                       date_print(c->arena, request->delivery_date));
    if (!depot_take(c, request->depot_id, &depot) || !take_crews(c, &work) ||
        !take_orders(c, &work))
        return -1;
    depots_place(c, &work.depots, &work.problem);
    depots_stock(c, &work.depots, (struct id){{0}}, request->delivery_date, &work.problem);
    work.problem.rates = plan_rates_of(c);
    work.is_large = work.problem.rates.ways != NULL && work.problem.stop_count > PLAN_STOPS_AT_ONCE;
    if (!work.is_large)
        ways_put(c, WAYS_ALL, &work.problem);
    plan_routes(c->arena, &work.problem, &work.plan);
    write_plan(c, &work, reply);
    reply->shortages = shortages_of(c, &work);
    reply->travel = work.is_large ? "great_circle" : ways_travel(work.problem.rates.ways);
    reply->travel_note = work.is_large ? NULL : ways_note(c, work.problem.rates.ways);
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
