/* exchange.h - the gateway's ZeroMQ sockets: services that work, clients that ask, wake-ups that pass through. */
#ifndef GATEWAY_EXCHANGE_H
#define GATEWAY_EXCHANGE_H

#include <stdbool.h>
#include <stdint.h>
#include <zmq.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "keys.h"
#include "wire/ready.h"

struct envelope;
struct frames;
struct gateway;
struct settings;

/* For poll(2), and places in `ready`. */
enum {
    EXCHANGE_WORKERS,
    EXCHANGE_WAKES_IN,
    EXCHANGE_WAKES_OUT,
    EXCHANGE_CLIENTS,
    EXCHANGE_KEYS,
    EXCHANGE_ITEMS
};

#define EXCHANGE_BODY_MAX (1u << 20) /* bytes of a request's body */

struct exchange {
    void *context;
    void *workers, *clients;    /* ROUTER; clients is NULL where no address is set */
    void *wakes_in, *wakes_out; /* XSUB, XPUB; the latter is NULL while it is opened anew */
    struct ready ready[EXCHANGE_ITEMS];
    const struct settings *settings;
    struct keys keys;
    bool is_open;
    struct buffer packed;
    struct arena arena; /* of the message being looked at */
    int64_t malformed, dropped, wakes;
};

/* False: an address cannot be bound; a line says why. */
bool exchange_init(struct exchange *exchange, const struct settings *settings);
void exchange_release(struct exchange *exchange);

/* What to poll(2) for, and taking it back as poll left it; the second says whether something may be there that poll did not show. */
void exchange_poll_items(const struct exchange *exchange, struct pollfd items[EXCHANGE_ITEMS]);
void exchange_polled(struct exchange *exchange, const struct pollfd items[EXCHANGE_ITEMS]);
bool exchange_may_hold(const struct exchange *exchange);

/* Takes in a bounded number of messages from every socket. True: there may be more. */
bool exchange_receive(struct gateway *gateway);

/* Does what the switchboard says: sends, gives up, greets. */
void exchange_work(struct gateway *gateway);

/* Looks who may still be connected. */
void exchange_tick(struct gateway *gateway, int64_t now);

/* exchange_clients.c: one message of a client, and the answer to an asker with an identity (a client, or a service that asks). */
void exchange_client_message(struct gateway *gateway, struct frames *frames);
void exchange_service_asks(struct gateway *gateway, struct frames *frames,
                           const struct envelope *envelope);

/* A message as a ROUTER gives it: who, what, from which address, and with whose key (keys_sender). */
struct frames {
    zmq_msg_t identity, content;
    char address[64];
    char user[CURVE_TEXT];
};

/* Sends `packed` to whom it names. False: that one is not there, or does not take it. */
bool exchange_send(struct exchange *exchange, void *socket, struct bytes identity,
                   const struct buffer *packed);

#endif
