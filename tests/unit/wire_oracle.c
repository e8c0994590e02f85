/* wire_oracle.c - the codec and msgpack-c read each other's messages, for many random values. */
#include "wire_message.h"

static uint64_t seed = UINT64_C(0x9e3779b97f4a7c15);

static uint64_t next_random(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed;
}

/* Numbers of every encoded size, and the edges between them. */
static int64_t random_number(void)
{
    int64_t number = (int64_t)(next_random() >> (next_random() % 64));

    return next_random() % 2 ? number : -number - 1;
}

static struct id random_id(void)
{
    struct id id;

    for (size_t i = 0; i < sizeof(id.bytes); i++)
        id.bytes[i] = (uint8_t)(next_random() | 1);
    return id;
}

static const char *random_text(struct arena *arena)
{
    static const char *const letters[] = {"a", "9", "付", "款", "，", "é", "𠮷"};
    size_t points = next_random() % 60;
    struct buffer text = {0};
    const char *made;

    for (size_t i = 0; i < points; i++)
        buffer_append_text(&text, letters[next_random() % 7]);
    made = arena_text(arena, buffer_text(&text));
    buffer_release(&text);
    return made;
}

static struct shop_optional random_value(struct arena *arena)
{
    struct shop_optional value = {0};

    if (next_random() % 2)
        value.id = random_id();
    if (next_random() % 2)
        value.text = random_text(arena);
    value.has_number = next_random() % 2;
    value.number = value.has_number ? random_number() : 0;
    value.has_flag = next_random() % 2;
    value.flag = value.has_flag && next_random() % 2;
    if (next_random() % 2)
        value.time = random_number() % INT64_C(60000000000000000) | 1;
    if (next_random() % 2)
        value.date = (int32_t)(random_number() % 700000) | 1;
    value.method = (enum shop_payment_method)(next_random() % 3);
    value.texts.count = next_random() % 20;
    value.texts.items = arena_array(arena, const char *, value.texts.count);
    for (size_t i = 0; i < value.texts.count; i++)
        value.texts.items[i] = random_text(arena);
    value.lines.count = next_random() % 18;
    value.lines.items = arena_array(arena, struct shop_receipt_line, value.lines.count);
    for (size_t i = 0; i < value.lines.count; i++)
        value.lines.items[i] =
            (struct shop_receipt_line){random_id(), (int64_t)(next_random() >> 1 | 1), NULL};
    return value;
}

/* Writes what msgpack-c understood with msgpack-c again. */
static struct bytes repacked(struct arena *arena, struct bytes packed)
{
    msgpack_unpacked result;
    msgpack_sbuffer buffer;
    msgpack_packer packer;
    size_t offset = 0;
    struct bytes again;

    msgpack_unpacked_init(&result);
    msgpack_sbuffer_init(&buffer);
    msgpack_packer_init(&packer, &buffer, msgpack_sbuffer_write);
    assert_true(msgpack_unpack_next(&result, (const char *)packed.data, packed.len, &offset) ==
                MSGPACK_UNPACK_SUCCESS);
    assert_int_equal(offset, packed.len);
    msgpack_pack_object(&packer, result.data);
    again = (struct bytes){arena_copy(arena, buffer.data, buffer.size), buffer.size};
    msgpack_sbuffer_destroy(&buffer);
    msgpack_unpacked_destroy(&result);
    return again;
}

static void both_write_the_same_bytes_and_nothing_is_lost(void **state)
{
    (void)state;
    for (int round = 0; round < 3000; round++) {
        struct arena arena = {0};
        struct shop_optional value = random_value(&arena), read;
        struct buffer first = {0}, second = {0};
        struct shape_error error;
        struct bytes oracle;

        shape_pack(&shop_optional_shape, &value, false, &first);
        oracle = repacked(&arena, buffer_bytes(&first));
        assert_int_equal(oracle.len, first.len);
        assert_memory_equal(oracle.data, first.data, first.len);
        if (!shape_unpack(&shop_optional_shape, SHAPE_STRICT, oracle, &arena, &read, &error))
            fail_msg("%s: %s", error.path, error.rule);
        assert_int_equal(read.number, value.number);
        assert_int_equal(read.time, value.time);
        shape_pack(&shop_optional_shape, &read, false, &second);
        assert_int_equal(second.len, first.len);
        assert_memory_equal(second.data, first.data, first.len);
        buffer_release(&first);
        buffer_release(&second);
        arena_release(&arena);
    }
}

static const msgpack_object *member(const msgpack_object *map, const char *name)
{
    for (uint32_t i = 0; i < map->via.map.size; i++) {
        const msgpack_object_kv *pair = &map->via.map.ptr[i];

        if (pair->key.via.str.size == strlen(name) &&
            memcmp(pair->key.via.str.ptr, name, strlen(name)) == 0)
            return &pair->val;
    }
    fail_msg("no %s", name);
    return NULL;
}

static void msgpack_reads_the_values_that_were_packed(void **state)
{
    (void)state;
    for (int round = 0; round < 3000; round++) {
        struct arena arena = {0};
        int64_t number = random_number();
        struct shop_optional value = {.has_number = true,
                                      .number = number,
                                      .id = random_id(),
                                      .text = random_text(&arena),
                                      .date = -7};
        struct buffer packed = {0};
        msgpack_unpacked result;
        const msgpack_object *found;

        shape_pack(&shop_optional_shape, &value, false, &packed);
        msgpack_unpacked_init(&result);
        assert_true(msgpack_unpack_next(&result, (const char *)packed.data, packed.len, NULL) ==
                    MSGPACK_UNPACK_SUCCESS);
        found = member(&result.data, "number");
        assert_int_equal(found->type, number < 0 ? MSGPACK_OBJECT_NEGATIVE_INTEGER
                                                 : MSGPACK_OBJECT_POSITIVE_INTEGER);
        assert_int_equal(found->via.i64, number);
        found = member(&result.data, "id");
        assert_int_equal(found->type, MSGPACK_OBJECT_BIN);
        assert_memory_equal(found->via.bin.ptr, value.id.bytes, 16);
        found = member(&result.data, "text");
        assert_int_equal(found->via.str.size, strlen(value.text));
        assert_memory_equal(found->via.str.ptr, value.text, strlen(value.text));
        assert_int_equal(member(&result.data, "date")->via.i64, -7);
        msgpack_unpacked_destroy(&result);
        buffer_release(&packed);
        arena_release(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_write_the_same_bytes_and_nothing_is_lost),
        cmocka_unit_test(msgpack_reads_the_values_that_were_packed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
