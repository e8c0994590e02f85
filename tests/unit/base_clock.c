/* base_clock.c - tests of instants and dates. */
#include "unit.h"

#include <time.h>

#include "base/arena.h"
#include "base/clock.h"

static void every_date_of_400_years_agrees_with_the_c_library(void **state)
{
    (void)state;
    for (int32_t date = -73000; date < 73100; date++) {
        time_t seconds = (time_t)date * 86400;
        struct tm tm;
        int year, month, day;

        assert_non_null(gmtime_r(&seconds, &tm));
        date_civil(date, &year, &month, &day);
        assert_int_equal(year, tm.tm_year + 1900);
        assert_int_equal(month, tm.tm_mon + 1);
        assert_int_equal(day, tm.tm_mday);
        assert_int_equal(date_weekday(date), tm.tm_wday ? tm.tm_wday : 7);
        assert_int_equal(date_from_civil(year, month, day), date);
    }
}

static void the_date_changes_at_16_hours_utc(void **state)
{
    int64_t midnight;
    int32_t date = date_from_civil(2026, 11, 22);

    (void)state;
    assert_true(instant_parse("2026-11-21T16:00:00Z", &midnight));
    assert_int_equal(date_start(date), midnight);
    assert_int_equal(date_of(midnight), date);
    assert_int_equal(date_of(midnight - 1), date - 1);
    assert_int_equal(date_of(midnight + CLOCK_DAY - 1), date);
    assert_int_equal(date_of(0), 0);
    assert_int_equal(date_of(-8 * CLOCK_HOUR - 1), -1);
}

static void dates_are_read_and_written(void **state)
{
    struct arena arena;
    int32_t date = 0;

    (void)state;
    arena_init(&arena);
    assert_true(date_parse("2028-02-29", &date));
    assert_string_equal(date_print(&arena, date), "2028-02-29");
    assert_true(date_parse("0001-01-01", &date));
    assert_string_equal(date_print(&arena, date), "0001-01-01");
    assert_true(date_parse("9999-12-31", &date));
    assert_string_equal(date_print(&arena, date), "9999-12-31");
    arena_release(&arena);
}

static void what_is_no_date_is_refused(void **state)
{
    static const char *const wrong[] = {
        "",
        "2026",
        "2026-1-01",
        "2026-13-01",
        "2026-00-10",
        "2026-11-31",
        "2026-02-29",
        "2100-02-29",
        "0000-01-01",
        "2026/11/22",
        "2026-11-22 ",
        " 2026-11-22",
        "2026-11-2",
        "26-11-22",
        "1970-01-01",
        "2026-11-00",
        "20261122",
        "+026-11-22",
        "2026-11-22T00:00:00+08:00",
    };
    int32_t date = 7;

    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
        assert_false(date_parse(wrong[i], &date));
    assert_false(date_parse(NULL, &date));
    assert_int_equal(date, 7);
}

static void an_instant_is_the_same_in_every_offset(void **state)
{
    static const char *const same[] = {
        "2026-11-22T19:46:00+08:00",        "2026-11-22T11:46:00Z",
        "2026-11-22t11:46:00.000z",         "2026-11-22T06:16:00-05:30",
        "2026-11-23T00:46:00.000000+13:00", "2026-11-22T11:46:00-00:00",
    };
    int64_t expected =
        date_start(date_from_civil(2026, 11, 22)) + 19 * CLOCK_HOUR + 46 * CLOCK_MINUTE;

    (void)state;
    for (size_t i = 0; i < sizeof(same) / sizeof(*same); i++) {
        int64_t instant = 0;

        assert_true(instant_parse(same[i], &instant));
        assert_int_equal(instant, expected);
    }
}

static void fractions_have_up_to_six_digits(void **state)
{
    struct arena arena;
    int64_t instant = 0;

    (void)state;
    arena_init(&arena);
    assert_true(instant_parse("2026-11-22T19:46:00.1+08:00", &instant));
    assert_string_equal(instant_print(&arena, instant), "2026-11-22T19:46:00.100+08:00");
    assert_true(instant_parse("2026-11-22T19:46:00.123456+08:00", &instant));
    assert_string_equal(instant_print(&arena, instant), "2026-11-22T19:46:00.123456+08:00");
    assert_true(instant_parse("2026-11-22T19:46:00.000001+08:00", &instant));
    assert_string_equal(instant_print(&arena, instant), "2026-11-22T19:46:00.000001+08:00");
    assert_true(instant_parse("1969-12-31T23:59:59.999Z", &instant));
    assert_int_equal(instant, -1000);
    assert_string_equal(instant_print(&arena, instant), "1970-01-01T07:59:59.999+08:00");
    arena_release(&arena);
}

static void a_leap_second_counts_as_the_next_second(void **state)
{
    int64_t leap = 0, next = 0;

    (void)state;
    assert_true(instant_parse("2017-01-01T07:59:60+08:00", &leap));
    assert_true(instant_parse("2017-01-01T08:00:00+08:00", &next));
    assert_int_equal(leap, next);
}

static void what_is_no_instant_is_refused(void **state)
{
    static const char *const wrong[] = {
        "",
        "2026-11-22",
        "2026-11-22T19:46:00",
        "2026-11-22 19:46:00+08:00",
        "2026-11-22T19:46+08:00",
        "2026-11-22T24:00:00+08:00",
        "2026-11-22T19:60:00+08:00",
        "2026-11-22T19:46:61+08:00",
        "2026-11-22T19:46:00.+08:00",
        "2026-11-22T19:46:00.1234567+08:00",
        "2026-11-22T19:46:00+0800",
        "2026-11-22T19:46:00+24:00",
        "2026-11-22T19:46:00+08:60",
        "2026-11-22T19:46:00+08:00 ",
        "2026-11-22T19:46:00Zulu",
        "2026-02-30T19:46:00Z",
        "1970-01-01T00:00:00Z",
    };
    int64_t instant = 7;

    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
        assert_false(instant_parse(wrong[i], &instant));
    assert_false(instant_parse(NULL, &instant));
    assert_int_equal(instant, 7);
}

static void any_instant_can_be_written(void **state)
{
    char text[INSTANT_TEXT_SIZE];

    (void)state;
    instant_format(INT64_MAX, text);
    assert_string_equal(text, "294247-01-10T12:00:54.775807+08:00");
}

static void the_clocks_go_forward(void **state)
{
    int64_t before = clock_monotonic();
    int64_t now = clock_now();

    (void)state;
    assert_true(clock_monotonic() >= before);
    assert_true(now / CLOCK_SECOND - time(NULL) <= 1);
    assert_true(now / CLOCK_SECOND - time(NULL) >= -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_date_of_400_years_agrees_with_the_c_library),
        cmocka_unit_test(the_date_changes_at_16_hours_utc),
        cmocka_unit_test(dates_are_read_and_written),
        cmocka_unit_test(what_is_no_date_is_refused),
        cmocka_unit_test(an_instant_is_the_same_in_every_offset),
        cmocka_unit_test(fractions_have_up_to_six_digits),
        cmocka_unit_test(a_leap_second_counts_as_the_next_second),
        cmocka_unit_test(what_is_no_instant_is_refused),
        cmocka_unit_test(any_instant_can_be_written),
        cmocka_unit_test(the_clocks_go_forward),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
