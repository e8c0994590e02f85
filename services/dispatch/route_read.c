/* route_read.c - routes, their goods and the live board as people see them (D9). */
#include "dispatch.h"
#include "service/page.h"

int route_list(struct call *c, const struct route_list_request *request,
               struct route_list_reply *reply)
{
    int64_t limit = page_limit(request->has_limit, request->limit);

    reply->items = db_route_list_recent(c, .delivery_date = request->delivery_date,
                                        .driver_id = request->driver_id, .status = request->status,
                                        .after = page_after(c, request->after), .limit = limit,
                                        PAGE_SORT(request));
    reply->next = PAGE_NEXT(c, reply->items, route_id, limit);
    return has_failed(c) ? -1 : 0;
}

int route_read(struct call *c, const struct route_read_request *request,
               struct route_read_reply *reply)
{
    struct id route_id = request->route_id;
    struct ways ways = {.travel = NULL};
    struct route_card card;

    if (!db_route_card(c, &card, .route_id = route_id))
        return fail(c, ERROR_NOT_FOUND, NULL);
    *reply =
        (struct route_read_reply){.route_id = request->route_id,
                                  .branch_id = card.branch_id,
                                  .number = card.number,
                                  .delivery_date = card.delivery_date,
                                  .status = card.status,
                                  .depot_id = card.depot_id,
                                  .vehicle_id = card.vehicle_id,
                                  .plate = card.plate,
                                  .driver_id = card.driver_id,
                                  .driver = card.driver,
                                  .distance_m = card.distance_m,
                                  .published_at = card.published_at,
                                  .started_at = card.started_at,
                                  .closed_at = card.closed_at,
                                  .slip_id = card.slip_id,
                                  .slip_number = card.slip_number,
                                  .stops = db_route_stops(c, .route_id = request->route_id),
                                  .breaks = breaks_of(c, (struct id_list){&route_id, 1}, &ways),
                                  .limits_reason = card.limits_reason,
                                  .limits_by = card.limits_by,
                                  .end_depot_id = card.end_depot_id,
                                  .trip = card.trip,
                                  .after_route_id = card.after_route_id,
                                  .shortages = db_route_shortages(c, .route_id = route_id)};
    reply->travel = ways_travel(&ways);
    reply->travel_note = ways_note(c, &ways);
    return has_failed(c) ? -1 : 0;
}

int route_goods(struct call *c, const struct route_goods_request *request,
                struct route_goods_reply *reply)
{
    int64_t limit = page_limit(request->has_limit, request->limit);
    struct route_card card;

    if (!db_route_card(c, &card, .route_id = request->route_id))
        return fail(c, ERROR_NOT_FOUND, NULL);
    reply->items = db_route_goods_list(c, .route_id = request->route_id,
                                       .after_id = page_after(c, request->after), .limit = limit);
    reply->next = PAGE_NEXT(c, reply->items, product_id, limit);
    return has_failed(c) ? -1 : 0;
}

/* Those that stand in the way of publication first. */
static struct route_break_list hard_first(struct call *c, const struct route_break_list *breaks)
{
    struct route_break_list sorted = {
        .items = arena_array(c->arena, struct route_break, breaks->count + 1)};

    for (int soft = 0; soft <= 1; soft++)
        for (size_t i = 0; i < breaks->count; i++)
            if (breaks->items[i].is_hard == (soft == 0))
                sorted.items[sorted.count++] = breaks->items[i];
    return sorted;
}

int board_read(struct call *c, const struct board_read_request *request,
               struct board_read_reply *reply)
{
    int64_t limit = page_limit(request->has_limit, request->limit);
    struct delivery_total_of total = {0};
    struct id_list route_ids = {.count = 0};
    struct ways ways = {.travel = NULL};
    struct route_break_list breaks;

    reply->orders = db_board_orders(c, .delivery_date = request->delivery_date);
    reply->items = db_board_routes(c, .delivery_date = request->delivery_date,
                                   .before = page_after(c, request->after), .limit = limit);
    route_ids.items = arena_array(c->arena, struct id, reply->items.count + 1);
    for (size_t i = 0; i < reply->items.count; i++)
        route_ids.items[route_ids.count++] = reply->items.items[i].route_id;
    if (!request->without_breaks) {
        breaks = breaks_of(c, route_ids, &ways);
        reply->breaks = hard_first(c, &breaks);
        reply->travel = ways_travel(&ways);
        reply->travel_note = ways_note(c, &ways);
    }
    db_delivery_total_of(c, &total, .delivered_on = request->delivery_date);
    reply->delivered_amount = total.amount;
    reply->next = PAGE_NEXT(c, reply->items, route_id, limit);
    return has_failed(c) ? -1 : 0;
}
