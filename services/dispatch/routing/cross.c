/* cross.c - a child takes the routes of one parent, and a neighbourhood of them from the other. */
#include "population.h"

/* The routes of the plan that the stops around `seed` lie on, nearest first, up to `most`. */
static int routes_around(struct population *s, const struct plain_plan *plan, int seed, int most,
                         int32_t *routes)
{
    const struct plain *p = s->p;
    int32_t *of = memory_new((size_t)p->width, sizeof(*of));
    bool *taken = memory_new((size_t)plan->routes + 1, sizeof(*taken));
    int count = 0;

    for (int r = 0; r < plan->routes; r++)
        for (int k = plan->first[r]; k < plan->first[r + 1]; k++)
            of[plan->order[k]] = r;
    for (int k = -1; k < p->adjacent_count && count < most; k++) {
        int node = k < 0 ? seed : p->adjacent[seed * p->adjacent_count + k];

        if (taken[of[node]])
            continue;
        taken[of[node]] = true;
        routes[count++] = of[node];
    }
    memory_free(of);
    memory_free(taken);
    return count;
}

static void mark_routes(struct population *s, const struct plain_plan *plan, const int32_t *routes,
                        int count, int mark)
{
    for (int r = 0; r < count; r++)
        for (int k = plan->first[routes[r]]; k < plan->first[routes[r] + 1]; k++)
            s->mark[plan->order[k]] |= mark;
}

/* Appends a route without the stops whose mark has the bit `without`. */
static void append(struct population *s, const struct plain_plan *from, int route, int without)
{
    struct plain_plan *to = s->child;
    int written = to->first[to->routes];

    for (int k = from->first[route]; k < from->first[route + 1]; k++)
        if (!(s->mark[from->order[k]] & without))
            to->order[written++] = from->order[k];
    if (written > to->first[to->routes] && to->routes < s->local.routes)
        to->first[++to->routes] = written;
}

#define OUT_OF_A 1 /* on the routes of a that go */
#define INTO_B 2   /* on the routes of b that come */
#define STAYS 4    /* on the routes of a that stay */

void population_cross(struct population *s, const struct member *a, const struct member *b)
{
    const struct plain *p = s->p;
    int32_t *out = memory_new((size_t)a->plan->routes + 1, sizeof(*out));
    int32_t *in = memory_new((size_t)b->plan->routes + 1, sizeof(*in));
    bool *goes = memory_new((size_t)a->plan->routes + 1, sizeof(*goes));
    int fewer = a->plan->routes < b->plan->routes ? a->plan->routes : b->plan->routes;
    int seed = 1 + random_below(s->random, p->n), most = 1 + random_below(s->random, fewer);
    bool b_wins = random_below(s->random, 2);
    int outs = routes_around(s, a->plan, seed, most, out);
    int ins = routes_around(s, b->plan, seed, most, in);

    for (int i = 1; i <= p->n; i++)
        s->mark[i] = STAYS;
    mark_routes(s, a->plan, out, outs, OUT_OF_A);
    mark_routes(s, b->plan, in, ins, INTO_B);
    for (int i = 1; i <= p->n; i++)
        if (s->mark[i] & OUT_OF_A)
            s->mark[i] &= ~STAYS;
    for (int k = 0; k < outs; k++)
        goes[out[k]] = true;
    s->child->routes = s->child->first[0] = 0;
    for (int r = 0; r < a->plan->routes; r++)
        if (!goes[r])
            append(s, a->plan, r, b_wins ? INTO_B : 0);
    for (int k = 0; k < ins; k++)
        append(s, b->plan, in[k], b_wins ? 0 : STAYS);
    memory_free(out);
    memory_free(in);
    memory_free(goes);
    local_load(&s->local, s->child);
    for (int k = 0; k < p->n; k++)
        if (s->local.nodes[s->local.order[k]].route == ROUTING_NONE)
            local_insert(&s->local, s->local.order[k]);
}
