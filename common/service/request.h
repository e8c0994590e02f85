/* request.h - from a message to a call and back (private to common/service). */
#ifndef SONGDA_SERVICE_REQUEST_H
#define SONGDA_SERVICE_REQUEST_H

#include "mechanisms.gen.h"
#include "service/work.h"
#include "wire/peer.h"

enum clock_kind { CLOCK_REAL, CLOCK_REQUEST };

struct request {
    struct work work; /* first: a work of this kind is its request */
    struct envelope envelope;
    struct peer_address from;
    int64_t received; /* monotonic */
    int64_t
        since; /* it did not come before; a process that slept gives what is old no new time. 0: unknown */
    void *value, *reply;
    struct bytes reply_body;
    uint8_t hash[32];
    bool keeps_reply; /* it is stored under its key */
    struct idempotency_find stored;
};

/* Reads the envelope (whose memory is in work.arena) into a call. False: refused, request->work.call.failure says why. */
bool request_accept(struct request *request, const struct service *service,
                    const struct operation *operation);

/* The envelope to answer with. */
struct envelope request_reply(struct request *request);

/* idempotency.c */
void idempotency_hash(struct request *request);
void idempotency_ask(struct request *request);
void idempotency_replay(struct request *request);
void idempotency_keep(struct request *request);
/* audit.c */
void audit_keep(struct request *request);
/* A copy of a request's value without its secrets: passwords, tokens. */
const void *without_secrets(struct arena *arena, const struct shape *shape, const void *value);

#endif
