/* routing_run.c - planning runs are asked for, watched, cancelled and compared; worker processes carry them out (D4). */
#include "base/clock.h"
#include "dispatch.h"
#include "service/page.h"

/* The crews of a run: those that are named, then those of the open routes that are planned again. */
struct run_crew {
    struct id vehicle_id, driver_id, route_id;
    struct crew_home home;
};
struct run_crews {
    struct run_crew *items;
    size_t count;
};

static bool add_crew(struct call *c, struct run_crews *crews, const struct run_crew *crew,
                     const char *field)
{
    for (size_t i = 0; i < crews->count; i++)
        if (id_equal(crews->items[i].vehicle_id, crew->vehicle_id) ||
            id_equal(crews->items[i].driver_id, crew->driver_id))
            return refuse(c, field, ERROR_CREW_DOUBLED, NULL);
    crews->items[crews->count++] = *crew;
    return true;
}

/* The engine tells few depots apart. */
static bool count_depots(struct call *c, struct id depot_id, const struct run_crews *crews)
{
    struct plan_depots depots = {.ids = {depot_id}, .count = 1};
    struct plan_vehicle vehicle;

    for (size_t i = 0; i < crews->count; i++)
        if (!depots_take(c, &depots, &crews->items[i].home, &vehicle))
            return false;
    return true;
}

static bool add_named(struct call *c, const struct routing_plan_request *request,
                      struct run_crews *crews)
{
    for (size_t i = 0; i < request->crews.count; i++) {
        const struct route_crew *crew = &request->crews.items[i];
        struct run_crew named = {.vehicle_id = crew->vehicle_id, .driver_id = crew->driver_id};
        struct plan_vehicle vehicle;

        if (!crew_check(c, crew->vehicle_id, crew->driver_id, request->delivery_date, &vehicle) ||
            !crew_home(c, crew, request->depot_id, &named.home) ||
            !add_crew(c, crews, &named, call_print(c, "crews[%zu]", i)))
            return false;
    }
    return true;
}

static bool add_routes(struct call *c, const struct routing_plan_request *request,
                       struct run_crews *crews)
{
    for (size_t i = 0; i < request->route_ids.count; i++) {
        const char *field = call_print(c, "route_ids[%zu]", i);
        struct id branch_id = c->branch_id;
        struct route_lock route;
        struct run_crew again;

        if (!route_take(c, request->route_ids.items[i], &route) || !route_is_alive(c, &route))
            return false;
        if (!id_equal(branch_id, route.branch_id) || route.delivery_date != request->delivery_date)
            return refuse(c, field, ERROR_STOP_BRANCH, NULL);
        again = (struct run_crew){route.vehicle_id,
                                  route.driver_id,
                                  route.route_id,
                                  {route.depot_id, route.end_depot_id}};
        if (!add_crew(c, crews, &again, field))
            return false;
    }
    return true;
}

static bool has_something(struct call *c, const struct routing_plan_request *request,
                          bool takes_waiting)
{
    struct routing_waiting_any any;

    if (request->route_ids.count > 0)
        return true;
    if (takes_waiting && db_routing_waiting_any(c, &any, .delivery_date = request->delivery_date,
                                                .list_id = request->list_id))
        return true;
    return refuse(c, NULL, ERROR_NOTHING_TO_PLAN, NULL);
}

static bool request_check(struct call *c, const struct routing_plan_request *request)
{
    int64_t seconds = request->effort_seconds;

    if (request->delivery_date < c->today)
        return refuse(c, "delivery_date", ERROR_DATE_PASSED, "%s",
                      date_print(c->arena, request->delivery_date));
    if (seconds != 0 && seconds != 1 && seconds != 5 && seconds != 20)
        return refuse(c, "effort_seconds", ERROR_EFFORT_UNKNOWN, "%s",
                      quantity_text(c, seconds * 1000));
    if (request->crews.count + request->route_ids.count == 0)
        return refuse(c, "crews", ERROR_CREW_MISSING, NULL);
    return true;
}

static int64_t price(struct call *c, bool is_named, int64_t named, size_t setting)
{
    return is_named ? named : setting_int(c, &dispatch_settings[setting]);
}

int routing_plan(struct call *c, const struct routing_plan_request *request,
                 struct routing_plan_reply *reply)
{
    bool takes_waiting = !request->has_takes_waiting || request->takes_waiting;
    struct run_crews crews = {.items =
                                  arena_array(c->arena, struct run_crew,
                                              request->crews.count + request->route_ids.count + 1)};
    struct depot_find depot;

    if (!request_check(c, request) || !depot_take(c, request->depot_id, &depot) ||
        !add_named(c, request, &crews) || !add_routes(c, request, &crews) ||
        !count_depots(c, request->depot_id, &crews) || !has_something(c, request, takes_waiting))
        return -1;
    reply->run_id = call_id(c);
    db_routing_insert(c, .run_id = reply->run_id, .delivery_date = request->delivery_date,
                      .depot_id = request->depot_id, .list_id = request->list_id,
                      .takes_waiting = takes_waiting, .effort_seconds = request->effort_seconds,
                      .balance_price = price(c, request->has_balance_price, request->balance_price,
                                             SETTING_BALANCE_PRICE),
                      .change_price = price(c, request->has_change_price, request->change_price,
                                            SETTING_CHANGE_PRICE),
                      .leave_out_price = price(c, request->has_leave_out_price,
                                               request->leave_out_price, SETTING_LEAVE_OUT_PRICE));
    for (size_t i = 0; i < crews.count; i++)
        db_routing_crew_insert(
            c, .run_id = reply->run_id, .place = (int64_t)i + 1,
            .vehicle_id = crews.items[i].vehicle_id, .driver_id = crews.items[i].driver_id,
            .route_id = crews.items[i].route_id, .depot_id = crews.items[i].home.depot_id,
            .end_depot_id = crews.items[i].home.end_depot_id);
    return has_failed(c) ? -1 : 0;
}

bool routing_run_take(struct call *c, struct id run_id, struct routing_lock *run)
{
    struct routing_branch where;

    if (db_routing_branch(c, &where, .run_id = run_id) && call_enter_branch(c, where.branch_id) &&
        db_routing_lock(c, run, .run_id = run_id))
        return true;
    fail(c, ERROR_NOT_FOUND, NULL);
    return false;
}

int routing_cancel(struct call *c, const struct routing_cancel_request *request,
                   struct routing_cancel_reply *reply)
{
    struct routing_lock run;

    if (!routing_run_take(c, request->run_id, &run))
        return -1;
    if (run.status != ROUTING_STATUS_QUEUED && run.status != ROUTING_STATUS_RUNNING &&
        run.status != ROUTING_STATUS_DONE)
        return fail(c, ERROR_ROUTING_ENDED, "%s", routing_status_text(run.status));
    db_routing_end(c, .run_id = run.run_id, .status = ROUTING_STATUS_CANCELLED);
    emit_routing_stopped(c, .run_id = run.run_id, .status = ROUTING_STATUS_CANCELLED);
    reply->run_id = run.run_id;
    return has_failed(c) ? -1 : 0;
}

static struct unplanned_order_list unplanned_in(struct call *c, struct id run_id)
{
    struct routing_unplanned_list rows = db_routing_unplanned(c, .run_id = run_id);
    struct unplanned_order_list list = {
        .items = arena_array(c->arena, struct unplanned_order, rows.count + 1)};

    for (size_t i = 0; i < rows.count; i++) {
        const struct routing_unplanned *row = &rows.items[i];

        list.items[list.count++] =
            (struct unplanned_order){.order_id = row->order_id,
                                     .order_number = row->order_number,
                                     .customer = row->customer,
                                     .reason = row->reason,
                                     .amount = row->amount,
                                     .vehicle_id = row->vehicle_id,
                                     .has_leave_out_price = row->has_leave_out_price,
                                     .leave_out_price = row->leave_out_price,
                                     .has_serve_cost = row->has_serve_cost,
                                     .serve_cost = row->serve_cost,
                                     .missing = property_list_of(c, (uint64_t)row->missing),
                                     .unwanted = property_list_of(c, (uint64_t)row->unwanted)};
    }
    return list;
}

int routing_read(struct call *c, const struct routing_read_request *request,
                 struct routing_read_reply *reply)
{
    if (!db_routing_card(c, &reply->run, .run_id = request->run_id))
        return fail(c, ERROR_NOT_FOUND, NULL);
    reply->routes = db_routing_crews(c, .run_id = request->run_id);
    reply->unplanned = unplanned_in(c, request->run_id);
    reply->broken = db_routing_broken(c, .run_id = request->run_id);
    reply->shortages = db_routing_shortages(c, .run_id = request->run_id);
    return has_failed(c) ? -1 : 0;
}

int routing_stops(struct call *c, const struct routing_stops_request *request,
                  struct routing_stops_reply *reply)
{
    struct routing_branch where;

    if (!db_routing_branch(c, &where, .run_id = request->run_id))
        return fail(c, ERROR_NOT_FOUND, NULL);
    reply->stops = db_routing_stops(c, .run_id = request->run_id, .place = request->place);
    return has_failed(c) ? -1 : 0;
}

int routing_list(struct call *c, const struct routing_list_request *request,
                 struct routing_list_reply *reply)
{
    int64_t limit = page_limit(request->has_limit, request->limit);

    reply->items = db_routing_recent(
        c, .delivery_date = request->delivery_date, .status = request->status,
        .after = page_after(c, request->after), .limit = limit, PAGE_SORT(request));
    reply->next = PAGE_NEXT(c, reply->items, run_id, limit);
    return has_failed(c) ? -1 : 0;
}

int routing_compare(struct call *c, const struct routing_compare_request *request,
                    struct routing_compare_reply *reply)
{
    struct routing_moved moved = {0};

    if (!db_routing_card(c, &reply->run, .run_id = request->run_id) ||
        !db_routing_card(c, &reply->other, .run_id = request->other_run_id))
        return fail(c, ERROR_NOT_FOUND, NULL);
    db_routing_moved(c, &moved, .run_id = request->run_id, .other_run_id = request->other_run_id);
    reply->cost = reply->other.cost - reply->run.cost;
    reply->distance_m = reply->other.distance_m - reply->run.distance_m;
    reply->duration_s = reply->other.duration_s - reply->run.duration_s;
    reply->late_s = reply->other.late_s - reply->run.late_s;
    reply->unplanned = reply->other.unplanned - reply->run.unplanned;
    reply->stops_moved = moved.moved;
    reply->shortages = db_routing_shortages(c, .run_id = request->run_id);
    reply->other_shortages = db_routing_shortages(c, .run_id = request->other_run_id);
    return has_failed(c) ? -1 : 0;
}
