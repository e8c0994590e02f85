/* gateway_switchboard.c - requests find a worker, outlive it, and never wait for ever. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "switchboard.h"

#include "base/banned.h"

static const char *const services[] = {"leads", "staff", NULL};

static const struct bytes ann = {(const uint8_t *)"ann", 3}, bob = {(const uint8_t *)"bob", 3};

static const int64_t start = 1000 * CLOCK_SECOND;

static int open_board(void **state)
{
    *state = test_calloc(1, sizeof(struct switchboard));
    switchboard_init(*state, services);
    return 0;
}

static int close_board(void **state)
{
    switchboard_release(*state);
    test_free(*state);
    return 0;
}

static struct slot *put(struct switchboard *board, const char *service, int64_t now)
{
    struct slot *slot = switchboard_put(board, service, board, now, now + 4 * CLOCK_SECOND);

    assert_non_null(slot);
    return slot;
}

/* Expects that the next thing to do is to send the slot to this worker. */
static void expect_send(struct switchboard *board, struct slot *slot, struct bytes identity,
                        int64_t now)
{
    struct action action = {0};

    assert_true(switchboard_next(board, now, &action));
    assert_int_equal(action.kind, ACTION_SEND);
    assert_ptr_equal(action.slot, slot);
    assert_memory_equal(action.worker->identity, identity.data, identity.len);
}

static void expect_nothing(struct switchboard *board, int64_t now)
{
    struct action action = {0};

    assert_false(switchboard_next(board, now, &action));
}

static struct slot *answer(struct switchboard *board, struct bytes identity,
                           const struct slot *slot)
{
    uint8_t correlation[CORRELATION_SIZE];

    slot_correlation(slot, correlation);
    return switchboard_reply(board, identity, (struct bytes){correlation, sizeof(correlation)});
}

static void the_least_busy_worker_is_asked_first(void **state)
{
    struct switchboard *board = *state;
    struct slot *first = put(board, "leads", start), *second, *third;

    switchboard_ready(board, ann, "leads", 5, start);
    expect_send(board, first, ann, start);
    switchboard_ready(board, bob, "leads", 5, start);
    second = put(board, "leads", start);
    expect_send(board, second, bob, start);
    switchboard_done(board, first);
    third = put(board, "leads", start);
    expect_send(board, third, ann, start);
}

static void no_worker_owes_more_than_its_credit(void **state)
{
    struct switchboard *board = *state;
    struct slot *first = put(board, "leads", start), *second = put(board, "leads", start);

    switchboard_ready(board, ann, "leads", 1, start);
    expect_send(board, first, ann, start);
    expect_nothing(board, start);
    assert_ptr_equal(answer(board, ann, first), first);
    switchboard_done(board, first);
    expect_send(board, second, ann, start);
}

static void a_request_waits_for_a_worker_of_its_own_service(void **state)
{
    struct switchboard *board = *state;
    struct slot *slot = put(board, "leads", start);

    switchboard_ready(board, ann, "staff", 5, start);
    expect_nothing(board, start);
    switchboard_ready(board, bob, "leads", 5, start + CLOCK_SECOND);
    expect_send(board, slot, bob, start + CLOCK_SECOND);
}

static void what_nobody_offers_fails_after_two_seconds(void **state)
{
    struct switchboard *board = *state;
    struct slot *slot = put(board, "leads", start);
    struct action action;

    expect_nothing(board, start + 1900000);
    assert_true(switchboard_next(board, start + 2100000, &action));
    assert_int_equal(action.kind, ACTION_NOBODY);
    assert_ptr_equal(action.slot, slot);
    switchboard_done(board, slot);
    assert_int_equal(board->used, 0);
}

static void an_unanswered_request_expires_at_its_deadline(void **state)
{
    struct switchboard *board = *state;
    struct slot *slot = put(board, "leads", start);
    struct action action;

    switchboard_ready(board, ann, "leads", 5, start);
    expect_send(board, slot, ann, start);
    switchboard_heard(board, ann, start + 3900000);
    expect_nothing(board, start + 3900000);
    assert_true(switchboard_next(board, start + 4000000, &action));
    assert_int_equal(action.kind, ACTION_EXPIRED);
    switchboard_done(board, slot);
    assert_null(answer(board, ann, slot));
    assert_int_equal(board->late, 1);
}

static void a_dead_workers_requests_go_to_another(void **state)
{
    struct switchboard *board = *state;
    struct slot *slot = put(board, "leads", start);
    struct action action;

    switchboard_ready(board, ann, "leads", 5, start);
    expect_send(board, slot, ann, start);
    switchboard_ready(board, bob, "leads", 5, start + 3 * CLOCK_SECOND);
    assert_true(switchboard_next(board, start + 3100000, &action));
    assert_int_equal(action.kind, ACTION_SEND);
    assert_memory_equal(action.worker->identity, "bob", 3);
    assert_null(answer(board, ann, slot));
    assert_ptr_equal(answer(board, bob, slot), slot);
    assert_int_equal(board->redispatched, 1);
}

static void a_request_that_kills_its_workers_is_given_up(void **state)
{
    struct switchboard *board = *state;
    struct slot *slot = put(board, "leads", start);
    struct action action;

    for (int i = 0; i < SWITCHBOARD_TRIES_MAX; i++) {
        switchboard_ready(board, ann, "leads", 5, start);
        assert_true(switchboard_next(board, start, &action));
        assert_int_equal(action.kind, ACTION_SEND);
        switchboard_lost(board, action.worker, start);
    }
    switchboard_ready(board, ann, "leads", 5, start);
    assert_true(switchboard_next(board, start, &action));
    assert_int_equal(action.kind, ACTION_GIVEN_UP);
    assert_ptr_equal(action.slot, slot);
}

static void a_leaving_worker_finishes_and_gets_nothing_new(void **state)
{
    struct switchboard *board = *state;
    struct slot *first = put(board, "leads", start);

    switchboard_ready(board, ann, "leads", 5, start);
    expect_send(board, first, ann, start);
    switchboard_goodbye(board, ann);
    assert_int_equal(switchboard_live(board, "leads"), 0);
    put(board, "leads", start);
    expect_nothing(board, start);
    assert_ptr_equal(answer(board, ann, first), first);
    switchboard_done(board, first);
    assert_false(switchboard_heard(board, ann, start));
}

static void a_reply_of_another_service_is_not_taken(void **state)
{
    struct switchboard *board = *state;
    struct slot *slot = put(board, "leads", start);

    switchboard_ready(board, ann, "leads", 5, start);
    switchboard_ready(board, bob, "staff", 5, start);
    expect_send(board, slot, ann, start);
    assert_null(answer(board, bob, slot));
    assert_null(switchboard_reply(board, ann, (struct bytes){(const uint8_t *)"short", 5}));
    assert_ptr_equal(answer(board, ann, slot), slot);
}

static void a_full_switchboard_takes_nothing_more(void **state)
{
    struct switchboard *board = *state;

    for (int i = 0; i < SWITCHBOARD_SLOTS; i++)
        put(board, "leads", start);
    assert_null(switchboard_put(board, "leads", board, start, start + 1));
    assert_null(switchboard_put(board, "nobody", board, start, start + 1));
}

static void a_quiet_worker_that_owes_is_probed_often(void **state)
{
    struct switchboard *board = *state;
    struct slot *slot = put(board, "leads", start);

    switchboard_ready(board, ann, "leads", 5, start);
    assert_non_null(switchboard_greet(board, start));
    assert_null(switchboard_greet(board, start + 300000));
    expect_send(board, slot, ann, start);
    assert_non_null(switchboard_greet(board, start + 300000));
    switchboard_done(board, slot);
    assert_null(switchboard_greet(board, start + 600000));
    assert_non_null(switchboard_greet(board, start + 1300000));
}

static void a_stranger_is_told_to_introduce_itself(void **state)
{
    assert_false(switchboard_heard(*state, ann, start));
    assert_false(switchboard_ready(*state, ann, "nobody", 5, start));
    assert_true(switchboard_ready(*state, ann, "leads", 5, start));
    assert_false(switchboard_ready(*state, ann, "staff", 5, start));
    assert_true(switchboard_heard(*state, ann, start));
}

#define BOARD_TEST(name) cmocka_unit_test_setup_teardown(name, open_board, close_board)

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOARD_TEST(the_least_busy_worker_is_asked_first),
        BOARD_TEST(no_worker_owes_more_than_its_credit),
        BOARD_TEST(a_request_waits_for_a_worker_of_its_own_service),
        BOARD_TEST(what_nobody_offers_fails_after_two_seconds),
        BOARD_TEST(an_unanswered_request_expires_at_its_deadline),
        BOARD_TEST(a_dead_workers_requests_go_to_another),
        BOARD_TEST(a_request_that_kills_its_workers_is_given_up),
        BOARD_TEST(a_leaving_worker_finishes_and_gets_nothing_new),
        BOARD_TEST(a_reply_of_another_service_is_not_taken),
        BOARD_TEST(a_full_switchboard_takes_nothing_more),
        BOARD_TEST(a_quiet_worker_that_owes_is_probed_often),
        BOARD_TEST(a_stranger_is_told_to_introduce_itself),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
