/* route_actual.c - a route as it was planned beside what became of it (B11). */
#include "base/clock.h"
#include "dispatch.h"

static struct actual_stop stop_of(const struct actual_stops *row, int64_t midnight, int64_t reached)
{
    struct actual_stop stop = {.stop_id = row->stop_id,
                               .order_id = row->order_id,
                               .customer = row->customer,
                               .status = row->status,
                               .has_planned_position = row->has_planned_position,
                               .planned_position = row->planned_position,
                               .has_planned_arrive_minute = row->has_planned_arrive_s,
                               .planned_arrive_minute = row->planned_arrive_s / 60,
                               .arrived_at = row->arrived_at,
                               .done_at = row->done_at,
                               .ordered = row->ordered,
                               .delivered = row->delivered};

    if (row->arrived_at == 0 && row->done_at == 0)
        return stop;
    stop.has_actual_position = true;
    stop.actual_position = reached;
    if (row->has_planned_arrive_s && row->arrived_at != 0) {
        stop.has_late_minutes = true;
        stop.late_minutes =
            ((row->arrived_at - midnight) / CLOCK_SECOND - row->planned_arrive_s) / 60;
    }
    return stop;
}

/* The stops in the order in which they were reached, counted up; returns when the last one was done. */
static int64_t count_stops(struct call *c, const struct route_planned *route,
                           const struct actual_stops_list *rows, struct route_actual_reply *reply,
                           int64_t *delivered)
{
    int64_t midnight = date_start(route->delivery_date), last = 0, before = 0, reached = 0;

    reply->stops.items = arena_array(c->arena, struct actual_stop, rows->count + 1);
    for (size_t i = 0; i < rows->count; i++) {
        struct actual_stop stop = stop_of(&rows->items[i], midnight, reached + 1);

        reached += stop.has_actual_position ? 1 : 0;
        reply->delivered += stop.status == STOP_STATUS_DELIVERED;
        reply->failed += stop.status == STOP_STATUS_FAILED;
        reply->late_stops += stop.has_late_minutes && stop.late_minutes > 0;
        *delivered += stop.delivered;
        if (stop.has_actual_position && stop.has_planned_position) {
            reply->out_of_order += stop.planned_position < before;
            before = stop.planned_position > before ? stop.planned_position : before;
        }
        last = stop.done_at > last ? stop.done_at : last;
        reply->stops.items[reply->stops.count++] = stop;
    }
    return last;
}

/* The length of the way over the stops that were reached, and back. */
static int64_t driven_metres(struct call *c, const struct route_planned *route,
                             const struct actual_stops_list *rows)
{
    struct plan_stop *stops = arena_array(c->arena, struct plan_stop, rows->count + 1);
    size_t count = 0;

    for (size_t i = 0; i < rows->count; i++) {
        const struct actual_stops *row = &rows->items[i];

        if (row->arrived_at == 0 && row->done_at == 0)
            continue;
        stops[count++].place =
            (struct plan_place){row->has_latitude_e7 && row->has_longitude_e7, row->latitude_e7,
                                row->longitude_e7, row->address_id};
    }
    return route_length(c, route->depot_id, route->end_depot_id, stops, count);
}

int route_actual(struct call *c, const struct route_actual_request *request,
                 struct route_actual_reply *reply)
{
    struct route_planned route;
    struct actual_stops_list rows;
    int64_t last, seconds, done, delivered = 0;

    if (!db_route_planned(c, &route, .route_id = request->route_id) ||
        !call_enter_branch(c, route.branch_id))
        return fail(c, ERROR_NOT_FOUND, NULL);
    rows = db_actual_stops(c, .route_id = request->route_id);
    *reply = (struct route_actual_reply){.route_id = route.route_id,
                                         .number = route.number,
                                         .driver_id = route.driver_id,
                                         .has_planned_stops = route.has_planned_stops,
                                         .planned_stops = route.planned_stops,
                                         .has_planned_distance_m = route.has_planned_distance_m,
                                         .planned_distance_m = route.planned_distance_m,
                                         .has_planned_minutes = route.has_planned_duration_s,
                                         .planned_minutes = (route.planned_duration_s + 59) / 60};
    last = count_stops(c, &route, &rows, reply, &delivered);
    reply->actual_distance_m = driven_metres(c, &route, &rows);
    done = reply->delivered + reply->failed;
    seconds = route.started_at == 0 || last == 0 ? 0 : (last - route.started_at) / CLOCK_SECOND;
    if (seconds > 0) {
        reply->has_actual_minutes = reply->has_stops_per_hour_x100 = true;
        reply->actual_minutes = (seconds + 59) / 60;
        reply->stops_per_hour_x100 = done * 360000 / seconds;
    }
    if (reply->delivered > 0) {
        reply->has_quantity_per_stop = true;
        reply->quantity_per_stop = delivered / reply->delivered;
    }
    return has_failed(c) ? -1 : 0;
}
