/* routing_property.c - whatever the problem, the plan is complete, valid, priced right and the same
 * again. */
#include "checker.h"
#include "generator.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PROBLEMS 400 /* of each kind */
#define EFFORT 60000

static int faults;

static void fault(const char *what, int kind, int seed, const char *text)
{
    fprintf(stderr, "%s: kind %d seed %d: %s\n", what, kind, seed, text);
    faults++;
}

static struct routing_plan *solve(const struct routing_problem *p, uint64_t seed, int64_t effort,
                                  const struct routing_start *start)
{
    struct routing_options how = {.seed = seed, .effort = effort, .start = start};
    struct routing_error error;
    struct routing_plan *plan = routing_solve(p, &how, &error);

    if (!plan) {
        fprintf(stderr, "refused: %s\n", error.text);
        abort();
    }
    return plan;
}

static bool are_same(const struct routing_plan *a, const struct routing_plan *b)
{
    if (a->exact_cost != b->exact_cost || a->route_count != b->route_count ||
        a->left_out_count != b->left_out_count || a->effort_used != b->effort_used)
        return false;
    for (int r = 0; r < a->route_count; r++) {
        const struct routing_route *x = &a->routes[r], *y = &b->routes[r];

        if (x->vehicle != y->vehicle || x->visit_count != y->visit_count)
            return false;
        for (int k = 0; k < x->visit_count; k++)
            if (x->visits[k].stop != y->visits[k].stop || x->visits[k].begin != y->visits[k].begin)
                return false;
    }
    return true;
}

static int64_t broken_amount(const struct routing_plan *plan)
{
    int64_t sum = 0;

    for (int k = 0; k < plan->broken_count; k++)
        sum += plan->broken[k].amount;
    return sum;
}

/* How grave it is what the plan leaves out of what must be served. */
static int64_t missing(const struct routing_problem *p, const struct routing_plan *plan)
{
    int64_t sum = 0;

    for (int k = 0; k < plan->left_out_count; k++)
        if (p->stops[plan->left_out[k].stop].leave_out_price == ROUTING_NONE)
            sum += p->stops[plan->left_out[k].stop].priority + 1;
    return sum;
}

/* A plan as a start for the next search. */
static struct routing_start start_of(const struct routing_problem *p,
                                     const struct routing_plan *plan, int32_t *stops,
                                     int32_t *first)
{
    int written = 0, r = 0;

    for (int v = 0; v < p->vehicle_count; v++) {
        first[v] = written;
        if (r == plan->route_count || plan->routes[r].vehicle != v)
            continue;
        for (int k = 0; k < plan->routes[r].visit_count; k++)
            stops[written++] = plan->routes[r].visits[k].stop;
        r++;
    }
    first[p->vehicle_count] = written;
    return (struct routing_start){stops, first};
}

static void a_warm_search_is_never_worse(const struct routing_problem *p, int kind, int seed,
                                         const struct routing_plan *plan)
{
    int32_t stops[GENERATED_STOPS], first[GENERATED_VEHICLES + 1];
    struct routing_start start = start_of(p, plan, stops, first);
    struct routing_plan *warm = solve(p, 7, EFFORT / 10, &start);
    struct routing_error error;

    if (!checker_accepts(p, warm, &error))
        fault("warm", kind, seed, error.text);
    if (!broken_amount(plan) &&
        (missing(p, warm) > missing(p, plan) ||
         (missing(p, warm) == missing(p, plan) && warm->exact_cost > plan->exact_cost)))
        fault("warm", kind, seed, "worse than its start");
    routing_plan_free(&warm);
}

static void check_problem(int kind, int seed)
{
    struct generated g;
    struct routing_plan *first, *again, *none;
    struct routing_error error;

    generated_init(&g, (enum generated_kind)kind, (uint64_t)seed);
    first = solve(&g.problem, (uint64_t)seed, EFFORT, NULL);
    again = solve(&g.problem, (uint64_t)seed, EFFORT, NULL);
    none = solve(&g.problem, (uint64_t)seed, 0, NULL);
    if (!checker_accepts(&g.problem, first, &error))
        fault("plan", kind, seed, error.text);
    if (!checker_accepts(&g.problem, none, &error))
        fault("plan without a search", kind, seed, error.text);
    if (!are_same(first, again))
        fault("plan", kind, seed, "not the same again");
    if (first->stopped_early)
        fault("plan", kind, seed, "stopped early without a clock");
    a_warm_search_is_never_worse(&g.problem, kind, seed, first);
    routing_plan_free(&first);
    routing_plan_free(&again);
    routing_plan_free(&none);
    generated_release(&g);
}

int main(int argc, char **argv)
{
    int problems = argc > 1 ? (int)strtol(argv[1], NULL, 10) : PROBLEMS;

    for (int seed = 1; seed <= problems && faults < 10; seed++)
        for (int kind = GENERATED_PLAIN; kind <= GENERATED_LOCKED; kind++)
            check_problem(kind, seed);
    printf("%d problems of 3 kinds, %d faults\n", problems, faults);
    return faults ? 1 : 0;
}
