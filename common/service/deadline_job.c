/* deadline_job.c - looks at the clocks that are due: reminders, passing, escalation to superiors, new calendars. */
#include "base/text.h"
#include "mechanisms.gen.h"
#include "service/deadline_clock.h"
#include "service/mechanisms.h"
#include "service/people.h"

#include "base/banned.h"

enum { DUE_AT_A_TIME = 32, LEVELS_MAX = 8 };

/* The calendar of the branch whose rows are being looked at. */
struct branch_time {
    struct id branch_id;
    const struct calendar *calendar;
};

static void note_turn(struct call *c, const struct deadline_due *row, const char *what)
{
    db_deadline_turn_insert(c, .deadline_id = row->deadline_id, .turn_id = call_id(c), .what = what,
                            .owner_id = row->owner_id, .due_at = row->due_at);
}

static void move(struct call *c, const struct deadline_due *row, int64_t next_at)
{
    db_deadline_move(c, .deadline_id = row->deadline_id, .due_at = row->due_at, .next_at = next_at,
                     .is_reminded = row->is_reminded, .level = row->level);
}

static void recompute(struct call *c, const struct calendar *calendar, struct deadline_due *row)
{
    const struct deadline_count count = {.from = row->counted_from,
                                         .due_at = row->due_at,
                                         .has_minutes = row->has_counted_minutes,
                                         .has_days = row->has_counted_days,
                                         .minutes = row->counted_minutes,
                                         .days = row->counted_days};

    row->due_at = deadline_due_at(calendar, &count);
    note_turn(c, row, "recomputed");
}

/* Who is told: the owner, or whoever answers for a clock without one, then their superiors one by one. None: there is nobody up there. */
static struct id told_at(struct call *c, const struct deadline_due *row,
                         const struct deadline_kind *kind, int64_t level)
{
    struct people_superior_at superior;
    struct id owner = row->owner_id;

    if (id_is_none(owner) && kind->function != 0)
        owner = person_holding(c, row->branch_id, kind->function);
    if (level == 0 || id_is_none(owner))
        return owner;
    if (!db_people_superior_at(c, &superior, .staff_id = owner, .level = level))
        return (struct id){{0}};
    return superior.staff_id;
}

static void remind(struct call *c, struct deadline_due *row, const struct deadline_kind *kind)
{
    emit_deadline_reminded(c, .deadline_id = row->deadline_id, .kind = row->kind,
                           .subject_id = row->subject_id, .owner_id = row->owner_id,
                           .due_at = row->due_at, .policy = kind->policy);
    note_turn(c, row, "reminded");
    row->is_reminded = true;
    move(c, row, row->due_at);
}

static void pass(struct call *c, const struct calendar *calendar, struct deadline_due *row,
                 const struct deadline_kind *kind)
{
    struct id told_id = told_at(c, row, kind, row->level);
    const struct deadline deadline = {.deadline_id = row->deadline_id,
                                      .branch_id = row->branch_id,
                                      .subject_id = row->subject_id,
                                      .owner_id = row->owner_id,
                                      .kind = row->kind,
                                      .started_at = row->started_at,
                                      .due_at = row->due_at,
                                      .level = row->level};

    if (row->level > 0 && id_is_none(told_id)) {
        move(c, row, 0);
        return;
    }
    emit_deadline_passed(c, .deadline_id = row->deadline_id, .kind = row->kind,
                         .subject_id = row->subject_id, .owner_id = row->owner_id,
                         .told_id = told_id, .level = row->level, .due_at = row->due_at,
                         .policy = kind->policy);
    note_turn(c, row, "passed");
    row->level++;
    move(c, row,
         kind->escalate_minutes > 0 && row->level < LEVELS_MAX
             ? calendar_add_minutes(calendar, row->due_at, kind->escalate_minutes * row->level)
             : 0);
    if (kind->passed != NULL)
        kind->passed(c, &deadline);
}

static void look_at(struct call *c, const struct calendar *calendar, struct deadline_due *row)
{
    const struct deadline_kind *kind = deadline_kind_find(c, row->kind);

    if (row->is_stale)
        recompute(c, calendar, row);
    if (row->due_at <= c->now) {
        pass(c, calendar, row, kind);
        return;
    }
    int64_t look = deadline_first_look(calendar, row->due_at,
                                       row->is_reminded ? 0 : kind->remind_minutes, c->now);
    if (row->is_stale && look > c->now && (row->is_reminded || look < row->due_at))
        move(c, row, look);
    else if (!row->is_reminded && kind->remind_minutes > 0)
        remind(c, row, kind);
    else
        move(c, row, row->due_at);
}

int deadlines_run(struct call *c)
{
    struct deadline_due_list list = db_deadline_due(c, .limit = DUE_AT_A_TIME);
    struct branch_time time = {.calendar = NULL};

    for (size_t i = 0; i < list.count && !has_failed(c); i++) {
        struct deadline_due *row = &list.items[i];
        if (!call_enter_branch(c, row->branch_id))
            return -1;
        if (time.calendar == NULL || !id_equal(time.branch_id, row->branch_id))
            time = (struct branch_time){row->branch_id, deadline_calendar(c, row->branch_id)};
        look_at(c, time.calendar, row);
    }
    return list.count == DUE_AT_A_TIME ? JOB_AGAIN : 0;
}
