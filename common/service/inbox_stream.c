/* inbox_stream.c - the streams an inbox knows, and the works that carry their events to the lane. */
#include "base/memory.h"
#include "base/text.h"
#include "service/inbox.h"

#include "base/banned.h"

static const char *producer_called(const struct inbox *inbox, const char *name)
{
    for (size_t i = 0; i < inbox->producer_count; i++)
        if (text_equal(inbox->producers[i].name, name))
            return inbox->producers[i].name;
    return NULL;
}

struct stream *inbox_stream_at(const struct inbox *inbox, size_t index)
{
    return map_at(&inbox->streams, index)->value;
}

/* NULL: nothing of that producer is subscribed to. */
struct stream *inbox_stream(struct inbox *inbox, const char *producer, struct id branch_id)
{
    char key[64 + sizeof(branch_id)];
    const char *name = producer_called(inbox, producer);
    size_t len = name == NULL ? 0 : strlen(name);

    if (name == NULL || len > 64)
        return NULL;
    memcpy(key, name, len);
    memcpy(key + len, branch_id.bytes, sizeof(branch_id.bytes));
    struct stream *stream = map_get(&inbox->streams, key, len + sizeof(branch_id.bytes));
    if (stream != NULL)
        return stream;
    stream = memory_new(sizeof(*stream));
    stream->producer = name;
    stream->branch_id = branch_id;
    stream->index = map_count(&inbox->streams);
    map_put(&inbox->streams, key, len + sizeof(branch_id.bytes), stream);
    return stream;
}

struct arrival *inbox_arrival(struct inbox *inbox, struct stream *stream)
{
    struct arrival *arrival = memory_new(sizeof(*arrival));

    arrival->inbox = inbox;
    arrival->stream = stream;
    arrival->work.is_alone = true;
    arrival->work.sees_all = true;
    arrival->work.run = stream == NULL ? effect_load : effect_run;
    inbox->running++;
    return arrival;
}

void inbox_give_back(struct inbox *inbox, struct arrival *arrival)
{
    inbox->running--;
    arena_release(&arrival->work.arena);
    memory_free(&arrival);
}

static void add_producer(struct inbox *inbox, const char *event)
{
    char name[64];
    size_t len = strcspn(event, ".");

    if (len >= sizeof(name))
        return;
    memcpy(name, event, len);
    name[len] = '\0';
    if (producer_called(inbox, name) != NULL)
        return;
    size_t size = (inbox->producer_count + 1) * sizeof(*inbox->producers);
    inbox->producers = memory_resize(inbox->producers, size);
    inbox->producers[inbox->producer_count++] = (struct producer){.name = memory_text(name)};
    peer_listen(inbox->peer, name);
}

void inbox_init(struct inbox *inbox, const struct service *service, struct lane *lane,
                struct peer *peer)
{
    *inbox = (struct inbox){.service = service, .lane = lane, .peer = peer};
    map_init(&inbox->streams);
    for (const struct subscription *s = service->subscriptions; s != NULL && s->event != NULL; s++)
        add_producer(inbox, s->event->name);
}

void inbox_release(struct inbox *inbox)
{
    for (size_t i = 0; i < map_count(&inbox->streams); i++) {
        struct stream *stream = inbox_stream_at(inbox, i);
        memory_free(&stream->error);
        memory_free(&stream->error_value);
        memory_free(&stream);
    }
    for (size_t i = 0; i < inbox->producer_count; i++)
        memory_free(&inbox->producers[i].name);
    memory_free(&inbox->producers);
    map_release(&inbox->streams);
}
