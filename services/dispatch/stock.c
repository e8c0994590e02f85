/* stock.c - what lies in a depot: received, adjusted with a reason, never below zero (D5). */
#include "base/money.h"
#include "dispatch.h"
#include "service/page.h"

static bool product_exists(struct call *c, struct id product_id, const char *field)
{
    struct product_text product;

    if (db_product_text(c, &product, .product_id = product_id))
        return true;
    fail_at(c, field, ERROR_PRODUCT_UNKNOWN, NULL);
    return false;
}

int stock_receive(struct call *c, const struct stock_receive_request *request,
                  struct stock_receive_reply *reply)
{
    struct depot_find depot;

    if (!quantities_check(c, "lines", &request->lines) || !depot_take(c, request->depot_id, &depot))
        return -1;
    reply->levels = (struct stock_level_list){
        .items = arena_array(c->arena, struct stock_level, request->lines.count),
        .count = request->lines.count};
    for (size_t i = 0; i < request->lines.count; i++) {
        const struct product_quantity *line = &request->lines.items[i];

        if (line->quantity == 0)
            return fail_at(c, call_print(c, "lines[%zu].quantity", i), ERROR_FIELD_RANGE, "> 0");
        if (!product_exists(c, line->product_id, call_print(c, "lines[%zu].product_id", i)))
            return -1;
        if (!db_stock_add(c, &reply->levels.items[i], .depot_id = request->depot_id,
                          .product_id = line->product_id, .quantity = line->quantity))
            return -1;
        db_stock_move(c, .movement_id = call_id(c), .depot_id = request->depot_id,
                      .product_id = line->product_id, .kind = MOVEMENT_KIND_RECEIVED,
                      .quantity = line->quantity, .reason = request->note);
    }
    return has_failed(c) ? -1 : 0;
}

int stock_adjust(struct call *c, const struct stock_adjust_request *request,
                 struct stock_adjust_reply *reply)
{
    struct depot_find depot;
    struct stock_lock here = {0};
    struct stock_level level;

    if (request->quantity == 0)
        return fail_at(c, "quantity", ERROR_FIELD_RANGE, "<> 0");
    if (!depot_take(c, request->depot_id, &depot) ||
        !product_exists(c, request->product_id, "product_id"))
        return -1;
    db_stock_lock(c, &here, .depot_id = request->depot_id, .product_id = request->product_id);
    if (!money_add(here.on_hand, request->quantity, &reply->on_hand))
        return fail_at(c, "quantity", ERROR_OVERFLOW, NULL);
    if (reply->on_hand < 0)
        return fail_at(c, "quantity", ERROR_STOCK_SHORT, "%s", quantity_text(c, here.on_hand));
    if (request->quantity < 0)
        db_stock_take(c, .depot_id = request->depot_id, .product_id = request->product_id,
                      .quantity = -request->quantity);
    else if (db_stock_add(c, &level, .depot_id = request->depot_id,
                          .product_id = request->product_id, .quantity = request->quantity))
        reply->on_hand = level.on_hand;
    db_stock_move(c, .movement_id = call_id(c), .depot_id = request->depot_id,
                  .product_id = request->product_id, .kind = MOVEMENT_KIND_ADJUSTED,
                  .quantity = request->quantity, .reason = request->reason);
    return has_failed(c) ? -1 : 0;
}

int stock_list(struct call *c, const struct stock_list_request *request,
               struct stock_list_reply *reply)
{
    int64_t limit = page_limit(request->has_limit, request->limit);

    reply->items =
        db_stock_list(c, .depot_id = request->depot_id, .product_id = request->product_id,
                      .after = page_after(c, request->after), .limit = limit, PAGE_SORT(request));
    reply->next = PAGE_NEXT(c, reply->items, stock_id, limit);
    return has_failed(c) ? -1 : 0;
}

int stock_history(struct call *c, const struct stock_history_request *request,
                  struct stock_history_reply *reply)
{
    int64_t limit = page_limit(request->has_limit, request->limit);
    struct depot_find depot;

    if (!depot_take(c, request->depot_id, &depot))
        return -1;
    reply->items = db_stock_history(
        c, .depot_id = request->depot_id, .product_id = request->product_id,
        .after = page_after(c, request->after), .limit = limit, PAGE_SORT(request));
    reply->next = PAGE_NEXT(c, reply->items, movement_id, limit);
    return has_failed(c) ? -1 : 0;
}
