/* runtime.h - what the runtime and its mechanisms of common/service share: their handlers, statements and jobs (private to common/service). */
#ifndef SONGDA_SERVICE_RUNTIME_H
#define SONGDA_SERVICE_RUNTIME_H

#include "mechanisms.gen.h"
#include "service/lane.h"
#include "service/service.h"

int audit_seal_run(struct call *c);
int idempotency_prune_run(struct call *c);
int outbox_prune_run(struct call *c);

/* jobs.c: those of the mechanisms; ends with a name of NULL. */
extern const struct job runtime_jobs[];
const struct job *job_called(const struct service *service, const char *name);

/* As the system, in a branch, at an instant: what events and jobs run as. The old call comes back with call_restore. */
struct call_as {
    struct actor actor;
    struct id branch_id;
    int64_t now;
    int32_t today;
    const char *trace;
};
struct call_as call_as_system(struct call *c, struct id branch_id, int64_t now, const char *trace);
void call_restore(struct call *c, const struct call_as *before);

#endif
