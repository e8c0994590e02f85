/* switchboard.h - who is there to work, what waits for them, who has what: decisions only, no sockets, no clock of its own.
 *
 * A request sits in a slot from its arrival until its answer. Workers are known by the identity that ROUTER gives them. The owner of
 * the switchboard tells it what was heard and calls switchboard_next until there is nothing left to do. Times are monotonic microseconds.
 */
#ifndef GATEWAY_SWITCHBOARD_H
#define GATEWAY_SWITCHBOARD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/list.h"
#include "base/map.h"

#define SWITCHBOARD_SLOTS 4096
#define SWITCHBOARD_SERVICES_MAX 32
#define SWITCHBOARD_TRIES_MAX 3           /* workers a request is given to, one after the other */
#define WORKER_SILENCE INT64_C(3000000)   /* until a worker counts as dead */
#define WORKER_HEARTBEAT INT64_C(1000000) /* between two words to a worker */
#define WORKER_PROBE INT64_C(200000)      /* the same while it owes answers and says nothing */
#define WORKER_WAIT INT64_C(2000000) /* how long a request waits for a service that nobody offers */
#define WORKER_IDENTITY_MAX 32
#define WORKER_USER 48

struct worker {
    struct link link; /* of its desk */
    uint8_t identity[WORKER_IDENTITY_MAX];
    size_t identity_len;
    size_t desk;
    int64_t credit, outstanding;
    int64_t heard, said;
    bool is_leaving;
    char user[WORKER_USER]; /* whose key it came with; the owner of the switchboard's */
};

enum slot_state { SLOT_FREE, SLOT_WAITING, SLOT_SENT };

struct slot {
    struct link link; /* of the free ones, of its desk's waiting ones, or of the sent ones */
    uint32_t index, generation;
    enum slot_state state;
    size_t desk;
    struct worker *worker; /* who has it; SLOT_SENT */
    int64_t since;         /* when it began to wait */
    int64_t deadline;
    int tries;
    void *owner;
};

/* One service's workers and the requests that wait for them. */
struct desk {
    const char *service;
    struct link workers, waiting;
};

struct switchboard {
    struct desk desks[SWITCHBOARD_SERVICES_MAX];
    size_t desk_count;
    struct map workers; /* identity → struct worker */
    struct slot *slots; /* SWITCHBOARD_SLOTS */
    struct link free, sent;
    size_t used;       /* slots */
    int64_t next_look; /* when deadlines are looked at again */
    int64_t redispatched, late;
};

/* `services` ends with NULL; its texts outlive the switchboard. */
void switchboard_init(struct switchboard *board, const char *const *services);
void switchboard_release(struct switchboard *board);

/* A worker said READY: it is new, or has a new credit. False: no such service. */
bool switchboard_ready(struct switchboard *board, struct bytes identity, const char *service,
                       int64_t credit, int64_t now);

/* Who said READY under this identity, or NULL; and its service's name. */
struct worker *switchboard_worker(const struct switchboard *board, struct bytes identity);
const char *switchboard_service(const struct switchboard *board, const struct worker *worker);

/* Something came from this worker. False: it never said READY, tell it to. */
bool switchboard_heard(struct switchboard *board, struct bytes identity, int64_t now);

/* The worker takes no more requests; it is forgotten when it owes nothing. */
void switchboard_goodbye(struct switchboard *board, struct bytes identity);

/* The worker cannot be reached: what it owes goes back to the front of its desk. */
void switchboard_lost(struct switchboard *board, struct worker *worker, int64_t now);

/* NULL: all slots are taken, or there is no such service. */
struct slot *switchboard_put(struct switchboard *board, const char *service, void *owner,
                             int64_t now, int64_t deadline);

/* The slot that a reply is for; NULL: nobody waits for it any more, or the worker is of another service. */
struct slot *switchboard_reply(struct switchboard *board, struct bytes identity,
                               struct bytes correlation);

/* Frees a slot: its request was answered, failed, or its asker left. */
void switchboard_done(struct switchboard *board, struct slot *slot);

enum action_kind {
    ACTION_SEND = 1, /* send the slot's request to the worker */
    ACTION_EXPIRED,  /* no answer in time, and it may have been done */
    ACTION_NOBODY,   /* nobody offers the service, and nobody was asked */
    ACTION_GIVEN_UP, /* as many workers died on it as may */
};

/* After the last three the owner answers its asker and calls switchboard_done. */
struct action {
    enum action_kind kind;
    struct slot *slot;
    struct worker *worker;
};

bool switchboard_next(struct switchboard *board, int64_t now, struct action *action);

/* A worker to which a heartbeat is due (it counts as said now), or NULL. */
struct worker *switchboard_greet(struct switchboard *board, int64_t now);

/* Workers of the service that were heard and are not leaving. */
size_t switchboard_live(const struct switchboard *board, const char *service);

#define CORRELATION_SIZE 8
void slot_correlation(const struct slot *slot, uint8_t correlation[CORRELATION_SIZE]);

#endif
