/* clock.h - instants and dates. The company's days are those of Asia/Shanghai, +08:00 all year (no
 * summer time since 1991).
 *
 * An instant is int64_t microseconds since 1970-01-01T00:00Z, 0 = none. A date is int32_t days
 * since 1970-01-01, 0 = none. Because 0 means none, the two parsers refuse that very instant and
 * that very day. Years 0001 to 9999.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

struct arena;

#define CLOCK_SECOND INT64_C(1000000)
#define CLOCK_MINUTE (60 * CLOCK_SECOND)
#define CLOCK_HOUR (60 * CLOCK_MINUTE)
#define CLOCK_DAY (24 * CLOCK_HOUR)

/* The real time. */
int64_t clock_now(void);

/* Microseconds since some fixed point; for durations and deadlines, never set back. */
int64_t clock_monotonic(void);

/* The date in Shanghai at an instant. */
int32_t date_of(int64_t instant);

/* The first instant of a date in Shanghai. */
int64_t date_start(int32_t date);

/* YYYY-MM-DD, nothing before or after. Leaves *date alone when it is not that. */
bool date_parse(const char *text, int32_t *date);
char *date_print(struct arena *arena, int32_t date);

/* RFC 3339 with offset: 2026-11-22T19:46:00+08:00, ….123456Z; up to 6 digits of a second. A leap
 * second counts as the second behind it. Leaves *instant alone when it is not that. */
bool instant_parse(const char *text, int64_t *instant);

/* RFC 3339 in +08:00 with milliseconds, or microseconds where there are any:
 * 2026-11-22T19:46:00.000+08:00. */
char *instant_print(struct arena *arena, int64_t instant);

/* Room for what instant_format writes of any instant, with its NUL. */
#define INSTANT_TEXT_SIZE 72
void instant_format(int64_t instant, char out[INSTANT_TEXT_SIZE]);

/* Proleptic Gregorian calendar; month 1..12, day 1..31. */
void date_civil(int32_t date, int *year, int *month, int *day);

/* The month and day must exist. */
int32_t date_from_civil(int year, int month, int day);

/* 28 to 31. */
int date_days_in_month(int year, int month);

/* 1 = Monday … 7 = Sunday. */
int date_weekday(int32_t date);

#endif
