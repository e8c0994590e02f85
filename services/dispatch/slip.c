/* slip.c - outbound slips: what a route takes along, numbered without gaps, checked out against stock (D5). */

#include "base/money.h"
#include "dispatch.h"
#include "service/number.h"
#include "service/page.h"
#include "slip_rules.h"

/* Extra goods must be products that exist, each once. */
static bool check_extra(struct call *c, const struct product_quantity_list *extra)
{
    if (!quantities_check(c, "extra", extra))
        return false;
    for (size_t i = 0; i < extra->count; i++) {
        struct product_text product;

        if (!db_product_text(c, &product, .product_id = extra->items[i].product_id))
            return refuse(c, call_print(c, "extra[%zu].product_id", i), ERROR_PRODUCT_UNKNOWN,
                          NULL);
    }
    return true;
}

static struct product_quantity_list needs_of(struct call *c, struct id route_id)
{
    struct slip_needs_list rows = db_slip_needs(c, .route_id = route_id);
    struct product_quantity_list list = {
        .items = arena_array(c->arena, struct product_quantity, rows.count + 1),
        .count = rows.count};

    for (size_t i = 0; i < rows.count; i++)
        list.items[i] = (struct product_quantity){.product_id = rows.items[i].product_id,
                                                  .quantity = rows.items[i].quantity};
    return list;
}

/* The vehicle holds all of it, what is taken along beyond the stops' needs too (D4). */
static bool check_load(struct call *c, const struct route_lock *route,
                       const struct slip_lines_to_load *load)
{
    struct plan_goods *goods = arena_array(c->arena, struct plan_goods, load->count + 1);

    for (size_t i = 0; i < load->count; i++)
        goods[i] = (struct plan_goods){load->items[i].product_id, load->items[i].quantity};
    return load_check(c, NULL, route->vehicle_id, route->capacity, goods, load->count);
}

int slip_make(struct call *c, const struct slip_make_request *request,
              struct slip_make_reply *reply)
{
    struct route_lock route;
    struct slip_of_route slip;
    struct product_quantity_list needs;
    struct slip_lines_to_load load;

    if (!route_take(c, request->route_id, &route) || !route_is_open(c, &route) ||
        !check_extra(c, &request->extra))
        return -1;
    needs = needs_of(c, route.route_id);
    if (needs.count == 0)
        return fail(c, ERROR_ROUTE_EMPTY, NULL);
    load = slip_load(c->arena, needs, request->extra);
    if (!check_load(c, &route, &load))
        return -1;
    if (db_slip_of_route(c, &slip, .route_id = route.route_id)) { /* renewed under its number */
        *reply = (struct slip_make_reply){.slip_id = slip.slip_id, .number = slip.number};
        db_slip_lines_delete(c, .slip_id = slip.slip_id);
    } else {
        *reply = (struct slip_make_reply){.slip_id = call_id(c), .number = number_next(c, "CK")};
        db_slip_insert(c, .slip_id = reply->slip_id, .number = reply->number,
                       .route_id = route.route_id, .depot_id = route.depot_id);
    }
    for (size_t i = 0; i < load.count; i++)
        db_slip_line_insert(c, .slip_id = reply->slip_id, .product_id = load.items[i].product_id,
                            .quantity = load.items[i].quantity, .extra = load.items[i].extra);
    reply->products = (int64_t)load.count;
    return has_failed(c) ? -1 : 0;
}

/* Locks the stock of the slip's products; names the first that is short and what is there. */
static bool check_stock(struct call *c, const struct slip_lock *slip,
                        const struct slip_lines_here_list *lines)
{
    struct slip_stock_list stock =
        db_slip_stock(c, .slip_id = slip->slip_id, .depot_id = slip->depot_id);

    for (size_t i = 0, k = 0; i < lines->count && !has_failed(c); i++) {
        const struct slip_lines_here *line = &lines->items[i];
        int64_t on_hand = 0;

        if (k < stock.count && id_equal(stock.items[k].product_id, line->product_id))
            on_hand = stock.items[k++].on_hand;
        if (on_hand < line->quantity)
            fail(c, ERROR_STOCK_SHORT, "%s %s < %s",
                 product_name(c, line->product, line->product_id), quantity_text(c, on_hand),
                 quantity_text(c, line->quantity));
    }
    return !has_failed(c);
}

static void load_goods(struct call *c, const struct slip_lock *slip,
                       const struct slip_lines_here_list *lines,
                       struct product_quantity_list *loaded)
{
    *loaded = (struct product_quantity_list){
        .items = arena_array(c->arena, struct product_quantity, lines->count + 1),
        .count = lines->count};
    for (size_t i = 0; i < lines->count; i++) {
        db_stock_take(c, .depot_id = slip->depot_id, .product_id = lines->items[i].product_id,
                      .quantity = lines->items[i].quantity);
        loaded->items[i] = (struct product_quantity){.product_id = lines->items[i].product_id,
                                                     .quantity = lines->items[i].quantity};
    }
    for (size_t i = 0; i < lines->count; i++)
        db_stock_move(c, .movement_id = call_id(c), .depot_id = slip->depot_id,
                      .product_id = lines->items[i].product_id, .kind = MOVEMENT_KIND_CHECKED_OUT,
                      .quantity = -lines->items[i].quantity, .source_id = slip->slip_id);
    for (size_t i = 0; i < lines->count; i++)
        db_route_goods_load(c, .route_id = slip->route_id, .product_id = lines->items[i].product_id,
                            .quantity = lines->items[i].quantity);
}

/* A vehicle is loaded again only when its trip before is closed, goods and money handed over. */
static bool is_back(struct call *c, const struct route_lock *route)
{
    struct route_before before;

    if (id_is_none(route->after_route_id) ||
        !db_route_before(c, &before, .route_id = route->after_route_id) ||
        before.status == ROUTE_STATUS_CLOSED || before.status == ROUTE_STATUS_CANCELLED)
        return !has_failed(c);
    return refuse(c, NULL, ERROR_TRIP_BEFORE, "%s", before.number);
}

int slip_check_out(struct call *c, const struct slip_check_out_request *request,
                   struct slip_check_out_reply *reply)
{
    struct slip_find where;
    struct route_lock route;
    struct slip_lock slip;
    struct slip_lines_here_list lines;
    struct product_quantity_list loaded;

    if (!db_slip_find(c, &where, .slip_id = request->slip_id))
        return fail(c, ERROR_NOT_FOUND, NULL);
    if (!route_take(c, where.route_id, &route))
        return -1;
    if (!db_slip_lock(c, &slip, .slip_id = request->slip_id))
        return fail(c, ERROR_NOT_FOUND, NULL);
    if (slip.status != SLIP_STATUS_MADE)
        return fail(c, ERROR_SLIP_CLOSED, "%s", slip_status_text(slip.status));
    if (route.status != ROUTE_STATUS_PUBLISHED)
        return fail(c, ERROR_ROUTE_FIXED, "%s", route_status_text(route.status));
    if (!is_back(c, &route))
        return -1;
    lines = db_slip_lines_here(c, .slip_id = slip.slip_id);
    if (!slip_is_current(lines, needs_of(c, route.route_id)))
        return fail(c, ERROR_SLIP_OUTDATED, NULL);
    if (!check_stock(c, &slip, &lines))
        return -1;
    load_goods(c, &slip, &lines, &loaded);
    db_slip_check_out(c, .slip_id = slip.slip_id);
    db_route_loaded(c, .route_id = route.route_id);
    emit_slip_checked_out(c, .slip_id = slip.slip_id, .number = slip.number,
                          .route_id = route.route_id, .depot_id = slip.depot_id, .lines = loaded,
                          .driver_id = route.driver_id);
    *reply = (struct slip_check_out_reply){.slip_id = slip.slip_id, .number = slip.number};
    return has_failed(c) ? -1 : 0;
}

int slip_list(struct call *c, const struct slip_list_request *request,
              struct slip_list_reply *reply)
{
    int64_t limit = page_limit(request->has_limit, request->limit);

    reply->items =
        db_slip_list(c, .delivery_date = request->delivery_date, .status = request->status,
                     .after = page_after(c, request->after), .limit = limit, PAGE_SORT(request));
    reply->next = PAGE_NEXT(c, reply->items, slip_id, limit);
    return has_failed(c) ? -1 : 0;
}

int slip_read(struct call *c, const struct slip_read_request *request,
              struct slip_read_reply *reply)
{
    int64_t limit = page_limit(request->has_limit, request->limit);
    struct slip_card card;

    if (!db_slip_card(c, &card, .slip_id = request->slip_id))
        return fail(c, ERROR_NOT_FOUND, NULL);
    *reply = (struct slip_read_reply){
        .slip_id = card.slip_id,
        .branch_id = card.branch_id,
        .number = card.number,
        .route_id = card.route_id,
        .depot_id = card.depot_id,
        .status = card.status,
        .made_at = card.made_at,
        .checked_out_at = card.checked_out_at,
        .checked_out_by = card.checked_out_by,
        .reason = card.reason,
        .items = db_slip_lines(c, .slip_id = card.slip_id,
                               .after_id = page_after(c, request->after), .limit = limit)};
    reply->next = PAGE_NEXT(c, reply->items, product_id, limit);
    return has_failed(c) ? -1 : 0;
}
