/* strings.c - simulated annealing over ruin and recreate on the plain form. */
#include "cooling.h"
#include "plain_strings.h"

/* Temperatures in 65536ths of the mean arc of the first plan. With windows arcs say little about
 * how far apart the stops are that may change places: there, of the way to the REACH-th nearest. */
#define HOT 120000
#define HOT_TIMED 65536
#define HOT_WARM 2000
#define COLD 300
#define REACH 40

/* With must-serve stops left out, the new plan is better when those it leaves out were left out
 * less often so far: the hard ones get their turn. */
static int64_t absence(const struct strings *s, const int32_t *absent, int count)
{
    int64_t sum = 0;

    for (int k = 0; k < count; k++)
        sum += s->often[absent[k]] + 1;
    return sum;
}

/* Without the triangle inequality a route can come late because a stop was taken out. */
static bool is_in_time(const struct strings *s)
{
    for (int k = 0; k < s->saved_route_count; k++) {
        int first = s->nodes[s->p->n + 1 + s->saved_routes[k]].next;

        if (s->nodes[first].begin > s->nodes[first].latest)
            return false;
    }
    return true;
}

static bool is_accepted(struct strings *s, int64_t before, int64_t temperature)
{
    if (s->p->timed && !is_in_time(s))
        return false;
    if (s->absent_count || s->saved_absent_count) {
        bool fewer = absence(s, s->absent, s->absent_count) <
                     absence(s, s->saved_absent, s->saved_absent_count);

        for (int k = 0; k < s->absent_count; k++)
            s->often[s->absent[k]]++;
        if (fewer)
            return true;
    }
    return s->cost < before + random_tolerance(s->random, temperature);
}

static int64_t mean_arc(const struct plain *p, const struct plain_plan *plan)
{
    int64_t sum = plan->cost;
    int served = plan->first[plan->routes];
    bool *there = memory_new((size_t)p->width, sizeof(*there));

    for (int k = 0; k < served; k++)
        there[plan->order[k]] = true;
    for (int i = 1; i <= p->n; i++)
        sum -= there[i] ? 0 : p->price[i];
    memory_free(there);
    return (sum << 16) / (served + plan->routes + 1);
}

static int64_t mean_reach(const struct plain *p)
{
    int last = (p->adjacent_count < REACH ? p->adjacent_count : REACH) - 1;
    int64_t sum = 0;

    for (int i = 1; i <= p->n; i++)
        sum += plain_cost(p, i, p->adjacent[i * p->adjacent_count + last]);
    return (sum << 16) / p->n;
}

static int64_t hot(const struct plain *p, int64_t mean, bool warm)
{
    if (warm)
        return (mean * HOT_WARM) >> 8;
    return p->timed ? ((mean_reach(p) >> 8) * HOT_TIMED) >> 8 : (mean * HOT) >> 8;
}

/* Slots for routes: not all vehicles where there are more than anybody needs. */
static int slots(const struct plain *p, const struct plain_plan *plan)
{
    int enough = plan->routes + plan->routes / 8 + 8;

    return enough < p->vehicles ? enough : p->vehicles;
}

void plain_strings(const struct plain *p, struct plain_plan *plan, struct random *random,
                   struct effort *effort, bool warm)
{
    struct strings s;
    struct cooling c;
    int64_t mean = mean_arc(p, plan) >> 8;

    cooling_init(&c, hot(p, mean, warm), (mean * COLD) >> 8, effort->spent,
                 effort->total - effort->spent);
    strings_init(&s, p, random, slots(p, plan));
    strings_load(&s, plan);
    while (!effort_is_over(effort, plan->cost * p->unit)) {
        int64_t before = s.cost;

        s.work = 0;
        cooling_update(&c, effort->spent);
        strings_ruin(&s);
        strings_recreate(&s);
        if (!is_accepted(&s, before, c.temperature)) {
            strings_undo(&s);
            s.cost = before;
            strings_commit(&s);
        } else {
            strings_commit(&s);
        }
        if (s.cost < plan->cost)
            strings_store(&s, plan);
        effort->spent += s.work;
    }
    strings_release(&s);
}
