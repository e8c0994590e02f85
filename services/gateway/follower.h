/* follower.h - the gateway hears every service's events like any consumer: numbers of each branch without a gap, from its start on.
 *
 * Of staff it begins a little earlier, so that it knows what was said about sessions that lie in Redis. Once a second it asks each service for the numbers of its last events; a wake-up makes it read at once. What it reads goes to the
 * sessions, the kept answers and the event streams. Positions are kept in memory only.
 */
#ifndef GATEWAY_FOLLOWER_H
#define GATEWAY_FOLLOWER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/id.h"
#include "wire/routes.h"

#define FOLLOWER_SWEEP INT64_C(1000000) /* microseconds between two questions for the heads */
#define FOLLOWER_PAGE 100               /* events read at once */
#define FOLLOWER_READS_MAX 16           /* of one service at once */
#define FOLLOWER_BRANCHES_MAX 4096
#define FOLLOWER_REST                                                                              \
    INT64_C(                                                                                       \
        10000) /* microseconds between two readings of a branch that was read to its end: under load one brings many events */
#define HEADS_PAGE 1000
#define FOLLOWER_LOOK_BACK 300 /* of staff: what Redis keeps of sessions is younger, mostly */

struct gateway;
struct request;
struct settings;

/* How far a service's events of one branch have been read. */
struct position {
    struct id branch_id;
    int64_t applied;
    int64_t
        history; /* what events up to here said is not remembered: they were before our time, or long ago */
    int64_t told;        /* the last number that the service named */
    int64_t head;        /* read until here: told, or more after a wake-up */
    int64_t sought;      /* head when the reading under way began */
    int64_t rests_until; /* monotonic: a wake-up before it is obeyed then */
    bool is_reading;
};

struct follower {
    const char *service;
    const struct contract_operation *heads, *read;
    struct position *positions;
    size_t count, capacity;
    int64_t look_back; /* events of each branch that are read again at the start */
    bool is_placed;    /* the first heads are known */
    bool is_started;   /* and everything up to them was applied: what comes now is news */
    bool is_asking;
    int64_t asked_at;     /* monotonic, of the question for the heads under way or last answered */
    int64_t confirmed_at; /* everything that had happened by then was applied; 0: never */
    int64_t next_sweep;
    size_t reading;
};

struct followers {
    struct follower *items; /* one for each service */
    size_t count;
    int64_t applied; /* events */
    int64_t due_at;  /* monotonic: a reading that was put off; 0: none */
};

void followers_init(struct followers *followers, const struct routes *routes);
void followers_release(struct followers *followers);

/* "This branch of this service has new events." */
void followers_woken(struct gateway *gateway, const char *service, struct id branch_id);

/* Asks for heads that are due; call at least every 100 ms. */
void followers_tick(struct gateway *gateway);

/* How long the loop may sleep for the readings' sake, in microseconds; -1: for ever. */
int64_t followers_patience(const struct followers *followers, int64_t now);

/* When everything of this service was last known to have arrived; 0: never. */
int64_t followers_confirmed(const struct gateway *gateway, const char *service);

const struct follower *followers_find(const struct followers *followers, const char *service);

/* NULL: this branch has no events yet. */
const struct position *follower_position(const struct follower *follower, struct id branch_id);

/* What this service's events of a branch said up to `number` is not remembered any more. */
void followers_forget(struct gateway *gateway, const char *service, struct id branch_id,
                      int64_t number);

/* A request to read the events of a branch; the caller sets finish and owner and starts it. */
struct request *follower_read_request(struct gateway *gateway, const struct follower *follower,
                                      struct id branch_id, int64_t after);

#endif
