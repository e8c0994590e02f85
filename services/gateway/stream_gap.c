/* stream_gap.c - what a returning listener has missed, read from the service page by page as fast as it listens. */
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "gateway.h"

#include "base/banned.h"

#define GAP_RETRY INT64_C(500000)

void stream_gap_add(struct stream *stream, size_t service, struct mark *marks, size_t count)
{
    struct catch_up *gap = memory_new(sizeof(*gap));

    *gap = (struct catch_up){.stream = stream, .service = service, .marks = marks, .count = count};
    if (link_is_empty(&stream->gaps))
        stream->gateway->streams.behind++;
    link_append(&stream->gaps, &gap->link);
}

void stream_gap_here(struct stream *stream, size_t service)
{
    const struct follower *follower = &stream->gateway->followers.items[service];
    struct mark *marks = memory_array(struct mark, follower->count);
    size_t count = 0;

    for (size_t i = 0; i < follower->count; i++) {
        const struct position *position = &follower->positions[i];

        if (!stream_sees_branch(stream, position->branch_id))
            continue;
        memcpy(marks[count].tail, branch_tail(&position->branch_id), STREAM_TAIL);
        marks[count++].at = position->applied;
    }
    stream_gap_add(stream, service, marks, count);
}

struct catch_up *stream_gap_find(const struct stream *stream, size_t service)
{
    link_each (&stream->gaps, link) {
        struct catch_up *gap = link_entry(link, struct catch_up, link);

        if (gap->service == service)
            return gap;
    }
    return NULL;
}

void stream_gap_free(struct catch_up **address_of_gap)
{
    struct catch_up *gap = *address_of_gap;

    link_remove(&gap->link);
    if (link_is_empty(&gap->stream->gaps))
        gap->stream->gateway->streams.behind--;
    if (gap->reading) {
        request_abandon(gap->reading);
        request_free(&gap->reading);
    }
    memory_free(&gap->marks);
    memory_free(address_of_gap);
}

static struct mark *mark_of(struct catch_up *gap, const uint8_t *tail)
{
    for (size_t i = 0; i < gap->count; i++) {
        if (memcmp(gap->marks[i].tail, tail, STREAM_TAIL) == 0)
            return &gap->marks[i];
    }
    gap->marks = memory_resize(gap->marks, (gap->count + 1) * sizeof(*gap->marks));
    memcpy(gap->marks[gap->count].tail, tail, STREAM_TAIL);
    gap->marks[gap->count].at = 0;
    return &gap->marks[gap->count++];
}

/* The first branch of which the listener has not been told everything; NULL: it has. */
static const struct position *next_behind(struct catch_up *gap, const struct follower *follower)
{
    for (size_t i = 0; i < follower->count; i++) {
        const struct position *position = &follower->positions[i];

        if (stream_sees_branch(gap->stream, position->branch_id) &&
            mark_of(gap, branch_tail(&position->branch_id))->at < position->applied)
            return position;
    }
    return NULL;
}

static void tell_page(struct catch_up *gap, struct request *r, struct mark *mark)
{
    struct common_events_read_reply *reply = arena_new(&r->arena, struct common_events_read_reply);
    struct gateway *gateway = gap->stream->gateway;
    struct shape_error error;
    int64_t before = mark->at;

    if (!shape_unpack(&common_events_read_reply_shape, SHAPE_LENIENT, r->reply.body, &r->arena,
                      reply, &error)) {
        log_error("events_unreadable", log_text("field", error.path), log_text("rule", error.rule));
        gap->not_before = clock_monotonic() + GAP_RETRY;
        return;
    }
    for (size_t i = 0; i < reply->events.count; i++) {
        const struct common_event_record *record = &reply->events.items[i];
        const struct event_type *type = routes_event(&gateway->routes, record->event);

        mark->at = record->number;
        if (type && stream_may_see(gap->stream, type, record->branch_id))
            stream_tell(gap->stream, type, record);
    }
    if (mark->at == before) /* pruned: there is nothing left to tell */
        mark->at = gap->reading_until;
}

static void page_read(struct request *r)
{
    struct catch_up *gap = r->owner;

    gap->reading = NULL;
    if (r->error)
        gap->not_before = clock_monotonic() + GAP_RETRY;
    else
        tell_page(gap, r, mark_of(gap, gap->reading_tail));
    request_free(&r);
}

static void read_page(struct catch_up *gap, const struct follower *follower,
                      const struct position *position)
{
    struct request *r = follower_read_request(gap->stream->gateway, follower, position->branch_id,
                                              mark_of(gap, branch_tail(&position->branch_id))->at);

    gap->reading_until = position->applied;
    memcpy(gap->reading_tail, branch_tail(&position->branch_id), STREAM_TAIL);
    r->owner = gap;
    r->finish = page_read;
    gap->reading = r;
    request_start(r);
}

static void gap_tick(struct catch_up *gap, int64_t now)
{
    const struct follower *follower = &gap->stream->gateway->followers.items[gap->service];
    const struct position *behind;

    if (gap->reading || now < gap->not_before || !follower->is_started ||
        gap->stream->out.len - gap->stream->sent > STREAM_GAP_PENDING)
        return;
    behind = next_behind(gap, follower);
    if (behind)
        read_page(gap, follower, behind);
    else
        stream_gap_free(&gap); /* from here on it hears what all hear */
}

void stream_gaps_tick(struct stream *stream, int64_t now)
{
    link_each (&stream->gaps, link)
        gap_tick(link_entry(link, struct catch_up, link), now);
}
