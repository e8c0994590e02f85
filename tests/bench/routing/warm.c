/* warm.c - what a dispatcher's change to a plan of 500 stops takes, and what it costs against
 * planning the day anew; and the memory of a plan of 1,000 stops. */
#include "checker.h"
#include "memory.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define STOPS 500
#define STOPS_LARGE 1000
#define MOST (STOPS_LARGE + 1)
#define VEHICLES 120
#define PLANE 40000 /* metres */
#define WARM_MS 400 /* what the service asks for when a dispatcher waits */
#define FULL_MS 5000
#define WARM_GOAL 0.5 /* seconds */
#define GAP_GOAL 1.0  /* percent */
#define MEMORY_GOAL 64

/* A town and its day: stops on a plane, half of them in clusters. Sites: the depot, a site per
 * stop, one site more where a stop may move to. */
struct day {
    struct routing_problem problem;
    struct routing_stop stops[MOST];
    struct routing_window windows[MOST];
    struct routing_vehicle vehicles[VEHICLES];
    int32_t *distance, *duration;
    uint64_t state;
    uint64_t seed; /* of the searches */
};

/* A plan as a start without one of its stops. */
struct start {
    struct routing_start start;
    int32_t stops[MOST], first[VEHICLES + 1];
};

enum change { ADDED, MOVED, PINNED, CHANGES };

static const char *const change_names[CHANGES] = {"added", "moved", "pinned"};

static int below(struct day *day, int n)
{
    day->state = day->state * 6364136223846793005u + 1442695040888963407u;
    return (int)((day->state >> 33) % (uint64_t)n);
}

static int clamped(int at)
{
    return at < 0 ? 0 : at > PLANE ? PLANE : at;
}

static void make_travel(struct day *day, int sites)
{
    int *x = memory_new((size_t)sites, sizeof(int)), *y = memory_new((size_t)sites, sizeof(int));
    size_t cells = (size_t)sites * (size_t)sites;

    day->distance = memory_new((size_t)cells, sizeof(int32_t));
    day->duration = memory_new((size_t)cells, sizeof(int32_t));
    for (int i = 0; i < sites; i++) {
        bool near = i > 8 && below(day, 2);
        int other = near ? 1 + below(day, 8) : 0;

        x[i] = near ? clamped(x[other] + below(day, 5000) - 2500) : below(day, PLANE);
        y[i] = near ? clamped(y[other] + below(day, 5000) - 2500) : below(day, PLANE);
    }
    for (int i = 0; i < sites; i++) {
        for (int j = 0; j < sites; j++) {
            int metres = (int)lround(hypot(x[i] - x[j], y[i] - y[j]) * 1.3);

            day->distance[i * sites + j] = metres;
            day->duration[i * sites + j] = metres / 9;
        }
    }
    day->problem.travel =
        (struct routing_travel){sites, day->distance, day->duration, cells, cells};
    memory_free(x);
    memory_free(y);
}

/* One stop more than the problem has: the one to be added. Rich: windows for some, two products,
 * working time paid, breaks; else the plain form. */
static struct day *day_new(int stops, bool rich, uint64_t number, uint64_t seed)
{
    struct day *day = memory_new(1, sizeof(*day));

    day->state = number;
    day->seed = seed;
    make_travel(day, stops + 3);
    for (int s = 0; s <= stops; s++) {
        int open = 28800 + below(day, 18000);

        day->windows[s] = (struct routing_window){open, open + 7200 + below(day, 7200)};
        day->stops[s] =
            (struct routing_stop){.site = s + 1,
                                  .demand = {1 + below(day, 100), rich ? below(day, 20) : 0},
                                  .service = 240,
                                  .windows = &day->windows[s],
                                  .window_count = rich && below(day, 100) < 40,
                                  .leave_out_price = ROUTING_NONE,
                                  .locked_vehicle = ROUTING_NONE,
                                  .locked_position = ROUTING_NONE,
                                  .announced_vehicle = ROUTING_NONE};
    }
    for (int v = 0; v < VEHICLES; v++) {
        day->vehicles[v] = (struct routing_vehicle){.capacity = {rich ? 900 : 600, 250},
                                                    .shift = {0, 86400},
                                                    .max_duration = ROUTING_NO_LIMIT,
                                                    .max_distance = ROUTING_NO_LIMIT,
                                                    .max_stops = ROUTING_NO_LIMIT,
                                                    .reload_time = ROUTING_NONE,
                                                    .cost_per_km = 180,
                                                    .frozen_until = ROUTING_NONE};
        if (rich) {
            day->vehicles[v].shift = (struct routing_window){25200, 64800};
            day->vehicles[v].rest = (struct routing_break){39600, 46800, 1800};
            day->vehicles[v].cost_per_hour = 3000;
        }
    }
    day->problem.products = rich ? 2 : 1;
    day->problem.stop_count = stops;
    day->problem.vehicle_count = VEHICLES;
    day->problem.stops = day->stops;
    day->problem.vehicles = day->vehicles;
    return day;
}

static void day_free(struct day *day)
{
    memory_free(day->distance);
    memory_free(day->duration);
    memory_free(day);
}

static double cpu(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* The plan, verified, or the end of the program. */
static struct routing_plan *solve(const struct day *day, int milliseconds,
                                  const struct routing_start *start, double *seconds)
{
    struct routing_options how = {.seed = day->seed, .start = start};
    struct routing_error error = {"no complete plan"};
    struct routing_plan *plan;

    how.effort = routing_effort(&day->problem, milliseconds);
    *seconds = cpu();
    plan = routing_solve(&day->problem, &how, &error);
    *seconds = cpu() - *seconds;
    if (!plan || !checker_accepts(&day->problem, plan, &error) || plan->left_out_count) {
        fprintf(stderr, "warm: %s\n", error.text);
        exit(2);
    }
    return plan;
}

static void start_init(struct start *start, const struct routing_plan *plan, int without)
{
    int written = 0, route = 0;

    for (int v = 0; v < VEHICLES; v++) {
        start->first[v] = written;
        if (route == plan->route_count || plan->routes[route].vehicle != v)
            continue;
        for (int k = 0; k < plan->routes[route].visit_count; k++)
            if (plan->routes[route].visits[k].stop != without)
                start->stops[written++] = plan->routes[route].visits[k].stop;
        route++;
    }
    start->first[VEHICLES] = written;
    start->start = (struct routing_start){start->stops, start->first};
}

/* Changes the day; the stop that the start plan will lack. */
static int make_change(struct day *day, const struct routing_plan *plan, enum change change)
{
    int stop = below(day, day->problem.stop_count);

    if (change == ADDED)
        return day->problem.stop_count++;
    if (change == MOVED)
        day->stops[stop].site = day->problem.travel.sites - 1;
    if (change == PINNED)
        day->stops[stop].locked_vehicle = plan->routes[below(day, plan->route_count)].vehicle;
    return stop;
}

static void take_back(struct day *day, int stop)
{
    day->problem.stop_count = STOPS;
    day->stops[stop].site = stop + 1;
    day->stops[stop].locked_vehicle = ROUTING_NONE;
}

/* False when a goal is missed. */
static bool run_change(struct day *day, const struct routing_plan *before, enum change change)
{
    int stop = make_change(day, before, change);
    double warm_seconds, full_seconds, gap;
    struct routing_plan *warm, *full;
    struct start start;

    start_init(&start, before, stop);
    warm = solve(day, WARM_MS, &start.start, &warm_seconds);
    full = solve(day, FULL_MS, NULL, &full_seconds);
    gap = 100 * ((double)warm->exact_cost / (double)full->exact_cost - 1);
    printf("  %-7s warm %5.2f s, anew %5.2f s, warm costs %+6.2f %%\n", change_names[change],
           warm_seconds, full_seconds, gap);
    fflush(stdout);
    routing_plan_free(&warm);
    routing_plan_free(&full);
    take_back(day, stop);
    return warm_seconds <= WARM_GOAL && gap <= GAP_GOAL;
}

/* The goals missed by the three changes, each of the same day's plan. */
static int run_day(bool rich, uint64_t number, uint64_t seed)
{
    struct day *day = day_new(STOPS, rich, number, seed);
    double seconds;
    struct routing_plan *before = solve(day, FULL_MS, NULL, &seconds);
    int missed = 0;

    printf("%s, %d stops, day %d, seed %d\n", rich ? "rich" : "plain", STOPS, (int)number,
           (int)seed);
    for (int change = 0; change < CHANGES; change++)
        missed += !run_change(day, before, (enum change)change);
    routing_plan_free(&before);
    day_free(day);
    return missed;
}

/* In a process of its own, whose largest size is the plan's. */
static bool run_memory(bool rich)
{
    struct rusage used;
    pid_t child = fork();

    if (!child) {
        double seconds;
        struct day *day = day_new(STOPS_LARGE, rich, 1, 1);
        struct routing_plan *plan = solve(day, 1000, NULL, &seconds);

        routing_plan_free(&plan);
        day_free(day);
        getrusage(RUSAGE_SELF, &used);
        printf("%-6s %d stops: %.1f MB\n", rich ? "rich" : "plain", STOPS_LARGE,
               (double)used.ru_maxrss / 1024);
        fflush(stdout);
        _exit(used.ru_maxrss > MEMORY_GOAL * 1024);
    } else {
        int status;

        return waitpid(child, &status, 0) == child && WIFEXITED(status) && !WEXITSTATUS(status);
    }
}

/* warm [DAYS [SEEDS]]: seconds are of CPU, one thread. */
int main(int argc, char **argv)
{
    long days = argc > 1 ? strtol(argv[1], NULL, 10) : 1;
    long seeds = argc > 2 ? strtol(argv[2], NULL, 10) : 1;
    int missed = 0;

    missed += !run_memory(false);
    missed += !run_memory(true);
    for (long day = 1; day <= days; day++)
        for (long seed = 1; seed <= seeds; seed++)
            missed += run_day(false, (uint64_t)day, (uint64_t)seed) +
                      run_day(true, (uint64_t)day, (uint64_t)seed);
    printf("%d goals missed (%.1f s, %.0f %%, %d MB)\n", missed, WARM_GOAL, GAP_GOAL, MEMORY_GOAL);
    return missed > 0;
}
