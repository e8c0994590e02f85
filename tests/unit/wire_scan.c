/* wire_scan.c - malformed MessagePack is refused before anything is allocated, and msgpack-c is of the same opinion. */
#include "wire_message.h"

#include <time.h>

static struct shape_error error;

#define BYTES(...)                                                                                 \
    ((struct bytes){(const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__})})

static void assert_malformed(struct bytes packed, const char *why)
{
    assert_false(shape_scan(packed, &error));
    assert_string_equal(error.rule, "malformed");
    assert_string_equal(error.value, why);
}

static void whole_values_are_accepted(void **state)
{
    (void)state;
    assert_true(shape_scan(BYTES(0x80), &error));
    assert_true(shape_scan(BYTES(0xc0), &error));
    assert_true(
        shape_scan(BYTES(0x81, 0xa1, 'a', 0x93, 1, 0xff, 0xcb, 0, 0, 0, 0, 0, 0, 0, 0), &error));
    assert_true(
        shape_scan(BYTES(0xdf, 0, 0, 0, 1, 0xd9, 1, 'a', 0xdd, 0, 0, 0, 1, 0xc4, 0), &error));
}

static void cut_off_values_are_refused(void **state)
{
    struct arena arena = {0};
    struct bytes whole = message(&arena, "{%s}", REQUIRED);

    (void)state;
    assert_true(shape_scan(whole, &error));
    for (size_t len = 0; len < whole.len; len++)
        assert_malformed((struct bytes){whole.data, len}, "truncated");
    arena_release(&arena);
}

static void bytes_behind_the_end_are_refused(void **state)
{
    (void)state;
    assert_malformed(BYTES(0x80, 0xc0), "something behind the end");
}

static void a_declared_count_allocates_nothing(void **state)
{
    static const uint8_t heads[] = {0xdd, 0xdf, 0xdb, 0xc6};
    struct shop_optional value;

    (void)state;
    for (size_t i = 0; i < sizeof(heads); i++) {
        const uint8_t packed[] = {0x81,     0xa5, 't',  'e',  'x',  't', 's',
                                  heads[i], 0xff, 0xff, 0xff, 0xff, 0xc0};
        struct arena arena = {0};

        assert_false(shape_unpack(&shop_optional_shape, SHAPE_STRICT,
                                  (struct bytes){packed, sizeof(packed)}, &arena, &value, &error));
        assert_string_equal(error.rule, "malformed");
        assert_string_equal(error.path, "texts");
        assert_int_equal(arena_used(&arena), 0);
        arena_release(&arena);
    }
    assert_malformed(BYTES(0xdd, 0xff, 0xff, 0xff, 0xff, 0xc0), "truncated");
}

static void a_list_longer_than_its_limit_allocates_nothing(void **state)
{
    struct buffer packed = {0};
    struct arena arena = {0};
    struct shop_optional value;

    (void)state;
    buffer_append(&packed, "\x81\xa5lines\xdc\x0f\xa0", 10);
    for (int i = 0; i < 4000; i++)
        buffer_append_byte(&packed, 0xc0);
    assert_false(shape_unpack(&shop_optional_shape, SHAPE_STRICT, buffer_bytes(&packed), &arena,
                              &value, &error));
    assert_string_equal(error.rule, "field_length");
    assert_int_equal(arena_used(&arena), 0);
    buffer_release(&packed);
    arena_release(&arena);
}

static void values_of_extension_types_are_refused(void **state)
{
    (void)state;
    assert_malformed(BYTES(0xd4, 1, 1), "ext");
    assert_malformed(BYTES(0xc7, 1, 1, 1), "ext");
    assert_malformed(BYTES(0xc1), "ext");
}

static void nesting_deeper_than_8_is_refused(void **state)
{
    (void)state;
    assert_true(shape_scan(BYTES(0x91, 0x91, 0x91, 0x91, 0x91, 0x91, 0x91, 0x90), &error));
    assert_malformed(BYTES(0x91, 0x91, 0x91, 0x91, 0x91, 0x91, 0x91, 0x91, 0x90), "too deep");
    assert_string_equal(error.path, "[0][0][0][0][0][0][0][0]");
}

static void more_than_4096_values_are_refused(void **state)
{
    struct buffer packed = {0};

    (void)state;
    buffer_append(&packed, "\xdc\x0f\xff", 3);
    for (int i = 0; i < 4095; i++)
        buffer_append_byte(&packed, 0xc0);
    assert_true(shape_scan(buffer_bytes(&packed), &error));
    packed.data[1] = 0x10;
    packed.data[2] = 0x00;
    buffer_append_byte(&packed, 0xc0);
    assert_malformed(buffer_bytes(&packed), "too many values");
    buffer_release(&packed);
}

static void strings_longer_than_64_kib_are_refused(void **state)
{
    static const uint8_t heads[] = {0xdb, 0xc6};

    (void)state;
    for (size_t i = 0; i < sizeof(heads); i++) {
        struct buffer packed = {0};

        buffer_append_byte(&packed, heads[i]);
        buffer_append(&packed, "\0\1\0\0", 4);
        memset(buffer_reserve(&packed, 65537), 'x', 65537);
        packed.len += 65536;
        assert_true(shape_scan(buffer_bytes(&packed), &error));
        packed.len++;
        packed.data[4] = 1;
        assert_malformed(buffer_bytes(&packed), "too long a string");
        buffer_release(&packed);
    }
}

static void keys_that_are_no_strings_are_refused(void **state)
{
    (void)state;
    assert_malformed(BYTES(0x81, 1, 2), "a key that is no string");
    assert_malformed(BYTES(0x81, 0xc4, 1, 'a', 2), "a key that is no string");
}

static void doubled_keys_are_refused_by_their_path(void **state)
{
    (void)state;
    assert_false(shape_scan(BYTES(0x82, 0xa1, 'a', 1, 0xa1, 'a', 2), &error));
    assert_string_equal(error.rule, "field_doubled");
    assert_string_equal(error.path, "a");
    assert_false(
        shape_scan(BYTES(0x81, 0xa1, 'a', 0x92, 1, 0x82, 0xa1, 'b', 1, 0xd9, 1, 'b', 2), &error));
    assert_string_equal(error.path, "a[1].b");
    assert_true(shape_scan(BYTES(0x82, 0xa1, 'a', 1, 0xa2, 'a', 'b', 2), &error));
}

static void a_map_with_the_most_keys_is_scanned_in_no_time(void **state)
{
    struct buffer packed = {0};
    clock_t started = clock();

    (void)state;
    buffer_append(&packed, "\xde\x01\x00", 3);
    for (int i = 0; i < 256; i++)
        buffer_print(&packed, "\xa4%04d\x01", i);
    for (int i = 0; i < 100; i++)
        assert_true(shape_scan(buffer_bytes(&packed), &error));
    assert_true(clock() - started < CLOCKS_PER_SEC);
    packed.data[2] = 1;
    buffer_print(&packed, "\xa4%04d\x01", 256);
    assert_malformed(buffer_bytes(&packed), "too many keys");
    buffer_release(&packed);
}

/* What scan accepts msgpack-c reads to the last byte. */
static void assert_msgpack_agrees(struct bytes packed)
{
    msgpack_unpacked result;
    size_t offset = 0;
    msgpack_unpack_return done;

    if (!shape_scan(packed, &error))
        return;
    msgpack_unpacked_init(&result);
    done = msgpack_unpack_next(&result, (const char *)packed.data, packed.len, &offset);
    assert_true(done == MSGPACK_UNPACK_SUCCESS);
    assert_int_equal(offset, packed.len);
    msgpack_unpacked_destroy(&result);
}

static uint32_t next_random(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

static void damaged_messages_break_neither_scan_nor_unpack(void **state)
{
    struct arena arena = {0};
    struct bytes whole = message(
        &arena, "{'required': {%s}, 'optional': {'texts': ['a', 'b'], 'lines': [" LINE "]}}",
        REQUIRED);
    uint8_t *copy = arena_copy(&arena, whole.data, whole.len);
    uint32_t seed = 20261122;
    size_t accepted = 0;

    (void)state;
    for (int round = 0; round < 200000; round++) {
        struct shop_everything_echo_request value;
        struct arena work = {0};
        struct bytes packed = {copy, whole.len - (round % 4 ? 0 : next_random(&seed) % whole.len)};

        memcpy(copy, whole.data, whole.len);
        for (uint32_t changes = next_random(&seed) % 3; changes > 0; changes--)
            copy[next_random(&seed) % whole.len] = (uint8_t)next_random(&seed);
        assert_msgpack_agrees(packed);
        accepted += shape_unpack(&shop_everything_echo_request_shape, SHAPE_STRICT, packed, &work,
                                 &value, &error);
        assert_true(arena_used(&work) < 65536);
        arena_release(&work);
    }
    assert_true(accepted > 1000);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_values_are_accepted),
        cmocka_unit_test(cut_off_values_are_refused),
        cmocka_unit_test(bytes_behind_the_end_are_refused),
        cmocka_unit_test(a_declared_count_allocates_nothing),
        cmocka_unit_test(a_list_longer_than_its_limit_allocates_nothing),
        cmocka_unit_test(values_of_extension_types_are_refused),
        cmocka_unit_test(nesting_deeper_than_8_is_refused),
        cmocka_unit_test(more_than_4096_values_are_refused),
        cmocka_unit_test(strings_longer_than_64_kib_are_refused),
        cmocka_unit_test(keys_that_are_no_strings_are_refused),
        cmocka_unit_test(doubled_keys_are_refused_by_their_path),
        cmocka_unit_test(a_map_with_the_most_keys_is_scanned_in_no_time),
        cmocka_unit_test(damaged_messages_break_neither_scan_nor_unpack),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
