/* routing_write.c - a plan is written: routes with their times, what was left out and why, pins that break a limit (D4). */
#include "base/text.h"
#include "plan_stock.h"
#include "routing_worker.h"

static size_t stops_on(const struct assignment *work, const struct plan_route *route)
{
    size_t count = 0;

    for (size_t i = 0; i < route->count; i++)
        count += !assignment_is_left(work, route->stops[i]);
    return count;
}

/* Where a stop stands: in the vehicle's day, which trip of it, and where in that. */
struct spot {
    int64_t position, trip, in_trip;
};

static void write_visit(struct call *c, const struct assignment *work, size_t place, size_t at,
                        const struct spot *spot)
{
    const struct plan_route *route = &work->plan.routes[place];
    const struct routing_load_stops *row = &work->stops.items[route->stops[at]];
    const struct plan_stop *stop = &work->problem.stops[route->stops[at]];
    const struct plan_visit *visit = &route->visits[at];

    db_routing_visit_insert(
        c, .run_id = work->run.run_id, .order_id = row->order_id, .stop_id = row->stop_id,
        .route_id = row->route_id, .load = stop->load, .address_id = row->address_id,
        .has_window_from = row->has_window_from, .window_from = row->window_from,
        .has_window_to = row->has_window_to, .window_to = row->window_to, .has_place = true,
        .place = (int64_t)place + 1, .has_position = true, .position = spot->position,
        .has_trip = true, .trip = spot->trip, .has_in_trip = true, .in_trip = spot->in_trip,
        .has_arrive_s = true, .arrive_s = visit->arrive, .has_begin_s = true,
        .begin_s = visit->begin, .has_leave_s = true, .leave_s = visit->leave, .has_slack_s = true,
        .slack_s = visit->slack, .is_driven = stop->is_driven);
}

static void write_crew(struct call *c, const struct assignment *work, size_t place)
{
    const struct plan_route *route = &work->plan.routes[place];
    struct spot spot = {.trip = 1};

    for (size_t i = 0; i < route->count; i++) {
        if (assignment_is_left(work, route->stops[i]))
            continue;
        if (route->visits[i].reload_before && spot.position > 0) {
            spot.trip++;
            spot.in_trip = 0;
        }
        spot.position++;
        spot.in_trip++;
        write_visit(c, work, place, i, &spot);
    }
    db_routing_crew_set(c, .run_id = work->run.run_id, .place = (int64_t)place + 1,
                        .stops = (int64_t)stops_on(work, route), .load = route->load,
                        .cost = route->cost, .distance_m = route->distance_m,
                        .duration_s = route->back - route->leaves, .leaves_s = route->leaves,
                        .back_s = route->back, .trips = spot.trip);
}

static void write_left_out(struct call *c, const struct assignment *work,
                           const struct plan_left_out *out)
{
    const struct routing_load_stops *row = &work->stops.items[out->stop];
    const struct plan_stop *stop = &work->problem.stops[out->stop];
    bool fits = text_equal(out->reason, "fits"), is_property = text_equal(out->reason, "property");
    const struct plan_vehicle *vehicle =
        is_property && out->vehicle > 0 ? &work->problem.vehicles[out->vehicle - 1] : NULL;
    struct id vehicle_id = {{0}};

    if (out->vehicle > 0)
        vehicle_id = work->crews.items[out->vehicle - 1].vehicle_id;
    db_routing_visit_insert(
        c, .run_id = work->run.run_id, .order_id = row->order_id, .stop_id = row->stop_id,
        .route_id = row->route_id, .load = work->problem.stops[out->stop].load,
        .address_id = row->address_id, .has_window_from = row->has_window_from,
        .window_from = row->window_from, .has_window_to = row->has_window_to,
        .window_to = row->window_to, .reason = routing_reason_of(out->reason), .has_amount = true,
        .amount = out->amount, .near_vehicle_id = vehicle_id,
        .has_leave_out_price = stop->may_be_left_out, .leave_out_price = stop->leave_out_price,
        .has_serve_cost = fits, .serve_cost = out->amount + stop->leave_out_price,
        .missing = vehicle == NULL ? 0 : (int64_t)(stop->required & ~vehicle->properties),
        .unwanted = vehicle == NULL ? 0 : (int64_t)(stop->forbidden & vehicle->properties));
}

static void write_broken(struct call *c, const struct assignment *work, size_t number)
{
    const struct plan_broken *broken = &work->plan.broken[number];
    struct id order_id = {{0}};

    if (broken->stop > 0)
        order_id = work->stops.items[broken->stop - 1].order_id;
    db_routing_broken_insert(c, .run_id = work->run.run_id, .number = (int64_t)number + 1,
                             .vehicle_id = work->crews.items[broken->vehicle].vehicle_id,
                             .order_id = order_id, .reason = routing_reason_of(broken->reason),
                             .amount = broken->amount);
}

/* What the depots cannot give. */
static void write_shortages(struct call *c, const struct assignment *work)
{
    const struct plan_shortages short_of = plan_shortages(c->arena, &work->problem, &work->plan);

    for (size_t i = 0; i < short_of.count; i++) {
        const struct plan_shortage *one = &short_of.items[i];
        size_t site = plan_depot_site(&work->problem, one->depot);

        db_routing_shortage_insert(c, .run_id = work->run.run_id,
                                   .depot_id = plan_site(&work->problem, site)->id,
                                   .product_id = one->product_id, .quantity = one->quantity);
    }
}

/* Stops that a driver was told of and that go to another vehicle, or to none. */
static int64_t count_moved(const struct assignment *work)
{
    int64_t announced = 0, stay = 0;

    for (size_t i = 0; i < work->problem.stop_count; i++)
        announced += work->problem.stops[i].is_announced;
    for (size_t v = 0; v < work->problem.vehicle_count; v++)
        for (size_t i = 0; i < work->plan.routes[v].count; i++) {
            const struct plan_stop *stop = &work->problem.stops[work->plan.routes[v].stops[i]];

            stay += stop->is_announced && stop->vehicle == v + 1;
        }
    return announced - stay;
}

int assignment_finish(struct call *c, void *context)
{
    struct assignment *work = context;
    const struct plan *plan = &work->plan;
    int64_t unplanned = (int64_t)plan->left_out_count, stops = 0;
    struct routing_finish done;

    if (!assignment_enter(c, work))
        return -1;
    for (size_t i = 0; i < work->crews.count; i++)
        stops += (int64_t)stops_on(work, &plan->routes[i]);
    if (!db_routing_finish(c, &done, .run_id = work->run.run_id, .attempts = work->run.attempts,
                           .cost = plan->cost, .iterations = plan->effort, .stops = stops,
                           .unplanned = unplanned, .distance_m = plan->distance_m,
                           .duration_s = plan->duration_s, .late_s = plan->late_s,
                           .stopped_early = plan->stopped_early, .travel = work->travel,
                           .travel_note = work->travel_note, .moved = count_moved(work)))
        return has_failed(c) ? -1 : 0; /* cancelled, or another's by now */
    for (size_t i = 0; i < work->crews.count; i++)
        if (plan->routes[i].count > 0)
            write_crew(c, work, i);
    for (size_t i = 0; i < plan->left_out_count; i++)
        write_left_out(c, work, &plan->left_out[i]);
    for (size_t i = 0; i < plan->broken_count; i++)
        write_broken(c, work, i);
    write_shortages(c, work);
    emit_routing_planned(c, .run_id = work->run.run_id, .delivery_date = work->run.delivery_date,
                         .stops = stops, .unplanned = unplanned, .cost = plan->cost,
                         .distance_m = plan->distance_m, .duration_s = plan->duration_s);
    return has_failed(c) ? -1 : 0;
}
