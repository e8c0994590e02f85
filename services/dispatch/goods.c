/* goods.c - a customer gives goods back: at a stop to the driver, or at the depot (D6). */
#include "base/money.h"
#include "dispatch.h"

/* Where the goods go: onto a route's truck or into a depot, one of them. */
struct return_place {
    struct id route_id, depot_id, driver_id;
};

static bool find_place(struct call *c, const struct goods_return_request *request,
                       struct return_place *place)
{
    struct stop_lock stop;
    struct depot_find depot;

    if (id_is_none(request->stop_id) == id_is_none(request->depot_id))
        return refuse(c, NULL, ERROR_RETURN_PLACE, NULL);
    *place = (struct return_place){.depot_id = request->depot_id};
    if (!id_is_none(request->depot_id))
        return depot_take(c, request->depot_id, &depot);
    if (!stop_take(c, request->stop_id, &stop))
        return false;
    if (stop.route_status != ROUTE_STATUS_STARTED)
        return refuse(c, NULL, ERROR_ROUTE_NOT_STARTED, NULL);
    if (!id_equal(stop.customer_id, request->customer_id))
        return refuse(c, "customer_id", ERROR_CUSTOMER_UNKNOWN, NULL);
    place->route_id = stop.route_id;
    place->driver_id = stop.driver_id;
    return true;
}

/* The price of what comes back: that of the delivery it was part of, else the contract's, else the warehouse keeper's. */
static bool price_line(struct call *c, const struct goods_return_request *request, size_t at,
                       struct priced_line *line, struct return_source *source)
{
    const struct returned_item *item = &request->lines.items[at];
    struct product_text product;
    const char *name =
        db_product_text(c, &product, .product_id = item->product_id) ? product.name : NULL;
    struct order_contract_list contract;

    *line = (struct priced_line){.product_id = item->product_id, .quantity = item->quantity};
    name = product_name(c, name, item->product_id);
    if (db_return_source(c, source, .customer_id = request->customer_id,
                         .product_id = item->product_id, .delivery_id = request->delivery_id,
                         .quantity = item->quantity)) {
        line->price = source->price;
        line->tax_permille = source->tax_permille;
    } else if (!id_is_none(request->delivery_id)) {
        return refuse(c, call_print(c, "lines[%zu].quantity", at), ERROR_RETURN_EXCEEDS, "%s",
                      name);
    } else {
        *source = (struct return_source){0};
        contract =
            db_order_contract(c, .customer_id = request->customer_id, .delivery_date = c->today,
                              .product_ids = id_print(c->arena, item->product_id));
        if (contract.count > 0 && contract.items[0].has_price) {
            line->price = contract.items[0].price;
            line->tax_permille = contract.items[0].tax_permille;
        } else if (item->has_price && has_function(c, FUNCTION_WAREHOUSE)) {
            line->price = item->price;
        } else {
            return refuse(c, call_print(c, "lines[%zu].price", at), ERROR_RETURN_UNPRICED, "%s",
                          name);
        }
    }
    if (item->has_price && item->price != line->price)
        return refuse(c, call_print(c, "lines[%zu].price", at), ERROR_PRICE_BY_CONTRACT, "%s",
                      price_text(c, line->price));
    return true;
}

/* Prices all lines and adds them up. */
static bool price_lines(struct call *c, const struct goods_return_request *request,
                        struct priced_line_list lines, struct return_source *sources,
                        int64_t *amount)
{
    for (size_t i = 0; i < lines.count; i++) {
        struct priced_line *line = &lines.items[i];

        for (size_t k = 0; k < i; k++)
            if (id_equal(lines.items[k].product_id, request->lines.items[i].product_id))
                return refuse(c, call_print(c, "lines[%zu].product_id", i), ERROR_PRODUCT_DOUBLED,
                              NULL);
        if (!price_line(c, request, i, line, &sources[i]))
            return false;
        if (!money_of(line->quantity, line->price, &line->amount) ||
            !money_add(*amount, line->amount, amount))
            return refuse(c, "lines", ERROR_OVERFLOW, NULL);
    }
    return true;
}

static void write_line(struct call *c, const struct return_place *place, struct id return_id,
                       size_t at, const struct priced_line *line,
                       const struct return_source *source)
{
    struct stock_level level;

    db_goods_return_line(c, .return_id = return_id, .line = (int64_t)at + 1,
                         .product_id = line->product_id, .delivery_id = source->delivery_id,
                         .quantity = line->quantity, .price = line->price,
                         .tax_permille = line->tax_permille, .amount = line->amount);
    if (!id_is_none(source->delivery_id))
        db_delivery_line_return(c, .delivery_id = source->delivery_id, .line = source->line,
                                .quantity = line->quantity);
    if (!id_is_none(place->route_id)) {
        db_route_goods_take_back(c, .route_id = place->route_id, .product_id = line->product_id,
                                 .quantity = line->quantity);
        return;
    }
    db_stock_add(c, &level, .depot_id = place->depot_id, .product_id = line->product_id,
                 .quantity = line->quantity);
    db_stock_move(c, .movement_id = call_id(c), .depot_id = place->depot_id,
                  .product_id = line->product_id, .kind = MOVEMENT_KIND_RETURNED,
                  .quantity = line->quantity, .source_id = return_id);
}

int goods_return(struct call *c, const struct goods_return_request *request,
                 struct goods_return_reply *reply)
{
    size_t count = request->lines.count;
    struct return_source *sources = arena_array(c->arena, struct return_source, count);
    struct return_place place;
    struct return_delivery delivery;
    struct stop_customer customer;

    if (!find_place(c, request, &place))
        return -1;
    if (!db_stop_customer(c, &customer, .customer_id = request->customer_id))
        return fail_at(c, "customer_id", ERROR_CUSTOMER_UNKNOWN, NULL);
    if (!id_is_none(request->delivery_id) &&
        !db_return_delivery(c, &delivery, .delivery_id = request->delivery_id,
                            .customer_id = request->customer_id))
        return fail_at(c, "delivery_id", ERROR_DELIVERY_UNKNOWN, NULL);
    *reply = (struct goods_return_reply){
        .return_id = call_id(c),
        .lines = {.items = arena_array(c->arena, struct priced_line, count), .count = count}};
    if (!price_lines(c, request, reply->lines, sources, &reply->amount))
        return -1;
    db_goods_return_insert(c, .return_id = reply->return_id, .customer_id = request->customer_id,
                           .delivery_id = request->delivery_id, .route_id = place.route_id,
                           .depot_id = place.depot_id, .amount = reply->amount,
                           .reason = request->reason, .happened_at = request->happened_at);
    for (size_t i = 0; i < count; i++)
        write_line(c, &place, reply->return_id, i, &reply->lines.items[i], &sources[i]);
    emit_goods_returned(c, .return_id = reply->return_id, .customer_id = request->customer_id,
                        .delivery_id = request->delivery_id, .route_id = place.route_id,
                        .driver_id = place.driver_id, .returned_on = c->today,
                        .lines = reply->lines, .amount = reply->amount, .reason = request->reason);
    return has_failed(c) ? -1 : 0;
}
