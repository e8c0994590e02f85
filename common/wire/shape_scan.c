/* shape_scan.c - walks MessagePack bytes before anything is allocated for them. */
#include "wire/shape_message.h"

#include "base/banned.h"

/* Big-endian unsigned of 1, 2, 4 or 8 bytes. */
static uint64_t big_endian(const uint8_t *data, size_t size)
{
    uint64_t number = 0;

    for (size_t i = 0; i < size; i++)
        number = number << 8 | data[i];
    return number;
}

static const char *take(struct cursor *cursor, size_t size, uint64_t *number)
{
    if ((size_t)(cursor->end - cursor->at) < size)
        return "truncated";
    *number = big_endian(cursor->at, size);
    cursor->at += size;
    return NULL;
}

static const char *take_data(struct cursor *cursor, struct head *head)
{
    if ((size_t)(cursor->end - cursor->at) < head->count)
        return "truncated";
    head->data = cursor->at;
    cursor->at += head->count;
    return NULL;
}

/* A str, bin, array or map whose count follows in `size` bytes. */
static const char *read_counted(struct cursor *cursor, struct head *head, enum head_kind kind,
                                size_t size)
{
    uint64_t count;
    const char *wrong = take(cursor, size, &count);

    head->kind = kind;
    if (wrong)
        return wrong;
    head->count = (uint32_t)count;
    return kind == HEAD_STR || kind == HEAD_BIN ? take_data(cursor, head) : NULL;
}

static const char *read_unsigned(struct cursor *cursor, struct head *head, size_t size)
{
    uint64_t number;
    const char *wrong = take(cursor, size, &number);

    if (wrong)
        return wrong;
    head->kind = number > INT64_MAX ? HEAD_UINT_LARGE : HEAD_INT;
    head->number = (int64_t)number;
    return NULL;
}

static const char *read_signed(struct cursor *cursor, struct head *head, size_t size)
{
    uint64_t number;
    const char *wrong = take(cursor, size, &number);
    unsigned unused = 64 - 8 * (unsigned)size;

    if (wrong)
        return wrong;
    head->kind = HEAD_INT;
    head->number = (int64_t)(number << unused) >> unused;
    return NULL;
}

static const char *read_float(struct cursor *cursor, struct head *head, size_t size)
{
    uint64_t ignored;

    head->kind = HEAD_FLOAT;
    return take(cursor, size, &ignored);
}

static const char *read_long(struct cursor *cursor, struct head *head, uint8_t first)
{
    switch (first) {
    case 0xc0:
        head->kind = HEAD_NIL;
        return NULL;
    case 0xc2:
    case 0xc3:
        head->kind = HEAD_BOOL;
        head->number = first == 0xc3;
        return NULL;
    case 0xc4:
    case 0xc5:
    case 0xc6:
        return read_counted(cursor, head, HEAD_BIN, (size_t)1 << (first - 0xc4));
    case 0xca:
    case 0xcb:
        return read_float(cursor, head, first == 0xca ? 4 : 8);
    case 0xcc:
    case 0xcd:
    case 0xce:
    case 0xcf:
        return read_unsigned(cursor, head, (size_t)1 << (first - 0xcc));
    case 0xd0:
    case 0xd1:
    case 0xd2:
    case 0xd3:
        return read_signed(cursor, head, (size_t)1 << (first - 0xd0));
    case 0xd9:
    case 0xda:
    case 0xdb:
        return read_counted(cursor, head, HEAD_STR, (size_t)1 << (first - 0xd9));
    case 0xdc:
    case 0xdd:
        return read_counted(cursor, head, HEAD_ARRAY, first == 0xdc ? 2 : 4);
    case 0xde:
    case 0xdf:
        return read_counted(cursor, head, HEAD_MAP, first == 0xde ? 2 : 4);
    default:
        return "ext";
    }
}

const char *shape_head_read(struct cursor *cursor, struct head *head)
{
    uint8_t first;

    if (cursor->at == cursor->end)
        return "truncated";
    first = *cursor->at++;
    if (first >= 0xc0 && first < 0xe0)
        return read_long(cursor, head, first);
    if (first < 0x80 || first >= 0xe0) {
        head->kind = HEAD_INT;
        head->number = first < 0x80 ? first : (int64_t)first - 256;
        return NULL;
    }
    if (first < 0xa0) {
        head->kind = first < 0x90 ? HEAD_MAP : HEAD_ARRAY;
        head->count = first & 0x0f;
        return NULL;
    }
    head->kind = HEAD_STR;
    head->count = first & 0x1f;
    return take_data(cursor, head);
}

struct scan {
    struct cursor cursor;
    const uint8_t *start;
    size_t nodes_left;
    struct shape_error *error;
};

/* Where each key of a map lies; the head before it is read again to compare. */
struct keys {
    uint32_t offsets[SHAPE_KEYS_MAX];
    size_t count;
};

static bool scan_value(struct scan *scan, const struct place *place, int depth);

static bool malformed(const struct scan *scan, const struct place *place, const char *why)
{
    return shape_refuse(scan->error, place, "malformed", "%s", why);
}

static struct head key_at(const struct scan *scan, uint32_t offset)
{
    struct cursor cursor = {scan->start + offset, scan->cursor.end};
    struct head head = {0};

    shape_head_read(&cursor, &head);
    return head;
}

static bool is_doubled(const struct scan *scan, const struct keys *keys, const struct head *key)
{
    for (size_t i = 0; i < keys->count; i++) {
        struct head other = key_at(scan, keys->offsets[i]);

        if (other.count == key->count && memcmp(other.data, key->data, key->count) == 0)
            return true;
    }
    return false;
}

static bool scan_pair(struct scan *scan, const struct place *outer, int depth, struct keys *keys)
{
    uint32_t offset = (uint32_t)(scan->cursor.at - scan->start);
    struct head key = {0};
    const char *wrong = shape_head_read(&scan->cursor, &key);
    struct place place = {.outer = outer, .name = "", .len = 0};

    if (wrong)
        return malformed(scan, outer, wrong);
    if (key.kind != HEAD_STR)
        return malformed(scan, outer, "a key that is no string");
    place.name = (const char *)key.data;
    place.len = key.count;
    if (is_doubled(scan, keys, &key))
        return shape_refuse(scan->error, &place, "field_doubled", "%s", "");
    keys->offsets[keys->count++] = offset;
    return scan_value(scan, &place, depth);
}

static bool scan_map(struct scan *scan, const struct place *place, int depth, uint32_t count)
{
    struct keys keys;

    keys.count = 0;
    if (count > SHAPE_KEYS_MAX)
        return malformed(scan, place, "too many keys");
    for (uint32_t i = 0; i < count; i++) {
        if (!scan_pair(scan, place, depth + 1, &keys))
            return false;
    }
    return true;
}

static bool scan_array(struct scan *scan, const struct place *outer, int depth, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        struct place place = {.outer = outer, .index = i};

        if (!scan_value(scan, &place, depth + 1))
            return false;
    }
    return true;
}

static bool scan_value(struct scan *scan, const struct place *place, int depth)
{
    struct head head = {0};
    const char *wrong = shape_head_read(&scan->cursor, &head);
    size_t left = (size_t)(scan->cursor.end - scan->cursor.at);

    if (wrong)
        return malformed(scan, place, wrong);
    if (scan->nodes_left-- == 0)
        return malformed(scan, place, "too many values");
    if (head.kind == HEAD_STR || head.kind == HEAD_BIN)
        return head.count <= SHAPE_STRING_MAX || malformed(scan, place, "too long a string");
    if (head.kind != HEAD_ARRAY && head.kind != HEAD_MAP)
        return true;
    if (depth >= SHAPE_DEPTH_MAX)
        return malformed(scan, place, "too deep");
    if (head.kind == HEAD_ARRAY)
        return head.count <= left ? scan_array(scan, place, depth, head.count)
                                  : malformed(scan, place, "truncated");
    return head.count <= left / 2 ? scan_map(scan, place, depth, head.count)
                                  : malformed(scan, place, "truncated");
}

bool shape_scan_up_to(struct bytes packed, size_t nodes_max, struct shape_error *error)
{
    struct scan scan = {{packed.data, packed.data + packed.len}, packed.data, nodes_max, error};

    if (packed.len > UINT32_MAX)
        return malformed(&scan, NULL, "too long");
    if (!scan_value(&scan, NULL, 0))
        return false;
    if (scan.cursor.at != scan.cursor.end)
        return malformed(&scan, NULL, "something behind the end");
    return true;
}

bool shape_scan(struct bytes packed, struct shape_error *error)
{
    return shape_scan_up_to(packed, SHAPE_NODES_MAX, error);
}
