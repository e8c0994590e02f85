/* routing_worker.c - carries out planning runs in a process of its own: takes one, reads its orders, lets the engine plan, writes the plan.
 *
 * A run lies in the database at any moment. While it is worked on its heart beats; a run whose heart has stopped is taken again by whoever
 * is first, and a worker that lost its run finds another number of attempts there and lets go.
 */
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "dispatch.h"
#include "routing_travel.h"
#include "service/companion.h"

#define BEAT_PERIOD (CLOCK_SECOND / 2)
#define SILENCE (10 * CLOCK_SECOND)

enum { LOOK_MICROSECONDS = 300000, ATTEMPTS_MOST = 3, SECOND_MS = 1000 };

/* A run while it is worked on. What it points to lies in its arena. */
struct assignment {
    struct companion *companion;
    struct arena arena;
    struct routing_take run;
    struct routing_load_crews_list crews;
    struct routing_load_stops_list stops;
    struct plan_problem problem;
    struct plan plan;
    const char *server;  /* of distances; "": none */
    const char *travel;  /* where distances came from */
    const char *wrong;   /* why there is no plan */
    int64_t effort;      /* of the whole search */
    int64_t share, cost; /* so far */
    int64_t next_beat;   /* monotonic */
    bool is_ours;
};

/* Into the run's branch; where requests bring their own instant, at that of the request. */
static bool enter(struct call *c, const struct assignment *work)
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

static struct plan_stop stop_of(const struct routing_load_stops *row)
{
    struct plan_stop stop = {.place = {.is_known = row->has_latitude_e7 && row->has_longitude_e7,
                                       .latitude_e7 = row->latitude_e7,
                                       .longitude_e7 = row->longitude_e7},
                             .load = row->load,
                             .service_minutes = row->service_minutes,
                             .vehicle = (size_t)row->place,
                             .position = (size_t)row->position,
                             .is_pinned = row->is_pinned,
                             .is_kept = row->is_kept};

    if (row->has_window_from && row->has_window_to) {
        stop_window(&stop, true, row->window_from, row->window_to);
        return stop;
    }
    for (size_t i = 0; i < row->windows_from.count && i < row->windows_to.count &&
                       stop.window_count < PLAN_WINDOWS_MAX;
         i++)
        stop.windows[stop.window_count++] =
            (struct plan_window){row->windows_from.items[i], row->windows_to.items[i]};
    stop.window_count = plan_windows(stop.windows, stop.window_count);
    return stop;
}

/* Positions on a route from 1 without gaps, as the engine counts them. */
static void number_positions(struct plan_stop *stops, size_t count)
{
    for (size_t i = 0; i < count && stops[i].vehicle > 0; i++)
        stops[i].position =
            i > 0 && stops[i - 1].vehicle == stops[i].vehicle ? stops[i - 1].position + 1 : 1;
}

static int load(struct call *c, void *context)
{
    struct assignment *work = context;
    struct depot_find depot;
    struct plan_stop *stops;
    struct plan_vehicle *vehicles;

    if (!enter(c, work))
        return -1;
    if (!db_depot_find(c, &depot, .depot_id = work->run.depot_id))
        return fail(c, ERROR_DEPOT_UNKNOWN, NULL);
    work->crews = db_routing_load_crews(c, .run_id = work->run.run_id);
    work->stops = db_routing_load_stops(
        c, .run_id = work->run.run_id, .delivery_date = work->run.delivery_date,
        .list_id = work->run.list_id, .takes_waiting = work->run.takes_waiting,
        .limit = ROUTING_STOPS_MOST);
    stops = arena_array(c->arena, struct plan_stop, work->stops.count + 1);
    vehicles = arena_array(c->arena, struct plan_vehicle, work->crews.count + 1);
    for (size_t i = 0; i < work->stops.count; i++)
        stops[i] = stop_of(&work->stops.items[i]);
    number_positions(stops, work->stops.count);
    for (size_t i = 0; i < work->crews.count; i++)
        vehicles[i] = (struct plan_vehicle){.capacity = work->crews.items[i].capacity,
                                            .stops_max = ROUTE_STOPS_MAX,
                                            .shift_from = work->crews.items[i].shift_from,
                                            .shift_to = work->crews.items[i].shift_to};
    work->problem =
        (struct plan_problem){.depot = {.is_known = depot.has_latitude_e7 && depot.has_longitude_e7,
                                        .latitude_e7 = depot.latitude_e7,
                                        .longitude_e7 = depot.longitude_e7},
                              .stops = stops,
                              .stop_count = work->stops.count,
                              .vehicles = vehicles,
                              .vehicle_count = work->crews.count,
                              .rates = plan_rates_of(c)};
    work->server = setting_text(c, &dispatch_settings[SETTING_TRAVEL_SERVER]);
    return has_failed(c) ? -1 : 0;
}

static int beat(struct call *c, void *context)
{
    struct assignment *work = context;
    int64_t now = c->now;
    int64_t iterations = work->effort / 1000 * work->share;
    struct routing_beat beating;

    if (!enter(c, work))
        return -1;
    c->now = now;
    work->is_ours =
        db_routing_beat(c, &beating, .run_id = work->run.run_id, .attempts = work->run.attempts,
                        .share_permille = work->share, .has_best_cost = true,
                        .best_cost = work->cost, .iterations = iterations);
    if (!work->is_ours)
        return has_failed(c) ? -1 : 0;
    if (!enter(c, work))
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

static enum routing_reason reason_of(const char *name)
{
    int reason = ROUTING_REASON_FITS;

    while (!text_equal(routing_reason_text((enum routing_reason)reason), name))
        reason++;
    return (enum routing_reason)reason;
}

static void write_crew(struct call *c, const struct assignment *work, size_t place)
{
    const struct plan_route *route = &work->plan.routes[place];

    db_routing_crew_set(c, .run_id = work->run.run_id, .place = (int64_t)place + 1,
                        .stops = (int64_t)route->count, .load = route->load, .cost = route->cost,
                        .distance_m = route->distance_m, .duration_s = route->back - route->leaves,
                        .leaves_s = route->leaves, .back_s = route->back);
    for (size_t i = 0; i < route->count; i++) {
        const struct routing_load_stops *row = &work->stops.items[route->stops[i]];
        const struct plan_visit *visit = &route->visits[i];

        db_routing_visit_insert(
            c, .run_id = work->run.run_id, .order_id = row->order_id, .stop_id = row->stop_id,
            .route_id = row->route_id, .load = row->load, .address_id = row->address_id,
            .has_window_from = row->has_window_from, .window_from = row->window_from,
            .has_window_to = row->has_window_to, .window_to = row->window_to, .has_place = true,
            .place = (int64_t)place + 1, .has_position = true, .position = (int64_t)i + 1,
            .has_arrive_s = true, .arrive_s = visit->arrive, .has_begin_s = true,
            .begin_s = visit->begin, .has_leave_s = true, .leave_s = visit->leave);
    }
}

static void write_left_out(struct call *c, const struct assignment *work,
                           const struct plan_left_out *out)
{
    const struct routing_load_stops *row = &work->stops.items[out->stop];
    struct id vehicle_id = {{0}};

    if (out->vehicle > 0)
        vehicle_id = work->crews.items[out->vehicle - 1].vehicle_id;
    db_routing_visit_insert(c, .run_id = work->run.run_id, .order_id = row->order_id,
                            .stop_id = row->stop_id, .route_id = row->route_id, .load = row->load,
                            .address_id = row->address_id, .has_window_from = row->has_window_from,
                            .window_from = row->window_from, .has_window_to = row->has_window_to,
                            .window_to = row->window_to, .reason = reason_of(out->reason),
                            .has_amount = true, .amount = out->amount,
                            .near_vehicle_id = vehicle_id);
}

static int finish(struct call *c, void *context)
{
    struct assignment *work = context;
    const struct plan *plan = &work->plan;
    int64_t unplanned = (int64_t)plan->left_out_count,
            stops = (int64_t)work->stops.count - unplanned;
    struct routing_finish done;

    if (!enter(c, work))
        return -1;
    if (!db_routing_finish(c, &done, .run_id = work->run.run_id, .attempts = work->run.attempts,
                           .cost = plan->cost, .iterations = plan->effort, .stops = stops,
                           .unplanned = unplanned, .distance_m = plan->distance_m,
                           .duration_s = plan->duration_s, .late_s = plan->late_s,
                           .stopped_early = plan->stopped_early, .travel = work->travel))
        return has_failed(c) ? -1 : 0; /* cancelled, or another's by now */
    for (size_t i = 0; i < work->crews.count; i++)
        if (plan->routes[i].count > 0)
            write_crew(c, work, i);
    for (size_t i = 0; i < plan->left_out_count; i++)
        write_left_out(c, work, &plan->left_out[i]);
    emit_routing_planned(c, .run_id = work->run.run_id, .delivery_date = work->run.delivery_date,
                         .stops = stops, .unplanned = unplanned, .cost = plan->cost,
                         .distance_m = plan->distance_m, .duration_s = plan->duration_s);
    return has_failed(c) ? -1 : 0;
}

static int give_up(struct call *c, void *context)
{
    struct assignment *work = context;
    struct routing_give_up gone;

    if (!enter(c, work))
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

/* By road where a server says how far that is; without one, or when it fails, by coordinates, and the plan says so. */
static void find_ways(struct assignment *work)
{
    struct plan_travel *travel = arena_new(&work->arena, struct plan_travel);

    work->travel = "great_circle";
    if (text_equal(work->server, ""))
        return;
    work->travel = "server_failed";
    if (!travel_ask(&work->arena, work->server, &work->problem, waits, work, travel))
        return;
    work->travel = "server";
    work->problem.travel = travel;
}

static void search(struct assignment *work)
{
    int64_t milliseconds = work->run.effort_seconds * SECOND_MS;
    const struct plan_effort effort = {.milliseconds = milliseconds,
                                       .limit_ms = milliseconds * 10 + SECOND_MS,
                                       .progress = hear,
                                       .context = work};

    find_ways(work);
    if (!work->is_ours)
        return;
    work->effort = plan_effort_of(&work->problem, milliseconds);
    if (!plan_solve(&work->arena, &work->problem, &effort, &work->plan, &work->wrong))
        work->plan.routes = NULL;
}

static void carry_out(struct assignment *work)
{
    if (work->run.attempts > ATTEMPTS_MOST) {
        work->wrong = "worker_died";
    } else if (!companion_call(work->companion, &work->arena, load, work)) {
        work->wrong = "input_unreadable";
    } else {
        search(work);
        if (!work->is_ours)
            return;
        if (work->plan.routes != NULL &&
            companion_call(work->companion, &work->arena, finish, work))
            return;
        if (work->wrong == NULL)
            work->wrong = "plan_not_written";
    }
    companion_call(work->companion, &work->arena, give_up, work);
}

void routing_work(struct companion *companion)
{
    for (;;) {
        struct assignment work = {.companion = companion};

        arena_init(&work.arena);
        if (companion_call(companion, &work.arena, take, &work) && work.is_ours) {
            log_info("routing_taken", log_int("attempts", work.run.attempts),
                     log_int("effort_seconds", work.run.effort_seconds));
            carry_out(&work);
            log_info("routing_left", log_int("stops", (int64_t)work.stops.count),
                     log_text("wrong", work.wrong == NULL ? "" : work.wrong));
        } else {
            usleep(LOOK_MICROSECONDS);
        }
        arena_release(&work.arena);
    }
}
