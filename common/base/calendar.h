/* calendar.h - working time: Monday to Friday 09:00–18:00 in Shanghai, minus holidays, plus
 * make-up days.
 *
 * Instants and dates as in clock.h. A working day has 540 working minutes. A calendar that says
 * nothing about a date follows the week.
 */
#ifndef BASE_CALENDAR_H
#define BASE_CALENDAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"

#define CALENDAR_OPENS INT64_C(540)   /* 09:00, in minutes after midnight */
#define CALENDAR_CLOSES INT64_C(1080) /* 18:00 */

enum calendar_kind {
    CALENDAR_HOLIDAY,
    CALENDAR_WORKING,             /* a weekend's day that is worked */
    CALENDAR_PROVISIONAL_HOLIDAY, /* statutory, but the year's arrangement was not announced yet */
};

/* A day that differs from the week's pattern, or might. */
struct calendar_day {
    int32_t date;
    enum calendar_kind kind;
    const char *name;
};

struct calendar {
    const struct calendar_day *days; /* by date, each date once */
    size_t count;
    struct arena memory; /* of a loaded calendar */
};

/* The State Council's arrangement, from calendar_cn.csv; README.md says which years are final. */
const struct calendar *calendar_china(void);

/* What the calendar says about a date, or NULL. */
const struct calendar_day *calendar_find(const struct calendar *calendar, int32_t date);

bool calendar_is_working_day(const struct calendar *calendar, int32_t date);

/* The instant at which `working_minutes` (≥ 0) of working time have passed. Outside working time
 * the count begins at the next opening; a count that ends with the day gives 18:00 of that day. */
int64_t calendar_add_minutes(const struct calendar *calendar, int64_t from,
                             int64_t working_minutes);

/* The same time of day `days` working days later (or earlier, when negative), moved into working
 * hours. The day of `from` is not counted. With 0 days: `from` moved into its working day, or to
 * the next opening when its day is none. */
int64_t calendar_add_days(const struct calendar *calendar, int64_t from, int days);

/* Whole working minutes from `from` to `to`; negative when `to` is earlier. */
int64_t calendar_minutes_between(const struct calendar *calendar, int64_t from, int64_t to);

/* A branch's own calendar from CSV: a heading `date,kind,name`, then rows; kind is holiday,
 * working or provisional_holiday; rows beginning with # are remarks. At most 4,096 days. False
 * leaves *calendar alone and says why in `error`. The caller frees it. */
bool calendar_load_csv(struct calendar **calendar, const char *csv, size_t len, char *error,
                       size_t error_size);

/* Frees a loaded calendar and sets the pointer to NULL; may be called twice. */
void calendar_free(struct calendar **calendar);

#endif
