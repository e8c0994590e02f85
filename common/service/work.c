/* work.c - a call's side of the lane: beginning, beginning again, throwing away. */
#include "service/lane.h"

#include "base/banned.h"

void work_drop(struct work *work)
{
    work->first = NULL;
    work->last = &work->first;
    work->events = NULL;
    work->events_end = &work->events;
    work->event_count = 0;
}

void work_end(struct work *work)
{
    for (struct step *step = work->first; step != NULL; step = step->next) {
        if (step == work->lookup)
            continue;
        step->row = NULL;
        step->rows = NULL;
    }
}

void work_init(struct work *work, const struct service *service)
{
    link_init(&work->link);
    work->service = service;
    work->call.arena = &work->arena;
    work->call.work = work;
    if (work->call.trace == NULL)
        work->call.trace = "";
    work->fresh = work->call;
    work_reset(work);
}

void work_reset(struct work *work)
{
    work->call = work->fresh;
    work_drop(work);
    work->fiber = NULL;
    work->waiting = NULL;
    work->asked = NULL;
    work->lookup = NULL;
    work->asks_ahead = false;
    work->asks_along = false;
    work->key_known = false;
    work->is_replayed = false;
    work->is_touching = false;
    work->is_recording = false;
    work->is_lost = false;
    work->is_passing = false;
    work->audit_before = NULL;
    work->audit_object = (struct id){{0}};
}

struct bytes work_pack(struct work *work, const struct shape *shape, const void *value, bool masked)
{
    struct buffer *scratch = &work->lane->scratch;

    buffer_clear(scratch);
    shape_pack(shape, value, masked, scratch);
    return (struct bytes){arena_copy(&work->arena, scratch->data, scratch->len), scratch->len};
}
