/* wire_json.c - JSON and the texts of an address are read by the same rules as MessagePack, and written exactly. */
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

/* JSON with ' for ". */
static char *quoted(const char *text)
{
    char *copy = arena_text(&arena, text);

    for (char *at = copy; *at; at++)
        *at = (char)(*at == '\'' ? '"' : *at);
    return copy;
}

static bool parse(const char *text, struct shop_optional *value)
{
    const char *json = quoted(text);

    return shape_parse_json(&shop_optional_shape, json, strlen(json), &arena, value, &error);
}

static void assert_same(const char *text)
{
    struct shop_optional value;
    struct buffer json = {0}, packed = {0}, again = {0};

    if (!parse(text, &value))
        fail_msg("%s: %s %s", error.path, error.rule, error.value);
    shape_json(&shop_optional_shape, &value, false, &json);
    assert_string_equal(buffer_text(&json), quoted(text));
    shape_pack(&shop_optional_shape, &value, false, &packed);
    assert_true(
        shape_json_of_packed(&shop_optional_shape, buffer_bytes(&packed), false, &arena, &again));
    assert_string_equal(buffer_text(&again), quoted(text));
    buffer_release(&json);
    buffer_release(&packed);
    buffer_release(&again);
}

static void assert_refused(const char *text, const char *path, const char *rule, const char *value)
{
    struct shop_optional read;

    if (parse(text, &read))
        fail_msg("accepted: %s", text);
    assert_string_equal(error.path, path);
    assert_string_equal(error.rule, rule);
    if (value)
        assert_string_equal(error.value, value);
}

static void every_type_comes_back_as_it_was_written(void **state)
{
    (void)state;
    assert_same("{}");
    assert_same(
        "{'id':'01970000-0000-7000-8000-0000000000ab','text':'收款 \\\"a\\\\b\\\" \\n \\u001f /'}");
    assert_same(
        "{'flag':false,'money':0,'time':'2026-11-22T19:46:00.000+08:00','date':'2024-02-29'}");
    assert_same("{'time':'1969-12-31T23:59:59.123456+08:00','bytes':'AAH/','method':'transfer'}");
    assert_same(
        "{'line':{'product_id':'01970000-0000-7000-8000-000000000001','quantity':5},'ids':[],"
        "'texts':['a','付'],'numbers':[1,-2,3],'methods':['cash','transfer'],"
        "'times':['2026-01-01T00:00:00.000+08:00'],"
        "'book':{'pages':[{'lines':[],'title':'x'},{'lines':[],'title':'y'}]}}");
}

static void numbers_are_exact_to_the_last_digit(void **state)
{
    struct shop_optional value;

    (void)state;
    assert_same(
        "{'number':9223372036854775807,'money':-9223372036854775808,'price':9007199254740993}");
    assert_true(parse("{'price':9007199254740993}", &value));
    assert_int_equal(value.price, INT64_C(9007199254740993));
    assert_refused("{'number':9223372036854775808}", "number", "field_range",
                   "-9223372036854775808..9223372036854775807");
    assert_refused("{'number':1.0}", "number", "field_type", "int");
    assert_refused("{'number':1e3}", "number", "field_type", "int");
    assert_refused("{'number':'1'}", "number", "field_type", "int");
}

static void times_are_read_with_any_offset_and_written_for_shanghai(void **state)
{
    struct shop_optional value;
    struct buffer json = {0};

    (void)state;
    assert_true(parse("{'time':'2026-11-22T11:46:00.5Z'}", &value));
    shape_json(&shop_optional_shape, &value, false, &json);
    assert_string_equal(buffer_text(&json), "{\"time\":\"2026-11-22T19:46:00.500+08:00\"}");
    assert_refused("{'time':'2026-11-22T11:46:00'}", "time", "field_type", "time");
    assert_refused("{'time':1795347960}", "time", "field_type", "time");
    assert_refused("{'date':'2026-02-29'}", "date", "field_type", "date");
    assert_refused("{'date':'2026-2-9'}", "date", "field_type", "date");
    assert_refused("{'date':20000}", "date", "field_type", "date");
    buffer_release(&json);
}

static void ids_and_bytes_are_read_strictly(void **state)
{
    (void)state;
    assert_same("{'bytes':'AA=='}");
    assert_same("{'bytes':'AAA='}");
    assert_same("{'bytes':''}");
    assert_refused("{'bytes':'AB=='}", "bytes", "field_type", "bytes");
    assert_refused("{'bytes':'AAB='}", "bytes", "field_type", "bytes");
    assert_refused("{'bytes':'A==='}", "bytes", "field_type", "bytes");
    assert_refused("{'bytes':'AA'}", "bytes", "field_type", "bytes");
    assert_refused("{'bytes':'A A='}", "bytes", "field_type", "bytes");
    assert_refused("{'bytes':'A=AA'}", "bytes", "field_type", "bytes");
    assert_refused("{'id':'0197'}", "id", "field_type", "id");
    assert_refused("{'id':'00000000-0000-0000-0000-000000000000'}", "id", "field_value", "UUID");
}

static void the_rules_are_those_of_messagepack(void **state)
{
    struct shop_optional value;

    (void)state;
    assert_refused("{'x':1}", "x", "field_unknown", "");
    assert_refused("{'line':{'quantity':1}}", "line.product_id", "field_missing", "");
    assert_refused("{'numbers':[1,2,3,4]}", "numbers", "field_length", "1..3");
    assert_refused("{'lines':[{'product_id':'" ID_TEXT "','quantity':0}]}", "lines[0].quantity",
                   "field_range", ">= 1");
    assert_refused("{'method':'gold'}", "method", "field_value", "cash, transfer");
    assert_refused("{'flag':'true'}", "flag", "field_type", "bool");
    assert_refused("{'texts':{}}", "texts", "field_type", "list");
    assert_refused("{'texts':[null]}", "texts[0]", "field_type", "text");
    assert_refused("{'line':'x'}", "line", "field_type", "object");
    assert_refused("[]", "", "field_type", "object");
    assert_refused("1", "", "field_type", "object");
    assert_true(parse("{'number':null,'text':' e\u0301 '}", &value));
    assert_false(value.has_number);
    assert_string_equal(value.text, "é");
}

static void doubled_fields_are_refused_by_their_path(void **state)
{
    (void)state;
    assert_refused("{'text':'a','text':'b'}", "text", "field_doubled", "");
    assert_refused("{'texts':['a,{','\\'],['],'book':{'pages':[{'lines':[],'title':'x'},{'title':'"
                   "x','title':'y'}]}}",
                   "book.pages[1].title", "field_doubled", "");
}

static void broken_json_is_refused(void **state)
{
    (void)state;
    assert_refused("", "", "malformed", NULL);
    assert_refused("{", "", "malformed", NULL);
    assert_refused("{'text':'a'} x", "", "malformed", NULL);
    assert_refused("{'text':'a',}", "", "malformed", NULL);
    assert_refused("{text:'a'}", "", "malformed", NULL);
    assert_refused("{'text':'a' /* c */}", "", "malformed", NULL);
    assert_refused("{'number':01}", "", "malformed", NULL);
    assert_refused("{'number':NaN}", "", "malformed", NULL);
    assert_refused("{'text':'\\ud800'}", "", "malformed", NULL);
    assert_refused("{'text':'a\\u0000b'}", "text", "text_invalid", "");
    assert_refused("{'text':'\xff'}", "text", "text_invalid", "");
    assert_refused("{'text':'\xed\xa0\x80'}", "text", "text_invalid", "");
}

static void a_complaint_does_not_repeat_what_was_written(void **state)
{
    (void)state;
    assert_refused("{'text' 13812345678}", "", "malformed", NULL);
    assert_null(strstr(error.value, "1381"));
}

static void deep_and_crowded_json_is_refused_before_it_is_parsed(void **state)
{
    char *crowded = arena_alloc(&arena, 20000);

    (void)state;
    assert_refused("{'x':[[[[[[[1]]]]]]]}", "x", "field_unknown", "");
    assert_refused("{'x':[[[[[[[[1]]]]]]]]}", "", "malformed", "too deep");
    memset(crowded, '[', 9999);
    assert_refused(crowded, "", "malformed", "too deep");
    memset(crowded, ',', 9999);
    crowded[0] = '[';
    assert_refused(crowded, "", "malformed", "too many values");
}

static void a_request_is_its_address_and_its_body(void **state)
{
    const struct shape_text texts[] = {{"product_id", ID_TEXT}, {"quantity", "12"}};
    const struct shape *shape = &shop_receipt_line_shape;
    struct shop_receipt_line line;
    const char *body = "{\"note\":\"n\"}", *doubled = "{\"quantity\":12}";

    (void)state;
    assert_true(shape_parse_request(shape, texts, 2, body, strlen(body), &arena, &line, &error));
    assert_int_equal(line.quantity, 12);
    assert_string_equal(line.note, "n");
    assert_true(shape_parse_request(shape, texts, 2, NULL, 0, &arena, &line, &error));
    assert_false(
        shape_parse_request(shape, texts, 2, doubled, strlen(doubled), &arena, &line, &error));
    assert_string_equal(error.rule, "field_doubled");
    assert_string_equal(error.path, "quantity");
    assert_false(shape_parse_request(shape, texts, 1, body, strlen(body), &arena, &line, &error));
    assert_string_equal(error.rule, "field_missing");
    assert_string_equal(error.path, "quantity");
    assert_false(shape_parse_request(shape, (const struct shape_text[]){texts[1], texts[1]}, 2,
                                     NULL, 0, &arena, &line, &error));
    assert_string_equal(error.rule, "field_doubled");
}

static void assert_text_refused(const char *name, const char *text, const char *path,
                                const char *rule)
{
    struct shop_optional value = {0};

    if (shape_set_text(&shop_optional_shape, &value, name, text, &arena, &error))
        fail_msg("accepted: %s=%s", name, text);
    assert_string_equal(error.path, path);
    assert_string_equal(error.rule, rule);
}

static void texts_of_an_address_set_fields(void **state)
{
    static const char *const pairs[][2] = {
        {"id", ID_TEXT},    {"text", "收款"},       {"number", "-9223372036854775808"},
        {"flag", "true"},   {"date", "2026-11-22"}, {"time", "2026-11-22T19:46:00+08:00"},
        {"method", "cash"}, {"texts", "a,,b"},      {"numbers", "1,2"},
        {"ids", ""},        {"methods", "transfer"}};
    struct shop_optional value = {0};

    (void)state;
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        if (!shape_set_text(&shop_optional_shape, &value, pairs[i][0], pairs[i][1], &arena, &error))
            fail_msg("%s: %s", error.path, error.rule);
    }
    assert_true(value.has_number && value.number == INT64_MIN);
    assert_true(value.has_flag && value.flag);
    assert_int_equal(value.texts.count, 3);
    assert_string_equal(value.texts.items[1], "");
    assert_int_equal(value.numbers.items[1], 2);
    assert_int_equal(value.ids.count, 0);
    assert_int_equal(value.methods.items[0], SHOP_PAYMENT_METHOD_TRANSFER);
    assert_text_refused("number", "9223372036854775808", "number", "field_type");
    assert_text_refused("number", "", "number", "field_type");
    assert_text_refused("number", " 1", "number", "field_type");
    assert_text_refused("number", "1-2", "number", "field_type");
    assert_text_refused("number", "+1", "number", "field_type");
    assert_text_refused("flag", "1", "flag", "field_type");
    assert_text_refused("line", "{}", "line", "field_type");
    assert_text_refused("numbers", "1,x", "numbers[1]", "field_type");
    assert_text_refused("numbers", "1,2,3,4", "numbers", "field_length");
    assert_text_refused("other", "1", "other", "field_unknown");
    assert_text_refused("text", "\xff", "text", "text_invalid");
}

static void packed_bytes_that_are_none_of_the_shape_give_no_json(void **state)
{
    struct buffer json = {0};

    (void)state;
    assert_false(shape_json_of_packed(&shop_required_shape, message(&arena, "{'id': 1}"), false,
                                      &arena, &json));
    assert_int_equal(json.len, 0);
    buffer_release(&json);
}

#define SENTENCE(name) cmocka_unit_test_setup_teardown(name, start, stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SENTENCE(every_type_comes_back_as_it_was_written),
        SENTENCE(numbers_are_exact_to_the_last_digit),
        SENTENCE(times_are_read_with_any_offset_and_written_for_shanghai),
        SENTENCE(ids_and_bytes_are_read_strictly),
        SENTENCE(the_rules_are_those_of_messagepack),
        SENTENCE(doubled_fields_are_refused_by_their_path),
        SENTENCE(broken_json_is_refused),
        SENTENCE(a_complaint_does_not_repeat_what_was_written),
        SENTENCE(deep_and_crowded_json_is_refused_before_it_is_parsed),
        SENTENCE(a_request_is_its_address_and_its_body),
        SENTENCE(texts_of_an_address_set_fields),
        SENTENCE(packed_bytes_that_are_none_of_the_shape_give_no_json),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
