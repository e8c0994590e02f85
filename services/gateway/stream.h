/* stream.h - events as Server-Sent Events: filtered by permission and branch, without a gap over reconnects.
 *
 * A stream's `id:` says how far it has been told of every service and branch it sees, so that Last-Event-ID is all that a
 * reconnecting listener must bring, to any gateway. What lies between that and now is read from the services; meanwhile their new
 * events wait. A listener that does not read is let go; it comes back and misses nothing either.
 */
#ifndef GATEWAY_STREAM_H
#define GATEWAY_STREAM_H

#include <microhttpd.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/list.h"
#include "follower.h"
#include "session.h"

#define STREAM_PENDING_MAX                                                                         \
    (64u << 10) /* bytes waiting for a listener; one that has more reads on at its own pace */
#define STREAM_DEAF                                                                                \
    INT64_C(20000000) /* microseconds without taking anything until a listener is let go */
#define STREAM_GAP_PENDING                                                                         \
    (16u << 10) /* while it catches up it is told no more than this at once */
#define STREAM_HEARTBEAT INT64_C(15000000)
#define STREAM_RETRY_MS 2000
#define STREAM_ID_MAX 16384 /* characters */
#define STREAM_TAIL 6       /* bytes of a branch id that name it in an id: */

struct gateway;

/* How far one branch of a service has been told. */
struct mark {
    uint8_t tail[STREAM_TAIL];
    int64_t at;
};

/* A service whose past the listener has not been told yet. */
struct catch_up {
    struct link link; /* of its stream */
    struct stream *stream;
    size_t service; /* index of the follower */
    struct mark *marks;
    size_t count;
    struct request *reading; /* NULL: none */
    uint8_t reading_tail[STREAM_TAIL];
    int64_t reading_until; /* what the branch had reached when the reading began */
    int64_t not_before;    /* monotonic, after a failure */
};

struct stream {
    struct link link, of_session;
    struct gateway *gateway;
    struct session *session;
    struct MHD_Connection *connection;
    struct buffer out;
    size_t sent;               /* of out */
    uint32_t services;         /* bit = index of the follower */
    struct id branch_id;       /* none: all of the viewer's */
    struct link gaps;          /* struct catch_up */
    int64_t wrote_at, took_at; /* monotonic */
    bool is_suspended, is_over;
};

struct streams {
    struct link all;
    size_t count, behind; /* streams with gaps */
};

void streams_init(struct streams *streams);

/* Which services and which branch; false: *field and *rule say what is wrong. */
struct stream_wish {
    const char *services, *branch; /* of the query, or NULL */
    const char *last_id;           /* Last-Event-ID, or NULL */
};
struct stream *stream_new(struct gateway *gateway, struct session *session,
                          const struct stream_wish *wish, const char **field, const char **rule);

/* The response that carries it; the stream is freed with it. */
struct MHD_Response *stream_response(struct stream *stream, struct MHD_Connection *connection);

/* A new event of this service. */
struct common_event_record;
void streams_event(struct gateway *gateway, const struct follower *follower,
                   const struct event_type *type, const struct common_event_record *record);

/* All streams of a session end. */
void streams_end(struct gateway *gateway, struct session *session);

/* Heartbeats and gaps; call at least every 100 ms. */
void streams_tick(struct gateway *gateway);

/* The end of the process: every stream ends. */
void streams_close(struct gateway *gateway);

/* stream_id.c: the id of where a stream is, and its parts again. */
void stream_print_id(const struct stream *stream, struct buffer *out);
bool stream_sees_branch(const struct stream *stream, struct id branch_id);
const uint8_t *branch_tail(const struct id *branch_id);

/* Makes the gaps of a stream from an id. False: it is none of ours. */
bool stream_read_id(struct stream *stream, const char *id);

/* stream_gap.c */
void stream_gap_add(struct stream *stream, size_t service, struct mark *marks, size_t count);
void stream_gap_here(struct stream *stream, size_t service); /* from where it is now */
struct catch_up *stream_gap_find(const struct stream *stream, size_t service);
void stream_gap_free(struct catch_up **gap);
void stream_gaps_tick(struct stream *stream, int64_t now);

/* Tells the stream an event that it may see. */
void stream_tell(struct stream *stream, const struct event_type *type,
                 const struct common_event_record *record);
bool stream_may_see(const struct stream *stream, const struct event_type *type,
                    struct id branch_id);

#endif
