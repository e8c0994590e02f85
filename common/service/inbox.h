/* inbox.h - reads other services' events in the order of their commits and brings about their effects exactly once
 * (design 5; private to common/service).
 *
 * A stream is one branch of one producer. It has at most one question out and one work in the lane. Wake-ups make it quick, a sweep each
 * second makes it sure. The position in the database decides; what is kept here is only a guess that saves asking.
 */
#ifndef SONGDA_SERVICE_INBOX_H
#define SONGDA_SERVICE_INBOX_H

#include "base/map.h"
#include "service/runtime.h"
#include "wire/peer.h"

enum { INBOX_FAILURES_MAX = 10 };

struct stream {
    const char *producer;
    struct id branch_id;
    size_t index;     /* in the inbox's map */
    int64_t position; /* of the last event whose effect is here */
    int64_t head;     /* the highest number heard of */
    int64_t asked_at; /* monotonic; 0: no question is out */
    uint32_t question;
    int64_t retry_at;
    int64_t single_until;            /* up to this number events go one by one */
    int failures;                    /* definite ones of the event behind position */
    const char *error, *error_value; /* of the last failure, heap */
    bool is_woken, is_running;
};

struct producer {
    const char *name;
    uint32_t question;
};

struct inbox {
    const struct service *service;
    struct lane *lane;
    struct peer *peer;
    struct producer *producers;
    size_t producer_count;
    struct map
        streams;    /* producer and branch → stream; none ever goes, so its place is its number */
    bool is_loaded; /* positions were read */
    bool is_loading;
    bool is_leaving; /* takes nothing more: the next process does */
    int64_t next_sweep, sweeps;
    uint32_t questions;
    struct work *free; /* works to use again */
    size_t running;
};

/* Some events of one stream on their way to their effects; the work comes first. */
struct arrival {
    struct work work;
    struct inbox *inbox;
    struct stream *stream; /* NULL: this work loads positions */
    struct events_read_reply events;
    int64_t after; /* the position they were read behind */
    int64_t last;  /* the position when they are done */
    bool parks;    /* the first of them is given up */
    bool has_moved;
    int64_t moved_to;
};

void inbox_init(struct inbox *inbox, const struct service *service, struct lane *lane,
                struct peer *peer);
void inbox_release(struct inbox *inbox);

void inbox_tick(struct inbox *inbox, int64_t monotonic);
void inbox_woken(struct inbox *inbox, const char *producer, struct id branch_id);
void inbox_answer(struct inbox *inbox, const struct envelope *reply, struct arena *arena);
void inbox_finished(struct inbox *inbox, struct arrival *arrival);
int64_t inbox_lag(const struct inbox *inbox, const char *producer); /* events not yet taken */

/* inbox_stream.c */
struct stream *inbox_stream_at(const struct inbox *inbox, size_t index);
struct stream *inbox_stream(struct inbox *inbox, const char *producer, struct id branch_id);
struct arrival *inbox_arrival(struct inbox *inbox, struct stream *stream);
void inbox_give_back(struct inbox *inbox, struct arrival *arrival);

/* inbox_effect.c: on a fiber. */
void effect_run(struct work *work);
void effect_load(struct work *work);
/* One event as the system; the call is failed when it does not succeed. `known` says whether the service subscribed to it. */
void effect_apply(struct call *c, const char *event, struct bytes body, struct id branch_id,
                  int64_t occurred_at, const char *trace, bool *known);

#endif
