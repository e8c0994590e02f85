/* shape_parse.c - reads JSON, and the texts of an address, into a struct by its shape. */
#include "wire/shape_walk.h"

#include <errno.h>
#include <jansson.h>

#include "base/banned.h"

static bool parse_object(const struct reading *reading, const struct place *place,
                         const struct shape *shape, json_t *object, void *value, uint64_t *seen);

static bool parse_inner(const struct reading *reading, const struct place *place,
                        const struct field *field, json_t *json, void *at)
{
    uint64_t seen[SHAPE_KEYS_MAX / 64] = {0};

    if (field->type != FIELD_OBJECT)
        return shape_refuse_type(reading, place, field);
    return parse_object(reading, place, field->shape, json, at, seen) &&
           shape_check_seen(reading, place, field->shape, seen);
}

static bool parse_item(const struct reading *reading, const struct place *place,
                       const struct field *field, json_t *json, void *at)
{
    bool is_day = field->type == FIELD_TIME || field->type == FIELD_DATE;

    switch (json_typeof(json)) {
    case JSON_INTEGER:
        return is_day ? shape_refuse_type(reading, place, field)
                      : field_set_number(reading, place, field, json_integer_value(json), at);
    case JSON_STRING:
        return field_set_written(reading, place, field, json_string_value(json),
                                 json_string_length(json), at);
    case JSON_TRUE:
    case JSON_FALSE:
        return field_set_bool(reading, place, field, json_is_true(json), at);
    case JSON_OBJECT:
        return parse_inner(reading, place, field, json, at);
    case JSON_ARRAY:
    case JSON_REAL:
    case JSON_NULL:
        break;
    }
    return shape_refuse_type(reading, place, field);
}

static bool parse_list(const struct reading *reading, const struct place *outer,
                       const struct field *field, json_t *json, void *at)
{
    void *items;

    if (!json_is_array(json))
        return shape_refuse_type(reading, outer, field);
    if (!field_set_list(reading, outer, field, json_array_size(json), at, &items))
        return false;
    for (size_t i = 0; i < json_array_size(json); i++) {
        struct place place = {.outer = outer, .index = i};

        if (!parse_item(reading, &place, field, json_array_get(json, i),
                        (char *)items + i * field_item_size(field)))
            return false;
    }
    return true;
}

/* Notes that a field was set; a second time is refused. */
static bool note_seen(const struct reading *reading, const struct place *place,
                      const struct shape *shape, const struct field *field, uint64_t *seen)
{
    size_t number = (size_t)(field - shape->fields);
    uint64_t bit = UINT64_C(1) << (number % 64);

    if (seen[number / 64] & bit)
        return shape_refuse(reading->error, place, "field_doubled", "%s", "");
    seen[number / 64] |= bit;
    return true;
}

/* Sets the members of a JSON object; null is absence. */
static bool parse_object(const struct reading *reading, const struct place *outer,
                         const struct shape *shape, json_t *object, void *value, uint64_t *seen)
{
    const char *key;
    json_t *json;
    size_t next = 0;

    json_object_foreach(object, key, json)
    {
        struct place place = {.outer = outer, .name = key, .len = strlen(key)};
        const struct field *field = shape_next_field(shape, key, place.len, &next);
        char *at;

        if (!field)
            return shape_refuse(reading->error, &place, "field_unknown", "%s", "");
        if (json_is_null(json))
            continue;
        at = (char *)value + field->offset;
        if (!note_seen(reading, &place, shape, field, seen) ||
            !(field->is_list ? parse_list(reading, &place, field, json, at)
                             : parse_item(reading, &place, field, json, at)))
            return false;
        field_set_has(field, value);
    }
    return true;
}

/* Says of a parser's complaint what the contract calls it, and where it is. */
static bool refuse_json(const struct reading *reading, const char *text, size_t len,
                        const json_error_t *error)
{
    struct walk walk;
    struct place places[SHAPE_DEPTH_MAX];
    const struct place *place;
    const char *near = strstr(error->text, " near ");
    int message = near ? (int)(near - error->text) : (int)strlen(error->text);

    shape_walk(&walk, text, len, (size_t)error->position);
    place = shape_walk_place(&walk, places);
    switch (json_error_code(error)) {
    case json_error_duplicate_key:
        return shape_refuse(reading->error, place, "field_doubled", "%s", "");
    case json_error_numeric_overflow:
        return shape_refuse(reading->error, place, "field_range",
                            "-9223372036854775808..9223372036854775807");
    case json_error_invalid_utf8:
    case json_error_null_character:
    case json_error_null_byte_in_key:
        return shape_refuse(reading->error, place, "text_invalid", "%s", "");
    default:
        return shape_refuse(reading->error, NULL, "malformed", "%.*s, line %d", message,
                            error->text, error->line);
    }
}

static bool parse_text(const struct reading *reading, const struct shape *shape, const char *text,
                       size_t len, void *value, uint64_t *seen)
{
    struct walk walk;
    json_error_t error;
    json_t *json;
    const char *wrong = shape_walk(&walk, text, len, len);
    bool done;

    if (wrong)
        return shape_refuse(reading->error, NULL, "malformed", "%s", wrong);
    json = json_loadb(text, len, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
    if (!json)
        return refuse_json(reading, text, len, &error);
    done = json_is_object(json) ? parse_object(reading, NULL, shape, json, value, seen)
                                : shape_refuse(reading->error, NULL, "field_type", "object");
    json_decref(json);
    return done;
}

bool shape_parse_json(const struct shape *shape, const char *json, size_t len, struct arena *arena,
                      void *value, struct shape_error *error)
{
    return shape_parse_request(shape, NULL, 0, json, len, arena, value, error);
}

/* Digits with an optional minus and nothing else. */
static bool set_decimal(const struct reading *reading, const struct place *place,
                        const struct field *field, const char *text, size_t len, void *at)
{
    char copy[24], *end;
    long long number;

    if (len == 0 || len >= sizeof(copy) || strspn(text, "-0123456789") < len)
        return shape_refuse_type(reading, place, field);
    memcpy(copy, text, len);
    copy[len] = '\0';
    errno = 0;
    number = strtoll(copy, &end, 10);
    if (errno || *end || end == copy)
        return shape_refuse_type(reading, place, field);
    return field_set_number(reading, place, field, number, at);
}

static bool set_plain(const struct reading *reading, const struct place *place,
                      const struct field *field, const char *text, size_t len, void *at)
{
    switch (field->type) {
    case FIELD_INT:
    case FIELD_MONEY:
    case FIELD_PRICE:
    case FIELD_QUANTITY:
        return set_decimal(reading, place, field, text, len, at);
    case FIELD_BOOL:
        if (len == 4 && memcmp(text, "true", len) == 0)
            return field_set_bool(reading, place, field, true, at);
        if (len == 5 && memcmp(text, "false", len) == 0)
            return field_set_bool(reading, place, field, false, at);
        return shape_refuse_type(reading, place, field);
    case FIELD_OBJECT:
        return shape_refuse_type(reading, place, field);
    case FIELD_ID:
    case FIELD_TEXT:
    case FIELD_TIME:
    case FIELD_DATE:
    case FIELD_BYTES:
    case FIELD_ENUM:
        break;
    }
    return field_set_written(reading, place, field, text, len, at);
}

/* "a,b,c"; an empty text is an empty list. */
static bool set_commas(const struct reading *reading, const struct place *outer,
                       const struct field *field, const char *text, void *at)
{
    size_t count = *text != '\0';
    void *items;

    for (const char *comma = strchr(text, ','); comma; comma = strchr(comma + 1, ','))
        count++;
    if (!field_set_list(reading, outer, field, count, at, &items))
        return false;
    for (size_t i = 0; i < count; i++) {
        struct place place = {.outer = outer, .index = i};
        size_t len = strcspn(text, ",");

        if (!set_plain(reading, &place, field, text, len,
                       (char *)items + i * field_item_size(field)))
            return false;
        text += len + 1;
    }
    return true;
}

static bool set_named(const struct reading *reading, const struct shape *shape, const char *name,
                      const char *text, void *value, uint64_t *seen)
{
    struct place place = {.name = name, .len = strlen(name)};
    const struct field *field = shape_field(shape, name);
    char *at;

    if (!field)
        return shape_refuse(reading->error, &place, "field_unknown", "%s", "");
    if (seen && !note_seen(reading, &place, shape, field, seen))
        return false;
    at = (char *)value + field->offset;
    if (!(field->is_list ? set_commas(reading, &place, field, text, at)
                         : set_plain(reading, &place, field, text, strlen(text), at)))
        return false;
    field_set_has(field, value);
    return true;
}

bool shape_set_text(const struct shape *shape, void *value, const char *name, const char *text,
                    struct arena *arena, struct shape_error *error)
{
    struct reading reading = {arena, error, false};

    return set_named(&reading, shape, name, text, value, NULL);
}

bool shape_parse_request(const struct shape *shape, const struct shape_text *texts, size_t count,
                         const char *json, size_t len, struct arena *arena, void *value,
                         struct shape_error *error)
{
    struct reading reading = {arena, error, false};
    uint64_t seen[SHAPE_KEYS_MAX / 64] = {0};

    memset(value, 0, shape->size);
    for (size_t i = 0; i < count; i++) {
        if (!set_named(&reading, shape, texts[i].name, texts[i].text, value, seen))
            return false;
    }
    if (json && !parse_text(&reading, shape, json, len, value, seen))
        return false;
    return shape_check_seen(&reading, NULL, shape, seen);
}
