/* base_csv.c - tests of reading comma-separated values. */
#include "unit.h"

#include "base/arena.h"
#include "base/csv.h"

/* The rows as "a|b;c|d;", or the error behind what came before it. */
static char *read_all(struct arena *arena, const char *data, size_t len)
{
    struct csv csv;
    struct text_list row;
    char *all = arena_text(arena, "");
    int got;

    csv_init(&csv, data, len);
    while ((got = csv_next(&csv, arena, &row)) == 1) {
        for (size_t i = 0; i < row.count; i++)
            all = arena_print(arena, "%s%s%s", all, i ? "|" : "", row.items[i]);
        all = arena_print(arena, "%s;", all);
    }
    if (got < 0) {
        assert_int_equal(csv_next(&csv, arena, &row), -1);
        return arena_print(arena, "%s!%zu %s", all, csv.line, csv.error);
    }
    assert_int_equal(csv_next(&csv, arena, &row), 0);
    return all;
}

static void expect_rows(const char *data, const char *rows)
{
    struct arena arena;

    arena_init(&arena);
    assert_string_equal(read_all(&arena, data, strlen(data)), rows);
    arena_release(&arena);
}

static void rows_end_with_either_line_end_or_the_data(void **state)
{
    (void)state;
    expect_rows("a,b\r\nc,d\r\n", "a|b;c|d;");
    expect_rows("a,b\nc,d", "a|b;c|d;");
    expect_rows("a\n\n\r\nb\n\n", "a;b;");
    expect_rows("", "");
    expect_rows("\n", "");
}

static void empty_fields_are_fields(void **state)
{
    (void)state;
    expect_rows(",\n", "|;");
    expect_rows("a,,c", "a||c;");
    expect_rows("a,", "a|;");
    expect_rows("\"\"", ";");
    expect_rows("\"\",\"\"\n", "|;");
    expect_rows(" a , b", " a | b;");
}

static void quoted_fields_hold_commas_quotes_and_lines(void **state)
{
    (void)state;
    expect_rows("\"a,b\",\"c\"\"d\"\n", "a,b|c\"d;");
    expect_rows("\"\"\"\"", "\";");
    expect_rows("\"two\r\nlines\",x", "two\r\nlines|x;");
    expect_rows("名称,\"上海，“送达”\"", "名称|上海，“送达”;");
}

static void a_byte_order_mark_is_skipped_at_the_start_only(void **state)
{
    (void)state;
    expect_rows("\xef\xbb\xbf\"a\",b", "a|b;");
    expect_rows("a,\xef\xbb\xbf"
                "b",
                "a|\xef\xbb\xbf"
                "b;");
    expect_rows("\xef\xbb\xbf", "");
}

static void malformed_rows_are_refused_with_their_line(void **state)
{
    (void)state;
    expect_rows("a,b\nc,d\"e\n", "a|b;!2 a quote stands inside an unquoted field");
    expect_rows("\"a\"b", "!1 something stands between a closing quote and the comma");
    expect_rows("a\n\"b\n\nc", "a;!2 a quoted field never ends");
    expect_rows("a\rb", "!1 a carriage return stands without its line feed");
    expect_rows("a\r", "!1 a carriage return stands without its line feed");
    expect_rows("a\n\xcb\xcd,b", "a;!2 a field is not UTF-8 text");
    expect_rows("\"x\n\ny\",z\nb\"", "x\n\ny|z;!4 a quote stands inside an unquoted field");
}

static void a_nul_is_refused(void **state)
{
    struct arena arena;

    (void)state;
    arena_init(&arena);
    assert_string_equal(read_all(&arena, "a\0b", 3), "!1 a field is not UTF-8 text");
    arena_release(&arena);
}

static void the_line_is_where_the_row_begins(void **state)
{
    static const char data[] = "a\n\n\"b\nc\"\nd\n";
    struct arena arena;
    struct csv csv;
    struct text_list row;

    (void)state;
    arena_init(&arena);
    csv_init(&csv, data, sizeof(data) - 1);
    assert_int_equal(csv_next(&csv, &arena, &row), 1);
    assert_int_equal(csv.line, 1);
    assert_int_equal(csv_next(&csv, &arena, &row), 1);
    assert_int_equal(csv.line, 3);
    assert_int_equal(csv_next(&csv, &arena, &row), 1);
    assert_int_equal(csv.line, 5);
    arena_release(&arena);
}

static void sixty_four_columns_are_read_and_one_more_is_refused(void **state)
{
    char commas[65];

    (void)state;
    memset(commas, ',', 64);
    commas[64] = 0;
    expect_rows(commas, "!1 a row has more than 64 columns");
    expect_rows(commas + 1, "|||||||||||||||||||||||||||||||||||||||||||||||||||||||||||||||;");
}

static void a_field_of_64_kib_is_read_and_one_byte_more_is_refused(void **state)
{
    struct arena arena;
    struct csv csv;
    struct text_list row;
    char *data;

    (void)state;
    arena_init(&arena);
    data = arena_alloc(&arena, CSV_FIELD_MAX + 1);
    memset(data, 'x', CSV_FIELD_MAX + 1);
    csv_init(&csv, data, CSV_FIELD_MAX);
    assert_int_equal(csv_next(&csv, &arena, &row), 1);
    assert_int_equal(strlen(row.items[0]), CSV_FIELD_MAX);
    csv_init(&csv, data, CSV_FIELD_MAX + 1);
    assert_int_equal(csv_next(&csv, &arena, &row), -1);
    assert_string_equal(csv.error, "a field has more than 64 KiB");
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_end_with_either_line_end_or_the_data),
        cmocka_unit_test(empty_fields_are_fields),
        cmocka_unit_test(quoted_fields_hold_commas_quotes_and_lines),
        cmocka_unit_test(a_byte_order_mark_is_skipped_at_the_start_only),
        cmocka_unit_test(malformed_rows_are_refused_with_their_line),
        cmocka_unit_test(a_nul_is_refused),
        cmocka_unit_test(the_line_is_where_the_row_begins),
        cmocka_unit_test(sixty_four_columns_are_read_and_one_more_is_refused),
        cmocka_unit_test(a_field_of_64_kib_is_read_and_one_byte_more_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
