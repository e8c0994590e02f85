/* base_bytes.c - tests of the growing buffer. */
#include "unit.h"

#include "base/bytes.h"

static void what_is_appended_stands_in_order_and_ends_with_nul(void **state)
{
    struct buffer buffer;

    (void)state;
    buffer_init(&buffer);
    assert_string_equal(buffer_text(&buffer), "");
    buffer_append(&buffer, "ab", 2);
    buffer_append_byte(&buffer, 'c');
    buffer_append_text(&buffer, "送达");
    buffer_print(&buffer, "%d/%s", 42, "x");
    buffer_append(&buffer, NULL, 0);
    assert_string_equal(buffer_text(&buffer), "abc送达42/x");
    assert_int_equal(buffer_bytes(&buffer).len, 13);
    assert_ptr_equal(buffer_bytes(&buffer).data, buffer.data);
    buffer_release(&buffer);
}

static void it_grows_to_what_is_needed(void **state)
{
    struct buffer buffer;

    (void)state;
    buffer_init(&buffer);
    for (int i = 0; i < 100000; i++)
        buffer_append_byte(&buffer, (uint8_t)(i % 251));
    assert_int_equal(buffer.len, 100000);
    for (int i = 0; i < 100000; i++)
        assert_int_equal(buffer.data[i], i % 251);
    buffer_print(&buffer, "%0300000d", 1);
    assert_int_equal(buffer.len, 400000);
    assert_int_equal(buffer.data[399999], '1');
    assert_true(buffer.capacity > buffer.len);
    buffer_release(&buffer);
}

static void reserved_room_may_be_filled_by_the_caller(void **state)
{
    struct buffer buffer;

    (void)state;
    buffer_init(&buffer);
    buffer_append_text(&buffer, "head");
    memset(buffer_reserve(&buffer, 1000), 'z', 1000);
    buffer.len += 1000;
    assert_memory_equal(buffer.data, "headzz", 6);
    assert_int_equal(buffer.data[1003], 'z');
    buffer_release(&buffer);
}

static void clear_forgets_and_release_may_be_repeated(void **state)
{
    struct buffer buffer;
    uint8_t *before;

    (void)state;
    buffer_init(&buffer);
    buffer_clear(&buffer);
    buffer_append_text(&buffer, "old");
    before = buffer.data;
    buffer_clear(&buffer);
    assert_string_equal(buffer_text(&buffer), "");
    buffer_append_text(&buffer, "new");
    assert_ptr_equal(buffer.data, before);
    assert_string_equal(buffer_text(&buffer), "new");
    buffer_release(&buffer);
    buffer_release(&buffer);
    assert_null(buffer.data);
}

static void reserve_too_much(void)
{
    struct buffer buffer;

    buffer_init(&buffer);
    buffer_append_text(&buffer, "x");
    buffer_reserve(&buffer, SIZE_MAX);
}

static void a_size_that_cannot_be_aborts(void **state)
{
    (void)state;
    assert_true(aborts(reserve_too_much));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_appended_stands_in_order_and_ends_with_nul),
        cmocka_unit_test(it_grows_to_what_is_needed),
        cmocka_unit_test(reserved_room_may_be_filled_by_the_caller),
        cmocka_unit_test(clear_forgets_and_release_may_be_repeated),
        cmocka_unit_test(a_size_that_cannot_be_aborts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
