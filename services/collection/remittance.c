/* remittance.c - cash on its way from the driver to the branch: handed over by one, counted by another (R3, B2). */
#include "collection.h"

#include "service/page.h"

bool count_cash(struct call *c, const struct remittance_line_list *lines, int64_t *sum)
{
    *sum = 0;
    for (size_t i = 0; i < lines->count; i++) {
        int64_t value;

        for (size_t k = 0; k < i; k++) {
            if (lines->items[k].denomination == lines->items[i].denomination)
                fail_at(c, call_print(c, "lines[%zu].denomination", i), ERROR_DENOMINATION_DOUBLED,
                        NULL);
        }
        if (!money_multiply(lines->items[i].denomination, lines->items[i].count, &value) ||
            !money_add(*sum, value, sum))
            fail_at(c, call_print(c, "lines[%zu].count", i), ERROR_OVERFLOW, NULL);
    }
    return !has_failed(c);
}

static void keep_count(struct call *c, struct id remittance_id,
                       const struct remittance_line_list *lines)
{
    for (size_t i = 0; i < lines->count; i++)
        db_remittance_count_insert(c, .remittance_id = remittance_id,
                                   .denomination = lines->items[i].denomination,
                                   .pieces = lines->items[i].count);
}

int remittance_hand(struct call *c, const struct remittance_hand_request *request,
                    struct remittance_hand_reply *reply)
{
    struct remittance_take_receipts_list receipts;
    int64_t cash, expected = 0;

    if (!count_cash(c, &request->lines, &cash))
        return -1;
    reply->remittance_id = call_id(c);
    receipts = db_remittance_take_receipts(c, .remittance_id = reply->remittance_id);
    if (receipts.count == 0)
        return fail(c, ERROR_REMITTANCE_EMPTY, NULL);
    for (size_t i = 0; i < receipts.count; i++)
        expected += receipts.items[i].amount;
    reply->expected = expected;
    reply->handed = cash + (request->has_cheques ? request->cheques : 0);
    reply->receipts = (int64_t)receipts.count;
    db_remittance_insert(c, .remittance_id = reply->remittance_id, .route_id = request->route_id,
                         .expected = expected, .handed = reply->handed, .note = request->note);
    keep_count(c, reply->remittance_id, &request->lines);
    emit_remittance_handed(c, .remittance_id = reply->remittance_id, .driver_id = c->actor.staff_id,
                           .expected = expected, .handed = reply->handed);
    return 0;
}

/* What the count says: a shortage above the tolerance opens a case (R3). */
static void announce(struct call *c, const struct remittance_lock *remittance, int64_t counted)
{
    int64_t tolerance = setting_int(c, remittance_tolerance),
            shortage = remittance->expected - counted;

    emit_remittance_accepted(
        c, .remittance_id = remittance->remittance_id, .driver_id = remittance->driver_id,
        .cashier_id = c->actor.staff_id, .route_id = remittance->route_id,
        .business_date = remittance->business_date, .expected = remittance->expected,
        .counted = counted, .difference = counted - remittance->expected);
    if (shortage > tolerance)
        emit_cash_short(c, .remittance_id = remittance->remittance_id,
                        .driver_id = remittance->driver_id,
                        .business_date = remittance->business_date, .shortage = shortage,
                        .tolerance = tolerance);
}

int remittance_accept(struct call *c, const struct remittance_accept_request *request,
                      struct remittance_accept_reply *reply)
{
    struct remittance_lock remittance;
    int64_t counted;

    if (!count_cash(c, &request->lines, &counted))
        return -1;
    if (!db_remittance_lock(c, &remittance, .remittance_id = request->remittance_id))
        return fail(c, ERROR_NOT_FOUND, NULL);
    if (remittance.status == REMITTANCE_STATUS_ACCEPTED)
        return fail(c, ERROR_REMITTANCE_ACCEPTED, NULL);
    if (id_equal(remittance.driver_id, c->actor.staff_id))
        return fail(c, ERROR_REMITTANCE_OWN, NULL);
    if (!call_enter_branch(c, remittance.branch_id))
        return -1;
    counted += request->has_cheques ? request->cheques : 0;
    db_remittance_set_accepted(c, .remittance_id = remittance.remittance_id, .counted = counted);
    keep_count(c, remittance.remittance_id, &request->lines);
    journal_post(
        c, "remittance", remittance.remittance_id,
        (struct entry[]){{"cash_at_branch", {{0}}, counted},
                         {"cash_in_hand", remittance.driver_id, -remittance.expected},
                         {"cash_difference", remittance.driver_id, remittance.expected - counted}},
        3);
    announce(c, &remittance, counted);
    *reply = (struct remittance_accept_reply){.remittance_id = remittance.remittance_id,
                                              .expected = remittance.expected,
                                              .counted = counted,
                                              .difference = counted - remittance.expected};
    return 0;
}

int remittance_list(struct call *c, const struct remittance_list_request *request,
                    struct remittance_list_reply *reply)
{
    int64_t limit = page_limit(request->has_limit, request->limit);

    reply->items =
        db_remittance_list(c, .after = page_after(c, request->after),
                           .business_date = request->business_date, .driver_id = request->driver_id,
                           .status = request->status, .limit = limit, PAGE_SORT(request));
    reply->next = PAGE_NEXT(c, reply->items, remittance_id, limit);
    return 0;
}

int cash_due(struct call *c, const struct cash_due_request *request, struct cash_due_reply *reply)
{
    struct receipt_in_hand held = {0};

    (void)request;
    db_receipt_in_hand(c, &held);
    *reply = (struct cash_due_reply){.cash = held.cash,
                                     .cheques = held.cheques,
                                     .receipts = held.receipts,
                                     .oldest = held.oldest};
    return 0;
}
