/* companion.h - a process beside a service, for work too long for the service's own lane: it has a lane of its own on the service's
 * database, emits the service's events, and serves nobody.
 *
 * The service's program starts it before it opens anything itself: companion_start() keeps one running, again whenever it dies, and
 * takes it along when the service ends, however that happens. What it works on must lie in tables, so that another can go on with it.
 */
#ifndef SONGDA_SERVICE_COMPANION_H
#define SONGDA_SERVICE_COMPANION_H

#include "service/service.h"

struct companion; /* one in a process */

/* Starts `run` in a process of its own, with low priority; `run` returns only when the database is lost. argc and argv are the service's. */
void companion_start(int argc, char **argv, const struct service *service, const char *name,
                     void (*run)(struct companion *companion));

/* Carries out `step` like a job: as the system, at this moment, in a transaction. What it keeps in the arena stays the caller's. False when
 * it failed and nothing was committed; the log says why. Ends the process when the database is lost. */
bool companion_call(struct companion *companion, struct arena *arena,
                    int (*step)(struct call *c, void *context), void *context);

/* Whether requests bring their own instant (scenario tests): events of a piece of work then belong to the instant it was asked for. */
bool companion_keeps_request_time(const struct companion *companion);

/* Host and process, for people who look for a worker. */
const char *companion_name(const struct companion *companion);

#endif
