/* service_sealing.c - the chain of the audit log: it waits for what is under way, and names what was touched (design 6). */
#include "base/clock.h"
#include "fixture.h"
#include "service/runtime.h"

#include "unit.h"

static void pay_once(struct id account_id)
{
    const struct account_pay_request value = {.account_id = account_id, .amount = 1};
    struct request *request = bench_request(&bench, "trial.account.pay", id_make(clock_now()),
                                            &account_pay_request_shape, &value);

    bench_turn(&bench, NULL);
    assert_null(request_reply(request).error);
    request_free(&request);
}

static void run_seal(struct work *work)
{
    audit_seal_run(&work->call);
}

/* Several turns: it arrives, looks through what is there, and goes on. */
static void seal_all(void)
{
    for (int i = 0; i < 4; i++) {
        struct work work = {
            .run = run_seal, .sees_all = true, .is_alone = true, .call.now = clock_now()};

        work_init(&work, &trial_service);
        lane_add(&bench.lane, &work);
        bench_turn(&bench, NULL);
        assert_false(has_failed(&work.call));
        arena_release(&work.arena);
    }
}

static int64_t unsealed(void)
{
    return bench_count(&bench, "SELECT count(*) FROM audit WHERE audit_id NOT IN (SELECT audit_id "
                               "FROM audit_seal)");
}

static void the_sealer_waits_for_what_is_still_under_way(void **state)
{
    struct id account_id = bench_account(&bench, 1000);

    (void)state;
    pay_once(account_id);
    seal_all();
    bench_do(&bench, "BEGIN");
    bench_do(&bench, "INSERT INTO audit (branch_id, audit_id, at, staff_id, session_id, operation, "
                     "object_id, request, before, outcome, trace) SELECT branch_id, "
                     "gen_random_uuid(), at, staff_id, session_id, operation, object_id, request, "
                     "before, outcome, trace FROM audit LIMIT 1");
    pay_once(account_id);
    seal_all();
    assert_int_equal(unsealed(), 2); /* the one under way, and the one after it */
    bench_do(&bench, "COMMIT");
    pay_once(account_id);
    seal_all();
    assert_int_equal(unsealed(), 0);
}

static struct request *verify_after(int64_t after)
{
    const struct audit_verify_request value = {.has_after = true, .after = after};
    struct request *request = bench_request(&bench, "trial.audit.verify", (struct id){{0}},
                                            &audit_verify_request_shape, &value);

    bench_turn(&bench, NULL);
    return request;
}

static struct request *verify(void)
{
    return verify_after(0);
}

static void the_audit_chain_names_the_first_row_that_was_touched(void **state)
{
    struct id account_id = bench_account(&bench, 1000);
    const struct audit_verify_reply *reply;
    struct request *request;

    (void)state;
    for (int i = 0; i < 5; i++)
        pay_once(account_id);
    seal_all();
    assert_int_equal(bench_count(&bench, "SELECT count(*) FROM audit"),
                     bench_count(&bench, "SELECT count(*) FROM audit_seal"));
    request = verify();
    reply = request->reply;
    assert_null(request_reply(request).error);
    assert_true(reply->is_whole);
    assert_true(reply->checked >= 5);
    request_free(&request);

    bench_do(&bench, "UPDATE audit SET outcome = 'conflict' WHERE audit_id = (SELECT audit_id FROM "
                     "audit_seal WHERE number = 3)");
    request = verify();
    reply = request->reply;
    assert_false(reply->is_whole);
    assert_int_equal(reply->wrong_number, 3);
    request_free(&request);
}

static void a_chain_that_was_cut_off_behind_what_somebody_saw_is_not_whole(void **state)
{
    struct id account_id = bench_account(&bench, 1000);
    const struct audit_verify_reply *reply;
    struct request *request;

    (void)state;
    bench_do(&bench, "DELETE FROM audit; DELETE FROM audit_seal");
    pay_once(account_id);
    pay_once(account_id);
    seal_all();
    request = verify();
    reply = request->reply;
    assert_true(reply->is_whole);
    assert_int_equal(strlen(reply->last_hash), 64);
    int64_t last = reply->last;
    request_free(&request);
    bench_do(&bench, "DELETE FROM audit WHERE audit_id = (SELECT audit_id FROM audit_seal ORDER BY "
                     "number DESC LIMIT 1)");
    bench_do(&bench, "DELETE FROM audit_seal WHERE number = (SELECT max(number) FROM audit_seal)");
    request = verify_after(last);
    reply = request->reply;
    assert_false(reply->is_whole);
    assert_int_equal(reply->wrong_number, last);
    request_free(&request);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_sealer_waits_for_what_is_still_under_way),
        cmocka_unit_test(the_audit_chain_names_the_first_row_that_was_touched),
        cmocka_unit_test(a_chain_that_was_cut_off_behind_what_somebody_saw_is_not_whole),
    };

    return cmocka_run_group_tests(tests, open_bench, close_bench);
}
