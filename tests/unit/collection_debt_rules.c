/* collection_debt_rules.c - R2: a payment pays the oldest debt first and nothing is lost on the way. */
#include "collection.h" /* before cmocka, which has a macro called fail */

#include "unit.h"

static int64_t paid(struct debts debts)
{
    int64_t sum = 0;

    for (size_t i = 0; i < debts.count; i++)
        sum += debts.items[i].paid;
    return sum;
}

static void the_oldest_debt_is_paid_first(void **state)
{
    struct debt items[] = {{.open = 500}, {.open = 300}, {.open = 200}};
    struct debts debts = {.items = items, .count = 3};

    (void)state;
    assert_int_equal(pay_oldest_first(debts, 600), 0);
    assert_int_equal(items[0].paid, 500);
    assert_int_equal(items[1].paid, 100);
    assert_int_equal(items[2].paid, 0);
}

static void what_pays_no_debt_is_left_over(void **state)
{
    struct debt items[] = {{.open = 500}};
    struct debts debts = {.items = items, .count = 1};

    (void)state;
    assert_int_equal(pay_oldest_first(debts, 620), 120);
    assert_int_equal(items[0].paid, 500);
    assert_int_equal(pay_oldest_first((struct debts){.items = items, .count = 0}, 70), 70);
}

static void what_was_told_to_be_paid_is_not_paid_twice(void **state)
{
    struct debt items[] = {{.open = 500}, {.open = 300, .paid = 300}};
    struct debts debts = {.items = items, .count = 2};

    (void)state;
    assert_int_equal(pay_oldest_first(debts, 450), 0);
    assert_int_equal(items[0].paid, 450);
    assert_int_equal(items[1].paid, 300);
}

static void parts_and_rest_always_add_up(void **state)
{
    (void)state;
    srand(7);
    for (int round = 0; round < 1000; round++) {
        struct debt items[8];
        struct debts debts = {.items = items, .count = (size_t)(rand() % 9)};
        int64_t amount = rand() % 3000, rest;

        for (size_t i = 0; i < 8; i++)
            items[i] = (struct debt){.open = rand() % 500};
        rest = pay_oldest_first(debts, amount);
        assert_int_equal(paid(debts) + rest, amount);
        for (size_t i = 0; i < debts.count; i++) {
            assert_in_range(items[i].paid, 0, items[i].open);
            assert_true(i == 0 || items[i].paid == 0 || items[i - 1].paid == items[i - 1].open);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_oldest_debt_is_paid_first),
        cmocka_unit_test(what_pays_no_debt_is_left_over),
        cmocka_unit_test(what_was_told_to_be_paid_is_not_paid_twice),
        cmocka_unit_test(parts_and_rest_always_add_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
