/* shape_set.c - the rules by which one value is set, whatever it was read from. */
#include "wire/shape_rules.h"

#include <inttypes.h>

#include "base/clock.h"
#include "base/text.h"

#include "base/banned.h"

/* 0001-01-01 and 9999-12-31, in Shanghai. */
#define DATE_MIN INT32_C(-719162)
#define DATE_MAX INT32_C(2932896)

size_t field_item_size(const struct field *field)
{
    switch (field->type) {
    case FIELD_ID:
        return sizeof(struct id);
    case FIELD_TEXT:
        return sizeof(const char *);
    case FIELD_INT:
    case FIELD_MONEY:
    case FIELD_PRICE:
    case FIELD_QUANTITY:
    case FIELD_TIME:
        return sizeof(int64_t);
    case FIELD_BOOL:
        return sizeof(bool);
    case FIELD_DATE:
        return sizeof(int32_t);
    case FIELD_BYTES:
        return sizeof(struct bytes);
    case FIELD_ENUM:
        return sizeof(int);
    case FIELD_OBJECT:
        return field->shape->size;
    }
    return 0;
}

static bool refuse_outside(const struct reading *reading, const struct place *place,
                           const char *rule, int64_t min, int64_t max)
{
    if (max == INT64_MAX && min != INT64_MIN)
        return shape_refuse(reading->error, place, rule, ">= %" PRId64, min);
    if (min == INT64_MIN && max != INT64_MAX)
        return shape_refuse(reading->error, place, rule, "<= %" PRId64, max);
    return shape_refuse(reading->error, place, rule, "%" PRId64 "..%" PRId64, min, max);
}

bool field_set_list(const struct reading *reading, const struct place *place,
                    const struct field *field, size_t count, void *at, void **items)
{
    struct any_list list = {.count = count};

    if (!reading->is_lenient && (count < field->min_items || count > field->max_items))
        return refuse_outside(reading, place, "field_length", (int64_t)field->min_items,
                              (int64_t)field->max_items);
    list.items = arena_alloc_array(reading->arena, count, field_item_size(field));
    memcpy(at, &list, sizeof(list));
    *items = list.items;
    return true;
}

static bool is_in_limits(const struct reading *reading, const struct field *field, int64_t number)
{
    return reading->is_lenient || !field->has_limits ||
           (number >= field->min && number <= field->max);
}

/* A date, or an instant on a date, of the years 1 to 9999; 0 is none. */
static bool set_day(const struct reading *reading, const struct place *place,
                    const struct field *field, int64_t number, void *at)
{
    bool is_date = field->type == FIELD_DATE;
    int64_t min = is_date ? DATE_MIN : date_start(DATE_MIN);
    int64_t max = is_date ? DATE_MAX : date_start(DATE_MAX) + CLOCK_DAY - 1;

    if (number < min || number > max || number == 0)
        return shape_refuse(reading->error, place, "field_range", "0001-01-01..9999-12-31");
    if (is_date)
        *(int32_t *)at = (int32_t)number;
    else
        *(int64_t *)at = number;
    return true;
}

bool field_set_number(const struct reading *reading, const struct place *place,
                      const struct field *field, int64_t number, void *at)
{
    switch (field->type) {
    case FIELD_INT:
    case FIELD_MONEY:
    case FIELD_PRICE:
    case FIELD_QUANTITY:
        if (!is_in_limits(reading, field, number))
            return refuse_outside(reading, place, "field_range", field->min, field->max);
        *(int64_t *)at = number;
        return true;
    case FIELD_TIME:
    case FIELD_DATE:
        return set_day(reading, place, field, number, at);
    case FIELD_ID:
    case FIELD_TEXT:
    case FIELD_BOOL:
    case FIELD_BYTES:
    case FIELD_ENUM:
    case FIELD_OBJECT:
        break;
    }
    return shape_refuse_type(reading, place, field);
}

bool field_set_bool(const struct reading *reading, const struct place *place,
                    const struct field *field, bool flag, void *at)
{
    if (field->type != FIELD_BOOL)
        return shape_refuse_type(reading, place, field);
    *(bool *)at = flag;
    return true;
}

bool field_set_id(const struct reading *reading, const struct place *place, struct id id, void *at)
{
    if (id_is_none(id))
        return shape_refuse(reading->error, place, "field_value", "UUID");
    *(struct id *)at = id;
    return true;
}

bool field_set_bytes(const struct reading *reading, const struct place *place,
                     const struct field *field, struct bytes bytes, void *at)
{
    struct bytes *target = at;

    if (!is_in_limits(reading, field, (int64_t)bytes.len))
        return refuse_outside(reading, place, "field_length", field->min, field->max);
    target->data = arena_copy(reading->arena, bytes.data, bytes.len);
    target->len = bytes.len;
    return true;
}

/* Whether the text is its own normal form for certain: visible ASCII with single blanks inside, and the Chinese characters and
 * punctuation that neither compose nor decompose. Counts its code points. */
static bool is_settled(const char *text, size_t len, size_t *points)
{
    const uint8_t *at = (const uint8_t *)text, *end = at + len;

    *points = 0;
    if (len && (*at <= ' ' || end[-1] <= ' '))
        return false;
    while (at < end) {
        uint32_t point = *at;

        if (point >= ' ' && point < 0x7f) {
            at++;
        } else {
            if (point < 0xe3 || point > 0xef || end - at < 3 || (at[1] & 0xc0) != 0x80 ||
                (at[2] & 0xc0) != 0x80)
                return false;
            point = (point & 0x0f) << 12 | (uint32_t)(at[1] & 0x3f) << 6 | (at[2] & 0x3f);
            if (!(point >= 0x4e00 && point <= 0x9fff) && !(point >= 0x3001 && point <= 0x3029) &&
                !(point >= 0xff01 && point <= 0xff5e))
                return false;
            at += 3;
        }
        (*points)++;
    }
    return true;
}

bool field_set_text(const struct reading *reading, const struct place *place,
                    const struct field *field, const char *text, size_t len, void *at)
{
    size_t points;
    const char *made;

    if (len > SHAPE_STRING_MAX)
        return refuse_outside(reading, place, "field_length", field->min, field->max);
    if (is_settled(text, len, &points)) {
        made = arena_text_len(reading->arena, text, len);
    } else {
        if (!text_is_utf8(text, len))
            return shape_refuse(reading->error, place, "text_invalid", "%s", "");
        made = text_nfc(reading->arena, arena_text_len(reading->arena, text, len));
        points = text_length(made);
    }
    if (!is_in_limits(reading, field, (int64_t)points))
        return refuse_outside(reading, place, "field_length", field->min, field->max);
    *(const char **)at = made;
    return true;
}

/* Names as many of the allowed values as there is room for. */
static bool refuse_value(const struct reading *reading, const struct place *place,
                         const struct enumeration *values)
{
    char text[64] = "";
    size_t len = 0;

    for (size_t i = 0; i < values->count; i++) {
        size_t more = strlen(values->values[i]) + 2;

        if (len + more + sizeof(", …") > sizeof(text)) {
            memcpy(text + len, ", …", sizeof(", …"));
            break;
        }
        snprintf(text + len, sizeof(text) - len, "%s%s", len ? ", " : "", values->values[i]);
        len = strlen(text);
    }
    return shape_refuse(reading->error, place, "field_value", "%s", text);
}

bool field_set_enum(const struct reading *reading, const struct place *place,
                    const struct field *field, const char *text, size_t len, void *at)
{
    int value = enumeration_value(field->values, text, len);

    if (!value)
        return refuse_value(reading, place, field->values);
    *(int *)at = value;
    return true;
}

static bool set_written_id(const struct reading *reading, const struct place *place,
                           const struct field *field, const char *text, void *at)
{
    struct id id;

    return id_parse(text, &id) ? field_set_id(reading, place, id, at)
                               : shape_refuse_type(reading, place, field);
}

static bool set_written_day(const struct reading *reading, const struct place *place,
                            const struct field *field, const char *text, void *at)
{
    int32_t date;
    int64_t instant;

    if (field->type == FIELD_DATE)
        return date_parse(text, &date) ? set_day(reading, place, field, date, at)
                                       : shape_refuse_type(reading, place, field);
    return instant_parse(text, &instant) ? set_day(reading, place, field, instant, at)
                                         : shape_refuse_type(reading, place, field);
}

bool field_set_written(const struct reading *reading, const struct place *place,
                       const struct field *field, const char *text, size_t len, void *at)
{
    char copy[64];
    struct bytes bytes;

    if (field->type == FIELD_TEXT)
        return field_set_text(reading, place, field, text, len, at);
    if (field->type == FIELD_ENUM)
        return field_set_enum(reading, place, field, text, len, at);
    if (field->type == FIELD_BYTES)
        return shape_base64_decode(reading->arena, text, len, &bytes)
                   ? field_set_bytes(reading, place, field, bytes, at)
                   : shape_refuse_type(reading, place, field);
    if (len >= sizeof(copy) || memchr(text, 0, len))
        return shape_refuse_type(reading, place, field);
    memcpy(copy, text, len);
    copy[len] = '\0';
    if (field->type == FIELD_ID)
        return set_written_id(reading, place, field, copy, at);
    if (field->type == FIELD_DATE || field->type == FIELD_TIME)
        return set_written_day(reading, place, field, copy, at);
    return shape_refuse_type(reading, place, field);
}
