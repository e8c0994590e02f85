/* solve.c - chooses the search that fits the problem and hands out its plan. */
#include "plain.h"
#include "plan.h"

#include <stdio.h>

/* A start plan in the library's own memory: what the plain search found. */
struct found {
    struct routing_start start;
    int32_t *stops, *first;
};

static bool check_start(const struct routing_problem *p, const struct routing_start *start,
                        struct routing_error *error)
{
    if (!start)
        return true;
    if (!start->first || start->first[0] != 0) {
        snprintf(error->text, sizeof(error->text), "start: the first route does not begin at 0");
        return false;
    }
    for (int v = 0; v < p->vehicle_count; v++) {
        if (start->first[v + 1] < start->first[v] || start->first[v + 1] > p->stop_count * 2) {
            snprintf(error->text, sizeof(error->text), "start: route %d is out of range", v);
            return false;
        }
        for (int k = start->first[v]; k < start->first[v + 1]; k++) {
            if (start->stops[k] < 0 || start->stops[k] >= p->stop_count) {
                snprintf(error->text, sizeof(error->text), "start: route %d has no stop %d", v,
                         start->stops[k]);
                return false;
            }
        }
    }
    return true;
}

/* The routes that rich_load() made valid, as a plan of the plain form. */
static void plain_from_rich(const struct plain *plain, const struct rich *rich,
                            struct plain_plan *plan)
{
    int32_t *node_of = memory_new((size_t)plain->n, sizeof(*node_of));
    int written = 0;

    for (int i = 1; i <= plain->n; i++)
        node_of[plain->stop_of[i]] = i;
    plan->routes = 0;
    for (int v = 0; v < rich->p->vehicle_count; v++) {
        const struct rich_route *route = &rich->routes[v];

        if (!route->count)
            continue;
        plan->first[plan->routes++] = written;
        for (int k = 0; k < route->count; k++)
            plan->order[written++] = node_of[route->stops[k]];
    }
    plan->first[plan->routes] = written;
    memory_free(node_of);
    plain_price(plain, plan);
}

static void begin_plain(const struct plain *plain, const struct routing_problem *p,
                        const struct routing_options *options, struct random *random,
                        struct plain_plan *plan)
{
    struct rich rich;

    if (!options->start) {
        plain_savings(plain, plan);
        return;
    }
    rich_init(&rich, p, random, true);
    rich_load(&rich, options->start, false);
    plain_from_rich(plain, &rich, plan);
    rich_release(&rich);
}

static void search_plain(const struct plain *plain, const struct routing_problem *p,
                         const struct routing_options *options, struct effort *effort,
                         struct found *found)
{
    struct plain_plan *plan = plain_plan_new(plain);
    struct random random;
    int served;

    random_init(&random, options->seed);
    begin_plain(plain, p, options, &random, plan);
    plain_search(plain, plan, &random, effort, options->start != NULL);
    served = plan->first[plan->routes];
    found->stops = memory_new((size_t)p->stop_count, sizeof(int32_t));
    found->first = memory_new((size_t)p->vehicle_count + 1, sizeof(int32_t));
    for (int k = 0; k < served; k++)
        found->stops[k] = plain->stop_of[plan->order[k]];
    for (int v = 0; v <= p->vehicle_count; v++)
        found->first[v] = v < plan->routes ? plan->first[v] : served;
    found->start = (struct routing_start){found->stops, found->first};
    plain_plan_free(&plan);
}

static struct routing_plan *priced(const struct routing_problem *p,
                                   const struct routing_start *start)
{
    struct rich rich;
    struct routing_plan *plan;

    rich_init(&rich, p, NULL, false);
    rich_load(&rich, start, true);
    plan = plan_new(&rich);
    rich_release(&rich);
    return plan;
}

static struct routing_plan *solve_rich(const struct routing_problem *p,
                                       const struct routing_options *options, struct effort *effort)
{
    struct rich rich;
    struct random random;
    struct routing_plan *plan;

    random_init(&random, options->seed);
    rich_init(&rich, p, &random, true);
    rich_load(&rich, options->start, false);
    rich_search(&rich, effort, options->start != NULL);
    plan = plan_new(&rich);
    rich_release(&rich);
    return plan;
}

struct routing_plan *routing_solve(const struct routing_problem *p,
                                   const struct routing_options *options,
                                   struct routing_error *error)
{
    int64_t most = options->effort < ROUTING_EFFORT_MAX ? options->effort : ROUTING_EFFORT_MAX;
    struct effort effort = {.total = most,
                            .whole = most > 0 ? most : 1,
                            .deadline_ms = options->limit_ms ? clock_ms() + options->limit_ms : 0,
                            .progress = options->progress,
                            .context = options->context};
    struct found found = {.stops = NULL};
    struct routing_plan *plan;
    struct plain *plain;

    if (!routing_problem_check(p, error) || !check_start(p, options->start, error))
        return NULL;
    if (options->keep_order && options->start)
        return priced(p, options->start);
    plain = plain_new(p);
    if (plain) {
        search_plain(plain, p, options, &effort, &found);
        plan = priced(p, &found.start);
        plain_free(&plain);
    } else {
        plan = solve_rich(p, options, &effort);
    }
    memory_free(found.stops);
    memory_free(found.first);
    plan->effort_used = effort.spent;
    plan->stopped_early = effort.stopped_early;
    return plan;
}
