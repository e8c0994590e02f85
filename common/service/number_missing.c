/* number_missing.c - numbers that no document has: found in the night after, told once, explained by somebody else than the holder. */
#include "base/clock.h"
#include "mechanisms.gen.h"
#include "service/mechanisms.h"
#include "service/number.h"
#include "service/number_text.h"
#include "service/page.h"

#include "base/banned.h"

enum { GAPS_AT_ONCE = 200 };

/* What happened before today: during the day a book may still be offline. */
static int find_gaps(struct call *c)
{
    const int64_t before = date_start(c->today);
    struct number_gap_find_list gaps = db_number_gap_find(c, .before = before);

    for (size_t i = 0; i < gaps.count; i++) {
        const struct number_gap_find *gap = &gaps.items[i];
        emit_number_missed(
            c, .number = number_text(c, gap->code, gap->kind, gap->year, gap->number),
            .kind = gap->kind, .lease_id = gap->lease_id, .holder_id = gap->holder_id);
    }
    if (gaps.count == GAPS_AT_ONCE)
        return JOB_AGAIN;
    db_number_lease_check(c, .before = before);
    return 0;
}

int numbers_run(struct call *c)
{
    return job_in_each_branch(c, find_gaps);
}

/* The locked gap; the call fails with number_unknown when that number is not known to be missing, or is in none of the actor's branches. */
static bool take_gap(struct call *c, const char *number, struct number_parts *parts,
                     struct number_gap_lock *gap)
{
    struct number_gap_branch place;

    if (number_parse(c, number, parts) &&
        db_number_gap_branch(c, &place, .code = parts->code, .kind = parts->kind,
                             .year = parts->year, .number = parts->number) &&
        call_enter_branch(c, place.branch_id) &&
        db_number_gap_lock(c, gap, .code = parts->code, .kind = parts->kind, .year = parts->year,
                           .number = parts->number))
        return true;
    fail_at(c, "number", ERROR_NUMBER_UNKNOWN, "%s", number);
    return false;
}

int operation_number_explain(struct call *c, const struct number_explain_request *request,
                             struct number_explain_reply *reply)
{
    struct number_parts parts;
    struct number_gap_lock gap;

    if (!take_gap(c, request->number, &parts, &gap))
        return -1;
    if (id_equal(gap.holder_id, c->actor.staff_id))
        return fail(c, ERROR_NUMBER_OWN, "%s", request->number);
    if (gap.is_explained)
        return fail(c, ERROR_NUMBER_EXPLAINED, "%s", request->number);
    db_number_gap_explain(c, .kind = parts.kind, .year = parts.year, .number = parts.number,
                          .explanation = request->explanation);
    emit_number_explained(c, .number = request->number, .kind = parts.kind,
                          .lease_id = gap.lease_id, .holder_id = gap.holder_id,
                          .explained_by = c->actor.staff_id);
    reply->number = request->number;
    return 0;
}

int operation_number_missing(struct call *c, const struct number_missing_request *request,
                             struct number_missing_reply *reply)
{
    reply->items = db_number_missing_list(c, .kind = request->kind, .holder_id = request->holder_id,
                                          .has_is_explained = request->has_is_explained,
                                          .is_explained = request->is_explained,
                                          .limit = page_limit(request->has_limit, request->limit));
    return 0;
}
