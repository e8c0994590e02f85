/* shape_unpack.c - reads MessagePack into a struct by its shape. */
#include "wire/shape_message.h"

#include "base/banned.h"

/* The bytes were scanned: heads are whole, counts fit, depth is bounded. */
static bool unpack_object(const struct reading *reading, const struct place *place,
                          const struct shape *shape, struct cursor *cursor, const struct head *map,
                          void *value);

/* Passes over what belongs to a head already read. */
static void skip(struct cursor *cursor, const struct head *head)
{
    uint64_t left = head->kind == HEAD_MAP     ? 2 * (uint64_t)head->count
                    : head->kind == HEAD_ARRAY ? head->count
                                               : 0;

    while (left-- > 0) {
        struct head inner = {0};

        if (shape_head_read(cursor, &inner))
            return;
        if (inner.kind == HEAD_MAP)
            left += 2 * (uint64_t)inner.count;
        else if (inner.kind == HEAD_ARRAY)
            left += inner.count;
    }
}

static bool unpack_bin(const struct reading *reading, const struct place *place,
                       const struct field *field, const struct head *head, void *at)
{
    struct id id;

    if (field->type == FIELD_BYTES)
        return field_set_bytes(reading, place, field, (struct bytes){head->data, head->count}, at);
    if (field->type != FIELD_ID || head->count != sizeof(id.bytes))
        return shape_refuse_type(reading, place, field);
    memcpy(id.bytes, head->data, sizeof(id.bytes));
    return field_set_id(reading, place, id, at);
}

static bool unpack_str(const struct reading *reading, const struct place *place,
                       const struct field *field, const struct head *head, void *at)
{
    const char *text = (const char *)head->data;

    if (field->type == FIELD_TEXT)
        return field_set_text(reading, place, field, text, head->count, at);
    if (field->type == FIELD_ENUM)
        return field_set_enum(reading, place, field, text, head->count, at);
    return shape_refuse_type(reading, place, field);
}

static bool unpack_item(const struct reading *reading, const struct place *place,
                        const struct field *field, struct cursor *cursor, const struct head *head,
                        void *at)
{
    switch (head->kind) {
    case HEAD_INT:
        return field_set_number(reading, place, field, head->number, at);
    case HEAD_BOOL:
        return field_set_bool(reading, place, field, head->number != 0, at);
    case HEAD_STR:
        return unpack_str(reading, place, field, head, at);
    case HEAD_BIN:
        return unpack_bin(reading, place, field, head, at);
    case HEAD_MAP:
        return field->type == FIELD_OBJECT
                   ? unpack_object(reading, place, field->shape, cursor, head, at)
                   : shape_refuse_type(reading, place, field);
    case HEAD_UINT_LARGE:
    case HEAD_FLOAT:
    case HEAD_NIL:
    case HEAD_ARRAY:
        break;
    }
    return shape_refuse_type(reading, place, field);
}

static bool unpack_list(const struct reading *reading, const struct place *outer,
                        const struct field *field, struct cursor *cursor, const struct head *head,
                        void *at)
{
    void *items;

    if (head->kind != HEAD_ARRAY)
        return shape_refuse_type(reading, outer, field);
    if (!field_set_list(reading, outer, field, head->count, at, &items))
        return false;
    for (size_t i = 0; i < head->count; i++) {
        struct place place = {.outer = outer, .index = i};
        struct head item = {0};

        if (shape_head_read(cursor, &item))
            return shape_refuse(reading->error, &place, "malformed", "truncated");
        if (!unpack_item(reading, &place, field, cursor, &item,
                         (char *)items + i * field_item_size(field)))
            return false;
    }
    return true;
}

/* One pair of a map: finds the field and sets it. nil is absence. */
static bool unpack_pair(const struct reading *reading, const struct place *outer,
                        const struct shape *shape, struct cursor *cursor, size_t *next,
                        uint64_t *seen, void *value)
{
    struct head key = {0}, head = {0};
    struct place place = {.outer = outer};
    const struct field *field;
    size_t number;
    char *at;

    if (shape_head_read(cursor, &key) || shape_head_read(cursor, &head))
        return shape_refuse(reading->error, outer, "malformed", "truncated");
    place.name = (const char *)key.data;
    place.len = key.count;
    field = shape_next_field(shape, place.name, place.len, next);
    if (!field) {
        if (!reading->is_lenient)
            return shape_refuse(reading->error, &place, "field_unknown", "%s", "");
        skip(cursor, &head);
        return true;
    }
    if (head.kind == HEAD_NIL)
        return true;
    at = (char *)value + field->offset;
    if (!(field->is_list ? unpack_list(reading, &place, field, cursor, &head, at)
                         : unpack_item(reading, &place, field, cursor, &head, at)))
        return false;
    field_set_has(field, value);
    number = (size_t)(field - shape->fields);
    seen[number / 64] |= UINT64_C(1) << (number % 64);
    return true;
}

static bool unpack_object(const struct reading *reading, const struct place *place,
                          const struct shape *shape, struct cursor *cursor, const struct head *map,
                          void *value)
{
    uint64_t seen[SHAPE_KEYS_MAX / 64] = {0};
    size_t next = 0;

    for (uint32_t i = 0; i < map->count; i++) {
        if (!unpack_pair(reading, place, shape, cursor, &next, seen, value))
            return false;
    }
    return shape_check_seen(reading, place, shape, seen);
}

bool shape_unpack(const struct shape *shape, enum shape_mode mode, struct bytes packed,
                  struct arena *arena, void *value, struct shape_error *error)
{
    struct reading reading = {arena, error, mode == SHAPE_LENIENT};
    struct cursor cursor = {packed.data, packed.data + packed.len};
    struct head head = {0};

    memset(value, 0, shape->size);
    if (!shape_scan_up_to(packed, reading.is_lenient ? SHAPE_NODES_OWN_MAX : SHAPE_NODES_MAX,
                          error))
        return false;
    shape_head_read(&cursor, &head);
    if (head.kind != HEAD_MAP)
        return shape_refuse(error, NULL, "field_type", "object");
    return unpack_object(&reading, NULL, shape, &cursor, &head, value);
}
