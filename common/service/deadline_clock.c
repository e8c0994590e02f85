/* deadline_clock.c - working time by a branch's calendar. */
#include "service/deadline_clock.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "mechanisms.gen.h"
#include "service/mechanisms.h"

#include "base/banned.h"

const struct calendar *calendar_overlay(struct arena *arena, const struct calendar *below,
                                        const struct calendar_own_day *own, size_t count)
{
    struct calendar *calendar = arena_new(arena, struct calendar);
    struct calendar_day *days = arena_array(arena, struct calendar_day, below->count + count + 1);
    size_t at = 0, n = 0;

    for (size_t i = 0; i < count; i++) {
        while (at < below->count && below->days[at].date < own[i].date)
            days[n++] = below->days[at++];
        if (own[i].is_as_below)
            continue;
        if (at < below->count && below->days[at].date == own[i].date)
            at++;
        days[n++] =
            (struct calendar_day){.date = own[i].date,
                                  .kind = own[i].is_working ? CALENDAR_WORKING : CALENDAR_HOLIDAY,
                                  .name = own[i].name};
    }
    while (at < below->count)
        days[n++] = below->days[at++];
    calendar->days = days;
    calendar->count = n;
    return calendar;
}

const struct calendar *deadline_calendar(struct call *c, struct id branch_id)
{
    struct calendar_days_list list = db_calendar_days(c, .in_branch_id = branch_id);

    if (list.count == 0)
        return calendar_china();
    struct calendar_own_day *own = arena_array(c->arena, struct calendar_own_day, list.count);
    for (size_t i = 0; i < list.count; i++)
        own[i] =
            (struct calendar_own_day){.date = list.items[i].date,
                                      .is_as_below = text_equal(list.items[i].kind, "as_china"),
                                      .is_working = text_equal(list.items[i].kind, "working"),
                                      .name = list.items[i].name};
    return calendar_overlay(c->arena, calendar_china(), own, list.count);
}

int64_t deadline_due_at(const struct calendar *calendar, const struct deadline_count *count)
{
    if (count->has_minutes)
        return calendar_add_minutes(calendar, count->from, count->minutes);
    if (count->has_days)
        return calendar_add_days(calendar, count->from, (int)count->days);
    return count->due_at;
}

/* Counts back from the due instant day by day, because working time only runs forward. */
static int64_t minutes_before(const struct calendar *calendar, int64_t due_at, int64_t minutes)
{
    int64_t opening = date_start(date_of(due_at)) + CALENDAR_OPENS * CLOCK_MINUTE;

    for (int days = 0; days < 400; days++, opening -= CLOCK_DAY) {
        int64_t left = calendar_minutes_between(calendar, opening, due_at);
        if (left >= minutes)
            return calendar_add_minutes(calendar, opening, left - minutes);
    }
    return opening;
}

int64_t deadline_first_look(const struct calendar *calendar, int64_t due_at, int remind_minutes,
                            int64_t now)
{
    if (remind_minutes <= 0)
        return due_at;
    int64_t remind_at = minutes_before(calendar, due_at, remind_minutes);
    return remind_at > now && remind_at < due_at ? remind_at : due_at;
}

static const struct deadline_kind *find_in(const struct deadline_kind *kinds, const char *name)
{
    for (; kinds != NULL && kinds->name != NULL; kinds++)
        if (text_equal(kinds->name, name))
            return kinds;
    return NULL;
}

const struct deadline_kind *deadline_kind_find(const struct call *c, const char *name)
{
    const struct deadline_kind *kind = find_in(call_service(c)->deadlines, name);

    if (kind == NULL)
        kind = find_in(mechanism_deadlines, name);
    if (kind == NULL)
        die("deadline", "%s declares no kind %s", call_service(c)->name, name);
    return kind;
}

struct id deadline_key(const char *kind, struct id subject_id)
{
    return id_derive(subject_id, kind);
}

int64_t working_minutes_later(struct call *c, int64_t from, int64_t minutes)
{
    return calendar_add_minutes(deadline_calendar(c, c->branch_id), from, minutes);
}

int64_t working_days_later(struct call *c, int64_t from, int64_t days)
{
    return calendar_add_days(deadline_calendar(c, c->branch_id), from, (int)days);
}

bool is_working_day(struct call *c, int32_t date)
{
    return calendar_is_working_day(deadline_calendar(c, c->branch_id), date);
}
