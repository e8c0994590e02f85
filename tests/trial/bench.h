/* bench.h - a lane on a private PostgreSQL (POSTGRES_… of tests/lib/with_postgres), and calls that a test writes as functions. */
#ifndef TRIAL_BENCH_H
#define TRIAL_BENCH_H

#include "service/lane.h"
#include "service/request.h"
#include "store/sql.h"
#include "trial.gen.h"

struct bench {
    struct database database;
    struct lane lane;
    PGconn *admin; /* sees what is committed */
    struct id branch_id, company_id;
};

extern const struct service trial_service;

/* Migrates, prepares, and empties every table. */
void bench_open(struct bench *bench);
void bench_close(struct bench *bench);

/* A call whose handler is a function of the test. */
struct probe {
    struct work work;
    void (*body)(struct call *c, struct probe *probe);
    struct id account_id;
    int64_t amount, number;
    const char *word;
    int64_t batch;      /* in which it ran */
    size_t company;     /* how many calls ran with it */
    int runs;           /* how often */
    bool was_committed; /* when it was answered, others could see trace `word` */
};
void probe_add(struct bench *bench, struct probe *probe);

/* Turns the lane until nothing is left, and hands the finished ones to `finished` in their order (may be NULL). */
void bench_turn(struct bench *bench, void (*finished)(struct bench *bench, struct work *work));

/* A request as the gateway sends it, in memory of its own. */
struct request *bench_request(struct bench *bench, const char *operation, struct id key,
                              const struct shape *shape, const void *value);
void request_free(struct request **request);

/* The first column of the first row, as a number; -1 where there is none. */
int64_t bench_count(struct bench *bench, const char *sql);
void bench_do(struct bench *bench, const char *sql);

struct id bench_account(struct bench *bench, int64_t balance);

#endif
