/* base_list.c - tests of the linked list whose links live in its members. */
#include "unit.h"

#include "base/list.h"

struct truck {
    int number;
    struct link link;
};

static int numbers_in(struct link *list)
{
    int numbers = 0;

    link_each (list, at)
        numbers = numbers * 10 + link_entry(at, struct truck, link)->number;
    return numbers;
}

static void members_stand_in_the_order_they_came(void **state)
{
    struct link list;
    struct truck a = {.number = 1}, b = {.number = 2}, c = {.number = 3};

    (void)state;
    link_init(&list);
    assert_true(link_is_empty(&list));
    link_append(&list, &a.link);
    link_append(&list, &b.link);
    link_append(&list, &c.link);
    assert_false(link_is_empty(&list));
    assert_int_equal(numbers_in(&list), 123);
    assert_ptr_equal(link_entry(list.prev, struct truck, link), &c);
}

static void a_member_may_be_removed_twice_and_appended_again(void **state)
{
    struct link list;
    struct truck a = {.number = 1}, b = {.number = 2};

    (void)state;
    link_init(&list);
    link_append(&list, &a.link);
    link_append(&list, &b.link);
    link_remove(&a.link);
    link_remove(&a.link);
    assert_int_equal(numbers_in(&list), 2);
    link_append(&list, &a.link);
    assert_int_equal(numbers_in(&list), 21);
}

static void all_members_may_be_removed_while_walking(void **state)
{
    struct link list;
    struct truck trucks[5] = {
        {.number = 1}, {.number = 2}, {.number = 3}, {.number = 4}, {.number = 5}};

    (void)state;
    link_init(&list);
    for (int i = 0; i < 5; i++)
        link_append(&list, &trucks[i].link);
    link_each (&list, at)
        if (link_entry(at, struct truck, link)->number % 2)
            link_remove(at);
    assert_int_equal(numbers_in(&list), 24);
    link_each (&list, at)
        link_remove(at);
    assert_true(link_is_empty(&list));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_stand_in_the_order_they_came),
        cmocka_unit_test(a_member_may_be_removed_twice_and_appended_again),
        cmocka_unit_test(all_members_may_be_removed_while_walking),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
