/* routing_engine.c - what the routing engine promises, one sentence at a time. */
#include "checker.h"
#include "generator.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int faults;

#define CLAIM(holds)                                                                               \
    do {                                                                                           \
        if (!(holds)) {                                                                            \
            fprintf(stderr, "%s:%d: %s: not so: %s\n", __FILE__, __LINE__, __func__, #holds);      \
            faults++;                                                                              \
        }                                                                                          \
    } while (0)

#define STOPS 6

/* Stops 1..6 km east of the depot, one vehicle per case unless said otherwise. */
struct line {
    struct routing_problem problem;
    struct routing_stop stops[STOPS];
    struct routing_vehicle vehicles[3];
    int32_t metres[(STOPS + 1) * (STOPS + 1)], seconds[(STOPS + 1) * (STOPS + 1)];
};

static void line_init(struct line *line, int stops, int vehicles)
{
    int sites = stops + 1;
    size_t cells = (size_t)sites * (size_t)sites;

    memset(line, 0, sizeof(*line));
    for (int i = 0; i < sites; i++) {
        for (int j = 0; j < sites; j++) {
            line->metres[i * sites + j] = abs(i - j) * 1000;
            line->seconds[i * sites + j] = abs(i - j) * 100;
        }
    }
    for (int s = 0; s < stops; s++)
        line->stops[s] = (struct routing_stop){.site = s + 1,
                                               .demand = {10},
                                               .service = 60,
                                               .leave_out_price = ROUTING_NONE,
                                               .locked_vehicle = ROUTING_NONE,
                                               .locked_position = ROUTING_NONE,
                                               .announced_vehicle = ROUTING_NONE};
    for (int v = 0; v < vehicles; v++)
        line->vehicles[v] = (struct routing_vehicle){.capacity = {100},
                                                     .shift = {0, 36000},
                                                     .max_duration = ROUTING_NO_LIMIT,
                                                     .max_distance = ROUTING_NO_LIMIT,
                                                     .max_stops = ROUTING_NO_LIMIT,
                                                     .reload_time = ROUTING_NONE,
                                                     .cost_per_km = 100,
                                                     .frozen_until = ROUTING_NONE};
    line->problem =
        (struct routing_problem){.travel = {sites, line->metres, line->seconds, cells, cells},
                                 .products = 1,
                                 .stop_count = stops,
                                 .vehicle_count = vehicles,
                                 .stops = line->stops,
                                 .vehicles = line->vehicles};
}

static struct routing_plan *solve_with(const struct routing_problem *p,
                                       const struct routing_options *how)
{
    struct routing_error error = {""};
    struct routing_plan *plan = routing_solve(p, how, &error);

    if (!plan) {
        fprintf(stderr, "refused: %s\n", error.text);
        exit(1);
    }
    if (!checker_accepts(p, plan, &error)) {
        fprintf(stderr, "wrong plan: %s\n", error.text);
        faults++;
    }
    return plan;
}

static struct routing_plan *solve(const struct routing_problem *p)
{
    return solve_with(p, &(struct routing_options){.seed = 3, .effort = 50000});
}

static void a_full_vehicle_leaves_a_stop_out_by_the_units_it_lacks(void)
{
    struct line line;
    struct routing_plan *plan;

    line_init(&line, 3, 1);
    line.vehicles[0].capacity[0] = 25;
    plan = solve(&line.problem);
    CLAIM(plan->left_out_count == 1);
    CLAIM(plan->left_out[0].reason == ROUTING_CAPACITY && plan->left_out[0].amount == 5);
    CLAIM(plan->left_out[0].vehicle == 0);
    routing_plan_free(&plan);
}

static void the_higher_priority_goes_first(void)
{
    struct line line;
    struct routing_plan *plan;

    line_init(&line, 3, 1);
    line.vehicles[0].capacity[0] = 20;
    line.stops[0].priority = line.stops[2].priority = 5;
    plan = solve(&line.problem);
    CLAIM(plan->left_out_count == 1 && plan->left_out[0].stop == 1);
    routing_plan_free(&plan);
}

static void a_window_that_cannot_be_reached_is_missed_by_seconds(void)
{
    struct line line;
    struct routing_window early = {0, 250};
    struct routing_plan *plan;

    line_init(&line, 4, 2);
    line.stops[3].windows = &early;
    line.stops[3].window_count = 1;
    plan = solve(&line.problem);
    CLAIM(plan->left_out_count == 1 && plan->left_out[0].reason == ROUTING_WINDOW);
    CLAIM(plan->left_out[0].amount == 150);
    routing_plan_free(&plan);
}

static void a_missing_licence_is_named(void)
{
    struct line line;
    struct routing_plan *plan;

    line_init(&line, 2, 1);
    line.stops[1].required = 6;
    line.vehicles[0].properties = 2;
    plan = solve(&line.problem);
    CLAIM(plan->left_out_count == 1 && plan->left_out[0].reason == ROUTING_PROPERTY);
    CLAIM(plan->left_out[0].amount == 1);
    routing_plan_free(&plan);
}

static void a_shift_too_short_is_missed_by_seconds(void)
{
    struct line line;
    struct routing_plan *plan;

    line_init(&line, 5, 1);
    line.vehicles[0].shift.close = 1000;
    line.stops[4].locked_vehicle = ROUTING_NONE;
    line.problem.stops = &line.stops[4]; /* only the farthest */
    line.problem.stop_count = 1;
    plan = solve(&line.problem);
    CLAIM(plan->left_out_count == 1 && plan->left_out[0].reason == ROUTING_SHIFT);
    CLAIM(plan->left_out[0].amount == 60);
    routing_plan_free(&plan);
}

static void a_stop_dearer_than_its_price_is_left_out_with_the_saving(void)
{
    struct line line;
    struct routing_plan *plan;

    line_init(&line, 6, 1);
    line.stops[5].leave_out_price = 150; /* serving it costs 2 km: 200 fen */
    plan = solve(&line.problem);
    CLAIM(plan->left_out_count == 1 && plan->left_out[0].reason == ROUTING_FITS);
    CLAIM(plan->left_out[0].amount == 50);
    CLAIM(plan->cost == 1000 + 150);
    line.stops[5].leave_out_price = 250;
    routing_plan_free(&plan);
    plan = solve(&line.problem);
    CLAIM(plan->left_out_count == 0 && plan->cost == 1200);
    routing_plan_free(&plan);
}

static void a_lock_that_breaks_a_constraint_is_kept_and_reported(void)
{
    struct line line;
    struct routing_plan *plan;

    line_init(&line, 3, 2);
    line.stops[0].required = 1;
    line.vehicles[1].properties = 1;
    line.stops[0].locked_vehicle = 0;
    line.stops[1].locked_vehicle = line.stops[2].locked_vehicle = 1;
    line.vehicles[1].capacity[0] = 15;
    plan = solve(&line.problem);
    CLAIM(plan->left_out_count == 0 && plan->broken_count == 2);
    CLAIM(plan->broken[0].stop == 0 && plan->broken[0].reason == ROUTING_PROPERTY);
    CLAIM(plan->broken[1].vehicle == 1 && plan->broken[1].reason == ROUTING_CAPACITY &&
          plan->broken[1].amount == 5);
    routing_plan_free(&plan);
}

static void a_locked_position_is_kept(void)
{
    struct line line;
    struct routing_plan *plan;

    line_init(&line, 6, 1);
    line.stops[5].locked_vehicle = 0;
    line.stops[5].locked_position = 1;
    plan = solve(&line.problem);
    CLAIM(plan->broken_count == 0 && plan->route_count == 1);
    CLAIM(plan->routes[0].visits[1].stop == 5);
    routing_plan_free(&plan);
}

static void a_vehicle_that_may_reload_serves_more_than_it_holds(void)
{
    struct line line;
    struct routing_plan *plan;

    line_init(&line, 4, 1);
    line.vehicles[0].capacity[0] = 20;
    line.vehicles[0].reload_time = 600;
    plan = solve(&line.problem);
    CLAIM(plan->left_out_count == 0 && plan->routes[0].reloads == 1);
    CLAIM(plan->routes[0].distance == 8000 + 4000);
    routing_plan_free(&plan);
}

static void what_is_driven_stays_driven(void)
{
    static const int32_t driven[] = {5, 0};
    struct line line;
    struct routing_plan *plan;

    line_init(&line, 6, 2);
    line.vehicles[0].frozen = driven;
    line.vehicles[0].frozen_count = 2;
    line.vehicles[0].frozen_until = 5000;
    plan = solve(&line.problem);
    CLAIM(plan->routes[0].visits[0].stop == 5 && plan->routes[0].visits[1].stop == 0);
    CLAIM(plan->routes[0].visits[1].departure == 5000);
    routing_plan_free(&plan);
}

static void changes_stay_near_the_announced_plan_when_changing_costs(void)
{
    struct line line;
    struct routing_plan *plan;
    int changed = 0;

    line_init(&line, 6, 2);
    for (int s = 0; s < 6; s++)
        line.stops[s].announced_vehicle = s % 2;
    line.problem.change_price = 1000;
    plan = solve(&line.problem);
    for (int r = 0; r < plan->route_count; r++)
        for (int k = 0; k < plan->routes[r].visit_count; k++)
            changed += plan->routes[r].visits[k].stop % 2 != plan->routes[r].vehicle;
    CLAIM(changed == 0);
    routing_plan_free(&plan);
}

static void balance_evens_out_the_work(void)
{
    struct line line;
    struct routing_plan *plan;

    line_init(&line, 6, 2);
    for (int s = 0; s < 6; s++)
        line.stops[s].service = 3600;
    line.problem.balance_price = 1000;
    plan = solve(&line.problem);
    CLAIM(plan->route_count == 2);
    CLAIM(plan->routes[0].visit_count == 3 && plan->routes[1].visit_count == 3);
    routing_plan_free(&plan);
}

static bool stop_at_once(void *context, int permille, int64_t cost)
{
    (void)permille;
    (void)cost;
    ++*(int *)context;
    return false;
}

static void a_search_that_is_stopped_says_so_and_has_a_plan(void)
{
    struct generated g;
    int asked = 0;
    struct routing_options how = {
        .seed = 1, .effort = INT64_MAX / 4, .progress = stop_at_once, .context = &asked};
    struct routing_plan *plan;

    for (int kind = GENERATED_PLAIN; kind <= GENERATED_LOCKED; kind++) {
        generated_init(&g, (enum generated_kind)kind, 11);
        plan = solve_with(&g.problem, &how);
        CLAIM(plan->stopped_early && asked);
        how.progress = NULL;
        how.limit_ms = 30;
        routing_plan_free(&plan);
        plan = solve_with(&g.problem, &how);
        CLAIM(plan->stopped_early);
        routing_plan_free(&plan);
        how.progress = stop_at_once;
        how.limit_ms = asked = 0;
        generated_release(&g);
    }
}

/* The cheapest order of all stops on one vehicle, by trying every one. */
static int64_t cheapest_order(const struct routing_problem *p, int32_t *order, int fixed)
{
    int64_t least = INT64_MAX;

    if (fixed == p->stop_count) {
        int32_t first[GENERATED_VEHICLES + 1] = {0};
        struct routing_start start = {order, first};
        struct routing_options how = {.start = &start, .keep_order = true};
        struct routing_error error;
        struct routing_plan *plan;

        first[1] = p->stop_count;
        plan = routing_solve(p, &how, &error);
        least = plan->broken_count ? INT64_MAX : plan->exact_cost;
        routing_plan_free(&plan);
        return least;
    }
    for (int k = fixed; k < p->stop_count; k++) {
        int32_t kept = order[fixed];
        int64_t cost;

        order[fixed] = order[k];
        order[k] = kept;
        cost = cheapest_order(p, order, fixed + 1);
        least = cost < least ? cost : least;
        order[k] = order[fixed];
        order[fixed] = kept;
    }
    return least;
}

static void small_problems_are_solved_to_the_best_order(void)
{
    int compared = 0;

    for (uint64_t seed = 1; seed <= 300; seed++) {
        struct generated g;
        struct routing_plan *plan;
        int32_t order[] = {0, 1, 2, 3, 4, 5};

        generated_init(&g, seed % 2 ? GENERATED_PLAIN : GENERATED_RICH, seed);
        g.problem.vehicle_count = 1;
        g.problem.stop_count = g.problem.stop_count < 5 ? g.problem.stop_count : 5;
        plan = solve(&g.problem);
        if (!plan->left_out_count) {
            int64_t least = cheapest_order(&g.problem, order, 0);

            CLAIM(plan->exact_cost <= least || !fprintf(stderr, "seed %" PRIu64 "\n", seed));
            compared++;
        }
        routing_plan_free(&plan);
        generated_release(&g);
    }
    CLAIM(compared > 30);
}

static bool is_refused(const struct routing_problem *p, const char *where)
{
    struct routing_error error = {""};

    return !routing_problem_check(p, &error) && strstr(error.text, where);
}

static void impossible_input_is_a_clear_error(void)
{
    struct line line;
    struct routing_window backwards = {100, 50};

    line_init(&line, 2, 1);
    line.problem.vehicle_count = 0;
    CLAIM(is_refused(&line.problem, "vehicles: none"));
    line_init(&line, 2, 1);
    line.stops[1].demand[0] = -1;
    CLAIM(is_refused(&line.problem, "stops[1].demand[0]"));
    line_init(&line, 2, 1);
    line.stops[0].windows = &backwards;
    line.stops[0].window_count = 1;
    CLAIM(is_refused(&line.problem, "stops[0].windows[0]: closes before it opens"));
    line_init(&line, 2, 1);
    line.problem.travel.duration_cells = 8;
    CLAIM(is_refused(&line.problem, "travel.duration: 8 cells instead of 9"));
    line_init(&line, 2, 1);
    line.stops[1].site = 3;
    CLAIM(is_refused(&line.problem, "stops[1].site"));
    line_init(&line, 2, 1);
    line.metres[5] = -4;
    CLAIM(is_refused(&line.problem, "travel.distance[5]"));
    line_init(&line, 2, 1);
    line.vehicles[0].shift.close = -1;
    CLAIM(is_refused(&line.problem, "vehicles[0].shift"));
    line_init(&line, 2, 1);
    line.stops[0].locked_position = 0;
    CLAIM(is_refused(&line.problem, "stops[0].locked_position"));
}

static void the_great_circle_is_known(void)
{
    /* from the middle of Shanghai to that of Suzhou: about 83 km */
    int32_t metres = routing_great_circle(121475000, 31228000, 120610000, 31329000, 1000);

    CLAIM(metres > 82400 && metres < 83400);
    CLAIM(routing_great_circle(0, 0, 180000000, 0, 1000) == 20015114);
    CLAIM(routing_great_circle(0, 90000000, 0, 0, 1000) == 10007557);
    CLAIM(routing_great_circle(121000000, 31000000, 121000000, 31000000, 1300) == 0);
}

int main(void)
{
    a_full_vehicle_leaves_a_stop_out_by_the_units_it_lacks();
    the_higher_priority_goes_first();
    a_window_that_cannot_be_reached_is_missed_by_seconds();
    a_missing_licence_is_named();
    a_shift_too_short_is_missed_by_seconds();
    a_stop_dearer_than_its_price_is_left_out_with_the_saving();
    a_lock_that_breaks_a_constraint_is_kept_and_reported();
    a_locked_position_is_kept();
    a_vehicle_that_may_reload_serves_more_than_it_holds();
    what_is_driven_stays_driven();
    changes_stay_near_the_announced_plan_when_changing_costs();
    balance_evens_out_the_work();
    a_search_that_is_stopped_says_so_and_has_a_plan();
    small_problems_are_solved_to_the_best_order();
    impossible_input_is_a_clear_error();
    the_great_circle_is_known();
    printf("%d faults\n", faults);
    return faults ? 1 : 0;
}
