/* client.h - a blocking client of a gateway's front socket: one question, one answer.
 *
 * A question without an answer is asked again with the same key on a fresh connection; the gateway and the services do it once.
 */
#ifndef SONGDA_WIRE_CLIENT_H
#define SONGDA_WIRE_CLIENT_H

#include "wire/curve.h"
#include "wire/envelope.h"

#define CLIENT_PATIENCE_MS 5000 /* for one answer (design 8: client 5 s, gateway 4 s) */
#define CLIENT_TRIES 3

struct client; /* heap; client_new / client_free */

/* `address` like tcp://127.0.0.1:8081. NULL: it is none. Nothing is connected before the first question. `keys` may not be set: the
 * gateway asks for none. */
struct client *client_new(const char *address, const struct curve_client *keys);
void client_free(struct client **client);

/* Asks request->operation with its token, key, body and at; kind, correlation and remaining_ms are filled in here. True: *reply
 * holds the answer or the refusal, its memory in arena. False: there was no answer in CLIENT_TRIES times CLIENT_PATIENCE_MS. */
bool client_ask(struct client *client, struct arena *arena, const struct envelope *request,
                struct envelope *reply);

#endif
