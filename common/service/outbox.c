/* outbox.c - lets other services read this one's events, and remembers how far they are (design 5). */
#include "base/failpoint.h"
#include "service/runtime.h"

#include "base/banned.h"

enum { READ_LIMIT = 100, HEADS_LIMIT = 1000, BODIES_MAX = 512 * 1024 };

/* A page ends before it is too large for a message; at least one event is in it. */
static size_t fitting(const struct event_record_list *events)
{
    size_t size = 0;

    for (size_t i = 0; i < events->count; i++) {
        size += events->items[i].body.len;
        if (size > BODIES_MAX && i > 0)
            return i;
    }
    return events->count;
}

int operation_events_read(struct call *c, const struct events_read_request *request,
                          struct events_read_reply *reply)
{
    reply->events = db_outbox_read(c, .branch = request->branch_id, .after = request->after,
                                   .limit = request->has_limit ? request->limit : READ_LIMIT);
    reply->events.count = fitting(&reply->events);
    FAILPOINT(events_served);
    return 0;
}

int operation_events_heads(struct call *c, const struct events_heads_request *request,
                           struct events_heads_reply *reply)
{
    reply->heads = db_outbox_heads(c, .after = request->after, .limit = HEADS_LIMIT);
    return 0;
}

int operation_events_confirm(struct call *c, const struct events_confirm_request *request,
                             struct events_confirm_reply *reply)
{
    (void)reply;
    for (size_t i = 0; i < request->positions.count; i++)
        db_outbox_consumer_seen(c, .branch = request->positions.items[i].branch_id,
                                .consumer = request->consumer,
                                .number = request->positions.items[i].number);
    return 0;
}

int operation_health_read(struct call *c, const struct health_read_request *request,
                          struct health_read_reply *reply)
{
    const struct lane *lane = c->work->lane;
    struct inbox_parked_count parked;

    (void)request;
    db_inbox_parked_count(c, &parked);
    reply->service = call_service(c)->name;
    reply->waiting = (int64_t)lane->waiting_count;
    reply->batches = lane->counters.batches;
    reply->calls = lane->counters.calls;
    reply->parked = parked.count;
    return 0;
}
