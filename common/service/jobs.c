/* jobs.c - work that returns: whose turn it is, and running one by hand. */
#include "base/clock.h"
#include "base/text.h"
#include "service/mechanisms.h"
#include "service/runtime.h"

#include "base/banned.h"

#define IDEMPOTENCY_KEPT (90 * CLOCK_DAY)
#define OUTBOX_KEPT (90 * CLOCK_DAY)

enum { PRUNE_FULL = 1000, RUNS_MAX = 1000 };

int idempotency_prune_run(struct call *c)
{
    struct idempotency_prune_list gone =
        db_idempotency_prune(c, .before = c->now - IDEMPOTENCY_KEPT);

    return gone.count >= PRUNE_FULL ? JOB_AGAIN : 0;
}

int outbox_prune_run(struct call *c)
{
    struct outbox_prune_list gone = db_outbox_prune(c, .before = c->now - OUTBOX_KEPT);

    return gone.count >= PRUNE_FULL ? JOB_AGAIN : 0;
}

const struct job runtime_jobs[] = {
    {"deadlines", 10, deadlines_run},         {"numbers", 3600, numbers_run},
    {"audit_seal", 5, audit_seal_run},        {"idempotency_prune", 600, idempotency_prune_run},
    {"outbox_prune", 3600, outbox_prune_run}, {NULL, 0, NULL},
};

static const struct job *find(const struct job *jobs, const char *name)
{
    for (const struct job *job = jobs; job != NULL && job->name != NULL; job++)
        if (text_equal(job->name, name))
            return job;
    return NULL;
}

const struct job *job_called(const struct service *service, const char *name)
{
    const struct job *job = find(service->jobs, name);

    return job != NULL ? job : find(runtime_jobs, name);
}

struct call_as call_as_system(struct call *c, struct id branch_id, int64_t now, const char *trace)
{
    struct call_as before = {c->actor, c->branch_id, c->now, c->today, c->trace};
    struct id *scope = arena_array(c->arena, struct id, 2);
    struct id *company_id = &c->work->lane->company_id;
    struct company_find company;

    if (id_is_none(*company_id) && db_company_find(c, &company))
        *company_id = company.company_id;
    scope[0] = branch_id;
    scope[1] = *company_id;
    c->actor = (struct actor){.branch_id = branch_id,
                              .company_id = *company_id,
                              .scope = {scope, id_is_none(branch_id) ? 0 : 2}};
    c->branch_id = branch_id;
    c->now = now;
    c->today = date_of(now);
    c->trace = trace;
    return before;
}

void call_restore(struct call *c, const struct call_as *before)
{
    c->actor = before->actor;
    c->branch_id = before->branch_id;
    c->now = before->now;
    c->today = before->today;
    c->trace = before->trace;
}

int job_in_each_branch(struct call *c, int (*work)(struct call *c))
{
    struct people_offices_list offices = db_people_offices(c);
    int again = 0;

    for (size_t i = 0; i < offices.count && call_enter_branch(c, offices.items[i].branch_id); i++)
        again |= work(c);
    return again;
}

/* The whole of a job at the request's instant, in the request's transaction. */
int operation_jobs_run(struct call *c, const struct jobs_run_request *request,
                       struct jobs_run_reply *reply)
{
    const struct job *job = job_called(call_service(c), request->name);
    int result = JOB_AGAIN;

    if (job == NULL)
        return fail_at(c, "name", ERROR_JOB_UNKNOWN, "%s", request->name);
    c->work->sees_all = true;
    struct call_as before = call_as_system(c, (struct id){{0}}, c->now, c->trace);
    while (result == JOB_AGAIN && reply->runs < RUNS_MAX && !has_failed(c)) {
        result = job->run(c);
        reply->runs++;
    }
    call_restore(c, &before);
    return has_failed(c) ? -1 : 0;
}
