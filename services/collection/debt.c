/* debt.c - the open receivables of a customer, and what a payment does to them (R2). */
#include "collection.h"

struct debts debts_of(struct call *c, struct id customer_id)
{
    struct receivable_open_list open = db_receivable_open(c, .customer_id = customer_id);
    struct debts debts = {.items = arena_array(c->arena, struct debt, open.count + 1),
                          .count = open.count};

    for (size_t i = 0; i < open.count; i++)
        debts.items[i] = (struct debt){.receivable_id = open.items[i].receivable_id,
                                       .open = open.items[i].open_amount};
    return debts;
}

int64_t debts_settle(struct call *c, struct debts debts, struct id document_id)
{
    int64_t sum = 0;

    for (size_t i = 0; i < debts.count; i++) {
        const struct debt *debt = &debts.items[i];

        if (debt->paid == 0)
            continue;
        db_receivable_reduce(c, .receivable_id = debt->receivable_id, .amount = debt->paid);
        db_allocation_insert(c, .document_id = document_id, .receivable_id = debt->receivable_id,
                             .allocation_id = call_id(c), .amount = debt->paid);
        sum += debt->paid;
    }
    return sum;
}

struct account_due balance_announce(struct call *c, struct id customer_id)
{
    struct account_due account = {0};

    if (db_account_due(c, &account, .customer_id = customer_id))
        emit_balance_changed(c, .customer_id = customer_id, .due = account.due,
                             .balance = account.balance, .credit = account.credit);
    return account;
}
