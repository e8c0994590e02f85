/* leads_rules.c - L4, L9: when two records are the same customer, and which way a stage goes. */
#include "leads.h" /* before cmocka, which has a macro called fail */

#include "unit.h"

static void similar_name_and_address_are_the_same_customer(void **state)
{
    (void)state;
    assert_true(is_same_place("晨光餐厅", "上海市徐汇区漕溪路12号", "晨光餐厅",
                              "上海市徐汇区漕溪路 12 号"));
    assert_true(is_same_place("晨光火锅餐厅（总店）", "上海市徐汇区漕溪路12号", "晨光火锅餐厅总店",
                              "上海徐汇区漕溪路12号"));
}

static void another_place_or_another_name_is_another_customer(void **state)
{
    (void)state;
    assert_false(
        is_same_place("晨光餐厅", "上海市徐汇区漕溪路12号", "晨光餐厅", "杭州市西湖区文三路9号"));
    assert_false(
        is_same_place("晨光餐厅", "上海市徐汇区漕溪路12号", "老街火锅", "上海市徐汇区漕溪路12号"));
}

static bool contains(const struct text_list *list, const char *text)
{
    for (size_t i = 0; i < list->count; i++) {
        if (strcmp(list->items[i], text) == 0)
            return true;
    }
    return false;
}

static void words_that_every_restaurant_has_do_not_make_candidates(void **state)
{
    struct arena arena;
    struct text_list list;

    (void)state;
    arena_init(&arena);
    list = name_bigrams(&arena, "晨光餐厅");
    assert_true(contains(&list, "晨光"));
    assert_false(contains(&list, "餐厅"));
    list = name_bigrams(&arena, "甲");
    assert_true(contains(&list, "甲"));
    list = name_bigrams(&arena, "");
    assert_int_equal(list.count, 0);
    arena_release(&arena);
}

static void only_an_earlier_stage_is_backward(void **state)
{
    (void)state;
    assert_true(is_backward(CUSTOMER_STAGE_PROPOSAL, CUSTOMER_STAGE_VISIT));
    assert_false(is_backward(CUSTOMER_STAGE_VISIT, CUSTOMER_STAGE_CONTRACT));
    assert_false(is_backward(CUSTOMER_STAGE_EXCLUDED, CUSTOMER_STAGE_LEAD));
}

static void a_lead_counts_against_the_limit_until_the_contract(void **state)
{
    (void)state;
    assert_true(is_open_stage(CUSTOMER_STAGE_LEAD));
    assert_true(is_open_stage(CUSTOMER_STAGE_PROPOSAL));
    assert_false(is_open_stage(CUSTOMER_STAGE_CONTRACT));
    assert_false(is_open_stage(CUSTOMER_STAGE_EXCLUDED));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(similar_name_and_address_are_the_same_customer),
        cmocka_unit_test(another_place_or_another_name_is_another_customer),
        cmocka_unit_test(words_that_every_restaurant_has_do_not_make_candidates),
        cmocka_unit_test(only_an_earlier_stage_is_backward),
        cmocka_unit_test(a_lead_counts_against_the_limit_until_the_contract),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
