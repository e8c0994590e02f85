/* call.h - one request, event or job while a handler works on it: who asks, when it is, what was decided.
 *
 * A handler is straight-line C. It reads with db_… (generated; may suspend the call while others run), decides, writes with db_…,
 * emits, and returns 0, or `return fail(c, ERROR_X, "…")`. It never frees, never begins or commits, keeps nothing static. After the
 * first failure everything later is a no-op and the call's writes are thrown away.
 */
#ifndef SONGDA_SERVICE_CALL_H
#define SONGDA_SERVICE_CALL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/list.h"
#include "base/money.h"
#include "store/statement.h"
#include "wire/contract.h"

/* Who acts (design 4: the gateway is the only issuer). functions is a bit set of enum function. */
struct actor {
    struct id staff_id; /* none: the system itself (events, jobs) */
    struct id session_id;
    struct id branch_id;  /* the branch of the person's post */
    struct id company_id; /* headquarters, root of the tree */
    struct id_list scope; /* branches whose records the person may see */
    uint64_t functions;
    int64_t permissions_version;
};

struct failure {
    const struct error *error; /* NULL: none */
    const char *value;         /* for the {} of its sentence, or NULL */
    const char *field;         /* path in the request, or NULL */
};

/* The event a handler works on: what evidence cites (policy P4). */
struct cause {
    const char *producer; /* leads */
    const char *event;    /* leads.visit_report.missed */
    int64_t number;       /* in the producer's branch */
    struct id event_id;
};

struct work; /* the lane's side of a call */

struct call {
    struct arena *arena; /* lives until the call is answered */
    struct actor actor;
    struct id
        branch_id; /* the branch the call works in: the actor's, or the aggregate's after call_enter_branch */
    int64_t now;       /* the request's instant; for an event the instant of its cause */
    int32_t today;     /* business date of now */
    struct id key;     /* idempotency key; none for reads, events, jobs */
    const char *trace; /* W3C traceparent or "" */
    const struct operation *operation; /* NULL for events and jobs */
    const struct cause *cause;         /* NULL but for events */
    struct failure failure;
    struct work *work;
};

/* Records the first failure and returns -1. The value is printed for the {} of the error's sentence: a figure, a date, a name, never a
 * sentence, because the sentence is spoken in the reader's language. fail(c, ERROR_X, NULL) where the sentence has no {}. */
int fail(struct call *c, const struct error *error, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The same, and names the field of the request that is to blame. */
int fail_at(struct call *c, const char *field, const struct error *error, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
bool has_failed(const struct call *c);
/* After a refusal: what is written and emitted from here on is kept although the call is refused (the attempt from which discipline opens a
 * case, policy L4, C2). What was written before the refusal is dropped. Use: `fail(…); refusal_record(c); emit_…(c, …); return -1;` */
void refusal_record(struct call *c);

struct id call_id(struct call *c);                   /* a new UUIDv7 at the call's instant */
const char *call_money(struct call *c, int64_t fen); /* "1234.50" */
const char *call_print(struct call *c, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Works from here on in another branch (that of the aggregate just read): where writes, events and audit go. False (and the call fails with
 * not_found) unless it is in the actor's scope; the system may enter any. */
bool call_enter_branch(struct call *c, struct id branch_id);

/* The next db_… read of one row does not wait: it goes out with the read behind it, returns false, and its row (in the arena, or on the
 * handler's stack for as long as it is read there) is filled when that one returns; all zero: there was no such row. For reads that do
 * not need each other; each wait is a round trip. */
void call_ask_along(struct call *c);

bool may(const struct call *c, const struct permission *permission);
bool has_function(const struct call *c, int function); /* enum function of schemas/types.json */
bool is_system(const struct call *c);

/* Something long that needs no database (hashing a password), done by a thread while other calls go on (compute.h): run(task) finds its
 * question in the first `asked` bytes of the task and puts its answer behind them; equal questions have equal bytes, so zero them first.
 * To be asked before the first write. False: the answer is not there yet, and what the handler still does has no effect: it is run again
 * from its beginning when it is. */
bool call_compute(struct call *c, void (*run)(void *task), void *task, size_t asked, size_t size);

/* For the generated code. */
bool call_read_one(struct call *c, const struct statement *statement, const void *arguments,
                   void *row);
void call_read_many(struct call *c, const struct statement *statement, const void *arguments,
                    void **rows, size_t *count);
void call_write(struct call *c, const struct statement *statement, const void *arguments,
                size_t size);
void call_emit(struct call *c, const struct event_type *event, const void *body);

/* What the audit log shows as the state before the change (the request is the state after). The last call wins. */
void audit_before(struct call *c, const struct shape *shape, const void *value);
/* Names the audited object where the schema's `object` cannot. */
void audit_object(struct call *c, struct id object_id);

#endif
