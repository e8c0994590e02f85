/* outbox_append.c - the events of a batch, numbered without gaps per branch, in one statement (design 5). */
#include "service/lane.h"

#include "mechanisms.gen.h"

#include "base/banned.h"

/* Counters are locked in the order of their branches; within a branch events keep the order of their calls. */
struct queue {
    struct emitted **items;
    size_t count;
};

static struct queue collect(struct lane *lane)
{
    struct queue queue = {.items = NULL};
    size_t total = 0;

    for (size_t i = 0; i < lane->batch_count; i++)
        total += lane->batch[i]->event_count;
    queue.items = arena_array(&lane->arena, struct emitted *, total);
    for (size_t i = 0; i < lane->batch_count; i++)
        for (struct emitted *e = lane->batch[i]->events; e != NULL; e = e->next)
            queue.items[queue.count++] = e;
    return queue;
}

static void order_by_branch(struct queue *queue)
{
    for (size_t i = 1; i < queue->count; i++) {
        struct emitted *item = queue->items[i];
        size_t at = i;
        for (; at > 0 && id_compare(queue->items[at - 1]->branch_id, item->branch_id) > 0; at--)
            queue->items[at] = queue->items[at - 1];
        queue->items[at] = item;
    }
}

/* How many events of the same branch stand behind this one. */
static size_t same_branch_behind(const struct queue *queue, size_t at)
{
    size_t end = at + 1;

    while (end < queue->count &&
           id_equal(queue->items[end]->branch_id, queue->items[at]->branch_id))
        end++;
    return end - at - 1;
}

/* Columns of the set, side by side. */
struct columns {
    struct id *branches, *event_branches, *event_ids, *actors, *aggregates;
    int64_t *counts, *backs, *occurred, *starts, *lengths;
    const char **events, **traces;
    size_t branch_count;
};

static struct columns make_columns(struct arena *arena, size_t count)
{
    return (struct columns){
        .branches = arena_array(arena, struct id, count),
        .event_branches = arena_array(arena, struct id, count),
        .event_ids = arena_array(arena, struct id, count),
        .actors = arena_array(arena, struct id, count),
        .aggregates = arena_array(arena, struct id, count),
        .counts = arena_array(arena, int64_t, count),
        .backs = arena_array(arena, int64_t, count),
        .occurred = arena_array(arena, int64_t, count),
        .starts = arena_array(arena, int64_t, count),
        .lengths = arena_array(arena, int64_t, count),
        .events = arena_array(arena, const char *, count),
        .traces = arena_array(arena, const char *, count),
    };
}

static void fill(struct columns *columns, const struct queue *queue, struct buffer *bodies)
{
    buffer_clear(bodies);
    for (size_t i = 0; i < queue->count; i++) {
        const struct emitted *e = queue->items[i];
        size_t behind = same_branch_behind(queue, i);
        if (i == 0 || !id_equal(e->branch_id, queue->items[i - 1]->branch_id)) {
            columns->branches[columns->branch_count] = e->branch_id;
            columns->counts[columns->branch_count++] = (int64_t)behind + 1;
        }
        columns->event_branches[i] = e->branch_id;
        columns->event_ids[i] = e->event_id;
        columns->actors[i] = e->actor_id;
        columns->aggregates[i] = e->aggregate_id;
        columns->backs[i] = (int64_t)behind;
        columns->occurred[i] = e->occurred_at;
        columns->starts[i] = (int64_t)bodies->len + 1; /* substring counts from 1 */
        columns->lengths[i] = (int64_t)e->body.len;
        columns->events[i] = e->event->name;
        columns->traces[i] = e->trace;
        buffer_append(bodies, e->body.data, e->body.len);
    }
}

void append_events(struct lane *lane)
{
    struct queue queue = collect(lane);

    if (queue.count == 0)
        return;
    order_by_branch(&queue);
    struct columns columns = make_columns(&lane->arena, queue.count);
    fill(&columns, &queue, &lane->scratch);
    db_outbox_append(
        &lane->control.call, .branches = {columns.branches, columns.branch_count},
        .counts = {columns.counts, columns.branch_count},
        .event_branches = {columns.event_branches, queue.count},
        .backs = {columns.backs, queue.count}, .events = {columns.events, queue.count},
        .event_ids = {columns.event_ids, queue.count}, .occurred = {columns.occurred, queue.count},
        .actors = {columns.actors, queue.count}, .aggregates = {columns.aggregates, queue.count},
        .traces = {columns.traces, queue.count}, .starts = {columns.starts, queue.count},
        .lengths = {columns.lengths, queue.count}, .bodies = buffer_bytes(&lane->scratch));
    struct step **step = arena_array(&lane->arena, struct step *, 1);
    *step = lane->control.first;
    work_drop(&lane->control);
    lane_send(lane, step, 1);
}
