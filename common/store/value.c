/* value.c - parameters and columns in PostgreSQL's binary formats: big-endian figures, days and microseconds since 2000. */
#include "store/value.h"

#include <endian.h>

#include "base/clock.h"
#include "base/log.h"

#include "base/banned.h"

#define EPOCH_DAYS 10957 /* 2000-01-01 in days since 1970 */
#define EPOCH_MICROSECONDS (EPOCH_DAYS * CLOCK_DAY)
#define ARRAY_HEADER 20 /* dimensions, has NULLs, element type, length, lower bound */

/* Type numbers are fixed in PostgreSQL's catalogue (src/include/catalog/pg_type.dat). */
static const struct {
    unsigned oid, array_oid;
    const char *name;
} types[] = {
    [SQL_UUID] = {2950, 2951, "uuid"},        [SQL_TEXT] = {25, 1009, "text"},
    [SQL_BIGINT] = {20, 1016, "bigint"},      [SQL_BOOL] = {16, 1000, "bool"},
    [SQL_TIME] = {1184, 1185, "timestamptz"}, [SQL_DATE] = {1082, 1182, "date"},
    [SQL_BYTEA] = {17, 1001, "bytea"},        [SQL_ENUM] = {25, 1009, "text (an enum)"},
    [SQL_UUIDS] = {2951, 0, "uuid[]"},        [SQL_TEXTS] = {1009, 0, "text[]"},
    [SQL_BIGINTS] = {1016, 0, "bigint[]"},
};

unsigned sql_oid(enum sql_type type)
{
    return types[type].oid;
}

unsigned sql_array_oid(enum sql_type type)
{
    return types[type].array_oid;
}

const char *sql_type_name(enum sql_type type)
{
    return types[type].name;
}

bool sql_is_array(enum sql_type type)
{
    return types[type].array_oid == 0;
}

bool sql_type_fits(enum sql_type type, unsigned oid)
{
    enum { VARCHAR = 1043, NAME = 19 };

    if (oid == types[type].oid)
        return true;
    return (type == SQL_TEXT || type == SQL_ENUM) && (oid == VARCHAR || oid == NAME);
}

static const struct sql_bytes null_value = {.data = NULL, .len = -1};

static struct sql_bytes encode_bigint(int64_t number, struct arena *arena)
{
    uint64_t wire = htobe64((uint64_t)number);

    return (struct sql_bytes){arena_copy(arena, &wire, sizeof(wire)), (int)sizeof(wire)};
}

static struct sql_bytes encode_date(int32_t date, struct arena *arena)
{
    uint32_t wire = htobe32((uint32_t)(date - EPOCH_DAYS));

    return (struct sql_bytes){arena_copy(arena, &wire, sizeof(wire)), (int)sizeof(wire)};
}

static struct sql_bytes encode_text(const char *text, struct arena *arena)
{
    if (text == NULL)
        return null_value;
    size_t len = strlen(text);
    return (struct sql_bytes){arena_copy(arena, text, len), (int)len};
}

static struct sql_bytes encode_id(struct id id, struct arena *arena)
{
    if (id_is_none(id))
        return null_value;
    return (struct sql_bytes){arena_copy(arena, id.bytes, sizeof(id.bytes)), 16};
}

static struct sql_bytes encode_ids(const struct id_list *list, struct arena *arena)
{
    struct sql_bytes *values = arena_array(arena, struct sql_bytes, list->count + 1);

    for (size_t i = 0; i < list->count; i++)
        values[i] = (struct sql_bytes){(const char *)list->items[i].bytes, 16};
    return sql_encode_set(SQL_UUID, values, 1, list->count, arena);
}

static struct sql_bytes encode_texts(const struct text_list *list, struct arena *arena)
{
    struct sql_bytes *values = arena_array(arena, struct sql_bytes, list->count + 1);

    for (size_t i = 0; i < list->count; i++)
        values[i] = encode_text(list->items[i], arena);
    return sql_encode_set(SQL_TEXT, values, 1, list->count, arena);
}

static struct sql_bytes encode_bigints(const struct int_list *list, struct arena *arena)
{
    struct sql_bytes *values = arena_array(arena, struct sql_bytes, list->count + 1);

    for (size_t i = 0; i < list->count; i++)
        values[i] = encode_bigint(list->items[i], arena);
    return sql_encode_set(SQL_BIGINT, values, 1, list->count, arena);
}

/* `at` is not aligned by promise: the generator makes it offsetof in a struct of that type, so it is. */
static struct sql_bytes encode_argument(const struct sql_value *parameter, const void *at,
                                        struct arena *arena)
{
    switch (parameter->type) {
    case SQL_UUID:
        return encode_id(*(const struct id *)at, arena);
    case SQL_TEXT:
        return encode_text(*(const char *const *)at, arena);
    case SQL_ENUM:
        return encode_text(enumeration_text(parameter->values, *(const int *)at), arena);
    case SQL_BIGINT:
        return encode_bigint(*(const int64_t *)at, arena);
    case SQL_BOOL:
        return (struct sql_bytes){arena_copy(arena, at, 1), 1};
    case SQL_TIME:
        if (*(const int64_t *)at == 0)
            return null_value;
        return encode_bigint(*(const int64_t *)at - EPOCH_MICROSECONDS, arena);
    case SQL_DATE:
        return *(const int32_t *)at == 0 ? null_value : encode_date(*(const int32_t *)at, arena);
    case SQL_BYTEA: {
        const struct bytes *bytes = at;
        if (bytes->data == NULL)
            return null_value;
        return (struct sql_bytes){arena_copy(arena, bytes->data, bytes->len), (int)bytes->len};
    }
    case SQL_UUIDS:
        return encode_ids(at, arena);
    case SQL_TEXTS:
        return encode_texts(at, arena);
    case SQL_BIGINTS:
        return encode_bigints(at, arena);
    }
    die("sql", "type %d of parameter %s", (int)parameter->type, parameter->name);
}

struct sql_bytes sql_encode(const struct sql_value *parameter, const void *arguments,
                            const struct sql_context *context, struct arena *arena)
{
    const char *base = arguments;

    switch (parameter->source) {
    case FROM_ARGUMENT:
        if (parameter->has_offset != SIZE_MAX && !*(const bool *)(base + parameter->has_offset))
            return null_value;
        return encode_argument(parameter, base + parameter->offset, arena);
    case FROM_BRANCH:
        return encode_id(context->branch_id, arena);
    case FROM_SCOPE:
        return encode_ids(&context->scope, arena);
    case FROM_COMPANY:
        return encode_id(context->company_id, arena);
    case FROM_ACTOR:
        return encode_id(context->actor_id, arena);
    case FROM_NOW:
        return encode_bigint(context->now - EPOCH_MICROSECONDS, arena);
    case FROM_TODAY:
        return encode_date(context->today, arena);
    }
    die("sql", "source %d of parameter %s", (int)parameter->source, parameter->name);
}

static char *put_int(char *at, int32_t number)
{
    uint32_t wire = htobe32((uint32_t)number);

    memcpy(at, &wire, sizeof(wire));
    return at + sizeof(wire);
}

struct sql_bytes sql_encode_set(enum sql_type type, const struct sql_bytes *values, size_t stride,
                                size_t count, struct arena *arena)
{
    size_t size = ARRAY_HEADER;
    bool has_null = false;

    for (size_t i = 0; i < count; i++) {
        int len = values[i * stride].len;
        size += 4 + (len > 0 ? (size_t)len : 0);
        has_null = has_null || len < 0;
    }
    if (size > INT32_MAX)
        die("sql", "a set of %zu bytes", size);

    char *data = arena_alloc(arena, size);
    char *at = put_int(data, count > 0);
    at = put_int(at, has_null);
    at = put_int(at, (int32_t)sql_oid(type));
    if (count == 0)
        return (struct sql_bytes){data, (int)(at - data)};
    at = put_int(at, (int32_t)count);
    at = put_int(at, 1);
    for (size_t i = 0; i < count; i++) {
        const struct sql_bytes *value = &values[i * stride];
        at = put_int(at, value->len);
        if (value->len > 0) {
            memcpy(at, value->data, (size_t)value->len);
            at += value->len;
        }
    }
    return (struct sql_bytes){data, (int)size};
}

int64_t sql_decode_bigint(const char *data)
{
    uint64_t wire;

    memcpy(&wire, data, sizeof(wire));
    return (int64_t)be64toh(wire);
}

static int32_t decode_int(const char *data)
{
    uint32_t wire;

    memcpy(&wire, data, sizeof(wire));
    return (int32_t)be32toh(wire);
}

/* Reads a one-dimensional array into `element_size` slots: ids, texts, figures. */
static bool decode_array(enum sql_type type, struct sql_bytes value, struct arena *arena,
                         void **items, size_t *count)
{
    enum { DIMENSIONS = 0, LENGTH = 12 };
    const char *end = value.data + value.len, *at = value.data + ARRAY_HEADER;

    if (value.len < 12)
        return false;
    if (decode_int(value.data + DIMENSIONS) == 0)
        return true;
    if (decode_int(value.data + DIMENSIONS) != 1 || value.len < ARRAY_HEADER)
        return false;
    size_t n = (size_t)decode_int(value.data + LENGTH);
    size_t size = type == SQL_UUIDS ? sizeof(struct id) : 8;
    char *list = arena_alloc_array(arena, n, size);
    for (size_t i = 0; i < n; i++) {
        if (end - at < 4)
            return false;
        int32_t len = decode_int(at);
        at += 4;
        if (len < 0 || len > end - at || (type != SQL_TEXTS && (size_t)len != size))
            return false;
        if (type == SQL_UUIDS)
            memcpy(list + i * size, at, size);
        else if (type == SQL_TEXTS)
            ((const char **)(void *)list)[i] = arena_text_len(arena, at, (size_t)len);
        else
            ((int64_t *)(void *)list)[i] = sql_decode_bigint(at);
        at += len;
    }
    *items = list;
    *count = n;
    return true;
}

static bool decode_list(enum sql_type type, struct sql_bytes value, struct arena *arena, void *at)
{
    void *items = NULL;
    size_t count = 0;

    if (!decode_array(type, value, arena, &items, &count))
        return false;
    if (type == SQL_UUIDS)
        *(struct id_list *)at = (struct id_list){items, count};
    else if (type == SQL_TEXTS)
        *(struct text_list *)at = (struct text_list){items, count};
    else
        *(struct int_list *)at = (struct int_list){items, count};
    return true;
}

static int enum_of(const struct sql_value *column, struct sql_bytes value)
{
    return enumeration_value(column->values, value.data, (size_t)value.len);
}

static bool decode_value(const struct sql_value *column, struct sql_bytes value,
                         struct arena *arena, void *at)
{
    switch (column->type) {
    case SQL_UUID:
        memcpy(at, value.data, sizeof(struct id));
        return value.len == 16;
    case SQL_TEXT:
        *(const char **)at = arena_text_len(arena, value.data, (size_t)value.len);
        return true;
    case SQL_ENUM:
        *(int *)at = enum_of(column, value);
        return *(int *)at != 0;
    case SQL_BIGINT:
        *(int64_t *)at = sql_decode_bigint(value.data);
        return value.len == 8;
    case SQL_BOOL:
        *(bool *)at = *value.data != 0;
        return value.len == 1;
    case SQL_TIME:
        *(int64_t *)at = sql_decode_bigint(value.data) + EPOCH_MICROSECONDS;
        return value.len == 8;
    case SQL_DATE:
        *(int32_t *)at = decode_int(value.data) + EPOCH_DAYS;
        return value.len == 4;
    case SQL_BYTEA:
        *(struct bytes *)at =
            (struct bytes){arena_copy(arena, value.data, (size_t)value.len), (size_t)value.len};
        return true;
    case SQL_UUIDS:
    case SQL_TEXTS:
    case SQL_BIGINTS:
        return decode_list(column->type, value, arena, at);
    }
    die("sql", "type %d of column %s", (int)column->type, column->name);
}

bool sql_decode(const struct sql_value *column, struct sql_bytes value, struct arena *arena,
                void *row)
{
    char *base = row;

    if (value.len < 0)
        return column->is_nullable;
    if (column->has_offset != SIZE_MAX)
        *(bool *)(base + column->has_offset) = true;
    return decode_value(column, value, arena, base + column->offset);
}
