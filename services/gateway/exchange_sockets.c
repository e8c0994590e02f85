/* exchange_sockets.c - opens the gateway's sockets, and opens one anew where somebody must not listen any longer. */
#include <errno.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "exchange.h"
#include "gateway.h"
#include "wire/peer_lines.h"

#include "base/banned.h"

/* NULL: errno says why. */
static void *bind_socket(struct exchange *exchange, int type, const char *addresses,
                         enum allowed_role role)
{
    void *socket = peer_socket(exchange->context, type);
    char address[CURVE_ADDRESS] = "";
    bool is_bound = true;
    int one = 1, cause;

    if (type == ZMQ_ROUTER)
        zmq_setsockopt(socket, ZMQ_ROUTER_MANDATORY, &one, sizeof(one));
    while (is_bound && curve_next_address(&addresses, address)) {
        keys_for_bind(&exchange->keys, socket, role, address);
        is_bound = zmq_bind(socket, address) == 0;
    }
    if (is_bound)
        return socket;
    cause = errno;
    if (cause != EADDRINUSE || !exchange->is_open)
        log_error("bind", log_text("address", address), log_text("detail", zmq_strerror(cause)));
    zmq_close(socket);
    errno = cause;
    return NULL;
}

static struct ready ready_if(void *socket)
{
    return socket ? ready_of(socket) : (struct ready){.fd = -1};
}

bool exchange_init(struct exchange *exchange, const struct settings *settings)
{
    *exchange = (struct exchange){.context = zmq_ctx_new(), .settings = settings};
    if (!keys_init(&exchange->keys, settings, exchange->context))
        return false;
    exchange->workers = bind_socket(exchange, ZMQ_ROUTER, settings->workers, ALLOWED_SERVICE);
    exchange->wakes_in = bind_socket(exchange, ZMQ_XSUB, settings->wakeups_in, ALLOWED_SERVICE);
    exchange->wakes_out = bind_socket(exchange, ZMQ_XPUB, settings->wakeups_out, ALLOWED_SERVICE);
    if (*settings->clients)
        exchange->clients = bind_socket(exchange, ZMQ_ROUTER, settings->clients, ALLOWED_CLIENT);
    if (!exchange->workers || !exchange->wakes_in || !exchange->wakes_out ||
        (*settings->clients && !exchange->clients))
        return false;
    exchange->is_open = true;
    exchange->ready[EXCHANGE_WORKERS] = ready_of(exchange->workers);
    exchange->ready[EXCHANGE_WAKES_IN] = ready_of(exchange->wakes_in);
    exchange->ready[EXCHANGE_WAKES_OUT] = ready_of(exchange->wakes_out);
    exchange->ready[EXCHANGE_CLIENTS] = ready_if(exchange->clients);
    exchange->ready[EXCHANGE_KEYS] = ready_if(exchange->keys.handler);
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
    keys_release(&exchange->keys);
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
    exchange->ready[socket == exchange->workers ? EXCHANGE_WORKERS : EXCHANGE_CLIENTS].may_hold =
        true;
    if (zmq_send(socket, identity.data, identity.len, ZMQ_SNDMORE | ZMQ_DONTWAIT) < 0)
        return false;
    return zmq_send(socket, packed->data, packed->len, ZMQ_DONTWAIT) >= 0;
}

/* Who may not be a service any more is one no more: what it owes goes to another. */
static void dismiss(struct gateway *gateway, int64_t now)
{
    struct switchboard *board = &gateway->board;
    struct keys *keys = &gateway->exchange.keys;

    for (size_t i = map_count(&board->workers); i > 0; i--) {
        struct worker *worker = map_at(&board->workers, i - 1)->value;
        const char *service = switchboard_service(board, worker);

        if (keys_is_service(keys, worker->user, service))
            continue;
        keys->revoked++;
        log_warn("worker_revoked", log_text("key", worker->user), log_text("service", service));
        switchboard_lost(board, worker, now);
    }
}

/* libzmq ends no single connection. Whoever only listens could go on with it: he and all others connect anew. What is said meanwhile is
 * lost, which the sweep makes good. */
static void open_wakes_out(struct exchange *exchange)
{
    if (exchange->wakes_out)
        zmq_close(exchange->wakes_out);
    exchange->wakes_out =
        bind_socket(exchange, ZMQ_XPUB, exchange->settings->wakeups_out, ALLOWED_SERVICE);
    exchange->ready[EXCHANGE_WAKES_OUT] = ready_if(exchange->wakes_out);
}

void exchange_tick(struct gateway *gateway, int64_t now)
{
    struct exchange *exchange = &gateway->exchange;

    if (!exchange->keys.handler)
        return;
    if (allowed_look(&exchange->keys.allowed, now)) {
        dismiss(gateway, now);
        open_wakes_out(exchange);
    } else if (!exchange->wakes_out) { /* the address was still taken by the one before */
        open_wakes_out(exchange);
    }
}
