/* service.h - the only main loop: tables in, a running service out. */
#ifndef SONGDA_SERVICE_SERVICE_H
#define SONGDA_SERVICE_SERVICE_H

#include <stddef.h>
#include <stdint.h>

#include "service/call.h"
#include "store/statement.h"
#include "wire/contract.h"

/* Work that returns: runs at most once per period over all instances (a row in `job` decides), as the system, in a transaction like any
 * call. A job does a bounded amount (LIMIT) and returns JOB_AGAIN when there is more. */
enum { JOB_AGAIN = 1 };
struct job {
    const char *name;
    int period_seconds;
    int (*run)(struct call *c);
};

/* Does the work of a job in each office of the company, one after the other, each with its own figures and people; JOB_AGAIN when one had more. */
int job_in_each_branch(struct call *c, int (*work)(struct call *c));

/* A figure the company can set: company default, overridable per branch, versioned. Integer or text; read with setting_int(c, …). */
struct setting {
    const char *name;    /* lead_limit */
    int64_t number;      /* the default */
    const char *text;    /* the default where it is a text, else NULL */
    int64_t min, max;    /* numbers: refused outside */
    int unit;            /* enum setting_unit */
    const char *zh, *en; /* meaning */
    const char *policy;  /* requirement number */
};

struct approval_kind; /* approval.h */
struct deadline_kind; /* deadline.h */

/* Each table ends with an element whose first member is NULL (statements: a NULL pointer). */
struct service {
    const char *name;
    const struct operation *operations;
    const struct subscription *subscriptions;
    const struct statement *const *statements;
    const struct setting *settings;
    const struct job *jobs;
    const struct approval_kind *approvals;
    const struct deadline_kind *deadlines;
};

/* Reads the settings file, migrates, prepares, dials in, serves until SIGTERM. Returns the exit code. */
int service_main(int argc, char **argv, const struct service *service);

/* Settings, for the call's branch (branch's version, else the company's, else the default), valid at c->now. */
int64_t setting_int(struct call *c, const struct setting *setting);

/* The same in two steps: asked together with the call's next read (see call_ask_along), and the figure when that came back. */
struct setting_find;
const struct setting_find *setting_ask(struct call *c, const struct setting *setting);
int64_t setting_found(const struct setting *setting, const struct setting_find *found);
const char *setting_text_found(const struct setting *setting, const struct setting_find *found);
const char *setting_text(struct call *c, const struct setting *setting);

/* The table of the running service (for the mechanisms). */
const struct service *call_service(const struct call *c);

#endif
