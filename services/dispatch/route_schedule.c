/* route_schedule.c - one route through the routing engine: its timetable when it is published, and a better order of its stops (D4, B11). */
#include "base/clock.h"
#include "dispatch.h"

static int64_t second_of(const struct route_frame *frame, int64_t moment)
{
    return (moment - date_start(frame->delivery_date)) / CLOCK_SECOND;
}

/* When the vehicle is back from a route as it stands: seconds; 0: it is not driven. */
static int64_t back_from(struct call *c, const struct route_frames *route,
                         const struct plan_rates *rates)
{
    const struct route_frame frame = route_frame_read(route, rates);
    struct plan_problem problem;
    struct stop_places_list rows;

    if (route->status == ROUTE_STATUS_CANCELLED)
        return 0;
    if (route->status == ROUTE_STATUS_CLOSED)
        return second_of(&frame, route->closed_at);
    rows = db_stop_places(c, .route_id = route->route_id);
    problem = route_problem(c, &frame, &rows, WAYS_ALONG);
    return plan_breaks_of(c->arena, &problem, plan_as_it_stands(c->arena, rows.count), rows.count)
        .back;
}

/* A vehicle's next trip leaves when it is back and loaded again. */
static int64_t back_before(struct call *c, const struct route_frame *frame,
                           const struct plan_rates *rates, const struct plan_vehicle *vehicle)
{
    enum { MINUTE = 60 };
    struct id route_id = frame->after_route_id;
    struct route_frames_list before;
    int64_t back = 0;

    if (id_is_none(route_id))
        return 0;
    before = db_route_frames(c, .route_ids = {&route_id, 1});
    if (before.count > 0)
        back = back_from(c, &before.items[0], rates);
    return back == 0 || vehicle->reload_minutes < 0 ? back
                                                    : back + vehicle->reload_minutes * MINUTE;
}

struct plan_problem route_problem(struct call *c, const struct route_frame *frame,
                                  const struct stop_places_list *rows, enum ways_wanted wanted)
{
    struct plan_stop *stops = plan_stops_on(c, rows);
    struct plan_vehicle *vehicle = arena_new(c->arena, struct plan_vehicle);
    struct plan_rates rates = frame->rates == NULL ? plan_rates_of(c) : *frame->rates;
    struct plan_problem problem = {.stops = stops,
                                   .stop_count = rows->count,
                                   .vehicles = vehicle,
                                   .vehicle_count = 1,
                                   .rates = rates};

    route_ends(c, frame->depot_id, frame->end_depot_id, &problem);
    crew_read(c, frame->vehicle_id, frame->driver_id, &rates, vehicle);
    vehicle->end_depot = problem.more_count;
    vehicle->left_at = frame->started_at == 0 ? back_before(c, frame, &rates, vehicle)
                                              : second_of(frame, frame->started_at);
    for (size_t i = 0; i < rows->count; i++) {
        const struct stop_places *row = &rows->items[i];
        int64_t left = row->left_at == 0 ? 0 : second_of(frame, row->left_at);

        stops[i].vehicle = 1;
        stops[i].position = i + 1;
        stops[i].is_pinned = row->is_pinned && !row->is_driven;
        stops[i].is_driven = row->is_driven;
        if (row->is_driven && left > vehicle->driven_until)
            vehicle->driven_until = left;
    }
    ways_put(c, wanted, &problem);
    return problem;
}

struct route_frame route_frame_of(const struct route_lock *route)
{
    return (struct route_frame){.depot_id = route->depot_id,
                                .vehicle_id = route->vehicle_id,
                                .driver_id = route->driver_id,
                                .delivery_date = route->delivery_date,
                                .capacity = route->capacity,
                                .started_at = route->started_at,
                                .end_depot_id = route->end_depot_id,
                                .after_route_id = route->after_route_id};
}

struct route_frame route_frame_read(const struct route_frames *row, const struct plan_rates *rates)
{
    return (struct route_frame){.depot_id = row->depot_id,
                                .vehicle_id = row->vehicle_id,
                                .driver_id = row->driver_id,
                                .delivery_date = row->delivery_date,
                                .started_at = row->started_at,
                                .end_depot_id = row->end_depot_id,
                                .after_route_id = row->after_route_id,
                                .rates = rates};
}

static struct plan_problem problem_of(struct call *c, const struct route_lock *route,
                                      const struct stop_places_list *rows, enum ways_wanted wanted)
{
    const struct route_frame frame = route_frame_of(route);

    return route_problem(c, &frame, rows, wanted);
}

void route_schedule(struct call *c, const struct route_lock *route,
                    const struct stop_places_list *stops)
{
    struct plan_problem problem = problem_of(c, route, stops, WAYS_ALONG);
    const size_t *order = plan_as_it_stands(c->arena, stops->count);
    const struct plan_route *planned;
    struct plan plan;

    if (has_failed(c) || !plan_price(c->arena, &problem, order, stops->count, &plan))
        return;
    planned = &plan.routes[0];
    db_route_set_planned(c, .route_id = route->route_id, .stops = (int64_t)stops->count,
                         .distance_m = plan.distance_m, .duration_s = plan.duration_s);
    for (size_t i = 0; i < planned->count; i++) {
        const struct plan_visit *visit = &planned->visits[i];
        const struct stop_places *stop = &stops->items[planned->stops[i]];

        if (!stop->is_driven)
            db_stop_set_planned(c, .stop_id = stop->stop_id, .position = (int64_t)i + 1,
                                .arrive_s = visit->arrive, .wait_s = visit->wait,
                                .leave_s = visit->leave, .slack_s = visit->slack);
    }
}

/* Whether the engine's plan serves every stop and breaks nothing, for less than `most`. */
static bool is_better(const struct plan *plan, size_t stops, int64_t most)
{
    return plan->left_out_count == 0 && plan->broken_count == 0 && plan->routes[0].count == stops &&
           plan->cost < most;
}

void route_best_order(struct call *c, const struct route_lock *route,
                      const struct stop_places_list *stops, size_t *order)
{
    enum { MILLISECONDS = 30, LIMIT = 200 };
    const struct plan_effort effort = {.milliseconds = MILLISECONDS, .limit_ms = LIMIT};
    struct plan_problem problem = problem_of(c, route, stops, WAYS_ALL);
    bool *stays = arena_array(c->arena, bool, stops->count + 1);
    int64_t most = INT64_MAX;
    struct plan nearest, plan;
    const char *wrong;

    for (size_t i = 0; i < stops->count; i++)
        stays[i] = stops->items[i].is_pinned || stops->items[i].is_driven;
    plan_order(c->arena, &problem, stays, order);
    if (!problem.depot.is_known)
        return;
    if (plan_price(c->arena, &problem, order, stops->count, &nearest) &&
        is_better(&nearest, stops->count, INT64_MAX))
        most = nearest.cost;
    if (!plan_solve(c->arena, &problem, &effort, &plan, &wrong) ||
        !is_better(&plan, stops->count, most))
        return;
    for (size_t i = 0; i < stops->count; i++)
        order[i] = plan.routes[0].stops[i];
}
