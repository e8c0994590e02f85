/* service_requests.c - requests from the envelope to the answer: permissions, shapes, keys, audit (design 3 and 6). */
#include "unit.h"
#undef fail /* cmocka's; here it is what a handler does */

#include "base/clock.h"
#include "base/text.h"
#include "fixture.h"
#include "service/runtime.h"

static struct request *pay(struct id key, struct id account_id, int64_t amount)
{
    const struct account_pay_request value = {.account_id = account_id, .amount = amount};

    return bench_request(&bench, "trial.account.pay", key, &account_pay_request_shape, &value);
}

static struct request *guess(struct id key, struct id account_id, int64_t amount)
{
    const struct account_guess_request value = {.account_id = account_id, .amount = amount};

    return bench_request(&bench, "trial.account.guess", key, &account_guess_request_shape, &value);
}

static bool equal_replies(struct request *a, struct request *b)
{
    struct envelope x = request_reply(a), y = request_reply(b);

    return text_equal(x.error, y.error) && text_equal(x.error_value, y.error_value) &&
           x.body.len == y.body.len &&
           (x.body.len == 0 || memcmp(x.body.data, y.body.data, x.body.len) == 0);
}

static struct id new_key(void)
{
    return id_make(clock_now());
}

static void a_repeated_request_is_carried_out_once_and_answered_alike(void **state)
{
    struct id account_id = bench_account(&bench, 100), key = new_key();
    struct request *requests[3];

    (void)state;
    for (int i = 0; i < 3; i++)
        requests[i] = pay(key, account_id, 30);
    bench_turn(&bench, NULL);
    for (int i = 0; i < 3; i++) {
        assert_null(request_reply(requests[i]).error);
        assert_int_equal(requests[i]->work.is_replayed, i > 0);
        assert_true(equal_replies(requests[0], requests[i]));
    }
    assert_true(request_reply(requests[0]).body.len > 16);
    assert_int_equal(bench_count(&bench, "SELECT count(*) FROM payment"), 1);
    assert_int_equal(bench_count(&bench, "SELECT count(*) FROM outbox"), 1);
    assert_int_equal(bench_count(&bench, "SELECT balance FROM account"), 70);
    for (int i = 0; i < 3; i++)
        request_free(&requests[i]);
}

static void a_key_of_another_request_is_refused(void **state)
{
    struct id account_id = bench_account(&bench, 100), key = new_key();
    struct request *first = pay(key, account_id, 30), *second = pay(key, account_id, 31);

    (void)state;
    bench_turn(&bench, NULL);
    assert_null(request_reply(first).error);
    assert_string_equal(request_reply(second).error, "key_reused");
    request_free(&first);
    request_free(&second);
}

static void a_refusal_is_kept_under_its_key(void **state)
{
    struct id account_id = bench_account(&bench, 100), key = new_key();
    struct request *first = pay(key, account_id, 3000), *second;

    (void)state;
    bench_turn(&bench, NULL);
    assert_string_equal(request_reply(first).error, "balance_too_low");
    assert_string_equal(request_reply(first).error_value, "1.00");
    assert_int_equal(bench_count(&bench, "SELECT count(*) FROM payment WHERE amount = 3000"), 0);
    bench_do(&bench, "UPDATE account SET balance = 100000");
    second = pay(key, account_id, 3000);
    bench_turn(&bench, NULL);
    assert_true(second->work.is_replayed);
    assert_true(equal_replies(first, second));
    request_free(&first);
    request_free(&second);
}

static void a_refusal_that_only_the_server_finds_is_kept_too(void **state)
{
    struct id account_id = bench_account(&bench, 100), key = new_key();
    struct request *other = guess(new_key(), account_id, 100), *first = guess(key, account_id, 200),
                   *second;

    (void)state;
    bench_turn(&bench, NULL);
    assert_null(request_reply(other).error);
    assert_string_equal(request_reply(first).error, "balance_too_low");
    second = guess(key, account_id, 200);
    bench_turn(&bench, NULL);
    assert_true(second->work.is_replayed);
    assert_string_equal(request_reply(second).error, "balance_too_low");
    assert_int_equal(bench_count(&bench, "SELECT count(*) FROM payment WHERE amount = 200"), 0);
    assert_int_equal(
        bench_count(&bench,
                    "SELECT count(*) FROM audit WHERE outcome = 'balance_too_low' AND operation = "
                    "'trial.account.guess'"),
        1);
    request_free(&other);
    request_free(&first);
    request_free(&second);
}

static struct request *take(struct id key, struct id account_id, int64_t amount)
{
    const struct account_take_request value = {.account_id = account_id, .amount = amount};

    return bench_request(&bench, "trial.account.take", key, &account_take_request_shape, &value);
}

static void a_repeated_request_that_begins_with_a_change_changes_once(void **state)
{
    struct id account_id = bench_account(&bench, 5000), key = new_key();
    struct request *requests[2];

    (void)state;
    for (int i = 0; i < 2; i++) {
        requests[i] = take(key, account_id, 1000);
        bench_turn(&bench, NULL);
    }
    assert_true(requests[1]->work.is_replayed);
    assert_true(equal_replies(requests[0], requests[1]));
    assert_int_equal(bench_count(&bench, "SELECT count(*) FROM account WHERE balance = 4000"), 1);
    request_free(&requests[0]);
    request_free(&requests[1]);
}

static void a_refusal_after_a_change_is_kept_and_the_change_is_not(void **state)
{
    struct id account_id = bench_account(&bench, 6000), key = new_key();
    struct request *requests[2];

    (void)state;
    for (int i = 0; i < 2; i++) {
        requests[i] = take(key, account_id, 5990);
        bench_turn(&bench, NULL);
        assert_string_equal(request_reply(requests[i]).error, "balance_too_low");
    }
    assert_true(requests[1]->work.is_replayed);
    assert_int_equal(bench_count(&bench, "SELECT count(*) FROM account WHERE balance = 6000"), 1);
    request_free(&requests[0]);
    request_free(&requests[1]);
}

static void hold_lock(struct bench *b, struct id account_id)
{
    char sql[128], account[ID_TEXT_SIZE];

    id_format(account_id, account);
    bench_do(b, "BEGIN");
    snprintf(sql, sizeof(sql), "SELECT * FROM account WHERE account_id = '%s' FOR UPDATE", account);
    bench_do(b, sql);
}

static void a_passing_failure_is_not_kept(void **state)
{
    struct id account_id = bench_account(&bench, 100), key = new_key();
    struct request *first, *second;

    (void)state;
    hold_lock(&bench, account_id);
    first = pay(key, account_id, 10);
    bench_turn(&bench, NULL);
    assert_string_equal(request_reply(first).error, "conflict"); /* lock_timeout */
    bench_do(&bench, "COMMIT");
    second = pay(key, account_id, 10);
    bench_turn(&bench, NULL);
    assert_null(request_reply(second).error);
    assert_false(second->work.is_replayed);
    request_free(&first);
    request_free(&second);
}

static void a_passing_failure_that_the_handler_finds_is_not_kept_either(void **state)
{
    struct id account_id = bench_account(&bench, 13), key = new_key();
    struct request *first = pay(key, account_id, 7), *second;

    (void)state;
    bench_turn(&bench, NULL);
    assert_string_equal(request_reply(first).error, "conflict");
    bench_do(&bench, "UPDATE account SET balance = 99 WHERE balance = 13");
    second = pay(key, account_id, 7);
    bench_turn(&bench, NULL);
    assert_null(request_reply(second).error);
    request_free(&first);
    request_free(&second);
}

static void two_processes_with_one_key_carry_it_out_once(void **state)
{
    struct id account_id = bench_account(&bench, 100), key = new_key();
    struct request *request = guess(key, account_id, 10);
    char branch[ID_TEXT_SIZE], text[ID_TEXT_SIZE], sql[512];

    (void)state;
    /* what the other process is about to commit while this one looks the key up */
    id_format(bench.branch_id, branch);
    id_format(key, text);
    snprintf(sql, sizeof(sql),
             "INSERT INTO idempotency (branch_id, key, hash, error, at) VALUES ('%s', '%s', "
             "'\\x00', 'x', now())",
             branch, text);
    bench_do(&bench, "BEGIN");
    bench_do(&bench, sql);
    lane_step(&bench.lane);
    bench_do(&bench, "COMMIT");
    bench_turn(&bench, NULL);
    assert_string_equal(request_reply(request).error, "key_reused");
    assert_int_equal(
        bench_count(&bench,
                    "SELECT count(*) FROM payment WHERE amount = 10 AND account_id IN (SELECT "
                    "account_id FROM account WHERE balance = 100)"),
        0);
    request_free(&request);
}

static void nobody_may_what_the_schema_does_not_say(void **state)
{
    struct id account_id = bench_account(&bench, 100);
    const struct account_read_request value = {.account_id = account_id};
    const struct events_heads_request heads = {.after = account_id};
    struct request *read = bench_request(&bench, "trial.account.read", (struct id){{0}},
                                         &account_read_request_shape, &value);
    struct request *events = bench_request(&bench, "trial.events.heads", (struct id){{0}},
                                           &events_heads_request_shape, &heads);
    struct request *unknown = bench_request(&bench, "trial.account.steal", (struct id){{0}},
                                            &account_read_request_shape, &value);
    struct request *keyless = pay((struct id){{0}}, account_id, 1);
    struct request *wrong = pay(new_key(), account_id, 0);

    (void)state;
    bench_turn(&bench, NULL);
    assert_null(request_reply(read).error);
    assert_string_equal(request_reply(events).error, "forbidden");
    assert_string_equal(request_reply(unknown).error, "operation_unknown");
    assert_string_equal(request_reply(keyless).error, "key_missing");
    assert_string_equal(request_reply(wrong).error, "field_range");
    assert_string_equal(request_reply(wrong).error_field, "amount");
    request_free(&read);
    request_free(&events);
    request_free(&unknown);
    request_free(&keyless);
    request_free(&wrong);
}

static void what_nobody_waits_for_any_more_is_not_done(void **state)
{
    struct id account_id = bench_account(&bench, 100);
    struct request *request = pay(new_key(), account_id, 77);

    (void)state;
    request->work.deadline = clock_monotonic() - 1;
    bench_turn(&bench, NULL);
    assert_string_equal(request_reply(request).error, "deadline_exceeded");
    assert_int_equal(bench_count(&bench, "SELECT count(*) FROM payment WHERE amount = 77"), 0);
    request_free(&request);
}

/* A call with this much time left, when batches have taken that long, the last of them so long ago:
 * is it done? */
static bool is_done_after(int64_t left, int64_t pace, int64_t rested)
{
    struct request *request = pay(new_key(), bench_account(&bench, 100), 78);

    bench.lane.pace[false] = pace;
    bench.lane.ended = clock_monotonic() - rested;
    request->work.deadline = clock_monotonic() + left;
    bench_turn(&bench, NULL);
    bool is_done = !has_failed(&request->work.call);
    if (!is_done)
        assert_string_equal(request_reply(request).error, "deadline_exceeded");
    request_free(&request);
    return is_done;
}

static bool is_done_with(int64_t left, int64_t pace)
{
    return is_done_after(left, pace, 0);
}

static void what_would_be_done_too_late_is_not_begun(void **state)
{
    (void)state;
    assert_true(is_done_with(60 * CLOCK_SECOND, LANE_PACE_MAX));
    assert_false(is_done_with(LANE_PACE_MAX / 2, LANE_PACE_MAX));
    assert_int_equal(bench_count(&bench, "SELECT count(*) FROM payment WHERE amount = 78"), 1);
}

/* Whoever asks has little time: if all were refused for what once was, that would never end. */
static void a_lane_that_has_rested_tries_again(void **state)
{
    (void)state;
    assert_false(is_done_after(LANE_PACE_MAX / 2, LANE_PACE_MAX, LANE_PACE_MAX / 4));
    assert_true(is_done_after(LANE_PACE_MAX / 2, LANE_PACE_MAX, LANE_PACE_MAX));
}

static void a_lane_learns_how_long_its_batches_take(void **state)
{
    int64_t before;

    (void)state;
    bench.lane.pace[false] = 0;
    assert_true(is_done_with(60 * CLOCK_SECOND, 0));
    assert_true(bench.lane.pace[false] > 0);
    before = bench.lane.pace[false] = 60 * CLOCK_SECOND;
    assert_true(is_done_with(3600 * CLOCK_SECOND, before));
    assert_in_range(bench.lane.pace[false], before / 2,
                    before - 1); /* one quick batch is not all */
}

static void an_unmasked_read_is_audited(void **state)
{
    struct id account_id = bench_account(&bench, 100);
    const struct account_peek_request value = {.account_id = account_id};
    struct request *peek = bench_request(&bench, "trial.account.peek", (struct id){{0}},
                                         &account_peek_request_shape, &value);

    (void)state;
    bench_turn(&bench, NULL);
    assert_null(request_reply(peek).error);
    assert_non_null(
        memmem(request_reply(peek).body.data, request_reply(peek).body.len, "13812345678", 11));
    assert_int_equal(
        bench_count(&bench, "SELECT count(*) FROM audit WHERE operation = 'trial.account.peek'"),
        1);
    request_free(&peek);
}

static void the_audit_log_has_no_telephone_numbers(void **state)
{
    const struct account_open_request value = {.balance = 1, .phone = "13898765432"};
    struct request *open =
        bench_request(&bench, "trial.account.open", new_key(), &account_open_request_shape, &value);

    (void)state;
    bench_turn(&bench, NULL);
    assert_null(request_reply(open).error);
    assert_int_equal(
        bench_count(&bench,
                    "SELECT count(*) FROM audit WHERE operation = 'trial.account.open' AND "
                    "object_id IN (SELECT account_id FROM account WHERE phone = '13898765432')"),
        1);
    assert_int_equal(
        bench_count(
            &bench,
            "SELECT count(*) FROM audit WHERE position('13898765432'::bytea in request) > 0"),
        0);
    request_free(&open);
}

static void run_prunes(struct work *work)
{
    idempotency_prune_run(&work->call);
    outbox_prune_run(&work->call);
}

static void run_job(void (*run)(struct work *work), int64_t now)
{
    struct work work = {.run = run, .sees_all = true, .is_alone = true, .call.now = now};

    work_init(&work, &trial_service);
    lane_add(&bench.lane, &work);
    bench_turn(&bench, NULL);
    assert_false(has_failed(&work.call));
    arena_release(&work.arena);
}

static void keys_are_kept_for_ninety_days(void **state)
{
    struct id account_id = bench_account(&bench, 100);
    struct request *request = pay(new_key(), account_id, 1);
    int64_t now = clock_now();

    (void)state;
    bench_turn(&bench, NULL);
    request_free(&request);
    run_job(run_prunes, now + 89 * CLOCK_DAY);
    assert_true(bench_count(&bench, "SELECT count(*) FROM idempotency") > 0);
    run_job(run_prunes, now + 91 * CLOCK_DAY);
    assert_int_equal(bench_count(&bench, "SELECT count(*) FROM idempotency"), 0);
}

static void events_go_when_all_known_consumers_have_them(void **state)
{
    struct id account_id = bench_account(&bench, 100);
    int64_t late = clock_now() + 100 * CLOCK_DAY;

    (void)state;
    bench_do(&bench, "TRUNCATE outbox, outbox_counter, outbox_consumer");
    for (int i = 0; i < 5; i++) {
        struct request *request = pay(new_key(), account_id, 1);
        bench_turn(&bench, NULL);
        request_free(&request);
    }
    run_job(run_prunes, late);
    assert_int_equal(bench_count(&bench, "SELECT count(*) FROM outbox"),
                     5); /* nobody said anything */
    bench_do(&bench, "INSERT INTO outbox_consumer SELECT branch_id, c.name, c.number, now() FROM "
                     "outbox_counter, "
                     "(VALUES ('fast', 4), ('slow', 2)) AS c (name, number)");
    run_job(run_prunes, clock_now());
    assert_int_equal(bench_count(&bench, "SELECT count(*) FROM outbox"), 5); /* too young */
    run_job(run_prunes, late);
    assert_int_equal(bench_count(&bench, "SELECT min(number) FROM outbox"), 3);
}

static void the_audit_log_can_be_searched(void **state)
{
    struct id account_id = bench_account(&bench, 100);
    struct request *request = pay(new_key(), account_id, 42);
    const struct audit_search_request value = {.object_id = account_id};

    (void)state;
    bench_turn(&bench, NULL);
    request_free(&request);
    request = bench_request(&bench, "trial.audit.search", (struct id){{0}},
                            &audit_search_request_shape, &value);
    bench_turn(&bench, NULL);
    const struct audit_search_reply *reply = request->reply;
    assert_null(request_reply(request).error);
    assert_int_equal(reply->entries.count, 1);
    assert_string_equal(reply->entries.items[0].operation, "trial.account.pay");
    assert_string_equal(reply->entries.items[0].outcome, "ok");
    assert_non_null(strstr(reply->entries.items[0].request, "\"amount\":42"));
    request_free(&request);
    assert_int_equal(
        bench_count(&bench, "SELECT count(*) FROM audit WHERE operation = 'trial.audit.search'"),
        1); /* that it was read is recorded too */
}

static void the_service_itself_cannot_change_the_audit_log(void **state)
{
    (void)state;
    assert_int_equal(
        bench_count(&bench,
                    "SELECT has_table_privilege('test_service', 'trial.audit', 'UPDATE')::int"),
        0);
    assert_int_equal(
        bench_count(&bench,
                    "SELECT has_table_privilege('test_service', 'trial.audit', 'DELETE')::int"),
        0);
    assert_int_equal(
        bench_count(
            &bench,
            "SELECT has_table_privilege('test_service', 'trial.audit_seal', 'UPDATE')::int"),
        0);
    assert_int_equal(
        bench_count(&bench,
                    "SELECT has_table_privilege('test_service', 'trial.audit', 'INSERT')::int"),
        1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_repeated_request_is_carried_out_once_and_answered_alike),
        cmocka_unit_test(a_key_of_another_request_is_refused),
        cmocka_unit_test(a_refusal_is_kept_under_its_key),
        cmocka_unit_test(a_refusal_that_only_the_server_finds_is_kept_too),
        cmocka_unit_test(a_repeated_request_that_begins_with_a_change_changes_once),
        cmocka_unit_test(a_refusal_after_a_change_is_kept_and_the_change_is_not),
        cmocka_unit_test(a_passing_failure_is_not_kept),
        cmocka_unit_test(a_passing_failure_that_the_handler_finds_is_not_kept_either),
        cmocka_unit_test(two_processes_with_one_key_carry_it_out_once),
        cmocka_unit_test(nobody_may_what_the_schema_does_not_say),
        cmocka_unit_test(what_nobody_waits_for_any_more_is_not_done),
        cmocka_unit_test(what_would_be_done_too_late_is_not_begun),
        cmocka_unit_test(a_lane_that_has_rested_tries_again),
        cmocka_unit_test(a_lane_learns_how_long_its_batches_take),
        cmocka_unit_test(an_unmasked_read_is_audited),
        cmocka_unit_test(the_audit_log_has_no_telephone_numbers),
        cmocka_unit_test(keys_are_kept_for_ninety_days),
        cmocka_unit_test(events_go_when_all_known_consumers_have_them),
        cmocka_unit_test(the_audit_log_can_be_searched),
        cmocka_unit_test(the_service_itself_cannot_change_the_audit_log),
    };

    return cmocka_run_group_tests(tests, open_bench, close_bench);
}
