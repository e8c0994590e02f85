/* batch.c - which of the waiting calls run together (design 3: laws 3 and 6, reads and writes apart).
 *
 * The calls of a batch share a transaction, so that a row lock does not part them: two that serialise on different things (an approval, a
 * contract) could lock the same row and both decide by what they saw. Therefore a batch has calls of one kind only.
 */
#include "service/lane.h"

#include "base/clock.h"
#include "mechanisms.gen.h"

#include "base/banned.h"

enum { COMPANY_MAX = 2 * LANE_BATCH_MAX };

/* The calls of a batch and those passed over: what comes later and has the same value must wait behind them. */
struct company {
    const struct work *members[COMPANY_MAX];
    size_t count;
};

static bool collides(const struct work *a, const struct work *b)
{
    if (a->serialize != 0 && a->serialize == b->serialize)
        return true;
    return !id_is_none(a->call.key) && id_equal(a->call.key, b->call.key);
}

static bool may_join(const struct company *company, const struct work *work)
{
    for (size_t i = 0; i < company->count; i++)
        if (collides(company->members[i], work))
            return false;
    return true;
}

static void take(struct lane *lane, struct work *work)
{
    link_remove(&work->link);
    lane->waiting_count--;
    lane->batch[lane->batch_count++] = work;
}

void batch_note_pace(struct lane *lane)
{
    lane->ended = clock_monotonic();
    int64_t took = lane->ended - lane->begun;

    if (lane->batch_count == 0 || lane->batch[0]->is_alone)
        return;
    int64_t *pace = &lane->pace[lane->batch[0]->is_read];
    if (took > LANE_PACE_MAX)
        took = LANE_PACE_MAX;
    *pace = took > *pace ? took : *pace - (*pace - took) / 8;
}

/* Nobody waits for it any more, or will when it is done: a machine that is behind would else do
 * nothing but what comes too late. Where all are refused for that nobody learns that it is quick
 * again: so only while batches follow each other. */
static bool is_too_late(const struct lane *lane, const struct work *work, int64_t now)
{
    int64_t pace = now - lane->ended < LANE_PACE_MAX ? lane->pace[work->is_read] : 0;

    return work->deadline != 0 && work->deadline < now + pace;
}

static void expire(struct lane *lane, struct work *work)
{
    link_remove(&work->link);
    lane->waiting_count--;
    work->has_expired = true;
    fail(&work->call, ERROR_DEADLINE_EXCEEDED, NULL);
    link_append(&lane->finished, &work->link);
}

/* Two processes that carry the same two keys insert them in the same order, and none waits for the other. */
static void order_by_key(struct lane *lane)
{
    for (size_t i = 1; i < lane->batch_count; i++) {
        struct work *work = lane->batch[i];
        size_t at = i;
        for (; at > 0 && id_compare(lane->batch[at - 1]->call.key, work->call.key) > 0; at--)
            lane->batch[at] = lane->batch[at - 1];
        lane->batch[at] = work;
    }
}

void batch_take(struct lane *lane)
{
    struct company company = {.count = 0};
    const int64_t now = clock_monotonic();
    bool is_read = false;

    link_each (&lane->waiting, link) {
        struct work *work = link_entry(link, struct work, link);
        if (is_too_late(lane, work, now)) {
            expire(lane, work);
            continue;
        }
        if (lane->batch_count == 0) {
            is_read = work->is_read;
            take(lane, work);
            if (work->is_alone)
                break;
        } else if (!work->is_alone && work->is_read == is_read &&
                   work->kind == lane->batch[0]->kind && may_join(&company, work)) {
            take(lane, work);
        }
        company.members[company.count++] = work;
        if (lane->batch_count == LANE_BATCH_MAX || company.count == COMPANY_MAX)
            break;
    }
    if (!is_read)
        order_by_key(lane);
}

static void add_branch(struct buffer *branches, struct id id)
{
    char text[ID_TEXT_SIZE];

    id_format(id, text);
    if (id_is_none(id) || (branches->len > 0 && strstr(buffer_text(branches), text) != NULL))
        return;
    if (branches->len > 0)
        buffer_append_byte(branches, ',');
    buffer_append_text(branches, text);
}

void batch_branches(struct lane *lane, struct buffer *branches)
{
    buffer_clear(branches);
    for (size_t i = 0; i < lane->batch_count; i++) {
        const struct work *work = lane->batch[i];
        if (work->sees_all) {
            buffer_clear(branches);
            buffer_append_byte(branches, '*');
            return;
        }
        for (size_t k = 0; k < work->call.actor.scope.count; k++)
            add_branch(branches, work->call.actor.scope.items[k]);
        add_branch(branches, work->call.actor.branch_id);
        add_branch(branches, work->call.actor.company_id);
    }
}
