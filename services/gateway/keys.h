/* keys.h - who is at the other end of a connection: the gateway answers libzmq's question (ZAP, ZeroMQ RFC 27) whether a key may connect,
 * and says of every message whose key it came with.
 *
 * Without a key file nothing is asked: then there is only ipc and loopback. With one, a message whose sender libzmq cannot name is nobody's.
 * A key that is revoked while it is connected is nobody's from then on: its messages are dropped, nothing is sent to it.
 */
#ifndef GATEWAY_KEYS_H
#define GATEWAY_KEYS_H

#include <stdbool.h>
#include <stdint.h>
#include <zmq.h>

#include "allowed.h"
#include "wire/curve.h"

struct gateway;
struct settings;

#define KEYS_LOCAL "local" /* who connects over ipc, where the folder's mode decides: any service */
#define KEYS_LINES_MAX 20  /* of the log in a second about who was refused */

struct keys {
    struct curve_pair own;
    struct allowed_list allowed;
    bool asks_clients;
    void *handler; /* REP; NULL: there are no keys */
    int64_t refused, revoked;
    int64_t lines_since; /* monotonic; of the second that the lines are counted in */
    int lines;
};

/* False: a line says why. Before any socket is bound: without a handler libzmq lets everybody in. */
bool keys_init(struct keys *keys, const struct settings *settings, void *context);
void keys_release(struct keys *keys); /* the other sockets are closed already */

/* How the next zmq_bind of a socket for services or clients speaks. */
void keys_for_bind(const struct keys *keys, void *socket, enum allowed_role role,
                   const char *address);

/* Answers what libzmq asks now; false: it asks nothing more. */
bool keys_answer(struct keys *keys);

/* Who sent this (a message's last frame): `user` is the key or KEYS_LOCAL, "" where keys are not asked for. False: nobody who may. */
bool keys_sender(const struct keys *keys, enum allowed_role role, zmq_msg_t *frame,
                 char user[CURVE_TEXT]);

/* The same for a user known from before; its key may be revoked meanwhile. */
bool keys_may(const struct keys *keys, enum allowed_role role, const char *user);

/* `user` may speak for this service. */
bool keys_is_service(const struct keys *keys, const char *user, const char *service);

/* Counts somebody who was refused, and says so in the log, unless it said so too often. */
void keys_refuse(struct keys *keys, const char *why, const char *user, const char *service);

#endif
