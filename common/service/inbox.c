/* inbox.c - asks producers for their events: at once when woken, and every second to be sure (design 5). */
#include "service/inbox.h"

#include "base/clock.h"
#include "base/failpoint.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"

#include "base/banned.h"

#define SWEEP_PERIOD CLOCK_SECOND
#define QUESTION_PATIENCE (2 * CLOCK_SECOND)
#define RETRY_FIRST (50 * INT64_C(1000))

enum {
    CONFIRM_SWEEPS = 60,
    READ_LIMIT = 100,
    RUNNING_MAX = 32,
    HEADS_PAGE = 1000,
    POSITIONS_MAX = 500
};

/* What a question is about, carried in its correlation. */
enum about { ABOUT_HEADS = 1, ABOUT_EVENTS, ABOUT_CONFIRM };
struct correlation {
    uint32_t about, index, question;
};

static bool ask(struct inbox *inbox, const struct correlation *correlation, const char *producer,
                const char *verb, struct id key, const struct buffer *body)
{
    char operation[128];

    snprintf(operation, sizeof(operation), "%s.events.%s", producer, verb);
    return peer_ask(inbox->peer,
                    &(struct envelope){
                        .kind = ENVELOPE_REQUEST,
                        .correlation = {(const uint8_t *)correlation, sizeof(*correlation)},
                        .operation = operation,
                        .key = key,
                        .remaining_ms = QUESTION_PATIENCE / 1000,
                        .at = clock_now(),
                        .trace = "",
                        .body = buffer_bytes(body),
                    });
}

static void ask_heads(struct inbox *inbox, size_t index, struct id after)
{
    struct producer *producer = &inbox->producers[index];
    const struct events_heads_request request = {.after = after};
    struct buffer body = {0};

    producer->question = ++inbox->questions;
    shape_pack(&events_heads_request_shape, &request, false, &body);
    const struct correlation correlation = {ABOUT_HEADS, (uint32_t)index, producer->question};
    ask(inbox, &correlation, producer->name, "heads", (struct id){{0}}, &body);
    buffer_release(&body);
}

static void ask_events(struct inbox *inbox, struct stream *stream, int64_t now)
{
    bool is_single = stream->position < stream->single_until || stream->failures > 0;
    const struct events_read_request request = {
        .branch_id = stream->branch_id,
        .after = stream->position,
        .has_limit = true,
        .limit = is_single ? 1 : READ_LIMIT,
    };
    struct buffer body = {0};

    stream->question = ++inbox->questions;
    shape_pack(&events_read_request_shape, &request, false, &body);
    const struct correlation correlation = {ABOUT_EVENTS, (uint32_t)stream->index,
                                            stream->question};
    bool is_out = ask(inbox, &correlation, stream->producer, "read", (struct id){{0}}, &body);
    buffer_release(&body);
    FAILPOINT(event_asked);
    stream->asked_at = is_out ? now : 0;
    if (is_out)
        stream->is_woken = false;
}

/* Asks when there is something new and nothing is on its way. */
static void pursue(struct inbox *inbox, struct stream *stream, int64_t now)
{
    bool is_behind = stream->is_woken || stream->head > stream->position;

    if (inbox->is_leaving || !inbox->is_loaded || !is_behind || stream->is_running ||
        stream->retry_at > now || inbox->running >= RUNNING_MAX)
        return;
    if (stream->asked_at != 0 && now - stream->asked_at < QUESTION_PATIENCE)
        return;
    ask_events(inbox, stream, now);
}

static void say_positions(struct inbox *inbox, size_t index,
                          const struct events_confirm_request *request)
{
    const struct correlation correlation = {ABOUT_CONFIRM, (uint32_t)index, 0};
    struct buffer body = {0};

    shape_pack(&events_confirm_request_shape, request, false, &body);
    ask(inbox, &correlation, inbox->producers[index].name, "confirm", id_make(clock_now()), &body);
    buffer_release(&body);
}

/* Producers may prune what all their consumers have: they are told how far that is, of every branch. */
static void confirm(struct inbox *inbox, size_t index)
{
    struct event_head *heads = memory_array(struct event_head, POSITIONS_MAX);
    struct events_confirm_request request = {.consumer = inbox->service->name,
                                             .positions = {heads, 0}};

    for (size_t i = 0; i < map_count(&inbox->streams); i++) {
        const struct stream *stream = inbox_stream_at(inbox, i);
        if (stream->producer != inbox->producers[index].name)
            continue;
        heads[request.positions.count++] = (struct event_head){stream->branch_id, stream->position};
        if (request.positions.count == POSITIONS_MAX) {
            say_positions(inbox, index, &request);
            request.positions.count = 0;
        }
    }
    if (request.positions.count > 0)
        say_positions(inbox, index, &request);
    FAILPOINT(positions_told);
    memory_free(&heads);
}

static void load(struct inbox *inbox)
{
    struct arrival *arrival = inbox_arrival(inbox, NULL);

    inbox->is_loading = true;
    work_init(&arrival->work, inbox->service);
    lane_add(inbox->lane, &arrival->work);
}

void inbox_tick(struct inbox *inbox, int64_t monotonic)
{
    if (inbox->producer_count == 0 || !peer_is_connected(inbox->peer))
        return;
    if (!inbox->is_loaded && !inbox->is_loading)
        load(inbox);
    if (inbox->is_loaded && monotonic >= inbox->next_sweep) {
        inbox->next_sweep = monotonic + SWEEP_PERIOD;
        for (size_t i = 0; i < inbox->producer_count; i++) {
            ask_heads(inbox, i, (struct id){{0}});
            if (inbox->sweeps % CONFIRM_SWEEPS == CONFIRM_SWEEPS - 1)
                confirm(inbox, i);
        }
        inbox->sweeps++;
    }
    for (size_t i = 0; i < map_count(&inbox->streams); i++)
        pursue(inbox, inbox_stream_at(inbox, i), monotonic);
}

void inbox_woken(struct inbox *inbox, const char *producer, struct id branch_id)
{
    struct stream *stream = inbox_stream(inbox, producer, branch_id);

    if (stream == NULL)
        return;
    stream->is_woken = true;
    pursue(inbox, stream, clock_monotonic());
}

static void take_heads(struct inbox *inbox, size_t index, struct bytes body, struct arena *arena)
{
    struct events_heads_reply reply;
    struct shape_error error;

    if (!shape_unpack(&events_heads_reply_shape, SHAPE_LENIENT, body, arena, &reply, &error))
        return;
    for (size_t i = 0; i < reply.heads.count; i++) {
        const struct event_head *head = &reply.heads.items[i];
        struct stream *stream = inbox_stream(inbox, inbox->producers[index].name, head->branch_id);
        if (stream == NULL || stream->head >= head->number)
            continue;
        stream->head = head->number;
        pursue(inbox, stream, clock_monotonic());
    }
    if (reply.heads.count == HEADS_PAGE)
        ask_heads(inbox, index, reply.heads.items[HEADS_PAGE - 1].branch_id);
}

/* Numbers follow each other without a gap; only a new consumer may find the first ones pruned. */
static bool is_gapless(const struct stream *stream, const struct event_record_list *events)
{
    int64_t wanted = stream->position + 1;

    if (stream->position == 0)
        wanted = events->items[0].number;
    for (size_t i = 0; i < events->count; i++)
        if (events->items[i].number != wanted + (int64_t)i)
            return false;
    return true;
}

static void take_events(struct inbox *inbox, struct stream *stream, struct bytes body)
{
    struct arrival *arrival = inbox_arrival(inbox, stream);
    struct event_record_list *events = &arrival->events.events;
    struct shape_error error;

    if (!shape_unpack(&events_read_reply_shape, SHAPE_LENIENT, body, &arrival->work.arena,
                      &arrival->events, &error) ||
        events->count == 0) {
        inbox_give_back(inbox, arrival);
        return;
    }
    if (!is_gapless(stream, events)) {
        log_error("events_missing", log_text("producer", stream->producer),
                  log_int("after", stream->position), log_int("found", events->items[0].number));
        stream->retry_at = clock_monotonic() + CLOCK_SECOND;
        inbox_give_back(inbox, arrival);
        return;
    }
    arrival->after = stream->position;
    arrival->last = events->items[events->count - 1].number;
    arrival->parks = stream->failures >= INBOX_FAILURES_MAX;
    if (stream->head < arrival->last)
        stream->head = arrival->last;
    if (events->count == READ_LIMIT)
        stream->is_woken = true; /* there may be more */
    FAILPOINT(event_read);
    stream->is_running = true;
    work_init(&arrival->work, inbox->service);
    lane_add(inbox->lane, &arrival->work);
}

void inbox_answer(struct inbox *inbox, const struct envelope *reply, struct arena *arena)
{
    struct correlation about;

    if (inbox->is_leaving || reply->correlation.len != sizeof(about))
        return;
    memcpy(&about, reply->correlation.data, sizeof(about));
    if (about.about == ABOUT_HEADS && about.index < inbox->producer_count) {
        if (reply->error == NULL && inbox->producers[about.index].question == about.question)
            take_heads(inbox, about.index, reply->body, arena);
    } else if (about.about == ABOUT_EVENTS && about.index < map_count(&inbox->streams)) {
        struct stream *stream = inbox_stream_at(inbox, about.index);
        if (stream->question != about.question || stream->asked_at == 0 || stream->is_running)
            return;
        stream->asked_at = 0;
        if (reply->error == NULL)
            take_events(inbox, stream, reply->body);
        else
            stream->retry_at = clock_monotonic() + CLOCK_SECOND / 5;
    }
}

static void remember_failure(struct stream *stream, const struct failure *failure)
{
    memory_free(&stream->error);
    memory_free(&stream->error_value);
    stream->error = memory_text(failure->error->name);
    stream->error_value = memory_text(failure->value);
}

/* Definite failures are counted for the first event alone: a page that fails is done again one by one. */
static void take_failure(struct stream *stream, const struct arrival *arrival)
{
    const struct failure *failure = &arrival->work.call.failure;
    bool is_passing = arrival->work.is_passing || failure->error->class == ERROR_CLASS_RETRY;
    int64_t delay = RETRY_FIRST << (stream->failures < 5 ? stream->failures : 5);

    FAILPOINT(event_failed);
    log_warn("event_failed", log_text("producer", stream->producer),
             log_int("number", arrival->after + 1),
             log_int("events", (int64_t)arrival->events.events.count),
             log_text("error", failure->error->name), log_int("failures", stream->failures));
    stream->is_woken = true;
    if (!is_passing && arrival->events.events.count > 1) {
        stream->single_until = arrival->last;
        return;
    }
    if (!is_passing) {
        stream->failures++;
        remember_failure(stream, failure);
    }
    stream->retry_at = clock_monotonic() + delay;
}

void inbox_finished(struct inbox *inbox, struct arrival *arrival)
{
    struct stream *stream = arrival->stream;

    if (stream == NULL) {
        inbox->is_loading = false;
        inbox->is_loaded = !has_failed(&arrival->work.call);
        inbox_give_back(inbox, arrival);
        return;
    }
    stream->is_running = false;
    if (!has_failed(&arrival->work.call))
        FAILPOINT(event_applied);
    if (arrival->has_moved) {
        stream->position = arrival->moved_to;
        stream->failures = 0;
        stream->is_woken = true;
    } else if (has_failed(&arrival->work.call)) {
        take_failure(stream, arrival);
    } else {
        if (arrival->parks)
            log_error("event_parked", log_text("producer", stream->producer),
                      log_int("number", arrival->last), log_text("error", stream->error));
        stream->position = arrival->last;
        stream->failures = 0;
    }
    inbox_give_back(inbox, arrival);
    pursue(inbox, stream, clock_monotonic());
}

int64_t inbox_lag(const struct inbox *inbox, const char *producer)
{
    int64_t lag = 0;

    for (size_t i = 0; i < map_count(&inbox->streams); i++) {
        const struct stream *stream = inbox_stream_at(inbox, i);
        if (text_equal(stream->producer, producer) && stream->head > stream->position)
            lag += stream->head - stream->position;
    }
    return lag;
}
