/* lane_durable.c - what is answered is on the disk; when the line breaks while COMMIT is out nobody knows, so nobody is answered. */
#include "unit.h"
#undef fail /* cmocka's; here it is what a handler does */

#include "bench.h"

#include "service/service.h"

enum { COMPANY = 5, TRIES = 5, PAGE_HEADER = 40 };

static void leave_word(struct call *c, struct probe *p)
{
    db_trace_insert(c, .word = p->word);
}

static void count_answered(struct bench *bench, struct work *work)
{
    (void)bench;
    ((struct probe *)(void *)work)->was_committed = true;
}

/* How much of what was written has not gone to the disk: at a page's end its header counts. */
static void look_at_the_disk(struct bench *bench, struct work *work)
{
    ((struct probe *)(void *)work)->was_committed =
        bench_count(bench, "SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(),"
                           " pg_current_wal_flush_lsn())::bigint") <= PAGE_HEADER;
}

/* Others write to the log now and then, too, so most of the times are enough. Nobody but COMMIT brings it to the disk soon. */
static void what_is_answered_is_on_the_disk(void **state)
{
    static const char *const words[TRIES] = {"d0", "d1", "d2", "d3", "d4"};
    struct bench bench;
    int there = 0;

    (void)state;
    bench_open(&bench);
    bench_do(&bench, "ALTER SYSTEM SET wal_writer_delay = '10s'");
    bench_do(&bench, "SELECT pg_reload_conf()");
    for (int i = 0; i < TRIES; i++) {
        struct probe probe = {.body = leave_word, .word = words[i]};
        probe_add(&bench, &probe);
        bench_turn(&bench, look_at_the_disk);
        there += probe.was_committed;
        arena_release(&probe.work.arena);
    }
    assert_true(there > TRIES / 2);
    bench_close(&bench);
}

/* The connection ends itself in the very COMMIT: what is deferred to it is carried out by it. */
static void break_the_line_at_commit(struct bench *bench)
{
    bench_do(bench, "CREATE OR REPLACE FUNCTION break_line() RETURNS trigger LANGUAGE plpgsql"
                    " SECURITY DEFINER AS $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid());"
                    " RETURN NULL; END $$");
    bench_do(bench, "CREATE CONSTRAINT TRIGGER break_line AFTER INSERT ON trace"
                    " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION break_line()");
}

static void who_waits_for_a_commit_that_the_line_broke_in_is_not_answered(void **state)
{
    static const char *const words[COMPANY] = {"l0", "l1", "l2", "l3", "l4"};
    struct probe probes[COMPANY] = {0};
    struct bench bench;

    (void)state;
    bench_open(&bench);
    break_the_line_at_commit(&bench);
    for (int i = 0; i < COMPANY; i++) {
        probes[i] = (struct probe){.body = leave_word, .word = words[i]};
        probe_add(&bench, &probes[i]);
    }
    bench_turn(&bench, count_answered);
    assert_true(lane_is_lost(&bench.lane));
    for (int i = 0; i < COMPANY; i++) {
        assert_int_equal(probes[i].runs, 1);
        assert_false(probes[i].was_committed);
        arena_release(&probes[i].work.arena);
    }
    assert_int_equal(bench_count(&bench, "SELECT count(*) FROM trace"), 0);
    bench_do(&bench, "DROP FUNCTION break_line CASCADE");
    bench_close(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_answered_is_on_the_disk),
        cmocka_unit_test(who_waits_for_a_commit_that_the_line_broke_in_is_not_answered),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
