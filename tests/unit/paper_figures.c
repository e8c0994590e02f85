/* paper_figures.c - money, quantities, days and text as papers show them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "clean.h"
#include "figures.h"

struct pair {
    int64_t value;
    const char *text;
};

static void check_all(const struct pair *pairs, size_t count, void (*print)(int64_t, char *))
{
    for (size_t i = 0; i < count; i++) {
        char text[CAPITALS_SIZE];

        print(pairs[i].value, text);
        assert_string_equal(text, pairs[i].text);
    }
}

#define CHECK_ALL(print, ...)                                                                      \
    check_all((const struct pair[]){__VA_ARGS__},                                                  \
              sizeof((const struct pair[]){__VA_ARGS__}) / sizeof(struct pair), print)

static void money_has_two_decimals_and_commas(void **state)
{
    (void)state;
    CHECK_ALL(figure_money, {0, "0.00"}, {5, "0.05"}, {-5, "-0.05"}, {100, "1.00"},
              {99999, "999.99"}, {100000, "1,000.00"}, {-123456789, "-1,234,567.89"},
              {INT64_MAX, "92,233,720,368,547,758.07"}, {INT64_MIN, "-92,233,720,368,547,758.08"});
}

static void prices_and_quantities_have_the_decimals_they_need(void **state)
{
    (void)state;
    CHECK_ALL(figure_price, {68000, "6.80"}, {68125, "6.8125"}, {1, "0.0001"}, {0, "0.00"});
    CHECK_ALL(figure_quantity, {50000, "50"}, {12500, "12.5"}, {1, "0.001"}, {-1500, "-1.5"},
              {1234567000, "1,234,567"});
}

/* The rules of the banks for filling in bills (正确填写票据和结算凭证的基本规定). */
static void amounts_in_capitals_are_as_the_banks_write_them(void **state)
{
    (void)state;
    CHECK_ALL(figure_capitals, {0, "零元整"}, {1, "壹分"}, {50, "伍角整"}, {53, "伍角叁分"},
              {100, "壹元整"}, {1000, "壹拾元整"}, {140950, "壹仟肆佰零玖元伍角整"},
              {600714, "陆仟零柒元壹角肆分"}, {32504, "叁佰贰拾伍元零肆分"},
              {1640902, "壹万陆仟肆佰零玖元零贰分"}, {10000000, "壹拾万元整"},
              {10100000, "壹拾万壹仟元整"}, {10001000, "壹拾万零壹拾元整"},
              {1000000100, "壹仟万零壹元整"}, {10000000000, "壹亿元整"},
              {10000000100, "壹亿零壹元整"}, {10001000000, "壹亿零壹万元整"},
              {10100000000, "壹亿零壹佰万元整"}, {11000000000, "壹亿壹仟万元整"},
              {10010000000, "壹亿零壹拾万元整"}, {10000100000, "壹亿零壹仟元整"},
              {-32504, "负叁佰贰拾伍元零肆分"}, {-1000000000000, "负壹佰亿元整"},
              {CAPITALS_MAX, "玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"},
              {CAPITALS_MAX + 1, ""}, {INT64_MIN, ""});
}

static void days_and_instants_are_shanghais(void **state)
{
    char text[FIGURE_SIZE];

    (void)state;
    figure_date("2026-11-05", false, text);
    assert_string_equal(text, "2026年11月5日");
    figure_date("2026-11-05", true, text);
    assert_string_equal(text, "5 November 2026");
    figure_date("soon", false, text);
    assert_string_equal(text, "soon");
    figure_time("2026-11-20T16:30:59Z", text);
    assert_string_equal(text, "2026-11-21 00:30");
    figure_time("", text);
    assert_string_equal(text, "");
    figure_time("a text that is far too long to be any instant of this or another world", text);
    assert_int_equal(strlen(text), FIGURE_SIZE - 1);
}

static void check_clean(const char *text, size_t max, enum clean_lines lines, const char *wanted)
{
    char *clean = clean_text(text, max, lines);

    assert_string_equal(clean, wanted);
    memory_free(&clean);
}

static void hostile_text_is_harmless(void **state)
{
    (void)state;
    check_clean("", 10, CLEAN_ONE_LINE, "");
    check_clean("晨光餐厅", 10, CLEAN_ONE_LINE, "晨光餐厅");
    check_clean("\xE2\x80\xAE"
                "abc\xE2\x81\xA6\xE2\x80\x8F",
                10, CLEAN_ONE_LINE, "abc");
    check_clean("a\tb\x01"
                "c\x7F\xC2\x85"
                "d",
                20, CLEAN_ONE_LINE, "a b c  d");
    check_clean("a\r\nb\xE2\x80\xA8"
                "c",
                20, CLEAN_LINES, "a\nb\nc");
    check_clean("a\r\nb", 20, CLEAN_ONE_LINE, "a b");
    check_clean("a\xFF"
                "b\xEF\xBF\xBF",
                20, CLEAN_ONE_LINE,
                "a\xEF\xBF\xBD"
                "b");
    check_clean("一二三四", 3, CLEAN_ONE_LINE, "一二三…");
    check_clean("一二三", 3, CLEAN_ONE_LINE, "一二三");
    check_clean("e\xCC\x81\xCC\x81\xCC\x81\xCC\x81\xCC\x81\xCC\x81\xCC\x81\xCC\x81\xCC\x81\xCC\x81",
                99, CLEAN_ONE_LINE,
                "e\xCC\x81\xCC\x81\xCC\x81\xCC\x81\xCC\x81\xCC\x81\xCC\x81\xCC\x81");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(money_has_two_decimals_and_commas),
        cmocka_unit_test(prices_and_quantities_have_the_decimals_they_need),
        cmocka_unit_test(amounts_in_capitals_are_as_the_banks_write_them),
        cmocka_unit_test(days_and_instants_are_shanghais),
        cmocka_unit_test(hostile_text_is_harmless),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
