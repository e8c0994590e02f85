/* warm.c - how fast, and how well, a plan of 500 stops answers a change: a stop added, moved to another vehicle, or pinned.
 *
 * The day is planned for five seconds; then one stop changes, and the plan at hand is gone on with for four tenths of a second (as
 * dispatch.routing.plan with effort_seconds 0 does). That is held against five seconds from nothing. Goal: an answer within half a second of
 * one core, at most 1 % dearer. Ends with 1 when the mean misses it.
 *
 *   songda-bench-warm [STOPS [CHANGES]]
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "plan.h"

enum { VEHICLES = 30, AT_ONCE_MS = 400, FULL_MS = 5000, GOAL_MS = 500 };

struct day {
    struct arena arena;
    struct plan_stop *stops;
    struct plan_vehicle vehicles[VEHICLES];
    struct plan_problem problem;
};

static uint32_t number(uint32_t *state)
{
    *state = *state * 1664525 + 1013904223;
    return *state >> 8;
}

/* A city of three centres; every third customer has a window of two hours. */
static void make_day(struct day *day, size_t count)
{
    static const int64_t centres[][2] = {
        {312300000, 1214700000}, {311500000, 1213700000}, {312900000, 1215200000}};
    uint32_t state = 20261122;

    arena_init(&day->arena);
    day->stops = arena_array(&day->arena, struct plan_stop, count + 1);
    for (size_t i = 0; i <= count; i++) {
        const int64_t *centre = centres[number(&state) % 3];
        int64_t north = (int64_t)(number(&state) % 1000000) - 500000,
                east = (int64_t)(number(&state) % 1200000) - 600000;
        struct plan_stop *stop = &day->stops[i];

        *stop = (struct plan_stop){.place = {true, centre[0] + north, centre[1] + east},
                                   .load = 1 + number(&state) % 9,
                                   .service_minutes = 8};
        if (i % 3 == 0) {
            stop->windows[0].from_minute = 420 + number(&state) % 360;
            stop->windows[0].to_minute = stop->windows[0].from_minute + 120;
            stop->window_count = 1;
        }
    }
    for (size_t v = 0; v < VEHICLES; v++)
        day->vehicles[v] = (struct plan_vehicle){.capacity = 120, .stops_max = 100};
    day->problem = (struct plan_problem){
        .depot = {.is_known = true, .latitude_e7 = 311800000, .longitude_e7 = 1214300000},
        .stops = day->stops,
        .stop_count = count,
        .vehicles = day->vehicles,
        .vehicle_count = VEHICLES,
        .rates = {.detour_percent = 130,
                  .speed_kmh = 30,
                  .shift_from = 360,
                  .shift_to = 1260,
                  .cost = {150, 5000, 10000}}};
}

static double milliseconds(clockid_t clock)
{
    struct timespec now;

    clock_gettime(clock, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void plan_for(struct day *day, int64_t effort_ms, struct plan *plan)
{
    const struct plan_effort effort = {.milliseconds = effort_ms};
    const char *wrong = "";

    if (plan_solve(&day->arena, &day->problem, &effort, plan, &wrong))
        return;
    fprintf(stderr, "no plan: %s\n", wrong);
    exit(2);
}

/* The stops where the plan has them, or nowhere. */
static void put_on_routes(struct day *day, const struct plan *plan)
{
    for (size_t i = 0; i <= day->problem.stop_count; i++) {
        day->stops[i].vehicle = day->stops[i].position = 0;
        day->stops[i].is_kept = day->stops[i].is_pinned = false;
    }
    for (size_t v = 0; plan != NULL && v < VEHICLES; v++)
        for (size_t k = 0; k < plan->routes[v].count; k++) {
            day->stops[plan->routes[v].stops[k]].vehicle = v + 1;
            day->stops[plan->routes[v].stops[k]].position = k + 1;
        }
}

enum change { ADDED, MOVED, PINNED, CHANGES };
static const char *const change_names[] = {"added", "moved", "pinned"};

/* What changes at stop `at`; `is_warm`: the others keep their places to begin with. */
static void change(struct day *day, const struct plan *plan, enum change kind, size_t at,
                   size_t count, bool is_warm)
{
    struct plan_stop *stop = &day->stops[kind == ADDED ? count : at];

    day->problem.stop_count = kind == ADDED ? count + 1 : count;
    put_on_routes(day, plan);
    if (kind == MOVED) {
        stop->vehicle = stop->vehicle % VEHICLES + 1;
        stop->position = 1;
        stop->is_kept = true;
    } else if (kind == PINNED) {
        stop->position = 1;
        stop->is_pinned = true;
    }
    for (size_t i = 0; i < day->problem.stop_count; i++)
        if (!is_warm && !day->stops[i].is_kept && !day->stops[i].is_pinned)
            day->stops[i].vehicle = 0;
        else if (kind == PINNED && i != at && day->stops[i].vehicle == stop->vehicle)
            day->stops[i].position++;
}

int main(int argc, char **argv)
{
    size_t count = argc > 1 ? strtoul(argv[1], NULL, 10) : 500,
           changes = argc > 2 ? strtoul(argv[2], NULL, 10) : 3;
    struct day day;
    struct plan base, warm, full;
    double slowest = 0, sum = 0;
    int measured = 0;

    make_day(&day, count);
    plan_for(&day, FULL_MS, &base);
    printf("%zu stops, %.0f yuan after %d ms\n", count, (double)base.cost / 100, FULL_MS);
    for (int kind = ADDED; kind < CHANGES; kind++)
        for (size_t i = 0; i < changes && (kind != ADDED || i == 0); i++) {
            size_t at = (i * 173 + 11) % count;
            double wall, cpu, gap;

            change(&day, &base, (enum change)kind, at, count, true);
            wall = milliseconds(CLOCK_MONOTONIC);
            cpu = milliseconds(CLOCK_PROCESS_CPUTIME_ID);
            plan_for(&day, AT_ONCE_MS, &warm);
            cpu = milliseconds(CLOCK_PROCESS_CPUTIME_ID) - cpu;
            wall = milliseconds(CLOCK_MONOTONIC) - wall;
            change(&day, &base, (enum change)kind, at, count, false);
            plan_for(&day, FULL_MS, &full);
            gap = ((double)warm.cost / (double)full.cost - 1) * 100;
            printf("%-6s stop %3zu: %3.0f ms of a core (%.0f ms passed), %.0f yuan; from nothing "
                   "%.0f yuan: %+.2f %%; left out %zu, %zu\n",
                   change_names[kind], at, cpu, wall, (double)warm.cost / 100,
                   (double)full.cost / 100, gap, warm.left_out_count, full.left_out_count);
            slowest = cpu > slowest ? cpu : slowest;
            sum += gap;
            measured++;
        }
    printf("slowest %.0f ms (goal %d), mean %+.2f %% (goal 1)\n", slowest, GOAL_MS, sum / measured);
    arena_release(&day.arena);
    return slowest > GOAL_MS || sum / measured > 1;
}
