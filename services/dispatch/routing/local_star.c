/* local_star.c - two stops of near routes change routes, each to its best place there (SWAP*).
 *
 * Vidal, Computers & Operations Research 140 (2022): of all pairs only those are priced whose
 * removals may pay, with the three best places of every stop in the other route at hand.
 */
#include "plain_local.h"

#define ROUTES_NEAR 8 /* of a stop's nearest decide which routes are near */

struct star {
    int64_t gain; /* below 0: cheaper */
    int u, v, after_u, after_v;
};

/* What the route saves without the stop: 0 or less but for the triangle inequality. */
static int without(const struct local *l, int node)
{
    const struct local_node *x = &l->nodes[node];

    return local_arc(l, x->prev, x->next) - local_arc(l, x->prev, node) -
           local_arc(l, node, x->next);
}

static struct local_places *places_of(const struct local *l, int node, int route)
{
    return &l->places[(size_t)node * (size_t)l->routes + (size_t)route];
}

static void keep_place(struct local_places *places, int32_t cost, int32_t after)
{
    int at = LOCAL_PLACES - 1;

    if (cost >= places->cost[at])
        return;
    for (; at > 0 && places->cost[at - 1] > cost; at--) {
        places->cost[at] = places->cost[at - 1];
        places->after[at] = places->after[at - 1];
    }
    places->cost[at] = cost;
    places->after[at] = after;
}

/* The best places for every stop of `from` in the route `to`. */
static void find_places(struct local *l, int from, int to)
{
    int end_from = l->p->n + 1 + from, end = l->p->n + 1 + to;

    for (int u = l->nodes[end_from].next; u != end_from; u = l->nodes[u].next) {
        struct local_places *places = places_of(l, u, to);
        int at = end;

        if (places->found == l->tours[to].version)
            continue;
        places->found = l->tours[to].version;
        for (int k = 0; k < LOCAL_PLACES; k++)
            places->cost[k] = INT32_MAX;
        do {
            int next = l->nodes[at].next;

            keep_place(places, local_arc(l, at, u) + local_arc(l, u, next) - local_arc(l, at, next),
                       at);
            at = next;
        } while (at != end);
        l->work += l->tours[to].size * 2;
    }
}

/* The cheapest place for u in v's route when v is gone. */
static int best_place(const struct local *l, int u, int v, int *after)
{
    const struct local_places *places = places_of(l, u, l->nodes[v].route);
    int before = l->nodes[v].prev, next = l->nodes[v].next;
    int cost = local_arc(l, before, u) + local_arc(l, u, next) - local_arc(l, before, next);

    *after = before;
    for (int k = 0; k < LOCAL_PLACES && places->cost[k] < cost; k++) {
        if (places->after[k] == v || places->after[k] == before)
            continue;
        *after = places->after[k];
        return places->cost[k];
    }
    return cost;
}

static void try_swap(const struct local *l, int u, int v, int gone_u, struct star *best)
{
    const struct local_route *r = &l->tours[l->nodes[u].route], *q = &l->tours[l->nodes[v].route];
    int more = l->p->demand[v] - l->p->demand[u], after_u, after_v;
    int64_t gain = gone_u + l->gone[v] + local_penalty(l, r->load + more, 0) - r->penalty +
                   local_penalty(l, q->load - more, 0) - q->penalty;

    if (gain >= best->gain)
        return;
    gain += best_place(l, u, v, &after_u);
    if (gain >= best->gain)
        return;
    gain += best_place(l, v, u, &after_v);
    if (gain < best->gain)
        *best = (struct star){gain, u, v, after_u, after_v};
}

static void link_nodes(struct local *l, int a, int b)
{
    l->nodes[a].next = b;
    l->nodes[b].prev = a;
}

static void move_behind(struct local *l, int node, int after)
{
    int next = l->nodes[after].next;

    link_nodes(l, after, node);
    link_nodes(l, node, next);
}

static bool try_routes(struct local *l, int r, int q)
{
    int end_r = l->p->n + 1 + r, end_q = l->p->n + 1 + q;
    struct star best = {0, 0, 0, 0, 0};

    find_places(l, r, q);
    find_places(l, q, r);
    for (int v = l->nodes[end_q].next; v != end_q; v = l->nodes[v].next)
        l->gone[v] = without(l, v);
    for (int u = l->nodes[end_r].next; u != end_r; u = l->nodes[u].next) {
        int gone = without(l, u);

        for (int v = l->nodes[end_q].next; v != end_q; v = l->nodes[v].next)
            try_swap(l, u, v, gone, &best);
    }
    l->work += l->tours[r].size * l->tours[q].size;
    if (!best.u)
        return false;
    link_nodes(l, l->nodes[best.u].prev, l->nodes[best.u].next);
    link_nodes(l, l->nodes[best.v].prev, l->nodes[best.v].next);
    move_behind(l, best.u, best.after_u);
    move_behind(l, best.v, best.after_v);
    local_update(l, r);
    local_update(l, q);
    return true;
}

/* Marks with `mark` the routes that the nearest of the route's stops are on. */
static void mark_near(struct local *l, int route, int mark)
{
    int end = l->p->n + 1 + route, near = l->near_count < ROUTES_NEAR ? l->near_count : ROUTES_NEAR;

    for (int u = l->nodes[end].next; u != end; u = l->nodes[u].next)
        for (int k = 0; k < near; k++)
            l->tours[l->nodes[l->nearest[u * LOCAL_NEAR + k]].route].mark = mark;
}

bool local_star(struct local *l)
{
    bool any = false;

    for (int r = 0; r < l->routes; r++) {
        int tested = l->tours[r].starred;

        l->tours[r].starred = l->clock;
        if (!l->tours[r].size)
            continue;
        mark_near(l, r, ++l->mark);
        l->work += l->tours[r].size * 4;
        for (int q = 0; q < l->routes; q++)
            if (q != r && l->tours[q].mark == l->mark &&
                (l->tours[r].changed > tested || l->tours[q].changed > tested))
                any |= try_routes(l, r, q);
    }
    return any;
}
