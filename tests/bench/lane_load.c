/* lane_load.c - plays the gateway for one instance of dispatch: orders over ZeroMQ, a fixed number under way.
 *
 *   songda-bench-lane --bind ADDRESS [--key FILE] --in-flight N --seconds S --targets FILE --first N --day D --products "A B"
 *                     --staff ID --session ID --branch ID --company ID --functions BITS
 */
#include <msgpack.h>
#include <zmq.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "load.h"
#include "wire/curve.h"
#include "wire/envelope.h"

#include "base/banned.h"

enum { IDENTITY_MAX = 256, IN_FLIGHT_MAX = 1024 };

struct load {
    void *context, *socket;
    uint8_t identity[IDENTITY_MAX];
    size_t identity_len;
    struct envelope request;
    struct id products[2];
    struct targets targets;
    int64_t sent[IN_FLIGHT_MAX]; /* by slot; 0: free */
    int64_t in_flight, under_way;
    struct arena arena;
    struct buffer packed;
    msgpack_sbuffer body;
    struct tally tally;
};

static void put_text(msgpack_packer *packer, const char *text)
{
    msgpack_pack_str(packer, strlen(text));
    msgpack_pack_str_body(packer, text, strlen(text));
}

static void put_id(msgpack_packer *packer, const char *name, struct id id)
{
    put_text(packer, name);
    msgpack_pack_bin(packer, sizeof(id.bytes));
    msgpack_pack_bin_body(packer, id.bytes, sizeof(id.bytes));
}

static void put_number(msgpack_packer *packer, const char *name, int64_t number)
{
    put_text(packer, name);
    msgpack_pack_int64(packer, number);
}

static struct id id_of(const char *text)
{
    struct id id;

    if (!id_parse(text, &id))
        die("id", "'%s'", text);
    return id;
}

static void make_body(struct load *load)
{
    int32_t day;
    const struct target *target = targets_take(&load->targets, &day);
    msgpack_packer packer;

    msgpack_sbuffer_clear(&load->body);
    msgpack_packer_init(&packer, &load->body, msgpack_sbuffer_write);
    msgpack_pack_map(&packer, 4);
    put_id(&packer, "customer_id", id_of(target->customer));
    put_id(&packer, "address_id", id_of(target->address));
    put_number(&packer, "delivery_date", day);
    put_text(&packer, "lines");
    msgpack_pack_array(&packer, 2);
    for (size_t i = 0; i < 2; i++) {
        msgpack_pack_map(&packer, 2);
        put_id(&packer, "product_id", load->products[i]);
        put_number(&packer, "quantity", 2000 + 1000 * (int64_t)i);
    }
    load->request.body = (struct bytes){(const uint8_t *)load->body.data, load->body.size};
}

static void send_envelope(struct load *load, const struct envelope *envelope)
{
    buffer_clear(&load->packed);
    envelope_pack(envelope, &load->packed);
    if (zmq_send(load->socket, load->identity, load->identity_len, ZMQ_SNDMORE) < 0 ||
        zmq_send(load->socket, load->packed.data, load->packed.len, 0) < 0)
        die("send", "%s", zmq_strerror(errno));
}

static void say_heartbeat(struct load *load)
{
    send_envelope(load,
                  &(struct envelope){.kind = ENVELOPE_HEARTBEAT, .operation = "", .trace = ""});
}

static void send_order(struct load *load, uint16_t slot)
{
    make_body(load);
    load->request.correlation = (struct bytes){(const uint8_t *)&slot, sizeof(slot)};
    load->request.key = id_make(clock_now());
    load->request.at = clock_now();
    load->sent[slot] = clock_monotonic();
    load->under_way++;
    send_envelope(load, &load->request);
}

static void take_reply(struct load *load, const struct envelope *reply, bool goes_on)
{
    uint16_t slot;

    if (reply->correlation.len != sizeof(slot))
        die("reply", "to nothing");
    memcpy(&slot, reply->correlation.data, sizeof(slot));
    if (slot >= load->in_flight || load->sent[slot] == 0)
        die("reply", "twice");
    if (reply->error == NULL)
        tally_add(&load->tally, clock_monotonic() - load->sent[slot]);
    else
        tally_refuse(&load->tally, reply->error, strlen(reply->error));
    load->sent[slot] = 0;
    load->under_way--;
    if (goes_on)
        send_order(load, slot);
}

/* Reads one message into the envelope; false: none came within `patience` milliseconds. */
static bool receive(struct load *load, struct envelope *envelope, long patience)
{
    zmq_pollitem_t item = {.socket = load->socket, .events = ZMQ_POLLIN};
    uint8_t identity[IDENTITY_MAX];
    struct shape_error error;
    zmq_msg_t message;

    int len = zmq_recv(load->socket, identity, sizeof(identity), ZMQ_DONTWAIT);
    if (len < 0) {
        if (zmq_poll(&item, 1, patience) <= 0)
            return false;
        len = zmq_recv(load->socket, identity, sizeof(identity), ZMQ_DONTWAIT);
    }
    if (len < 0)
        return false;
    load->identity_len = (size_t)len;
    memcpy(load->identity, identity, load->identity_len);
    arena_reset(&load->arena);
    zmq_msg_init(&message);
    zmq_msg_recv(&message, load->socket, 0);
    struct bytes content = {zmq_msg_data(&message), zmq_msg_size(&message)};
    content.data = arena_copy(&load->arena, content.data, content.len);
    zmq_msg_close(&message);
    if (!envelope_unpack(content, &load->arena, envelope, &error))
        die("receive", "malformed: %s", error.path);
    return true;
}

static void wait_for_worker(struct load *load)
{
    struct envelope envelope;

    do
        if (!receive(load, &envelope, 10000))
            die("worker", "no READY for 10 s");
    while (envelope.kind != ENVELOPE_READY);
    if (envelope.remaining_ms < load->in_flight)
        die("worker", "takes only %lld at once", (long long)envelope.remaining_ms);
    say_heartbeat(load);
}

static void run(struct load *load, int64_t seconds)
{
    struct envelope envelope;
    int64_t end, heartbeat, now;

    load->tally.started = now = clock_monotonic();
    end = now + seconds * CLOCK_SECOND;
    heartbeat = now + CLOCK_SECOND;
    for (int64_t slot = 0; slot < load->in_flight; slot++)
        send_order(load, (uint16_t)slot);
    while (load->under_way > 0) {
        bool is_there = receive(load, &envelope, 100);
        now = clock_monotonic();
        if (is_there && envelope.kind == ENVELOPE_REPLY)
            take_reply(load, &envelope, now < end);
        if (now > heartbeat) {
            say_heartbeat(load);
            heartbeat = now + CLOCK_SECOND;
        }
        if (now > end + 10 * CLOCK_SECOND)
            die("worker", "%lld requests unanswered", (long long)load->under_way);
    }
    load->tally.ended = clock_monotonic();
}

/* With a key the link is encrypted; whoever knows its public half may dial in. */
static void open_socket(struct load *load, const char *address, const char *key)
{
    const char *problem;
    struct curve_pair pair;

    load->context = zmq_ctx_new();
    load->socket = zmq_socket(load->context, ZMQ_ROUTER);
    if (!curve_load_pair(&pair, key, &problem))
        die("key", "%s: %s", key, problem);
    if (pair.is_set)
        curve_as_server(load->socket, &pair, "bench");
    if (zmq_bind(load->socket, address) != 0)
        die("bind", "%s: %s", address, zmq_strerror(errno));
}

int main(int argc, char **argv)
{
    struct id_list scope = {.items = memory_array(struct id, 1), .count = 1};
    struct load load = {.in_flight = option_number(argc, argv, "in-flight", "64")};
    char products[2][ID_TEXT_SIZE];

    log_open("bench", "lane");
    if (load.in_flight < 1 || load.in_flight > IN_FLIGHT_MAX ||
        sscanf(option(argc, argv, "products", NULL), "%36s %36s", products[0], products[1]) != 2)
        die("option", "--in-flight 1..1024, --products \"A B\"");
    load.products[0] = id_of(products[0]);
    load.products[1] = id_of(products[1]);
    scope.items[0] = id_of(option(argc, argv, "branch", NULL));
    load.request = (struct envelope){
        .kind = ENVELOPE_REQUEST,
        .operation = "dispatch.order.place",
        .has_actor = true,
        .actor = {.staff_id = id_of(option(argc, argv, "staff", NULL)),
                  .session_id = id_of(option(argc, argv, "session", NULL)),
                  .branch_id = scope.items[0],
                  .company_id = id_of(option(argc, argv, "company", NULL)),
                  .scope = scope,
                  .functions = (uint64_t)option_number(argc, argv, "functions", NULL),
                  .permissions_version = 1},
        .remaining_ms = 4000,
        .trace = "00-0123456789abcdef0123456789abcdef-0123456789abcdef-01"};
    targets_read(&load.targets, option(argc, argv, "targets", NULL));
    load.targets.next = option_number(argc, argv, "first", "0");
    if (!date_parse(option(argc, argv, "day", NULL), &load.targets.first_day))
        die("option", "--day is no date");
    msgpack_sbuffer_init(&load.body);
    open_socket(&load, option(argc, argv, "bind", NULL), option(argc, argv, "key", ""));
    wait_for_worker(&load);
    run(&load, option_number(argc, argv, "seconds", NULL));
    return tally_report(&load.tally);
}
