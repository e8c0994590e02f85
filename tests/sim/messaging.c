/* messaging.c - switchboard, keys, outbox and inbox positions in one process with a clock and a chance of its own: what a seed does, it does
 * again.
 *
 * Askers put keyed requests into the gateway's switchboard (the real one). Workers of two services carry them out against a store that
 * knows keys, numbers events and keeps positions in one step, as a transaction does. Everything between them goes over lines that drop,
 * double, delay, reorder and are cut; workers crash between any two steps, and freeze. Then all heals, and nothing may be missing or double.
 */
#include "messaging.h"

#include "base/clock.h"
#include "base/memory.h"
#include "switchboard.h"

#include "base/banned.h"

enum {
    WORKERS = 4,
    PRODUCERS = 2,
    ASKS = 24,
    MESSAGES_MAX = 1024,
    EVENTS_MAX = ASKS + 1,
    CREDIT = 3,
    PAGE = 4,
    TRIES = 30,
    CROWDED_EVERY = 16 /* seeds: it takes long */
};

#define TROUBLE_ENDS (12 * CLOCK_SECOND)
#define ALL_ENDS (60 * CLOCK_SECOND)
#define TICK (20 * INT64_C(1000))
#define PATIENCE (4 * CLOCK_SECOND)
#define QUESTION_PATIENCE (2 * CLOCK_SECOND)
#define START (1000 * CLOCK_SECOND)

static const char *const services[] = {"producer", "consumer", NULL};

enum kind { READY, HEARTBEAT, REQUEST, REPLY, DO, NEWS };

/* One thing that is going to happen. */
struct message {
    int64_t at;
    uint64_t order; /* of two at the same time */
    enum kind kind;
    int worker, life; /* a worker that died in between does not hear it */
    uint8_t correlation[CORRELATION_SIZE];
    int ask; /* an asker's number; -1 - worker: that consumer's question */
    int question;
    int64_t deadline;
    int64_t after; /* of a question */
    int count;     /* of events in its answer */
};

struct worker_model {
    bool is_up;
    int life;
    int64_t up_at, frozen_until, cut_until, said;
    /* a consumer's */
    int64_t position, asked_at;
    int question;
};

struct ask {
    int tries;
    bool is_out, is_acknowledged;
    int64_t again_at;
    struct slot *slot;
};

struct simulation {
    uint64_t chance, hash, order;
    int64_t now;
    struct flaws flaws;
    bool is_crowded;
    struct switchboard board;
    struct message messages[MESSAGES_MAX];
    size_t message_count;
    struct worker_model workers[WORKERS];
    struct ask asks[ASKS];
    struct slot *question_slots[WORKERS];
    /* the stores */
    int done[ASKS];          /* how often a key was carried out */
    int log[EVENTS_MAX * 4]; /* the ask of event number n + 1 */
    int64_t log_count, position;
    int applied[EVENTS_MAX * 4];
    const char *wrong;
};

static uint64_t chance(struct simulation *s)
{
    s->chance += UINT64_C(0x9e3779b97f4a7c15);
    uint64_t x = s->chance;
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

static int64_t below(struct simulation *s, int64_t limit)
{
    return (int64_t)(chance(s) % (uint64_t)limit);
}

static bool is_troubled(const struct simulation *s)
{
    return s->now < START + TROUBLE_ENDS;
}

static void note(struct simulation *s, int64_t what)
{
    for (int i = 0; i < 8; i++)
        s->hash = (s->hash ^ ((uint64_t)what >> (8 * i) & 255)) * UINT64_C(0x100000001b3);
}

static struct bytes identity_of(const int *worker)
{
    return (struct bytes){(const uint8_t *)worker, sizeof(*worker)};
}

static void put_message(struct simulation *s, struct message message, int64_t delay)
{
    if (s->message_count == MESSAGES_MAX) {
        s->wrong = "more messages than there can be: something goes round";
        return;
    }
    message.at = s->now + delay;
    message.order = s->order++;
    s->messages[s->message_count++] = message;
}

/* Over a line: dropped, doubled, late, overtaken. */
static void send_message(struct simulation *s, struct message message)
{
    const struct worker_model *worker = &s->workers[message.worker];
    int copies = 1;

    if (s->now < worker->cut_until)
        return;
    if (is_troubled(s)) {
        int64_t fate = below(s, 100);
        copies = fate < 4 ? 0 : fate < 8 ? 2 : 1;
    }
    for (int i = 0; i < copies; i++) {
        int64_t delay = 100 + below(s, is_troubled(s) && below(s, 10) == 0 ? 900000 : 3000);
        put_message(s, message, delay);
    }
}

static struct message take_next(struct simulation *s)
{
    size_t best = 0;

    for (size_t i = 1; i < s->message_count; i++)
        if (s->messages[i].at < s->messages[best].at ||
            (s->messages[i].at == s->messages[best].at &&
             s->messages[i].order < s->messages[best].order))
            best = i;
    struct message message = s->messages[best];
    s->messages[best] = s->messages[--s->message_count];
    return message;
}

/* What a transaction does: all of it, or, when the process dies before, nothing. */
static void carry_out(struct simulation *s, struct message *message)
{
    if (message->ask < 0) { /* a consumer asks for events */
        int64_t left = s->log_count - message->after;
        message->count = (int)(left < PAGE ? left : PAGE);
        return;
    }
    if (s->done[message->ask] > 0 && !s->flaws.forgets_keys)
        return;
    if (s->log_count == EVENTS_MAX * 4) {
        s->wrong = "more events than requests";
        return;
    }
    s->done[message->ask]++;
    s->log[s->log_count++] = message->ask;
}

/* Effects and position in one step; false: another instance was faster. */
static void apply_news(struct simulation *s, struct worker_model *worker,
                       const struct message *message)
{
    if (message->question != worker->question || worker->asked_at == 0)
        return;
    worker->asked_at = 0;
    if (message->count == 0)
        return;
    if (s->position != message->after && !s->flaws.ignores_position) {
        worker->position = s->position;
        return;
    }
    for (int64_t n = message->after; n < message->after + message->count; n++)
        if (!s->flaws.skips_effects || n % 5 != 3)
            s->applied[n]++;
    if (message->after + message->count > s->position)
        s->position = message->after + message->count;
    worker->position = s->position;
}

static void worker_hears(struct simulation *s, struct message message)
{
    struct worker_model *worker = &s->workers[message.worker];

    if (!worker->is_up || message.life != worker->life)
        return;
    if (s->now < worker->frozen_until) {
        put_message(s, message, worker->frozen_until - s->now);
        return;
    }
    if (message.kind == REQUEST) {
        message.kind = DO;
        put_message(s, message, 500 + below(s, 4000));
    } else if (message.kind == DO) {
        if (s->now > message.deadline && !s->flaws.ignores_deadlines)
            return;
        if (s->now > message.deadline)
            s->wrong = "carried out after its time";
        carry_out(s, &message);
        message.kind = REPLY;
        send_message(s, message);
    } else if (message.kind == NEWS) {
        apply_news(s, worker, &message);
    }
}

static void answer(struct simulation *s, const struct message *message, struct slot *slot)
{
    if (message->ask >= 0) {
        s->asks[message->ask].is_acknowledged = true;
        s->asks[message->ask].is_out = false;
        if (s->done[message->ask] == 0)
            s->wrong = "acknowledged and not done";
    } else {
        struct message news = *message;
        news.kind = NEWS;
        news.worker = -1 - message->ask;
        news.life = s->workers[news.worker].life;
        s->question_slots[news.worker] = NULL;
        send_message(s, news);
    }
    switchboard_done(&s->board, slot);
}

static void gateway_hears(struct simulation *s, const struct message *message)
{
    struct bytes identity = identity_of(&message->worker);

    if (message->kind == READY) {
        switchboard_ready(&s->board, identity, services[message->worker / PRODUCERS], CREDIT,
                          s->now);
        return;
    }
    bool is_known = switchboard_heard(&s->board, identity, s->now);
    if (message->kind != REPLY || !is_known)
        return;
    struct slot *slot = switchboard_reply(&s->board, identity,
                                          (struct bytes){message->correlation, CORRELATION_SIZE});
    if (slot == NULL)
        return;
    const void *owner = message->ask >= 0 ? (const void *)&s->asks[message->ask]
                                          : (const void *)&s->workers[-1 - message->ask];
    if (slot->owner != owner)
        s->wrong = "an answer for another";
    else
        answer(s, message, slot);
}

static void fail_slot(struct simulation *s, struct slot *slot)
{
    for (int i = 0; i < ASKS; i++)
        if (slot->owner == &s->asks[i]) {
            s->asks[i].is_out = false;
            s->asks[i].again_at = s->now + below(s, CLOCK_SECOND);
        }
    for (int i = 0; i < WORKERS; i++)
        if (slot->owner == &s->workers[i])
            s->question_slots[i] = NULL;
    switchboard_done(&s->board, slot);
}

static void gateway_works(struct simulation *s)
{
    struct action action;

    while (switchboard_next(&s->board, s->now, &action)) {
        note(s, (int64_t)action.kind);
        if (action.kind != ACTION_SEND) {
            fail_slot(s, action.slot);
            continue;
        }
        struct message message = {.kind = REQUEST, .deadline = action.slot->deadline};
        memcpy(&message.worker, action.worker->identity, sizeof(message.worker));
        message.life = s->workers[message.worker].life;
        slot_correlation(action.slot, message.correlation);
        for (int i = 0; i < ASKS; i++)
            if (action.slot->owner == &s->asks[i])
                message.ask = i;
        for (int i = 0; i < WORKERS; i++)
            if (action.slot->owner == &s->workers[i]) {
                message.ask = -1 - i;
                message.question = s->workers[i].question;
                message.after = s->workers[i].position;
            }
        if (action.worker->outstanding > action.worker->credit)
            s->wrong = "more is out than the credit";
        send_message(s, message);
    }
}

/* Many others come and go, so that the next slot is the one that was freed last: late answers find it taken anew. */
static void crowd_passes(struct simulation *s)
{
    size_t passing = s->is_crowded ? SWITCHBOARD_SLOTS - s->board.used - 1 : 0;

    for (size_t i = 0; i < passing; i++)
        switchboard_done(&s->board, switchboard_put(&s->board, services[0], NULL, s->now, s->now));
}

/* A consumer asks when nothing is on its way, or for too long. */
static void consumer_asks(struct simulation *s, int index)
{
    struct worker_model *worker = &s->workers[index];

    if (s->question_slots[index] != NULL ||
        (worker->asked_at != 0 && s->now - worker->asked_at < QUESTION_PATIENCE))
        return;
    worker->question++;
    crowd_passes(s);
    struct slot *slot =
        switchboard_put(&s->board, services[0], worker, s->now, s->now + QUESTION_PATIENCE);
    s->question_slots[index] = slot;
    worker->asked_at = slot == NULL ? 0 : s->now;
}

static void crash(struct simulation *s, int index)
{
    struct worker_model *worker = &s->workers[index];

    worker->is_up = false;
    worker->life++;
    worker->up_at = s->now + below(s, 4 * CLOCK_SECOND);
}

static void make_trouble(struct simulation *s, int index)
{
    struct worker_model *worker = &s->workers[index];

    if (!is_troubled(s))
        return;
    switch (below(s, 1200)) {
    case 0:
    case 1:
    case 2:
        crash(s, index);
        break;
    case 3:
        worker->frozen_until = s->now + below(s, 5 * CLOCK_SECOND);
        break;
    case 4:
        worker->cut_until = s->now + below(s, 6 * CLOCK_SECOND);
        break;
    }
}

/* A process that starts reads its position from the store; one that lives says so. */
static void worker_ticks(struct simulation *s, int index)
{
    struct worker_model *worker = &s->workers[index];
    struct message word = {.kind = HEARTBEAT, .worker = index};

    if (worker->is_up)
        make_trouble(s, index);
    if (!worker->is_up && s->now >= worker->up_at) {
        worker->is_up = true;
        worker->position = s->position;
        worker->asked_at = 0;
        worker->said = 0;
    }
    if (!worker->is_up || s->now < worker->frozen_until)
        return;
    if (index >= PRODUCERS)
        consumer_asks(s, index);
    if (s->now - worker->said < CLOCK_SECOND / 5)
        return;
    worker->said = s->now;
    word.kind = READY;
    send_message(s, word);
}

static void asker_ticks(struct simulation *s, struct ask *ask)
{
    if (ask->is_acknowledged || ask->is_out || s->now < ask->again_at || ask->tries == TRIES)
        return;
    ask->tries++;
    crowd_passes(s);
    ask->slot = switchboard_put(&s->board, services[0], ask, s->now, s->now + PATIENCE);
    ask->is_out = ask->slot != NULL;
}

static void judge(struct simulation *s)
{
    for (int i = 0; i < ASKS && s->wrong == NULL; i++) {
        if (!s->asks[i].is_acknowledged)
            s->wrong = "never acknowledged, though all has healed";
        else if (s->done[i] != 1)
            s->wrong = "acknowledged, and not done once";
    }
    for (int64_t n = 0; n < s->log_count && s->wrong == NULL; n++)
        if (s->applied[n] != 1)
            s->wrong = "an event was not applied once";
    if (s->wrong == NULL && s->position != s->log_count)
        s->wrong = "the consumer is not at the last number";
}

static bool is_over(const struct simulation *s)
{
    if (is_troubled(s))
        return false;
    for (int i = 0; i < ASKS; i++)
        if (!s->asks[i].is_acknowledged)
            return false;
    return s->position >= s->log_count;
}

static void tick(struct simulation *s)
{
    for (int i = 0; i < WORKERS; i++)
        worker_ticks(s, i);
    for (int i = 0; i < ASKS; i++)
        asker_ticks(s, &s->asks[i]);
    gateway_works(s);
}

struct outcome simulate(uint64_t seed, struct flaws flaws)
{
    struct simulation *s = memory_new(sizeof(*s));
    int64_t next_tick = START;

    s->chance = seed;
    s->hash = UINT64_C(0xcbf29ce484222325);
    s->flaws = flaws;
    s->is_crowded = seed % CROWDED_EVERY == 0;
    s->now = START;
    switchboard_init(&s->board, services);
    for (int i = 0; i < ASKS; i++)
        s->asks[i].again_at = START + below(s, TROUBLE_ENDS);
    while (s->wrong == NULL && s->now < START + ALL_ENDS && !is_over(s)) {
        bool has_message = false;
        for (size_t i = 0; i < s->message_count && !has_message; i++)
            has_message = s->messages[i].at <= next_tick;
        if (!has_message) {
            s->now = next_tick;
            next_tick += TICK;
            tick(s);
            continue;
        }
        struct message message = take_next(s);
        s->now = message.at;
        note(s, message.at);
        note(s, message.worker * 16 + (int)message.kind);
        if (message.kind == REQUEST || message.kind == DO || message.kind == NEWS)
            worker_hears(s, message);
        else
            gateway_hears(s, &message);
        gateway_works(s);
    }
    judge(s);
    struct outcome outcome = {
        .hash = s->hash, .wrong = s->wrong, .redispatched = s->board.redispatched};
    switchboard_release(&s->board);
    memory_free(&s);
    return outcome;
}
