/* reconciliation.c - the daily three-way reconciliation (R5): delivered = receivables, received = remitted + banked. */
#include "collection.h"

static bool figures_of(struct call *c, struct id branch_id, int32_t date,
                       struct day_figures *figures)
{
    struct id_list one = {.items = &branch_id, .count = 1};
    struct day_figures_list list = db_day_figures_list(c, .business_date = date, .branches = one);

    if (list.count == 1)
        *figures = list.items[0];
    return list.count == 1;
}

/* A difference keeps its id as long as it is the same one, so that its explanation stays with it. */
static struct id line_id(struct call *c, int32_t date, const struct difference_find *found)
{
    return id_derive(c->branch_id,
                     call_print(c, "%d/%d/%s/%s/%lld", (int)date, (int)found->kind,
                                id_print(c->arena, found->reference_id),
                                id_print(c->arena, found->person_id), (long long)found->amount));
}

static int64_t keep_differences(struct call *c, int32_t date)
{
    struct difference_find_list found = db_difference_find(c, .business_date = date);
    struct id_list lines = {.items = arena_array(c->arena, struct id, found.count + 1),
                            .count = found.count};

    for (size_t i = 0; i < found.count; i++) {
        lines.items[i] = line_id(c, date, &found.items[i]);
        db_difference_insert(c, .business_date = date, .line_id = lines.items[i],
                             .kind = found.items[i].kind, .amount = found.items[i].amount,
                             .reference_id = found.items[i].reference_id,
                             .person_id = found.items[i].person_id);
    }
    db_difference_drop_settled(c, .business_date = date, .lines = lines);
    return (int64_t)found.count;
}

int day_reconcile(struct call *c, const struct day_reconcile_request *request,
                  struct day_reconcile_reply *reply)
{
    struct day_figures *day = &reply->figures;

    if (request->business_date > c->today)
        return fail_at(c, "business_date", ERROR_DAY_NOT_OVER, NULL);
    if (!id_is_none(request->branch_id) && !call_enter_branch(c, request->branch_id))
        return -1;
    if (!figures_of(c, c->branch_id, request->business_date, day))
        return fail(c, ERROR_NOT_FOUND, NULL);
    day->differences = keep_differences(c, request->business_date);
    day->is_reconciled = true;
    day->reconciled_at = c->now;
    reply->reconciliation_id = call_id(c);
    db_reconciliation_save(
        c, .business_date = request->business_date, .reconciliation_id = reply->reconciliation_id,
        .delivered = day->delivered, .receivable = day->receivable, .returned = day->returned,
        .received = day->received, .remitted = day->remitted, .banked = day->banked,
        .outstanding = day->outstanding, .differences = day->differences);
    emit_day_reconciled(
        c, .reconciliation_id = reply->reconciliation_id, .business_date = request->business_date,
        .delivered = day->delivered, .receivable = day->receivable, .received = day->received,
        .remitted = day->remitted, .banked = day->banked, .differences = day->differences);
    reply->differences = db_difference_list(c, .other_branch_id = c->branch_id,
                                            .business_date = request->business_date);
    return 0;
}

int day_read(struct call *c, const struct day_read_request *request, struct day_read_reply *reply)
{
    if (!id_is_none(request->branch_id) && !call_enter_branch(c, request->branch_id))
        return -1;
    if (!figures_of(c, c->branch_id, request->business_date, &reply->figures))
        return fail(c, ERROR_NOT_FOUND, NULL);
    reply->differences = db_difference_list(c, .other_branch_id = c->branch_id,
                                            .business_date = request->business_date);
    return 0;
}

int day_overview(struct call *c, const struct day_overview_request *request,
                 struct day_overview_reply *reply)
{
    reply->items =
        db_day_figures_list(c, .business_date = request->business_date, .branches = c->actor.scope);
    return 0;
}

int difference_explain(struct call *c, const struct difference_explain_request *request,
                       struct difference_explain_reply *reply)
{
    struct difference_lock line;

    if (!db_difference_lock(c, &line, .line_id = request->line_id))
        return fail(c, ERROR_NOT_FOUND, NULL);
    if (!call_enter_branch(c, line.branch_id))
        return -1;
    db_difference_explain(c, .business_date = line.business_date, .line_id = request->line_id,
                          .owner_id =
                              id_is_none(request->owner_id) ? c->actor.staff_id : request->owner_id,
                          .explanation = request->explanation);
    reply->line_id = request->line_id;
    return 0;
}

int bank_entry_record(struct call *c, const struct bank_entry_record_request *request,
                      struct bank_entry_record_reply *reply)
{
    reply->entry_id = call_id(c);
    db_bank_entry_insert(c, .entry_id = reply->entry_id, .business_date = request->business_date,
                         .method = request->method, .amount = request->amount,
                         .reference = request->reference);
    return 0;
}
