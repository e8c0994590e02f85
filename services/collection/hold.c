/* hold.c - customers' accounts, ageing, and the credit hold that dispatch obeys at once (R6). */
#include "collection.h"

#include "service/page.h"

enum { JOB_ROWS = 100 };

void hold(struct call *c, struct id customer_id, enum hold_reason reason, int64_t balance)
{
    db_account_hold(c, .customer_id = customer_id, .hold_reason = reason);
    emit_customer_held(c, .customer_id = customer_id, .hold_reason = reason, .balance = balance);
}

/* Reads and locks the account of a customer in the actor's scope and enters its branch. */
static bool account_take(struct call *c, struct id customer_id, struct account_lock *account)
{
    struct account_find known;

    if (!db_account_find(c, &known, .customer_id = customer_id)) {
        fail(c, ERROR_NOT_FOUND, NULL);
        return false;
    }
    return call_enter_branch(c, known.branch_id) &&
           db_account_lock(c, account, .customer_id = customer_id);
}

int hold_place(struct call *c, const struct hold_place_request *request,
               struct hold_place_reply *reply)
{
    struct account_lock account;

    if (!account_take(c, request->customer_id, &account))
        return -1;
    if (account.hold_reason != 0)
        return fail(c, ERROR_CUSTOMER_HELD_ALREADY, NULL);
    hold(c, request->customer_id, HOLD_REASON_MANUAL, account.balance);
    reply->customer_id = request->customer_id;
    return 0;
}

int hold_release(struct call *c, const struct hold_release_request *request,
                 struct hold_release_reply *reply)
{
    struct account_lock account;

    if (!account_take(c, request->customer_id, &account))
        return -1;
    if (account.hold_reason == 0)
        return fail(c, ERROR_CUSTOMER_NOT_HELD, NULL);
    reply->customer_id = request->customer_id;
    reply->until =
        request->until != 0 ? request->until : c->today + (int32_t)setting_int(c, release_days);
    db_account_release(c, .customer_id = request->customer_id, .until = reply->until);
    emit_customer_released(c, .customer_id = request->customer_id, .staff_id = c->actor.staff_id,
                           .reason = request->reason);
    return 0;
}

int account_read(struct call *c, const struct account_read_request *request,
                 struct account_read_reply *reply)
{
    if (!db_account_summary_find(c, &reply->account, .customer_id = request->customer_id))
        return fail(c, ERROR_NOT_FOUND, NULL);
    reply->open = db_receivable_list(c, .customer_id = request->customer_id, .is_open = true,
                                     .limit = PAGE_MOST);
    return 0;
}

int account_list(struct call *c, const struct account_list_request *request,
                 struct account_list_reply *reply)
{
    int64_t limit = page_limit(request->has_limit, request->limit);

    reply->items = db_account_list(c, .after = page_after(c, request->after),
                                   .is_held = request->has_is_held && request->is_held,
                                   .owes = request->has_owes && request->owes, .limit = limit,
                                   PAGE_SORT(request));
    reply->next = PAGE_NEXT(c, reply->items, customer_id, limit);
    return 0;
}

int ageing_read(struct call *c, const struct ageing_read_request *request,
                struct ageing_read_reply *reply)
{
    int64_t limit = page_limit(request->has_limit, request->limit);
    int32_t as_of = request->as_of != 0 ? request->as_of : c->today;
    struct ageing_total total = {0};

    reply->items = db_ageing_list(c, .as_of = as_of, .after = page_after(c, request->after),
                                  .limit = limit, PAGE_SORT(request));
    db_ageing_total(c, &total, .as_of = as_of);
    reply->current = total.current;
    reply->over_30 = total.over_30;
    reply->over_60 = total.over_60;
    reply->over_90 = total.over_90;
    reply->total = total.total;
    reply->next = PAGE_NEXT(c, reply->items, customer_id, limit);
    return 0;
}

static int hold_overdue(struct call *c)
{
    struct account_overdue_list overdue =
        db_account_overdue(c, .before = c->today - (int32_t)setting_int(c, hold_days));

    for (size_t i = 0; i < overdue.count; i++)
        hold(c, overdue.items[i].customer_id, HOLD_REASON_OVERDUE, overdue.items[i].balance);
    return overdue.count == JOB_ROWS ? JOB_AGAIN : 0;
}

static int find_kept_cash(struct call *c)
{
    struct cash_overnight_find_list kept = db_cash_overnight_find(c);

    for (size_t i = 0; i < kept.count; i++)
        emit_cash_kept_overnight(c, .driver_id = kept.items[i].driver_id,
                                 .business_date = kept.items[i].business_date,
                                 .amount = kept.items[i].amount);
    return 0;
}

static int run_hold_overdue(struct call *c)
{
    return job_in_each_branch(c, hold_overdue);
}

static int run_cash_overnight(struct call *c)
{
    return job_in_each_branch(c, find_kept_cash);
}

const struct job collection_jobs[] = {
    {.name = "hold_overdue", .period_seconds = 3600, .run = run_hold_overdue},
    {.name = "cash_overnight", .period_seconds = 600, .run = run_cash_overnight},
    {.name = NULL},
};
