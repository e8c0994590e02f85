/* discipline_ladder.c - P1, P2: which measure an offence calls for, what a fine becomes, which rule has an open figure. */
#include "discipline.h" /* before cmocka, which has a macro called fail */

#include "unit.h"

#include "base/clock.h"

#define STEPS(...)                                                                                 \
    ((struct rule_step_list){.items = (struct rule_step[]){__VA_ARGS__},                           \
                             .count = sizeof((struct rule_step[]){__VA_ARGS__}) /                  \
                                      sizeof(struct rule_step)})
#define FINE(from, fen)                                                                            \
    {                                                                                              \
        .from_offence = (from), .measure = MEASURE_FINE, .has_money_min = true,                    \
        .money_min = (fen), .has_money_max = true, .money_max = (fen)                              \
    }

static const struct rule_step_list none;

static struct rule_step_list minor_ladder(void)
{
    static struct rule_step steps[] = {
        {.from_offence = 1, .measure = MEASURE_ORAL_WARNING},
        {.from_offence = 2, .measure = MEASURE_WRITTEN_WARNING},
        {.from_offence = 3, .measure = MEASURE_POINTS, .has_points = true, .points = 5},
        {.from_offence = 5, .measure = MEASURE_DISMISSAL},
    };

    return (struct rule_step_list){.items = steps, .count = 4};
}

static void ignoring_a_customer_is_fined_and_the_third_time_is_dismissal(void **state)
{
    struct rule_step_list steps =
        STEPS(FINE(1, 10000), {.from_offence = 3, .measure = MEASURE_DISMISSAL});
    struct rule_step_list general = minor_ladder();
    struct proposal proposal = ladder_propose(&steps, &general, 1);

    (void)state;
    assert_int_equal(proposal.measure, MEASURE_FINE);
    assert_int_equal(proposal.money_min, 10000);
    assert_int_equal(proposal.money_max, 10000);
    assert_true(proposal.is_particular);
    assert_int_equal(ladder_propose(&steps, &general, 2).measure, MEASURE_FINE);
    assert_int_equal(ladder_propose(&steps, &general, 3).measure, MEASURE_DISMISSAL);
    assert_int_equal(ladder_propose(&steps, &general, 9).measure, MEASURE_DISMISSAL);
    assert_int_equal(ladder_propose(&steps, &general, 3).money_max, 0);
}

static void what_no_particular_clause_names_goes_up_the_general_ladder(void **state)
{
    struct rule_step_list general = minor_ladder();

    (void)state;
    assert_int_equal(ladder_propose(&none, &general, 1).measure, MEASURE_ORAL_WARNING);
    assert_false(ladder_propose(&none, &general, 1).is_particular);
    assert_int_equal(ladder_propose(&none, &general, 2).measure, MEASURE_WRITTEN_WARNING);
    assert_int_equal(ladder_propose(&none, &general, 3).points, 5);
    assert_int_equal(ladder_propose(&none, &general, 4).measure, MEASURE_POINTS);
    assert_int_equal(ladder_propose(&none, &general, 5).measure, MEASURE_DISMISSAL);
}

static void a_clause_that_begins_later_leaves_the_first_offences_to_the_general_ladder(void **state)
{
    struct rule_step_list steps = STEPS({.from_offence = 3, .measure = MEASURE_REMOVAL});
    struct rule_step_list general = minor_ladder();

    (void)state;
    assert_int_equal(ladder_propose(&steps, &general, 2).measure, MEASURE_WRITTEN_WARNING);
    assert_int_equal(ladder_propose(&steps, &general, 3).measure, MEASURE_REMOVAL);
    assert_int_equal(ladder_propose(&steps, &none, 1).measure, MEASURE_NONE);
}

static void only_what_stands_inside_the_window_makes_a_repetition(void **state)
{
    const int64_t at = 400 * CLOCK_DAY;
    struct record_item items[] = {
        {.occurred_at = at - 1, .measure = MEASURE_FINE, .status = CASE_STATUS_EXECUTED},
        {.occurred_at = at - 30 * CLOCK_DAY + 1,
         .measure = MEASURE_FINE,
         .status = CASE_STATUS_DECIDED},
        {.occurred_at = at - 30 * CLOCK_DAY,
         .measure = MEASURE_FINE,
         .status = CASE_STATUS_EXECUTED},
        {.occurred_at = at - 2, .measure = MEASURE_NONE, .status = CASE_STATUS_CLOSED},
        {.occurred_at = at + 1, .measure = MEASURE_FINE, .status = CASE_STATUS_EXECUTED},
    };
    struct record_item_list record = {.items = items, .count = 5};

    (void)state;
    assert_int_equal(ladder_offence(&record, at, 30), 3);
    assert_int_equal(ladder_offence(&record, at, 31), 4);
    assert_int_equal(ladder_offence(&record, at, 0), 1);
    record.count = 0;
    assert_int_equal(ladder_offence(&record, at, 30), 1);
}

static void another_step_than_the_proposed_one_deviates(void **state)
{
    const struct proposal fine = {
        .measure = MEASURE_FINE, .money_min = 2000, .money_max = 5000, .offence = 1};
    const struct proposal points = {.measure = MEASURE_POINTS, .points = 5};

    (void)state;
    assert_false(choice_deviates(&(struct choice){MEASURE_FINE, 2000, 0}, &fine));
    assert_false(choice_deviates(&(struct choice){MEASURE_FINE, 5000, 0}, &fine));
    assert_true(choice_deviates(&(struct choice){MEASURE_FINE, 5001, 0}, &fine));
    assert_true(choice_deviates(&(struct choice){MEASURE_FINE, 1999, 0}, &fine));
    assert_true(choice_deviates(&(struct choice){MEASURE_ORAL_WARNING, 0, 0}, &fine));
    assert_false(choice_deviates(&(struct choice){MEASURE_POINTS, 0, 5}, &points));
    assert_true(choice_deviates(&(struct choice){MEASURE_POINTS, 0, 6}, &points));
}

static void a_measure_has_its_own_figures_and_no_others(void **state)
{
    (void)state;
    assert_true(choice_is_whole(&(struct choice){MEASURE_FINE, 2000, 0}));
    assert_false(choice_is_whole(&(struct choice){MEASURE_FINE, 0, 0}));
    assert_false(choice_is_whole(&(struct choice){MEASURE_FINE, 2000, 5}));
    assert_true(choice_is_whole(&(struct choice){MEASURE_POINTS, 0, 5}));
    assert_false(choice_is_whole(&(struct choice){MEASURE_POINTS, 0, 0}));
    assert_true(choice_is_whole(&(struct choice){MEASURE_DISMISSAL, 0, 0}));
    assert_false(choice_is_whole(&(struct choice){MEASURE_DISMISSAL, 1, 0}));
    assert_true(measure_needs_two(MEASURE_FINE));
    assert_true(measure_needs_two(MEASURE_DISMISSAL));
    assert_false(measure_needs_two(MEASURE_WRITTEN_WARNING));
    assert_false(measure_needs_two(MEASURE_POINTS));
}

static void a_fine_becomes_points_where_money_is_off(void **state)
{
    struct settlement settlement;

    (void)state;
    assert_true(choice_settle(&(struct choice){MEASURE_FINE, 10000, 0}, false, 1, &settlement));
    assert_int_equal(settlement.points, 100);
    assert_int_equal(settlement.money, 0);
    assert_true(choice_settle(&(struct choice){MEASURE_FINE, 2050, 0}, false, 3, &settlement));
    assert_int_equal(settlement.points, 62); /* 61.5 */
    assert_true(choice_settle(&(struct choice){MEASURE_FINE, 10000, 0}, true, 1, &settlement));
    assert_int_equal(settlement.points, 0);
    assert_int_equal(settlement.money, 10000);
    assert_true(choice_settle(&(struct choice){MEASURE_POINTS, 0, 7}, true, 1, &settlement));
    assert_int_equal(settlement.points, 7);
    assert_false(
        choice_settle(&(struct choice){MEASURE_FINE, INT64_MAX, 0}, false, 1000, &settlement));
}

static void fines_stay_under_the_cap_and_above_the_minimum_wage(void **state)
{
    (void)state;
    assert_int_equal(fine_room(500000, 20, 269000, 0), 100000);
    assert_int_equal(fine_room(500000, 20, 269000, 99999), 1);
    assert_int_equal(fine_room(500000, 20, 269000, 100001), 0);
    assert_int_equal(fine_room(300000, 20, 269000, 0), 31000); /* the wage left would be too low */
    assert_int_equal(fine_room(269000, 20, 269000, 0), 0);
    assert_int_equal(fine_room(200000, 20, 269000, 0), 0);
    assert_int_equal(fine_room(500000, 0, 269000, 0), 0);
}

static void a_wrong_ladder_is_named_by_its_step(void **state)
{
    struct rule_step_list right =
        STEPS(FINE(1, 100), {.from_offence = 2, .measure = MEASURE_REMOVAL});
    struct rule_step_list falling =
        STEPS(FINE(2, 100), {.from_offence = 2, .measure = MEASURE_REMOVAL});
    struct rule_step_list money = STEPS({.from_offence = 1,
                                         .measure = MEASURE_ORAL_WARNING,
                                         .has_money_min = true,
                                         .money_min = 1});
    struct rule_step_list range = STEPS({.from_offence = 1,
                                         .measure = MEASURE_FINE,
                                         .has_money_min = true,
                                         .money_min = 500,
                                         .has_money_max = true,
                                         .money_max = 499});
    struct rule_step_list points = STEPS({.from_offence = 1,
                                          .measure = MEASURE_FINE,
                                          .has_money_min = true,
                                          .money_min = 500,
                                          .has_points = true,
                                          .points = 1});

    (void)state;
    assert_int_equal(steps_check(&right), right.count);
    assert_int_equal(steps_check(&none), 0);
    assert_int_equal(steps_check(&falling), 1);
    assert_int_equal(steps_check(&money), 0);
    assert_int_equal(steps_check(&range), 0);
    assert_int_equal(steps_check(&points), 0);
}

static void an_open_figure_is_named(void **state)
{
    struct rule_step_list blank = STEPS({.from_offence = 1, .measure = MEASURE_FINE});
    struct rule_step_list unknown = STEPS({.from_offence = 1, .measure = MEASURE_POINTS});
    struct figures figures = {.text_zh = "须在 4 小时内答复",
                              .text_en = "within 4 hours",
                              .has_repeat_days = true,
                              .steps = &none};

    (void)state;
    assert_null(open_figure(&figures));
    figures.text_zh = "须在 [X] 小时内答复";
    assert_string_equal(open_figure(&figures), "text_zh");
    figures.text_zh = "须在【X】小时内答复";
    assert_string_equal(open_figure(&figures), "text_zh");
    figures.text_zh = "须及时答复";
    figures.text_en = "within [X] hours";
    assert_string_equal(open_figure(&figures), "text_en");
    figures.text_en = "in time";
    figures.requires = "____";
    assert_string_equal(open_figure(&figures), "requires");
    figures.requires = NULL;
    figures.has_repeat_days = false;
    assert_string_equal(open_figure(&figures), "repeat_days");
    figures.has_repeat_days = true;
    figures.steps = &blank;
    assert_string_equal(open_figure(&figures), "steps.money_min");
    figures.steps = &unknown;
    assert_string_equal(open_figure(&figures), "steps.points");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ignoring_a_customer_is_fined_and_the_third_time_is_dismissal),
        cmocka_unit_test(what_no_particular_clause_names_goes_up_the_general_ladder),
        cmocka_unit_test(
            a_clause_that_begins_later_leaves_the_first_offences_to_the_general_ladder),
        cmocka_unit_test(only_what_stands_inside_the_window_makes_a_repetition),
        cmocka_unit_test(another_step_than_the_proposed_one_deviates),
        cmocka_unit_test(a_measure_has_its_own_figures_and_no_others),
        cmocka_unit_test(a_fine_becomes_points_where_money_is_off),
        cmocka_unit_test(fines_stay_under_the_cap_and_above_the_minimum_wage),
        cmocka_unit_test(a_wrong_ladder_is_named_by_its_step),
        cmocka_unit_test(an_open_figure_is_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
