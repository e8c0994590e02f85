/* routing_load.c - a planning run's orders and crews as a problem: what is driven stays, what is loaded stays on its truck (D4, B9). */
#include "base/clock.h"
#include "routing_worker.h"

static bool is_closed(enum route_status status)
{
    return status == ROUTE_STATUS_LOADED || status == ROUTE_STATUS_STARTED;
}

static bool is_driven(const struct routing_load_stops *row)
{
    return row->place > 0 && row->status != STOP_STATUS_PLANNED;
}

bool assignment_is_left(const struct assignment *work, size_t stop)
{
    return work->stops.items[stop].status == STOP_STATUS_FAILED;
}

static int64_t seconds_of_day(const struct assignment *work, int64_t moment)
{
    return (moment - date_start(work->run.delivery_date)) / CLOCK_SECOND;
}

/* A stop of a route as it stands: what was reached has no windows any more, what is on the truck stays on it. */
static void place_stop(const struct routing_load_stops *row, size_t position,
                       struct plan_stop *stop)
{
    stop->vehicle = (size_t)row->place;
    stop->position = position;
    stop->is_driven = is_driven(row);
    stop->is_pinned = row->is_pinned && !stop->is_driven;
    stop->is_kept = row->is_kept || is_closed(row->route_status);
    stop->is_announced = !stop->is_driven && row->route_status != ROUTE_STATUS_DRAFT;
    if (stop->is_driven)
        stop->window_count = 0;
    if (row->status == STOP_STATUS_FAILED) {
        stop->load = 0;
        stop->goods_count = 0;
    }
}

/* What a driver was told of, or the dispatcher pinned, is not given up for money. */
static bool may_be_left_out(const struct routing_load_stops *row)
{
    return row->place == 0 ||
           (row->route_status == ROUTE_STATUS_DRAFT && !row->is_pinned && !row->is_kept);
}

static struct plan_stop *load_stops(struct call *c, struct assignment *work)
{
    size_t count = work->stops.count, position = 0;
    struct id_list order_ids = {.items = arena_array(c->arena, struct id, count + 1)};
    struct plan_stop *stops;

    for (size_t i = 0; i < count; i++)
        order_ids.items[order_ids.count++] = work->stops.items[i].order_id;
    stops = plan_stops_of(c, order_ids);
    for (size_t i = 0; i < count; i++) {
        const struct routing_load_stops *row = &work->stops.items[i];

        stops[i].leave_out_price =
            row->has_leave_out_price ? row->leave_out_price : work->run.leave_out_price;
        stops[i].may_be_left_out =
            stops[i].leave_out_price > 0 && may_be_left_out(row) &&
            (row->has_leave_out_price || !(row->is_urgent || row->attempts > 0));
        if (row->place == 0)
            continue;
        position = i > 0 && row[-1].place == row->place ? position + 1 : 1;
        place_stop(row, position, &stops[i]);
    }
    return stops;
}

/* When a vehicle left the last stop it reached: when that was done, or as long after its arrival as the service takes. */
static void set_driven_until(struct assignment *work, const struct plan_stop *stops,
                             struct plan_vehicle *vehicles)
{
    for (size_t i = 0; i < work->stops.count; i++) {
        const struct routing_load_stops *row = &work->stops.items[i];
        struct plan_vehicle *vehicle = &vehicles[row->place > 0 ? row->place - 1 : 0];
        int64_t left;

        if (!is_driven(row) || row->left_at == 0)
            continue;
        left = seconds_of_day(work, row->left_at);
        if (row->status == STOP_STATUS_ARRIVED)
            left += stops[i].service_minutes * 60;
        if (left > vehicle->driven_until)
            vehicle->driven_until = left;
    }
}

static struct plan_vehicle *load_vehicles(struct call *c, struct assignment *work)
{
    struct plan_vehicle *vehicles =
        arena_array(c->arena, struct plan_vehicle, work->crews.count + 1);

    for (size_t i = 0; i < work->crews.count; i++) {
        const struct routing_load_crews *crew = &work->crews.items[i];

        crew_read(c, crew->vehicle_id, crew->driver_id, &work->problem.rates, &vehicles[i]);
        vehicles[i].is_closed = is_closed(crew->status);
        vehicles[i].may_reload = vehicles[i].reload_minutes >= 0 && id_is_none(crew->route_id);
        vehicles[i].left_at = crew->started_at == 0 ? 0 : seconds_of_day(work, crew->started_at);
    }
    return vehicles;
}

/* Where each vehicle starts and ends, where those depots are, and what they have. */
static bool load_depots(struct call *c, struct assignment *work, struct plan_vehicle *vehicles)
{
    struct plan_depots depots = {.ids = {work->run.depot_id}, .count = 1};

    for (size_t i = 0; i < work->crews.count; i++) {
        const struct routing_load_crews *crew = &work->crews.items[i];
        const struct crew_home home = {crew->depot_id, crew->end_depot_id};

        if (!depots_take(c, &depots, &home, &vehicles[i]))
            return false;
    }
    depots_place(c, &depots, &work->problem);
    depots_stock(c, &depots, work->run.run_id, work->run.delivery_date, &work->problem);
    return true;
}

int assignment_load(struct call *c, void *context)
{
    struct assignment *work = context;
    struct depot_find depot;
    struct plan_stop *stops;
    struct plan_vehicle *vehicles;

    if (!assignment_enter(c, work))
        return -1;
    if (!db_depot_find(c, &depot, .depot_id = work->run.depot_id))
        return fail(c, ERROR_DEPOT_UNKNOWN, NULL);
    work->crews = db_routing_load_crews(c, .run_id = work->run.run_id);
    work->stops = db_routing_load_stops(
        c, .run_id = work->run.run_id, .delivery_date = work->run.delivery_date,
        .list_id = work->run.list_id, .takes_waiting = work->run.takes_waiting,
        .limit = ROUTING_STOPS_MOST);
    work->problem = (struct plan_problem){.rates = plan_rates_of(c),
                                          .balance_price = work->run.balance_price,
                                          .change_price = work->run.change_price};
    stops = load_stops(c, work);
    vehicles = load_vehicles(c, work);
    if (has_failed(c))
        return -1;
    set_driven_until(work, stops, vehicles);
    work->problem.stops = stops;
    work->problem.stop_count = work->stops.count;
    work->problem.vehicles = vehicles;
    work->problem.vehicle_count = work->crews.count;
    if (!load_depots(c, work, vehicles))
        return -1;
    work->server = setting_text(c, &dispatch_settings[SETTING_TRAVEL_SERVER]);
    work->file = setting_text(c, &dispatch_settings[SETTING_TRAVEL_FILE]);
    return has_failed(c) ? -1 : 0;
}
