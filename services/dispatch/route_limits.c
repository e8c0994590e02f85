/* route_limits.c - the dispatcher's own hand: a route may break a limit only knowingly, and shows which and by how much (D4). */
#include <inttypes.h>

#include "dispatch.h"

enum { BREAKS_SHOWN = 200 };

struct route_limits route_limits(struct call *c, const struct route_frame *frame,
                                 const struct stop_places_list *rows)
{
    struct plan_problem problem = route_problem(c, frame, rows, WAYS_ALONG);
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

static void add(struct route_break_list *list, const struct route_break *broken)
{
    if (list->count < BREAKS_SHOWN)
        list->items[list->count++] = *broken;
}

/* An inspection or a licence that ends before the day: by how many days. */
static void add_paper(struct route_break_list *list, struct id route_id, enum routing_reason reason,
                      int32_t date, int32_t until)
{
    if (until < date)
        add(list,
            &(struct route_break){
                .route_id = route_id, .reason = reason, .amount = date - until, .is_hard = true});
}

static void add_route(struct call *c, struct id route_id, const struct route_frame *frame,
                      struct route_break_list *list)
{
    struct stop_places_list rows = db_stop_places(c, .route_id = route_id);
    struct route_limits limits = route_limits(c, frame, &rows);
    struct route_papers papers;

    if (db_route_papers(c, &papers, .vehicle_id = frame->vehicle_id,
                        .driver_id = frame->driver_id)) {
        add_paper(list, route_id, ROUTING_REASON_INSPECTION, frame->delivery_date,
                  papers.inspected_until);
        if (papers.licence_until != 0)
            add_paper(list, route_id, ROUTING_REASON_LICENCE, frame->delivery_date,
                      papers.licence_until);
    }
    for (size_t i = 0; i < limits.breaks.count; i++) {
        const struct plan_break *broken = &limits.breaks.items[i];
        struct route_break shown = {.route_id = route_id,
                                    .reason = routing_reason_of(broken->reason),
                                    .amount = broken->amount,
                                    .is_hard = broken->is_hard};
        struct break_order order = {.number = NULL};

        if (broken->stop > 0) {
            db_break_order(c, &order, .order_id = limits.orders[broken->stop - 1]);
            shown.stop_id = rows.items[broken->stop - 1].stop_id;
            shown.order_number = order.number;
            shown.customer = order.customer;
        }
        add(list, &shown);
    }
}

/* What is said of several branches' ways together: where the first that has any has them from, and how many of all there were not. */
static void add_ways(struct ways *sum, const struct ways *ways)
{
    if (ways == NULL)
        return;
    if (sum->travel == NULL) {
        sum->travel = ways->travel;
        sum->wrong = ways->wrong;
    }
    sum->asked += ways->asked;
    sum->lacking += ways->lacking;
}

struct route_break_list breaks_of(struct call *c, struct id_list route_ids, struct ways *ways)
{
    struct route_frames_list routes = db_route_frames(c, .route_ids = route_ids);
    struct route_break_list list = {.items =
                                        arena_array(c->arena, struct route_break, BREAKS_SHOWN)};
    struct plan_rates rates = {0};
    struct id rated = {{0}}; /* the branch whose rates these are */

    for (size_t i = 0; i < routes.count; i++) {
        const struct route_frames *route = &routes.items[i];
        const struct route_frame frame = route_frame_read(route, &rates);

        if (route->status == ROUTE_STATUS_CLOSED || route->status == ROUTE_STATUS_CANCELLED ||
            !call_enter_branch(c, route->branch_id))
            continue;
        if (!id_equal(rated, route->branch_id)) {
            add_ways(ways, rates.ways);
            rates = plan_rates_of(c);
        }
        rated = route->branch_id;
        add_route(c, route->route_id, &frame, &list);
    }
    add_ways(ways, rates.ways);
    return list;
}
