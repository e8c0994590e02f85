/* wire_shape.c - values come through MessagePack unchanged, and what breaks a rule of its shape is refused by path and rule. */
#include "wire_message.h"

static struct arena arena;
static struct shape_error error;

static int start(void **state)
{
    (void)state;
    arena_init(&arena);
    memset(&error, 0, sizeof(error));
    return 0;
}

static int stop(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static bool read_optional(struct bytes packed, struct shop_optional *value)
{
    return shape_unpack(&shop_optional_shape, SHAPE_STRICT, packed, &arena, value, &error);
}

static bool read_required(struct bytes packed, struct shop_required *value)
{
    return shape_unpack(&shop_required_shape, SHAPE_STRICT, packed, &arena, value, &error);
}

/* That an object of optional fields is refused so. */
static void assert_refused(const char *json, const char *path, const char *rule, const char *value)
{
    struct shop_optional read;

    if (read_optional(message(&arena, "%s", json), &read))
        fail_msg("accepted: %s", json);
    assert_string_equal(error.path, path);
    assert_string_equal(error.rule, rule);
    assert_string_equal(error.value, value);
}

/* That an object of required fields is refused when one pair is another. */
static void assert_required_refused(const char *pair, const char *with, const char *path,
                                    const char *rule, const char *value)
{
    const char *at = strstr(REQUIRED, pair);
    struct shop_required read;

    assert_non_null(at);
    if (read_required(
            message(&arena, "{%.*s%s%s}", (int)(at - REQUIRED), REQUIRED, with, at + strlen(pair)),
            &read))
        fail_msg("accepted: %s", with);
    assert_string_equal(error.path, path);
    assert_string_equal(error.rule, rule);
    assert_string_equal(error.value, value);
}

static void required_values_are_read(void **state)
{
    struct shop_required value;
    char text[ID_TEXT_SIZE];

    (void)state;
    assert_true(read_required(message(&arena, "{%s}", REQUIRED), &value));
    id_format(value.id, text);
    assert_string_equal(text, ID_TEXT);
    assert_string_equal(value.text, "a");
    assert_int_equal(value.number, 1);
    assert_true(value.flag);
    assert_int_equal(value.money, 2);
    assert_int_equal(value.price, 3);
    assert_int_equal(value.quantity, 4);
    assert_int_equal(value.time, 5);
    assert_int_equal(value.date, 6);
    assert_int_equal(value.bytes.len, 1);
    assert_int_equal(value.bytes.data[0], 0);
    assert_int_equal(value.method, SHOP_PAYMENT_METHOD_CASH);
    assert_int_equal(value.line.quantity, 1);
    assert_null(value.line.note);
}

static void absent_optional_values_are_none(void **state)
{
    struct shop_optional value, zero = {0};

    (void)state;
    memset(&value, 0xff, sizeof(value));
    assert_true(read_optional(message(&arena, "{}"), &value));
    assert_memory_equal(&value, &zero, sizeof(value));
}

static void nil_is_absence(void **state)
{
    struct shop_optional value;

    (void)state;
    assert_true(
        read_optional(message(&arena, "{'number': null, 'texts': null, 'line': null}"), &value));
    assert_false(value.has_number);
    assert_false(value.has_line);
    assert_null(value.texts.items);
    assert_required_refused("'number': 1", "'number': null", "number", "field_missing", "");
}

static void given_optional_values_carry_their_flag(void **state)
{
    struct shop_optional value;

    (void)state;
    assert_true(
        read_optional(message(&arena, "{'flag': false, 'number': 0, 'line': " LINE
                                      ", 'texts': ['a', '', '付'], 'methods': ['transfer'], "
                                      "'lines': [" LINE "," LINE "], 'ids': []}"),
                      &value));
    assert_true(value.has_flag && !value.flag && value.has_number && value.has_line);
    assert_int_equal(value.texts.count, 3);
    assert_string_equal(value.texts.items[2], "付");
    assert_int_equal(value.methods.items[0], SHOP_PAYMENT_METHOD_TRANSFER);
    assert_int_equal(value.lines.count, 2);
    assert_int_equal(value.lines.items[1].quantity, 1);
    assert_int_equal(value.ids.count, 0);
    assert_non_null(value.ids.items);
}

static void what_is_packed_is_what_was_read(void **state)
{
    struct shop_optional value, again;
    struct buffer first = {0}, second = {0};

    (void)state;
    assert_true(read_optional(
        message(&arena, "{'id': '#" ID_TEXT "', 'text': '收款', 'number': -9223372036854775807, "
                        "'flag': true, 'money': 128, 'price': 65536, 'quantity': -33, "
                        "'time': 1795347960000000, 'date': -1, 'bytes': '#0001ff', "
                        "'method': 'transfer', 'line': " LINE ", 'ids': ['#" ID_TEXT "'], "
                        "'numbers': [-129, 4294967296], 'times': [1], 'phones': ['1'], "
                        "'book': {'pages': [{'lines': [" LINE "], 'title': 'x'}]}}"),
        &value));
    shape_pack(&shop_optional_shape, &value, false, &first);
    assert_true(read_optional(buffer_bytes(&first), &again));
    shape_pack(&shop_optional_shape, &again, false, &second);
    assert_int_equal(first.len, second.len);
    assert_memory_equal(first.data, second.data, first.len);
    assert_int_equal(again.number, INT64_C(-9223372036854775807));
    assert_int_equal(again.numbers.items[1], INT64_C(4294967296));
    assert_string_equal(again.book.pages.items[0].title, "x");
    buffer_release(&first);
    buffer_release(&second);
}

static void fields_may_come_in_any_order(void **state)
{
    struct shop_receipt_line line;

    (void)state;
    assert_true(
        shape_unpack(&shop_receipt_line_shape, SHAPE_STRICT,
                     message(&arena, "{'note': 'n', 'quantity': 7, 'product_id': '#" ID_TEXT "'}"),
                     &arena, &line, &error));
    assert_int_equal(line.quantity, 7);
    assert_string_equal(line.note, "n");
}

static void unknown_fields_are_refused(void **state)
{
    (void)state;
    assert_refused("{'text': 'a', 'teXt': 1}", "teXt", "field_unknown", "");
    assert_refused("{'lines': [" LINE ", {'product_id': '#" ID_TEXT "', 'quantity': 1, 'x': []}]}",
                   "lines[1].x", "field_unknown", "");
    assert_refused("{'': 1}", "", "field_unknown", "");
}

static void a_name_with_a_nul_in_it_is_another_name(void **state)
{
    struct shop_optional value;

    (void)state;
    assert_false(
        read_optional((struct bytes){(const uint8_t *)"\x81\xa6text\0x\xa1y", 10}, &value));
    assert_string_equal(error.rule, "field_unknown");
    assert_string_equal(error.path, "");
    assert_false(read_optional((struct bytes){(const uint8_t *)"\x81\xa6method\xa6"
                                                               "cash\0x",
                                              15},
                               &value));
    assert_string_equal(error.rule, "field_value");
    assert_int_equal(enumeration_value(&shop_payment_method_enumeration, "cash\0", 5), 0);
}

static void a_lenient_reader_passes_over_unknown_fields_and_limits(void **state)
{
    struct shop_optional value;
    struct bytes packed =
        message(&arena, "{'new': {'deep': [1, {'x': '#00'}]}, 'text': 'a', 'newer': [[], 1.5], "
                        "'line': {'product_id': '#" ID_TEXT "', 'quantity': 0}}");

    (void)state;
    assert_true(shape_unpack(&shop_optional_shape, SHAPE_LENIENT, packed, &arena, &value, &error));
    assert_string_equal(value.text, "a");
    assert_int_equal(value.line.quantity, 0);
    assert_false(shape_unpack(&shop_optional_shape, SHAPE_STRICT, packed, &arena, &value, &error));
}

static void missing_fields_are_refused(void **state)
{
    (void)state;
    assert_required_refused("'flag': true, ", "", "flag", "field_missing", "");
    assert_required_refused(", 'quantity': 1", "", "line.quantity", "field_missing", "");
    assert_refused("{'book': {'pages': [{'lines': []}]}}", "book.pages[0].title", "field_missing",
                   "");
}

static void wrong_types_are_refused(void **state)
{
    (void)state;
    assert_refused("{'id': 'abc'}", "id", "field_type", "id");
    assert_refused("{'id': '#0102'}", "id", "field_type", "id");
    assert_refused("{'text': 1}", "text", "field_type", "text");
    assert_refused("{'text': '#61'}", "text", "field_type", "text");
    assert_refused("{'number': '1'}", "number", "field_type", "int");
    assert_refused("{'number': 1.0}", "number", "field_type", "int");
    assert_refused("{'number': true}", "number", "field_type", "int");
    assert_refused("{'flag': 1}", "flag", "field_type", "bool");
    assert_refused("{'money': []}", "money", "field_type", "money");
    assert_refused("{'price': {}}", "price", "field_type", "price");
    assert_refused("{'quantity': 'x'}", "quantity", "field_type", "quantity");
    assert_refused("{'time': '2026'}", "time", "field_type", "time");
    assert_refused("{'date': '2026-01-01'}", "date", "field_type", "date");
    assert_refused("{'bytes': 'x'}", "bytes", "field_type", "bytes");
    assert_refused("{'method': 1}", "method", "field_type", "text");
    assert_refused("{'line': 1}", "line", "field_type", "object");
    assert_refused("{'line': []}", "line", "field_type", "object");
    assert_refused("{'texts': 'a'}", "texts", "field_type", "list");
    assert_refused("{'texts': ['a', 1]}", "texts[1]", "field_type", "text");
    assert_refused("{'texts': [null]}", "texts[0]", "field_type", "text");
    assert_refused("[]", "", "field_type", "object");
}

static void numbers_outside_their_range_are_refused(void **state)
{
    (void)state;
    assert_required_refused("'number': 1", "'number': 11", "number", "field_range", "-5..10");
    assert_required_refused("'number': 1", "'number': -6", "number", "field_range", "-5..10");
    assert_required_refused("'price': 3", "'price': -1", "price", "field_range", ">= 0");
    assert_required_refused("'quantity': 4", "'quantity': 1001", "quantity", "field_range",
                            "<= 1000");
    assert_refused("{'lines': [" LINE "," LINE "," LINE ",{'product_id': '#" ID_TEXT
                   "', 'quantity': 0}]}",
                   "lines[3].quantity", "field_range", ">= 1");
}

static void a_number_above_int64_is_refused(void **state)
{
    static const uint8_t packed[] = {0x81, 0xa5, 'm', 'o', 'n', 'e', 'y', 0xcf,
                                     0x80, 0,    0,   0,   0,   0,   0,   0};
    struct shop_optional value;

    (void)state;
    assert_false(read_optional((struct bytes){packed, sizeof(packed)}, &value));
    assert_string_equal(error.path, "money");
    assert_string_equal(error.rule, "field_type");
}

static void dates_and_times_are_of_the_years_1_to_9999_and_never_0(void **state)
{
    struct shop_optional value;

    (void)state;
    assert_refused("{'date': 0}", "date", "field_range", "0001-01-01..9999-12-31");
    assert_refused("{'time': 0}", "time", "field_range", "0001-01-01..9999-12-31");
    assert_refused("{'date': 2932897}", "date", "field_range", "0001-01-01..9999-12-31");
    assert_refused("{'date': -719163}", "date", "field_range", "0001-01-01..9999-12-31");
    assert_refused("{'date': 4294967297}", "date", "field_range", "0001-01-01..9999-12-31");
    assert_refused("{'time': 9223372036854775807}", "time", "field_range",
                   "0001-01-01..9999-12-31");
    assert_true(read_optional(message(&arena, "{'date': 2932896, 'time': -1}"), &value));
    assert_int_equal(value.date, 2932896);
    assert_int_equal(value.time, -1);
}

static void lengths_are_counted_in_code_points(void **state)
{
    struct shop_page page;
    struct bytes five = message(&arena, "{'lines': [], 'title': '一二三四五'}");

    (void)state;
    assert_true(shape_unpack(&shop_page_shape, SHAPE_STRICT, five, &arena, &page, &error));
    assert_refused("{'book': {'pages': [{'lines': [], 'title': '一二三四五六'}]}}",
                   "book.pages[0].title", "field_length", "1..5");
    assert_refused("{'book': {'pages': [{'lines': [], 'title': '  '}]}}", "book.pages[0].title",
                   "field_length", "1..5");
    assert_required_refused("'bytes': '#00'", "'bytes': '#0001020304'", "bytes", "field_length",
                            "1..4");
    assert_required_refused("'bytes': '#00'", "'bytes': '#'", "bytes", "field_length", "1..4");
}

static void a_text_has_200_characters_where_nothing_else_is_said(void **state)
{
    struct shop_optional value;
    char text[202] = "";

    (void)state;
    memset(text, 'x', 201);
    assert_false(read_optional(message(&arena, "{'text': '%s'}", text), &value));
    assert_string_equal(error.value, "0..200");
    text[200] = '\0';
    assert_true(read_optional(message(&arena, "{'text': '%s'}", text), &value));
}

static void lists_of_another_length_are_refused(void **state)
{
    (void)state;
    assert_refused("{'numbers': []}", "numbers", "field_length", "1..3");
    assert_refused("{'numbers': [1,2,3,4]}", "numbers", "field_length", "1..3");
}

static void unknown_values_of_an_enum_are_refused_and_the_allowed_ones_named(void **state)
{
    (void)state;
    assert_refused("{'method': 'gold'}", "method", "field_value", "cash, transfer");
    assert_refused("{'method': 'cas'}", "method", "field_value", "cash, transfer");
    assert_refused("{'method': 'cashier'}", "method", "field_value", "cash, transfer");
    assert_refused("{'methods': ['cash', '']}", "methods[1]", "field_value", "cash, transfer");
}

/* Whatever the lengths of the names: the list ends inside its room. */
static void a_long_list_of_allowed_values_is_cut_inside_its_room(void **state)
{
    char name[70];
    const char *const values[] = {name, "second", "third"};
    const struct enumeration enumeration = {"made", values, 3};
    const struct field field = {
        .name = "made", .type = FIELD_ENUM, .has_offset = SIZE_MAX, .values = &enumeration};
    const struct shape shape = {"made", &field, 1, sizeof(int)};
    int value = 0;

    (void)state;
    for (size_t len = 1; len < sizeof(name); len++) {
        memset(name, 'a', len);
        name[len] = '\0';
        assert_false(shape_unpack(&shape, SHAPE_STRICT, message(&arena, "{'made': 'gold'}"), &arena,
                                  &value, &error));
        assert_string_equal(error.rule, "field_value");
        assert_true(strlen(error.value) < sizeof(error.value));
        assert_true(strncmp(error.value, name, len) == 0 || len > 56);
    }
}

static void the_id_of_nothing_is_refused(void **state)
{
    (void)state;
    assert_refused("{'id': '#00000000-0000-0000-0000-000000000000'}", "id", "field_value", "UUID");
}

static void texts_are_brought_to_normal_form_c_without_blanks_around(void **state)
{
    struct shop_optional value;

    (void)state;
    assert_true(
        read_optional(message(&arena, "{'text': ' e\u0301te\u0301 ', 'texts': ['\u3000付款 ', "
                                      "'付\u3099', 'plain ', '，。（）', 'か\u3099']}"),
                      &value));
    assert_string_equal(value.text, "été");
    assert_string_equal(value.texts.items[0], "付款");
    assert_string_equal(value.texts.items[1], "付\u3099");
    assert_string_equal(value.texts.items[2], "plain");
    assert_string_equal(value.texts.items[3], "，。（）");
    assert_string_equal(value.texts.items[4], "が");
}

static void texts_that_are_not_utf8_are_refused(void **state)
{
    static const char *const wrong[] = {"\xff", "a\xc0\x80", "\xed\xa0\x80", "\xe4\xb8",
                                        "\xf4\x90\x80\x80"};
    struct shop_optional value;

    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        struct buffer packed = {0};

        buffer_append(&packed, "\x81\xa4text", 6);
        buffer_append_byte(&packed, (uint8_t)(0xa0 | strlen(wrong[i])));
        buffer_append_text(&packed, wrong[i]);
        assert_false(read_optional(buffer_bytes(&packed), &value));
        assert_string_equal(error.rule, "text_invalid");
        assert_string_equal(error.path, "text");
        buffer_release(&packed);
    }
    assert_false(read_optional((struct bytes){(const uint8_t *)"\x81\xa4text\xa3"
                                                               "a\0b",
                                              10},
                               &value));
    assert_string_equal(error.rule, "text_invalid");
}

static void private_texts_leave_masked(void **state)
{
    struct shop_required value;
    struct shop_optional list = {.phones = {(const char *[]){"13812345678", "021-6234"}, 2}};
    struct buffer packed = {0}, json = {0};

    (void)state;
    assert_true(read_required(message(&arena, "{%s}", REQUIRED), &value));
    shape_pack(&shop_required_shape, &value, true, &packed);
    assert_true(read_required(buffer_bytes(&packed), &value));
    assert_string_equal(value.phone, "138****5678");
    assert_string_equal(value.address, "上海市黄浦区***");
    assert_string_equal(value.text, "a");
    shape_json(&shop_optional_shape, &list, true, &json);
    assert_string_equal(buffer_text(&json), "{\"phones\":[\"138****5678\",\"******34\"]}");
    buffer_release(&packed);
    buffer_release(&json);
}

static void what_is_absent_is_left_out_even_where_it_is_required(void **state)
{
    struct shop_receipt_line line = {.quantity = 3};
    struct buffer packed = {0};
    struct shop_receipt_line read;

    (void)state;
    shape_pack(&shop_receipt_line_shape, &line, false, &packed);
    assert_false(shape_unpack(&shop_receipt_line_shape, SHAPE_LENIENT, buffer_bytes(&packed),
                              &arena, &read, &error));
    assert_string_equal(error.path, "product_id");
    assert_false(shape_check(&shop_receipt_line_shape, &line, &error));
    line.product_id.bytes[0] = 1;
    assert_true(shape_check(&shop_receipt_line_shape, &line, &error));
    buffer_release(&packed);
}

static void enumerations_and_fields_are_found_by_name(void **state)
{
    (void)state;
    assert_string_equal(enumeration_text(&shop_payment_method_enumeration, 2), "transfer");
    assert_null(enumeration_text(&shop_payment_method_enumeration, 0));
    assert_null(enumeration_text(&shop_payment_method_enumeration, 3));
    assert_null(enumeration_text(&shop_payment_method_enumeration, -1));
    assert_int_equal(enumeration_value(&shop_payment_method_enumeration, "cash!", 4), 1);
    assert_int_equal(enumeration_value(&shop_payment_method_enumeration, "", 0), 0);
    assert_string_equal(shape_field(&shop_required_shape, "money")->name, "money");
    assert_null(shape_field(&shop_required_shape, "mone"));
}

#define SENTENCE(name) cmocka_unit_test_setup_teardown(name, start, stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SENTENCE(required_values_are_read),
        SENTENCE(absent_optional_values_are_none),
        SENTENCE(nil_is_absence),
        SENTENCE(given_optional_values_carry_their_flag),
        SENTENCE(what_is_packed_is_what_was_read),
        SENTENCE(fields_may_come_in_any_order),
        SENTENCE(unknown_fields_are_refused),
        SENTENCE(a_name_with_a_nul_in_it_is_another_name),
        SENTENCE(a_lenient_reader_passes_over_unknown_fields_and_limits),
        SENTENCE(missing_fields_are_refused),
        SENTENCE(wrong_types_are_refused),
        SENTENCE(numbers_outside_their_range_are_refused),
        SENTENCE(a_number_above_int64_is_refused),
        SENTENCE(dates_and_times_are_of_the_years_1_to_9999_and_never_0),
        SENTENCE(lengths_are_counted_in_code_points),
        SENTENCE(a_text_has_200_characters_where_nothing_else_is_said),
        SENTENCE(lists_of_another_length_are_refused),
        SENTENCE(unknown_values_of_an_enum_are_refused_and_the_allowed_ones_named),
        SENTENCE(a_long_list_of_allowed_values_is_cut_inside_its_room),
        SENTENCE(the_id_of_nothing_is_refused),
        SENTENCE(texts_are_brought_to_normal_form_c_without_blanks_around),
        SENTENCE(texts_that_are_not_utf8_are_refused),
        SENTENCE(private_texts_leave_masked),
        SENTENCE(what_is_absent_is_left_out_even_where_it_is_required),
        SENTENCE(enumerations_and_fields_are_found_by_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
