/* base_text.c - tests of UTF-8 texts. */
#include "unit.h"

#include "base/arena.h"
#include "base/text.h"

static void null_equals_only_null(void **state)
{
    char a[] = "送达";
    char b[] = "送达";

    (void)state;
    assert_true(text_equal(a, b));
    assert_true(text_equal(NULL, NULL));
    assert_false(text_equal(a, NULL));
    assert_false(text_equal(NULL, ""));
    assert_false(text_equal("a", "A"));
}

static void only_well_formed_utf8_without_nul_is_utf8(void **state)
{
    (void)state;
    assert_true(text_is_utf8("", 0));
    assert_true(text_is_utf8("送达 \xf0\x9f\x9a\x9a", 11));
    assert_false(text_is_utf8("a\0b", 3));
    assert_false(text_is_utf8("\xc0\xaf", 2));         /* overlong */
    assert_false(text_is_utf8("\xe0\x80\xaf", 3));     /* overlong */
    assert_false(text_is_utf8("\xed\xa0\x80", 3));     /* surrogate */
    assert_false(text_is_utf8("\xf4\x90\x80\x80", 4)); /* above U+10FFFF */
    assert_false(text_is_utf8("\xe9\x80", 2));         /* cut off */
    assert_false(text_is_utf8("\x80", 1));
    assert_false(text_is_utf8("\xcb\xcd\xb4\xef", 4)); /* GBK */
}

static void nfc_composes_and_trims_unicode_white_space(void **state)
{
    struct arena arena;

    (void)state;
    arena_init(&arena);
    assert_string_equal(text_nfc(&arena, "e\xcc\x81t\xc3\xa9"), "\xc3\xa9t\xc3\xa9");
    assert_string_equal(text_nfc(&arena, " \t\xe3\x80\x80上海 一店\xc2\xa0\n"), "上海 一店");
    assert_string_equal(text_nfc(&arena, " \xe2\x80\x89 "), "");
    assert_string_equal(text_nfc(&arena, ""), "");
    assert_string_equal(text_nfc(&arena, "ＡＢ"), "ＡＢ"); /* no compatibility folding */
    assert_null(text_nfc(&arena, "\xff"));
    arena_release(&arena);
}

static void length_counts_code_points(void **state)
{
    (void)state;
    assert_int_equal(text_length(""), 0);
    assert_int_equal(text_length("送达ab"), 4);
    assert_int_equal(text_length("\xf0\x9f\x9a\x9a!"), 2);
    assert_int_equal(text_length("ab\xff\xff"), 2);
}

static void folding_removes_what_makes_no_difference(void **state)
{
    struct arena arena;

    (void)state;
    arena_init(&arena);
    assert_string_equal(text_fold(&arena, "ＡＢＣ（上海）有限公司"), "abc上海有限公司");
    assert_string_equal(text_fold(&arena, " abc (上海)　有限公司。"), "abc上海有限公司");
    assert_string_equal(text_fold(&arena, "STRASSE"), text_fold(&arena, "straße"));
    assert_string_equal(text_fold(&arena, "ﬁ\xe2\x80\x8b\xe2\x80\x8bx"), "fix");
    assert_string_equal(text_fold(&arena, "—·、"), "");
    assert_string_equal(text_fold(&arena, "CAFE\xcc\x81"), "caf\xc3\xa9");
    assert_null(text_fold(&arena, "\xc0\x80"));
    arena_release(&arena);
}

static void folding_twice_changes_nothing(void **state)
{
    static const char *const texts[] = {"Ünï—Köln (Nord)", "上海（浦东）①店", "ǅ Ⅷ ㎏ ﷺ",
                                        "İstanbul"};
    struct arena arena;

    (void)state;
    arena_init(&arena);
    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
        char *once = text_fold(&arena, texts[i]);

        assert_string_equal(text_fold(&arena, once), once);
    }
    arena_release(&arena);
}

static void similarity_is_dice_over_neighbouring_pairs(void **state)
{
    (void)state;
    assert_int_equal(text_similarity("night", "nacht"), 250); /* 2 × 1 / (4 + 4) */
    assert_int_equal(text_similarity("上海送达有限公司", "上海送达有限公司"), 1000);
    assert_int_equal(text_similarity("ＡＢＣ有限公司", "abc 有限公司"), 1000);
    assert_int_equal(text_similarity("上海送达", "北京路局"), 0);
    assert_int_equal(text_similarity("上海送达公司", "上海送达商行"), 600); /* 2 × 3 / (5 + 5) */
    assert_int_equal(text_similarity("aaaa", "aa"), 500); /* a pair counts as often as in both */
}

static void similarity_is_symmetric_and_knows_short_texts(void **state)
{
    (void)state;
    assert_int_equal(text_similarity("店", "店"), 1000);
    assert_int_equal(text_similarity("店", "铺"), 0);
    assert_int_equal(text_similarity("店", "店铺"), 0);
    assert_int_equal(text_similarity("", ""), 0);
    assert_int_equal(text_similarity("，。", "，。"), 0);
    assert_int_equal(text_similarity("\xff", "\xff"), 0);
    assert_int_equal(text_similarity("徐汇区一店", "一店徐汇区"),
                     text_similarity("一店徐汇区", "徐汇区一店"));
}

static void similarity_of_long_texts_is_bounded_work(void **state)
{
    static char a[60001], b[60001];

    (void)state;
    memset(a, 'a', 60000);
    memset(b, 'a', 60000);
    b[59999] = 'b';
    assert_int_equal(text_similarity(a, b), 1000); /* alike in all that counts */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(null_equals_only_null),
        cmocka_unit_test(only_well_formed_utf8_without_nul_is_utf8),
        cmocka_unit_test(nfc_composes_and_trims_unicode_white_space),
        cmocka_unit_test(length_counts_code_points),
        cmocka_unit_test(folding_removes_what_makes_no_difference),
        cmocka_unit_test(folding_twice_changes_nothing),
        cmocka_unit_test(similarity_is_dice_over_neighbouring_pairs),
        cmocka_unit_test(similarity_is_symmetric_and_knows_short_texts),
        cmocka_unit_test(similarity_of_long_texts_is_bounded_work),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
