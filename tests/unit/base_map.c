/* base_map.c - tests of the hash map, checked against a plain array. */
#include "unit.h"

#include "base/map.h"

static void what_was_put_is_found_and_nothing_else(void **state)
{
    struct map map;
    int a, b;

    (void)state;
    map_init(&map);
    assert_null(map_get_text(&map, "a"));
    assert_null(map_remove_text(&map, "a"));
    assert_null(map_put_text(&map, "a", &a));
    assert_null(map_put_text(&map, "b", &b));
    assert_ptr_equal(map_get_text(&map, "a"), &a);
    assert_ptr_equal(map_get_text(&map, "b"), &b);
    assert_null(map_get_text(&map, "c"));
    assert_null(map_get_text(&map, ""));
    assert_int_equal(map_count(&map), 2);
    map_release(&map);
}

static void putting_again_replaces_and_gives_the_old_value(void **state)
{
    struct map map;
    int a, b;

    (void)state;
    map_init(&map);
    map_put_text(&map, "key", &a);
    assert_ptr_equal(map_put_text(&map, "key", &b), &a);
    assert_ptr_equal(map_get_text(&map, "key"), &b);
    assert_int_equal(map_count(&map), 1);
    assert_ptr_equal(map_remove_text(&map, "key"), &b);
    assert_null(map_get_text(&map, "key"));
    map_release(&map);
}

static void keys_are_bytes_copied_and_may_hold_nul_or_nothing(void **state)
{
    struct map map;
    char key[3] = {'a', 0, 'b'};
    int with_nul, empty;

    (void)state;
    map_init(&map);
    map_put(&map, key, 3, &with_nul);
    map_put(&map, NULL, 0, &empty);
    key[2] = 'x';
    assert_ptr_equal(map_get(&map, "a\0b", 3), &with_nul);
    assert_null(map_get(&map, "a", 1));
    assert_ptr_equal(map_get_text(&map, ""), &empty);
    map_release(&map);
}

static void entries_stand_in_order_of_insertion(void **state)
{
    struct map map;
    int value;

    (void)state;
    map_init(&map);
    map_put_text(&map, "one", &value);
    map_put_text(&map, "two", &value);
    map_put_text(&map, "three", &value);
    assert_string_equal(map_at(&map, 0)->key, "one");
    assert_string_equal(map_at(&map, 2)->key, "three");
    map_remove_text(&map, "one");
    assert_string_equal(map_at(&map, 0)->key, "three");
    assert_string_equal(map_at(&map, 1)->key, "two");
    map_release(&map);
}

static void everything_may_be_removed_while_walking_downwards(void **state)
{
    struct map map;
    int value;

    (void)state;
    map_init(&map);
    for (int i = 0; i < 100; i++)
        map_put(&map, &i, sizeof(i), &value);
    for (size_t i = map_count(&map); i-- > 0;) {
        const struct map_entry *entry = map_at(&map, i);

        assert_ptr_equal(map_remove(&map, entry->key, entry->key_len), &value);
    }
    assert_int_equal(map_count(&map), 0);
    map_release(&map);
}

static void a_long_random_history_agrees_with_an_array(void **state)
{
    enum { KEYS = 600, STEPS = 60000 };
    static int values[STEPS];
    int *expected[KEYS] = {NULL};
    unsigned seed = 20261122;
    size_t count = 0;
    struct map map;

    (void)state;
    map_init(&map);
    for (int step = 0; step < STEPS; step++) {
        unsigned key = (unsigned)rand_r(&seed) % KEYS;

        if (rand_r(&seed) % 100 < (step / 10000 % 2 ? 70 : 30)) {
            assert_ptr_equal(map_remove(&map, &key, sizeof(key)), expected[key]);
            count -= expected[key] != NULL;
            expected[key] = NULL;
        } else {
            assert_ptr_equal(map_put(&map, &key, sizeof(key), &values[step]), expected[key]);
            count += expected[key] == NULL;
            expected[key] = &values[step];
        }
        assert_int_equal(map_count(&map), count);
        if (step % 1000 == 0)
            for (unsigned i = 0; i < KEYS; i++)
                assert_ptr_equal(map_get(&map, &i, sizeof(i)), expected[i]);
    }
    map_release(&map);
}

static void put_null(void)
{
    struct map map;

    map_init(&map);
    map_put_text(&map, "key", NULL);
}

static void read_behind_the_end(void)
{
    struct map map;

    map_init(&map);
    map_at(&map, 0);
}

static void misuse_aborts(void **state)
{
    (void)state;
    assert_true(aborts(put_null));
    assert_true(aborts(read_behind_the_end));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_put_is_found_and_nothing_else),
        cmocka_unit_test(putting_again_replaces_and_gives_the_old_value),
        cmocka_unit_test(keys_are_bytes_copied_and_may_hold_nul_or_nothing),
        cmocka_unit_test(entries_stand_in_order_of_insertion),
        cmocka_unit_test(everything_may_be_removed_while_walking_downwards),
        cmocka_unit_test(a_long_random_history_agrees_with_an_array),
        cmocka_unit_test(misuse_aborts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
