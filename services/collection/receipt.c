/* receipt.c - money taken from a customer, and the debts it pays (R2, D7). */
#include "collection.h"

#include <string.h>

#include "service/number.h"
#include "service/page.h"

static struct debt *debt_called(struct debts debts, struct id receivable_id)
{
    for (size_t i = 0; i < debts.count; i++) {
        if (id_equal(debts.items[i].receivable_id, receivable_id))
            return &debts.items[i];
    }
    return NULL;
}

/* Marks what the request names as paid; fails where it does not fit. */
static bool pay_as_told(struct call *c, struct debts debts, const struct allocation_list *told,
                        int64_t amount)
{
    int64_t left = amount;

    for (size_t i = 0; i < told->count; i++) {
        const char *field = call_print(c, "allocations[%zu]", i);
        const struct allocation *part = &told->items[i];
        struct debt *debt = debt_called(debts, part->receivable_id);

        if (debt == NULL) {
            fail_at(c, field, ERROR_RECEIVABLE_UNKNOWN, NULL);
            return false;
        }
        if (debt->paid != 0)
            fail_at(c, field, ERROR_ALLOCATION_DOUBLED, NULL);
        else if (part->amount > debt->open)
            fail_at(c, field, ERROR_ALLOCATION_TOO_LARGE, "%s", call_money(c, debt->open));
        else if (part->amount > left)
            fail_at(c, field, ERROR_ALLOCATION_EXCEEDS_RECEIPT, NULL);
        debt->paid = part->amount;
        left -= part->amount;
    }
    return !has_failed(c);
}

/* Where the money is until it reaches the bank: with the driver, at the branch, or at the bank already. */
static struct entry money_entry(struct call *c, enum payment_method method, bool must_be_remitted,
                                int64_t amount)
{
    static const char *const bank[] = {[PAYMENT_METHOD_TRANSFER] = "bank_transfer",
                                       [PAYMENT_METHOD_WECHAT] = "bank_wechat",
                                       [PAYMENT_METHOD_ALIPAY] = "bank_alipay"};

    if (method != PAYMENT_METHOD_CASH && method != PAYMENT_METHOD_CHEQUE)
        return (struct entry){.account = bank[method], .amount = amount};
    if (must_be_remitted)
        return (struct entry){
            .account = "cash_in_hand", .party_id = c->actor.staff_id, .amount = amount};
    return (struct entry){.account = "cash_at_branch", .amount = amount};
}

static bool is_cash_like(enum payment_method method)
{
    return method == PAYMENT_METHOD_CASH || method == PAYMENT_METHOD_CHEQUE;
}

/* The number of the driver's own book, or the next of the branch. */
static const char *receipt_number(struct call *c, const char *given, struct id receipt_id)
{
    if (given == NULL)
        return number_next(c, "SJ");
    return number_use(c, given, c->actor.staff_id, receipt_id) ? given : NULL;
}

int receipt_record(struct call *c, const struct receipt_record_request *request,
                   struct receipt_record_reply *reply)
{
    bool must_be_remitted = is_cash_like(request->method) && has_function(c, FUNCTION_DRIVER);
    struct account_find known;
    struct account_due after;
    struct debts debts;
    int64_t rest, paid;

    if (!db_account_find(c, &known, .customer_id = request->customer_id))
        return fail_at(c, "customer_id", ERROR_ACCOUNT_UNKNOWN, NULL);
    if (!call_enter_branch(c, known.branch_id))
        return -1;
    debts = debts_of(c, request->customer_id);
    if (request->allocations.count > 0 &&
        !pay_as_told(c, debts, &request->allocations, request->amount))
        return -1;
    rest = request->amount;
    for (size_t i = 0; i < debts.count; i++)
        rest -= debts.items[i].paid;
    rest = pay_oldest_first(debts, rest);

    reply->receipt_id = call_id(c);
    reply->number = receipt_number(c, request->number, reply->receipt_id);
    if (reply->number == NULL)
        return -1;
    db_receipt_insert(c, .receipt_id = reply->receipt_id, .number = reply->number,
                      .customer_id = request->customer_id, .method = request->method,
                      .amount = request->amount, .credited = rest,
                      .happened_at = request->happened_at, .route_id = request->route_id,
                      .reference = request->reference, .note = request->note,
                      .must_be_remitted = must_be_remitted);
    paid = debts_settle(c, debts, reply->receipt_id);
    db_account_move(c, .customer_id = request->customer_id, .balance = -paid, .credit = rest);
    journal_post(
        c, "receipt", reply->receipt_id,
        (struct entry[]){money_entry(c, request->method, must_be_remitted, request->amount),
                         {"receivable", request->customer_id, -paid},
                         {"customer_credit", request->customer_id, -rest}},
        3);
    after = balance_announce(c, request->customer_id);
    *reply = (struct receipt_record_reply){.receipt_id = reply->receipt_id,
                                           .number = reply->number,
                                           .allocated = paid,
                                           .balance = after.balance,
                                           .credit = after.credit};
    emit_receipt_recorded(c, .receipt_id = reply->receipt_id, .number = reply->number,
                          .customer_id = request->customer_id, .collector_id = c->actor.staff_id,
                          .method = request->method, .amount = request->amount,
                          .balance = after.balance, .credit = after.credit,
                          .route_id = request->route_id, .business_date = c->today);
    return 0;
}

/* Takes back what the receipt had paid; returns the sum. */
static int64_t unsettle(struct call *c, struct id receipt_id)
{
    struct allocation_list paid = db_allocation_list(c, .document_id = receipt_id);
    int64_t sum = 0;

    for (size_t i = 0; i < paid.count; i++) {
        db_receivable_reduce(c, .receivable_id = paid.items[i].receivable_id,
                             .amount = -paid.items[i].amount);
        db_allocation_insert(c, .document_id = receipt_id,
                             .receivable_id = paid.items[i].receivable_id,
                             .allocation_id = call_id(c), .amount = -paid.items[i].amount);
        sum += paid.items[i].amount;
    }
    return sum;
}

int receipt_reverse(struct call *c, const struct receipt_reverse_request *request,
                    struct receipt_reverse_reply *reply)
{
    struct receipt_lock receipt;
    struct account_lock account;
    struct account_due after;
    struct entry money;
    int64_t paid;

    if (!db_receipt_lock(c, &receipt, .receipt_id = request->receipt_id))
        return fail(c, ERROR_NOT_FOUND, NULL);
    if (receipt.status == RECEIPT_STATUS_REVERSED)
        return fail(c, ERROR_RECEIPT_REVERSED, NULL);
    if (!id_is_none(receipt.remittance_id))
        return fail(c, ERROR_RECEIPT_REMITTED, NULL);
    if (!call_enter_branch(c, receipt.branch_id) ||
        !db_account_lock(c, &account, .customer_id = receipt.customer_id))
        return -1;
    if (account.credit < receipt.credited)
        return fail(c, ERROR_CREDIT_USED, "%s", call_money(c, account.credit));
    paid = unsettle(c, receipt.receipt_id);
    db_receipt_set_reversed(c, .receipt_id = receipt.receipt_id);
    db_account_move(c, .customer_id = receipt.customer_id, .balance = paid,
                    .credit = -receipt.credited);
    money = money_entry(c, receipt.method, receipt.must_be_remitted, receipt.amount);
    if (receipt.must_be_remitted)
        money.party_id = receipt.collector_id;
    journal_reverse(c, "receipt", "receipt_reversal", receipt.receipt_id,
                    (struct entry[]){money,
                                     {"receivable", receipt.customer_id, -paid},
                                     {"customer_credit", receipt.customer_id, -receipt.credited}},
                    3);
    emit_receipt_reversed(c, .receipt_id = receipt.receipt_id, .customer_id = receipt.customer_id,
                          .amount = receipt.amount, .business_date = c->today,
                          .reason = request->reason);
    after = balance_announce(c, receipt.customer_id);
    *reply = (struct receipt_reverse_reply){
        .receipt_id = receipt.receipt_id, .balance = after.balance, .credit = after.credit};
    return 0;
}

int receipt_read(struct call *c, const struct receipt_read_request *request,
                 struct receipt_read_reply *reply)
{
    struct receipt_find receipt;

    if (!db_receipt_find(c, &receipt, .receipt_id = request->receipt_id))
        return fail(c, ERROR_NOT_FOUND, NULL);
    *reply = (struct receipt_read_reply){
        .receipt_id = receipt.receipt_id,
        .number = receipt.number,
        .customer_id = receipt.customer_id,
        .collector_id = receipt.collector_id,
        .method = receipt.method,
        .amount = receipt.amount,
        .business_date = receipt.business_date,
        .recorded_at = receipt.recorded_at,
        .route_id = receipt.route_id,
        .remittance_id = receipt.remittance_id,
        .status = receipt.status,
        .reference = receipt.reference,
        .note = receipt.note,
        .credit = receipt.credited,
        .allocations = db_allocation_list(c, .document_id = receipt.receipt_id)};
    return 0;
}

int receipt_list(struct call *c, const struct receipt_list_request *request,
                 struct receipt_list_reply *reply)
{
    int64_t limit = page_limit(request->has_limit, request->limit);

    reply->items = db_receipt_list(
        c, .after = page_after(c, request->after), .customer_id = request->customer_id,
        .collector_id = request->collector_id, .business_date = request->business_date,
        .remittance_id = request->remittance_id,
        .is_unremitted = request->has_is_unremitted && request->is_unremitted, .limit = limit,
        PAGE_SORT(request));
    reply->next = PAGE_NEXT(c, reply->items, receipt_id, limit);
    return 0;
}
