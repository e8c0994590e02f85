/* fuzz_events.c - whatever a service says its events are: the batch is refused, or every event in it is one of the contract's, or nobody's. */
#include "fuzz.h"
#include "wire/routes.h"

static void read_event(const struct routes *routes, const struct common_event_record *event,
                       struct arena *arena)
{
    const struct event_type *type = routes_event(routes, event->event);
    struct buffer json = {0};
    struct shape_error error;

    if (type == NULL)
        return;
    void *body = arena_alloc(arena, type->body->size);
    if (shape_unpack(type->body, SHAPE_LENIENT, event->body, arena, body, &error))
        shape_json(type->body, body, true, &json);
    else
        check(error.rule != NULL && memchr(error.path, 0, sizeof(error.path)));
    buffer_release(&json);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = {0};
    struct common_events_read_reply reply;
    static struct routes routes; /* made once: it is the contract's */
    struct shape_error error;

    if (routes.services == NULL)
        routes_init(&routes);
    if (shape_unpack(&common_events_read_reply_shape, SHAPE_LENIENT, (struct bytes){data, size},
                     &arena, &reply, &error)) {
        for (size_t i = 0; i < reply.events.count; i++)
            read_event(&routes, &reply.events.items[i], &arena);
        check(arena_used(&arena) <= 512 * (size + 4096));
    }
    arena_release(&arena);
    return 0;
}
