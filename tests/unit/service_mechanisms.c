/* service_mechanisms.c - tests of the rules behind deadlines, approvals and document numbers (B1, B15, C5, X11). */
#include "base/clock.h"
#include "base/text.h"
#include "service/approval_signing.h"
#include "service/deadline_clock.h"
#include "service/number_text.h"
#include "words.gen.h"

#include "unit.h"

static int setup(void **state)
{
    static struct arena arena;
    static struct call c;

    arena_init(&arena);
    c = (struct call){.arena = &arena};
    *state = &c;
    return 0;
}

static int teardown(void **state)
{
    struct call *c = *state;

    arena_release(c->arena);
    return 0;
}

static int32_t day(const char *text)
{
    int32_t date = 0;

    assert_true(date_parse(text, &date));
    return date;
}

static int64_t at(const char *text)
{
    char full[32];
    int64_t instant = 0;

    snprintf(full, sizeof(full), "%.10sT%.5s:00+08:00", text, text + 11);
    assert_true(instant_parse(full, &instant));
    return instant;
}

static void a_branchs_days_lie_over_the_calendar_below(void **state)
{
    struct call *c = *state;
    const struct calendar_own_day own[] = {
        {.date = day("2026-01-04"), .is_working = false, .name = "不调休"},
        {.date = day("2026-05-02"), .is_as_below = true, .name = ""},
        {.date = day("2026-11-24"), .is_working = false, .name = "店庆"},
        {.date = day("2026-11-28"), .is_working = true, .name = "补班"},
    };
    const struct calendar *calendar = calendar_overlay(c->arena, calendar_china(), own, 4);

    assert_false(calendar_is_working_day(calendar, day("2026-01-04")));
    assert_true(calendar_is_working_day(calendar_china(), day("2026-01-04")));
    assert_false(calendar_is_working_day(calendar, day("2026-05-02")));
    assert_false(calendar_is_working_day(calendar, day("2026-11-24")));
    assert_true(calendar_is_working_day(calendar, day("2026-11-28")));
    assert_true(calendar_is_working_day(calendar, day("2026-11-25")));
    assert_int_equal(calendar->count, calendar_china()->count + 2);
}

static void a_clock_counts_minutes_or_days_or_is_fixed(void **state)
{
    const struct deadline_count minutes = {
        .from = at("2026-11-23 17:00"), .has_minutes = true, .minutes = 120};
    const struct deadline_count days = {
        .from = at("2026-11-23 09:00"), .has_days = true, .days = 3};
    const struct deadline_count fixed = {.from = at("2026-11-23 09:00"),
                                         .due_at = at("2026-11-28 03:00")};

    (void)state;
    assert_int_equal(deadline_due_at(calendar_china(), &minutes), at("2026-11-24 10:00"));
    assert_int_equal(deadline_due_at(calendar_china(), &days), at("2026-11-26 09:00"));
    assert_int_equal(deadline_due_at(calendar_china(), &fixed), at("2026-11-28 03:00"));
}

static void the_reminder_comes_its_working_minutes_before(void **state)
{
    const int64_t due = at("2026-11-24 10:00");

    (void)state;
    assert_int_equal(deadline_first_look(calendar_china(), due, 120, at("2026-11-23 09:00")),
                     at("2026-11-23 17:00"));
    assert_int_equal(deadline_first_look(calendar_china(), due, 30, at("2026-11-23 09:00")),
                     at("2026-11-24 09:30"));
    assert_int_equal(deadline_first_look(calendar_china(), due, 0, at("2026-11-23 09:00")), due);
    /* Less is left than the reminder wants: nothing to remind of. */
    assert_int_equal(deadline_first_look(calendar_china(), due, 120, at("2026-11-23 17:30")), due);
    /* Over a weekend. */
    assert_int_equal(
        deadline_first_look(calendar_china(), at("2026-11-23 09:30"), 60, at("2026-11-19 09:00")),
        at("2026-11-20 17:30"));
}

static void there_is_one_clock_for_each_kind_and_subject(void **state)
{
    const struct id subject = id_make(at("2026-11-23 09:00"));

    (void)state;
    assert_true(
        id_equal(deadline_key("visit_report", subject), deadline_key("visit_report", subject)));
    assert_false(
        id_equal(deadline_key("visit_report", subject), deadline_key("approval", subject)));
}

static void own_steps_are_skipped_only_where_somebody_else_signs_later(void **state)
{
    struct chain_link first[] = {{.step = 1, .is_authors = true}, {.step = 2}, {.step = 3}};
    struct chain_link last[] = {{.step = 1}, {.step = 2, .is_authors = true}};
    struct chain_link all[] = {{.step = 1, .is_authors = true}, {.step = 2, .is_authors = true}};

    (void)state;
    assert_true(chain_skip_own(first, 3));
    assert_true(first[0].is_skipped);
    assert_false(first[1].is_skipped || first[2].is_skipped);
    assert_true(chain_skip_own(last, 2));
    assert_false(last[0].is_skipped || last[1].is_skipped);
    assert_false(chain_skip_own(all, 2));
    assert_true(chain_skip_own(NULL, 0));
}

static void a_deputy_signs_for_others_but_never_for_the_author(void **state)
{
    struct call *c = *state;
    const struct id branch = id_make(1), headquarters = id_make(2), elsewhere = id_make(3);
    const struct id manager = id_make(4), author = id_make(5);
    struct signing_power items[] = {
        {.branch_id = branch, .functions = function_bit("driver")},
        {.deputy_for_id = manager, .branch_id = branch, .functions = function_bit("sales_manager")},
        {.deputy_for_id = author, .branch_id = headquarters, .functions = function_bit("finance")},
        {.deputy_for_id = manager, .branch_id = elsewhere, .functions = function_bit("director")},
    };
    const struct signing_powers powers = {items, 4};

    c->actor.company_id = headquarters;
    assert_ptr_equal(signing_power_for(c, &powers, "driver", branch, author), &items[0]);
    assert_ptr_equal(signing_power_for(c, &powers, "sales_manager", branch, author), &items[1]);
    assert_null(signing_power_for(c, &powers, "finance", branch, author));
    assert_ptr_equal(signing_power_for(c, &powers, "finance", branch, manager), &items[2]);
    assert_null(signing_power_for(c, &powers, "director", branch, author));
    assert_null(signing_power_for(c, &powers, "no_such_function", branch, author));
}

static void what_changed_is_told_leaf_by_leaf(void **state)
{
    struct call *c = *state;
    struct picture_change_list changes = picture_compare(
        c, "{\"name\":\"晨光\",\"lines\":[{\"price\":68000},{\"price\":1}],\"gone\":true}",
        "{\"name\":\"晨光\",\"lines\":[{\"price\":67000}],\"new\":{\"a\":1}}");

    assert_int_equal(changes.count, 4);
    assert_string_equal(changes.items[0].path, "lines[0].price");
    assert_string_equal(changes.items[0].before, "68000");
    assert_string_equal(changes.items[0].now, "67000");
    assert_string_equal(changes.items[1].path, "lines[1]");
    assert_null(changes.items[1].now);
    assert_string_equal(changes.items[2].path, "gone");
    assert_string_equal(changes.items[2].before, "true");
    assert_string_equal(changes.items[3].path, "new");
    assert_null(changes.items[3].before);
    assert_int_equal(picture_compare(c, "{\"a\":1}", "{\"a\":1}").count, 0);
    assert_int_equal(picture_compare(c, NULL, "{}").count, 0);
    assert_int_equal(picture_compare(c, "no json", "{}").count, 0);
}

static void a_document_number_is_read_as_it_is_written(void **state)
{
    struct call *c = *state;
    struct number_parts parts;

    assert_string_equal(number_text(c, "SH01", "CK", 2026, 123), "SH01-CK-2026-000123");
    assert_string_equal(number_text(c, "SH01", "CK", 2026, 1234567), "SH01-CK-2026-1234567");
    assert_true(number_parse(c, "SH-01-CK-2026-000123", &parts));
    assert_string_equal(parts.code, "SH-01");
    assert_string_equal(parts.kind, "CK");
    assert_int_equal(parts.year, 2026);
    assert_int_equal(parts.number, 123);
    assert_false(number_parse(c, "SH01-CK-2026-123", &parts));
    assert_false(number_parse(c, "SH01-ck-2026-000123", &parts));
    assert_false(number_parse(c, "SH01-CK-26-000123", &parts));
    assert_false(number_parse(c, "CK-2026-000123", &parts));
    assert_false(number_parse(c, "SH01-CK-2026-000123x", &parts));
    assert_false(number_parse(c, "", &parts));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_branchs_days_lie_over_the_calendar_below, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_clock_counts_minutes_or_days_or_is_fixed, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(the_reminder_comes_its_working_minutes_before, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(there_is_one_clock_for_each_kind_and_subject, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(own_steps_are_skipped_only_where_somebody_else_signs_later,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(a_deputy_signs_for_others_but_never_for_the_author, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(what_changed_is_told_leaf_by_leaf, setup, teardown),
        cmocka_unit_test_setup_teardown(a_document_number_is_read_as_it_is_written, setup,
                                        teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
