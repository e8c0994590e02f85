/* local_moves.c - the moves of the local search, tried between two near stops. */
#include "plain_local.h"

/* In each of two places of the routes, what stands between two nodes becomes something else. */
struct change {
    int before, after; /* stay; `after` may be of another route when tails are exchanged */
    int count, middle[2];
};

static inline int change_arcs(const struct local *l, const struct change *c)
{
    int at = c->before, sum = 0;

    for (int k = 0; k < c->count; k++) {
        sum += local_arc(l, at, c->middle[k]);
        at = c->middle[k];
    }
    return sum + local_arc(l, at, c->after);
}

static inline int old_arcs(const struct local *l, int from, int to)
{
    int sum = 0;

    do {
        sum += local_arc(l, from, l->nodes[from].next);
        from = l->nodes[from].next;
    } while (from != to);
    return sum;
}

/* The price of a route made of a beginning, the middle and an end. */
static int64_t price_joined(const struct local *l, const struct change *c)
{
    const struct local_node *b = &l->nodes[c->before], *a = &l->nodes[c->after];
    int64_t load = b->load;
    struct span span = b->before;
    int at = c->before;

    for (int k = 0; k < c->count; k++)
        load += l->p->demand[c->middle[k]];
    if (c->after <= l->p->n)
        load += l->tours[a->route].load - a->load + l->p->demand[c->after];
    if (!l->p->timed)
        return local_penalty(l, load, 0);
    for (int k = 0; k < c->count; k++) {
        span = local_join(l, span, at, local_single(l, c->middle[k]), c->middle[k]);
        at = c->middle[k];
    }
    return local_penalty(l, load, local_join(l, span, at, a->after, c->after).late);
}

static int64_t price_sequence(const struct local *l, int route, int count)
{
    int end = l->p->n + 1 + route, at = end;
    struct span span;

    if (!l->p->timed)
        return l->tours[route].penalty;
    span = local_single(l, end);
    for (int k = 0; k < count; k++) {
        span = local_join(l, span, at, local_single(l, l->sequence[k]), l->sequence[k]);
        at = l->sequence[k];
    }
    span = local_join(l, span, at, local_single(l, end), end);
    return local_penalty(l, l->tours[route].load, span.late);
}

static void link_nodes(struct local *l, int a, int b)
{
    l->nodes[a].next = b;
    l->nodes[b].prev = a;
}

static void write_sequence(struct local *l, int route, int count)
{
    int end = l->p->n + 1 + route, at = end;

    for (int k = 0; k < count; k++) {
        link_nodes(l, at, l->sequence[k]);
        at = l->sequence[k];
    }
    link_nodes(l, at, end);
    local_update(l, route);
}

static int end_position(const struct local *l, int node)
{
    return node > l->p->n ? l->tours[l->nodes[node].route].size + 1 : l->nodes[node].pos;
}

/* The nodes from `from` up to `to`, both included, unless `from` already lies behind. */
static int copy_part(struct local *l, int from, int to, int count)
{
    for (int at = from;; at = l->nodes[at].next) {
        l->sequence[count++] = at;
        if (at == to)
            return count;
    }
}

/* The route with both changes made, the earlier one first. */
static int fill_sequence(struct local *l, int route, const struct change *a, const struct change *b)
{
    int end = l->p->n + 1 + route, count = 0;

    if (a->before != end)
        count = copy_part(l, l->nodes[end].next, a->before, count);
    for (int k = 0; k < a->count; k++)
        l->sequence[count++] = a->middle[k];
    if (end_position(l, a->after) <= l->nodes[b->before].pos)
        count = copy_part(l, a->after, b->before, count);
    for (int k = 0; k < b->count; k++)
        l->sequence[count++] = b->middle[k];
    if (b->after != end)
        count = copy_part(l, b->after, l->nodes[end].prev, count);
    return count;
}

static bool within_route(struct local *l, const struct change *a, const struct change *b,
                         int64_t arcs)
{
    int route = l->nodes[a->before].route, count;
    const struct change *first = a, *second = b;

    if (arcs - l->tours[route].penalty >= 0)
        return false;
    if (l->nodes[a->before].pos > l->nodes[b->before].pos) {
        first = b;
        second = a;
    }
    if (end_position(l, first->after) > l->nodes[second->before].pos)
        return false; /* they overlap */
    count = fill_sequence(l, route, first, second);
    l->work += count;
    if (arcs + price_sequence(l, route, count) - l->tours[route].penalty >= 0)
        return false;
    write_sequence(l, route, count);
    return true;
}

static void relink(struct local *l, const struct change *c)
{
    int at = c->before;

    for (int k = 0; k < c->count; k++) {
        link_nodes(l, at, c->middle[k]);
        at = c->middle[k];
    }
    link_nodes(l, at, c->after);
}

static bool try_change(struct local *l, const struct change *a, const struct change *b)
{
    int r = l->nodes[a->before].route, q = l->nodes[b->before].route;
    int64_t arcs = (int64_t)change_arcs(l, a) + change_arcs(l, b) -
                   old_arcs(l, a->before, a->after) - old_arcs(l, b->before, b->after);

    l->work += 2;
    if (r == q)
        return within_route(l, a, b, arcs);
    arcs -= l->tours[r].penalty + l->tours[q].penalty;
    if (arcs >= 0)
        return false;
    l->work += l->p->timed ? 4 : 1;
    arcs += price_joined(l, a);
    if (arcs >= 0 || arcs + price_joined(l, b) >= 0)
        return false;
    relink(l, a);
    relink(l, b);
    local_update(l, r);
    local_update(l, q);
    return true;
}

/* The tails after u and v change routes. */
static bool try_tails(struct local *l, int u, int v)
{
    int r = l->nodes[u].route, q = l->nodes[v].route, x = l->nodes[u].next, y = l->nodes[v].next;
    int end_r = l->p->n + 1 + r, end_q = l->p->n + 1 + q;
    int last_r = l->nodes[end_r].prev, last_q = l->nodes[end_q].prev;
    struct change a = {u, y > l->p->n ? end_r : y, 0, {0, 0}};
    struct change b = {v, x > l->p->n ? end_q : x, 0, {0, 0}};
    int64_t arcs = (int64_t)local_arc(l, u, y) + local_arc(l, v, x) - local_arc(l, u, x) -
                   local_arc(l, v, y) - l->tours[r].penalty - l->tours[q].penalty;

    l->work += 2;
    if (r == q || arcs >= 0)
        return false;
    l->work += l->p->timed ? 3 : 1;
    arcs += price_joined(l, &a);
    if (arcs >= 0 || arcs + price_joined(l, &b) >= 0)
        return false;
    link_nodes(l, u, a.after);
    link_nodes(l, v, b.after);
    if (y <= l->p->n)
        link_nodes(l, last_q, end_r);
    if (x <= l->p->n)
        link_nodes(l, last_r, end_q);
    local_update(l, r);
    local_update(l, q);
    return true;
}

/* 2-opt: what lies between u and v (u before v) is driven the other way round. */
static bool try_turn(struct local *l, int u, int v)
{
    int route = l->nodes[u].route, end = l->p->n + 1 + route, count = 0, from, to;
    int x = l->nodes[u].next, y = l->nodes[v].next;
    int64_t arcs =
        (int64_t)local_arc(l, u, v) + local_arc(l, x, y) - local_arc(l, u, x) - local_arc(l, v, y);

    l->work++;
    if (!l->p->symmetric || x == v || arcs - l->tours[route].penalty >= 0)
        return false;
    for (int at = l->nodes[end].next; at != end; at = l->nodes[at].next)
        l->sequence[count++] = at;
    from = u > l->p->n ? 0 : l->nodes[u].pos;
    to = l->nodes[v].pos - 1;
    for (; from < to; from++, to--) {
        int node = l->sequence[from];

        l->sequence[from] = l->sequence[to];
        l->sequence[to] = node;
    }
    l->work += count;
    if (arcs + price_sequence(l, route, count) - l->tours[route].penalty >= 0)
        return false;
    write_sequence(l, route, count);
    return true;
}

/* u, or u and the stop behind it, go between v and the node behind v. */
static bool try_relocate(struct local *l, int u, int v)
{
    int n = l->p->n, before = l->nodes[u].prev, x = l->nodes[u].next, y = l->nodes[v].next;
    struct change a = {before, x, 0, {0, 0}}, b = {v, y, 1, {u, 0}};

    if (v == u || before == v)
        return false;
    if (try_change(l, &a, &b))
        return true;
    if (x > n || v == x)
        return false;
    a.after = l->nodes[x].next;
    b = (struct change){v, y, 2, {u, x}};
    if (try_change(l, &a, &b))
        return true;
    b = (struct change){v, y, 2, {x, u}};
    return try_change(l, &a, &b);
}

static bool try_exchange(struct local *l, int u, int v)
{
    int n = l->p->n, x = l->nodes[u].next, y = l->nodes[v].next;
    int before_u = l->nodes[u].prev, before_v = l->nodes[v].prev;
    struct change a = {before_u, x, 1, {v, 0}}, b = {before_v, y, 1, {u, 0}};

    if (x == v || y == u)
        return false;
    if (u < v && try_change(l, &a, &b))
        return true;
    if (x > n || l->nodes[x].next == v || before_v == x)
        return false;
    a = (struct change){before_u, l->nodes[x].next, 1, {v, 0}};
    b = (struct change){before_v, y, 2, {u, x}};
    if (try_change(l, &a, &b))
        return true;
    if (y > n || u > v || l->nodes[y].next == u)
        return false;
    a = (struct change){before_u, l->nodes[x].next, 2, {v, y}};
    b = (struct change){before_v, l->nodes[y].next, 2, {u, x}};
    return try_change(l, &a, &b);
}

bool local_try_pair(struct local *l, int u, int v)
{
    if (try_relocate(l, u, v) || try_exchange(l, u, v))
        return true;
    if (l->nodes[u].route != l->nodes[v].route)
        return try_tails(l, u, v) || try_tails(l, l->nodes[u].prev, v);
    if (l->nodes[u].pos < l->nodes[v].pos)
        return try_turn(l, u, v);
    return try_turn(l, v, u);
}

bool local_try_empty(struct local *l, int u, int end)
{
    return try_relocate(l, u, end) ||
           (l->nodes[u].route != l->nodes[end].route && try_tails(l, u, end));
}

void local_insert(struct local *l, int u)
{
    struct change best = {0, 0, 0, {0, 0}};
    int64_t least = INT64_MAX;
    int empty = local_empty_end(l);

    for (int k = -1; k < l->near_count * 2; k++) {
        int v = k < 0 ? empty : l->nearest[u * LOCAL_NEAR + k / 2];
        struct change c;
        int64_t cost;

        if (!v || l->nodes[v].route == ROUTING_NONE)
            continue;
        v = k >= 0 && k % 2 ? l->nodes[v].prev : v;
        c = (struct change){v, l->nodes[v].next, 1, {u, 0}};
        cost = (int64_t)change_arcs(l, &c) - local_arc(l, v, c.after) + price_joined(l, &c) -
               l->tours[l->nodes[v].route].penalty;
        if (cost < least) {
            least = cost;
            best = c;
        }
    }
    l->work += l->near_count * 3;
    if (!best.count) {
        int end = l->p->n + 1 + random_below(l->random, l->routes);

        best = (struct change){end, l->nodes[end].next, 1, {u, 0}};
    }
    relink(l, &best);
    local_update(l, l->nodes[best.before].route);
}
