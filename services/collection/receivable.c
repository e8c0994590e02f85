/* receivable.c - a confirmed delivery becomes a receivable by itself (R1); returned goods become a credit (R4). */
#include "collection.h"

#include "service/page.h"

/* An earlier over-payment pays the new debt at once. */
static void use_credit(struct call *c, struct id customer_id, struct id receivable_id,
                       int64_t credit, int64_t amount)
{
    struct debt debt = {.receivable_id = receivable_id, .open = amount};
    struct debts debts = {.items = &debt, .count = 1};
    struct id document_id = call_id(c);
    int64_t used;

    pay_oldest_first(debts, credit);
    used = debts_settle(c, debts, document_id);
    if (used == 0)
        return;
    db_account_move(c, .customer_id = customer_id, .balance = -used, .credit = -used);
    journal_post(c, "credit_use", document_id,
                 (struct entry[]){{"customer_credit", customer_id, used},
                                  {"receivable", customer_id, -used}},
                 2);
}

static int32_t due_date(const struct dispatch_delivery_confirmed *event)
{
    return event->payment_term == PAYMENT_TERM_NEXT_DELIVERY
               ? 0
               : event->delivered_on + (int32_t)event->payment_days;
}

int on_dispatch_delivery_confirmed(struct call *c, const struct dispatch_delivery_confirmed *event)
{
    struct id receivable_id = call_id(c);
    struct receivable_insert made;
    struct account_lock account;
    struct account_due after;

    if (!db_account_lock(c, &account, .customer_id = event->customer_id) ||
        !db_receivable_insert(c, &made, .receivable_id = receivable_id,
                              .customer_id = event->customer_id, .delivery_id = event->delivery_id,
                              .route_id = event->route_id, .driver_id = event->driver_id,
                              .contract_id = event->contract_id, .amount = event->amount,
                              .business_date = event->delivered_on, .due_on = due_date(event)))
        return has_failed(c) ? -1 : 0;
    db_account_move(c, .customer_id = event->customer_id, .balance = event->amount, .credit = 0);
    journal_post(c, "delivery", event->delivery_id,
                 (struct entry[]){{"receivable", event->customer_id, event->amount},
                                  {"sales", {{0}}, -event->amount}},
                 2);
    emit_receivable_created(c, .receivable_id = receivable_id, .customer_id = event->customer_id,
                            .delivery_id = event->delivery_id, .amount = event->amount,
                            .due_on = due_date(event), .business_date = event->delivered_on);
    if (account.credit > 0)
        use_credit(c, event->customer_id, receivable_id, account.credit, event->amount);
    after = balance_announce(c, event->customer_id);
    if (account.hold_reason == 0 && account.credit_limit > 0 &&
        after.balance > account.credit_limit && account.released_until < c->today)
        hold(c, event->customer_id, HOLD_REASON_OVER_LIMIT, after.balance);
    return 0;
}

int on_dispatch_goods_returned(struct call *c, const struct dispatch_goods_returned *event)
{
    struct id credit_id = call_id(c);
    struct credit_note_insert made;
    struct account_lock account;
    struct debts debts;
    int64_t rest, paid;

    if (!db_account_lock(c, &account, .customer_id = event->customer_id))
        return -1;
    debts = debts_of(c, event->customer_id);
    rest = pay_oldest_first(debts, event->amount);
    if (!db_credit_note_insert(c, &made, .credit_id = credit_id, .customer_id = event->customer_id,
                               .return_id = event->return_id, .delivery_id = event->delivery_id,
                               .amount = event->amount, .credited = rest,
                               .business_date = event->returned_on))
        return has_failed(c) ? -1 : 0;
    paid = debts_settle(c, debts, credit_id);
    db_account_move(c, .customer_id = event->customer_id, .balance = -paid, .credit = rest);
    journal_post(c, "credit_note", event->return_id,
                 (struct entry[]){{"sales_returns", {{0}}, event->amount},
                                  {"receivable", event->customer_id, -paid},
                                  {"customer_credit", event->customer_id, -rest}},
                 3);
    emit_credit_noted(c, .credit_id = credit_id, .customer_id = event->customer_id,
                      .return_id = event->return_id, .amount = event->amount,
                      .business_date = event->returned_on);
    balance_announce(c, event->customer_id);
    return 0;
}

int on_dispatch_route_closed(struct call *c, const struct dispatch_route_closed *event)
{
    db_route_total_insert(c, .route_id = event->route_id, .driver_id = event->driver_id,
                          .business_date = event->delivery_date,
                          .delivered_amount = event->delivered_amount);
    return 0;
}

int on_leads_customer_changed(struct call *c, const struct leads_customer_changed *event)
{
    db_account_name(c, .customer_id = event->customer_id, .name = event->name);
    return 0;
}

int on_contracts_contract_activated(struct call *c,
                                    const struct contracts_contract_activated *event)
{
    db_account_limit(c, .customer_id = event->customer_id, .credit_limit = event->credit_limit);
    return 0;
}

int on_contracts_credit_reported(struct call *c, const struct contracts_credit_reported *event)
{
    struct account_lock account;

    if (db_account_lock(c, &account, .customer_id = event->customer_id) &&
        account.credit_limit == 0)
        db_account_limit(c, .customer_id = event->customer_id, .credit_limit = event->credit_limit);
    return 0;
}

int on_staff_person_left(struct call *c, const struct staff_person_left *event)
{
    emit_holdings_moved(c, .staff_id = event->staff_id, .successor_id = event->successor_id,
                        .kind = "receipts", .count = 0);
    return 0;
}

int receivable_list(struct call *c, const struct receivable_list_request *request,
                    struct receivable_list_reply *reply)
{
    int64_t limit = page_limit(request->has_limit, request->limit);

    reply->items = db_receivable_list(
        c, .after = page_after(c, request->after), .customer_id = request->customer_id,
        .business_date = request->business_date,
        .is_open = request->has_is_open && request->is_open, .limit = limit, PAGE_SORT(request));
    reply->next = PAGE_NEXT(c, reply->items, receivable_id, limit);
    return 0;
}
