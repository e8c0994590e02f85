/* exchange.c - what passes between the gateway and the services. */
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

static void worker_ready(struct gateway *gateway, struct bytes identity, const char *user,
                         const struct envelope *envelope)
{
    int64_t now = clock_monotonic();
    bool is_new = !switchboard_heard(&gateway->board, identity, now);
    struct worker *worker;

    if (!switchboard_ready(&gateway->board, identity, envelope->operation, envelope->remaining_ms,
                           now)) {
        log_warn("worker_refused", log_text("service", envelope->operation));
        return;
    }
    worker = switchboard_worker(&gateway->board, identity);
    snprintf(worker->user, sizeof(worker->user), "%s", user);
    if (is_new)
        log_info("worker_ready", log_text("service", envelope->operation),
                 log_int("credit", envelope->remaining_ms), log_text("key", user));
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

/* A key speaks for its own service: as whom it says READY, and as whom it said so. */
static bool is_itself(struct gateway *gateway, struct bytes identity, const char *user,
                      const struct envelope *envelope)
{
    const struct worker *worker = switchboard_worker(&gateway->board, identity);
    const char *service = worker ? switchboard_service(&gateway->board, worker) : NULL;
    struct keys *keys = &gateway->exchange.keys;

    if (envelope->kind == ENVELOPE_READY)
        service = envelope->operation;
    if (!service || keys_is_service(keys, user, service))
        return true;
    keys_refuse(keys, "the key of another service", user, service);
    return false;
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
    if (!is_itself(gateway, identity, frames->user, &envelope))
        return;
    if (envelope.kind == ENVELOPE_READY)
        return worker_ready(gateway, identity, frames->user, &envelope);
    if (!switchboard_heard(&gateway->board, identity, clock_monotonic()))
        say(gateway, identity, ENVELOPE_READY);
    if (envelope.kind == ENVELOPE_REPLY)
        worker_replied(gateway, identity, &envelope);
    else if (envelope.kind == ENVELOPE_REQUEST)
        exchange_service_asks(gateway, frames, &envelope);
    else if (envelope.kind == ENVELOPE_GOODBYE)
        switchboard_goodbye(&gateway->board, identity);
}

/* `role` is who may send there. */
static bool receive_router(struct gateway *gateway, void *socket, struct ready *ready,
                           enum allowed_role role,
                           void (*take)(struct gateway *gateway, struct frames *frames))
{
    struct keys *keys = &gateway->exchange.keys;
    struct frames frames;
    int received = 1, count = 0;

    if (!ready->may_hold)
        return false;
    zmq_msg_init(&frames.identity);
    zmq_msg_init(&frames.content);
    for (; count < MESSAGES_PER_TURN && received != 0; count++) {
        received = receive_frames(socket, &frames);
        if (received > 0 && keys_sender(keys, role, &frames.content, frames.user))
            take(gateway, &frames);
        else if (received > 0)
            keys_refuse(keys, "not allowed any more", frames.user, "");
        else if (received < 0)
            gateway->exchange.malformed++;
    }
    if (received == 0)
        ready->may_hold = zmq_errno() != EAGAIN;
    zmq_msg_close(&frames.identity);
    zmq_msg_close(&frames.content);
    return received != 0;
}

/* "<service> <branch id>", with the key of that service. */
static void take_wake(struct gateway *gateway, zmq_msg_t *msg)
{
    struct exchange *exchange = &gateway->exchange;
    char topic[128], service[64], user[CURVE_TEXT];
    size_t len = zmq_msg_size(msg);
    struct id branch_id;

    if (len >= sizeof(topic))
        return;
    memcpy(topic, zmq_msg_data(msg), len);
    topic[len] = '\0';
    exchange->wakes++;
    if (!peer_wake_parse(topic, service, &branch_id))
        return;
    if (!keys_sender(&exchange->keys, ALLOWED_SERVICE, msg, user) ||
        !keys_is_service(&exchange->keys, user, service))
        return keys_refuse(&exchange->keys, "wakes for another service", user, service);
    if (exchange->wakes_out) {
        zmq_send(exchange->wakes_out, topic, len, ZMQ_DONTWAIT);
        exchange->ready[EXCHANGE_WAKES_OUT].may_hold = true;
    }
    followers_woken(gateway, service, branch_id);
}

static bool receive_wakes(struct gateway *gateway)
{
    struct exchange *exchange = &gateway->exchange;
    bool has_more = true;
    zmq_msg_t msg;

    if (!exchange->ready[EXCHANGE_WAKES_IN].may_hold)
        return false;
    zmq_msg_init(&msg);
    for (int i = 0; i < MESSAGES_PER_TURN && has_more; i++) {
        has_more = zmq_msg_recv(&msg, exchange->wakes_in, ZMQ_DONTWAIT) >= 0;
        if (has_more)
            take_wake(gateway, &msg);
    }
    if (!has_more)
        exchange->ready[EXCHANGE_WAKES_IN].may_hold = zmq_errno() != EAGAIN;
    zmq_msg_close(&msg);
    return has_more;
}

static bool answer_keys(struct exchange *exchange)
{
    struct ready *ready = &exchange->ready[EXCHANGE_KEYS];
    bool has_more = ready->may_hold && exchange->keys.handler && keys_answer(&exchange->keys);

    ready->may_hold = has_more;
    return has_more;
}

/* XPUB has noted them, the services send everything anyway. */
static void drop_subscriptions(struct exchange *exchange)
{
    char topic[128];

    if (!exchange->ready[EXCHANGE_WAKES_OUT].may_hold || !exchange->wakes_out)
        return;
    while (zmq_recv(exchange->wakes_out, topic, sizeof(topic), ZMQ_DONTWAIT) >= 0)
        ;
    exchange->ready[EXCHANGE_WAKES_OUT].may_hold = zmq_errno() != EAGAIN;
}

bool exchange_receive(struct gateway *gateway)
{
    struct exchange *exchange = &gateway->exchange;
    bool more = answer_keys(exchange);

    if (receive_router(gateway, exchange->workers, &exchange->ready[EXCHANGE_WORKERS],
                       ALLOWED_SERVICE, worker_message))
        more = true;
    if (exchange->clients &&
        receive_router(gateway, exchange->clients, &exchange->ready[EXCHANGE_CLIENTS],
                       ALLOWED_CLIENT, exchange_client_message))
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

    exchange_tick(gateway, now);
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
