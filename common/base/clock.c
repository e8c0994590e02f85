/* clock.c - instants and dates, the company's days being those of Shanghai. */
#include "clock.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "arena.h"

#include "banned.h"

#define SHANGHAI_OFFSET (8 * CLOCK_HOUR)
#define DAYS_TO_1970 719468 /* from 0000-03-01 */
#define DAYS_IN_400_YEARS 146097

static int64_t read_clock(clockid_t clock)
{
    struct timespec now;

    clock_gettime(clock, &now);
    return now.tv_sec * CLOCK_SECOND + now.tv_nsec / 1000;
}

int64_t clock_now(void)
{
    return read_clock(CLOCK_REALTIME);
}

int64_t clock_monotonic(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

static int64_t divide_down(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

int32_t date_of(int64_t instant)
{
    int64_t days = divide_down(instant, CLOCK_DAY);
    bool is_next_day = instant - days * CLOCK_DAY >= CLOCK_DAY - SHANGHAI_OFFSET;

    return (int32_t)days + is_next_day;
}

int64_t date_start(int32_t date)
{
    return date * CLOCK_DAY - SHANGHAI_OFFSET;
}

/* Both directions count in years that begin on 1 March, so that the leap day is the last of its
 * year, and in eras of 400 years, which all have the same days. */
int32_t date_from_civil(int year, int month, int day)
{
    int shifted = year - (month <= 2);
    int era = (int)divide_down(shifted, 400);
    int year_of_era = shifted - era * 400;
    int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

    return era * DAYS_IN_400_YEARS + day_of_era - DAYS_TO_1970;
}

void date_civil(int32_t date, int *year, int *month, int *day)
{
    int days = date + DAYS_TO_1970;
    int era = (int)divide_down(days, DAYS_IN_400_YEARS);
    int day_of_era = days - era * DAYS_IN_400_YEARS;
    int year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int shifted_month = (5 * day_of_year + 2) / 153;

    *day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    *month = shifted_month + (shifted_month < 10 ? 3 : -9);
    *year = year_of_era + era * 400 + (*month <= 2);
}

int date_days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return days[month - 1] + (month == 2 && is_leap);
}

int date_weekday(int32_t date)
{
    /* 1970-01-01 was a Thursday */
    return (int)(date + 3 - divide_down(date + 3, 7) * 7) + 1;
}

/* Reads exactly `digits` digits and moves the text behind them. */
static bool read_number(const char **text, int digits, int *number)
{
    int value = 0;

    for (int i = 0; i < digits; i++) {
        char c = (*text)[i];

        if (c < '0' || c > '9')
            return false;
        value = value * 10 + (c - '0');
    }
    *text += digits;
    *number = value;
    return true;
}

static bool read_character(const char **text, char wanted)
{
    if (**text != wanted)
        return false;
    (*text)++;
    return true;
}

static bool read_date(const char **text, int32_t *date)
{
    int year, month, day;

    if (!read_number(text, 4, &year) || !read_character(text, '-') ||
        !read_number(text, 2, &month) || !read_character(text, '-') || !read_number(text, 2, &day))
        return false;
    if (year < 1 || month < 1 || month > 12 || day < 1 || day > date_days_in_month(year, month))
        return false;
    *date = date_from_civil(year, month, day);
    return true;
}

bool date_parse(const char *text, int32_t *date)
{
    int32_t parsed;

    if (!text || !read_date(&text, &parsed) || *text || parsed == 0)
        return false;
    *date = parsed;
    return true;
}

char *date_print(struct arena *arena, int32_t date)
{
    int year, month, day;

    date_civil(date, &year, &month, &day);
    return arena_print(arena, "%04d-%02d-%02d", year, month, day);
}

/* The time of day with its fraction, in microseconds. */
static bool read_time(const char **text, int64_t *time)
{
    int hour, minute, second;
    int64_t fraction = 0;

    if (!read_number(text, 2, &hour) || !read_character(text, ':') ||
        !read_number(text, 2, &minute) || !read_character(text, ':') ||
        !read_number(text, 2, &second))
        return false;
    if (hour > 23 || minute > 59 || second > 60)
        return false;
    if (read_character(text, '.')) {
        int digit;
        int64_t worth = CLOCK_SECOND;

        if (**text < '0' || **text > '9')
            return false;
        while (worth > 1 && read_number(text, 1, &digit)) {
            worth /= 10;
            fraction += digit * worth;
        }
    }
    *time = hour * CLOCK_HOUR + minute * CLOCK_MINUTE + second * CLOCK_SECOND + fraction;
    return true;
}

static bool read_offset(const char **text, int64_t *offset)
{
    bool is_west = **text == '-';
    int hour, minute;

    *offset = 0;
    if (read_character(text, 'Z') || read_character(text, 'z'))
        return true;
    if (!is_west && **text != '+')
        return false;
    (*text)++;
    if (!read_number(text, 2, &hour) || !read_character(text, ':') ||
        !read_number(text, 2, &minute) || hour > 23 || minute > 59)
        return false;
    *offset = (hour * CLOCK_HOUR + minute * CLOCK_MINUTE) * (is_west ? -1 : 1);
    return true;
}

bool instant_parse(const char *text, int64_t *instant)
{
    int32_t date;
    int64_t time, offset, parsed;

    if (!text || !read_date(&text, &date))
        return false;
    if (!read_character(&text, 'T') && !read_character(&text, 't'))
        return false;
    if (!read_time(&text, &time) || !read_offset(&text, &offset) || *text)
        return false;
    parsed = date * CLOCK_DAY + time - offset;
    if (parsed == 0)
        return false;
    *instant = parsed;
    return true;
}

static char *put_digits(char *out, int value, int width)
{
    for (int i = width - 1; i >= 0; i--) {
        out[i] = (char)('0' + value % 10);
        value /= 10;
    }
    return out + width;
}

static char *put_year(char *out, int year)
{
    if (year >= 0 && year <= 9999)
        return put_digits(out, year, 4);
    return out + snprintf(out, INSTANT_TEXT_SIZE / 2, "%04d", year);
}

/* Every line of the log has one: by hand, because printf takes ten times as long. */
void instant_format(int64_t instant, char out[INSTANT_TEXT_SIZE])
{
    int32_t date = date_of(instant);
    int64_t time = instant - date_start(date);
    int fraction = (int)(time % CLOCK_SECOND);
    int second = (int)(time / CLOCK_SECOND);
    bool is_milli = fraction % 1000 == 0;
    int year, month, day;

    date_civil(date, &year, &month, &day);
    out = put_year(out, year);
    *out++ = '-';
    out = put_digits(out, month, 2);
    *out++ = '-';
    out = put_digits(out, day, 2);
    *out++ = 'T';
    out = put_digits(out, second / 3600, 2);
    *out++ = ':';
    out = put_digits(out, second / 60 % 60, 2);
    *out++ = ':';
    out = put_digits(out, second % 60, 2);
    *out++ = '.';
    out = put_digits(out, is_milli ? fraction / 1000 : fraction, is_milli ? 3 : 6);
    memcpy(out, "+08:00", sizeof("+08:00"));
}

char *instant_print(struct arena *arena, int64_t instant)
{
    char *text = arena_alloc(arena, INSTANT_TEXT_SIZE);

    instant_format(instant, text);
    return text;
}
