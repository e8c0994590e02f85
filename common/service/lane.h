/* lane.h - runs calls in batches over the one database connection (design 3, its six laws; private to common/service).
 *
 * lane_add() what waits; lane_step() whenever the socket is ready or something was added; lane_finished() what is durable or refused.
 * Nothing is finished before its COMMIT was confirmed. When the connection is lost, lane_is_lost() says so: what is in flight stays
 * unanswered and the process ends.
 */
#ifndef SONGDA_SERVICE_LANE_H
#define SONGDA_SERVICE_LANE_H

#include "service/compute.h"
#include "service/fiber.h"
#include "service/work.h"

enum { LANE_BATCH_MAX = 64 };
/* microseconds; a batch that took longer says nothing about the next one, and a lane that has rested so long does not know its pace */
#define LANE_PACE_MAX INT64_C(1000000)

enum lane_state {
    LANE_IDLE,
    LANE_READING,      /* a round of reads is out */
    LANE_WRITING,      /* the writes are out whose row counts must be seen before the commit */
    LANE_COMMITTING,   /* the rest and the COMMIT are out */
    LANE_ROLLING_BACK, /* ROLLBACK is out */
    LANE_LOST,
};

/* What was sent and is not answered yet. */
struct sent {
    struct sent *next;
    const struct prepared *prepared;
    struct step **steps;
    size_t count;
    bool is_set;
};

/* The first error of a batch. */
struct lane_error {
    bool is_set;
    char state[6]; /* SQLSTATE; "" for what the server does not call an error */
    char table[64];
    struct step *step;          /* NULL: the lane's own statement or a set of several calls */
    const struct error *missed; /* a `write one` that did not touch one row */
};

struct lane_counters {
    int64_t batches, calls, round_trips, rolled_back, statements, sets;
    int64_t sizes[7]; /* batches of 1, ≤ 2, ≤ 4 … ≤ 64 */
};

struct lane {
    struct database *database;
    struct fiber_pool fibers;
    struct link waiting, finished;
    size_t waiting_count;
    struct compute *compute; /* where calls are that leave their batch to compute; NULL: none may */
    size_t away_count;       /* of those */
    enum lane_state state;
    struct work *batch[LANE_BATCH_MAX];
    size_t batch_count;
    int64_t begun, ended; /* monotonic; the batch, and the one before it */
    int64_t pace
        [2]; /* microseconds a batch of writes, of reads has taken lately: up at once, down slowly */
    int64_t planned_at; /* calls that had been when PostgreSQL was last told to plan anew */
    struct arena arena; /* of the batch */
    struct buffer scratch;
    struct id company_id; /* headquarters, once somebody asked; none before */
    struct work control;  /* the lane's own statements */
    struct sent *sent_first, **sent_last;
    size_t *remaining, *heads; /* by statement, for merging */
    struct lane_error error;
    bool in_transaction;
    bool owes_answer; /* the server, to the COMMIT of reads that were answered already */
    struct sent last; /* that COMMIT: it outlives its batch */
    struct lane_counters counters;
};

void lane_init(struct lane *lane, struct database *database);
void lane_release(struct lane *lane);

void lane_add(struct lane *lane, struct work *work);
void lane_step(struct lane *lane);
/* Takes back the calls whose computing has come to an end. */
void lane_take_back(struct lane *lane);
struct work *lane_finished(struct lane *lane);

bool lane_is_idle(const struct lane *lane);   /* nothing runs, computes or waits */
bool lane_may_begin(const struct lane *lane); /* something waits for its turn only */
bool lane_is_lost(const struct lane *lane);
int lane_socket(const struct lane *lane);
bool lane_wants_to_write(const struct lane *lane);

/* The parts of the lane. */
void lane_lose(struct lane *lane);                               /* says so in the log */
void batch_take(struct lane *lane);                              /* batch.c */
void batch_branches(struct lane *lane, struct buffer *branches); /* batch.c */
void batch_note_pace(struct lane *lane);                         /* batch.c */
void merge_reads(struct lane *lane);  /* merge.c: what the suspended calls wait for */
void merge_writes(struct lane *lane); /* merge.c: everything */
void lane_send(struct lane *lane, struct step **steps, size_t count); /* merge.c */
bool answers_receive(struct lane *lane); /* answers.c: true when the round is complete */
void append_events(struct lane *lane);   /* outbox_append.c */

#endif
