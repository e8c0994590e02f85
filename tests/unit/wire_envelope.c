/* wire_envelope.c - the envelope keeps what is put into it, and refuses every byte string that is not one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "wire/envelope.h"

#include "base/banned.h"

static const char trace[] = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

static struct id id_of(uint8_t byte)
{
    struct id id;

    memset(id.bytes, byte, sizeof(id.bytes));
    return id;
}

static struct envelope full_request(struct id *scope)
{
    return (struct envelope){
        .kind = ENVELOPE_REQUEST,
        .correlation = {(const uint8_t *)"abcd", 4},
        .operation = "collection.receipt.record",
        .has_actor = true,
        .actor = {id_of(1), id_of(2), id_of(3), id_of(4), {scope, 2}, UINT64_C(1) << 40, -7},
        .key = id_of(9),
        .remaining_ms = 4000,
        .at = INT64_C(1790000000000000),
        .trace = trace,
        .body = {(const uint8_t *)"\x80", 1},
    };
}

static bool unpack(const struct buffer *packed, struct arena *arena, struct envelope *envelope,
                   struct shape_error *error)
{
    return envelope_unpack(buffer_bytes(packed), arena, envelope, error);
}

static void a_request_comes_back_as_it_was(void **state)
{
    struct id scope[2] = {id_of(5), id_of(6)};
    struct envelope in = full_request(scope), out;
    struct buffer packed = {0};
    struct arena arena = {0};
    struct shape_error error;

    (void)state;
    envelope_pack(&in, &packed);
    assert_true(unpack(&packed, &arena, &out, &error));
    assert_int_equal(out.kind, ENVELOPE_REQUEST);
    assert_int_equal(out.correlation.len, 4);
    assert_memory_equal(out.correlation.data, "abcd", 4);
    assert_string_equal(out.operation, in.operation);
    assert_true(out.has_actor);
    assert_true(id_equal(out.actor.staff_id, id_of(1)));
    assert_true(id_equal(out.actor.company_id, id_of(4)));
    assert_int_equal(out.actor.scope.count, 2);
    assert_true(id_equal(out.actor.scope.items[1], id_of(6)));
    assert_true(out.actor.functions == UINT64_C(1) << 40);
    assert_int_equal(out.actor.permissions_version, -7);
    assert_true(id_equal(out.key, id_of(9)));
    assert_int_equal(out.remaining_ms, 4000);
    assert_true(out.at == in.at);
    assert_string_equal(out.trace, trace);
    assert_int_equal(out.body.len, 1);
    assert_null(out.error);
    assert_null(out.token);
    buffer_release(&packed);
    arena_release(&arena);
}

static void a_client_is_known_by_its_token_alone(void **state)
{
    struct envelope in = {
        .kind = ENVELOPE_REQUEST, .operation = "x.y.z", .token = "t0ken", .trace = ""};
    struct envelope out;
    struct buffer packed = {0};
    struct arena arena = {0};
    struct shape_error error;

    (void)state;
    envelope_pack(&in, &packed);
    assert_true(unpack(&packed, &arena, &out, &error));
    assert_false(out.has_actor);
    assert_string_equal(out.token, "t0ken");
    assert_true(id_is_none(out.key));
    buffer_release(&packed);
    arena_release(&arena);
}

static void an_error_keeps_its_value_and_field(void **state)
{
    struct envelope in = {.kind = ENVELOPE_REPLY,
                          .operation = "",
                          .trace = "",
                          .error = "receipt_exceeds_balance",
                          .error_value = "12.50",
                          .error_field = "amount"};
    struct envelope out;
    struct buffer packed = {0};
    struct arena arena = {0};
    struct shape_error error;

    (void)state;
    envelope_pack(&in, &packed);
    assert_true(unpack(&packed, &arena, &out, &error));
    assert_string_equal(out.error, "receipt_exceeds_balance");
    assert_string_equal(out.error_value, "12.50");
    assert_string_equal(out.error_field, "amount");
    assert_null(out.error_policy);
    buffer_release(&packed);
    arena_release(&arena);
}

static void a_long_figure_in_an_error_is_cut_between_two_characters(void **state)
{
    char value[3001];
    struct envelope in = {.kind = ENVELOPE_REPLY,
                          .operation = "",
                          .trace = "",
                          .error = "field_value",
                          .error_value = value};
    struct envelope out;
    struct buffer packed = {0};
    struct arena arena = {0};
    struct shape_error error;

    (void)state;
    for (size_t i = 0; i < 3000; i += 3)
        memcpy(value + i, "送", 3);
    value[3000] = '\0';
    envelope_pack(&in, &packed);
    assert_true(unpack(&packed, &arena, &out, &error));
    assert_int_equal(strlen(out.error_value), 1023);
    buffer_release(&packed);
    arena_release(&arena);
}

static void every_cut_off_envelope_is_refused(void **state)
{
    struct id scope[2] = {id_of(5), id_of(6)};
    struct envelope in = full_request(scope), out;
    struct buffer packed = {0};
    struct arena arena = {0};
    struct shape_error error;

    (void)state;
    in.error = "internal";
    envelope_pack(&in, &packed);
    for (size_t len = 0; len < packed.len; len++) {
        uint8_t *exact = test_malloc(len ? len : 1); /* so that a read behind its end is seen */

        memcpy(exact, packed.data, len);
        assert_false(envelope_unpack((struct bytes){exact, len}, &arena, &out, &error));
        assert_string_equal(error.rule, "malformed");
        test_free(exact);
        arena_reset(&arena);
    }
    buffer_append_byte(&packed, 0);
    assert_false(unpack(&packed, &arena, &out, &error));
    assert_string_equal(error.path, "envelope");
    buffer_release(&packed);
    arena_release(&arena);
}

static void no_changed_byte_makes_the_reader_run_away(void **state)
{
    struct id scope[2] = {id_of(5), id_of(6)};
    struct envelope in = full_request(scope), out;
    struct buffer packed = {0};
    struct arena arena = {0};
    struct shape_error error;

    (void)state;
    envelope_pack(&in, &packed);
    for (size_t i = 0; i < packed.len; i++) {
        uint8_t was = packed.data[i];

        for (unsigned value = 0; value < 256; value++) {
            packed.data[i] = (uint8_t)value;
            if (!unpack(&packed, &arena, &out, &error))
                assert_string_equal(error.rule, "malformed");
            assert_true(arena_used(&arena) < 65536);
            arena_reset(&arena);
        }
        packed.data[i] = was;
    }
    buffer_release(&packed);
    arena_release(&arena);
}

static void a_huge_count_reserves_nothing(void **state)
{
    static const uint8_t huge[] = {0xdd, 0xff, 0xff, 0xff, 0xff, 0x01};
    struct envelope out;
    struct arena arena = {0};
    struct shape_error error;

    (void)state;
    assert_false(envelope_unpack((struct bytes){huge, sizeof(huge)}, &arena, &out, &error));
    assert_int_equal(arena_used(&arena), 0);
    arena_release(&arena);
}

static void another_version_is_refused(void **state)
{
    struct envelope in = {.kind = ENVELOPE_HEARTBEAT, .operation = "", .trace = ""}, out;
    struct buffer packed = {0};
    struct arena arena = {0};
    struct shape_error error;

    (void)state;
    envelope_pack(&in, &packed);
    packed.data[1] = 2;
    assert_false(unpack(&packed, &arena, &out, &error));
    assert_string_equal(error.path, "version");
    buffer_release(&packed);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_comes_back_as_it_was),
        cmocka_unit_test(a_client_is_known_by_its_token_alone),
        cmocka_unit_test(an_error_keeps_its_value_and_field),
        cmocka_unit_test(a_long_figure_in_an_error_is_cut_between_two_characters),
        cmocka_unit_test(every_cut_off_envelope_is_refused),
        cmocka_unit_test(no_changed_byte_makes_the_reader_run_away),
        cmocka_unit_test(a_huge_count_reserves_nothing),
        cmocka_unit_test(another_version_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
