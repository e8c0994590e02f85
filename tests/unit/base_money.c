/* base_money.c - tests of sums, rounding and splitting. */
#include "unit.h"

#include "base/arena.h"
#include "base/money.h"

static void sums_that_do_not_fit_are_refused_and_leave_the_result_alone(void **state)
{
    int64_t result = 42;

    (void)state;
    assert_false(money_add(INT64_MAX, 1, &result));
    assert_false(money_subtract(INT64_MIN, 1, &result));
    assert_false(money_multiply(INT64_MAX, 2, &result));
    assert_false(money_of(INT64_MAX, INT64_MAX, &result));
    assert_false(money_part(INT64_MAX, 3, 2, &result));
    assert_false(money_part(INT64_MIN, 1, -1, &result));
    assert_false(money_part(100, 1, 0, &result));
    assert_int_equal(result, 42);
    assert_true(money_add(-5, 7, &result));
    assert_int_equal(result, 2);
    assert_true(money_subtract(5, 7, &result));
    assert_int_equal(result, -2);
    assert_true(money_multiply(-5, 7, &result));
    assert_int_equal(result, -35);
}

static void quantity_times_price_is_rounded_half_away_from_zero(void **state)
{
    static const struct {
        int64_t quantity, price, fen;
    } cases[] = {
        {1000, 10000, 100},   /* 1 × 1.0000 yuan */
        {24000, 35500, 8520}, /* 24 × 3.55 */
        {1000, 49, 0},        /* 0.0049 yuan */
        {1000, 50, 1},        /* 0.0050 yuan */
        {-1000, 50, -1},      /* a return */
        {1000, -50, -1},      /**/
        {-1000, -50, 1},      /**/
        {-1000, 49, 0},       /**/
        {1, 49999, 0},        /* 0.001 × 4.9999 */
        {1, 50000, 1},        /* 0.001 × 5.0000 */
        {1500, 33333, 500},   /* 1.5 × 3.3333 = 4.99995 */
        {0, INT64_MAX, 0},    /**/
        {100000, INT64_MAX, INT64_MAX},
        {100000, INT64_MIN, INT64_MIN},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        int64_t fen = 0;

        assert_true(money_of(cases[i].quantity, cases[i].price, &fen));
        assert_int_equal(fen, cases[i].fen);
    }
}

static void a_part_is_rounded_half_away_from_zero(void **state)
{
    static const struct {
        int64_t fen, numerator, denominator, part;
    } cases[] = {
        {100, 1, 3, 33},
        {200, 1, 3, 67},
        {1, 1, 2, 1},
        {-1, 1, 2, -1},
        {3, 1, 2, 2},
        {-3, 1, 2, -2},
        {5, 1, 10, 1},
        {4, 1, 10, 0},
        {1, 1, -2, -1},
        {-1, -1, 2, 1},
        {0, 5, 7, 0},
        {11300, 13, 113, 1300},
        {INT64_MAX, 7, 7, INT64_MAX},
        {INT64_MIN, 7, 7, INT64_MIN},
        {INT64_MIN, INT64_MIN, INT64_MIN, INT64_MIN},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        int64_t part = 0;

        assert_true(money_part(cases[i].fen, cases[i].numerator, cases[i].denominator, &part));
        assert_int_equal(part, cases[i].part);
    }
}

static void what_is_left_goes_to_the_largest_remainder_and_then_the_lower_index(void **state)
{
    int64_t parts[3];

    (void)state;
    assert_true(money_split(100, (const int64_t[]){1, 1, 1}, 3, parts));
    assert_memory_equal(parts, ((const int64_t[]){34, 33, 33}), sizeof(parts));
    assert_true(money_split(-100, (const int64_t[]){1, 1, 1}, 3, parts));
    assert_memory_equal(parts, ((const int64_t[]){-34, -33, -33}), sizeof(parts));
    assert_true(money_split(10, (const int64_t[]){1, 2, 4}, 3, parts)); /* 1.43 2.86 5.71 */
    assert_memory_equal(parts, ((const int64_t[]){1, 3, 6}), sizeof(parts));
    assert_true(money_split(1, (const int64_t[]){0, 1, 1}, 3, parts));
    assert_memory_equal(parts, ((const int64_t[]){0, 1, 0}), sizeof(parts));
    assert_true(money_split(5, (const int64_t[]){0, 0, 9}, 3, parts));
    assert_memory_equal(parts, ((const int64_t[]){0, 0, 5}), sizeof(parts));
    assert_true(money_split(0, (const int64_t[]){0, 0, 0}, 3, parts));
    assert_memory_equal(parts, ((const int64_t[]){0, 0, 0}), sizeof(parts));
}

static void a_total_that_nobody_bears_is_refused(void **state)
{
    int64_t parts[2];

    (void)state;
    assert_false(money_split(1, (const int64_t[]){0, 0}, 2, parts));
    assert_false(money_split(1, (const int64_t[]){2, -1}, 2, parts));
    assert_false(money_split(1, NULL, 0, NULL));
    assert_true(money_split(0, NULL, 0, NULL));
}

static void the_largest_sums_are_split_exactly(void **state)
{
    static const int64_t totals[] = {INT64_MAX, INT64_MIN, INT64_MIN + 1, 1, -1};
    const int64_t weights[] = {INT64_MAX, INT64_MAX, INT64_MAX};

    (void)state;
    for (size_t i = 0; i < sizeof(totals) / sizeof(*totals); i++) {
        int64_t parts[3];

        assert_true(money_split(totals[i], weights, 3, parts));
        assert_int_equal(parts[0] + parts[1] + parts[2], totals[i]);
        assert_true(money_split(totals[i], weights, 1, parts));
        assert_int_equal(parts[0], totals[i]);
    }
}

static void parts_always_add_up_and_are_less_than_one_fen_off(void **state)
{
    unsigned seed = 7;

    (void)state;
    for (int round = 0; round < 20000; round++) {
        int64_t weights[20], parts[20];
        int64_t total = (int64_t)rand_r(&seed) - RAND_MAX / 2;
        int64_t weight_sum = 0, sum = 0;
        size_t n = 1 + (size_t)rand_r(&seed) % 20;

        for (size_t i = 0; i < n; i++) {
            weights[i] = rand_r(&seed) % (round % 2 ? 5 : 100000);
            weight_sum += weights[i];
        }
        if (weight_sum == 0)
            continue;
        assert_true(money_split(total, weights, n, parts));
        for (size_t i = 0; i < n; i++) {
            __extension__ __int128 off =
                (__int128)parts[i] * weight_sum - (__int128)total * weights[i];

            sum += parts[i];
            assert_true((off < 0 ? -off : off) < weight_sum);
        }
        assert_int_equal(sum, total);
    }
}

static void money_is_written_in_yuan_with_two_decimals(void **state)
{
    struct arena arena;

    (void)state;
    arena_init(&arena);
    assert_string_equal(money_print(&arena, 123450), "1234.50");
    assert_string_equal(money_print(&arena, 0), "0.00");
    assert_string_equal(money_print(&arena, -5), "-0.05");
    assert_string_equal(money_print(&arena, -123405), "-1234.05");
    assert_string_equal(money_print(&arena, INT64_MAX), "92233720368547758.07");
    assert_string_equal(money_print(&arena, INT64_MIN), "-92233720368547758.08");
    arena_release(&arena);
}

static void money_is_read_back(void **state)
{
    static const struct {
        const char *text;
        int64_t fen;
    } cases[] = {
        {"1234.50", 123450},
        {"1234.5", 123450},
        {"1234", 123400},
        {"0", 0},
        {"-0.05", -5},
        {"-0", 0},
        {"007.10", 710},
        {"92233720368547758.07", INT64_MAX},
        {"-92233720368547758.08", INT64_MIN},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        int64_t fen = 99;

        assert_true(money_parse(cases[i].text, &fen));
        assert_int_equal(fen, cases[i].fen);
    }
}

static void what_is_no_sum_of_money_is_refused(void **state)
{
    static const char *const wrong[] = {
        "",
        "-",
        ".",
        ".5",
        "5.",
        "1.234",
        "+1",
        "1,000",
        "1 000",
        " 1",
        "1 ",
        "--1",
        "1e3",
        "0x10",
        "１",
        "¥5",
        "1..2",
        "1.2.3",
        "abc",
        "92233720368547758.08",
        "-92233720368547758.09",
        "99999999999999999999",
    };
    int64_t fen = 7;

    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
        assert_false(money_parse(wrong[i], &fen));
    assert_false(money_parse(NULL, &fen));
    assert_int_equal(fen, 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_that_do_not_fit_are_refused_and_leave_the_result_alone),
        cmocka_unit_test(quantity_times_price_is_rounded_half_away_from_zero),
        cmocka_unit_test(a_part_is_rounded_half_away_from_zero),
        cmocka_unit_test(what_is_left_goes_to_the_largest_remainder_and_then_the_lower_index),
        cmocka_unit_test(a_total_that_nobody_bears_is_refused),
        cmocka_unit_test(the_largest_sums_are_split_exactly),
        cmocka_unit_test(parts_always_add_up_and_are_less_than_one_fen_off),
        cmocka_unit_test(money_is_written_in_yuan_with_two_decimals),
        cmocka_unit_test(money_is_read_back),
        cmocka_unit_test(what_is_no_sum_of_money_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
