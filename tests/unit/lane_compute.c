/* lane_compute.c - long computing leaves the batch and delays nobody, tried against a real database. */
#include "unit.h"
#undef fail /* cmocka's; here it is what a handler does */

#include <poll.h>
#include <semaphore.h>

#include "base/clock.h"
#include "bench.h"

enum { COMPUTING = 8, READING = 8 };

static struct bench bench;
static struct compute compute;

/* Computing waits at this gate, so that the tests decide when it ends. */
static struct {
    sem_t is_open;
    pthread_mutex_t mutex;
    int inside, most;
} gate;

struct doubling {
    int64_t number;
    int64_t doubled;
};

static void enter_gate(int step)
{
    pthread_mutex_lock(&gate.mutex);
    gate.inside += step;
    gate.most = gate.inside > gate.most ? gate.inside : gate.most;
    pthread_mutex_unlock(&gate.mutex);
}

static void run_doubling(void *task)
{
    struct doubling *doubling = task;

    enter_gate(1);
    sem_wait(&gate.is_open);
    doubling->doubled = 2 * doubling->number;
    enter_gate(-1);
}

static int open_bench(void **state)
{
    (void)state;
    sem_init(&gate.is_open, 0, 0);
    pthread_mutex_init(&gate.mutex, NULL);
    bench_open(&bench);
    compute_init(&compute);
    bench.lane.compute = &compute;
    return 0;
}

static int close_bench(void **state)
{
    (void)state;
    compute_release(&compute);
    bench_close(&bench);
    return 0;
}

static void open_gate(int times)
{
    for (int i = 0; i < times; i++)
        sem_post(&gate.is_open);
}

static void release(struct probe *probes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        arena_release(&probes[i].work.arena);
}

/* Turns the lane until so many calls came to their end, and notes them in their order. */
static void turn(struct probe **ended, size_t count)
{
    struct work *work;
    size_t so_far = 0;

    while (so_far < count) {
        struct pollfd items[] = {{.fd = lane_socket(&bench.lane), .events = POLLIN},
                                 {.fd = compute.event_fd, .events = POLLIN}};
        lane_take_back(&bench.lane);
        lane_step(&bench.lane);
        while ((work = lane_finished(&bench.lane)) != NULL)
            ended[so_far++] = (struct probe *)(void *)work;
        if (so_far < count && !lane_may_begin(&bench.lane))
            assert_int_not_equal(poll(items, 2, 10000), 0);
    }
}

static int64_t open_transactions(void)
{
    return bench_count(&bench, "SELECT count(*) FROM pg_stat_activity WHERE application_name = "
                               "'bench' AND (state <> 'idle' OR backend_xmin IS NOT NULL)");
}

static bool compute_double(struct call *c, int64_t number, int64_t *doubled)
{
    struct doubling doubling = {.number = number};
    bool is_known =
        call_compute(c, run_doubling, &doubling, sizeof(doubling.number), sizeof(doubling));

    *doubled = doubling.doubled;
    return is_known;
}

/* As a sign-in does: reads, computes, writes. */
static void read_compute_write(struct call *c, struct probe *p)
{
    struct account_lock row;
    int64_t doubled, balance = 0;

    if (db_account_lock(c, &row, .account_id = p->account_id))
        balance = row.balance;
    if (compute_double(c, p->number, &doubled))
        p->amount = doubled + balance;
    else
        fail(c, ERROR_CONFLICT, NULL); /* has no effect, nor has what is recorded of it */
    refusal_record(c);
    db_account_add(c, .account_id = p->account_id, .amount = 1);
}

static void see(struct call *c, struct probe *p)
{
    struct account_see row;

    p->number = db_account_see(c, &row, .account_id = p->account_id) ? row.balance : -1;
}

static void who_computes_delays_no_other_call_and_holds_no_transaction(void **state)
{
    struct probe probes[COMPUTING + READING] = {0}, *ended[COMPUTING + READING];
    struct id account_id = bench_account(&bench, 100);

    (void)state;
    gate.most = 0;
    for (int i = 0; i < COMPUTING; i++)
        probes[i] = (struct probe){
            .body = read_compute_write, .account_id = bench_account(&bench, 100), .number = i + 1};
    for (int i = COMPUTING; i < COMPUTING + READING; i++)
        probes[i] = (struct probe){.body = see, .account_id = account_id, .work.is_read = true};
    for (int i = 0; i < COMPUTING + READING; i++)
        probe_add(&bench, &probes[i]);
    turn(ended, READING);
    for (int i = 0; i < READING; i++)
        assert_ptr_equal(ended[i]->body, see); /* sent later, answered before */
    assert_int_equal(bench.lane.away_count, COMPUTING);
    assert_false(lane_is_idle(&bench.lane));
    for (int tries = 0; open_transactions() > 0; tries++)
        assert_true(tries < 100);
    open_gate(COMPUTING);
    turn(ended, COMPUTING);
    assert_true(lane_is_idle(&bench.lane));
    assert_in_range(gate.most, 1, COMPUTE_THREADS);
    for (int i = 0; i < COMPUTING; i++) {
        assert_int_equal(probes[i].amount, 2 * (i + 1) + 100);
        assert_int_equal(probes[i].runs, 2);
        assert_null(probes[i].work.call.failure.error);
    }
    assert_int_equal(bench_count(&bench, "SELECT count(*) FROM account WHERE balance = 101"),
                     COMPUTING);
    release(probes, COMPUTING + READING);
}

static void what_was_read_before_computing_is_read_again_behind_it(void **state)
{
    struct probe probe = {.body = read_compute_write, .number = 5}, other = {.body = see}, *ended;

    (void)state;
    probe.account_id = other.account_id = bench_account(&bench, 10);
    probe_add(&bench, &probe);
    probe_add(&bench, &other);
    turn(&ended, 1);
    assert_ptr_equal(ended, &other);
    bench_do(&bench, "UPDATE account SET balance = 1000 WHERE balance = 10"); /* its lock is gone */
    open_gate(1);
    turn(&ended, 1);
    assert_int_equal(probe.amount, 1010);
    release(&probe, 1);
    release(&other, 1);
}

static void compute_three(struct call *c, struct probe *p)
{
    for (int i = 0; i < 3; i++) {
        int64_t doubled;
        if (!compute_double(c, i % 2, &doubled))
            return;
        p->amount += doubled;
    }
}

static void equal_questions_are_computed_once(void **state)
{
    struct probe probe = {.body = compute_three}, *ended;

    (void)state;
    open_gate(2);
    probe_add(&bench, &probe);
    turn(&ended, 1);
    assert_int_equal(probe.runs, 3);
    assert_int_equal(sem_trywait(&gate.is_open), -1); /* two went in, the third was known */
    release(&probe, 1);
}

static void nothing_is_computed_for_who_waits_no_longer(void **state)
{
    struct probe first[2] = {{.body = compute_three}, {.body = compute_three}};
    struct probe late = {.body = compute_three}, *ended[3];

    (void)state;
    memset(bench.lane.pace, 0, sizeof(bench.lane.pace)); /* whatever the others took: it begins */
    late.work.deadline = clock_monotonic() + 50 * 1000;
    for (int i = 0; i < 2; i++)
        probe_add(&bench, &first[i]); /* they fill both threads */
    probe_add(&bench, &late);
    lane_step(&bench.lane);
    usleep(100 * 1000);
    open_gate(4);
    turn(ended, 3);
    assert_ptr_equal(late.work.call.failure.error, ERROR_DEADLINE_EXCEEDED);
    assert_int_equal(late.runs, 1);
    assert_int_equal(sem_trywait(&gate.is_open), -1);
    release(first, 2);
    release(&late, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_computes_delays_no_other_call_and_holds_no_transaction),
        cmocka_unit_test(what_was_read_before_computing_is_read_again_behind_it),
        cmocka_unit_test(equal_questions_are_computed_once),
        cmocka_unit_test(nothing_is_computed_for_who_waits_no_longer),
    };

    return cmocka_run_group_tests(tests, open_bench, close_bench);
}
