/* gateway_seal.c - a session in Redis is whole and ours, or it is none. */
#include "unit.h"

#include <sodium.h>
#include <sys/stat.h>

#include "session_seal.h"

#include "base/banned.h"

static const uint8_t hash[SEAL_HASH_SIZE] = {1, 2, 3}, other_hash[SEAL_HASH_SIZE] = {1, 2, 4};

static struct seal seal_of(const char *secret)
{
    struct seal seal;

    seal_derive(&seal, (struct bytes){(const uint8_t *)secret, strlen(secret)});
    return seal;
}

static struct id id_of(uint8_t byte)
{
    struct id id = {{0}};

    id.bytes[15] = byte;
    return id;
}

static void close_example(const struct seal *seal, struct buffer *out)
{
    struct id scope[] = {id_of(5), id_of(6)};
    struct seal_mark marks[] = {{id_of(5), 17}, {id_of(6), INT64_MAX}};
    const struct sealed_session session = {
        .actor = {.staff_id = id_of(1),
                  .session_id = id_of(2),
                  .branch_id = id_of(3),
                  .company_id = id_of(4),
                  .scope = {scope, 2},
                  .functions = UINT64_C(1) << 63 | 5,
                  .permissions_version = 9},
        .expires_at = 1234567,
        .marks = marks,
        .mark_count = 2,
    };

    buffer_clear(out);
    seal_close(seal, hash, &session, out);
}

static void what_was_closed_is_opened_as_it_was(void **state)
{
    const struct seal seal = seal_of("0123456789abcdef0123456789abcdef");
    struct buffer sealed = {0};
    struct arena arena = {0};
    struct sealed_session session;

    (void)state;
    close_example(&seal, &sealed);
    assert_true(seal_open(&seal, hash, buffer_bytes(&sealed), &arena, &session));
    assert_true(id_equal(session.actor.staff_id, id_of(1)));
    assert_true(id_equal(session.actor.session_id, id_of(2)));
    assert_true(id_equal(session.actor.branch_id, id_of(3)));
    assert_true(id_equal(session.actor.company_id, id_of(4)));
    assert_int_equal(session.actor.scope.count, 2);
    assert_true(id_equal(session.actor.scope.items[1], id_of(6)));
    assert_true(session.actor.functions == (UINT64_C(1) << 63 | 5));
    assert_int_equal(session.actor.permissions_version, 9);
    assert_int_equal(session.expires_at, 1234567);
    assert_int_equal(session.mark_count, 2);
    assert_true(id_equal(session.marks[1].branch_id, id_of(6)));
    assert_true(session.marks[1].number == INT64_MAX);
    buffer_release(&sealed);
    arena_release(&arena);
}

static void one_bit_less_or_more_or_another_is_none(void **state)
{
    const struct seal seal = seal_of("0123456789abcdef0123456789abcdef");
    struct buffer sealed = {0};
    struct arena arena = {0};
    struct sealed_session session;

    (void)state;
    close_example(&seal, &sealed);
    for (size_t bit = 0; bit < 8 * sealed.len; bit++) {
        sealed.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_false(seal_open(&seal, hash, buffer_bytes(&sealed), &arena, &session));
        sealed.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    for (size_t len = 0; len < sealed.len; len++)
        assert_false(seal_open(&seal, hash, (struct bytes){sealed.data, len}, &arena, &session));
    buffer_append_byte(&sealed, 0);
    assert_false(seal_open(&seal, hash, buffer_bytes(&sealed), &arena, &session));
    buffer_release(&sealed);
    arena_release(&arena);
}

static void it_opens_for_its_own_token_and_key_only(void **state)
{
    const struct seal seal = seal_of("0123456789abcdef0123456789abcdef");
    const struct seal other = seal_of("0123456789abcdef0123456789abcdeg");
    char name[SEAL_NAME_SIZE], name_of_other[SEAL_NAME_SIZE];
    struct buffer sealed = {0};
    struct arena arena = {0};
    struct sealed_session session;

    (void)state;
    close_example(&seal, &sealed);
    assert_false(seal_open(&seal, other_hash, buffer_bytes(&sealed), &arena, &session));
    assert_false(seal_open(&other, hash, buffer_bytes(&sealed), &arena, &session));
    seal_name(&seal, hash, name);
    assert_int_equal(strlen(name), SEAL_NAME_SIZE - 1);
    seal_name(&other, hash, name_of_other);
    assert_string_not_equal(name, name_of_other);
    seal_name(&seal, other_hash, name_of_other);
    assert_string_not_equal(name, name_of_other);
    buffer_release(&sealed);
    arena_release(&arena);
}

static void the_first_makes_the_secret_and_the_second_reads_it(void **state)
{
    char folder[] = "/tmp/songda-seal-XXXXXX", path[64];
    struct seal first, second, none;

    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof(path), "%s/key", folder);
    assert_true(seal_load(&first, path) && seal_load(&second, path));
    assert_memory_equal(first.values, second.values, sizeof(first.values));
    assert_memory_not_equal(first.values, first.names, sizeof(first.values));
    assert_true(first.is_set && seal_load(&none, "") && !none.is_set);
    assert_int_equal(chmod(path, 0640), 0);
    assert_false(seal_load(&second, path)); /* others may read it */
    assert_int_equal(chmod(path, 0600), 0);
    assert_int_equal(truncate(path, 31), 0);
    assert_false(seal_load(&second, path));
    unlink(path);
    assert_int_equal(rmdir(folder), 0); /* nothing else was left there */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_closed_is_opened_as_it_was),
        cmocka_unit_test(one_bit_less_or_more_or_another_is_none),
        cmocka_unit_test(it_opens_for_its_own_token_and_key_only),
        cmocka_unit_test(the_first_makes_the_secret_and_the_second_reads_it),
    };

    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
