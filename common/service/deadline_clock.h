/* deadline_clock.h - a branch's working calendar and what a clock's row means (private to common/service and staff, which shows calendars). */
#ifndef SONGDA_SERVICE_DEADLINE_CLOCK_H
#define SONGDA_SERVICE_DEADLINE_CLOCK_H

#include "base/calendar.h"
#include "service/deadline.h"

/* The branch's days laid over headquarters' days laid over China's. In the call's arena. */
const struct calendar *deadline_calendar(struct call *c, struct id branch_id);

/* A calendar with days of its own laid over another; `own` by date, each date once; both must outlive the result. */
struct calendar_own_day {
    int32_t date;
    bool is_as_below; /* this day follows the calendar below */
    bool is_working;
    const char *name;
};
const struct calendar *calendar_overlay(struct arena *arena, const struct calendar *below,
                                        const struct calendar_own_day *own, size_t count);

/* What a clock counts: working minutes or working days from an instant, or a fixed instant (due_at). */
struct deadline_count {
    int64_t from, due_at;
    bool has_minutes, has_days;
    int64_t minutes, days;
};
int64_t deadline_due_at(const struct calendar *calendar, const struct deadline_count *count);

/* When the job must look at it first: the reminder, if there is one and it is still to come, else the due instant. The reminder falls at the
 * first instant with no more than `remind_minutes` of working time left. */
int64_t deadline_first_look(const struct calendar *calendar, int64_t due_at, int remind_minutes,
                            int64_t now);

/* The kind as the service or the mechanisms declare it; a name that nobody declared is a mistake in the program. */
const struct deadline_kind *deadline_kind_find(const struct call *c, const char *name);

/* There is one clock of each kind and subject. */
struct id deadline_key(const char *kind, struct id subject_id);

#endif
