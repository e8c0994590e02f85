/* follower.h - the gateway hears every service's events like any consumer: numbers of each branch without a gap, from its start on.
 *
 * Once a second it asks each service for the numbers of its last events; a wake-up makes it read at once. What it reads goes to the
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
#define HEADS_PAGE 1000

struct gateway;
struct request;
struct settings;

/* How far a service's events of one branch have been read. */
struct position {
    struct id branch_id;
    int64_t applied;
    int64_t told;   /* the last number that the service named */
    int64_t head;   /* read until here: told, or more after a wake-up */
    int64_t sought; /* head when the reading under way began */
    bool is_reading;
};

struct follower {
    const char *service;
    const struct contract_operation *heads, *read;
    struct position *positions;
    size_t count, capacity;
    bool is_started; /* the first heads are known: what was before them is history */
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
};

void followers_init(struct followers *followers, const struct routes *routes);
void followers_release(struct followers *followers);

/* "This branch of this service has new events." */
void followers_woken(struct gateway *gateway, const char *service, struct id branch_id);

/* Asks for heads that are due; call at least every 100 ms. */
void followers_tick(struct gateway *gateway);

/* When everything of this service was last known to have arrived; 0: never. */
int64_t followers_confirmed(const struct gateway *gateway, const char *service);

const struct follower *followers_find(const struct followers *followers, const char *service);

/* NULL: this branch has no events yet. */
const struct position *follower_position(const struct follower *follower, struct id branch_id);

/* A request to read the events of a branch; the caller sets finish and owner and starts it. */
struct request *follower_read_request(struct gateway *gateway, const struct follower *follower,
                                      struct id branch_id, int64_t after);

#endif
