/* peer.h - a service's connection to its gateways: dials in, says READY with its credit, answers, asks, is heard to be alive.
 *
 * One DEALER per gateway address. Heartbeat every second both ways; a gateway not heard for 3 s gets a fresh socket. The peer never
 * has more than `credit` requests unanswered from one gateway. One thread: call peer_receive and
 * peer_woken until they return false, then sleep on peer_poll_items (see ready.h).
 */
#ifndef SONGDA_WIRE_PEER_H
#define SONGDA_WIRE_PEER_H

#include <poll.h>

#include "wire/curve.h"
#include "wire/envelope.h"

struct peer; /* heap; peer_new / peer_free */

struct peer_options {
    const char *service, *instance;
    const char *gateways;            /* space separated worker addresses */
    const char *wakeups_in;          /* where to PUB wake-ups (the gateway's XSUB) */
    const char *wakeups_out;         /* where to SUB wake-ups (the gateway's XPUB) */
    int credit;                      /* requests per gateway, e.g. 256 */
    const struct curve_client *keys; /* for tcp:// addresses; NULL or not set: they are plain */
};

struct peer *peer_new(const struct peer_options *options);
void peer_free(struct peer **peer);

/* What to poll(2) for; returns how many (<= 16). Afterwards peer_polled() takes them as poll left them. */
size_t peer_poll_items(const struct peer *peer, struct pollfd *items, size_t max);
void peer_polled(struct peer *peer, const struct pollfd *items);

/* Something may be there that poll would not show: do not sleep. */
bool peer_may_hold(const struct peer *peer);

/* Sends heartbeats, notices dead gateways; call at least every 200 ms with clock_monotonic(). */
void peer_tick(struct peer *peer, int64_t monotonic);

/* The next message: a request to serve (`from` identifies where the answer goes), or a reply to what peer_ask asked. false: nothing there.
 * The envelope's memory is in arena. Heartbeats are handled inside. A malformed one is counted, logged and dropped. */
struct peer_address {
    size_t gateway;
};
bool peer_receive(struct peer *peer, struct arena *arena, struct envelope *envelope,
                  struct peer_address *from);

void peer_answer(struct peer *peer, struct peer_address to, const struct envelope *reply);

/* Asks an operation with permission `service` of another service through any live gateway; correlation is the asker's. false: no gateway. */
bool peer_ask(struct peer *peer, const struct envelope *request);

/* Wake-ups: topic "<service> <branch id text>" says "has new events". Lost ones are found by the sweep. */
void peer_wake(struct peer *peer, const char *service, struct id branch_id);
void peer_listen(struct peer *peer, const char *service); /* subscribe */
bool peer_woken(struct peer *peer, char service[64],
                struct id *branch_id); /* next wake-up, false: none */

bool peer_is_connected(const struct peer *peer); /* some gateway was heard within 3 s */
void peer_goodbye(struct peer *peer);            /* SIGTERM: no more requests, please */

#endif
