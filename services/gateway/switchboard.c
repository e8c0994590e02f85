/* switchboard.c - gives each request to the least busy worker of its service, and to another one when that one dies. */
#include "switchboard.h"

#include <string.h>

#include "base/memory.h"
#include "base/text.h"

#include "base/banned.h"

#define LOOK_EVERY INT64_C(20000)

void switchboard_init(struct switchboard *board, const char *const *services)
{
    *board = (struct switchboard){0};
    map_init(&board->workers);
    link_init(&board->free);
    link_init(&board->sent);
    for (; services[board->desk_count] && board->desk_count < SWITCHBOARD_SERVICES_MAX;
         board->desk_count++) {
        struct desk *desk = &board->desks[board->desk_count];

        desk->service = services[board->desk_count];
        link_init(&desk->workers);
        link_init(&desk->waiting);
    }
    board->slots = memory_array(struct slot, SWITCHBOARD_SLOTS);
    for (uint32_t i = 0; i < SWITCHBOARD_SLOTS; i++) {
        board->slots[i].index = i;
        link_append(&board->free, &board->slots[i].link);
    }
}

void switchboard_release(struct switchboard *board)
{
    for (size_t i = 0; i < map_count(&board->workers); i++) {
        struct worker *worker = map_at(&board->workers, i)->value;

        memory_free(&worker);
    }
    map_release(&board->workers);
    memory_free(&board->slots);
}

static struct desk *desk_of(struct switchboard *board, const char *service)
{
    for (size_t i = 0; i < board->desk_count; i++) {
        if (text_equal(board->desks[i].service, service))
            return &board->desks[i];
    }
    return NULL;
}

struct worker *switchboard_worker(const struct switchboard *board, struct bytes identity)
{
    return map_get(&board->workers, identity.data, identity.len);
}

const char *switchboard_service(const struct switchboard *board, const struct worker *worker)
{
    return board->desks[worker->desk].service;
}

static struct worker *worker_new(struct switchboard *board, struct bytes identity, size_t desk)
{
    struct worker *worker = memory_new(sizeof(*worker));

    memcpy(worker->identity, identity.data, identity.len);
    worker->identity_len = identity.len;
    worker->desk = desk;
    link_append(&board->desks[desk].workers, &worker->link);
    map_put(&board->workers, identity.data, identity.len, worker);
    return worker;
}

static void worker_forget(struct switchboard *board, struct worker *worker)
{
    link_remove(&worker->link);
    map_remove(&board->workers, worker->identity, worker->identity_len);
    memory_free(&worker);
}

bool switchboard_ready(struct switchboard *board, struct bytes identity, const char *service,
                       int64_t credit, int64_t now)
{
    struct desk *desk = desk_of(board, service);
    struct worker *worker = switchboard_worker(board, identity);

    if (!desk || identity.len == 0 || identity.len > WORKER_IDENTITY_MAX)
        return false;
    if (worker && worker->desk != (size_t)(desk - board->desks))
        return false;
    if (!worker)
        worker = worker_new(board, identity, (size_t)(desk - board->desks));
    worker->credit = credit;
    worker->heard = now;
    worker->is_leaving = false;
    return true;
}

bool switchboard_heard(struct switchboard *board, struct bytes identity, int64_t now)
{
    struct worker *worker = switchboard_worker(board, identity);

    if (worker)
        worker->heard = now;
    return worker != NULL;
}

void switchboard_goodbye(struct switchboard *board, struct bytes identity)
{
    struct worker *worker = switchboard_worker(board, identity);

    if (!worker)
        return;
    worker->is_leaving = true;
    if (worker->outstanding == 0)
        worker_forget(board, worker);
}

/* Back to the front: it has waited longest. */
static void slot_return(struct switchboard *board, struct slot *slot, int64_t now)
{
    struct link *waiting = &board->desks[slot->desk].waiting;

    link_remove(&slot->link);
    link_append(waiting->next, &slot->link);
    slot->state = SLOT_WAITING;
    slot->worker = NULL;
    slot->since = now;
    board->redispatched++;
}

void switchboard_lost(struct switchboard *board, struct worker *worker, int64_t now)
{
    link_each (&board->sent, link) {
        struct slot *slot = link_entry(link, struct slot, link);

        if (slot->worker == worker)
            slot_return(board, slot, now);
    }
    worker_forget(board, worker);
}

struct slot *switchboard_put(struct switchboard *board, const char *service, void *owner,
                             int64_t now, int64_t deadline)
{
    struct desk *desk = desk_of(board, service);
    struct slot *slot;

    if (!desk || link_is_empty(&board->free))
        return NULL;
    slot = link_entry(board->free.next, struct slot, link);
    link_remove(&slot->link);
    link_append(&desk->waiting, &slot->link);
    slot->state = SLOT_WAITING;
    slot->desk = (size_t)(desk - board->desks);
    slot->worker = NULL;
    slot->since = now;
    slot->deadline = deadline;
    slot->tries = 0;
    slot->owner = owner;
    board->used++;
    return slot;
}

void slot_correlation(const struct slot *slot, uint8_t correlation[CORRELATION_SIZE])
{
    memcpy(correlation, &slot->index, sizeof(slot->index));
    memcpy(correlation + sizeof(slot->index), &slot->generation, sizeof(slot->generation));
}

struct slot *switchboard_reply(struct switchboard *board, struct bytes identity,
                               struct bytes correlation)
{
    struct worker *worker = switchboard_worker(board, identity);
    uint32_t index = SWITCHBOARD_SLOTS, generation = 0;
    struct slot *slot;

    if (correlation.len == CORRELATION_SIZE) {
        memcpy(&index, correlation.data, sizeof(index));
        memcpy(&generation, correlation.data + sizeof(index), sizeof(generation));
    }
    slot = index < SWITCHBOARD_SLOTS ? &board->slots[index] : NULL;
    if (!worker || !slot || slot->state == SLOT_FREE || slot->generation != generation ||
        slot->desk != worker->desk) {
        board->late++;
        return NULL;
    }
    return slot;
}

void switchboard_done(struct switchboard *board, struct slot *slot)
{
    struct worker *worker = slot->worker;

    if (slot->state == SLOT_SENT && --worker->outstanding == 0 && worker->is_leaving)
        worker_forget(board, worker);
    link_remove(&slot->link);
    link_append(&board->free, &slot->link);
    slot->state = SLOT_FREE;
    slot->generation++;
    slot->worker = NULL;
    slot->owner = NULL;
    board->used--;
}

static struct worker *least_busy(const struct desk *desk)
{
    struct worker *best = NULL;

    link_each (&desk->workers, link) {
        struct worker *worker = link_entry(link, struct worker, link);

        if (!worker->is_leaving && worker->outstanding < worker->credit &&
            (!best || worker->outstanding < best->outstanding))
            best = worker;
    }
    return best;
}

/* The first waiting request of the desk to its least busy worker. */
static bool assign(struct switchboard *board, struct desk *desk, struct action *action)
{
    struct worker *worker = link_is_empty(&desk->waiting) ? NULL : least_busy(desk);
    struct slot *slot;

    if (!worker)
        return false;
    slot = link_entry(desk->waiting.next, struct slot, link);
    link_remove(&slot->link);
    if (slot->tries == SWITCHBOARD_TRIES_MAX) {
        link_append(&desk->waiting, &slot->link);
        *action = (struct action){.kind = ACTION_GIVEN_UP, .slot = slot};
        return true;
    }
    link_append(&board->sent, &slot->link);
    slot->state = SLOT_SENT;
    slot->worker = worker;
    slot->tries++;
    worker->outstanding++;
    /* equal ones take turns */
    link_remove(&worker->link);
    link_append(&desk->workers, &worker->link);
    *action = (struct action){.kind = ACTION_SEND, .slot = slot, .worker = worker};
    return true;
}

/* A slot of the list whose time is over. */
static bool overdue(struct link *list, bool nobody, int64_t now, struct action *action)
{
    link_each (list, link) {
        struct slot *slot = link_entry(link, struct slot, link);
        bool is_hopeless = nobody && now - slot->since >= WORKER_WAIT;

        if (now < slot->deadline && !is_hopeless)
            continue;
        *action =
            (struct action){.kind = slot->tries > 0 ? ACTION_EXPIRED : ACTION_NOBODY, .slot = slot};
        return true;
    }
    return false;
}

static bool find_overdue(struct switchboard *board, int64_t now, struct action *action)
{
    if (overdue(&board->sent, false, now, action))
        return true;
    for (size_t i = 0; i < board->desk_count; i++) {
        struct desk *desk = &board->desks[i];

        if (overdue(&desk->waiting, link_is_empty(&desk->workers), now, action))
            return true;
    }
    return false;
}

static void forget_silent(struct switchboard *board, int64_t now)
{
    for (size_t i = map_count(&board->workers); i > 0; i--) {
        struct worker *worker = map_at(&board->workers, i - 1)->value;

        if (now - worker->heard > WORKER_SILENCE)
            switchboard_lost(board, worker, now);
    }
}

bool switchboard_next(struct switchboard *board, int64_t now, struct action *action)
{
    if (now >= board->next_look) {
        forget_silent(board, now);
        if (find_overdue(board, now, action))
            return true;
        board->next_look = now + LOOK_EVERY;
    }
    for (size_t i = 0; i < board->desk_count; i++) {
        if (assign(board, &board->desks[i], action))
            return true;
    }
    return false;
}

struct worker *switchboard_greet(struct switchboard *board, int64_t now)
{
    for (size_t i = 0; i < map_count(&board->workers); i++) {
        struct worker *worker = map_at(&board->workers, i)->value;
        bool is_quiet = worker->outstanding > 0 && now - worker->heard >= WORKER_PROBE;

        if (now - worker->said < (is_quiet ? WORKER_PROBE : WORKER_HEARTBEAT))
            continue;
        worker->said = now;
        return worker;
    }
    return NULL;
}

size_t switchboard_live(const struct switchboard *board, const char *service)
{
    size_t count = 0;

    for (size_t i = 0; i < board->desk_count; i++) {
        if (!text_equal(board->desks[i].service, service))
            continue;
        link_each (&board->desks[i].workers, link)
            count += !link_entry(link, struct worker, link)->is_leaving;
    }
    return count;
}
