/* staff_rules.c - tests of what names, codes, passwords and tokens may look like (S1, S2, S5). */
#include "sign_in.h"

#include "unit.h"

static void a_password_is_long_and_varied_and_not_the_name(void **state)
{
    (void)state;
    assert_true(password_is_strong("songda-test-2026", "driver@SH01"));
    assert_true(password_is_strong("送达燃料公司的密码真长呢", "driver@SH01"));
    assert_false(password_is_strong("short-one", "driver@SH01"));
    assert_false(password_is_strong("aaaabbbbaaaabbbb", "driver@SH01"));
    assert_false(password_is_strong("my-DRIVER@sh01-word", "driver@SH01"));
}

static void a_common_password_is_refused_however_long(void **state)
{
    static const char *const common[] = {
        "1234567890a",      "password12",           "Password123!",  "P@ssw0rd2026", "qwertyuiop1",
        "1q2w3e4r5t6y",     "1qaz2wsx3edc",         "abcd123456",    "admin@123456", "woshi123456",
        "zhongguo2008",     "woaini1314520",        "TeQuieroMucho", "iloveyou1234", "letmein2026",
        "superman12345",    "basketball",           "manchester",    "asdfghjkl;'",  "zaq12wsxcde3",
        "passwordpassword", "1q2w3e4r5t6y7u8i9o0p", "welcome2026!!", "football1234", "chocolate99",
    };
    char longest[201];

    (void)state;
    for (size_t i = 0; i < sizeof(common) / sizeof(*common); i++) {
        if (password_is_strong(common[i], "driver@SH01"))
            fail_msg("accepted: %s", common[i]);
    }
    memset(longest, 'a', 200);
    longest[200] = '\0';
    memcpy(longest, "b1c2d", 5);
    assert_false(password_is_strong(longest, "driver@SH01"));
    assert_true(password_is_strong("correct-horse-battery-staple", "driver@SH01"));
    assert_true(password_is_strong("vK7#qe2!mZ", "driver@SH01"));
}

static void a_sign_in_name_has_letters_digits_and_few_signs(void **state)
{
    (void)state;
    assert_true(sign_in_name_is_valid("general_manager@ZB"));
    assert_true(sign_in_name_is_valid("li.wei-2"));
    assert_false(sign_in_name_is_valid("x"));
    assert_false(sign_in_name_is_valid("two words"));
    assert_false(sign_in_name_is_valid("张伟"));
    assert_false(
        sign_in_name_is_valid("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"));
}

static void a_branch_code_is_short_and_capital(void **state)
{
    (void)state;
    assert_true(branch_code_is_valid("SH01"));
    assert_false(branch_code_is_valid("sh01"));
    assert_false(branch_code_is_valid("S"));
    assert_false(branch_code_is_valid("SH-01"));
    assert_false(branch_code_is_valid("SHANGHAI1"));
}

static void the_tree_is_headquarters_branches_departments_teams(void **state)
{
    (void)state;
    assert_true(may_stand_under(BRANCH_KIND_BRANCH, BRANCH_KIND_HEADQUARTERS));
    assert_false(may_stand_under(BRANCH_KIND_BRANCH, BRANCH_KIND_BRANCH));
    assert_false(may_stand_under(BRANCH_KIND_HEADQUARTERS, BRANCH_KIND_HEADQUARTERS));
    assert_true(may_stand_under(BRANCH_KIND_DEPARTMENT, BRANCH_KIND_BRANCH));
    assert_true(may_stand_under(BRANCH_KIND_DEPARTMENT, BRANCH_KIND_HEADQUARTERS));
    assert_false(may_stand_under(BRANCH_KIND_DEPARTMENT, BRANCH_KIND_TEAM));
    assert_true(may_stand_under(BRANCH_KIND_TEAM, BRANCH_KIND_DEPARTMENT));
    assert_false(may_stand_under(BRANCH_KIND_TEAM, BRANCH_KIND_TEAM));
}

static void only_43_characters_of_base64url_are_a_token(void **state)
{
    uint8_t digest[TOKEN_HASH_BYTES] = {0}, other[TOKEN_HASH_BYTES] = {0};

    (void)state;
    assert_true(token_digest("q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA", digest));
    assert_true(token_digest("q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJB", other));
    assert_memory_not_equal(digest, other, sizeof(digest));
    assert_false(token_digest("q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJ", digest));
    assert_false(token_digest("q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJ+", digest));
    assert_false(token_digest("", digest));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_password_is_long_and_varied_and_not_the_name),
        cmocka_unit_test(a_common_password_is_refused_however_long),
        cmocka_unit_test(a_sign_in_name_has_letters_digits_and_few_signs),
        cmocka_unit_test(a_branch_code_is_short_and_capital),
        cmocka_unit_test(the_tree_is_headquarters_branches_departments_teams),
        cmocka_unit_test(only_43_characters_of_base64url_are_a_token),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
