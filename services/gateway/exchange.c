/* exchange.c - the gateway's sockets, and what passes between it and the services. */
#include "exchange.h"

#include <errno.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "gateway.h"
#include "wire/peer_lines.h"

#include "base/banned.h"

#define MESSAGES_PER_TURN 512

/* Places in exchange.ready. */
enum { WORKERS, WAKES_IN, WAKES_OUT, CLIENTS };

/* Without CURVE the network must be the machine's own. */
static bool is_private(const char *address)
{
    return strncmp(address, "ipc://", 6) == 0 || strncmp(address, "inproc://", 9) == 0 ||
           strncmp(address, "tcp://127.", 10) == 0 || strncmp(address, "tcp://[::1]", 11) == 0;
}

static void *bind_socket(struct exchange *exchange, int type, const char *address, bool is_front)
{
    void *socket = peer_socket(exchange->context, type);
    int one = 1;

    if (type == ZMQ_ROUTER)
        zmq_setsockopt(socket, ZMQ_ROUTER_MANDATORY, &one, sizeof(one));
    if (!is_front && !is_private(address)) {
        log_error("bind", log_text("address", address),
                  log_text("detail", "services dial in over ipc or loopback only"));
        errno = EACCES;
    } else if (zmq_bind(socket, address) == 0) {
        return socket;
    }
    log_error("bind", log_text("address", address), log_text("detail", zmq_strerror(errno)));
    zmq_close(socket);
    return NULL;
}

bool exchange_init(struct exchange *exchange, const struct settings *settings)
{
    *exchange = (struct exchange){.context = zmq_ctx_new()};
    exchange->workers = bind_socket(exchange, ZMQ_ROUTER, settings->workers, false);
    exchange->wakes_in = bind_socket(exchange, ZMQ_XSUB, settings->wakeups_in, false);
    exchange->wakes_out = bind_socket(exchange, ZMQ_XPUB, settings->wakeups_out, false);
    if (*settings->clients)
        exchange->clients = bind_socket(exchange, ZMQ_ROUTER, settings->clients, true);
    if (!exchange->workers || !exchange->wakes_in || !exchange->wakes_out ||
        (*settings->clients && !exchange->clients))
        return false;
    exchange->ready[WORKERS] = ready_of(exchange->workers);
    exchange->ready[WAKES_IN] = ready_of(exchange->wakes_in);
    exchange->ready[WAKES_OUT] = ready_of(exchange->wakes_out);
    exchange->ready[CLIENTS] =
        exchange->clients ? ready_of(exchange->clients) : (struct ready){.fd = -1};
    return zmq_send(exchange->wakes_in, "\x01", 1, 0) == 1; /* everything, please */
}

void exchange_release(struct exchange *exchange)
{
    void *sockets[] = {exchange->workers, exchange->clients, exchange->wakes_in,
                       exchange->wakes_out};

    for (size_t i = 0; i < sizeof(sockets) / sizeof(sockets[0]); i++) {
        if (sockets[i])
            zmq_close(sockets[i]);
    }
    zmq_ctx_term(exchange->context);
    buffer_release(&exchange->packed);
    arena_release(&exchange->arena);
}

void exchange_poll_items(const struct exchange *exchange, struct pollfd items[EXCHANGE_ITEMS])
{
    for (size_t i = 0; i < EXCHANGE_ITEMS; i++)
        items[i] = ready_item(&exchange->ready[i]);
}

void exchange_polled(struct exchange *exchange, const struct pollfd items[EXCHANGE_ITEMS])
{
    for (size_t i = 0; i < EXCHANGE_ITEMS; i++)
        ready_polled(&exchange->ready[i], &items[i]);
}

bool exchange_may_hold(const struct exchange *exchange)
{
    for (size_t i = 0; i < EXCHANGE_ITEMS; i++) {
        if (exchange->ready[i].may_hold)
            return true;
    }
    return false;
}

bool exchange_send(struct exchange *exchange, void *socket, struct bytes identity,
                   const struct buffer *packed)
{
    exchange->ready[socket == exchange->workers ? WORKERS : CLIENTS].may_hold = true;
    if (zmq_send(socket, identity.data, identity.len, ZMQ_SNDMORE | ZMQ_DONTWAIT) < 0)
        return false;
    return zmq_send(socket, packed->data, packed->len, ZMQ_DONTWAIT) >= 0;
}

static struct bytes bytes_of(zmq_msg_t *msg)
{
    return (struct bytes){zmq_msg_data(msg), zmq_msg_size(msg)};
}

/* Reads one message of two frames. 1: read; 0: nothing there; -1: it had another number of frames and is gone. */
static int receive_frames(void *socket, struct frames *frames)
{
    const char *address;
    zmq_msg_t rest;
    int count = 2;

    if (zmq_msg_recv(&frames->identity, socket, ZMQ_DONTWAIT) < 0)
        return 0;
    if (!zmq_msg_more(&frames->identity) ||
        zmq_msg_recv(&frames->content, socket, ZMQ_DONTWAIT) < 0)
        return -1;
    address = zmq_msg_gets(&frames->content, "Peer-Address"); /* the last frame carries it */
    snprintf(frames->address, sizeof(frames->address), "%s", address ? address : "");
    if (!zmq_msg_more(&frames->content))
        return 1;
    zmq_msg_init(&rest);
    do
        count++;
    while (zmq_msg_recv(&rest, socket, ZMQ_DONTWAIT) >= 0 && zmq_msg_more(&rest));
    zmq_msg_close(&rest);
    return -1;
}

static void say(struct gateway *gateway, struct bytes identity, enum envelope_kind kind)
{
    struct exchange *exchange = &gateway->exchange;
    struct envelope envelope = {.kind = kind, .operation = "", .trace = ""};

    buffer_clear(&exchange->packed);
    envelope_pack(&envelope, &exchange->packed);
    exchange_send(exchange, exchange->workers, identity, &exchange->packed);
}

static void worker_ready(struct gateway *gateway, struct bytes identity,
                         const struct envelope *envelope)
{
    int64_t now = clock_monotonic();
    bool is_new = !switchboard_heard(&gateway->board, identity, now);

    if (!switchboard_ready(&gateway->board, identity, envelope->operation, envelope->remaining_ms,
                           now)) {
        log_warn("worker_refused", log_text("service", envelope->operation));
        return;
    }
    if (is_new)
        log_info("worker_ready", log_text("service", envelope->operation),
                 log_int("credit", envelope->remaining_ms));
    say(gateway, identity, ENVELOPE_HEARTBEAT);
}

static void worker_replied(struct gateway *gateway, struct bytes identity,
                           const struct envelope *envelope)
{
    struct slot *slot = switchboard_reply(&gateway->board, identity, envelope->correlation);
    struct request *r = slot ? slot->owner : NULL;

    if (!r)
        return;
    r->reply = *envelope;
    r->reply.body.data = arena_copy(&r->arena, envelope->body.data, envelope->body.len);
    r->reply.error = arena_text(&r->arena, envelope->error);
    r->reply.error_value = arena_text(&r->arena, envelope->error_value);
    r->reply.error_field = arena_text(&r->arena, envelope->error_field);
    r->reply.error_policy = arena_text(&r->arena, envelope->error_policy);
    request_answer(r);
}

static void worker_message(struct gateway *gateway, struct frames *frames)
{
    struct bytes identity = bytes_of(&frames->identity);
    struct envelope envelope;
    struct shape_error error;

    arena_reset(&gateway->exchange.arena);
    if (!envelope_unpack(bytes_of(&frames->content), &gateway->exchange.arena, &envelope, &error)) {
        gateway->exchange.malformed++;
        log_warn("message_malformed", log_text("from", "worker"), log_text("element", error.path));
        return;
    }
    if (envelope.kind == ENVELOPE_READY)
        return worker_ready(gateway, identity, &envelope);
    if (!switchboard_heard(&gateway->board, identity, clock_monotonic()))
        say(gateway, identity, ENVELOPE_READY);
    if (envelope.kind == ENVELOPE_REPLY)
        worker_replied(gateway, identity, &envelope);
    else if (envelope.kind == ENVELOPE_REQUEST)
        exchange_service_asks(gateway, frames, &envelope);
    else if (envelope.kind == ENVELOPE_GOODBYE)
        switchboard_goodbye(&gateway->board, identity);
}

static bool receive_router(struct gateway *gateway, void *socket, struct ready *ready,
                           void (*take)(struct gateway *gateway, struct frames *frames))
{
    struct frames frames;
    int received = 1, count = 0;

    if (!ready->may_hold)
        return false;
    zmq_msg_init(&frames.identity);
    zmq_msg_init(&frames.content);
    for (; count < MESSAGES_PER_TURN && received != 0; count++) {
        received = receive_frames(socket, &frames);
        if (received > 0)
            take(gateway, &frames);
        else if (received < 0)
            gateway->exchange.malformed++;
    }
    if (received == 0)
        ready->may_hold = zmq_errno() != EAGAIN;
    zmq_msg_close(&frames.identity);
    zmq_msg_close(&frames.content);
    return received != 0;
}

static bool receive_wakes(struct gateway *gateway)
{
    struct exchange *exchange = &gateway->exchange;
    char topic[128], service[64];
    struct id branch_id;
    int len = 0;

    if (!exchange->ready[WAKES_IN].may_hold)
        return false;
    for (int i = 0; i < MESSAGES_PER_TURN && len >= 0; i++) {
        len = zmq_recv(exchange->wakes_in, topic, sizeof(topic) - 1, ZMQ_DONTWAIT);
        if (len < 0 || (size_t)len >= sizeof(topic))
            continue; /* len < 0: the last turn */
        topic[len] = '\0';
        exchange->wakes++;
        if (!peer_wake_parse(topic, service, &branch_id))
            continue;
        zmq_send(exchange->wakes_out, topic, (size_t)len, ZMQ_DONTWAIT);
        exchange->ready[WAKES_OUT].may_hold = true;
        followers_woken(gateway, service, branch_id);
    }
    if (len < 0)
        exchange->ready[WAKES_IN].may_hold = zmq_errno() != EAGAIN;
    return len >= 0;
}

/* XPUB has noted them, the services send everything anyway. */
static void drop_subscriptions(struct exchange *exchange)
{
    char topic[128];

    if (!exchange->ready[WAKES_OUT].may_hold)
        return;
    while (zmq_recv(exchange->wakes_out, topic, sizeof(topic), ZMQ_DONTWAIT) >= 0)
        ;
    exchange->ready[WAKES_OUT].may_hold = zmq_errno() != EAGAIN;
}

bool exchange_receive(struct gateway *gateway)
{
    struct exchange *exchange = &gateway->exchange;
    bool more =
        receive_router(gateway, exchange->workers, &exchange->ready[WORKERS], worker_message);

    if (exchange->clients && receive_router(gateway, exchange->clients, &exchange->ready[CLIENTS],
                                            exchange_client_message))
        more = true;
    if (receive_wakes(gateway))
        more = true;
    drop_subscriptions(exchange);
    return more;
}

static void send_request(struct gateway *gateway, const struct action *action, int64_t now)
{
    struct exchange *exchange = &gateway->exchange;
    struct request *r = action->slot->owner;
    uint8_t correlation[CORRELATION_SIZE];
    int64_t left = r->deadline - now;

    slot_correlation(action->slot, correlation);
    r->ask.correlation = (struct bytes){correlation, sizeof(correlation)};
    r->ask.remaining_ms = left > 1000 ? left / 1000 : 1; /* 0 would be: no end */
    buffer_clear(&exchange->packed);
    envelope_pack(&r->ask, &exchange->packed);
    r->ask.correlation = (struct bytes){0};
    if (exchange_send(exchange, exchange->workers,
                      (struct bytes){action->worker->identity, action->worker->identity_len},
                      &exchange->packed))
        return;
    log_warn("worker_lost", log_text("service", r->route->service),
             log_text("reason", zmq_strerror(errno)));
    switchboard_lost(&gateway->board, action->worker, now);
}

static void greet(struct gateway *gateway, int64_t now)
{
    struct envelope envelope = {.kind = ENVELOPE_HEARTBEAT, .operation = "", .trace = ""};
    struct exchange *exchange = &gateway->exchange;
    struct worker *worker;

    while ((worker = switchboard_greet(&gateway->board, now)) != NULL) {
        buffer_clear(&exchange->packed);
        envelope_pack(&envelope, &exchange->packed);
        if (!exchange_send(exchange, exchange->workers,
                           (struct bytes){worker->identity, worker->identity_len},
                           &exchange->packed) &&
            errno == EHOSTUNREACH)
            switchboard_lost(&gateway->board, worker, now);
    }
}

void exchange_work(struct gateway *gateway)
{
    int64_t now = clock_monotonic();
    struct action action;

    greet(gateway, now);
    while (switchboard_next(&gateway->board, now, &action)) {
        struct request *r = action.slot->owner;

        switch (action.kind) {
        case ACTION_SEND:
            send_request(gateway, &action, now);
            break;
        case ACTION_EXPIRED:
            request_fail(r, "deadline_exceeded", NULL, NULL);
            break;
        case ACTION_NOBODY:
            request_fail(r, "service_unavailable", r->route->service, NULL);
            break;
        case ACTION_GIVEN_UP:
            request_fail(r, "internal", NULL, NULL);
            break;
        }
    }
}
