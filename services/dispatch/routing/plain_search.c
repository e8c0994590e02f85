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

void plain_search(const struct plain *p, struct plain_plan *plan, struct random *random,
                  struct effort *effort, bool warm)
{
    plain_strings(p, plan, random, effort, warm);
}
