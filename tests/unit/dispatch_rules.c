/* The rules of dispatch that need nothing but figures. */
#include "base/clock.h"
#include "delivery_rules.h"
#include "order_rules.h"
#include "slip_rules.h"
#include "unit.h"

static struct id id_of(uint8_t last)
{
    return (struct id){.bytes = {[15] = last}};
}

static int64_t instant(const char *text)
{
    int64_t at = 0;

    assert_true(instant_parse(text, &at));
    return at;
}

static int32_t date(const char *text)
{
    int32_t day = 0;

    assert_true(date_parse(text, &day));
    return day;
}

static void an_order_is_late_from_the_cutoff_of_the_day_before(void **state)
{
    (void)state;
    assert_false(
        order_is_late(instant("2026-11-23T17:59:59.999999+08:00"), date("2026-11-24"), 1080));
    assert_true(order_is_late(instant("2026-11-23T18:00:00+08:00"), date("2026-11-24"), 1080));
    assert_true(order_is_late(instant("2026-11-23T00:00:00+08:00"), date("2026-11-23"), 1080));
    assert_false(order_is_late(instant("2026-11-23T23:59:59+08:00"), date("2026-11-25"), 1080));
    assert_true(order_is_late(instant("2026-12-31T18:00:00+08:00"), date("2027-01-01"), 1080));
    assert_false(order_is_late(instant("2026-11-23T11:59:00+08:00"), date("2026-11-24"), 720));
}

static void an_order_waits_for_review_then_approval_then_acceptance(void **state)
{
    (void)state;
    assert_int_equal(order_waits_for((struct order_needs){0}), ORDER_STATUS_READY);
    assert_int_equal(order_waits_for((struct order_needs){.acceptance = true}),
                     ORDER_STATUS_AWAITING_ACCEPTANCE);
    assert_int_equal(order_waits_for((struct order_needs){.approval = true, .acceptance = true}),
                     ORDER_STATUS_AWAITING_APPROVAL);
    assert_int_equal(
        order_waits_for((struct order_needs){.review = true, .approval = true, .acceptance = true}),
        ORDER_STATUS_AWAITING_REVIEW);
}

static void an_order_is_changed_only_before_it_is_on_a_list(void **state)
{
    (void)state;
    assert_true(order_is_changeable(ORDER_STATUS_READY));
    assert_true(order_is_changeable(ORDER_STATUS_AWAITING_REVIEW));
    assert_false(order_is_changeable(ORDER_STATUS_HELD));
    assert_false(order_is_changeable(ORDER_STATUS_LISTED));
    assert_false(order_is_changeable(ORDER_STATUS_DELIVERED));
    assert_false(order_is_changeable(ORDER_STATUS_REJECTED));
}

static void lines_are_rounded_one_by_one_and_added(void **state)
{
    struct priced_line items[] = {{.quantity = 333, .price = 12345},
                                  {.quantity = 1, .price = 45000}};
    struct priced_line_list lines = {.items = items, .count = 2};
    int64_t amount = -1;

    (void)state;
    assert_true(order_sum(lines, &amount));
    assert_int_equal(items[0].amount, 41); /* 0.333 × 1.2345 yuan = 0.4110885 */
    assert_int_equal(items[1].amount, 0);  /* 0.001 × 4.5 yuan = 0.0045 */
    assert_int_equal(amount, 41);          /* of both together it would be 42 */
    items[1] = (struct priced_line){.quantity = INT64_MAX, .price = INT64_MAX};
    assert_false(order_sum(lines, &amount));
    assert_int_equal(amount, 41);
}

static void more_than_half_as_much_again_or_than_is_on_the_truck_is_an_outlier(void **state)
{
    (void)state;
    assert_false(delivery_is_outlier(15000, 10000, 100000, 150));
    assert_true(delivery_is_outlier(15001, 10000, 100000, 150));
    assert_true(delivery_is_outlier(2500000, 250000, 5000000, 150));
    assert_true(delivery_is_outlier(10001, 10000, 10000, 150));
    assert_false(delivery_is_outlier(0, 10000, 0, 150));
    assert_true(delivery_is_outlier(INT64_MAX, 1, INT64_MAX, 10000));
}

static void a_confirmation_is_the_same_in_any_order_of_lines(void **state)
{
    struct delivered_item items[] = {{.product_id = id_of(1), .quantity = 5},
                                     {.product_id = id_of(2), .quantity = 7}};
    struct priced_line lines[] = {{.product_id = id_of(2), .quantity = 7},
                                  {.product_id = id_of(1), .quantity = 5}};
    struct delivered_item_list sent = {.items = items, .count = 2};
    struct priced_line_list kept = {.items = lines, .count = 2};

    (void)state;
    assert_true(delivery_is_same(sent, kept));
    items[1].quantity = 8;
    assert_false(delivery_is_same(sent, kept));
    items[1].quantity = 7;
    sent.count = 1;
    assert_false(delivery_is_same(sent, kept));
    sent.count = 2;
    items[1].product_id = id_of(3);
    assert_false(delivery_is_same(sent, kept));
}

static void goods_agree_when_all_that_was_loaded_is_accounted_for(void **state)
{
    (void)state;
    assert_int_equal(
        goods_difference((struct goods_count){.loaded = 50, .delivered = 40, .handed_back = 10}),
        0);
    assert_int_equal(goods_difference((struct goods_count){
                         .loaded = 50, .delivered = 40, .taken_back = 3, .handed_back = 12}),
                     1);
    assert_int_equal(goods_difference((struct goods_count){.handed_back = 2}), -2);
}

static void a_slip_loads_the_needs_and_the_extra_goods(void **state)
{
    struct arena arena;
    struct product_quantity needed[] = {{id_of(1), 10}, {id_of(2), 20}},
                            more[] = {{id_of(2), 5}, {id_of(3), 1}, {id_of(4), 0}};
    struct product_quantity_list needs = {.items = needed, .count = 2},
                                 extra = {.items = more, .count = 3};
    struct slip_lines_to_load load;

    (void)state;
    arena_init(&arena);
    load = slip_load(&arena, needs, extra);
    assert_int_equal(load.count, 3);
    assert_int_equal(load.items[0].quantity, 10);
    assert_int_equal(load.items[0].extra, 0);
    assert_int_equal(load.items[1].quantity, 25);
    assert_int_equal(load.items[1].extra, 5);
    assert_int_equal(load.items[2].quantity, 1);
    assert_int_equal(load.items[2].extra, 1);
    arena_release(&arena);
}

static void a_slip_is_current_while_the_stops_need_just_that(void **state)
{
    struct slip_lines_here rows[] = {{.product_id = id_of(1), .quantity = 10},
                                     {.product_id = id_of(2), .quantity = 25, .extra = 5},
                                     {.product_id = id_of(3), .quantity = 1, .extra = 1}};
    struct slip_lines_here_list lines = {.items = rows, .count = 3};
    struct product_quantity needed[] = {{id_of(1), 10}, {id_of(2), 20}, {id_of(4), 1}};
    struct product_quantity_list needs = {.items = needed, .count = 2};

    (void)state;
    assert_true(slip_is_current(lines, needs));
    needed[1].quantity = 19;
    assert_false(slip_is_current(lines, needs));
    needed[1].quantity = 20;
    needs.count = 3;
    assert_false(slip_is_current(lines, needs));
    needs.count = 1;
    assert_false(slip_is_current(lines, needs));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_order_is_late_from_the_cutoff_of_the_day_before),
        cmocka_unit_test(an_order_waits_for_review_then_approval_then_acceptance),
        cmocka_unit_test(an_order_is_changed_only_before_it_is_on_a_list),
        cmocka_unit_test(lines_are_rounded_one_by_one_and_added),
        cmocka_unit_test(more_than_half_as_much_again_or_than_is_on_the_truck_is_an_outlier),
        cmocka_unit_test(a_confirmation_is_the_same_in_any_order_of_lines),
        cmocka_unit_test(goods_agree_when_all_that_was_loaded_is_accounted_for),
        cmocka_unit_test(a_slip_loads_the_needs_and_the_extra_goods),
        cmocka_unit_test(a_slip_is_current_while_the_stops_need_just_that),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
