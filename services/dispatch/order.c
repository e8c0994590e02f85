/* order.c - orders are placed, changed, cancelled, reduced. */
#include <inttypes.h>

#include "base/clock.h"
#include "base/money.h"
#include "order_rules.h"
#include "order_terms.h"

static const char *order_number(struct call *c, int64_t serial)
{
    int year, month, day;

    date_civil(c->today, &year, &month, &day);
    return call_print(c, "DD%02d%02d%02d-%06" PRId64, year % 100, month, day, serial);
}

static void write_lines(struct call *c, struct id order_id, struct priced_line_list lines)
{
    for (size_t i = 0; i < lines.count; i++)
        db_order_line_insert(c, .order_id = order_id, .line = (int64_t)i + 1,
                             .product_id = lines.items[i].product_id,
                             .quantity = lines.items[i].quantity, .price = lines.items[i].price,
                             .tax_permille = lines.items[i].tax_permille,
                             .amount = lines.items[i].amount);
}

/* An operator's order under a contract in force needs nobody's leave (D2). */
static struct order_needs needs_of(struct call *c, const struct order_terms *terms)
{
    return (struct order_needs){.review = !has_function(c, FUNCTION_OPERATOR),
                                .approval = id_is_none(terms->contract_id),
                                .acceptance = terms->is_urgent};
}

int order_place(struct call *c, const struct order_place_request *request,
                struct order_place_reply *reply)
{
    struct order_wish wish = {.customer_id = request->customer_id,
                              .address_id = request->address_id,
                              .delivery_date = request->delivery_date,
                              .lines = request->lines,
                              .payment_term = request->payment_term,
                              .confirm_duplicate = request->confirm_duplicate};
    struct order_terms terms;
    struct order_needs needs;

    if (!order_terms_find(c, &wish, &terms))
        return -1;
    needs = needs_of(c, &terms);
    *reply = (struct order_place_reply){.order_id = call_id(c),
                                        .number = order_number(c, terms.serial),
                                        .status = order_waits_for(needs),
                                        .is_urgent = terms.is_urgent,
                                        .contract_id = terms.contract_id,
                                        .payment_term = terms.payment_term,
                                        .amount = terms.amount,
                                        .lines = terms.lines};
    db_order_insert(c, .order_id = reply->order_id, .number = reply->number,
                    .customer_id = request->customer_id, .address_id = request->address_id,
                    .delivery_date = request->delivery_date, .has_window_from = request->has_window,
                    .window_from = request->window.from_minute,
                    .has_window_to = request->has_window, .window_to = request->window.to_minute,
                    .status = reply->status, .needs_review = needs.review,
                    .needs_approval = needs.approval, .needs_acceptance = needs.acceptance,
                    .is_urgent = terms.is_urgent, .contract_id = terms.contract_id,
                    .payment_term = terms.payment_term, .payment_days = terms.payment_days,
                    .amount = terms.amount, .code = call_print(c, "%06" PRId64, terms.code),
                    .note = request->note);
    write_lines(c, reply->order_id, terms.lines);
    emit_order_placed(c, .order_id = reply->order_id, .number = reply->number,
                      .customer_id = request->customer_id, .address_id = request->address_id,
                      .delivery_date = request->delivery_date, .contract_id = terms.contract_id,
                      .is_urgent = terms.is_urgent, .status = order_status_text(reply->status),
                      .amount = terms.amount, .lines = terms.lines);
    if (needs.approval)
        order_ask_approval(c, reply->order_id, reply->number, terms.amount);
    return has_failed(c) ? -1 : 0;
}

/* Operators change any order, the others their own. */
static bool take_to_change(struct call *c, struct id order_id, struct order_lock *order)
{
    if (!order_take(c, order_id, order))
        return false;
    if (!has_function(c, FUNCTION_OPERATOR) && !id_equal(order->placed_by, c->actor.staff_id))
        fail(c, ERROR_ORDER_NOT_YOURS, NULL);
    return !has_failed(c);
}

int order_change(struct call *c, const struct order_change_request *request,
                 struct order_change_reply *reply)
{
    struct order_lock order;
    struct order_terms terms;
    struct order_needs needs;

    if (!take_to_change(c, request->order_id, &order))
        return -1;
    if (!order_is_changeable(order.status))
        return fail(c, ERROR_ORDER_CLOSED, "%s", order_status_text(order.status));
    if (!order_terms_find(c,
                          &(struct order_wish){.customer_id = order.customer_id,
                                               .address_id = request->address_id,
                                               .order_id = order.order_id,
                                               .delivery_date = request->delivery_date,
                                               .lines = request->lines,
                                               .payment_term = request->payment_term,
                                               .confirm_duplicate = request->confirm_duplicate},
                          &terms))
        return -1;
    needs = needs_of(c, &terms);
    *reply = (struct order_change_reply){.order_id = order.order_id,
                                         .status = order_waits_for(needs),
                                         .is_urgent = terms.is_urgent,
                                         .amount = terms.amount,
                                         .lines = terms.lines};
    order_withdraw_approval(c, order.order_id);
    db_order_rewrite(
        c, .order_id = order.order_id, .address_id = request->address_id,
        .delivery_date = request->delivery_date, .has_window_from = request->has_window,
        .window_from = request->window.from_minute, .has_window_to = request->has_window,
        .window_to = request->window.to_minute, .status = reply->status,
        .needs_review = needs.review, .needs_approval = needs.approval,
        .needs_acceptance = needs.acceptance, .is_urgent = terms.is_urgent,
        .contract_id = terms.contract_id, .payment_term = terms.payment_term,
        .payment_days = terms.payment_days, .amount = terms.amount,
        .note = request->note == NULL ? order.note : request->note);
    db_order_lines_delete(c, .order_id = order.order_id);
    write_lines(c, order.order_id, terms.lines);
    emit_order_decided(c, .order_id = order.order_id, .customer_id = order.customer_id,
                       .status = reply->status, .amount = terms.amount);
    if (needs.approval)
        order_ask_approval(c, order.order_id, order.number, terms.amount);
    return has_failed(c) ? -1 : 0;
}

int order_cancel(struct call *c, const struct order_cancel_request *request,
                 struct order_cancel_reply *reply)
{
    struct order_lock order;

    if (!take_to_change(c, request->order_id, &order))
        return -1;
    if (!order_is_changeable(order.status) && order.status != ORDER_STATUS_HELD &&
        order.status != ORDER_STATUS_LISTED)
        return fail(c, ERROR_ORDER_CLOSED, "%s", order_status_text(order.status));
    order_withdraw_approval(c, order.order_id);
    db_order_end(c, .order_id = order.order_id, .status = ORDER_STATUS_CANCELLED,
                 .reason = request->reason);
    emit_order_cancelled(c, .order_id = order.order_id, .customer_id = order.customer_id,
                         .reason = request->reason);
    reply->status = ORDER_STATUS_CANCELLED;
    return 0;
}

/* The reduced lines in place; false and a failure when one is not the order's, or not less. */
static bool reduce_lines(struct call *c, const struct order_reduce_request *request,
                         struct priced_line_list lines)
{
    for (size_t i = 0; i < request->lines.count; i++) {
        const struct reduced_item *item = &request->lines.items[i];
        struct priced_line *line = NULL;

        for (size_t k = 0; k < lines.count && line == NULL; k++)
            if (id_equal(lines.items[k].product_id, item->product_id))
                line = &lines.items[k];
        if (line == NULL)
            return refuse(c, call_print(c, "lines[%zu].product_id", i), ERROR_PRODUCT_NOT_ORDERED,
                          NULL);
        if (item->quantity >= line->quantity)
            return refuse(c, call_print(c, "lines[%zu].quantity", i), ERROR_ORDER_NOT_REDUCED, "%s",
                          quantity_text(c, line->quantity));
        line->quantity = item->quantity;
        if (!money_of(line->quantity, line->price, &line->amount))
            return refuse(c, NULL, ERROR_OVERFLOW, NULL);
        db_order_line_reduce(c, .order_id = request->order_id, .product_id = line->product_id,
                             .quantity = line->quantity, .amount = line->amount);
    }
    return true;
}

int order_reduce(struct call *c, const struct order_reduce_request *request,
                 struct order_reduce_reply *reply)
{
    struct order_branch where;
    struct order_route route;
    struct order_lock order;
    struct order_lines_here_list rows;
    struct priced_line_list lines;

    if (!db_order_branch(c, &where, .order_id = request->order_id))
        return fail(c, ERROR_NOT_FOUND, NULL);
    if (!call_enter_branch(c, where.branch_id))
        return -1;
    if (db_order_route(c, &route, .order_id = request->order_id) &&
        route.status != ROUTE_STATUS_DRAFT && route.status != ROUTE_STATUS_PUBLISHED)
        return fail(c, ERROR_ORDER_CLOSED, "%s", route_status_text(route.status));
    if (!order_take(c, request->order_id, &order))
        return -1;
    if (order.status != ORDER_STATUS_LISTED && order.status != ORDER_STATUS_PLANNED)
        return fail(c, ERROR_ORDER_CLOSED, "%s", order_status_text(order.status));
    rows = db_order_lines_here(c, .order_id = order.order_id);
    lines = (struct priced_line_list){
        .items = arena_array(c->arena, struct priced_line, rows.count + 1), .count = rows.count};
    for (size_t i = 0; i < rows.count; i++)
        lines.items[i] = (struct priced_line){.product_id = rows.items[i].product_id,
                                              .quantity = rows.items[i].quantity,
                                              .price = rows.items[i].price,
                                              .tax_permille = rows.items[i].tax_permille};
    if (!reduce_lines(c, request, lines))
        return -1;
    if (!order_sum(lines, &reply->amount))
        return fail(c, ERROR_OVERFLOW, NULL);
    db_order_set_amount(c, .order_id = order.order_id, .amount = reply->amount,
                        .reason = request->reason);
    emit_order_decided(c, .order_id = order.order_id, .customer_id = order.customer_id,
                       .status = order.status, .amount = reply->amount, .reason = request->reason);
    return 0;
}
