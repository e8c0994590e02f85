/* strings_state.c - routes as rings of nodes that can be taken back to the start of the turn. */
#include "plain_strings.h"

#include <string.h>

void strings_init(struct strings *s, const struct plain *p, struct random *random, int routes)
{
    size_t nodes;

    memset(s, 0, sizeof(*s));
    s->p = p;
    s->random = random;
    s->routes = routes;
    nodes = (size_t)p->n + 1 + (size_t)s->routes;
    s->nodes = memory_new(nodes, sizeof(*s->nodes));
    s->route_of = memory_new(nodes, sizeof(*s->route_of));
    s->cache = memory_new((size_t)p->width * (size_t)s->routes, sizeof(*s->cache));
    s->looked_at = memory_new((size_t)s->routes + 1, sizeof(*s->looked_at));
    s->saved_nodes = memory_new(nodes, sizeof(*s->saved_nodes));
    s->saved_ids = memory_new(nodes, sizeof(*s->saved_ids));
    s->tours = memory_new((size_t)s->routes + 1, sizeof(*s->tours));
    s->saved_tours = memory_new((size_t)s->routes + 1, sizeof(*s->saved_tours));
    s->saved_routes = memory_new((size_t)s->routes + 1, sizeof(*s->saved_routes));
    s->removed = memory_new((size_t)p->width, sizeof(*s->removed));
    s->keys = memory_new((size_t)p->width, sizeof(*s->keys));
    s->absent = memory_new((size_t)p->width, sizeof(*s->absent));
    s->saved_absent = memory_new((size_t)p->width, sizeof(*s->saved_absent));
    s->often = memory_new((size_t)p->width, sizeof(*s->often));
    s->tours[s->routes].load = ROUTING_AMOUNT_MAX * 2;
}

void strings_release(struct strings *s)
{
    memory_free(s->nodes);
    memory_free(s->route_of);
    memory_free(s->cache);
    memory_free(s->looked_at);
    memory_free(s->saved_nodes);
    memory_free(s->saved_ids);
    memory_free(s->tours);
    memory_free(s->saved_tours);
    memory_free(s->saved_routes);
    memory_free(s->removed);
    memory_free(s->keys);
    memory_free(s->absent);
    memory_free(s->saved_absent);
    memory_free(s->often);
}

static void connect(struct strings *s, int a, int b)
{
    int32_t cost = plain_cost(s->p, site_of_node(s, a), site_of_node(s, b));

    s->nodes[a].next = b;
    s->nodes[b].prev = a;
    s->nodes[a].cost_next = cost;
    s->nodes[b].cost_prev = cost;
}

void strings_load(struct strings *s, const struct plain_plan *plan)
{
    const struct plain *p = s->p;

    s->absent_count = s->removed_count = s->used = 0;
    s->route_of[0] = s->routes;
    for (int i = 1; i <= p->n; i++)
        s->route_of[i] = s->routes;
    for (int r = 0; r < s->routes; r++) {
        int end = p->n + 1 + r, previous = end;

        s->route_of[end] = r;
        s->nodes[end].begin = p->open[0];
        s->nodes[end].latest = p->close[0];
        if (r < plan->routes) {
            for (int k = plan->first[r]; k < plan->first[r + 1]; k++) {
                connect(s, previous, plan->order[k]);
                previous = plan->order[k];
                s->route_of[previous] = r;
            }
        }
        connect(s, previous, end);
        strings_refresh(s, r);
        s->used += s->tours[r].length > 0;
        s->tours[r].saved = false;
    }
    for (int i = 1; i <= p->n; i++)
        if (s->route_of[i] == s->routes)
            s->absent[s->absent_count++] = i;
    s->cost = plan->cost;
    strings_commit(s);
}

void strings_store(const struct strings *s, struct plain_plan *plan)
{
    int written = 0;

    plan->routes = 0;
    for (int r = 0; r < s->routes; r++) {
        int end = s->p->n + 1 + r;

        if (!s->tours[r].length)
            continue;
        plan->first[plan->routes++] = written;
        for (int node = s->nodes[end].next; node != end; node = s->nodes[node].next)
            plan->order[written++] = node;
    }
    plan->first[plan->routes] = written;
    plan->cost = s->cost;
}

void strings_save(struct strings *s, int route)
{
    int end = s->p->n + 1 + route, node = end;

    if (s->tours[route].saved)
        return;
    s->saved_tours[s->saved_route_count] = s->tours[route];
    s->saved_routes[s->saved_route_count++] = route;
    s->tours[route].saved = true;
    s->work += s->tours[route].length;
    do {
        s->saved_ids[s->saved_count] = node;
        s->saved_nodes[s->saved_count++] = s->nodes[node];
        node = s->nodes[node].next;
    } while (node != end);
}

void strings_undo(struct strings *s)
{
    for (int k = 0; k < s->saved_route_count; k++) {
        int route = s->saved_routes[k];

        s->used += (s->saved_tours[k].length > 0) - (s->tours[route].length > 0);
        s->tours[route] = s->saved_tours[k];
    }
    for (int k = 0; k < s->removed_count; k++)
        s->route_of[s->removed[k]] = s->routes;
    for (int k = 0, route = 0; k < s->saved_count; k++) {
        int node = s->saved_ids[k];

        s->nodes[node] = s->saved_nodes[k];
        if (node > s->p->n)
            route = s->route_of[node]; /* each saved route begins with its end */
        s->route_of[node] = route;
    }
    for (int k = 0; k < s->saved_absent_count; k++)
        s->absent[k] = s->saved_absent[k];
    s->absent_count = s->saved_absent_count;
    s->saved_count = s->saved_route_count = 0;
}

/* Before version numbers run out: from 1 again, with nothing cached. */
static void renumber(struct strings *s)
{
    for (size_t k = 0; k < (size_t)s->p->width * (size_t)s->routes; k++)
        s->cache[k].version = 0;
    s->version = 0;
    for (int r = 0; r < s->routes; r++)
        s->tours[r].version = ++s->version;
}

void strings_commit(struct strings *s)
{
    for (int k = 0; k < s->saved_route_count; k++) {
        int end = s->p->n + 1 + s->saved_routes[k], pos = 0;

        s->tours[s->saved_routes[k]].saved = false;
        for (int node = s->nodes[end].next; node != end; node = s->nodes[node].next)
            s->nodes[node].pos = pos++;
    }
    s->saved_count = s->saved_route_count = 0;
    if (s->version > UINT32_MAX / 2)
        renumber(s);
}

void strings_unlink(struct strings *s, int node)
{
    const struct node *x = &s->nodes[node];
    int route = s->route_of[node];

    s->cost -= x->cost_prev + x->cost_next;
    connect(s, x->prev, x->next);
    s->cost += s->nodes[x->prev].cost_next;
    s->tours[route].load -= s->p->demand[node];
    s->used -= --s->tours[route].length == 0;
    s->route_of[node] = s->routes;
}

/* From `node` on the earliest begins, from it back the latest, until nothing changes. */
static void retime(struct strings *s, int node)
{
    const struct plain *p = s->p;
    struct node *x = &s->nodes[node];

    for (int at = node; at <= p->n; at = s->nodes[at].next) {
        int before = s->nodes[at].prev;
        int begin = s->nodes[before].begin + plain_travel(p, site_of_node(s, before), at);

        begin = begin < p->open[at] ? p->open[at] : begin;
        s->work++;
        if (at != node && begin == s->nodes[at].begin)
            break;
        s->nodes[at].begin = begin;
    }
    x->latest = -1;
    for (int at = node; at <= p->n; at = s->nodes[at].prev) {
        int behind = s->nodes[at].next;
        int latest = s->nodes[behind].latest - plain_travel(p, at, site_of_node(s, behind));

        latest = latest > p->close[at] ? p->close[at] : latest;
        s->work++;
        if (at != node && latest == s->nodes[at].latest)
            break;
        s->nodes[at].latest = latest;
    }
}

void strings_link(struct strings *s, int node, const struct place *place)
{
    int next = s->nodes[place->after].next, route = s->route_of[place->after];

    s->route_of[node] = route;
    connect(s, place->after, node);
    connect(s, node, next);
    s->cost += place->delta;
    s->tours[route].load += s->p->demand[node];
    s->tours[route].version = ++s->version;
    s->used += s->tours[route].length++ == 0;
    if (s->p->timed)
        retime(s, node);
}

void strings_refresh(struct strings *s, int route)
{
    const struct plain *p = s->p;
    int end = p->n + 1 + route, pos = 0, load = 0, begin = p->open[0], latest = p->close[0];
    int before = 0, behind = 0;

    for (int node = s->nodes[end].next; node != end; node = s->nodes[node].next) {
        struct node *x = &s->nodes[node];

        x->pos = pos++;
        load += p->demand[node];
        if (p->timed) {
            begin += plain_travel(p, before, node);
            begin = begin < p->open[node] ? p->open[node] : begin;
            x->begin = begin;
        }
        before = node;
    }
    s->tours[route].length = pos;
    s->tours[route].load = load;
    s->tours[route].version = ++s->version;
    s->work += pos;
    if (!p->timed)
        return;
    for (int node = s->nodes[end].prev; node != end; node = s->nodes[node].prev) {
        latest -= plain_travel(p, node, behind);
        latest = latest > p->close[node] ? p->close[node] : latest;
        s->nodes[node].latest = latest;
        behind = node;
    }
}
