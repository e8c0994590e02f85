/* shape_json.c - writes a struct as JSON by its shape. */
#include "wire/shape_rules.h"

#include "base/clock.h"

#include "base/banned.h"

struct writing {
    struct buffer *out;
    bool masked;
    struct arena arena; /* for masked texts; takes no memory where there are none */
};

static void write_object(struct writing *writing, const struct shape *shape, const void *value);

static void write_escaped(struct buffer *out, uint8_t byte)
{
    static const char hex[] = "0123456789abcdef";
    char text[7] = {'\\', 'u', '0', '0', hex[byte >> 4], hex[byte & 15], '\0'};

    switch (byte) {
    case '"':
        buffer_append_text(out, "\\\"");
        return;
    case '\\':
        buffer_append_text(out, "\\\\");
        return;
    case '\n':
        buffer_append_text(out, "\\n");
        return;
    case '\r':
        buffer_append_text(out, "\\r");
        return;
    case '\t':
        buffer_append_text(out, "\\t");
        return;
    default:
        buffer_append_text(out, text);
        return;
    }
}

static void write_string(struct buffer *out, const char *text)
{
    const char *start = text;

    buffer_append_byte(out, '"');
    for (; *text; text++) {
        uint8_t byte = (uint8_t)*text;

        if (byte >= ' ' && byte != '"' && byte != '\\' && byte != 0x7f)
            continue;
        buffer_append(out, start, (size_t)(text - start));
        write_escaped(out, byte);
        start = text + 1;
    }
    buffer_append(out, start, (size_t)(text - start));
    buffer_append_byte(out, '"');
}

static void write_int(struct buffer *out, int64_t number)
{
    char text[24];
    char *at = text + sizeof(text);
    uint64_t left = number < 0 ? -(uint64_t)number : (uint64_t)number;

    do {
        *--at = (char)('0' + left % 10);
        left /= 10;
    } while (left);
    if (number < 0)
        *--at = '-';
    buffer_append(out, at, (size_t)(text + sizeof(text) - at));
}

static void write_id(struct buffer *out, struct id id)
{
    char text[ID_TEXT_SIZE];

    id_format(id, text);
    write_string(out, text);
}

static void write_time(struct buffer *out, int64_t instant)
{
    char text[INSTANT_TEXT_SIZE];

    instant_format(instant, text);
    write_string(out, text);
}

static void write_date(struct buffer *out, int32_t date)
{
    int year, month, day;

    date_civil(date, &year, &month, &day);
    buffer_print(out, "\"%04d-%02d-%02d\"", year, month, day);
}

static void write_text(struct writing *writing, const struct field *field, const char *text)
{
    if (!text)
        text = "";
    if (writing->masked && field->privacy)
        text = field_masked_text(&writing->arena, field->privacy, text);
    write_string(writing->out, text);
}

static void write_enum(struct buffer *out, const struct field *field, int value)
{
    const char *text = enumeration_text(field->values, value);

    write_string(out, text ? text : "");
}

static void write_bytes(struct buffer *out, struct bytes bytes)
{
    buffer_append_byte(out, '"');
    shape_base64_append(out, bytes);
    buffer_append_byte(out, '"');
}

static void write_item(struct writing *writing, const struct field *field, const void *at)
{
    struct buffer *out = writing->out;

    switch (field->type) {
    case FIELD_ID:
        write_id(out, *(const struct id *)at);
        return;
    case FIELD_TEXT:
        write_text(writing, field, *(const char *const *)at);
        return;
    case FIELD_INT:
    case FIELD_MONEY:
    case FIELD_PRICE:
    case FIELD_QUANTITY:
        write_int(out, *(const int64_t *)at);
        return;
    case FIELD_BOOL:
        buffer_append_text(out, *(const bool *)at ? "true" : "false");
        return;
    case FIELD_TIME:
        write_time(out, *(const int64_t *)at);
        return;
    case FIELD_DATE:
        write_date(out, *(const int32_t *)at);
        return;
    case FIELD_BYTES:
        write_bytes(out, *(const struct bytes *)at);
        return;
    case FIELD_ENUM:
        write_enum(out, field, *(const int *)at);
        return;
    case FIELD_OBJECT:
        write_object(writing, field->shape, at);
        return;
    }
}

static void write_list(struct writing *writing, const struct field *field, struct any_list list)
{
    size_t size = field_item_size(field);

    buffer_append_byte(writing->out, '[');
    for (size_t i = 0; i < list.count; i++) {
        if (i)
            buffer_append_byte(writing->out, ',');
        write_item(writing, field, (const char *)list.items + i * size);
    }
    buffer_append_byte(writing->out, ']');
}

static void write_object(struct writing *writing, const struct shape *shape, const void *value)
{
    struct buffer *out = writing->out;
    char before = '{';

    for (size_t i = 0; i < shape->count; i++) {
        const struct field *field = &shape->fields[i];
        const char *at = (const char *)value + field->offset;

        if (!field_is_present(field, value))
            continue;
        buffer_append_byte(out, (uint8_t)before);
        before = ',';
        write_string(out, field->name);
        buffer_append_byte(out, ':');
        if (field->is_list)
            write_list(writing, field, list_at(at));
        else
            write_item(writing, field, at);
    }
    buffer_append_text(out, before == '{' ? "{}" : "}");
}

void shape_json(const struct shape *shape, const void *value, bool masked, struct buffer *out)
{
    struct writing writing = {.out = out, .masked = masked};

    arena_init(&writing.arena);
    write_object(&writing, shape, value);
    arena_release(&writing.arena);
}

bool shape_json_of_packed(const struct shape *shape, struct bytes packed, bool masked,
                          struct arena *arena, struct buffer *out)
{
    void *value = arena_alloc(arena, shape->size);

    if (!shape_unpack(shape, SHAPE_LENIENT, packed, arena, value, NULL))
        return false;
    shape_json(shape, value, masked, out);
    return true;
}
