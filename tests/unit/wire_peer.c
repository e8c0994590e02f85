/* wire_peer.c - a service's peer introduces itself, is served with requests within its credit, and survives bad messages. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <zmq.h>

#include "base/clock.h"
#include "wire/peer.h"

#include "base/banned.h"

/* The other end: a bare ROUTER that speaks envelopes. */
struct desk {
    char folder[64], workers[128], in[128], out[128];
    void *context, *router, *wakes_in, *wakes_out;
    struct arena arena;
    struct peer *peer;
    uint8_t worker[64];
    size_t worker_len;
};

static void *bound(struct desk *desk, int type, const char *address)
{
    void *socket = zmq_socket(desk->context, type);
    int linger = 0, wait = 2000;

    zmq_setsockopt(socket, ZMQ_LINGER, &linger, sizeof(linger));
    zmq_setsockopt(socket, ZMQ_RCVTIMEO, &wait, sizeof(wait));
    assert_int_equal(zmq_bind(socket, address), 0);
    return socket;
}

static void dial_in(struct desk *desk, int credit)
{
    desk->peer = peer_new(&(struct peer_options){.service = "leads",
                                                 .instance = "1",
                                                 .gateways = desk->workers,
                                                 .wakeups_in = desk->in,
                                                 .wakeups_out = desk->out,
                                                 .credit = credit});
}

static int open_desk(void **state)
{
    struct desk *desk = test_calloc(1, sizeof(*desk));

    snprintf(desk->folder, sizeof(desk->folder), "/tmp/songda-peer-XXXXXX");
    assert_non_null(mkdtemp(desk->folder));
    snprintf(desk->workers, sizeof(desk->workers), "ipc://%s/w", desk->folder);
    snprintf(desk->in, sizeof(desk->in), "ipc://%s/i", desk->folder);
    snprintf(desk->out, sizeof(desk->out), "ipc://%s/o", desk->folder);
    desk->context = zmq_ctx_new();
    desk->router = bound(desk, ZMQ_ROUTER, desk->workers);
    desk->wakes_in = bound(desk, ZMQ_SUB, desk->in);
    desk->wakes_out = bound(desk, ZMQ_PUB, desk->out);
    zmq_setsockopt(desk->wakes_in, ZMQ_SUBSCRIBE, "", 0);
    *state = desk;
    return 0;
}

static int close_desk(void **state)
{
    struct desk *desk = *state;
    const char *const names[] = {"w", "i", "o"};
    char path[128];

    peer_free(&desk->peer);
    peer_free(&desk->peer);
    zmq_close(desk->router);
    zmq_close(desk->wakes_in);
    zmq_close(desk->wakes_out);
    zmq_ctx_term(desk->context);
    for (size_t i = 0; i < 3; i++) {
        snprintf(path, sizeof(path), "%s/%s", desk->folder, names[i]);
        unlink(path);
    }
    rmdir(desk->folder);
    arena_release(&desk->arena);
    test_free(desk);
    return 0;
}

/* Ticks until the peer has said something; remembers who it is. */
static struct envelope hear(struct desk *desk)
{
    struct envelope envelope = {0};
    struct shape_error error;
    uint8_t msg[4096];
    int len = -1;

    for (int i = 0; i < 400 && len < 0; i++) {
        peer_tick(desk->peer, clock_monotonic());
        len = zmq_recv(desk->router, desk->worker, sizeof(desk->worker), ZMQ_DONTWAIT);
        if (len < 0)
            usleep(5000);
    }
    assert_true(len > 0);
    desk->worker_len = (size_t)len;
    len = zmq_recv(desk->router, msg, sizeof(msg), 0);
    assert_true(len > 0);
    assert_true(envelope_unpack((struct bytes){msg, (size_t)len}, &desk->arena, &envelope, &error));
    return envelope;
}

static void say_bytes(struct desk *desk, const void *data, size_t len)
{
    assert_true(zmq_send(desk->router, desk->worker, desk->worker_len, ZMQ_SNDMORE) > 0);
    assert_true(zmq_send(desk->router, data, len, 0) >= 0);
}

static void say(struct desk *desk, enum envelope_kind kind, const char *correlation)
{
    struct envelope envelope = {.kind = kind,
                                .correlation = {(const uint8_t *)correlation, strlen(correlation)},
                                .operation = "leads.lead.read",
                                .trace = ""};
    struct buffer packed = {0};

    envelope_pack(&envelope, &packed);
    say_bytes(desk, packed.data, packed.len);
    buffer_release(&packed);
}

/* Sleeps until something comes, at most 10 ms. */
static void sleep_on(struct peer *peer)
{
    struct pollfd items[16];
    size_t count = peer_poll_items(peer, items, 16);

    assert_true(poll(items, count, peer_may_hold(peer) ? 0 : 10) >= 0);
    peer_polled(peer, items);
}

static bool receive(struct desk *desk, struct envelope *envelope, struct peer_address *from)
{
    for (int64_t end = clock_monotonic() + CLOCK_SECOND / 2; clock_monotonic() < end;) {
        if (peer_receive(desk->peer, &desk->arena, envelope, from))
            return true;
        sleep_on(desk->peer);
    }
    return false;
}

static void a_service_introduces_itself_with_its_credit(void **state)
{
    struct desk *desk = *state;
    struct envelope envelope;

    dial_in(desk, 7);
    assert_false(peer_is_connected(desk->peer));
    envelope = hear(desk);
    assert_int_equal(envelope.kind, ENVELOPE_READY);
    assert_string_equal(envelope.operation, "leads");
    assert_int_equal(envelope.remaining_ms, 7);
}

static void a_request_is_answered_to_whoever_asked(void **state)
{
    struct desk *desk = *state;
    struct envelope envelope, reply = {.kind = ENVELOPE_REPLY, .operation = "", .trace = ""};
    struct peer_address from;

    dial_in(desk, 7);
    hear(desk);
    say(desk, ENVELOPE_REQUEST, "c1");
    assert_true(receive(desk, &envelope, &from));
    assert_string_equal(envelope.operation, "leads.lead.read");
    assert_true(peer_is_connected(desk->peer));
    reply.correlation = envelope.correlation;
    peer_answer(desk->peer, from, &reply);
    do
        envelope = hear(desk);
    while (envelope.kind != ENVELOPE_REPLY);
    assert_memory_equal(envelope.correlation.data, "c1", 2);
}

static void a_request_beyond_the_credit_is_refused_as_busy(void **state)
{
    struct desk *desk = *state;
    struct envelope envelope;
    struct peer_address from;

    dial_in(desk, 1);
    hear(desk);
    say(desk, ENVELOPE_REQUEST, "c1");
    say(desk, ENVELOPE_REQUEST, "c2");
    assert_true(receive(desk, &envelope, &from));
    assert_false(receive(desk, &envelope, &from));
    do
        envelope = hear(desk);
    while (envelope.kind != ENVELOPE_REPLY);
    assert_string_equal(envelope.error, "busy");
    assert_memory_equal(envelope.correlation.data, "c2", 2);
}

static void a_malformed_message_is_passed_over(void **state)
{
    struct desk *desk = *state;
    struct envelope envelope;
    struct peer_address from;

    dial_in(desk, 7);
    hear(desk);
    say_bytes(desk, "\xdd\xff\xff\xff\xff", 5);
    say_bytes(desk, "", 0);
    say(desk, ENVELOPE_REQUEST, "c1");
    assert_true(receive(desk, &envelope, &from));
    assert_memory_equal(envelope.correlation.data, "c1", 2);
}

static void a_gateway_that_starts_anew_is_told_again_who_this_is(void **state)
{
    struct desk *desk = *state;
    struct envelope envelope;
    struct peer_address from;

    dial_in(desk, 7);
    hear(desk);
    say(desk, ENVELOPE_HEARTBEAT, "");
    assert_false(receive(desk, &envelope, &from));
    say(desk, ENVELOPE_READY, "");
    assert_false(receive(desk, &envelope, &from));
    do
        envelope = hear(desk);
    while (envelope.kind == ENVELOPE_HEARTBEAT);
    assert_int_equal(envelope.kind, ENVELOPE_READY);
}

static void a_silent_gateway_gets_a_fresh_socket(void **state)
{
    struct desk *desk = *state;
    uint8_t first[64];
    size_t first_len;

    dial_in(desk, 7);
    hear(desk);
    first_len = desk->worker_len;
    memcpy(first, desk->worker, first_len);
    peer_tick(desk->peer, clock_monotonic() + 4 * CLOCK_SECOND);
    for (int i = 0; i < 20 && memcmp(first, desk->worker, first_len) == 0; i++)
        assert_int_equal(hear(desk).kind, ENVELOPE_READY);
    assert_memory_not_equal(first, desk->worker, first_len);
}

static void a_service_may_ask_only_a_gateway_it_hears(void **state)
{
    struct desk *desk = *state;
    struct envelope ask = {
        .kind = ENVELOPE_REQUEST, .operation = "staff.session.read", .trace = ""};
    struct envelope envelope;
    struct peer_address from;

    dial_in(desk, 7);
    assert_false(peer_ask(desk->peer, &ask));
    hear(desk);
    say(desk, ENVELOPE_HEARTBEAT, "");
    assert_false(receive(desk, &envelope, &from));
    assert_true(peer_ask(desk->peer, &ask));
    do
        envelope = hear(desk);
    while (envelope.kind != ENVELOPE_REQUEST);
    assert_string_equal(envelope.operation, "staff.session.read");
}

static void a_wake_up_arrives_where_somebody_listens(void **state)
{
    struct desk *desk = *state;
    struct id branch = id_make(clock_now()), woken = {{0}};
    char service[64], topic[64];
    int len = -1;

    dial_in(desk, 7);
    hear(desk);
    peer_listen(desk->peer, "staff");
    usleep(100000);
    for (int i = 0; i < 50 && len < 0; i++) {
        peer_wake(desk->peer, "leads", branch);
        len = zmq_recv(desk->wakes_in, topic, sizeof(topic), ZMQ_DONTWAIT);
        usleep(10000);
    }
    assert_int_equal(len, 42);
    assert_memory_equal(topic, "leads ", 6);
    memcpy(topic, "staff ", 6);
    zmq_send(desk->wakes_out, "leads 0", 7, 0);
    zmq_send(desk->wakes_out, "staff not-an-id", 15, 0);
    zmq_send(desk->wakes_out, topic, 42, 0);
    for (int64_t end = clock_monotonic() + CLOCK_SECOND;
         !peer_woken(desk->peer, service, &woken) && clock_monotonic() < end;)
        sleep_on(desk->peer);
    assert_string_equal(service, "staff");
    assert_true(id_equal(woken, branch));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_service_introduces_itself_with_its_credit, open_desk,
                                        close_desk),
        cmocka_unit_test_setup_teardown(a_request_is_answered_to_whoever_asked, open_desk,
                                        close_desk),
        cmocka_unit_test_setup_teardown(a_request_beyond_the_credit_is_refused_as_busy, open_desk,
                                        close_desk),
        cmocka_unit_test_setup_teardown(a_malformed_message_is_passed_over, open_desk, close_desk),
        cmocka_unit_test_setup_teardown(a_gateway_that_starts_anew_is_told_again_who_this_is,
                                        open_desk, close_desk),
        cmocka_unit_test_setup_teardown(a_silent_gateway_gets_a_fresh_socket, open_desk,
                                        close_desk),
        cmocka_unit_test_setup_teardown(a_service_may_ask_only_a_gateway_it_hears, open_desk,
                                        close_desk),
        cmocka_unit_test_setup_teardown(a_wake_up_arrives_where_somebody_listens, open_desk,
                                        close_desk),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
