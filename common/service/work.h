/* work.h - the lane's side of a call: its fiber, the statements it waits for or has put off, what it emitted (private to common/service). */
#ifndef SONGDA_SERVICE_WORK_H
#define SONGDA_SERVICE_WORK_H

#include "base/list.h"
#include "service/call.h"
#include "store/sql.h"
#include "store/value.h"

struct computation;
struct lane;
struct fiber;
struct service;
struct work;

/* One execution of a statement for one call. */
struct step {
    struct step *next;
    struct work *work;
    const struct prepared *prepared;
    struct sql_bytes *
        values; /* in binary, taken when the handler asked: the call may be elsewhere when they are sent */
    void *row;   /* STATEMENT_ONE */
    void **rows; /* STATEMENT_MANY */
    size_t *count, filled;
    bool is_sent, is_found;
};

struct emitted {
    struct emitted *next;
    struct id branch_id, event_id, actor_id, aggregate_id;
    const struct event_type *event;
    int64_t occurred_at;
    struct bytes body;
    const char *trace;
};

struct work {
    struct link link; /* in the lane's waiting or finished */
    struct arena arena;
    struct call call;
    struct call fresh; /* the call as it was before its handler ran, for running it again */
    const struct service *service;
    struct lane *lane;

    /* What the lane may do with it. */
    bool is_read;       /* BEGIN READ ONLY */
    bool sees_all;      /* row-level security: every branch */
    bool is_alone;      /* a batch of its own: events, jobs, what failed in company */
    bool is_turn;       /* of a job's, see schedule.h */
    uint64_t serialize; /* of the values it serialises on; 0: none */
    uint64_t
        kind; /* of the fields it serialises on, else of its operation: calls of two kinds never share a batch */
    int64_t deadline;           /* monotonic; 0: none */
    void (*run)(struct work *); /* on a fiber: the handler */
    void (*settle)(
        struct work *); /* afterwards: what is recorded about it, and its reply; may be NULL */

    /* How far it is. */
    struct fiber *fiber; /* suspended; NULL: not begun or ended */
    struct step *first, **last;
    struct step *waiting; /* the read it is suspended at */
    struct step *lookup;  /* the idempotency look-up, first in the queue */
    bool asks_ahead;      /* the next read is queued and not waited for: it is the look-up */
    bool asks_along;      /* the next read of one row goes out with the one behind it */
    bool key_known;       /* the look-up is answered, or there is none */
    bool is_replayed;     /* the look-up found something */
    bool is_touching;     /* statements of it that change data were sent */
    bool is_recording;    /* refused, and what is written now is kept */
    bool has_expired;
    bool is_lost;    /* rolled back; the failure says how */
    bool is_passing; /* it failed because of the moment, not of itself */
    int attempts;
    struct computation *computations; /* what it asked to be computed, newest first */
    struct computation *asked;        /* the one that it leaves its batch for */
    struct emitted *events, **events_end;
    size_t event_count;
    const char *audit_before; /* JSON */
    struct id audit_object;
    int64_t started; /* monotonic */
};

/* Makes a work ready for its first run; call.arena is its arena. */
void work_init(struct work *work, const struct service *service);

/* Back to before the handler ran. The arena keeps what it holds. */
void work_reset(struct work *work);

/* Its handler has ended, and its stack: rows that were asked for along with a read that never came go nowhere. */
void work_end(struct work *work);

/* Forgets what was written and emitted but not sent. */
void work_drop(struct work *work);

/* A value as MessagePack in the work's arena. */
struct bytes work_pack(struct work *work, const struct shape *shape, const void *value,
                       bool masked);

#endif
