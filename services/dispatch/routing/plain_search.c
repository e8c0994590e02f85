/* plain_search.c - which search the plain form gets for its effort. */
#include "plain.h"

void plain_price(const struct plain *p, struct plain_plan *plan)
{
    plan->cost = 0;
    for (int i = 1; i <= p->n; i++)
        plan->cost += p->price[i];
    for (int r = 0; r < plan->routes; r++) {
        int previous = 0;

        for (int k = plan->first[r]; k < plan->first[r + 1]; k++) {
            plan->cost += plain_cost(p, previous, plan->order[k]) - p->price[plan->order[k]];
            previous = plan->order[k];
        }
        plan->cost += plain_cost(p, previous, 0);
    }
}

#define ANNEALED_PERCENT 10
#define SUM_MAX (1 << 28) /* of a route's times and loads where routes may be late and overfull */

/* The population adds up lateness and overload in 32 bits. */
static bool sums_are_small(const struct plain *p)
{
    int64_t longest = 0, load = 0;
    size_t cells = (size_t)p->width * (size_t)p->width;

    for (size_t k = 0; p->timed && k < cells; k++)
        longest = p->travel[k] > longest ? p->travel[k] : longest;
    for (int i = 1; i <= p->n; i++)
        load += p->demand[i];
    return longest * (p->n + 2) <= SUM_MAX && load <= SUM_MAX;
}

/* Small problems: a share of the effort for one annealing, the rest for a population with its plan
 * in it. Large ones, and plans that leave stops out or have a start to keep to, are annealed. */
void plain_search(const struct plain *p, struct plain_plan *plan, struct random *random,
                  struct effort *effort, bool warm)
{
    struct effort first = *effort;

    if (warm || p->n >= PLAIN_SMALL || p->n < 8 || !sums_are_small(p)) {
        plain_strings(p, plan, random, effort, warm);
        return;
    }
    first.total = effort->total * ANNEALED_PERCENT / 100;
    plain_strings(p, plan, random, &first, false);
    effort->spent = first.spent;
    effort->stopped_early = first.stopped_early;
    if (effort->stopped_early)
        return;
    if (plan->first[plan->routes] == p->n)
        plain_population(p, plan, random, effort);
    else
        plain_strings(p, plan, random, effort, true);
}
