/* shape.c - looks fields and enum values up by name, and says where and why a value was refused. */
#include "wire/shape_rules.h"

#include <inttypes.h>
#include <stdarg.h>

#include "base/text.h"

#include "base/banned.h"

const char *enumeration_text(const struct enumeration *values, int value)
{
    return value >= 1 && (size_t)value <= values->count ? values->values[value - 1] : NULL;
}

/* Whether `len` bytes, which may hold a NUL, are our word. */
static bool is_same(const char *word, const char *bytes, size_t len)
{
    return strlen(word) == len && memcmp(word, bytes, len) == 0;
}

int enumeration_value(const struct enumeration *values, const char *text, size_t len)
{
    for (size_t i = 0; i < values->count; i++) {
        if (is_same(values->values[i], text, len))
            return (int)i + 1;
    }
    return 0;
}

const struct field *shape_next_field(const struct shape *shape, const char *name, size_t len,
                                     size_t *next)
{
    for (size_t i = 0; i < shape->count; i++) {
        size_t place = *next + i < shape->count ? *next + i : *next + i - shape->count;

        if (is_same(shape->fields[place].name, name, len)) {
            *next = place + 1 < shape->count ? place + 1 : 0;
            return &shape->fields[place];
        }
    }
    return NULL;
}

const struct field *shape_field(const struct shape *shape, const char *name)
{
    size_t next = 0;

    return shape_next_field(shape, name, strlen(name), &next);
}

/* Appends to the text as far as it has room. */
static void append(char *text, size_t size, size_t *len, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

static void append(char *text, size_t size, size_t *len, const char *format, ...)
{
    va_list arguments;
    int written;

    va_start(arguments, format);
    written = vsnprintf(text + *len, size - *len, format, arguments);
    va_end(arguments);
    if (written > 0)
        *len = *len + (size_t)written < size ? *len + (size_t)written : size - 1;
}

/* Writes the steps from the top down to `place`. A name that is not ours (too long, not UTF-8) ends the path before it. */
static void write_path(char *path, size_t size, const struct place *place)
{
    const struct place *steps[2 * SHAPE_DEPTH_MAX + 2];
    size_t count = 0, len = 0;

    path[0] = '\0';
    for (; place && count < sizeof(steps) / sizeof(steps[0]); place = place->outer)
        steps[count++] = place;
    while (count-- > 0) {
        const struct place *step = steps[count];

        if (!step->name) {
            append(path, size, &len, "[%zu]", step->index);
        } else {
            if (step->len > 64 || !text_is_utf8(step->name, step->len) ||
                len + step->len + 2 > size)
                return;
            append(path, size, &len, "%s%.*s", len ? "." : "", (int)step->len, step->name);
        }
    }
}

bool shape_refuse(struct shape_error *error, const struct place *place, const char *rule,
                  const char *format, ...)
{
    va_list arguments;

    if (!error)
        return false;
    write_path(error->path, sizeof(error->path), place);
    error->rule = rule;
    va_start(arguments, format);
    vsnprintf(error->value, sizeof(error->value), format, arguments);
    va_end(arguments);
    return false;
}

const char *field_type_name(enum field_type type)
{
    static const char *const names[] = {
        [FIELD_ID] = "id",
        [FIELD_TEXT] = "text",
        [FIELD_INT] = "int",
        [FIELD_BOOL] = "bool",
        [FIELD_MONEY] = "money",
        [FIELD_PRICE] = "price",
        [FIELD_QUANTITY] = "quantity",
        [FIELD_TIME] = "time",
        [FIELD_DATE] = "date",
        [FIELD_BYTES] = "bytes",
        [FIELD_ENUM] = "enum",
        [FIELD_OBJECT] = "object",
    };

    return names[type];
}

bool shape_refuse_type(const struct reading *reading, const struct place *place,
                       const struct field *field)
{
    enum field_type type = field->type == FIELD_ENUM ? FIELD_TEXT : field->type;
    bool is_item = place && !place->name;

    return shape_refuse(reading->error, place, "field_type", "%s",
                        field->is_list && !is_item ? "list" : field_type_name(type));
}

bool shape_check_seen(const struct reading *reading, const struct place *place,
                      const struct shape *shape, const uint64_t seen[SHAPE_KEYS_MAX / 64])
{
    for (size_t i = 0; i < shape->count; i++) {
        const struct field *field = &shape->fields[i];
        struct place at = {.outer = place, .name = field->name, .len = strlen(field->name)};

        if (!field->is_optional && !(seen[i / 64] >> (i % 64) & 1))
            return shape_refuse(reading->error, &at, "field_missing", "%s", "");
    }
    return true;
}

static bool is_value_present(const struct field *field, const void *at)
{
    switch (field->type) {
    case FIELD_ID:
        return !id_is_none(*(const struct id *)at);
    case FIELD_TEXT:
        return *(const char *const *)at != NULL;
    case FIELD_TIME:
        return *(const int64_t *)at != 0;
    case FIELD_DATE:
        return *(const int32_t *)at != 0;
    case FIELD_ENUM:
        return *(const int *)at != 0;
    case FIELD_BYTES:
        return !field->is_optional || ((const struct bytes *)at)->data != NULL;
    case FIELD_INT:
    case FIELD_BOOL:
    case FIELD_MONEY:
    case FIELD_PRICE:
    case FIELD_QUANTITY:
    case FIELD_OBJECT:
        return true;
    }
    return true;
}

bool field_is_present(const struct field *field, const void *value)
{
    const char *at = (const char *)value + field->offset;

    if (field->is_list)
        return !field->is_optional || list_at(at).items != NULL;
    if (field->has_offset != SIZE_MAX)
        return *(const bool *)((const char *)value + field->has_offset);
    return is_value_present(field, at);
}

bool shape_check(const struct shape *shape, const void *value, struct shape_error *error)
{
    for (size_t i = 0; i < shape->count; i++) {
        const struct field *field = &shape->fields[i];
        struct place place = {.name = field->name, .len = strlen(field->name)};

        if (!field->is_optional && !field_is_present(field, value))
            return shape_refuse(error, &place, "field_missing", "%s", "");
    }
    return true;
}

const char *field_masked_text(struct arena *arena, enum privacy privacy, const char *text)
{
    size_t len = 0, points = 0;

    switch (privacy) {
    case PRIVACY_PHONE:
        return phone_mask(arena, text);
    case PRIVACY_ADDRESS:
        while (text[len] && (points += ((uint8_t)text[len] & 0xc0) != 0x80) <= 6)
            len++;
        return arena_print(arena, "%.*s***", (int)len, text);
    case PRIVACY_NONE:
    case PRIVACY_AMOUNT:
        return text;
    }
    return text;
}
