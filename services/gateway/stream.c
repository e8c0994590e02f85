/* stream.c - tells each listener the events it may see, as they come, and lets go of those that do not listen. */
#include "stream.h"

#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "gateway.h"

#include "base/banned.h"

#define BLOCK_SIZE 1024
#define KEEP_ROOM 2048 /* a larger buffer is given back when it is empty */

void streams_init(struct streams *streams)
{
    *streams = (struct streams){0};
    link_init(&streams->all);
}

static void stream_free(void *data)
{
    struct stream *stream = data;

    link_each (&stream->gaps, link) {
        struct catch_up *gap = link_entry(link, struct catch_up, link);

        stream_gap_free(&gap);
    }
    link_remove(&stream->link);
    link_remove(&stream->of_session);
    stream->gateway->streams.count--;
    session_put_down(&stream->session);
    buffer_release(&stream->out);
    memory_free(&stream);
}

/* Something is to be read, or the stream is over. */
static void stream_wake(struct stream *stream)
{
    if (!stream->is_suspended)
        return;
    stream->is_suspended = false;
    MHD_resume_connection(stream->connection);
    stream->gateway->http.has_resumed = true;
}

static void stream_stop(struct stream *stream)
{
    stream->is_over = true;
    stream_wake(stream);
}

/* It listens slower than things happen: from here on it reads what is missing at its own pace, like one that comes back. */
static void fall_behind(struct stream *stream)
{
    const struct followers *followers = &stream->gateway->followers;

    for (size_t i = 0; i < followers->count; i++) {
        if (stream->services & (uint32_t)1 << i && followers->items[i].is_started &&
            !stream_gap_find(stream, i))
            stream_gap_here(stream, i);
    }
}

static void stream_written(struct stream *stream)
{
    stream->wrote_at = clock_monotonic();
    if (stream->out.len - stream->sent > STREAM_PENDING_MAX)
        fall_behind(stream);
    stream_wake(stream);
}

/* Nothing was taken for too long. */
static void let_go(struct stream *stream)
{
    stream->gateway->metrics.streams_slow++;
    log_info("stream_slow", log_int("pending", (int64_t)(stream->out.len - stream->sent)));
    buffer_release(&stream->out);
    stream->sent = 0;
    stream_stop(stream);
}

static bool choose_services(struct stream *stream, const char *names)
{
    const struct followers *followers = &stream->gateway->followers;
    size_t len;

    if (!names || !*names) {
        stream->services = (uint32_t)((UINT64_C(1) << followers->count) - 1);
        return true;
    }
    for (const char *at = names; *at; at += len + (at[len] == ',')) {
        bool is_known = false;

        len = strcspn(at, ",");
        for (size_t i = 0; i < followers->count; i++) {
            const char *service = followers->items[i].service;

            if (strlen(service) != len || memcmp(service, at, len) != 0)
                continue;
            stream->services |= (uint32_t)1 << i;
            is_known = true;
        }
        if (!is_known)
            return false;
    }
    return true;
}

/* Another branch is answered like one that does not exist. */
static bool choose_branch(struct stream *stream, const char *branch)
{
    const struct id_list *scope = &stream->session->actor.scope;
    struct id id;

    if (!branch || !*branch)
        return true;
    if (!id_parse(branch, &id))
        return false;
    for (size_t i = 0; i < scope->count; i++) {
        if (id_equal(scope->items[i], id)) {
            stream->branch_id = id;
            return true;
        }
    }
    return false;
}

struct stream *stream_new(struct gateway *gateway, struct session *session,
                          const struct stream_wish *wish, const char **field, const char **rule)
{
    struct stream *stream = memory_new(sizeof(*stream));

    stream->gateway = gateway;
    stream->session = session;
    session->holders++;
    link_init(&stream->gaps);
    link_append(&gateway->streams.all, &stream->link);
    link_append(&session->streams, &stream->of_session);
    gateway->streams.count++;
    *field = NULL;
    if (!choose_services(stream, wish->services)) {
        *field = "services";
        *rule = "field_value";
    } else if (!choose_branch(stream, wish->branch)) {
        *field = "branch";
        *rule = "not_found";
    } else if (wish->last_id && *wish->last_id && !stream_read_id(stream, wish->last_id)) {
        *field = "Last-Event-ID";
        *rule = "field_value";
    }
    if (*field) {
        stream_free(stream);
        return NULL;
    }
    buffer_print(&stream->out, "retry: %d\nid: ", STREAM_RETRY_MS);
    stream_print_id(stream, &stream->out);
    buffer_append_text(&stream->out, "\n\n");
    stream->wrote_at = stream->took_at = clock_monotonic();
    return stream;
}

static ssize_t give(void *data, uint64_t position, char *room, size_t size)
{
    struct stream *stream = data;
    size_t len = stream->out.len - stream->sent;

    (void)position;
    if (len == 0 && stream->is_over)
        return MHD_CONTENT_READER_END_OF_STREAM;
    if (len == 0) {
        stream->is_suspended = true;
        MHD_suspend_connection(stream->connection);
        return 0;
    }
    if (len > size)
        len = size;
    memcpy(room, stream->out.data + stream->sent, len);
    stream->sent += len;
    stream->took_at = clock_monotonic();
    if (stream->sent == stream->out.len) {
        stream->sent = 0;
        buffer_clear(&stream->out);
        if (stream->out.capacity > KEEP_ROOM)
            buffer_release(&stream->out);
    }
    return (ssize_t)len;
}

struct MHD_Response *stream_response(struct stream *stream, struct MHD_Connection *connection)
{
    stream->connection = connection;
    return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, BLOCK_SIZE, give, stream,
                                             stream_free);
}

bool stream_may_see(const struct stream *stream, const struct event_type *type, struct id branch_id)
{
    switch (type->permission->kind) {
    case ACCESS_SERVICE:
        return false;
    case ACCESS_FUNCTIONS:
        if ((type->permission->functions & stream->session->actor.functions) == 0)
            return false;
        break;
    case ACCESS_PUBLIC:
    case ACCESS_SIGNED_IN:
        break;
    }
    return stream_sees_branch(stream, branch_id);
}

/* One event as JSON on one line; the strings in it are ours but for the body, which the codec writes. */
static bool print_event(const struct event_type *type, const struct common_event_record *record,
                        struct buffer *out)
{
    struct arena arena = {0};
    char branch[ID_TEXT_SIZE], event_id[ID_TEXT_SIZE], at[INSTANT_TEXT_SIZE];
    bool is_good;

    id_format(record->branch_id, branch);
    id_format(record->event_id, event_id);
    instant_format(record->occurred_at, at);
    buffer_print(out,
                 "{\"event\":\"%s\",\"event_id\":\"%s\",\"branch_id\":\"%s\",\"number\":%" PRId64
                 ",\"occurred_at\":\"%s\",\"body\":",
                 type->name, event_id, branch, record->number, at);
    is_good = shape_json_of_packed(type->body, record->body, true, &arena, out);
    buffer_append_byte(out, '}');
    arena_release(&arena);
    if (!is_good)
        log_error("event_unreadable", log_text("event", type->name),
                  log_int("number", record->number));
    return is_good;
}

static void write_event(struct stream *stream, const struct event_type *type,
                        const struct buffer *json)
{
    if (stream->out.len == stream->sent)
        stream->took_at = clock_monotonic(); /* until now there was nothing to take */
    buffer_append_text(&stream->out, "id: ");
    stream_print_id(stream, &stream->out);
    buffer_append_text(&stream->out, "\nevent: ");
    buffer_append_text(&stream->out, type->name);
    buffer_append_text(&stream->out, "\ndata: ");
    buffer_append(&stream->out, json->data, json->len);
    buffer_append_text(&stream->out, "\n\n");
    stream_written(stream);
}

void stream_tell(struct stream *stream, const struct event_type *type,
                 const struct common_event_record *record)
{
    struct buffer json = {0};

    if (!stream->is_over && print_event(type, record, &json))
        write_event(stream, type, &json);
    buffer_release(&json);
}

void streams_event(struct gateway *gateway, const struct follower *follower,
                   const struct event_type *type, const struct common_event_record *record)
{
    size_t service = (size_t)(follower - gateway->followers.items);
    struct buffer json = {0};
    bool is_printed = false, is_good = false;

    link_each (&gateway->streams.all, link) {
        struct stream *stream = link_entry(link, struct stream, link);

        if (stream->is_over || !(stream->services & (uint32_t)1 << service) ||
            stream_gap_find(stream, service) || !stream_may_see(stream, type, record->branch_id))
            continue;
        if (!is_printed)
            is_good = print_event(type, record, &json);
        is_printed = true;
        if (is_good)
            write_event(stream, type, &json);
    }
    buffer_release(&json);
}

void streams_end(struct gateway *gateway, struct session *session)
{
    (void)gateway;
    link_each (&session->streams, link)
        stream_stop(link_entry(link, struct stream, of_session));
}

static void beat(struct stream *stream)
{
    if (stream->out.len > stream->sent)
        return; /* it has not taken what was told before */
    stream->took_at = clock_monotonic();
    buffer_append_text(&stream->out, ": still here\nid: ");
    stream_print_id(stream, &stream->out);
    buffer_append_text(&stream->out, "\n\n");
    stream_written(stream);
}

void streams_tick(struct gateway *gateway)
{
    int64_t now = clock_monotonic();

    link_each (&gateway->streams.all, link) {
        struct stream *stream = link_entry(link, struct stream, link);

        if (stream->is_over)
            continue;
        if (!link_is_empty(&stream->gaps))
            stream_gaps_tick(stream, now);
        if (stream->out.len > stream->sent && now - stream->took_at >= STREAM_DEAF)
            let_go(stream);
        else if (now - stream->wrote_at >= STREAM_HEARTBEAT)
            beat(stream);
    }
}

void streams_close(struct gateway *gateway)
{
    link_each (&gateway->streams.all, link)
        stream_stop(link_entry(link, struct stream, link));
}
