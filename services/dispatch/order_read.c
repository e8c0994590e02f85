/* order_read.c - orders and the delivery lists as people see them. */
#include "dispatch.h"
#include "service/page.h"

int order_list(struct call *c, const struct order_list_request *request,
               struct order_list_reply *reply)
{
    int64_t limit = page_limit(request->has_limit, request->limit);
    struct id after = page_after(c, request->after);

    if (!id_is_none(request->customer_id))
        reply->items = db_order_list_customer(
            c, .customer_id = request->customer_id, .delivery_date = request->delivery_date,
            .status = request->status, .after = after, .limit = limit, PAGE_SORT(request));
    else if (request->delivery_date != 0)
        reply->items = db_order_list_date(c, .delivery_date = request->delivery_date,
                                          .status = request->status, .after = after, .limit = limit,
                                          PAGE_SORT(request));
    else
        reply->items = db_order_list_recent(c, .status = request->status, .after = after,
                                            .limit = limit, PAGE_SORT(request));
    reply->next = PAGE_NEXT(c, reply->items, order_id, limit);
    return has_failed(c) ? -1 : 0;
}

#define TOTAL_DAYS 31

int order_total(struct call *c, const struct order_total_request *request,
                struct order_total_reply *reply)
{
    if (request->to < request->from || request->to - request->from >= TOTAL_DAYS)
        return fail_at(c, "to", ERROR_FIELD_RANGE, "1–%d", TOTAL_DAYS);
    reply->items = db_order_total(c, .from_date = request->from, .to_date = request->to);
    return has_failed(c) ? -1 : 0;
}

int order_read(struct call *c, const struct order_read_request *request,
               struct order_read_reply *reply)
{
    struct order_card card;
    struct customer_place where = {0};

    if (!db_order_card(c, &card, .order_id = request->order_id))
        return fail(c, ERROR_NOT_FOUND, NULL);
    db_customer_place(c, &where, .of_branch_id = card.branch_id, .customer_id = card.customer_id,
                      .address_id = card.address_id);
    *reply = (struct order_read_reply){
        .order_id = request->order_id,
        .branch_id = card.branch_id,
        .number = card.number,
        .status = card.status,
        .customer_id = card.customer_id,
        .customer = where.customer,
        .address_id = card.address_id,
        .address = where.address,
        .contact = where.contact,
        .phone = where.phone,
        .delivery_date = card.delivery_date,
        .has_window = card.has_window_from && card.has_window_to,
        .window = {.from_minute = card.window_from, .to_minute = card.window_to},
        .is_urgent = card.is_urgent,
        .contract_id = card.contract_id,
        .payment_term = card.payment_term,
        .payment_days = card.payment_days,
        .amount = card.amount,
        .code = card.code,
        .note = card.note,
        .attempts = card.attempts,
        .has_priority = card.has_priority,
        .priority = card.priority,
        .has_leave_out_price = card.has_leave_out_price,
        .leave_out_price = card.leave_out_price,
        .list_id = card.list_id,
        .route_id = card.route_id,
        .stop_id = card.stop_id,
        .delivery_id = card.delivery_id,
        .placed_by = card.placed_by,
        .placed_at = card.placed_at,
        .decided_by = card.decided_by,
        .reason = card.reason,
        .lines = db_order_lines(c, .order_id = request->order_id)};
    return has_failed(c) ? -1 : 0;
}

int list_read(struct call *c, const struct list_read_request *request,
              struct list_read_reply *reply)
{
    int64_t limit = page_limit(request->has_limit, request->limit);
    struct id after = page_after(c, request->after);
    struct list_card card;

    if (!db_list_card(c, &card, .list_id = request->list_id))
        return fail(c, ERROR_NOT_FOUND, NULL);
    *reply = (struct list_read_reply){.list_id = card.list_id,
                                      .branch_id = card.branch_id,
                                      .delivery_date = card.delivery_date,
                                      .closed_at = card.closed_at,
                                      .counts = db_list_counts(c, .list_id = card.list_id),
                                      .items = db_order_list_listed(c, .list_id = card.list_id,
                                                                    .after = after, .limit = limit,
                                                                    PAGE_SORT(request))};
    reply->next = PAGE_NEXT(c, reply->items, order_id, limit);
    return has_failed(c) ? -1 : 0;
}

int list_list(struct call *c, const struct list_list_request *request,
              struct list_list_reply *reply)
{
    int64_t limit = page_limit(request->has_limit, request->limit);
    struct id after = page_after(c, request->after);

    reply->items = db_list_list(c, .from_date = request->from, .to_date = request->to,
                                .after = after, .limit = limit, PAGE_SORT(request));
    reply->next = PAGE_NEXT(c, reply->items, list_id, limit);
    return has_failed(c) ? -1 : 0;
}
