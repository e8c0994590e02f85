/* schedule.c - runs a service's jobs by themselves: the row in `job` decides which instance does. */
#include "service/schedule.h"

#include "base/clock.h"
#include "base/failpoint.h"
#include "base/log.h"
#include "base/memory.h"

#include "base/banned.h"

/* How often an instance looks whether it is its turn, at most. */
#define LOOK_PERIOD (10 * CLOCK_SECOND)

static void run(struct work *work)
{
    struct turn *turn = (struct turn *)(void *)work;
    struct call *c = &work->call;
    struct job_claim claim;

    call_as_system(c, (struct id){{0}}, c->now, "");
    if (!turn->is_declared)
        db_job_declare(c, .name = turn->job->name);
    turn->was_ours = db_job_claim(c, &claim, .name = turn->job->name,
                                  .next_run = c->now + turn->job->period_seconds * CLOCK_SECOND);
    if (!turn->was_ours)
        return;
    FAILPOINT(job_claimed);
    turn->result = turn->job->run(c);
    FAILPOINT(job_done);
    if (turn->result == JOB_AGAIN)
        db_job_hurry(c, .name = turn->job->name);
}

static void add(struct schedule *schedule, const struct job *jobs)
{
    for (const struct job *job = jobs; job != NULL && job->name != NULL; job++) {
        struct turn *turn = &schedule->turns[schedule->count++];
        turn->schedule = schedule;
        turn->job = job;
    }
}

static size_t length(const struct job *jobs)
{
    size_t count = 0;

    while (jobs != NULL && jobs[count].name != NULL)
        count++;
    return count;
}

void schedule_init(struct schedule *schedule, const struct service *service, struct lane *lane)
{
    *schedule = (struct schedule){.service = service, .lane = lane};
    schedule->turns = memory_array(struct turn, length(service->jobs) + length(runtime_jobs));
    add(schedule, service->jobs);
    add(schedule, runtime_jobs);
}

void schedule_release(struct schedule *schedule)
{
    for (size_t i = 0; i < schedule->count; i++)
        arena_release(&schedule->turns[i].work.arena);
    memory_free(&schedule->turns);
}

static void start(struct turn *turn)
{
    struct work *work = &turn->work;

    arena_release(&work->arena);
    *work = (struct work){.is_alone = true, .sees_all = true, .is_turn = true, .run = run};
    work->call.now = clock_now();
    work->call.today = date_of(work->call.now);
    turn->is_running = true;
    turn->was_ours = false;
    turn->result = 0;
    work_init(work, turn->schedule->service);
    lane_add(turn->schedule->lane, work);
}

void schedule_tick(struct schedule *schedule, int64_t monotonic)
{
    for (size_t i = 0; i < schedule->count; i++) {
        struct turn *turn = &schedule->turns[i];
        if (!turn->is_running && turn->next <= monotonic)
            start(turn);
    }
}

void schedule_finished(struct turn *turn)
{
    const struct failure *failure = &turn->work.call.failure;
    int64_t period = turn->job->period_seconds * CLOCK_SECOND;
    int64_t now = clock_monotonic();

    if (turn->was_ours)
        FAILPOINT(job_committed);
    turn->is_running = false;
    turn->next = now + (period < LOOK_PERIOD ? period : LOOK_PERIOD);
    if (failure->error != NULL)
        log_warn("job_failed", log_text("job", turn->job->name),
                 log_text("error", failure->error->name));
    else
        turn->is_declared = true;
    if (turn->was_ours && failure->error == NULL && turn->result == JOB_AGAIN)
        turn->next = now;
}
