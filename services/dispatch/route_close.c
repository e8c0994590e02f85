/* route_close.c - the end of a route: loaded − delivered + taken back − handed back = 0, or a booked difference (D8). */
#include "base/money.h"
#include "delivery_rules.h"
#include "dispatch.h"

/* One product of the route as it is counted. */
struct counted {
    struct id product_id;
    const char *product;
    struct goods_count count;
    int64_t difference;
};

struct count_sheet {
    struct counted *items;
    size_t count;
};

/* What the route had, and what came back of it, and what came back that it never had. */
static struct count_sheet make_sheet(struct call *c, struct id route_id,
                                     const struct product_quantity_list *handed_back)
{
    struct route_goods_lock_list goods = db_route_goods_lock(c, .route_id = route_id);
    struct count_sheet sheet = {
        .items = arena_array(c->arena, struct counted, goods.count + handed_back->count + 1)};

    for (size_t i = 0; i < goods.count; i++)
        sheet.items[sheet.count++] =
            (struct counted){.product_id = goods.items[i].product_id,
                             .product = goods.items[i].product,
                             .count = {.loaded = goods.items[i].loaded,
                                       .delivered = goods.items[i].delivered,
                                       .taken_back = goods.items[i].taken_back}};
    for (size_t i = 0; i < handed_back->count; i++) {
        size_t at = 0;

        while (at < sheet.count &&
               !id_equal(sheet.items[at].product_id, handed_back->items[i].product_id))
            at++;
        if (at == sheet.count)
            sheet.items[sheet.count++] =
                (struct counted){.product_id = handed_back->items[i].product_id};
        sheet.items[at].count.handed_back = handed_back->items[i].quantity;
    }
    return sheet;
}

/* The lines that do not agree, at most as many as an event carries; a reason is needed for the first. */
static struct route_difference_list find_differences(struct call *c, struct count_sheet *sheet,
                                                     const char *reason)
{
    enum { DIFFERENCES_MOST = 200 };
    struct route_difference_list list = {
        .items = arena_array(c->arena, struct route_difference, DIFFERENCES_MOST)};

    for (size_t i = 0; i < sheet->count; i++) {
        struct counted *line = &sheet->items[i];

        line->difference = goods_difference(line->count);
        if (line->difference == 0)
            continue;
        if (reason == NULL)
            fail_at(c, "reason", ERROR_DIFFERENCE_UNEXPLAINED, "%s",
                    product_name(c, line->product, line->product_id));
        if (list.count < DIFFERENCES_MOST)
            list.items[list.count++] = (struct route_difference){
                .product_id = line->product_id,
                .loaded = line->count.loaded,
                .delivered = line->count.delivered,
                .returned = line->count.handed_back - line->count.taken_back,
                .difference = line->difference};
    }
    return list;
}

/* What is left goes into the depot where the vehicle ends its day. */
static void book(struct call *c, const struct route_lock *route, const struct count_sheet *sheet)
{
    struct id depot_id = id_is_none(route->end_depot_id) ? route->depot_id : route->end_depot_id;

    for (size_t i = 0; i < sheet->count; i++) {
        const struct counted *line = &sheet->items[i];
        struct stock_level level;

        db_route_goods_book(c, .route_id = route->route_id, .product_id = line->product_id,
                            .loaded = line->count.loaded, .delivered = line->count.delivered,
                            .taken_back = line->count.taken_back,
                            .handed_back = line->count.handed_back, .difference = line->difference);
        if (line->count.handed_back == 0)
            continue;
        db_stock_add(c, &level, .depot_id = depot_id, .product_id = line->product_id,
                     .quantity = line->count.handed_back);
        db_stock_move(c, .movement_id = call_id(c), .depot_id = depot_id,
                      .product_id = line->product_id, .kind = MOVEMENT_KIND_HANDED_BACK,
                      .quantity = line->count.handed_back, .source_id = route->route_id);
    }
}

int route_close(struct call *c, const struct route_close_request *request,
                struct route_close_reply *reply)
{
    struct route_lock route;
    struct route_stops_open open = {0};
    struct count_sheet sheet;

    if (!quantities_check(c, "handed_back", &request->handed_back) ||
        !route_take(c, request->route_id, &route))
        return -1;
    if (route.status != ROUTE_STATUS_STARTED)
        return fail(c, ERROR_ROUTE_NOT_STARTED, NULL);
    db_route_stops_open(c, &open, .route_id = route.route_id);
    if (open.stops > 0)
        return fail(c, ERROR_STOPS_OPEN, "%lld", (long long)open.stops);
    sheet = make_sheet(c, route.route_id, &request->handed_back);
    *reply =
        (struct route_close_reply){.route_id = route.route_id,
                                   .delivered_amount = open.amount,
                                   .differences = find_differences(c, &sheet, request->reason)};
    if (has_failed(c))
        return -1;
    book(c, &route, &sheet);
    db_route_close(c, .route_id = route.route_id, .amount = open.amount, .reason = request->reason);
    if (reply->differences.count > 0)
        emit_route_differed(c, .route_id = route.route_id, .driver_id = route.driver_id,
                            .differences = reply->differences);
    emit_route_closed(c, .route_id = route.route_id, .delivery_date = route.delivery_date,
                      .driver_id = route.driver_id, .differences = reply->differences,
                      .delivered_amount = open.amount);
    return has_failed(c) ? -1 : 0;
}
