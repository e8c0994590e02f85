/* peer.c - a service's lines to its gateways: one DEALER each, replaced when the gateway falls silent. */
#include "wire/peer.h"

#include <errno.h>
#include <string.h>
#include <zmq.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "wire/peer_lines.h"

#include "base/banned.h"

static const char *const busy = "busy";

static void set_option(void *socket, int option, int value)
{
    if (zmq_setsockopt(socket, option, &value, sizeof(value)) != 0)
        die("zmq_setsockopt", "option %d: %s", option, zmq_strerror(errno));
}

void *peer_socket(void *context, int type)
{
    int64_t largest = PEER_MESSAGE_MAX;
    void *socket = zmq_socket(context, type);

    if (!socket)
        die("zmq_socket", "%s", zmq_strerror(errno));
    set_option(socket, ZMQ_LINGER, 0);
    set_option(socket, ZMQ_HANDSHAKE_IVL, 2000);
    set_option(socket, ZMQ_SNDHWM, PEER_QUEUE_MAX);
    set_option(socket, ZMQ_RCVHWM, PEER_QUEUE_MAX);
    set_option(socket, ZMQ_RECONNECT_IVL, 50);
    set_option(socket, ZMQ_RECONNECT_IVL_MAX, 500);
    zmq_setsockopt(socket, ZMQ_MAXMSGSIZE, &largest, sizeof(largest));
    return socket;
}

static void connect_socket(const struct peer *peer, void *socket, const char *address)
{
    if (peer->keys.own.is_set && curve_is_for(address))
        curve_as_client(socket, &peer->keys);
    else
        curve_as_plain(socket);
    if (zmq_connect(socket, address) != 0)
        die("zmq_connect", "%s: %s", address, zmq_strerror(errno));
}

static void line_open(struct peer *peer, struct line *line, int64_t now)
{
    line->socket = peer_socket(peer->context, ZMQ_DEALER);
    set_option(line->socket, ZMQ_IMMEDIATE, 1);
    line->ready = ready_of(line->socket);
    connect_socket(peer, line->socket, line->address);
    line->opened = now;
    line->heard = 0;
    line->said = 0;
    line->unanswered = 0;
}

/* Sends what is packed; false: nobody is there, or too much is queued already. */
static bool line_send(struct line *line, const struct buffer *packed)
{
    line->ready.may_hold = true;
    return zmq_send(line->socket, packed->data, packed->len, ZMQ_DONTWAIT) >= 0;
}

static bool line_say(struct peer *peer, struct line *line, enum envelope_kind kind)
{
    struct envelope envelope = {
        .kind = kind,
        .correlation = {(const uint8_t *)peer->instance, strlen(peer->instance)},
        .operation = kind == ENVELOPE_READY ? peer->service : "",
        .remaining_ms = kind == ENVELOPE_READY ? peer->credit : peer->credit - line->unanswered,
        .trace = "",
    };

    buffer_clear(&peer->packed);
    envelope_pack(&envelope, &peer->packed);
    return line_send(line, &peer->packed);
}

static bool line_is_heard(const struct line *line, int64_t now)
{
    return line->heard > 0 && now - line->heard <= PEER_SILENCE;
}

/* Calls `use` with each address of a space separated list. */
static void each_address(struct peer *peer, const char *addresses,
                         void (*use)(struct peer *peer, const char *address))
{
    char address[CURVE_ADDRESS];

    while (addresses && curve_next_address(&addresses, address))
        use(peer, address);
}

static void add_line(struct peer *peer, const char *address)
{
    struct line *line = &peer->lines[peer->line_count];

    if (peer->line_count == PEER_LINES_MAX)
        die("peer_address", "more than %d gateways", PEER_LINES_MAX);
    peer->line_count++;
    line->address = memory_text(address);
    line_open(peer, line, clock_monotonic());
}

static void add_wakeups_in(struct peer *peer, const char *address)
{
    connect_socket(peer, peer->wake_out, address);
}

static void add_wakeups_out(struct peer *peer, const char *address)
{
    connect_socket(peer, peer->wake_in, address);
}

struct peer *peer_new(const struct peer_options *options)
{
    struct peer *peer = memory_new(sizeof(*peer));

    peer->service = memory_text(options->service);
    peer->instance = memory_text(options->instance);
    peer->credit = options->credit;
    if (options->keys)
        peer->keys = *options->keys;
    peer->context = zmq_ctx_new();
    peer->wake_out = peer_socket(peer->context, ZMQ_PUB);
    peer->wake_in = peer_socket(peer->context, ZMQ_SUB);
    peer->wake_ready = ready_of(peer->wake_in);
    each_address(peer, options->gateways, add_line);
    each_address(peer, options->wakeups_in, add_wakeups_in);
    each_address(peer, options->wakeups_out, add_wakeups_out);
    return peer;
}

void peer_free(struct peer **address_of_peer)
{
    struct peer *peer = *address_of_peer;

    if (!peer)
        return;
    for (size_t i = 0; i < peer->line_count; i++) {
        zmq_close(peer->lines[i].socket);
        memory_free(&peer->lines[i].address);
    }
    zmq_close(peer->wake_out);
    zmq_close(peer->wake_in);
    zmq_ctx_term(peer->context);
    buffer_release(&peer->packed);
    memory_free(&peer->service);
    memory_free(&peer->instance);
    curve_forget(&peer->keys.own);
    memory_free(address_of_peer);
}

size_t peer_poll_items(const struct peer *peer, struct pollfd *items, size_t max)
{
    size_t count = 0;

    for (size_t i = 0; i < peer->line_count && count < max; i++)
        items[count++] = ready_item(&peer->lines[i].ready);
    if (count < max)
        items[count++] = ready_item(&peer->wake_ready);
    return count;
}

void peer_polled(struct peer *peer, const struct pollfd *items)
{
    for (size_t i = 0; i < peer->line_count; i++)
        ready_polled(&peer->lines[i].ready, &items[i]);
    ready_polled(&peer->wake_ready, &items[peer->line_count]);
}

bool peer_may_hold(const struct peer *peer)
{
    for (size_t i = 0; i < peer->line_count; i++)
        if (peer->lines[i].ready.may_hold)
            return true;
    return peer->wake_ready.may_hold;
}

/* What the gateway is to hear of us now. */
static enum envelope_kind line_word(const struct peer *peer, const struct line *line)
{
    if (peer->is_leaving)
        return ENVELOPE_GOODBYE;
    return line->heard ? ENVELOPE_HEARTBEAT : ENVELOPE_READY;
}

static void line_tick(struct peer *peer, struct line *line, int64_t now)
{
    int64_t quiet_since = line->heard > line->opened ? line->heard : line->opened;

    if (now - quiet_since > PEER_SILENCE) {
        log_warn("gateway_silent", log_text("gateway", line->address),
                 log_int("unanswered", line->unanswered));
        zmq_close(line->socket);
        line_open(peer, line, now);
    }
    if (line->said > 0 && now - line->said < (line->heard ? PEER_HEARTBEAT : PEER_KNOCK))
        return;
    if (line_say(peer, line, line_word(peer, line)))
        line->said = now;
}

void peer_tick(struct peer *peer, int64_t monotonic)
{
    for (size_t i = 0; i < peer->line_count; i++)
        line_tick(peer, &peer->lines[i], monotonic);
}

/* More than was asked for: the gateway is told at once, the service never sees it. */
static void refuse_request(struct peer *peer, size_t gateway, const struct envelope *request)
{
    struct envelope reply = {
        .kind = ENVELOPE_REPLY,
        .correlation = request->correlation,
        .operation = "",
        .trace = request->trace,
        .error = busy,
    };

    buffer_clear(&peer->packed);
    envelope_pack(&reply, &peer->packed);
    line_send(&peer->lines[gateway], &peer->packed);
}

/* True when the message is for the service: a request it may serve, or a reply to what it asked. */
static bool line_accept(struct peer *peer, size_t gateway, const struct envelope *envelope)
{
    struct line *line = &peer->lines[gateway];

    switch (envelope->kind) {
    case ENVELOPE_REQUEST:
        if (line->unanswered >= peer->credit) {
            refuse_request(peer, gateway, envelope);
            return false;
        }
        line->unanswered++;
        return true;
    case ENVELOPE_REPLY:
        return true;
    case ENVELOPE_READY: /* the gateway does not know us: it has just started, and waits for no answer */
        line->unanswered = 0;
        if (!peer->is_leaving && line_say(peer, line, ENVELOPE_READY))
            line->said = line->heard;
        return false;
    case ENVELOPE_HEARTBEAT:
    case ENVELOPE_GOODBYE:
        return false;
    }
    return false;
}

static bool line_receive(struct peer *peer, size_t gateway, struct arena *arena,
                         struct envelope *envelope)
{
    struct line *line = &peer->lines[gateway];
    struct shape_error error;
    zmq_msg_t msg;
    bool is_understood, is_last;

    if (!line->ready.may_hold)
        return false;
    zmq_msg_init(&msg);
    while (zmq_msg_recv(&msg, line->socket, ZMQ_DONTWAIT) >= 0) {
        is_last = !zmq_msg_more(&msg);
        is_understood =
            is_last && envelope_unpack((struct bytes){zmq_msg_data(&msg), zmq_msg_size(&msg)},
                                       arena, envelope, &error);
        line->heard = clock_monotonic();
        if (!is_understood) {
            peer->malformed++;
            log_warn("message_malformed", log_text("gateway", line->address),
                     log_text("element", is_last ? error.path : "frames"),
                     log_int("malformed", peer->malformed));
        } else if (line_accept(peer, gateway, envelope)) {
            zmq_msg_close(&msg);
            return true;
        }
    }
    zmq_msg_close(&msg);
    line->ready.may_hold = zmq_errno() != EAGAIN;
    return false;
}

bool peer_receive(struct peer *peer, struct arena *arena, struct envelope *envelope,
                  struct peer_address *from)
{
    for (size_t i = 0; i < peer->line_count; i++) {
        size_t gateway = (peer->next_line + i) % peer->line_count;

        if (line_receive(peer, gateway, arena, envelope)) {
            peer->next_line = gateway + 1;
            from->gateway = gateway;
            return true;
        }
    }
    return false;
}

void peer_answer(struct peer *peer, struct peer_address to, const struct envelope *reply)
{
    struct line *line = &peer->lines[to.gateway];

    if (line->unanswered > 0)
        line->unanswered--;
    buffer_clear(&peer->packed);
    envelope_pack(reply, &peer->packed);
    if (!line_send(line, &peer->packed))
        log_warn("answer_dropped", log_text("gateway", line->address),
                 log_text("operation", reply->operation), log_text("reason", zmq_strerror(errno)));
}

bool peer_ask(struct peer *peer, const struct envelope *request)
{
    int64_t now = clock_monotonic();

    buffer_clear(&peer->packed);
    envelope_pack(request, &peer->packed);
    for (size_t i = 0; i < peer->line_count; i++) {
        if (line_is_heard(&peer->lines[i], now) && line_send(&peer->lines[i], &peer->packed))
            return true;
    }
    return false;
}

bool peer_is_connected(const struct peer *peer)
{
    int64_t now = clock_monotonic();

    for (size_t i = 0; i < peer->line_count; i++) {
        if (line_is_heard(&peer->lines[i], now))
            return true;
    }
    return false;
}

void peer_goodbye(struct peer *peer)
{
    peer->is_leaving = true;
    for (size_t i = 0; i < peer->line_count; i++) {
        if (line_say(peer, &peer->lines[i], ENVELOPE_GOODBYE))
            peer->lines[i].said = clock_monotonic();
    }
}
