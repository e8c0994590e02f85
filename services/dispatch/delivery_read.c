/* delivery_read.c - deliveries and returns as people see them and as the day's reconciliation needs them. */
#include "dispatch.h"
#include "service/page.h"

int delivery_list(struct call *c, const struct delivery_list_request *request,
                  struct delivery_list_reply *reply)
{
    int64_t limit = page_limit(request->has_limit, request->limit);

    reply->items = db_delivery_list(
        c, .from_date = request->from, .to_date = request->to, .customer_id = request->customer_id,
        .route_id = request->route_id, .after = page_after(c, request->after), .limit = limit,
        PAGE_SORT(request));
    reply->next = PAGE_NEXT(c, reply->items, delivery_id, limit);
    return has_failed(c) ? -1 : 0;
}

int delivery_total(struct call *c, const struct delivery_total_request *request,
                   struct delivery_total_reply *reply)
{
    struct delivery_total_of total = {0};

    db_delivery_total_of(c, &total, .delivered_on = request->delivered_on);
    *reply = (struct delivery_total_reply){.deliveries = total.deliveries,
                                           .amount = total.amount,
                                           .returns = total.returns,
                                           .returned_amount = total.returned_amount};
    return has_failed(c) ? -1 : 0;
}

int delivery_read(struct call *c, const struct delivery_read_request *request,
                  struct delivery_read_reply *reply)
{
    struct delivery_card card;

    if (!db_delivery_card(c, &card, .delivery_id = request->delivery_id))
        return fail(c, ERROR_NOT_FOUND, NULL);
    *reply = (struct delivery_read_reply){
        .delivery_id = request->delivery_id,
        .branch_id = card.branch_id,
        .order_id = card.order_id,
        .order_number = card.order_number,
        .route_id = card.route_id,
        .stop_id = card.stop_id,
        .driver_id = card.driver_id,
        .customer_id = card.customer_id,
        .customer = card.customer,
        .contract_id = card.contract_id,
        .delivered_on = card.delivered_on,
        .confirmed_at = card.confirmed_at,
        .happened_at = card.happened_at,
        .payment_term = card.payment_term,
        .payment_days = card.payment_days,
        .amount = card.amount,
        .is_first = card.is_first,
        .is_outlier = card.is_outlier,
        .note = card.note,
        .proof = {.kind = card.proof_kind,
                  .data = card.proof_data,
                  .code = card.proof_code,
                  .signer = card.signer},
        .lines = db_delivery_lines(c, .delivery_id = request->delivery_id)};
    return has_failed(c) ? -1 : 0;
}

int return_list(struct call *c, const struct return_list_request *request,
                struct return_list_reply *reply)
{
    int64_t limit = page_limit(request->has_limit, request->limit);

    reply->items = db_return_list(
        c, .from_date = request->from, .to_date = request->to, .customer_id = request->customer_id,
        .after = page_after(c, request->after), .limit = limit, PAGE_SORT(request));
    reply->next = PAGE_NEXT(c, reply->items, return_id, limit);
    return has_failed(c) ? -1 : 0;
}
