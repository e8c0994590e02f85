/* stream_id.c - the `id:` of an event stream: every service and branch the listener sees, and the number it was told last.
 *
 * base64url of: 1, then for each service its name (length byte and characters), a count, and so often the last six bytes of a branch's id
 * and a number (varints). A branch with no events is left out, so an unknown branch stands at 0; a service that is left out begins with now.
 */
#include <sodium.h>
#include <string.h>

#include "base/memory.h"
#include "gateway.h"

#include "base/banned.h"

#define ID_VERSION 1
#define ID_BYTES_MAX ((size_t)STREAM_ID_MAX / 4 * 3)

const uint8_t *branch_tail(const struct id *branch_id)
{
    return branch_id->bytes + sizeof(branch_id->bytes) - STREAM_TAIL;
}

bool stream_sees_branch(const struct stream *stream, struct id branch_id)
{
    const struct id_list *scope = &stream->session->actor.scope;

    if (!id_is_none(stream->branch_id))
        return id_equal(stream->branch_id, branch_id); /* checked against the scope at the start */
    for (size_t i = 0; i < scope->count; i++) {
        if (id_equal(scope->items[i], branch_id))
            return true;
    }
    return false;
}

static void append_number(struct buffer *out, uint64_t number)
{
    for (; number >= 0x80; number >>= 7)
        buffer_append_byte(out, (uint8_t)(number | 0x80));
    buffer_append_byte(out, (uint8_t)number);
}

static void append_mark(struct buffer *out, const uint8_t *tail, int64_t at)
{
    buffer_append(out, tail, STREAM_TAIL);
    append_number(out, (uint64_t)at);
}

static void append_live(const struct stream *stream, const struct follower *follower,
                        struct buffer *out)
{
    size_t count = 0;

    for (size_t i = 0; i < follower->count; i++)
        count += follower->positions[i].applied > 0 &&
                 stream_sees_branch(stream, follower->positions[i].branch_id);
    append_number(out, count);
    for (size_t i = 0; i < follower->count; i++) {
        const struct position *position = &follower->positions[i];

        if (position->applied > 0 && stream_sees_branch(stream, position->branch_id))
            append_mark(out, branch_tail(&position->branch_id), position->applied);
    }
}

static void append_service(const struct stream *stream, size_t service, struct buffer *out)
{
    const struct follower *follower = &stream->gateway->followers.items[service];
    const struct catch_up *gap = stream_gap_find(stream, service);

    if (!gap && !follower->is_started)
        return;
    buffer_append_byte(out, (uint8_t)strlen(follower->service));
    buffer_append_text(out, follower->service);
    if (!gap)
        return append_live(stream, follower, out);
    append_number(out, gap->count);
    for (size_t i = 0; i < gap->count; i++)
        append_mark(out, gap->marks[i].tail, gap->marks[i].at);
}

void stream_print_id(const struct stream *stream, struct buffer *out)
{
    struct buffer packed = {0};
    size_t room;

    buffer_append_byte(&packed, ID_VERSION);
    for (size_t i = 0; i < stream->gateway->followers.count; i++) {
        if (stream->services & (uint32_t)1 << i)
            append_service(stream, i, &packed);
    }
    room = sodium_base64_encoded_len(packed.len, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    sodium_bin2base64((char *)buffer_reserve(out, room), room, packed.data, packed.len,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    out->len += room - 1;
    buffer_release(&packed);
}

struct cursor {
    const uint8_t *at, *end;
};

static bool take_number(struct cursor *cursor, uint64_t *number)
{
    *number = 0;
    for (unsigned shift = 0; shift < 63 && cursor->at < cursor->end; shift += 7) {
        uint8_t byte = *cursor->at++;

        *number |= (uint64_t)(byte & 0x7f) << shift;
        if (!(byte & 0x80))
            return true;
    }
    return false;
}

static bool take_marks(struct cursor *cursor, struct mark *marks, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        uint64_t at;

        if (cursor->end - cursor->at < STREAM_TAIL)
            return false;
        memcpy(marks[i].tail, cursor->at, STREAM_TAIL);
        cursor->at += STREAM_TAIL;
        if (!take_number(cursor, &at) || at > INT64_MAX)
            return false;
        marks[i].at = (int64_t)at;
    }
    return true;
}

/* SIZE_MAX: no such service any more. */
static size_t service_index(const struct gateway *gateway, const uint8_t *name, size_t len)
{
    for (size_t i = 0; i < gateway->followers.count; i++) {
        const char *service = gateway->followers.items[i].service;

        if (strlen(service) == len && memcmp(service, name, len) == 0)
            return i;
    }
    return SIZE_MAX;
}

static bool take_service(struct stream *stream, struct cursor *cursor)
{
    size_t len = *cursor->at++, service;
    struct mark *marks;
    uint64_t count;

    if ((size_t)(cursor->end - cursor->at) < len)
        return false;
    service = service_index(stream->gateway, cursor->at, len);
    cursor->at += len;
    if (!take_number(cursor, &count) ||
        count > (uint64_t)(cursor->end - cursor->at) / (STREAM_TAIL + 1))
        return false;
    marks = memory_array(struct mark, count);
    if (!take_marks(cursor, marks, (size_t)count)) {
        memory_free(&marks);
        return false;
    }
    if (service != SIZE_MAX && stream->services & (uint32_t)1 << service &&
        !stream_gap_find(stream, service))
        stream_gap_add(stream, service, marks, (size_t)count);
    else
        memory_free(&marks);
    return true;
}

bool stream_read_id(struct stream *stream, const char *id)
{
    uint8_t *packed = memory_new(ID_BYTES_MAX);
    struct cursor cursor = {.at = packed};
    size_t len = 0;
    bool is_good = strlen(id) <= STREAM_ID_MAX &&
                   sodium_base642bin(packed, ID_BYTES_MAX, id, strlen(id), NULL, &len, NULL,
                                     sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0 &&
                   len > 0 && *cursor.at++ == ID_VERSION;

    cursor.end = packed + len;
    while (is_good && cursor.at < cursor.end)
        is_good = take_service(stream, &cursor);
    memory_free(&packed);
    return is_good;
}
