/* request.h - one request on its way through the gateway, wherever it came from: HTTP, a ZeroMQ client, a service, the gateway itself.
 *
 * request_new → its owner fills in what is asked → request_start → … → the owner's `finish`, exactly once, with `reply` or `error` set;
 * then request_free. Its memory is its arena.
 */
#ifndef GATEWAY_REQUEST_H
#define GATEWAY_REQUEST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/list.h"
#include "session.h"
#include "switchboard.h"
#include "wire/envelope.h"
#include "wire/routes.h"

#define REQUEST_TIME                                                                               \
    INT64_C(4000000) /* microseconds from arrival to the last moment of an answer (design 8) */
#define TRACE_SIZE 56

struct gateway;
struct request;

enum origin { ORIGIN_HTTP = 1, ORIGIN_CLIENT, ORIGIN_SERVICE, ORIGIN_GATEWAY };

/* What the gateway knew of the events behind a kept answer when it asked for it (cache_reads.h). */
struct keep {
    bool is_wanted;
    int64_t number;
    const char *entry;  /* key in Redis */
    struct bytes *tags; /* of the events that make it old (cache_tags.h) */
    size_t tag_count;
};

struct request {
    struct arena arena;
    struct gateway *gateway;
    enum origin origin;
    void (*finish)(struct request *r);
    void *owner; /* of finish */
    const struct contract_operation *route;
    struct envelope ask;
    char trace[TRACE_SIZE];
    const char *token;         /* of the session, or NULL */
    struct session *session;   /* held; NULL: none */
    struct id person;          /* who the session must be of; none: anybody */
    int64_t started, deadline; /* monotonic */
    struct slot *slot;
    struct link waiting;      /* of the session it waits for */
    struct cache_ask *lookup; /* in Redis, under way */
    struct keep keep;
    bool from_cache;
    bool wants_session; /* nothing but its session: an event stream */
    bool has_clock;     /* decided at a set instant: never kept */

    struct envelope reply;     /* memory in arena */
    struct bytes json;         /* instead of its body, where the JSON itself was kept */
    const struct error *error; /* NULL: the reply's body is the answer */
    const char *error_value, *error_field, *error_policy;
    int64_t retry_after; /* seconds, 0: none */
};

struct request *request_new(struct gateway *gateway, enum origin origin);
void request_free(struct request **r);

/* Sets the trace from a W3C traceparent (a new one when it is none), with a span of our own. */
void request_trace(struct request *r, const char *traceparent);

void request_start(struct request *r);
void request_continue(struct request *r); /* its session is known now */
void request_dispatch(struct request *r); /* to a worker */
void request_answer(struct request *r);   /* `reply` is filled in */
void request_fail(struct request *r, const char *error, const char *value, const char *field);

/* The asker has left: nothing is answered any more, finish is not called. The caller frees. */
void request_abandon(struct request *r);

#endif
