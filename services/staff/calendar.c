/* calendar.c - a branch's working calendar: where it departs from China's. */
#include "base/calendar.h"

#include "service/deadline_clock.h"
#include "staff.h"

#include "base/banned.h"

enum { SPAN_MAX = 400 };

/* Headquarters' days hold for every branch without its own. The clocks follow when the event is applied. */
int calendar_change(struct call *c, const struct calendar_change_request *request,
                    struct calendar_change_reply *reply)
{
    struct branch_lock branch;
    struct calendar_top top;

    if (!call_enter_branch(c, request->for_branch_id) ||
        !db_branch_lock(c, &branch, .node_id = request->for_branch_id))
        return fail(c, ERROR_NOT_FOUND, NULL);
    if (branch.kind != BRANCH_KIND_HEADQUARTERS && branch.kind != BRANCH_KIND_BRANCH)
        return fail_at(c, "for_branch_id", ERROR_BRANCH_PLACE, "%s", branch_kind_text(branch.kind));
    if (!db_calendar_top(c, &top, .of_branch_id = branch.branch_id))
        return -1;
    for (size_t i = 0; i < request->days.count; i++) {
        const struct calendar_change *day = &request->days.items[i];
        db_calendar_set(c, .of_branch_id = branch.branch_id, .date = day->date, .kind = day->kind,
                        .name = day->name, .version = top.version + 1);
    }
    emit_calendar_changed(c, .for_branch_id = branch.branch_id, .days = request->days,
                          .version = top.version + 1);
    reply->days = (int64_t)request->days.count;
    return 0;
}

int calendar_read(struct call *c, const struct calendar_read_request *request,
                  struct calendar_read_reply *reply)
{
    const int32_t span = request->until_date - request->from_date + 1;

    if (!call_enter_branch(c, request->for_branch_id))
        return -1;
    if (span < 1 || span > SPAN_MAX)
        return fail_at(c, "until_date", ERROR_CALENDAR_SPAN, NULL);
    const struct calendar *calendar = deadline_calendar(c, request->for_branch_id);
    reply->days.items = arena_array(c->arena, struct calendar_entry, (size_t)span);
    reply->days.count = (size_t)span;
    for (int32_t i = 0; i < span; i++) {
        int32_t date = request->from_date + i;
        const struct calendar_day *day = calendar_find(calendar, date);
        reply->days.items[i] =
            (struct calendar_entry){.date = date,
                                    .is_working = calendar_is_working_day(calendar, date),
                                    .name = day == NULL ? "" : day->name};
    }
    return 0;
}
