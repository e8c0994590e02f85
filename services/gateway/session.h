/* session.h - who stands behind a token: asked of Redis, else of staff, kept until an event says otherwise (design 3, S5).
 *
 * Only hashes of tokens are kept. A session is believed while staff's events are followed; when that was not possible for 5 s it is
 * asked again, and without an answer nobody gets in.
 */
#ifndef GATEWAY_SESSION_H
#define GATEWAY_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/list.h"
#include "base/map.h"
#include "session_seal.h"
#include "wire/envelope.h"

#define SESSIONS_MAX 8192
#define SESSION_BELIEVED INT64_C(5000000) /* microseconds without word from staff */
#define SESSION_TOUCHED                                                                            \
    INT64_C(600000000) /* microseconds between two words to staff that it is in use */
#define TOKEN_HASH_SIZE 32

struct gateway;
struct request;
struct session_inquiry;

enum session_state { SESSION_ASKED = 1, SESSION_OPEN, SESSION_ENDED };

struct session {
    uint8_t hash[TOKEN_HASH_SIZE];
    enum session_state state;
    struct envelope_actor actor; /* scope.items on the heap */
    int64_t expires_at;          /* instant; 0: never */
    int64_t asked_at;            /* monotonic, of the last question that was answered */
    int64_t touched_at;          /* monotonic, when staff heard last that it is in use */
    int64_t kept_at; /* monotonic, when it was last put into Redis or found there; 0: never */
    struct session_inquiry *inquiry; /* in Redis, under way */
    bool ask_again;                  /* an event came while staff was asked */
    struct link recent;              /* least recently used first */
    struct link waiting;             /* requests */
    struct link streams;             /* its event streams */
    size_t holders;                  /* requests and streams that point here */
};

/* An event of staff, as its number in a branch. */
struct heard {
    struct id branch_id;
    int64_t number;
};

/* The last event about a session or a person: what was known before it is old. */
struct session_change {
    struct heard heard;
    int64_t number; /* of sessions.number, when it was heard */
    int64_t at;     /* monotonic */
};

struct sessions {
    struct map by_hash;
    struct link recent;
    struct map
        changed; /* session or staff id → struct session_change; what is forgotten of it becomes history (follower.h) */
    int64_t number;   /* changes heard */
    int64_t doubted;  /* the number when all were doubted last */
    int64_t asked;    /* questions to staff */
    struct seal seal; /* of those in Redis */
};

void sessions_init(struct sessions *sessions);
void sessions_release(struct sessions *sessions);

/* Finds the request's session by its token: request_continue or request_fail follow, now or later. */
void session_require(struct request *r);

/* Puts down what the request or stream holds. */
void session_put_down(struct session **session);

/* staff says that a session ended, or that a person changed. */
void session_revoked(struct gateway *gateway, struct id session_id, const struct heard *heard);
void session_person_changed(struct gateway *gateway, struct id staff_id, const struct heard *heard);

/* What Redis knows of a session that requests wait for (session_kept.c): who it is has been taken, or staff must be asked. */
void session_found(struct gateway *gateway, struct session *session);
void session_not_found(struct gateway *gateway, struct session *session, const char *token);

/* The branches have changed: every actor's scope may be another. */
void sessions_doubt_all(struct gateway *gateway);

/* Still to be believed without asking? */
bool session_is_fresh(const struct gateway *gateway, const struct session *session);

/* Ends what has expired, and the streams of sessions that staff was not heard about for too long (they come back and are asked
 * about); call once a second. */
void sessions_tick(struct gateway *gateway);

#endif
