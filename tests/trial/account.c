/* account.c - a little business with which the lanes are tried: accounts, payments, and an effect of each payment. */
#include "trial.gen.h"

int account_open(struct call *c, const struct account_open_request *request,
                 struct account_open_reply *reply)
{
    reply->account_id = call_id(c);
    db_account_insert(c, .account_id = reply->account_id, .balance = request->balance,
                      .phone = request->phone);
    return 0;
}

int account_read(struct call *c, const struct account_read_request *request,
                 struct account_read_reply *reply)
{
    struct account_see account;

    if (!db_account_see(c, &account, .account_id = request->account_id))
        return fail(c, ERROR_ACCOUNT_UNKNOWN, NULL);
    reply->balance = account.balance;
    reply->payments = account.payments;
    reply->effects = account.effects;
    return 0;
}

int account_peek(struct call *c, const struct account_peek_request *request,
                 struct account_peek_reply *reply)
{
    struct account_see account;

    if (!db_account_see(c, &account, .account_id = request->account_id))
        return fail(c, ERROR_ACCOUNT_UNKNOWN, NULL);
    reply->phone = account.phone == NULL ? "" : account.phone;
    return 0;
}

int account_pay(struct call *c, const struct account_pay_request *request,
                struct account_pay_reply *reply)
{
    struct account_lock account;

    if (!db_account_lock(c, &account, .account_id = request->account_id))
        return fail(c, ERROR_ACCOUNT_UNKNOWN, NULL);
    if (account.balance == 13) /* somebody else is at it: a failure that passes */
        return fail(c, ERROR_CONFLICT, NULL);
    reply->payment_id = call_id(c);
    db_payment_insert(c, .payment_id = reply->payment_id, .account_id = request->account_id,
                      .amount =
                          request->amount); /* too early, so that a refusal has something to drop */
    if (account.balance < request->amount)
        return fail(c, ERROR_BALANCE_TOO_LOW, "%s", call_money(c, account.balance));
    reply->balance = account.balance - request->amount;
    db_account_reduce(c, .account_id = request->account_id, .amount = request->amount);
    emit_account_paid(c, .account_id = request->account_id, .payment_id = reply->payment_id,
                      .amount = request->amount);
    return 0;
}

/* Changes before it refuses: what was taken must come back. */
int account_take(struct call *c, const struct account_take_request *request,
                 struct account_take_reply *reply)
{
    struct account_take row;

    if (!db_account_take(c, &row, .account_id = request->account_id, .amount = request->amount))
        return fail(c, ERROR_ACCOUNT_UNKNOWN, NULL);
    if (row.balance < 50)
        return fail(c, ERROR_BALANCE_TOO_LOW, NULL);
    reply->balance = row.balance;
    return 0;
}

/* Decides nothing itself: the guarded UPDATE does. */
int account_guess(struct call *c, const struct account_guess_request *request,
                  struct account_guess_reply *reply)
{
    struct id payment_id = call_id(c);

    (void)reply;
    db_account_reduce(c, .account_id = request->account_id, .amount = request->amount);
    db_payment_insert(c, .payment_id = payment_id, .account_id = request->account_id,
                      .amount = request->amount);
    emit_account_paid(c, .account_id = request->account_id, .payment_id = payment_id,
                      .amount = request->amount);
    return 0;
}

/* An amount of 13 fen is poison: its effect fails definitely. */
int on_source_payment_made(struct call *c, const struct source_payment_made *event)
{
    if (event->amount == 13)
        return fail(c, ERROR_BALANCE_TOO_LOW, "13");
    db_effect_insert(c, .effect_id = call_id(c), .account_id = event->account_id,
                     .amount = event->amount);
    return 0;
}
