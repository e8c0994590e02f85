/* contracts_rules.c - tests of which price holds, what a template names, and when to remind. */
#include "rules.h" /* before cmocka, which has a macro called fail */

#include "base/arena.h"
#include "base/clock.h"
#include "unit.h"

static const struct price_rule rules[] = {
    {.list_price = 700, .floor_price = 650},
    {.min_quantity = 100, .list_price = 690, .floor_price = 640},
    {.class = CUSTOMER_CLASS_A, .list_price = 660, .floor_price = 620},
    {.class = CUSTOMER_CLASS_A, .months = 1 << 12 | 1 << 1, .list_price = 720, .floor_price = 680},
    {.months = 1 << 7, .min_quantity = 50, .list_price = 600, .floor_price = 590},
};

static int64_t list_price(enum customer_class class, int month, int64_t quantity)
{
    const struct price_rule *rule =
        price_choose(rules, sizeof(rules) / sizeof(rules[0]), class, month, quantity);

    return rule == NULL ? -1 : rule->list_price;
}

static void without_a_class_the_general_line_holds(void **state)
{
    (void)state;
    assert_int_equal(list_price(0, 3, 1), 700);
    assert_int_equal(list_price(CUSTOMER_CLASS_B, 3, 1), 700);
}

static void a_quantity_break_begins_at_its_quantity(void **state)
{
    (void)state;
    assert_int_equal(list_price(CUSTOMER_CLASS_B, 3, 99), 700);
    assert_int_equal(list_price(CUSTOMER_CLASS_B, 3, 100), 690);
}

static void a_class_goes_before_season_and_quantity(void **state)
{
    (void)state;
    assert_int_equal(list_price(CUSTOMER_CLASS_A, 3, 1000), 660);
    assert_int_equal(list_price(CUSTOMER_CLASS_A, 7, 1000), 660);
}

static void a_season_goes_before_the_whole_year(void **state)
{
    (void)state;
    assert_int_equal(list_price(CUSTOMER_CLASS_A, 12, 1), 720);
    assert_int_equal(list_price(CUSTOMER_CLASS_A, 1, 1), 720);
    assert_int_equal(list_price(CUSTOMER_CLASS_A, 11, 1), 660);
    assert_int_equal(list_price(CUSTOMER_CLASS_C, 7, 1000), 600);
    assert_int_equal(list_price(CUSTOMER_CLASS_C, 7, 49), 700);
}

static void where_nothing_fits_there_is_no_price(void **state)
{
    (void)state;
    assert_null(price_choose(NULL, 0, CUSTOMER_CLASS_A, 1, 1));
    assert_null(price_choose(&rules[1], 1, CUSTOMER_CLASS_A, 1, 99));
    assert_null(price_choose(&rules[2], 1, CUSTOMER_CLASS_B, 1, 1));
    assert_null(price_choose(&rules[2], 1, 0, 1, 1));
}

static void months_are_bits(void **state)
{
    const int64_t months[] = {1, 12, 12};

    (void)state;
    assert_int_equal(season_bits(months, 3), 1 << 1 | 1 << 12);
    assert_int_equal(season_bits(NULL, 0), 0);
}

static void a_price_needs_leave_below_list_and_more_below_floor(void **state)
{
    (void)state;
    assert_int_equal(price_leave_of(680, 680, 600), PRICE_LEAVE_NONE);
    assert_int_equal(price_leave_of(679, 680, 600), PRICE_LEAVE_DISCOUNT);
    assert_int_equal(price_leave_of(600, 680, 600), PRICE_LEAVE_DISCOUNT);
    assert_int_equal(price_leave_of(599, 680, 600), PRICE_LEAVE_FLOOR);
}

static void a_clause_names_each_field_once(void **state)
{
    struct arena arena = {0};
    struct text_list names;

    (void)state;
    assert_true(template_names(&arena, "供应{品名}，{数量}；{品名}。", &names));
    assert_int_equal(names.count, 2);
    assert_string_equal(names.items[0], "品名");
    assert_string_equal(names.items[1], "数量");
    assert_true(template_names(&arena, "", &names));
    assert_int_equal(names.count, 0);
    arena_release(&arena);
}

static void braces_that_do_not_match_are_refused(void **state)
{
    struct arena arena = {0};
    struct text_list names;
    static const char *const wrong[] = {"{", "}", "{a", "a}", "{}", "{a{b}}", "}{", "{a}}"};
    char many[64 + 1] = "";

    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        assert_false(template_names(&arena, wrong[i], &names));
    for (int i = 0; i < 21; i++)
        memcpy(many + strlen(many), "{a}", 4);
    assert_false(template_names(&arena, many, &names));
    many[60] = '\0';
    assert_true(template_names(&arena, many, &names));
    arena_release(&arena);
}

static void values_stand_where_the_names_were(void **state)
{
    struct arena arena = {0};
    struct contract_field items[] = {{.name = "品名", .value = "液化气"},
                                     {.name = "数", .value = "/"}};
    struct contract_field_list fields = {.items = items, .count = 2};

    (void)state;
    assert_string_equal(template_render(&arena, "供应{品名}{数}，{品名}。", fields),
                        "供应液化气/，液化气。");
    assert_string_equal(template_render(&arena, "供应{无}。", fields), "供应{无}。");
    assert_string_equal(template_render(&arena, "{品名}", fields), "液化气");
    assert_string_equal(template_render(&arena, "", fields), "");
    arena_release(&arena);
}

static void each_reminder_comes_in_its_turn(void **state)
{
    static const int64_t days[] = {60, 30, 7};
    int32_t until = date_from_civil(2027, 3, 5);

    (void)state;
    assert_int_equal(reminder_next(until, until - 61, days, 3), until - 60);
    assert_int_equal(reminder_next(until, until - 60, days, 3), until - 30);
    assert_int_equal(reminder_next(until, until - 12, days, 3), until - 7);
    assert_int_equal(reminder_next(until, until - 7, days, 3), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_class_the_general_line_holds),
        cmocka_unit_test(a_quantity_break_begins_at_its_quantity),
        cmocka_unit_test(a_class_goes_before_season_and_quantity),
        cmocka_unit_test(a_season_goes_before_the_whole_year),
        cmocka_unit_test(where_nothing_fits_there_is_no_price),
        cmocka_unit_test(months_are_bits),
        cmocka_unit_test(a_price_needs_leave_below_list_and_more_below_floor),
        cmocka_unit_test(a_clause_names_each_field_once),
        cmocka_unit_test(braces_that_do_not_match_are_refused),
        cmocka_unit_test(values_stand_where_the_names_were),
        cmocka_unit_test(each_reminder_comes_in_its_turn),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
