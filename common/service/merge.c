/* merge.c - sends what the calls of a batch wait for: equal statements of different calls become one (design 3, laws 1 and 2). */
#include "service/lane.h"

#include "base/log.h"

#include "base/banned.h"

enum { SET_MAX = 1024, PARAMETERS_MAX = 128 };

/* The next statement of a call that may go now, or NULL. Nothing that changes data goes before it is known whether the call was carried
 * out already. */
static struct step *sendable(const struct work *work, bool reads_only)
{
    struct step *step = work->first;

    if (step == NULL || (step->prepared->changes && work->lookup != NULL && !work->key_known))
        return NULL;
    if (reads_only && work->waiting == NULL && step != work->lookup)
        return NULL;
    return step;
}

static struct step *pop(struct work *work)
{
    struct step *step = work->first;

    work->first = step->next;
    if (work->first == NULL)
        work->last = &work->first;
    if (step->prepared->changes)
        work->is_touching = true;
    return step;
}

/* How many of each statement are still to go, and how many could go next. */
static void count_steps(struct lane *lane, bool reads_only)
{
    memset(lane->remaining, 0, lane->database->count * sizeof(*lane->remaining));
    memset(lane->heads, 0, lane->database->count * sizeof(*lane->heads));
    for (size_t i = 0; i < lane->batch_count; i++) {
        const struct step *head = sendable(lane->batch[i], reads_only);
        for (const struct step *step = head; step != NULL; step = step->next)
            lane->remaining[step->prepared->index]++;
        if (head != NULL)
            lane->heads[head->prepared->index]++;
    }
}

/* The statement that fewest calls will still ask for later; among these the one most calls ask for now. */
static const struct prepared *choose(struct lane *lane, bool reads_only)
{
    const struct prepared *best = NULL;
    size_t best_later = 0, best_now = 0;

    count_steps(lane, reads_only);
    for (size_t i = 0; i < lane->batch_count; i++) {
        const struct step *head = sendable(lane->batch[i], reads_only);
        if (head == NULL)
            continue;
        size_t now = lane->heads[head->prepared->index];
        size_t later = lane->remaining[head->prepared->index] - now;
        if (best == NULL || later < best_later || (later == best_later && now > best_now)) {
            best = head->prepared;
            best_later = later;
            best_now = now;
        }
    }
    return best;
}

/* A call's inserts of one kind that follow each other stay side by side in the set, in their order. */
static size_t gather(struct lane *lane, const struct prepared *prepared, bool reads_only,
                     struct step **steps)
{
    bool takes_runs = prepared->inserts && prepared->is_plain && prepared->set_name != NULL;
    size_t count = 0;

    for (size_t i = 0; i < lane->batch_count; i++) {
        struct work *work = lane->batch[i];
        const struct step *head = sendable(work, reads_only);
        while (head != NULL && head->prepared == prepared && count < SET_MAX) {
            steps[count++] = pop(work);
            head = takes_runs ? sendable(work, reads_only) : NULL;
        }
    }
    return count;
}

static void merge(struct lane *lane, bool reads_only)
{
    const struct prepared *prepared;

    while ((prepared = choose(lane, reads_only)) != NULL) {
        size_t most = lane->remaining[prepared->index];
        struct step **steps = arena_array(&lane->arena, struct step *, most);
        size_t count = gather(lane, prepared, reads_only, steps);
        lane_send(lane, steps, count);
    }
}

void merge_reads(struct lane *lane)
{
    merge(lane, true);
}

void merge_writes(struct lane *lane)
{
    merge(lane, false);
}

static int compare_steps(const void *left, const void *right)
{
    const struct step *a = *(struct step *const *)left, *b = *(struct step *const *)right;
    size_t count = a->prepared->statement->parameter_count;

    for (size_t i = 0; i < count; i++) {
        const struct sql_bytes *x = &a->values[i], *y = &b->values[i];
        int common = x->len < y->len ? x->len : y->len;
        int order = common > 0 ? memcmp(x->data, y->data, (size_t)common) : 0;
        if (order == 0)
            order = (x->len > y->len) - (x->len < y->len);
        if (order != 0)
            return order;
    }
    return 0;
}

static void expect(struct lane *lane, const struct prepared *prepared, struct step **steps,
                   size_t count, bool is_set)
{
    struct sent *sent = arena_new(&lane->arena, struct sent);

    *sent = (struct sent){NULL, prepared, steps, count, is_set};
    for (size_t i = 0; i < count; i++)
        steps[i]->is_sent = true;
    *lane->sent_last = sent;
    lane->sent_last = &sent->next;
    lane->counters.statements++;
    lane->counters.sets += is_set;
}

static void send(struct lane *lane, const struct prepared *prepared, const char *name,
                 const struct sql_bytes *values)
{
    const char *data[PARAMETERS_MAX];
    int lengths[PARAMETERS_MAX], formats[PARAMETERS_MAX];
    size_t count = prepared->statement->parameter_count;

    if (count > PARAMETERS_MAX)
        die("lane", "%s has %zu parameters", prepared->statement->name, count);
    for (size_t i = 0; i < count; i++) {
        data[i] = values[i].len < 0 ? NULL : values[i].data;
        lengths[i] = values[i].len < 0 ? 0 : values[i].len;
        formats[i] = 1;
    }
    if (PQsendQueryPrepared(lane->database->connection, name, (int)count, data, lengths, formats,
                            1) != 1)
        lane_lose(lane);
}

static void send_set(struct lane *lane, const struct prepared *prepared, struct step **steps,
                     size_t count)
{
    const struct statement *statement = prepared->statement;
    struct sql_bytes sets[PARAMETERS_MAX];
    struct sql_bytes *column = arena_array(&lane->arena, struct sql_bytes, count);

    if (statement->locks)
        qsort(steps, count, sizeof(struct step *), compare_steps);
    for (size_t p = 0; p < statement->parameter_count && p < PARAMETERS_MAX; p++) {
        for (size_t i = 0; i < count; i++)
            column[i] = steps[i]->values[p];
        sets[p] = sql_encode_set(statement->parameters[p].type, column, 1, count, &lane->arena);
    }
    send(lane, prepared, prepared->set_name, sets);
    expect(lane, prepared, steps, count, true);
}

void lane_send(struct lane *lane, struct step **steps, size_t count)
{
    const struct prepared *prepared = steps[0]->prepared;

    if (count > 1 && prepared->set_name != NULL) {
        send_set(lane, prepared, steps, count);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        send(lane, prepared, prepared->name, steps[i]->values);
        expect(lane, prepared, &steps[i], 1, false);
    }
}
