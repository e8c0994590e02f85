/* inbox_effect.c - what events bring about, on a fiber: position and effects in one transaction (design 5). */
#include "base/failpoint.h"
#include "base/text.h"
#include "service/inbox.h"

#include "base/banned.h"

static const struct subscription *subscription_to(const struct service *service, const char *event)
{
    for (const struct subscription *s = service->subscriptions; s != NULL && s->event != NULL; s++)
        if (text_equal(s->event->name, event))
            return s;
    return NULL;
}

void effect_apply(struct call *c, const char *event, struct bytes body, struct id branch_id,
                  int64_t occurred_at, const char *trace, bool *known)
{
    const struct subscription *subscription = subscription_to(call_service(c), event);
    struct shape_error error;

    *known = subscription != NULL;
    if (subscription == NULL)
        return;
    void *value = arena_alloc(c->arena, subscription->event->body->size);
    if (!shape_unpack(subscription->event->body, SHAPE_LENIENT, body, c->arena, value, &error)) {
        fail_at(c, error.path, ERROR_MALFORMED, "%s", error.rule);
        return;
    }
    struct call_as before = call_as_system(c, branch_id, occurred_at, trace);
    if (subscription->handle(c, value) != 0 && !has_failed(c))
        fail(c, ERROR_INTERNAL, NULL);
    call_restore(c, &before);
}

static bool waits_behind(const struct inbox_parked_aggregates_list *parked, struct id aggregate_id)
{
    for (size_t i = 0; i < parked->count; i++)
        if (id_equal(parked->items[i].aggregate_id, aggregate_id))
            return true;
    return false;
}

static void park(struct call *c, const struct arrival *arrival, const struct event_record *event,
                 const char *error, const char *value)
{
    db_inbox_park(c, .branch = arrival->stream->branch_id, .producer = arrival->stream->producer,
                  .number = event->number, .event = event->event, .event_id = event->event_id,
                  .occurred_at = event->occurred_at, .actor = event->actor_id,
                  .aggregate_id = event->aggregate_id, .trace = event->trace, .body = event->body,
                  .error = error, .error_value = value);
}

/* Takes the position. False: another instance has it; where it is then is read. */
static bool advance(struct call *c, struct arrival *arrival)
{
    const struct stream *stream = arrival->stream;
    struct inbox_advance taken;
    struct inbox_read there;

    if (arrival->after == 0)
        db_inbox_open(c, .branch = stream->branch_id, .producer = stream->producer);
    if (db_inbox_advance(c, &taken, .branch = stream->branch_id, .producer = stream->producer,
                         .expected = arrival->after, .number = arrival->last))
        return true;
    if (db_inbox_read(c, &there, .branch = stream->branch_id, .producer = stream->producer)) {
        arrival->has_moved = true;
        arrival->moved_to = there.number;
    }
    return false;
}

void effect_run(struct work *work)
{
    struct arrival *arrival = (struct arrival *)(void *)work;
    struct call *c = &work->call;
    bool known;

    arrival->has_moved = false;
    if (!advance(c, arrival)) {
        fail(c, ERROR_CONFLICT, NULL);
        return;
    }
    FAILPOINT(position_taken);
    struct inbox_parked_aggregates_list parked = db_inbox_parked_aggregates(
        c, .branch = arrival->stream->branch_id, .producer = arrival->stream->producer);
    for (size_t i = 0; i < arrival->events.events.count && !has_failed(c); i++) {
        const struct event_record *event = &arrival->events.events.items[i];
        const struct cause cause = {arrival->stream->producer, event->event, event->number,
                                    event->event_id};
        c->cause = &cause;
        if (!id_is_none(event->aggregate_id) && waits_behind(&parked, event->aggregate_id) &&
            subscription_to(work->service, event->event) != NULL)
            park(c, arrival, event, NULL, NULL);
        else if (arrival->parks)
            park(c, arrival, event, arrival->stream->error, arrival->stream->error_value);
        else
            effect_apply(c, event->event, event->body, event->branch_id, event->occurred_at,
                         event->trace, &known);
        c->cause = NULL;
    }
    FAILPOINT(effect_done);
}

void effect_load(struct work *work)
{
    struct arrival *arrival = (struct arrival *)(void *)work;
    struct call *c = &work->call;
    struct inbox_positions_list page;
    const char *producer = "";
    struct id branch_id = {{0}};

    do {
        page = db_inbox_positions(c, .after_producer = producer, .after_branch = branch_id);
        for (size_t i = 0; i < page.count; i++) {
            producer = page.items[i].producer;
            branch_id = page.items[i].branch_id;
            struct stream *stream = inbox_stream(arrival->inbox, producer, branch_id);
            if (stream != NULL)
                stream->position = page.items[i].number;
        }
    } while (page.count > 0);
}
