/* base_calendar.c - tests of working time against the arrangement of 2026. */
#include "unit.h"

#include "base/arena.h"
#include "base/calendar.h"
#include "base/clock.h"

static int32_t day(const char *text)
{
    int32_t date = 0;

    assert_true(date_parse(text, &date));
    return date;
}

/* "2026-11-20 17:30" in Shanghai */
static int64_t at(const char *text)
{
    char full[32];
    int64_t instant = 0;

    snprintf(full, sizeof(full), "%.10sT%.5s:00+08:00", text, text + 11);
    assert_true(instant_parse(full, &instant));
    return instant;
}

static void expect_minutes_later(const char *from, int64_t minutes, const char *to)
{
    assert_int_equal(calendar_add_minutes(calendar_china(), at(from), minutes), at(to));
}

static void expect_days_later(const char *from, int days, const char *to)
{
    assert_int_equal(calendar_add_days(calendar_china(), at(from), days), at(to));
}

static void expect_minutes_between(const char *from, const char *to, int64_t minutes)
{
    assert_int_equal(calendar_minutes_between(calendar_china(), at(from), at(to)), minutes);
    assert_int_equal(calendar_minutes_between(calendar_china(), at(to), at(from)), -minutes);
}

static int working_days_of(int year)
{
    int count = 0;

    for (int32_t date = date_from_civil(year, 1, 1); date < date_from_civil(year + 1, 1, 1); date++)
        count += calendar_is_working_day(calendar_china(), date);
    return count;
}

static void the_year_2026_has_its_announced_days(void **state)
{
    static const char *const worked[] = {"2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09",
                                         "2026-09-20", "2026-10-10", "2026-11-20"};
    static const char *const free_days[] = {"2026-01-02", "2026-02-16", "2026-02-23", "2026-04-06",
                                            "2026-05-05", "2026-06-19", "2026-09-25", "2026-10-07",
                                            "2026-11-21", "2026-11-22"};

    (void)state;
    for (size_t i = 0; i < sizeof(worked) / sizeof(*worked); i++)
        assert_true(calendar_is_working_day(calendar_china(), day(worked[i])));
    for (size_t i = 0; i < sizeof(free_days) / sizeof(*free_days); i++)
        assert_false(calendar_is_working_day(calendar_china(), day(free_days[i])));
    /* 365 days, 104 of them at weekends, 13 statutory holidays of which every one that falls on a
     * weekend is made good: 248 working days */
    assert_int_equal(working_days_of(2026), 248);
}

static void the_statutory_days_of_2027_are_provisional(void **state)
{
    const struct calendar_day *found = calendar_find(calendar_china(), day("2027-02-08"));

    (void)state;
    assert_non_null(found);
    assert_int_equal(found->kind, CALENDAR_PROVISIONAL_HOLIDAY);
    assert_string_equal(found->name, "春节");
    assert_false(calendar_is_working_day(calendar_china(), day("2027-02-08")));
    assert_true(calendar_is_working_day(calendar_china(), day("2027-02-09")));
    assert_null(calendar_find(calendar_china(), day("2027-02-09")));
}

static void a_year_without_data_follows_the_week(void **state)
{
    (void)state;
    assert_true(calendar_is_working_day(calendar_china(), day("2035-10-01")));
    assert_false(calendar_is_working_day(calendar_china(), day("2035-10-06")));
}

static void minutes_run_only_in_working_time(void **state)
{
    (void)state;
    expect_minutes_later("2026-11-20 10:00", 30, "2026-11-20 10:30");
    expect_minutes_later("2026-11-20 17:30", 30, "2026-11-20 18:00");
    expect_minutes_later("2026-11-20 17:30", 31, "2026-11-23 09:01");
    expect_minutes_later("2026-11-20 09:00", 540, "2026-11-20 18:00");
    expect_minutes_later("2026-11-20 09:00", 541, "2026-11-23 09:01");
    expect_minutes_later("2026-11-20 10:00", 1080, "2026-11-24 10:00");
    expect_minutes_later("2026-09-30 17:00", 120, "2026-10-08 10:00");
    expect_minutes_later("2026-02-13 17:00", 120, "2026-02-14 10:00");
    expect_minutes_later("2026-02-14 17:00", 120, "2026-02-24 10:00");
}

static void a_count_from_outside_begins_at_the_next_opening(void **state)
{
    (void)state;
    expect_minutes_later("2026-11-20 07:00", 30, "2026-11-20 09:30");
    expect_minutes_later("2026-11-20 19:00", 30, "2026-11-23 09:30");
    expect_minutes_later("2026-11-21 12:00", 30, "2026-11-23 09:30");
    expect_minutes_later("2026-11-21 12:00", 0, "2026-11-23 09:00");
    expect_minutes_later("2026-11-20 18:00", 0, "2026-11-20 18:00");
    expect_minutes_later("2026-11-20 18:00", 1, "2026-11-23 09:01");
    expect_minutes_later("2026-11-20 11:11", 0, "2026-11-20 11:11");
}

static void seconds_are_kept(void **state)
{
    int64_t from = at("2026-11-20 17:59") + 30 * CLOCK_SECOND + 7;

    (void)state;
    assert_int_equal(calendar_add_minutes(calendar_china(), from, 1),
                     at("2026-11-23 09:00") + 30 * CLOCK_SECOND + 7);
}

static void days_keep_the_time_of_day_within_working_hours(void **state)
{
    (void)state;
    expect_days_later("2026-11-19 15:20", 1, "2026-11-20 15:20");
    expect_days_later("2026-11-20 15:20", 1, "2026-11-23 15:20");
    expect_days_later("2026-11-20 20:00", 1, "2026-11-23 18:00");
    expect_days_later("2026-11-20 06:00", 1, "2026-11-23 09:00");
    expect_days_later("2026-11-21 10:00", 1, "2026-11-23 10:00");
    expect_days_later("2026-09-30 10:00", 3, "2026-10-10 10:00");
    expect_days_later("2026-11-20 10:00", 0, "2026-11-20 10:00");
    expect_days_later("2026-11-20 20:00", 0, "2026-11-20 18:00");
    expect_days_later("2026-11-21 20:00", 0, "2026-11-23 09:00");
}

static void days_may_be_counted_back(void **state)
{
    (void)state;
    expect_days_later("2026-11-23 10:00", -1, "2026-11-20 10:00");
    expect_days_later("2026-11-22 10:00", -1, "2026-11-20 10:00");
    expect_days_later("2026-10-09 10:00", -2, "2026-09-30 10:00");
}

static void working_minutes_between_two_instants_are_counted(void **state)
{
    (void)state;
    expect_minutes_between("2026-11-20 10:00", "2026-11-20 10:00", 0);
    expect_minutes_between("2026-11-20 10:00", "2026-11-20 11:30", 90);
    expect_minutes_between("2026-11-20 17:00", "2026-11-23 10:00", 120);
    expect_minutes_between("2026-11-20 19:00", "2026-11-23 08:00", 0);
    expect_minutes_between("2026-11-20 00:00", "2026-11-20 23:59", 540);
    expect_minutes_between("2026-01-01 00:00", "2027-01-01 00:00", INT64_C(248) * 540);
    assert_int_equal(calendar_minutes_between(calendar_china(), at("2026-11-20 10:00"),
                                              at("2026-11-20 10:01") - 1),
                     0);
}

static void adding_and_counting_agree(void **state)
{
    int64_t from = at("2026-02-11 03:17");

    (void)state;
    for (int64_t minutes = 0; minutes < 10000; minutes += 37) {
        int64_t to = calendar_add_minutes(calendar_china(), from, minutes);

        assert_int_equal(calendar_minutes_between(calendar_china(), from, to), minutes);
    }
}

static void a_branch_may_have_its_own_calendar(void **state)
{
    static const char csv[] = "\xef\xbb\xbf"
                              "date,kind,name\r\n"
                              "# remark\r\n"
                              "2026-11-29,working,盘点\r\n"
                              "2026-11-23,holiday,停电\r\n";
    struct calendar *calendar = NULL;
    char error[200] = "";

    (void)state;
    assert_true(calendar_load_csv(&calendar, csv, sizeof(csv) - 1, error, sizeof(error)));
    assert_false(calendar_is_working_day(calendar, day("2026-11-23")));
    assert_true(calendar_is_working_day(calendar, day("2026-11-29")));
    assert_true(calendar_is_working_day(calendar, day("2026-10-01")));
    assert_string_equal(calendar_find(calendar, day("2026-11-23"))->name, "停电");
    calendar_free(&calendar);
    calendar_free(&calendar);
    assert_null(calendar);
}

static void a_wrong_calendar_is_refused_with_its_line(void **state)
{
    static const struct {
        const char *csv, *error;
    } cases[] = {
        {"", "the heading must be date,kind,name"},
        {"2026-11-23,holiday,x\n", "line 1: the heading must be date,kind,name"},
        {"date,kind,name\n2026-11-31,holiday,x\n", "line 2: the date is not YYYY-MM-DD"},
        {"date,kind,name\n2026-11-23,free,x\n", "line 2: the kind is not"},
        {"date,kind,name\n2026-11-23,holiday\n", "line 2: a row has three fields"},
        {"date,kind,name\n\n2026-11-23,holi\"day,x\n", "line 3: a quote"},
        {"date,kind,name\n2026-11-23,holiday,x\n2026-11-23,working,y\n", "a date stands twice"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct calendar *calendar = NULL;
        char error[200] = "";

        assert_false(
            calendar_load_csv(&calendar, cases[i].csv, strlen(cases[i].csv), error, sizeof(error)));
        assert_null(calendar);
        assert_non_null(strstr(error, cases[i].error));
    }
}

static void add_negative_minutes(void)
{
    calendar_add_minutes(calendar_china(), CLOCK_DAY, -1);
}

static void negative_minutes_abort(void **state)
{
    (void)state;
    assert_true(aborts(add_negative_minutes));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_year_2026_has_its_announced_days),
        cmocka_unit_test(the_statutory_days_of_2027_are_provisional),
        cmocka_unit_test(a_year_without_data_follows_the_week),
        cmocka_unit_test(minutes_run_only_in_working_time),
        cmocka_unit_test(a_count_from_outside_begins_at_the_next_opening),
        cmocka_unit_test(seconds_are_kept),
        cmocka_unit_test(days_keep_the_time_of_day_within_working_hours),
        cmocka_unit_test(days_may_be_counted_back),
        cmocka_unit_test(working_minutes_between_two_instants_are_counted),
        cmocka_unit_test(adding_and_counting_agree),
        cmocka_unit_test(a_branch_may_have_its_own_calendar),
        cmocka_unit_test(a_wrong_calendar_is_refused_with_its_line),
        cmocka_unit_test(negative_minutes_abort),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
