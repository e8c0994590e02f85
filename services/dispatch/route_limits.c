/* route_limits.c - the dispatcher's own hand: a route may break a limit only knowingly, and shows which and by how much (D4). */
#include <inttypes.h>

#include "dispatch.h"

struct route_limits route_limits(struct call *c, const struct route_frame *frame,
                                 const struct stop_places_list *rows)
{
    struct plan_problem problem = route_problem(c, frame, rows);
    struct route_limits limits = {.orders = arena_array(c->arena, struct id, rows->count + 1),
                                  .stops = arena_array(c->arena, struct id, rows->count + 1)};

    for (size_t i = 0; i < rows->count; i++) {
        limits.orders[i] = rows->items[i].order_id;
        limits.stops[i] = rows->items[i].stop_id;
    }
    if (!has_failed(c))
        limits.breaks = plan_breaks_of(c->arena, &problem, plan_as_it_stands(c->arena, rows->count),
                                       rows->count);
    return limits;
}

bool limits_allow(struct call *c, const struct route_limits *before,
                  const struct route_limits *after, const char *reason)
{
    const struct plan_break *hard = plan_breaks_worse(&before->breaks, before->orders,
                                                      &after->breaks, after->orders, true),
                            *soft = plan_breaks_worse(&before->breaks, before->orders,
                                                      &after->breaks, after->orders, false);
    struct break_order order = {.number = NULL};

    if (hard != NULL) {
        db_break_order(c, &order, .order_id = after->orders[hard->stop - 1]);
        return refuse(c, NULL, ERROR_VEHICLE_UNFIT, "%s", order.number);
    }
    if (soft != NULL && reason == NULL)
        return refuse(c, "limits_reason", ERROR_LIMITS_BROKEN, "%s %" PRId64, soft->reason,
                      soft->amount);
    return !has_failed(c);
}

bool limits_change(struct call *c, const struct route_lock *route, const struct route_lock *changed,
                   const struct stop_places_list *before, const struct stop_places_list *after,
                   const char *reason)
{
    struct route_frame frame = route_frame_of(route), next = route_frame_of(changed);
    struct route_limits was, is;

    if (route->status == ROUTE_STATUS_DRAFT)
        return true;
    was = route_limits(c, &frame, before);
    is = route_limits(c, &next, after);
    if (!limits_allow(c, &was, &is, reason))
        return false;
    if (reason != NULL)
        db_route_set_limits_reason(c, .route_id = route->route_id, .reason = reason);
    return true;
}

void limits_write(struct call *c, struct id route_id, const struct route_limits *limits)
{
    db_route_set_back(c, .route_id = route_id, .back_s = limits->breaks.back);
    db_route_breaks_drop(c, .route_id = route_id);
    for (size_t i = 0; i < limits->breaks.count; i++) {
        const struct plan_break *broken = &limits->breaks.items[i];
        struct id stop_id = {{0}};

        if (broken->stop > 0)
            stop_id = limits->stops[broken->stop - 1];
        db_route_break_insert(c, .route_id = route_id, .number = (int64_t)i + 1,
                              .reason = routing_reason_of(broken->reason), .amount = broken->amount,
                              .stop_id = stop_id, .is_hard = broken->is_hard);
    }
}

void limits_renew(struct call *c, const struct route_lock *route,
                  const struct stop_places_list *stops)
{
    struct route_frame frame = route_frame_of(route);
    struct route_limits limits = route_limits(c, &frame, stops);

    limits_write(c, route->route_id, &limits);
}

void limits_refresh(struct call *c, struct id route_id)
{
    struct route_lock route;
    struct stop_places_list stops;

    if (!route_take(c, route_id, &route))
        return;
    stops = db_stop_places(c, .route_id = route_id);
    limits_renew(c, &route, &stops);
}
