/* exchange_clients.c - programs that ask over ZeroMQ: clients with a session, and services of songda that ask each other. */
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "exchange.h"
#include "gateway.h"

#include "base/banned.h"

/* Where an answer goes. */
struct asker {
    void *socket;
    uint8_t identity[256];
    size_t identity_len;
    uint8_t correlation[64];
    size_t correlation_len;
    char user[CURVE_TEXT]; /* who asked (keys_sender) */
};

static void send_reply(struct gateway *gateway, const struct asker *asker,
                       const struct envelope *reply)
{
    struct exchange *exchange = &gateway->exchange;
    struct bytes identity = {asker->identity, asker->identity_len};
    enum allowed_role role = asker->socket == exchange->clients ? ALLOWED_CLIENT : ALLOWED_SERVICE;

    if (!keys_may(&exchange->keys, role, asker->user)) { /* revoked meanwhile */
        exchange->dropped++;
        return;
    }
    buffer_clear(&exchange->packed);
    envelope_pack(reply, &exchange->packed);
    if (!exchange_send(exchange, asker->socket, identity, &exchange->packed))
        exchange->dropped++;
}

static void finish(struct request *r)
{
    struct asker *asker = r->owner;
    struct envelope reply = {
        .kind = ENVELOPE_REPLY,
        .correlation = {asker->correlation, asker->correlation_len},
        .operation = r->ask.operation,
        .trace = r->trace,
        .at = r->ask.at,
    };

    if (r->error) {
        reply.error = r->error->name;
        reply.error_value = r->error_value;
        reply.error_field = r->error_field;
        reply.error_policy = r->error_policy ? r->error_policy : r->error->policy;
        reply.remaining_ms = r->retry_after * 1000;
    } else {
        reply.body = r->reply.body;
    }
    send_reply(r->gateway, asker, &reply);
    memory_free(&asker);
    request_free(&r);
}

static struct asker *asker_new(void *socket, struct frames *frames, struct bytes correlation)
{
    struct asker *asker = memory_new(sizeof(*asker));

    asker->socket = socket;
    asker->identity_len = zmq_msg_size(&frames->identity);
    memcpy(asker->identity, zmq_msg_data(&frames->identity), asker->identity_len);
    memcpy(asker->user, frames->user, sizeof(asker->user));
    asker->correlation_len = correlation.len;
    if (correlation.len > 0)
        memcpy(asker->correlation, correlation.data, correlation.len);
    return asker;
}

/* The request with what was asked; the envelope's memory is the exchange's and goes away. */
static struct request *ask(struct gateway *gateway, enum origin origin, struct asker *asker,
                           const struct envelope *envelope)
{
    struct request *r = request_new(gateway, origin);
    int64_t patience = envelope->remaining_ms * 1000;

    r->owner = asker;
    r->finish = finish;
    r->ask.operation = arena_text(&r->arena, envelope->operation);
    r->ask.key = envelope->key;
    r->ask.body = (struct bytes){arena_copy(&r->arena, envelope->body.data, envelope->body.len),
                                 envelope->body.len};
    r->token = arena_text(&r->arena, envelope->token);
    if (patience > 0 && patience < REQUEST_TIME)
        r->deadline = r->started + patience;
    request_trace(r, envelope->trace);
    return r;
}

static bool is_within_limits(struct gateway *gateway, struct request *r, const char *address)
{
    struct limits *limits = r->route && r->route->operation.permission->kind == ACCESS_PUBLIC
                                ? &gateway->sign_ins
                                : &gateway->requests;
    int64_t wait = 0;

    if (limits_take(limits, address, r->started, &wait))
        return true;
    gateway->metrics.limited++;
    r->retry_after = wait / CLOCK_SECOND + 1;
    return false;
}

static void start(struct gateway *gateway, struct request *r, const struct envelope *envelope,
                  const char *address)
{
    r->route = routes_operation(&gateway->routes, r->ask.operation);
    if (!is_within_limits(gateway, r, address))
        return request_fail(r, "too_many_requests", NULL, NULL);
    if (!r->route)
        return request_fail(r, "operation_unknown", NULL, NULL);
    if (envelope->body.len > EXCHANGE_BODY_MAX)
        return request_fail(r, "body_too_large", "1048576", NULL);
    if (envelope->at != 0 && !gateway->has_request_clock)
        return request_fail(r, "clock_refused", NULL, NULL);
    if (envelope->at != 0)
        r->ask.at = envelope->at;
    r->has_clock = envelope->at != 0;
    request_start(r);
}

/* What cannot be read is answered where its correlation could. */
static void refuse_malformed(struct gateway *gateway, struct asker *asker,
                             const struct shape_error *error)
{
    struct envelope reply = {
        .kind = ENVELOPE_REPLY,
        .correlation = {asker->correlation, asker->correlation_len},
        .operation = "",
        .trace = "",
        .error = "malformed",
        .error_value = error->path,
        .error_field = error->path,
    };

    gateway->exchange.malformed++;
    send_reply(gateway, asker, &reply);
}

void exchange_client_message(struct gateway *gateway, struct frames *frames)
{
    struct exchange *exchange = &gateway->exchange;
    struct bytes packed = {zmq_msg_data(&frames->content), zmq_msg_size(&frames->content)};
    struct envelope envelope;
    struct shape_error error;
    struct asker *asker;
    bool is_good;

    arena_reset(&exchange->arena);
    is_good = envelope_unpack(packed, &exchange->arena, &envelope, &error);
    if (is_good && envelope.kind != ENVELOPE_REQUEST && envelope.kind != ENVELOPE_HEARTBEAT) {
        is_good = false;
        snprintf(error.path, sizeof(error.path), "kind");
    } else if (is_good && envelope.has_actor) {
        is_good = false;
        snprintf(error.path, sizeof(error.path), "actor");
    }
    asker = asker_new(exchange->clients, frames, envelope.correlation);
    if (is_good && envelope.kind == ENVELOPE_REQUEST)
        return start(gateway, ask(gateway, ORIGIN_CLIENT, asker, &envelope), &envelope,
                     frames->address);
    if (is_good)
        send_reply(gateway, asker,
                   &(struct envelope){.kind = ENVELOPE_HEARTBEAT, .operation = "", .trace = ""});
    else
        refuse_malformed(gateway, asker, &error);
    memory_free(&asker);
}

void exchange_service_asks(struct gateway *gateway, struct frames *frames,
                           const struct envelope *envelope)
{
    struct asker *asker = asker_new(gateway->exchange.workers, frames, envelope->correlation);
    struct request *r = ask(gateway, ORIGIN_SERVICE, asker, envelope);

    if (envelope->at != 0)
        r->ask.at = envelope->at;
    r->route = routes_operation(&gateway->routes, r->ask.operation);
    if (!r->route)
        return request_fail(r, "operation_unknown", NULL, NULL);
    request_start(r);
}
