/* plan.c - writes the routes found into the plan that is handed out. */
#include "plan.h"

#include "schedule.h"

static void write_routes(struct rich *rich, struct routing_plan *plan)
{
    plan->routes = memory_new((size_t)rich->used, sizeof(*plan->routes));
    for (int v = 0; v < rich->p->vehicle_count; v++) {
        const struct rich_route *from = &rich->routes[v];
        struct routing_route *to = &plan->routes[plan->route_count];

        if (!from->count)
            continue;
        to->visits = memory_new((size_t)from->count, sizeof(*to->visits));
        schedule_route(rich, v, from->stops, from->count, to);
        plan->exact_cost += to->exact_cost;
        plan->route_count++;
        for (int k = 0; k < from->count; k++)
            plan->exact_cost += rich_change_cost(rich, v, from->stops[k]);
    }
}

static void write_left_out(struct rich *rich, struct routing_plan *plan)
{
    const struct routing_problem *p = rich->p;

    plan->left_out = memory_new((size_t)p->stop_count, sizeof(*plan->left_out));
    for (int s = 0; s < p->stop_count; s++) {
        if (rich->route_of[s] != ROUTING_NONE)
            continue;
        plan->left_out[plan->left_out_count++] = reasons_of_stop(rich, s);
        if (p->stops[s].leave_out_price != ROUTING_NONE)
            plan->exact_cost += p->stops[s].leave_out_price * ROUTING_EXACT;
    }
}

struct routing_plan *plan_new(struct rich *rich)
{
    struct routing_plan *plan = memory_new(1, sizeof(*plan));

    write_routes(rich, plan);
    write_left_out(rich, plan);
    reasons_of_locks(rich, plan);
    plan->cost = (plan->exact_cost + ROUTING_EXACT / 2) / ROUTING_EXACT;
    return plan;
}

void routing_plan_free(struct routing_plan **plan)
{
    if (!*plan)
        return;
    for (int r = 0; r < (*plan)->route_count; r++)
        memory_free((*plan)->routes[r].visits);
    memory_free((*plan)->routes);
    memory_free((*plan)->left_out);
    memory_free((*plan)->broken);
    memory_free(*plan);
    *plan = NULL;
}
