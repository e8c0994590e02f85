/* lane.c - the rounds of a batch: reads until every handler is done, then the writes and one COMMIT (design 3). */
#include "service/lane.h"

#include "base/clock.h"
#include "base/failpoint.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "mechanisms.gen.h"
#include "store/transaction.h"

#include "base/banned.h"

enum { ATTEMPTS_MAX = 3, PLANNED_AT = 32 };

void lane_init(struct lane *lane, struct database *database)
{
    *lane = (struct lane){.database = database, .planned_at = PLANNED_AT};
    fiber_pool_init(&lane->fibers);
    link_init(&lane->waiting);
    link_init(&lane->finished);
    lane->sent_last = &lane->sent_first;
    lane->remaining = memory_array(size_t, database->count);
    lane->heads = memory_array(size_t, database->count);
    lane->control.lane = lane;
    work_init(&lane->control, NULL);
}

void lane_release(struct lane *lane)
{
    fiber_pool_release(&lane->fibers);
    arena_release(&lane->arena);
    arena_release(&lane->control.arena);
    buffer_release(&lane->scratch);
    memory_free(&lane->remaining);
    memory_free(&lane->heads);
}

void lane_add(struct lane *lane, struct work *work)
{
    work->lane = lane;
    link_append(&lane->waiting, &work->link);
    lane->waiting_count++;
}

struct work *lane_finished(struct lane *lane)
{
    if (link_is_empty(&lane->finished))
        return NULL;
    struct work *work = link_entry(lane->finished.next, struct work, link);
    link_remove(&work->link);
    return work;
}

bool lane_is_idle(const struct lane *lane)
{
    return lane->state == LANE_IDLE && lane->waiting_count == 0 && lane->away_count == 0;
}

bool lane_may_begin(const struct lane *lane)
{
    return lane->state == LANE_IDLE && lane->waiting_count > 0;
}

bool lane_is_lost(const struct lane *lane)
{
    return lane->state == LANE_LOST;
}

void lane_lose(struct lane *lane)
{
    log_error("database_lost", log_text("detail", PQerrorMessage(lane->database->connection)));
    lane->state = LANE_LOST;
}

int lane_socket(const struct lane *lane)
{
    return PQsocket(lane->database->connection);
}

bool lane_wants_to_write(const struct lane *lane)
{
    return (lane->state != LANE_IDLE || lane->owes_answer) &&
           PQflush(lane->database->connection) == 1;
}

static void send_control(struct lane *lane, const struct statement *statement)
{
    call_write(&lane->control.call, statement, NULL, 0);
    struct step **step = arena_array(&lane->arena, struct step *, 1);
    *step = lane->control.first;
    work_drop(&lane->control);
    lane_send(lane, step, 1);
}

static void send_branches(struct lane *lane)
{
    struct lane_branches ignored;
    struct step **step = arena_array(&lane->arena, struct step *, 1);

    batch_branches(lane, &lane->scratch);
    lane->control.asks_ahead = true;
    db_lane_branches(&lane->control.call, &ignored, .branches = buffer_text(&lane->scratch));
    lane->control.asks_ahead = false;
    *step = lane->control.first;
    (*step)->row = NULL;
    work_drop(&lane->control);
    lane_send(lane, step, 1);
}

/* A plan is made where its statement is first run, and fits the tables as large as they are then. In a young company they grow faster than
 * PostgreSQL looks at them anew: so plans are made again whenever twice as many calls have been. */
static void renew_plans(struct lane *lane)
{
    if (lane->counters.calls < lane->planned_at * 2)
        return;
    send_control(lane, &plans_discard);
    lane->planned_at = lane->counters.calls;
}

static void begin(struct lane *lane)
{
    if (lane->in_transaction)
        return;
    FAILPOINT(before_begin);
    send_control(lane, lane->batch[0]->is_read ? &transaction_begin_read : &transaction_begin);
    send_branches(lane);
    renew_plans(lane);
    lane->in_transaction = true;
}

static void sync_round(struct lane *lane, enum lane_state state)
{
    if (lane->state == LANE_LOST)
        return;
    lane->state = state;
    if (PQpipelineSync(lane->database->connection) != 1 || PQflush(lane->database->connection) < 0)
        lane_lose(lane);
    lane->counters.round_trips++;
}

static void roll_back(struct lane *lane)
{
    lane->counters.rolled_back++;
    send_control(lane, &transaction_rollback);
    sync_round(lane, LANE_ROLLING_BACK);
    FAILPOINT(rolling_back);
}

static void run_fiber(void *argument)
{
    struct work *work = argument;

    work->run(work);
    work_end(work);
}

static void start_batch(struct lane *lane)
{
    arena_reset(&lane->arena);
    arena_reset(&lane->control.arena);
    lane->error = (struct lane_error){.is_set = false};
    lane->in_transaction = false;
    lane->begun = clock_monotonic();
    lane->counters.batches++;
    lane->counters.calls += (int64_t)lane->batch_count;
    size_t bucket = 0;
    while (((size_t)1 << bucket) < lane->batch_count)
        bucket++;
    lane->counters.sizes[bucket]++;
    for (size_t i = 0; i < lane->batch_count; i++) {
        struct work *work = lane->batch[i];
        work->attempts++;
        work->started = clock_monotonic();
        work->fiber = fiber_start(&lane->fibers, run_fiber, work);
    }
}

static void finish_batch(struct lane *lane)
{
    batch_note_pace(lane);
    for (size_t i = 0; i < lane->batch_count; i++)
        link_append(&lane->finished, &lane->batch[i]->link);
    lane->batch_count = 0;
    lane->state = LANE_IDLE;
}

static bool needs_round(const struct lane *lane)
{
    for (size_t i = 0; i < lane->batch_count; i++) {
        const struct work *work = lane->batch[i];
        if (work->waiting != NULL || (work->lookup != NULL && !work->key_known))
            return true;
    }
    return false;
}

/* Something was written for a call that was refused then: it must not be kept. */
static bool must_undo(const struct lane *lane)
{
    for (size_t i = 0; i < lane->batch_count; i++)
        if (has_failed(&lane->batch[i]->call) && lane->batch[i]->is_touching)
            return true;
    return false;
}

static bool has_writes(const struct lane *lane)
{
    for (size_t i = 0; i < lane->batch_count; i++)
        if (lane->batch[i]->first != NULL || lane->batch[i]->events != NULL)
            return true;
    return false;
}

static bool has_counted_writes(const struct lane *lane)
{
    for (size_t i = 0; i < lane->batch_count; i++)
        for (const struct step *s = lane->batch[i]->first; s != NULL; s = s->next)
            if (s->prepared->statement->mode == STATEMENT_WRITE_ONE)
                return true;
    return false;
}

/* A transaction that only read makes nothing durable: nobody waits for its COMMIT, and the next batch goes out behind it. */
static void end_reading(struct lane *lane)
{
    lane->last = (struct sent){.prepared = database_find(lane->database, &transaction_commit)};
    if (PQsendQueryPrepared(lane->database->connection, lane->last.prepared->name, 0, NULL, NULL,
                            NULL, 1) != 1) {
        lane_lose(lane);
        return;
    }
    *lane->sent_last = &lane->last;
    lane->sent_last = &lane->last.next;
    lane->counters.statements++;
    sync_round(lane, LANE_IDLE);
    lane->owes_answer = lane->state == LANE_IDLE;
}

static void commit(struct lane *lane)
{
    merge_writes(lane);
    FAILPOINT(before_outbox);
    append_events(lane);
    FAILPOINT(before_commit);
    send_control(lane, &transaction_commit);
    sync_round(lane, LANE_COMMITTING);
    FAILPOINT(commit_sent);
}

/* All handlers are done. Reads are answered at once: their COMMIT makes nothing durable. */
static void settle_batch(struct lane *lane)
{
    for (size_t i = 0; i < lane->batch_count; i++)
        if (lane->batch[i]->settle != NULL)
            lane->batch[i]->settle(lane->batch[i]);
    if (!has_writes(lane) && !lane->in_transaction) {
        finish_batch(lane);
        return;
    }
    if (!has_writes(lane) && (lane->batch_count == 0 || lane->batch[0]->is_read)) {
        end_reading(lane);
        if (lane->state == LANE_IDLE)
            finish_batch(lane);
        return;
    }
    FAILPOINT(before_writes);
    begin(lane);
    if (has_counted_writes(lane)) {
        merge_writes(lane);
        sync_round(lane, LANE_WRITING);
        FAILPOINT(writes_sent);
    } else {
        commit(lane);
    }
}

/* Calls that want something computed leave the batch; they begin anew when it is. */
static void send_away(struct lane *lane)
{
    size_t left = 0;

    for (size_t i = 0; i < lane->batch_count; i++) {
        struct work *work = lane->batch[i];
        if (work->asked == NULL) {
            lane->batch[left++] = work;
            continue;
        }
        struct computation *computation = work->asked;
        work_reset(work);
        work->attempts--;
        lane->away_count++;
        compute_ask(lane->compute, computation);
    }
    lane->batch_count = left;
}

void lane_take_back(struct lane *lane)
{
    struct computation *computation;

    while ((computation = compute_answered(lane->compute)) != NULL) {
        lane->away_count--;
        lane_add(lane, computation->work);
    }
}

static void go_on(struct lane *lane)
{
    send_away(lane);
    if (needs_round(lane)) {
        begin(lane);
        merge_reads(lane);
        sync_round(lane, LANE_READING);
        FAILPOINT(reads_sent);
    } else if (must_undo(lane)) {
        roll_back(lane);
    } else {
        settle_batch(lane);
    }
}

/* What a stored reply or a lost batch leaves of a call: its handler sees a failure and comes to its end. */
static void fail_silently(struct work *work)
{
    static const struct error interrupted = {.name = "interrupted", .class = ERROR_CLASS_RETRY};

    if (!has_failed(&work->call))
        work->call.failure.error = &interrupted;
}

static void resume_answered(struct lane *lane)
{
    for (size_t i = 0; i < lane->batch_count; i++) {
        struct work *work = lane->batch[i];
        if (work->lookup != NULL && work->lookup->is_sent && !work->key_known) {
            work->key_known = true;
            work->is_replayed = work->lookup->is_found;
        }
        if (work->is_replayed && !work->is_touching) {
            work_drop(work);
            fail_silently(work);
        }
        bool may_resume = work->waiting != NULL && (work->waiting->is_sent || work->is_replayed);
        if (may_resume && !fiber_resume(&lane->fibers, work->fiber))
            work->fiber = NULL;
    }
}

static void run_out(struct lane *lane, struct work *work)
{
    work->is_lost = true;
    while (work->fiber != NULL) {
        fail_silently(work);
        if (!fiber_resume(&lane->fibers, work->fiber))
            work->fiber = NULL;
    }
}

/* What an SQL error is to the one who asked (design 8: nothing was done, so it may be tried again). */
static const struct error *error_of(const struct lane_error *error)
{
    static const struct {
        const char *state;
        const struct error *error;
    } meanings[] = {
        {"40001", &error_conflict}, /* serialization_failure */
        {"40P01", &error_conflict}, /* deadlock_detected */
        {"55P03", &error_conflict}, /* lock_not_available */
        {"23505", &error_conflict}, /* unique_violation */
        {"57014", &error_busy},     /* query_canceled: statement_timeout */
        {"53300", &error_busy},     /* too_many_connections */
    };

    for (size_t i = 0; i < sizeof(meanings) / sizeof(*meanings); i++)
        if (text_equal(meanings[i].state, error->state))
            return meanings[i].error;
    return &error_internal;
}

/* The same call may well succeed at another moment: transaction_rollback, lock_not_available, operator_intervention. */
static bool is_passing(const struct lane_error *error)
{
    return strncmp(error->state, "40", 2) == 0 || strncmp(error->state, "57", 2) == 0 ||
           strncmp(error->state, "53", 2) == 0 || text_equal(error->state, "55P03");
}

/* Law 4: the calls of a batch that failed run again, each alone, in their order and before everything that waits. */
static void run_again_alone(struct lane *lane)
{
    for (size_t i = lane->batch_count; i-- > 0;) {
        struct work *work = lane->batch[i];
        work_reset(work);
        work->is_alone = true;
        link_append(lane->waiting.next, &work->link); /* at the front */
        lane->waiting_count++;
    }
    lane->batch_count = 0;
    lane->state = LANE_IDLE;
}

static bool is_lost_race(const struct lane *lane, const struct work *work)
{
    return text_equal(lane->error.state, "23505") && text_equal(lane->error.table, "idempotency") &&
           work->attempts < ATTEMPTS_MAX;
}

/* A call alone was rolled back. A refusal is recorded in a transaction of its own; the world's mishap is answered as such. */
static void settle_alone(struct lane *lane, struct work *work)
{
    const struct lane_error error = lane->error;
    const bool was_refused = !error.is_set;

    if (error.is_set && is_lost_race(lane, work)) {
        run_again_alone(lane);
        return;
    }
    lane->error = (struct lane_error){.is_set = false};
    lane->in_transaction = false;
    work->is_touching = false;
    if (!was_refused) {
        work->call.failure =
            (struct failure){.error = error.missed != NULL ? error.missed : error_of(&error)};
        work->is_recording = false;
        work->is_passing = error.missed == NULL && is_passing(&error);
        work_drop(work);
    }
    settle_batch(lane);
}

static void after_rollback(struct lane *lane)
{
    for (size_t i = 0; i < lane->batch_count; i++)
        run_out(lane, lane->batch[i]);
    if (lane->batch_count > 1 || lane->batch[0]->is_replayed)
        run_again_alone(lane);
    else
        settle_alone(lane, lane->batch[0]);
}

static void round_complete(struct lane *lane)
{
    switch (lane->state) {
    case LANE_READING:
        if (lane->error.is_set) {
            roll_back(lane);
            return;
        }
        FAILPOINT(after_reads);
        resume_answered(lane);
        go_on(lane);
        return;
    case LANE_WRITING:
        if (lane->error.is_set)
            roll_back(lane);
        else
            commit(lane);
        return;
    case LANE_COMMITTING:
        if (lane->error.is_set) {
            roll_back(lane);
            return;
        }
        FAILPOINT(committed);
        finish_batch(lane);
        return;
    case LANE_ROLLING_BACK:
        FAILPOINT(rolled_back);
        after_rollback(lane);
        return;
    case LANE_IDLE:
    case LANE_LOST:
        return;
    }
}

void lane_step(struct lane *lane)
{
    while (lane->state != LANE_LOST) {
        if (lane->state != LANE_IDLE) {
            if (!answers_receive(lane))
                return;
            round_complete(lane);
        } else if (lane->waiting_count > 0) {
            batch_take(lane);
            if (lane->batch_count == 0)
                return;
            start_batch(lane);
            go_on(lane);
        } else {
            if (PQconsumeInput(lane->database->connection) != 1) /* notices, or its end */
                lane_lose(lane);
            return;
        }
    }
}
