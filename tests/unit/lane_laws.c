/* lane_laws.c - the laws of the lanes (design 3), each tried against a real database. */
#include "unit.h"
#undef fail /* cmocka's; here it is what a handler does */

#include "base/clock.h"
#include "fixture.h"

#include "service/service.h"

enum { MANY = 64 };

static void release(struct probe *probes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        arena_release(&probes[i].work.arena);
}

static void run(struct probe *probes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        probe_add(&bench, &probes[i]);
    bench_turn(&bench, NULL);
}

static void echo(struct call *c, struct probe *p)
{
    struct number_echo row;

    for (int i = 0; i < 3; i++)
        if (db_number_echo(c, &row, .number = p->number))
            p->number = row.number;
}

static void
calls_that_wait_together_share_their_round_trips_and_each_gets_its_own_rows(void **state)
{
    struct probe probes[MANY] = {0};
    int64_t trips = bench.lane.counters.round_trips, sets = bench.lane.counters.sets;

    (void)state;
    for (int i = 0; i < MANY; i++)
        probes[i] = (struct probe){.body = echo, .number = i + 1, .work.is_read = true};
    run(probes, MANY);
    for (int i = 0; i < MANY; i++)
        assert_int_equal(probes[i].number, 8 * (i + 1));
    assert_int_equal(bench.lane.counters.sets - sets, 3);
    assert_int_equal(bench.lane.counters.round_trips - trips, 4); /* 3 rounds and the end */
    release(probes, MANY);
}

/* Each call leaves words in its own order; the shapes of the calls differ, so that merging is tempted to reorder. */
static void leave_words(struct call *c, struct probe *p)
{
    struct trace_find row;

    for (int i = 0; i < 6; i++) {
        const char *word = call_print(c, "%s-%d", p->word, i);
        if ((i + p->number) % 3 == 0)
            db_trace_add(c, .word = word);
        else
            db_trace_insert(c, .word = word);
        if (p->number == 5 && i == 3)
            db_trace_find(c, &row, .word = word);
    }
}

static void merging_never_reorders_two_statements_of_one_call(void **state)
{
    static const char *const names[] = {"a", "b", "c", "d", "e", "f"};
    struct probe probes[6] = {0};

    (void)state;
    bench_do(&bench, "TRUNCATE trace");
    for (int i = 0; i < 6; i++)
        probes[i] = (struct probe){.body = leave_words, .word = names[i], .number = i};
    run(probes, 6);
    assert_int_equal(bench_count(&bench, "SELECT count(*) FROM trace"), 36);
    assert_true(bench.lane.counters.sets > 0);
    assert_int_equal(
        bench_count(
            &bench,
            "SELECT count(*) FROM trace x JOIN trace y"
            " ON split_part(replace(x.word, 'other ', ''), '-', 1) = split_part(replace(y.word, "
            "'other ', ''), '-', 1)"
            " AND split_part(x.word, '-', 2) < split_part(y.word, '-', 2) AND x.place > y.place"),
        0);
    release(probes, 6);
}

static void find_own_word(struct call *c, struct probe *p)
{
    struct trace_find row;

    db_trace_insert(c, .word = p->word);
    p->number = db_trace_find(c, &row, .word = p->word);
}

static void a_call_reads_what_it_wrote_before(void **state)
{
    struct probe probe = {.body = find_own_word, .word = "own"};

    (void)state;
    run(&probe, 1);
    assert_int_equal(probe.number, 1);
    release(&probe, 1);
}

static void add_one(struct call *c, struct probe *p)
{
    db_account_add(c, .account_id = p->account_id, .amount = 1);
}

static void an_update_of_the_same_row_by_two_calls_of_a_batch_happens_twice(void **state)
{
    struct probe probes[10] = {0};
    struct id account_id = bench_account(&bench, 100);

    (void)state;
    for (int i = 0; i < 10; i++)
        probes[i] = (struct probe){.body = add_one, .account_id = account_id};
    run(probes, 10);
    assert_int_equal(probes[0].company, 10);
    assert_int_equal(bench_count(&bench, "SELECT balance FROM account WHERE balance > 100"), 110);
    release(probes, 10);
}

static void note_order(struct call *c, struct probe *p)
{
    db_trace_insert(c, .word = p->word);
}

static void
two_calls_that_serialise_on_the_same_value_never_share_a_batch_and_keep_their_order(void **state)
{
    struct probe probes[5] = {0};
    static const uint64_t values[] = {7, 9, 7, 0, 7};
    static const char *const words[] = {"s0", "s1", "s2", "s3", "s4"};

    (void)state;
    for (int i = 0; i < 5; i++)
        probes[i] =
            (struct probe){.body = note_order, .word = words[i], .work.serialize = values[i]};
    run(probes, 5);
    assert_int_equal(probes[0].batch, probes[1].batch);
    assert_int_equal(probes[0].batch, probes[3].batch);
    assert_true(probes[2].batch > probes[0].batch);
    assert_true(probes[4].batch > probes[2].batch);
    release(probes, 5);
}

/* Reads the balance under a lock and takes half of it: who shares a batch with another takes by what the other saw. */
static void take_half(struct call *c, struct probe *p)
{
    struct account_lock row;

    if (db_account_lock(c, &row, .account_id = p->account_id))
        p->number = (int)row.balance;
    db_account_add(c, .account_id = p->account_id, .amount = -(p->number / 2));
}

static void two_calls_that_serialise_on_different_things_never_share_a_batch(void **state)
{
    static const int seen[] = {100, 50, 25, 13};
    struct probe probes[4] = {0};
    struct id account_id = bench_account(&bench, 100);

    (void)state;
    for (int i = 0; i < 4; i++)
        probes[i] = (struct probe){.body = take_half,
                                   .account_id = account_id,
                                   .work.kind = (uint64_t)i % 2,
                                   .work.serialize = (uint64_t)(11 + i % 2)};
    run(probes, 4);
    for (int i = 0; i < 4; i++)
        assert_int_equal(probes[i].number, seen[i]);
    release(probes, 4);
}

static void two_calls_with_one_key_never_share_a_batch(void **state)
{
    struct probe probes[2] = {0};
    struct id key = id_make(clock_now());

    (void)state;
    for (int i = 0; i < 2; i++)
        probes[i] =
            (struct probe){.body = note_order, .word = i ? "k1" : "k0", .work.call.key = key};
    run(probes, 2);
    assert_int_not_equal(probes[0].batch, probes[1].batch);
    release(probes, 2);
}

static void nobody_overtakes_a_call_that_was_passed_over(void **state)
{
    struct id key = id_make(clock_now());
    struct probe probes[3] = {
        {.body = note_order, .word = "o0", .work.serialize = 7},
        {.body = note_order, .word = "o1", .work.serialize = 7, .work.call.key = key},
        {.body = note_order, .word = "o2", .work.call.key = key}};

    (void)state;
    run(probes, 3);
    assert_true(probes[1].batch > probes[0].batch);
    assert_true(probes[2].batch > probes[1].batch);
    release(probes, 3);
}

static void reads_and_writes_do_not_share_a_batch_and_a_read_cannot_write(void **state)
{
    struct probe probes[3] = {0};

    (void)state;
    for (int i = 0; i < 3; i++)
        probes[i] = (struct probe){.body = note_order,
                                   .word = i == 1 ? "r1"
                                           : i    ? "r2"
                                                  : "r0",
                                   .work.is_read = i == 1};
    run(probes, 3);
    assert_int_equal(probes[0].batch, probes[2].batch);
    assert_int_not_equal(probes[0].batch, probes[1].batch);
    assert_true(has_failed(&probes[1].work.call));
    assert_int_equal(bench_count(&bench, "SELECT count(*) FROM trace WHERE word = 'r1'"), 0);
    assert_int_equal(bench_count(&bench, "SELECT count(*) FROM trace WHERE word IN ('r0', 'r2')"),
                     2);
    release(probes, 3);
}

static void refuse(struct call *c, struct probe *p)
{
    db_trace_insert(c, .word = p->word);
    fail(c, ERROR_BALANCE_TOO_LOW, NULL);
}

static void a_refusal_costs_its_batch_nothing(void **state)
{
    struct probe probes[3] = {{.body = note_order, .word = "n0"},
                              {.body = refuse, .word = "n1"},
                              {.body = note_order, .word = "n2"}};
    int64_t rolled_back = bench.lane.counters.rolled_back;

    (void)state;
    run(probes, 3);
    assert_int_equal(bench.lane.counters.rolled_back, rolled_back);
    assert_int_equal(probes[0].runs, 1);
    assert_int_equal(bench_count(&bench, "SELECT count(*) FROM trace WHERE word IN ('n0', 'n2')"),
                     2);
    assert_int_equal(bench_count(&bench, "SELECT count(*) FROM trace WHERE word = 'n1'"), 0);
    assert_ptr_equal(probes[1].work.call.failure.error, ERROR_BALANCE_TOO_LOW);
    release(probes, 3);
}

static void record_refusal(struct call *c, struct probe *p)
{
    db_trace_insert(c, .word = "before the refusal");
    fail(c, ERROR_BALANCE_TOO_LOW, NULL);
    refusal_record(c);
    db_trace_insert(c, .word = p->word);
    emit_account_paid(c, .account_id = p->account_id, .amount = 1);
}

static void what_a_refusal_records_is_kept_and_what_was_before_is_not(void **state)
{
    struct probe probe = {.body = record_refusal, .word = "refused"};

    (void)state;
    bench_do(&bench, "TRUNCATE outbox");
    run(&probe, 1);
    assert_int_equal(bench_count(&bench, "SELECT count(*) FROM trace WHERE word = 'refused'"), 1);
    assert_int_equal(bench_count(&bench, "SELECT count(*) FROM trace WHERE word LIKE 'before%'"),
                     0);
    assert_int_equal(bench_count(&bench, "SELECT count(*) FROM outbox"), 1);
    assert_ptr_equal(probe.work.call.failure.error, ERROR_BALANCE_TOO_LOW);
    release(&probe, 1);
}

static void overdraw(struct call *c, struct probe *p)
{
    db_trace_insert(c, .word = p->word);
    db_account_add(c, .account_id = p->account_id, .amount = p->amount);
}

static void an_sql_error_rolls_the_batch_back_and_its_calls_run_again_one_by_one(void **state)
{
    struct id account_id = bench_account(&bench, 50);
    struct probe probes[3] = {
        {.body = overdraw, .word = "e0", .account_id = account_id, .amount = -10},
        {.body = overdraw, .word = "e1", .account_id = account_id, .amount = -1000},
        {.body = overdraw, .word = "e2", .account_id = account_id, .amount = -10}};
    int64_t rolled_back = bench.lane.counters.rolled_back;

    (void)state;
    run(probes, 3);
    assert_int_equal(bench.lane.counters.rolled_back - rolled_back,
                     2); /* the batch, and the one alone */
    assert_int_equal(probes[0].runs, 2);
    assert_int_equal(probes[0].company, 1);
    assert_false(has_failed(&probes[0].work.call));
    assert_false(has_failed(&probes[2].work.call));
    assert_ptr_equal(probes[1].work.call.failure.error, ERROR_INTERNAL);
    assert_int_equal(bench_count(&bench, "SELECT count(*) FROM trace WHERE word IN ('e0', 'e2')"),
                     2);
    assert_int_equal(bench_count(&bench, "SELECT count(*) FROM trace WHERE word = 'e1'"), 0);
    assert_int_equal(bench_count(&bench, "SELECT count(*) FROM account WHERE balance = 30"), 1);
    release(probes, 3);
}

static void guess(struct call *c, struct probe *p)
{
    db_account_reduce(c, .account_id = p->account_id, .amount = p->amount);
    db_trace_insert(c, .word = p->word);
}

static void a_write_that_misses_its_row_refuses_that_call_only(void **state)
{
    struct id account_id = bench_account(&bench, 100);
    struct probe probes[3] = {
        {.body = guess, .word = "g0", .account_id = account_id, .amount = 80},
        {.body = guess, .word = "g1", .account_id = account_id, .amount = 80},
        {.body = guess, .word = "g2", .account_id = account_id, .amount = 20}};

    (void)state;
    run(probes, 3);
    assert_false(has_failed(&probes[0].work.call));
    assert_ptr_equal(probes[1].work.call.failure.error, ERROR_BALANCE_TOO_LOW);
    assert_false(has_failed(&probes[2].work.call));
    assert_int_equal(bench_count(&bench, "SELECT count(*) FROM account WHERE balance = 0"), 1);
    assert_int_equal(bench_count(&bench, "SELECT count(*) FROM trace WHERE word IN ('g0', 'g2')"),
                     2);
    assert_int_equal(bench_count(&bench, "SELECT count(*) FROM trace WHERE word = 'g1'"), 0);
    release(probes, 3);
}

static void take_then_refuse(struct call *c, struct probe *p)
{
    struct account_take row;

    db_account_take(c, &row, .account_id = p->account_id, .amount = p->amount);
    if (row.balance < 50)
        fail(c, ERROR_BALANCE_TOO_LOW, NULL);
}

static void a_refusal_after_a_change_undoes_the_change(void **state)
{
    struct id account_id = bench_account(&bench, 200);
    struct probe probes[3] = {{.body = take_then_refuse, .account_id = account_id, .amount = 100},
                              {.body = take_then_refuse, .account_id = account_id, .amount = 90},
                              {.body = take_then_refuse, .account_id = account_id, .amount = 50}};

    (void)state;
    run(probes, 3);
    assert_false(has_failed(&probes[0].work.call));
    assert_true(has_failed(&probes[1].work.call));
    assert_false(has_failed(&probes[2].work.call));
    assert_int_equal(bench_count(&bench, "SELECT count(*) FROM account WHERE balance = 50"), 1);
    release(probes, 3);
}

static void look_up_word(struct bench *b, struct work *work)
{
    struct probe *probe = (struct probe *)(void *)work;
    char sql[128];

    snprintf(sql, sizeof(sql), "SELECT count(*) FROM trace WHERE word = '%s'", probe->word);
    probe->was_committed = bench_count(b, sql) == 1;
}

static void nothing_is_answered_before_it_is_durable(void **state)
{
    struct probe probes[3] = {{.body = note_order, .word = "d0"},
                              {.body = find_own_word, .word = "d1"},
                              {.body = note_order, .word = "d2"}};

    (void)state;
    for (int i = 0; i < 3; i++)
        probe_add(&bench, &probes[i]);
    bench_turn(&bench, look_up_word);
    for (int i = 0; i < 3; i++)
        assert_true(probes[i].was_committed);
    release(probes, 3);
}

static void emit_two(struct call *c, struct probe *p)
{
    emit_account_paid(c, .account_id = p->account_id, .amount = p->number);
    emit_account_paid(c, .account_id = p->account_id, .amount = p->number);
    if (p->number % 5 == 0)
        fail(c, ERROR_BALANCE_TOO_LOW, NULL);
}

static void events_are_numbered_without_gaps_per_branch(void **state)
{
    struct probe probes[MANY] = {0};

    (void)state;
    bench_do(&bench, "TRUNCATE outbox, outbox_counter");
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < MANY; i++)
            probes[i] = (struct probe){.body = emit_two, .number = i};
        run(probes, MANY);
        release(probes, MANY);
    }
    assert_int_equal(bench_count(&bench, "SELECT count(*) FROM outbox"), 3 * 2 * 51);
    assert_int_equal(bench_count(&bench, "SELECT max(number) FROM outbox"), 3 * 2 * 51);
    assert_int_equal(bench_count(&bench, "SELECT number FROM outbox_counter"), 3 * 2 * 51);
}

static void set_event_time(struct call *c, struct probe *p)
{
    struct id other = id_make(c->now);

    emit_account_paid(c, .account_id = p->account_id, .amount = 1);
    c->branch_id = other; /* as the system would */
    emit_account_paid(c, .account_id = p->account_id, .amount = 2);
}

static void events_of_several_branches_go_out_together_and_each_counts_its_own(void **state)
{
    struct probe probes[3] = {0};

    (void)state;
    bench_do(&bench, "TRUNCATE outbox, outbox_counter");
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 3; i++)
            probes[i] = (struct probe){.body = set_event_time,
                                       .work.sees_all = true,
                                       .work.call.now = INT64_C(1300000000123456)};
        run(probes, 3);
        release(probes, 3);
    }
    assert_int_equal(bench_count(&bench, "SELECT count(*) FROM outbox WHERE number = 1"), 7);
    assert_int_equal(bench_count(&bench, "SELECT max(number) FROM outbox"), 6);
    assert_int_equal(
        bench_count(&bench,
                    "SELECT count(*) FROM outbox WHERE occurred_at = '2011-03-13 07:06:40.123456Z'"
                    " AND length(body) = 9 AND actor_id IS NOT NULL"),
        12);
}

static void see_other_branch(struct call *c, struct probe *p)
{
    db_account_add(c, .account_id = p->account_id, .amount = 1);
    c->branch_id = id_make(c->now);
    db_account_insert(c, .account_id = call_id(c), .balance = 1);
}

static void a_transaction_sees_and_writes_only_the_branches_of_its_actors(void **state)
{
    struct probe probe = {.body = see_other_branch};

    (void)state;
    run(&probe, 1);
    assert_ptr_equal(probe.work.call.failure.error, ERROR_INTERNAL); /* row-level security */
    release(&probe, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            calls_that_wait_together_share_their_round_trips_and_each_gets_its_own_rows),
        cmocka_unit_test(merging_never_reorders_two_statements_of_one_call),
        cmocka_unit_test(a_call_reads_what_it_wrote_before),
        cmocka_unit_test(an_update_of_the_same_row_by_two_calls_of_a_batch_happens_twice),
        cmocka_unit_test(
            two_calls_that_serialise_on_the_same_value_never_share_a_batch_and_keep_their_order),
        cmocka_unit_test(two_calls_that_serialise_on_different_things_never_share_a_batch),
        cmocka_unit_test(two_calls_with_one_key_never_share_a_batch),
        cmocka_unit_test(nobody_overtakes_a_call_that_was_passed_over),
        cmocka_unit_test(reads_and_writes_do_not_share_a_batch_and_a_read_cannot_write),
        cmocka_unit_test(a_refusal_costs_its_batch_nothing),
        cmocka_unit_test(what_a_refusal_records_is_kept_and_what_was_before_is_not),
        cmocka_unit_test(an_sql_error_rolls_the_batch_back_and_its_calls_run_again_one_by_one),
        cmocka_unit_test(a_write_that_misses_its_row_refuses_that_call_only),
        cmocka_unit_test(a_refusal_after_a_change_undoes_the_change),
        cmocka_unit_test(nothing_is_answered_before_it_is_durable),
        cmocka_unit_test(events_are_numbered_without_gaps_per_branch),
        cmocka_unit_test(events_of_several_branches_go_out_together_and_each_counts_its_own),
        cmocka_unit_test(a_transaction_sees_and_writes_only_the_branches_of_its_actors),
    };

    return cmocka_run_group_tests(tests, open_bench, close_bench);
}
