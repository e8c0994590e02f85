/* base_phone.c - tests of telephone numbers. */
#include "unit.h"

#include "base/arena.h"
#include "base/text.h"

static void one_mobile_number_has_one_form(void **state)
{
    static const char *const same[] = {
        "13812345678",         "138 1234 5678",     "138-1234-5678",
        "+8613812345678",      "+86 138-1234-5678", "0086 13812345678",
        "(+86)13812345678",    "8613812345678",     "１３８１２３４５６７８",
        "＋86　138 1234 5678", " 138.1234.5678 ",   "(0086)(0086) 13812345678",
    };
    struct arena arena;

    (void)state;
    arena_init(&arena);
    for (size_t i = 0; i < sizeof(same) / sizeof(*same); i++)
        assert_string_equal(phone_normalise(&arena, same[i]), "13812345678");
    arena_release(&arena);
}

static void one_landline_has_one_form(void **state)
{
    static const char *const shanghai[] = {
        "021-62345678",     "(021) 6234 5678",  "（021）62345678",
        "+86 21 6234 5678", "0086-21-62345678", "+86 (021) 62345678",
    };
    struct arena arena;

    (void)state;
    arena_init(&arena);
    for (size_t i = 0; i < sizeof(shanghai) / sizeof(*shanghai); i++)
        assert_string_equal(phone_normalise(&arena, shanghai[i]), "02162345678");
    assert_string_equal(phone_normalise(&arena, "+86 10 6234 5678"), "01062345678");
    assert_string_equal(phone_normalise(&arena, "+86 755 6234 5678"), "075562345678");
    assert_string_equal(phone_normalise(&arena, "6234567"), "6234567");
    assert_string_equal(phone_normalise(&arena, "+86 623456789"), "623456789");
    assert_string_equal(phone_normalise(&arena, "400-820-1234"), "4008201234");
    assert_string_equal(phone_normalise(&arena, "+86 400 820 1234"), "4008201234");
    assert_string_equal(phone_normalise(&arena, "+1 415 555 2671"), "14155552671");
    arena_release(&arena);
}

static void what_is_no_number_is_refused(void **state)
{
    static const char *const wrong[] = {
        "",
        "123456",
        "1234567890123456",
        "1381234567x",
        "电话13812345678",
        "138+12345678",
        "++8613812345678",
        "138/123*45678",
        "+86",
        "138\xff\xfe\xfd\xfc",
        "138123456781381234567813812345678",
    };
    struct arena arena;

    (void)state;
    arena_init(&arena);
    for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
        assert_null(phone_normalise(&arena, wrong[i]));
    arena_release(&arena);
}

static void normalising_twice_changes_nothing(void **state)
{
    static const char *const numbers[] = {"+86 21 6234 5678", "+8613812345678", "010-12345678",
                                          "+86 400 820 1234"};
    struct arena arena;

    (void)state;
    arena_init(&arena);
    for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
        char *once = phone_normalise(&arena, numbers[i]);

        assert_string_equal(phone_normalise(&arena, once), once);
    }
    arena_release(&arena);
}

static void a_masked_number_cannot_be_dialled(void **state)
{
    struct arena arena;

    (void)state;
    arena_init(&arena);
    assert_string_equal(phone_mask(&arena, "13812345678"), "138****5678");
    assert_string_equal(phone_mask(&arena, "02162345678"), "021****5678");
    assert_string_equal(phone_mask(&arena, "075562345678"), "075*****5678");
    assert_string_equal(phone_mask(&arena, "4008201234"), "********34");
    assert_string_equal(phone_mask(&arena, "62345678"), "******78");
    assert_string_equal(phone_mask(&arena, "6234567"), "*******");
    assert_string_equal(phone_mask(&arena, ""), "");
    assert_null(strstr(phone_mask(&arena, "138电话12345678"), "138"));
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_mobile_number_has_one_form),
        cmocka_unit_test(one_landline_has_one_form),
        cmocka_unit_test(what_is_no_number_is_refused),
        cmocka_unit_test(normalising_twice_changes_nothing),
        cmocka_unit_test(a_masked_number_cannot_be_dialled),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
