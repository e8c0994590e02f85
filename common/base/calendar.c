/* calendar.c - working time: which days are worked, and deadlines counted in their minutes. */
#include "calendar.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "clock.h"
#include "csv.h"
#include "log.h"
#include "memory.h"
#include "text.h"

#include "banned.h"

#define DAYS_MAX 4096
#define DAY_LENGTH ((CALENDAR_CLOSES - CALENDAR_OPENS) * CLOCK_MINUTE)

static int by_date(const void *a, const void *b)
{
    const struct calendar_day *x = a;
    const struct calendar_day *y = b;

    return x->date < y->date ? -1 : x->date > y->date;
}

const struct calendar_day *calendar_find(const struct calendar *calendar, int32_t date)
{
    struct calendar_day wanted = {.date = date};

    if (calendar->count == 0)
        return NULL;
    return bsearch(&wanted, calendar->days, calendar->count, sizeof(wanted), by_date);
}

bool calendar_is_working_day(const struct calendar *calendar, int32_t date)
{
    const struct calendar_day *day = calendar_find(calendar, date);

    return day ? day->kind == CALENDAR_WORKING : date_weekday(date) <= 5;
}

static int64_t opening(int32_t date)
{
    return date_start(date) + CALENDAR_OPENS * CLOCK_MINUTE;
}

static int64_t closing(int32_t date)
{
    return date_start(date) + CALENDAR_CLOSES * CLOCK_MINUTE;
}

/* The nearest working day strictly behind (step 1) or before (step -1) a date. */
static int32_t working_day_beside(const struct calendar *calendar, int32_t date, int step)
{
    do
        date += step;
    while (!calendar_is_working_day(calendar, date));
    return date;
}

/* The first instant of working time that is not before `from`; the closing counts as working time.
 */
static int64_t into_working_time(const struct calendar *calendar, int64_t from)
{
    int32_t date = date_of(from);

    if (!calendar_is_working_day(calendar, date) || from > closing(date))
        return opening(working_day_beside(calendar, date, 1));
    return from < opening(date) ? opening(date) : from;
}

int64_t calendar_add_minutes(const struct calendar *calendar, int64_t from, int64_t working_minutes)
{
    int64_t at = into_working_time(calendar, from);
    int64_t left;

    if (working_minutes < 0 || __builtin_mul_overflow(working_minutes, CLOCK_MINUTE, &left))
        die("calendar_add_minutes", "%" PRId64 " minutes", working_minutes);
    for (;;) {
        int64_t today = closing(date_of(at)) - at;

        if (left <= today)
            return at + left;
        left -= today;
        at = opening(working_day_beside(calendar, date_of(at), 1));
    }
}

static int64_t clamp(int64_t instant, int64_t low, int64_t high)
{
    return instant < low ? low : instant > high ? high : instant;
}

int64_t calendar_add_days(const struct calendar *calendar, int64_t from, int days)
{
    int32_t date = date_of(from);
    int64_t time = from - date_start(date);
    int step = days < 0 ? -1 : 1;

    if (days == 0 && !calendar_is_working_day(calendar, date))
        return into_working_time(calendar, from);
    for (; days != 0; days -= step)
        date = working_day_beside(calendar, date, step);
    return clamp(date_start(date) + time, opening(date), closing(date));
}

int64_t calendar_minutes_between(const struct calendar *calendar, int64_t from, int64_t to)
{
    int32_t last = date_of(to);
    int64_t worked = 0;

    if (to < from)
        return -calendar_minutes_between(calendar, to, from);
    for (int32_t date = date_of(from); date <= last; date++) {
        if (!calendar_is_working_day(calendar, date))
            continue;
        worked +=
            clamp(to, opening(date), closing(date)) - clamp(from, opening(date), closing(date));
    }
    return worked / CLOCK_MINUTE;
}

static bool read_kind(const char *text, enum calendar_kind *kind)
{
    static const char *const names[] = {
        [CALENDAR_HOLIDAY] = "holiday",
        [CALENDAR_WORKING] = "working",
        [CALENDAR_PROVISIONAL_HOLIDAY] = "provisional_holiday",
    };

    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        if (text_equal(text, names[i])) {
            *kind = (enum calendar_kind)i;
            return true;
        }
    }
    return false;
}

/* NULL, or what is wrong with the row. */
static const char *read_day(const struct text_list *row, struct calendar_day *day)
{
    if (row->count != 3)
        return "a row has three fields: date, kind, name";
    if (!date_parse(row->items[0], &day->date))
        return "the date is not YYYY-MM-DD";
    if (!read_kind(row->items[1], &day->kind))
        return "the kind is not holiday, working or provisional_holiday";
    day->name = row->items[2];
    return NULL;
}

static bool is_heading(const struct text_list *row)
{
    return row->count == 3 && text_equal(row->items[0], "date") &&
           text_equal(row->items[1], "kind") && text_equal(row->items[2], "name");
}

static const char *add_row(const struct text_list *row, bool *has_heading,
                           struct calendar_day *days, size_t *count)
{
    const char *wrong;

    if (row->items[0][0] == '#')
        return NULL;
    if (!*has_heading) {
        *has_heading = is_heading(row);
        return *has_heading ? NULL : "the heading must be date,kind,name";
    }
    if (*count == DAYS_MAX)
        return "there are more than 4096 days";
    wrong = read_day(row, &days[*count]);
    if (!wrong)
        ++*count;
    return wrong;
}

/* Reads all rows into the calendar's memory; NULL, or what is wrong at csv->line. */
static const char *read_calendar(struct calendar *calendar, struct csv *csv)
{
    struct calendar_day *days = arena_array(&calendar->memory, struct calendar_day, DAYS_MAX);
    bool has_heading = false;
    struct text_list row;
    const char *wrong = NULL;
    int got;

    while (!wrong && (got = csv_next(csv, &calendar->memory, &row)) != 0)
        wrong = got < 0 ? csv->error : add_row(&row, &has_heading, days, &calendar->count);
    if (wrong)
        return wrong;
    if (!has_heading)
        return "the heading must be date,kind,name";
    qsort(days, calendar->count, sizeof(*days), by_date);
    for (size_t i = 1; i < calendar->count; i++)
        if (days[i - 1].date == days[i].date)
            return "a date stands twice";
    calendar->days = days;
    return NULL;
}

bool calendar_load_csv(struct calendar **calendar, const char *csv, size_t len, char *error,
                       size_t error_size)
{
    struct calendar *loaded = memory_new(sizeof(*loaded));
    struct csv reader;
    const char *wrong;

    csv_init(&reader, csv, len);
    wrong = read_calendar(loaded, &reader);
    if (wrong) {
        snprintf(error, error_size, "line %zu: %s", reader.line, wrong);
        calendar_free(&loaded);
        return false;
    }
    *calendar = loaded;
    return true;
}

void calendar_free(struct calendar **calendar)
{
    if (!*calendar)
        return;
    arena_release(&(*calendar)->memory);
    memory_free(calendar);
}
