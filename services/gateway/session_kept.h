/* session_kept.h - sessions in Redis, for the other gateways and for the next start of this one (session_seal.h says in what form).
 *
 * A kept session says which of staff's events were applied when it was put there. Who takes it out knows, for every branch, from which number
 * on it remembers what staff's events said (position.history), and for each person and session the last event that spoke against them. Only
 * if what is kept is at least that new is it believed. So it does not matter when a key was written, by whom, or how long Redis keeps it.
 */
#ifndef GATEWAY_SESSION_KEPT_H
#define GATEWAY_SESSION_KEPT_H

#include <stdbool.h>

#include "session.h"

#define SESSION_KEPT_SECONDS 600
#define SESSION_KEPT_AGAIN INT64_C(60000000) /* microseconds in use until it is put there anew */

/* Asks Redis. False: it is no use now. Otherwise session_found or session_not_found follows, now or later. */
bool session_kept_look_up(struct gateway *gateway, struct session *session, const char *token);

/* Puts there what is known of an open session now. */
void session_kept_put(struct gateway *gateway, struct session *session);

/* Nobody is told what Redis still says. */
void session_kept_forget(struct session *session);

#endif
