/* client.c - asks a gateway over its front socket and waits for the answer. */
#include "wire/client.h"

#include <sodium.h>
#include <string.h>
#include <zmq.h>

#include "base/clock.h"
#include "base/memory.h"

#include "base/banned.h"

#define CORRELATION 16

struct client {
    void *context, *socket;
    char *address;
    struct curve_client keys;
    struct buffer packed;
};

static void set_option(void *socket, int option, int value)
{
    zmq_setsockopt(socket, option, &value, sizeof(value));
}

static bool open_socket(struct client *client)
{
    client->socket = zmq_socket(client->context, ZMQ_DEALER);
    set_option(client->socket, ZMQ_LINGER, 0);
    set_option(client->socket, ZMQ_HANDSHAKE_IVL, 2000);
    set_option(client->socket, ZMQ_RECONNECT_IVL, 50);
    set_option(client->socket, ZMQ_RECONNECT_IVL_MAX, 500);
    if (client->keys.own.is_set && curve_is_for(client->address))
        curve_as_client(client->socket, &client->keys);
    return zmq_connect(client->socket, client->address) == 0;
}

struct client *client_new(const char *address, const struct curve_client *keys)
{
    struct client *client = memory_new(sizeof(*client));

    client->address = memory_text(address);
    client->keys = *keys;
    client->context = zmq_ctx_new();
    if (sodium_init() < 0 || !open_socket(client))
        client_free(&client);
    return client;
}

void client_free(struct client **address_of_client)
{
    struct client *client = *address_of_client;

    if (!client)
        return;
    if (client->socket)
        zmq_close(client->socket);
    zmq_ctx_term(client->context);
    buffer_release(&client->packed);
    memory_free(&client->address);
    curve_forget(&client->keys.own);
    memory_free(address_of_client);
}

/* The reply to this correlation among what arrives before `until`. */
static bool receive(struct client *client, struct arena *arena, const uint8_t *correlation,
                    int64_t until, struct envelope *reply)
{
    zmq_pollitem_t item = {.socket = client->socket, .events = ZMQ_POLLIN};
    struct shape_error error;
    bool is_ours = false;
    int64_t left;
    zmq_msg_t msg;

    zmq_msg_init(&msg);
    while (!is_ours && (left = until - clock_monotonic()) > 0) {
        if (zmq_poll(&item, 1, (long)(left / 1000 + 1)) <= 0)
            continue;
        if (zmq_msg_recv(&msg, client->socket, ZMQ_DONTWAIT) < 0)
            continue;
        is_ours = envelope_unpack((struct bytes){zmq_msg_data(&msg), zmq_msg_size(&msg)}, arena,
                                  reply, &error) &&
                  reply->kind == ENVELOPE_REPLY && reply->correlation.len == CORRELATION &&
                  memcmp(reply->correlation.data, correlation, CORRELATION) == 0;
    }
    zmq_msg_close(&msg);
    return is_ours;
}

bool client_ask(struct client *client, struct arena *arena, const struct envelope *request,
                struct envelope *reply)
{
    struct envelope ask = *request;
    uint8_t correlation[CORRELATION];

    ask.kind = ENVELOPE_REQUEST;
    ask.correlation = (struct bytes){correlation, CORRELATION};
    ask.remaining_ms = CLIENT_PATIENCE_MS;
    for (int i = 0; i < CLIENT_TRIES; i++) {
        randombytes_buf(correlation, sizeof(correlation));
        buffer_clear(&client->packed);
        envelope_pack(&ask, &client->packed);
        zmq_send(client->socket, client->packed.data, client->packed.len, ZMQ_DONTWAIT);
        if (receive(client, arena, correlation,
                    clock_monotonic() + CLIENT_PATIENCE_MS * INT64_C(1000), reply))
            return true;
        zmq_close(client->socket);
        if (!open_socket(client))
            return false;
    }
    return false;
}
