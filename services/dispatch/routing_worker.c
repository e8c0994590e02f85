/* routing_worker.c - carries out planning runs in a process of its own: takes one, reads its orders, lets the engine plan, writes the plan.
 *
 * A run lies in the database at any moment. While it is worked on its heart beats; a run whose heart has stopped is taken again by whoever
 * is first, and a worker that lost its run finds another number of attempts there and lets go.
 */
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "plan_stock.h"
#include "routing_worker.h"

#define BEAT_PERIOD (CLOCK_SECOND / 2)
#define SILENCE (10 * CLOCK_SECOND)

enum { LOOK_MICROSECONDS = 100000, ATTEMPTS_MOST = 3, SECOND_MS = 1000, AT_ONCE_MS = 400 };

bool assignment_enter(struct call *c, const struct assignment *work)
{
    if (companion_keeps_request_time(work->companion)) {
        c->now = work->run.asked_at;
        c->today = date_of(c->now);
    }
    return call_enter_branch(c, work->run.branch_id);
}

static int take(struct call *c, void *context)
{
    struct assignment *work = context;

    work->is_ours = db_routing_take(c, &work->run, .worker = companion_name(work->companion),
                                    .silent_since = c->now - SILENCE);
    return has_failed(c) ? -1 : 0;
}

static int beat(struct call *c, void *context)
{
    struct assignment *work = context;
    int64_t now = c->now;
    int64_t iterations = work->effort / 1000 * work->share;
    struct routing_beat beating;

    if (!assignment_enter(c, work))
        return -1;
    c->now = now;
    work->is_ours =
        db_routing_beat(c, &beating, .run_id = work->run.run_id, .attempts = work->run.attempts,
                        .share_permille = work->share, .has_best_cost = true,
                        .best_cost = work->cost, .iterations = iterations);
    if (!work->is_ours)
        return has_failed(c) ? -1 : 0;
    if (!assignment_enter(c, work))
        return -1;
    emit_routing_progressed(c, .run_id = work->run.run_id, .share_permille = work->share,
                            .best_cost = work->cost, .iterations = iterations);
    return 0;
}

/* Told by the engine about a thousand times in a search; said on at most twice a second. */
static bool hear(void *context, int64_t permille, int64_t cost)
{
    struct assignment *work = context;
    struct arena arena;
    int64_t now = clock_monotonic();

    if (now < work->next_beat)
        return true;
    work->next_beat = now + BEAT_PERIOD;
    work->share = permille > work->share ? permille : work->share;
    work->cost = cost;
    arena_init(&arena);
    companion_call(work->companion, &arena, beat, work);
    arena_release(&arena);
    return work->is_ours;
}

static int give_up(struct call *c, void *context)
{
    struct assignment *work = context;
    struct routing_give_up gone;

    if (!assignment_enter(c, work))
        return -1;
    if (db_routing_give_up(c, &gone, .run_id = work->run.run_id, .attempts = work->run.attempts,
                           .reason = work->wrong))
        emit_routing_stopped(c, .run_id = work->run.run_id, .status = ROUTING_STATUS_FAILED,
                             .reason = work->wrong);
    return has_failed(c) ? -1 : 0;
}

static bool waits(void *context)
{
    return hear(context, 0, ((const struct assignment *)context)->cost);
}

static void find_ways(struct assignment *work)
{
    struct finding finding = {.companion = work->companion,
                              .arena = &work->arena,
                              .branch_id = work->run.branch_id,
                              .server = work->server,
                              .file = work->file,
                              .problem = &work->problem,
                              .goes_on = waits,
                              .context = work};

    ways_find(&finding);
    work->problem.travel = finding.ways;
    work->travel = finding.travel;
    work->travel_note = finding.note;
}

static void search(struct assignment *work)
{
    int64_t milliseconds =
        work->run.effort_seconds == 0 ? AT_ONCE_MS : work->run.effort_seconds * SECOND_MS;
    const struct plan_effort effort = {.milliseconds = milliseconds,
                                       .limit_ms = milliseconds * 10 + SECOND_MS,
                                       .progress = hear,
                                       .context = work};

    find_ways(work);
    if (!work->is_ours)
        return;
    work->effort = plan_effort_of(&work->problem, milliseconds);
    if (!plan_solve_stocked(&work->arena, &work->problem, &effort, &work->plan, &work->wrong))
        work->plan.routes = NULL;
}

static void carry_out(struct assignment *work)
{
    if (work->run.attempts > ATTEMPTS_MOST) {
        work->wrong = "worker_died";
    } else if (!companion_call(work->companion, &work->arena, assignment_load, work)) {
        work->wrong = "input_unreadable";
    } else {
        search(work);
        if (!work->is_ours)
            return;
        if (work->plan.routes != NULL &&
            companion_call(work->companion, &work->arena, assignment_finish, work))
            return;
        if (work->wrong == NULL)
            work->wrong = "plan_not_written";
    }
    companion_call(work->companion, &work->arena, give_up, work);
}

void routing_work(struct companion *companion)
{
    struct survey survey = {.count = 0};

    arena_init(&survey.arena);
    for (;;) {
        struct assignment work = {.companion = companion};

        arena_init(&work.arena);
        if (companion_call(companion, &work.arena, take, &work) && work.is_ours) {
            log_info("routing_taken", log_int("attempts", work.run.attempts),
                     log_int("effort_seconds", work.run.effort_seconds));
            carry_out(&work);
            log_info("routing_left", log_int("stops", (int64_t)work.stops.count),
                     log_text("wrong", work.wrong == NULL ? "" : work.wrong));
        } else if (!survey_look(companion, &survey)) {
            usleep(LOOK_MICROSECONDS);
        }
        arena_release(&work.arena);
    }
}
