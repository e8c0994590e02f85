/* deadline.c - starting, stopping, pausing and handing over working-time clocks. */
#include "service/deadline_clock.h"

#include "base/log.h"
#include "base/text.h"
#include "mechanisms.gen.h"

#include "base/banned.h"

static void note_turn(struct call *c, struct id deadline_id, const char *what, struct id owner_id,
                      int64_t due_at, const char *reason)
{
    db_deadline_turn_insert(c, .deadline_id = deadline_id, .turn_id = call_id(c), .what = what,
                            .owner_id = owner_id, .due_at = due_at, .reason = reason);
}

int64_t deadline_start_(struct call *c, struct deadline_start start)
{
    const struct deadline_kind *kind = deadline_kind_find(c, start.kind);
    const struct deadline_count count = {.from = c->now,
                                         .due_at = start.due_at,
                                         .has_minutes = start.working_minutes > 0,
                                         .has_days = start.working_days > 0,
                                         .minutes = start.working_minutes,
                                         .days = start.working_days};

    if ((start.due_at != 0) + count.has_minutes + count.has_days != 1)
        die("deadline",
            "%s must be started with exactly one of due_at, working_minutes, "
            "working_days",
            start.kind);
    const struct calendar *calendar = deadline_calendar(c, c->branch_id);
    struct id deadline_id = deadline_key(start.kind, start.subject_id);
    int64_t due_at = deadline_due_at(calendar, &count);
    db_deadline_put(c, .deadline_id = deadline_id, .kind = start.kind,
                    .subject_id = start.subject_id, .owner_id = start.owner_id,
                    .has_minutes = count.has_minutes, .minutes = count.minutes,
                    .has_days = count.has_days, .days = count.days, .due_at = due_at,
                    .next_at = deadline_first_look(calendar, due_at, kind->remind_minutes, c->now));
    note_turn(c, deadline_id, "started", start.owner_id, due_at, NULL);
    return due_at;
}

void deadline_stop(struct call *c, const char *kind, struct id subject_id)
{
    db_deadline_end(c, .deadline_id = deadline_key(kind, subject_id), .turn_id = call_id(c));
}

void deadline_pause(struct call *c, const char *kind, struct id subject_id, const char *reason)
{
    struct id deadline_id = deadline_key(kind, subject_id);
    struct deadline_lock row;

    if (!db_deadline_lock(c, &row, .deadline_id = deadline_id) ||
        !text_equal(row.status, "running"))
        return;
    int64_t left = calendar_minutes_between(deadline_calendar(c, c->branch_id), c->now, row.due_at);
    db_deadline_halt(c, .deadline_id = deadline_id, .left = left, .reason = reason);
    note_turn(c, deadline_id, "paused", row.owner_id, row.due_at, reason);
}

/* One that had passed when it was paused goes on where its escalation stood. */
void deadline_resume(struct call *c, const char *kind, struct id subject_id)
{
    struct id deadline_id = deadline_key(kind, subject_id);
    struct deadline_lock row;

    if (!db_deadline_lock(c, &row, .deadline_id = deadline_id) || !text_equal(row.status, "paused"))
        return;
    const struct calendar *calendar = deadline_calendar(c, c->branch_id);
    int64_t left = row.paused_left > 0 ? row.paused_left : 0;
    int64_t due_at = calendar_add_minutes(calendar, c->now, left);
    int remind_minutes = deadline_kind_find(c, kind)->remind_minutes;
    db_deadline_continue(c, .deadline_id = deadline_id, .left = left, .due_at = due_at,
                         .next_at = deadline_first_look(calendar, due_at, remind_minutes, c->now));
    note_turn(c, deadline_id, "resumed", row.owner_id, due_at, NULL);
}

void deadline_hand_over(struct call *c, struct id from_owner, struct id to_owner)
{
    db_deadline_give(c, .from_id = from_owner, .to_id = to_owner);
}
