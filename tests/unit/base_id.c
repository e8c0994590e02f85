/* base_id.c - tests of identifiers. */
#include "unit.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/id.h"

static void an_id_is_version_7_of_its_millisecond(void **state)
{
    int64_t now = INT64_C(1645557742000) * 1000 + 999;
    struct id id = id_make(now);
    char text[ID_TEXT_SIZE];

    (void)state;
    id_format(id, text);
    /* the instant of the example in RFC 9562, appendix A.6 */
    assert_memory_equal(text, "017f22e2-79b0-7", 15);
    assert_int_equal(id.bytes[8] >> 6, 2);
}

static void ids_of_one_process_rise_strictly(void **state)
{
    int64_t now = clock_now();
    struct id previous = id_make(now);

    (void)state;
    for (int i = 0; i < 200000; i++) {
        struct id id = id_make(now + (int64_t)i / 50000 * 1000);

        assert_true(id_compare(previous, id) < 0);
        previous = id;
    }
}

static void a_small_step_back_of_the_clock_keeps_the_order(void **state)
{
    int64_t now = clock_now() + CLOCK_DAY;
    struct id before = id_make(now);
    struct id after = id_make(now - 5 * CLOCK_SECOND);

    (void)state;
    assert_true(id_compare(before, after) < 0);
}

static void a_large_step_back_of_the_clock_is_followed(void **state)
{
    int64_t now = clock_now() + 2 * CLOCK_DAY;
    struct id before = id_make(now);
    struct id after = id_make(now - CLOCK_DAY);
    struct id expected = id_make(now - CLOCK_DAY);

    (void)state;
    assert_true(id_compare(before, after) > 0);
    assert_memory_equal(after.bytes, expected.bytes, 6);
}

static void two_processes_do_not_make_the_same_id(void **state)
{
    int64_t now = clock_now() + 3 * CLOCK_DAY;
    int ends[2];
    struct id mine, theirs;
    pid_t child;

    (void)state;
    id_make(now);
    assert_int_equal(pipe(ends), 0);
    child = fork();
    if (child == 0) {
        mine = id_make(now);
        _exit(write(ends[1], &mine, sizeof(mine)) != sizeof(mine));
    }
    mine = id_make(now);
    assert_int_equal(read(ends[0], &theirs, sizeof(theirs)), sizeof(theirs));
    waitpid(child, NULL, 0);
    assert_false(id_equal(mine, theirs));
}

static void what_is_printed_is_parsed_back(void **state)
{
    struct arena arena;

    (void)state;
    arena_init(&arena);
    for (int i = 0; i < 1000; i++) {
        struct id id = id_make(clock_now());
        struct id back;

        assert_true(id_parse(id_print(&arena, id), &back));
        assert_true(id_equal(id, back));
    }
    arena_release(&arena);
}

static void either_case_is_read_and_lower_case_written(void **state)
{
    struct id id;
    char text[ID_TEXT_SIZE];

    (void)state;
    assert_true(id_parse("017F22E2-79B0-7CC3-98C4-DC0C0C07398F", &id));
    id_format(id, text);
    assert_string_equal(text, "017f22e2-79b0-7cc3-98c4-dc0c0c07398f");
}

static void what_is_not_36_characters_of_a_uuid_is_refused(void **state)
{
    static const char *const wrong[] = {
        "",
        "0",
        "017f22e2-79b0-7cc3-98c4-dc0c0c07398",
        "017f22e2-79b0-7cc3-98c4-dc0c0c07398f0",
        "017f22e2-79b0-7cc3-98c4-dc0c0c07398g",
        "017f22e279b07cc398c4dc0c0c07398f",
        "{017f22e2-79b0-7cc3-98c4-dc0c0c07398f}",
        "017f22e2_79b0-7cc3-98c4-dc0c0c07398f",
        "017f22e-279b0-7cc3-98c4-dc0c0c07398f",
        " 017f22e2-79b0-7cc3-98c4-dc0c0c07398f",
        "017f22e2-79b0-7cc3-98c4-dc0c0c07398f ",
    };
    struct id id = {{1}};

    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
        assert_false(id_parse(wrong[i], &id));
    assert_false(id_parse(NULL, &id));
    assert_int_equal(id.bytes[0], 1);
}

static void only_all_zero_is_none(void **state)
{
    struct id id = {{0}};

    (void)state;
    assert_true(id_is_none(id));
    id.bytes[15] = 1;
    assert_false(id_is_none(id));
}

static void a_derived_id_depends_on_namespace_and_name_only(void **state)
{
    struct arena arena;
    struct id a = {{1}}, b = {{2}};

    (void)state;
    arena_init(&arena);
    assert_true(id_equal(id_derive(a, "SH01"), id_derive(a, "SH01")));
    assert_false(id_equal(id_derive(a, "SH01"), id_derive(b, "SH01")));
    assert_false(id_equal(id_derive(a, "SH01"), id_derive(a, "SH02")));
    assert_int_equal(id_derive(a, "SH01").bytes[6] >> 4, 8);
    assert_int_equal(id_derive(a, "SH01").bytes[8] >> 6, 2);
    /* SHA-256 of sixteen zero bytes is 374708fff7719dd5979ec875d56cd228... */
    assert_string_equal(id_print(&arena, id_derive((struct id){{0}}, "")),
                        "374708ff-f771-8dd5-979e-c875d56cd228");
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_id_is_version_7_of_its_millisecond),
        cmocka_unit_test(ids_of_one_process_rise_strictly),
        cmocka_unit_test(a_small_step_back_of_the_clock_keeps_the_order),
        cmocka_unit_test(a_large_step_back_of_the_clock_is_followed),
        cmocka_unit_test(two_processes_do_not_make_the_same_id),
        cmocka_unit_test(what_is_printed_is_parsed_back),
        cmocka_unit_test(either_case_is_read_and_lower_case_written),
        cmocka_unit_test(what_is_not_36_characters_of_a_uuid_is_refused),
        cmocka_unit_test(only_all_zero_is_none),
        cmocka_unit_test(a_derived_id_depends_on_namespace_and_name_only),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
