/* loop.c - the only main loop: messages in, batches through the database, answers and wake-ups out. */
#include <errno.h>
#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/failpoint.h"
#include "base/log.h"
#include "base/memory.h"
#include "service/server.h"

#include "base/banned.h"

#define TICK_PERIOD (100 * INT64_C(1000))
#define LOG_PERIOD (20 * INT64_C(1000))
#define LEAVE_PATIENCE (3 * CLOCK_SECOND)
#define LEAVE_QUIET (300 * INT64_C(1000))

enum { ITEMS_MAX = 20, RECEIVE_MAX = 128, FREE_MAX = 512, WOKEN_MAX = 64 };

static struct request *take_request(struct server *server)
{
    struct request *request = server->free;

    server->metrics.works++;
    if (request == NULL)
        return memory_new(sizeof(*request));
    server->free = (struct request *)(void *)request->work.link.next;
    server->free_count--;
    struct arena arena = request->work.arena;
    *request = (struct request){.work.arena = arena};
    return request;
}

static void give_back(struct server *server, struct request *request)
{
    server->metrics.works--;
    if (server->free_count == FREE_MAX) {
        arena_release(&request->work.arena);
        memory_free(&request);
        return;
    }
    server->free_count++;
    arena_reset(&request->work.arena);
    request->work.link.next = (struct link *)(void *)server->free;
    server->free = request;
}

static void log_call(const struct request *request, const char *outcome, int64_t microseconds)
{
    const struct call *c = &request->work.call;
    char staff[ID_TEXT_SIZE], branch[ID_TEXT_SIZE];

    id_format(c->actor.staff_id, staff);
    id_format(c->branch_id, branch);
    log_info("call", log_text("operation", request->envelope.operation),
             log_text("actor", id_is_none(c->actor.staff_id) ? "" : staff),
             log_text("branch", id_is_none(c->branch_id) ? "" : branch),
             log_text("outcome", outcome), log_int("ms", microseconds / 1000),
             log_bool("replayed", request->work.is_replayed), log_text("trace", c->trace));
}

static void answer(struct server *server, struct request *request)
{
    struct envelope reply = request_reply(request);
    const char *outcome = reply.error == NULL ? "ok" : reply.error;
    int64_t microseconds = clock_monotonic() - request->received;
    const struct operation *operation = request->work.call.operation;

    FAILPOINT(before_answer);
    peer_answer(server->peer, request->from, &reply);
    FAILPOINT(answered);
    log_call(request, outcome, microseconds);
    metrics_count(&server->metrics, operation == NULL ? "unknown" : operation->name, outcome,
                  microseconds);
    give_back(server, request);
}

static void accept_request(struct server *server, struct request *request)
{
    const struct operation *operation =
        map_get_text(&server->operations, request->envelope.operation);

    request->work.lane = &server->lane;
    if (request_accept(request, server->service, operation))
        lane_add(&server->lane, &request->work);
    else
        answer(server, request);
}

/* Whatever came, but not for ever: the lane has its turn too. */
static bool receive(struct server *server)
{
    for (int i = 0; i < RECEIVE_MAX; i++) {
        struct request *request = take_request(server);
        if (!peer_receive(server->peer, &request->work.arena, &request->envelope, &request->from)) {
            give_back(server, request);
            return false;
        }
        request->received = clock_monotonic();
        request->since = server->empty_since;
        if (request->envelope.kind == ENVELOPE_REQUEST) {
            accept_request(server, request);
            continue;
        }
        inbox_answer(&server->inbox, &request->envelope, &request->work.arena);
        give_back(server, request);
    }
    return true;
}

static void hear_wakeups(struct server *server)
{
    char producer[64];
    struct id branch_id;

    while (peer_woken(server->peer, producer, &branch_id))
        inbox_woken(&server->inbox, producer, branch_id);
}

/* The branches that got events, each once for all calls that were finished together. */
struct woken {
    struct id branches[WOKEN_MAX];
    size_t count;
};

static void note_branch(struct woken *woken, struct id branch_id)
{
    for (size_t i = 0; i < woken->count; i++)
        if (id_equal(woken->branches[i], branch_id))
            return;
    if (woken->count < WOKEN_MAX) /* those beyond are found by the sweep */
        woken->branches[woken->count++] = branch_id;
}

static void note_events(struct woken *woken, const struct work *work)
{
    if (has_failed(&work->call) && !work->is_recording)
        return;
    for (const struct emitted *e = work->events; e != NULL; e = e->next)
        note_branch(woken, e->branch_id);
}

static void finish(struct server *server)
{
    struct woken woken = {.count = 0};
    struct work *work;

    while ((work = lane_finished(&server->lane)) != NULL) {
        note_events(&woken, work);
        if (work->run == effect_run || work->run == effect_load)
            inbox_finished(&server->inbox, (struct arrival *)(void *)work);
        else if (work->is_turn)
            schedule_finished((struct turn *)(void *)work);
        else
            answer(server, (struct request *)(void *)work);
    }
    if (woken.count > 0)
        FAILPOINT(before_wake);
    for (size_t i = 0; i < woken.count; i++)
        peer_wake(server->peer, server->service->name, woken.branches[i]);
}

/* True when it was time. */
static bool tick(struct server *server)
{
    int64_t now = clock_monotonic();

    if (now < server->next_tick)
        return false;
    server->next_tick = now + TICK_PERIOD;
    peer_tick(server->peer, now);
    if (server->is_leaving)
        return true;
    inbox_tick(&server->inbox, now);
    if (server->runs_jobs)
        schedule_tick(&server->schedule, now);
    return true;
}

/* Lines wait for each other, for a tick at most: each write wakes whoever keeps the log. */
static bool log_is_due(struct server *server)
{
    int64_t now = clock_monotonic();

    if (now - server->log_flushed_at < LOG_PERIOD)
        return false;
    server->log_flushed_at = now;
    return true;
}

/* What poll found is asked for in the next turn, and nothing else: each question to the kernel costs as much as a small statement. */
static void wait_for_something(struct server *server, bool has_more)
{
    struct pollfd items[ITEMS_MAX];
    size_t count = peer_poll_items(server->peer, items, 16), first = count;
    int64_t left = (server->next_tick - clock_monotonic()) / 1000;
    bool may_sleep = !has_more && !peer_may_hold(server->peer) && left >= 0;

    if (!has_more) {
        server->empty_since = server->looked;
        server->looked = clock_monotonic();
    }
    if (may_sleep && log_is_due(server))
        log_flush();
    items[count++] = (struct pollfd){.fd = server->signals, .events = POLLIN};
    items[count++] = (struct pollfd){
        .fd = lane_socket(&server->lane),
        .events = (short)(POLLIN | (lane_wants_to_write(&server->lane) ? POLLOUT : 0))};
    items[count++] = (struct pollfd){
        .fd = server->health == NULL ? -1 : health_poll_fd(server->health), .events = POLLIN};
    items[count++] = (struct pollfd){.fd = server->compute.event_fd, .events = POLLIN};
    if (poll(items, count, may_sleep ? (int)left + 1 : 0) < 0 && errno != EINTR)
        die("poll", "%s", strerror(errno));
    peer_polled(server->peer, items);
    server->is_signalled = items[first].revents != 0;
    server->is_lane_ready = items[first + 1].revents != 0;
    server->is_visited = items[first + 2].revents != 0;
    server->has_computed = items[first + 3].revents != 0;
}

static void hear_signals(struct server *server)
{
    struct signalfd_siginfo info;

    if (read(server->signals, &info, sizeof(info)) != sizeof(info) || server->is_leaving)
        return;
    log_info("leaving", log_int("waiting", (int64_t)server->lane.waiting_count));
    server->is_leaving = true;
    server->metrics.is_leaving = true;
    server->inbox.is_leaving = true;
    server->leave_by = clock_monotonic() + LEAVE_PATIENCE;
    server->idle_since = clock_monotonic();
    peer_goodbye(server->peer);
}

/* What was on its way when we said goodbye is still done, and the last answers get out. */
static bool may_leave(struct server *server)
{
    int64_t now = clock_monotonic();

    if (!server->is_leaving)
        return false;
    if (!lane_is_idle(&server->lane))
        server->idle_since = now;
    return now - server->idle_since > LEAVE_QUIET || now > server->leave_by;
}

int server_run(struct server *server)
{
    log_hold();
    while (!lane_is_lost(&server->lane)) {
        bool has_more = receive(server);
        hear_wakeups(server);
        if (server->has_computed)
            lane_take_back(&server->lane);
        if (server->is_lane_ready || lane_may_begin(&server->lane))
            lane_step(&server->lane);
        finish(server);
        if (tick(server) || server->is_visited)
            health_turn(server->health);
        if (server->is_signalled)
            hear_signals(server);
        if (may_leave(server)) {
            log_release();
            return 0;
        }
        wait_for_something(server, has_more);
    }
    log_release();
    return 1;
}
