/* inbox_parked.c - parked events: shown, brought about after all, or given up by a person (design 5). */
#include <stdlib.h>

#include "service/inbox.h"

#include "base/banned.h"

enum { FOLLOWERS_MAX = 200, LIST_LIMIT = 50 };

/* "<branch> <producer> <number>" of the last row of a page. */
static const char *cursor_of(struct call *c, const struct parked_event *event)
{
    return call_print(c, "%s %s %lld", id_print(c->arena, event->branch_id), event->producer,
                      (long long)event->number);
}

static bool read_cursor(struct call *c, const char *cursor, struct parked_event *after)
{
    char *text = arena_text(c->arena, cursor);
    char *producer = strchr(text, ' ');
    char *number = producer == NULL ? NULL : strchr(producer + 1, ' ');

    if (number == NULL)
        return false;
    *producer++ = '\0';
    *number++ = '\0';
    after->producer = producer;
    after->number = strtoll(number, NULL, 10);
    return id_parse(text, &after->branch_id);
}

int operation_inbox_parked(struct call *c, const struct inbox_parked_request *request,
                           struct inbox_parked_reply *reply)
{
    const int64_t limit = request->has_limit ? request->limit : LIST_LIMIT;
    struct parked_event after = {.producer = NULL};

    if (request->after != NULL && !read_cursor(c, request->after, &after))
        return fail_at(c, "after", ERROR_FIELD_VALUE, NULL);
    reply->events =
        db_inbox_parked_list(c, .after_branch = after.branch_id, .after_producer = after.producer,
                             .after_number = after.number, .limit = limit);
    if ((int64_t)reply->events.count == limit)
        reply->next = cursor_of(c, &reply->events.items[reply->events.count - 1]);
    return 0;
}

/* An earlier event of the same aggregate that is still parked comes first. */
static bool is_first(struct call *c, const char *producer, const struct inbox_parked_lock *event)
{
    struct inbox_parked_next first;

    if (id_is_none(event->aggregate_id) ||
        !db_inbox_parked_next(c, &first, .producer = producer, .aggregate_id = event->aggregate_id,
                              .after = 0) ||
        first.number == event->number)
        return !has_failed(c);
    fail(c, ERROR_INBOX_ORDER, "%lld", (long long)first.number);
    return false;
}

static void bring_about(struct call *c, const char *producer, const struct inbox_parked_lock *event)
{
    const struct cause cause = {producer, event->event, event->number, event->event_id};
    bool known;

    db_inbox_parked_delete(c, .producer = producer, .number = event->number);
    c->cause = &cause;
    effect_apply(c, event->event, event->body, c->branch_id, event->occurred_at, event->trace,
                 &known);
    c->cause = NULL;
    if (!known)
        fail(c, ERROR_EVENT_UNKNOWN, "%s", event->event);
}

/* Those that waited behind it follow, in their order; if one of them fails nothing has happened. */
int operation_inbox_retry(struct call *c, const struct inbox_retry_request *request,
                          struct inbox_retry_reply *reply)
{
    struct inbox_parked_lock event;
    struct inbox_parked_next next = {.number = request->number};

    if (!call_enter_branch(c, request->branch_id))
        return -1;
    if (!db_inbox_parked_lock(c, &event, .producer = request->producer, .number = request->number))
        return fail(c, ERROR_NOT_FOUND, NULL);
    if (!is_first(c, request->producer, &event))
        return -1;
    c->work->sees_all = true;
    bool has_next = true;
    while (has_next && reply->done < FOLLOWERS_MAX && !has_failed(c)) {
        bring_about(c, request->producer, &event);
        reply->done++;
        has_next =
            !id_is_none(event.aggregate_id) &&
            db_inbox_parked_next(c, &next, .producer = request->producer,
                                 .aggregate_id = event.aggregate_id, .after = event.number) &&
            db_inbox_parked_lock(c, &event, .producer = request->producer, .number = next.number);
    }
    return has_failed(c) ? -1 : 0;
}

int operation_inbox_drop(struct call *c, const struct inbox_drop_request *request,
                         struct inbox_drop_reply *reply)
{
    struct inbox_parked_lock event;

    (void)reply;
    if (!call_enter_branch(c, request->branch_id))
        return -1;
    if (!db_inbox_parked_lock(c, &event, .producer = request->producer, .number = request->number))
        return fail(c, ERROR_NOT_FOUND, NULL);
    audit_object(c, event.event_id);
    db_inbox_parked_delete(c, .producer = request->producer, .number = event.number);
    return 0;
}
