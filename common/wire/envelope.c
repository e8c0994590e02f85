/* envelope.c - puts what every message carries into one MessagePack array, and takes it out again without trusting the bytes. */
#include "wire/envelope.h"

#include <msgpack/pack.h>
#include <string.h>

#include "base/text.h"

#include "base/banned.h"

#define ENVELOPE_VERSION 1
#define ENVELOPE_ELEMENTS 11
#define ACTOR_ELEMENTS 7
#define ERROR_ELEMENTS 4
#define CORRELATION_MAX 64
#define OPERATION_MAX 128
#define SCOPE_MAX 1024
#define TOKEN_MAX 128
#define TRACE_MAX 128
#define ERROR_TEXT_MAX 1024
#define BODY_MAX (4u << 20)

enum item_kind { ITEM_NIL = 1, ITEM_NUMBER, ITEM_TEXT, ITEM_BYTES, ITEM_LIST };

/* One head of MessagePack and, for texts and bytes, what follows it. */
struct item {
    enum item_kind kind;
    int64_t number;
    size_t len; /* of a text, of bytes; elements of a list */
    const uint8_t *data;
};

/* Reads on from `at`; after the first mistake everything is a no-op. */
struct reader {
    const uint8_t *at, *end;
    struct arena *arena;
    struct shape_error *error;
    bool failed;
};

static int write_to_buffer(void *data, const char *bytes, size_t len)
{
    buffer_append(data, bytes, len);
    return 0;
}

static void pack_text(msgpack_packer *packer, const char *text)
{
    size_t len = text ? strlen(text) : 0;

    msgpack_pack_str(packer, len);
    msgpack_pack_str_body(packer, text ? text : "", len);
}

static void pack_text_or_nil(msgpack_packer *packer, const char *text)
{
    if (text)
        pack_text(packer, text);
    else
        msgpack_pack_nil(packer);
}

/* Cuts what is too long between two code points: a reply must not become unreadable by the figure in its error. */
static void pack_short_text_or_nil(msgpack_packer *packer, const char *text)
{
    size_t len = text ? strlen(text) : 0;

    if (len <= ERROR_TEXT_MAX) {
        pack_text_or_nil(packer, text);
        return;
    }
    len = ERROR_TEXT_MAX;
    while (len > 0 && ((uint8_t)text[len] & 0xc0) == 0x80)
        len--;
    msgpack_pack_str(packer, len);
    msgpack_pack_str_body(packer, text, len);
}

static void pack_bytes(msgpack_packer *packer, const void *data, size_t len)
{
    msgpack_pack_bin(packer, len);
    msgpack_pack_bin_body(packer, data, len);
}

static void pack_id(msgpack_packer *packer, struct id id)
{
    pack_bytes(packer, id.bytes, sizeof(id.bytes));
}

static void pack_actor(msgpack_packer *packer, const struct envelope_actor *actor)
{
    msgpack_pack_array(packer, ACTOR_ELEMENTS);
    pack_id(packer, actor->staff_id);
    pack_id(packer, actor->session_id);
    pack_id(packer, actor->branch_id);
    pack_id(packer, actor->company_id);
    msgpack_pack_array(packer, actor->scope.count);
    for (size_t i = 0; i < actor->scope.count; i++)
        pack_id(packer, actor->scope.items[i]);
    msgpack_pack_uint64(packer, actor->functions);
    msgpack_pack_int64(packer, actor->permissions_version);
}

static void pack_error(msgpack_packer *packer, const struct envelope *envelope)
{
    msgpack_pack_array(packer, ERROR_ELEMENTS);
    pack_text(packer, envelope->error);
    pack_short_text_or_nil(packer, envelope->error_value);
    pack_short_text_or_nil(packer, envelope->error_field);
    pack_short_text_or_nil(packer, envelope->error_policy);
}

void envelope_pack(const struct envelope *envelope, struct buffer *out)
{
    msgpack_packer packer;

    msgpack_packer_init(&packer, out, write_to_buffer);
    msgpack_pack_array(&packer, ENVELOPE_ELEMENTS);
    msgpack_pack_int(&packer, ENVELOPE_VERSION);
    msgpack_pack_int(&packer, (int)envelope->kind);
    pack_bytes(&packer, envelope->correlation.data, envelope->correlation.len);
    pack_text(&packer, envelope->operation);
    if (envelope->has_actor)
        pack_actor(&packer, &envelope->actor);
    else
        pack_text_or_nil(&packer, envelope->token);
    if (id_is_none(envelope->key))
        msgpack_pack_nil(&packer);
    else
        pack_id(&packer, envelope->key);
    msgpack_pack_int64(&packer, envelope->remaining_ms);
    msgpack_pack_int64(&packer, envelope->at);
    pack_text(&packer, envelope->trace);
    pack_bytes(&packer, envelope->body.data, envelope->body.len);
    if (envelope->error)
        pack_error(&packer, envelope);
    else
        msgpack_pack_nil(&packer);
}

static void refuse(struct reader *reader, const char *element)
{
    if (reader->failed)
        return;
    reader->failed = true;
    *reader->error = (struct shape_error){.rule = "malformed"};
    snprintf(reader->error->path, sizeof(reader->error->path), "%s", element);
    snprintf(reader->error->value, sizeof(reader->error->value), "%s", element);
}

/* An unsigned number of `size` bytes, most significant first; false: the bytes end before it does. */
static bool take_unsigned(struct reader *reader, size_t size, uint64_t *number)
{
    if ((size_t)(reader->end - reader->at) < size)
        return false;
    *number = 0;
    for (size_t i = 0; i < size; i++)
        *number = *number << 8 | *reader->at++;
    return true;
}

static bool take_run(struct reader *reader, struct item *item, enum item_kind kind, uint64_t len)
{
    if ((uint64_t)(reader->end - reader->at) < len)
        return false;
    item->kind = kind;
    item->len = (size_t)len;
    item->data = reader->at;
    if (kind != ITEM_LIST)
        reader->at += len;
    return true;
}

/* Texts and bytes with their length in 1, 2 or 4 bytes, lists with theirs in 2 or 4. */
static bool take_long_run(struct reader *reader, struct item *item, uint8_t head)
{
    uint64_t len;

    if (head >= 0xd9 && head <= 0xdb)
        return take_unsigned(reader, (size_t)1 << (head - 0xd9), &len) &&
               take_run(reader, item, ITEM_TEXT, len);
    if (head >= 0xc4 && head <= 0xc6)
        return take_unsigned(reader, (size_t)1 << (head - 0xc4), &len) &&
               take_run(reader, item, ITEM_BYTES, len);
    if (head == 0xdc || head == 0xdd)
        return take_unsigned(reader, head == 0xdc ? 2 : 4, &len) &&
               take_run(reader, item, ITEM_LIST, len);
    return false;
}

static bool take_number(struct reader *reader, struct item *item, uint8_t head)
{
    bool is_signed = head >= 0xd0;
    const unsigned bits = 8U << ((head - 0xcc) & 3);
    uint64_t number;

    if (!take_unsigned(reader, bits / 8, &number))
        return false;
    if (is_signed && bits < 64 && number >> (bits - 1))
        number |= UINT64_MAX << bits;
    if (!is_signed && number > INT64_MAX)
        return false;
    item->kind = ITEM_NUMBER;
    item->number = (int64_t)number;
    return true;
}

static bool take_item(struct reader *reader, struct item *item)
{
    uint8_t head;

    *item = (struct item){0};
    if (reader->failed || reader->at == reader->end)
        return false;
    head = *reader->at++;
    if (head <= 0x7f || head >= 0xe0) {
        item->kind = ITEM_NUMBER;
        item->number = head <= 0x7f ? head : (int64_t)head - 256;
        return true;
    }
    if (head == 0xc0) {
        item->kind = ITEM_NIL;
        return true;
    }
    if (head >= 0xa0 && head <= 0xbf)
        return take_run(reader, item, ITEM_TEXT, head & 0x1f);
    if (head >= 0x90 && head <= 0x9f)
        return take_run(reader, item, ITEM_LIST, head & 0x0f);
    if (head >= 0xcc && head <= 0xd3)
        return take_number(reader, item, head);
    return take_long_run(reader, item, head);
}

static int64_t read_number(struct reader *reader, const char *element, int64_t min, int64_t max)
{
    struct item item;

    if (!take_item(reader, &item) || item.kind != ITEM_NUMBER || item.number < min ||
        item.number > max) {
        refuse(reader, element);
        return min;
    }
    return item.number;
}

static struct bytes read_bytes(struct reader *reader, const char *element, size_t max)
{
    struct item item;

    if (!take_item(reader, &item) || item.kind != ITEM_BYTES || item.len > max) {
        refuse(reader, element);
        return (struct bytes){0};
    }
    return (struct bytes){.data = arena_copy(reader->arena, item.data, item.len), .len = item.len};
}

static const char *text_of_item(struct reader *reader, const struct item *item, const char *element,
                                size_t max)
{
    if (item->kind != ITEM_TEXT || item->len > max ||
        !text_is_utf8((const char *)item->data, item->len)) {
        refuse(reader, element);
        return NULL;
    }
    return arena_text_len(reader->arena, (const char *)item->data, item->len);
}

static const char *read_text(struct reader *reader, const char *element, size_t max)
{
    struct item item;

    if (!take_item(reader, &item)) {
        refuse(reader, element);
        return NULL;
    }
    return text_of_item(reader, &item, element, max);
}

static const char *read_text_or_nil(struct reader *reader, const char *element, size_t max)
{
    struct item item;

    if (!take_item(reader, &item)) {
        refuse(reader, element);
        return NULL;
    }
    return item.kind == ITEM_NIL ? NULL : text_of_item(reader, &item, element, max);
}

static struct id read_id(struct reader *reader, const char *element, bool may_be_nil)
{
    struct id id = {{0}};
    struct item item;

    if (!take_item(reader, &item) || (item.kind == ITEM_NIL && !may_be_nil) ||
        (item.kind != ITEM_NIL && (item.kind != ITEM_BYTES || item.len != sizeof(id.bytes)))) {
        refuse(reader, element);
        return id;
    }
    if (item.kind == ITEM_BYTES)
        memcpy(id.bytes, item.data, sizeof(id.bytes));
    return id;
}

static size_t read_list(struct reader *reader, const char *element, size_t min, size_t max)
{
    struct item item;

    if (!take_item(reader, &item) || item.kind != ITEM_LIST || item.len < min || item.len > max) {
        refuse(reader, element);
        return 0;
    }
    return item.len;
}

static void read_actor_list(struct reader *reader, struct envelope_actor *actor)
{
    actor->staff_id = read_id(reader, "actor.staff_id", false);
    actor->session_id = read_id(reader, "actor.session_id", false);
    actor->branch_id = read_id(reader, "actor.branch_id", false);
    actor->company_id = read_id(reader, "actor.company_id", false);
    actor->scope.count = read_list(reader, "actor.scope", 0, SCOPE_MAX);
    actor->scope.items = arena_array(reader->arena, struct id, actor->scope.count);
    for (size_t i = 0; i < actor->scope.count; i++)
        actor->scope.items[i] = read_id(reader, "actor.scope", false);
    actor->functions = (uint64_t)read_number(reader, "actor.functions", 0, INT64_MAX);
    actor->permissions_version =
        read_number(reader, "actor.permissions_version", INT64_MIN, INT64_MAX);
}

static void read_actor(struct reader *reader, struct envelope *envelope)
{
    struct item item;

    if (!take_item(reader, &item) || item.kind == ITEM_NUMBER || item.kind == ITEM_BYTES ||
        (item.kind == ITEM_LIST && item.len != ACTOR_ELEMENTS)) {
        refuse(reader, "actor");
        return;
    }
    envelope->has_actor = item.kind == ITEM_LIST;
    if (item.kind == ITEM_TEXT)
        envelope->token = text_of_item(reader, &item, "actor", TOKEN_MAX);
    if (envelope->has_actor)
        read_actor_list(reader, &envelope->actor);
}

static void read_error(struct reader *reader, struct envelope *envelope)
{
    struct item item;

    if (!take_item(reader, &item) ||
        (item.kind != ITEM_NIL && (item.kind != ITEM_LIST || item.len != ERROR_ELEMENTS))) {
        refuse(reader, "error");
        return;
    }
    if (item.kind == ITEM_NIL)
        return;
    envelope->error = read_text(reader, "error.name", OPERATION_MAX);
    envelope->error_value = read_text_or_nil(reader, "error.value", ERROR_TEXT_MAX);
    envelope->error_field = read_text_or_nil(reader, "error.field", ERROR_TEXT_MAX);
    envelope->error_policy = read_text_or_nil(reader, "error.policy", ERROR_TEXT_MAX);
}

bool envelope_unpack(struct bytes packed, struct arena *arena, struct envelope *envelope,
                     struct shape_error *error)
{
    struct reader reader = {
        .at = packed.data,
        .end = packed.len ? packed.data + packed.len : packed.data,
        .arena = arena,
        .error = error,
    };

    *envelope = (struct envelope){0};
    *error = (struct shape_error){0};
    read_list(&reader, "envelope", ENVELOPE_ELEMENTS, ENVELOPE_ELEMENTS);
    read_number(&reader, "version", ENVELOPE_VERSION, ENVELOPE_VERSION);
    envelope->kind =
        (enum envelope_kind)read_number(&reader, "kind", ENVELOPE_REQUEST, ENVELOPE_GOODBYE);
    envelope->correlation = read_bytes(&reader, "correlation", CORRELATION_MAX);
    envelope->operation = read_text(&reader, "operation", OPERATION_MAX);
    read_actor(&reader, envelope);
    envelope->key = read_id(&reader, "key", true);
    envelope->remaining_ms = read_number(&reader, "remaining_ms", 0, INT64_C(86400000));
    envelope->at = read_number(&reader, "at", 0, INT64_MAX);
    envelope->trace = read_text(&reader, "trace", TRACE_MAX);
    envelope->body = read_bytes(&reader, "body", BODY_MAX);
    read_error(&reader, envelope);
    if (reader.at != reader.end)
        refuse(&reader, "envelope");
    return !reader.failed;
}
