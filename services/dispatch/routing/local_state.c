/* local_state.c - routes under local search and what is known of their parts. */
#include "plain_local.h"

void local_init(struct local *l, const struct plain *p, struct random *random, int routes)
{
    size_t nodes = (size_t)p->n + 1 + (size_t)routes;

    *l = (struct local){.p = p, .random = random, .routes = routes};
    l->nodes = memory_new(nodes, sizeof(*l->nodes));
    l->tours = memory_new((size_t)routes, sizeof(*l->tours));
    l->order = memory_new((size_t)p->width, sizeof(*l->order));
    l->sequence = memory_new((size_t)p->width + 1, sizeof(*l->sequence));
    if (!p->timed) {
        l->places = memory_new((size_t)p->width * (size_t)routes, sizeof(*l->places));
        l->gone = memory_new((size_t)p->width, sizeof(*l->gone));
    }
    l->near_count = p->near_count - 1 < LOCAL_NEAR ? p->near_count - 1 : LOCAL_NEAR;
    l->nearest = memory_new((size_t)p->width * LOCAL_NEAR, sizeof(*l->nearest));
    for (int i = 1; i <= p->n; i++) {
        int found = 0;

        l->order[i - 1] = i;
        for (int k = 0; k < p->near_count && found < l->near_count; k++)
            if (p->near[i * p->near_count + k])
                l->nearest[i * LOCAL_NEAR + found++] = p->near[i * p->near_count + k];
    }
}

void local_release(struct local *l)
{
    memory_free(l->nodes);
    memory_free(l->tours);
    memory_free(l->order);
    memory_free(l->sequence);
    memory_free(l->nearest);
    memory_free(l->places);
    memory_free(l->gone);
}

struct span local_single(const struct local *l, int node)
{
    int site = local_site(l, node);

    return (struct span){0, 0, l->p->open[site], l->p->close[site]};
}

struct span local_join(const struct local *l, struct span a, int last, struct span b, int first)
{
    int travel = plain_travel(l->p, local_site(l, last), local_site(l, first));
    int shift = a.duration - a.late + travel;
    int wait = b.earliest - shift - a.latest, late = a.earliest + shift - b.latest;

    wait = wait > 0 ? wait : 0;
    late = late > 0 ? late : 0;
    return (struct span){a.duration + b.duration + travel + wait, a.late + b.late + late,
                         (b.earliest - shift > a.earliest ? b.earliest - shift : a.earliest) - wait,
                         (b.latest - shift < a.latest ? b.latest - shift : a.latest) + late};
}

int64_t local_penalty(const struct local *l, int64_t load, int64_t late)
{
    return (load > l->p->capacity ? (load - l->p->capacity) * l->load_price : 0) +
           late * l->late_price;
}

void local_update(struct local *l, int r)
{
    int end = l->p->n + 1 + r, load = 0, pos = 0, previous = end;
    bool timed = l->p->timed;

    if (timed)
        l->nodes[end].before = l->nodes[end].after = local_single(l, end);
    for (int at = l->nodes[end].next; at != end; at = l->nodes[at].next) {
        struct local_node *x = &l->nodes[at];

        load += l->p->demand[at];
        x->route = r;
        x->pos = ++pos;
        x->load = load;
        if (timed)
            x->before = local_join(l, l->nodes[previous].before, previous, local_single(l, at), at);
        previous = at;
    }
    l->tours[r].size = pos;
    l->tours[r].load = load;
    l->tours[r].late = 0;
    l->tours[r].changed = ++l->clock;
    l->tours[r].version = ++l->version;
    if (timed) {
        l->tours[r].late =
            local_join(l, l->nodes[previous].before, previous, local_single(l, end), end).late;
        for (int at = previous, next = end; at != end; next = at, at = l->nodes[at].prev)
            l->nodes[at].after = local_join(l, local_single(l, at), at, l->nodes[next].after, next);
    }
    l->tours[r].penalty = local_penalty(l, load, l->tours[r].late);
    l->work += pos * (timed ? 6 : 1);
}

static void link_nodes(struct local *l, int a, int b)
{
    l->nodes[a].next = b;
    l->nodes[b].prev = a;
}

void local_load(struct local *l, const struct plain_plan *plan)
{
    l->clock = 0;
    for (int i = 1; i <= l->p->n; i++) {
        l->nodes[i].tested = -1;
        l->nodes[i].route = ROUTING_NONE;
    }
    for (int r = 0; r < l->routes; r++) {
        int end = l->p->n + 1 + r, previous = end;

        l->nodes[end].route = r;
        l->nodes[end].pos = l->nodes[end].load = 0;
        l->tours[r].starred = 0;
        for (int k = plan->first[r]; r < plan->routes && k < plan->first[r + 1]; k++) {
            link_nodes(l, previous, plan->order[k]);
            previous = plan->order[k];
        }
        link_nodes(l, previous, end);
        local_update(l, r);
    }
}

struct local_cost local_store(const struct local *l, struct plain_plan *plan)
{
    struct local_cost cost = {0, 0, 0};
    int written = 0;

    plan->routes = 0;
    for (int r = 0; r < l->routes; r++) {
        int end = l->p->n + 1 + r;

        if (!l->tours[r].size)
            continue;
        plan->first[plan->routes++] = written;
        for (int at = l->nodes[end].next; at != end; at = l->nodes[at].next) {
            plan->order[written++] = at;
            cost.arcs += local_arc(l, l->nodes[at].prev, at);
        }
        cost.arcs += local_arc(l, l->nodes[end].prev, end);
        cost.lateness += l->tours[r].late;
        if (l->tours[r].load > l->p->capacity)
            cost.overload += l->tours[r].load - l->p->capacity;
    }
    plan->first[plan->routes] = written;
    plan->cost = cost.arcs;
    return cost;
}

static void shuffle(struct local *l)
{
    for (int k = l->p->n - 1; k > 0; k--) {
        int other = random_below(l->random, k + 1), node = l->order[k];

        l->order[k] = l->order[other];
        l->order[other] = node;
    }
}

int local_empty_end(const struct local *l)
{
    for (int r = 0; r < l->routes; r++)
        if (!l->tours[r].size)
            return l->p->n + 1 + r;
    return 0;
}

/* Everything near the stop that has changed since it was last tried. */
static bool try_stop(struct local *l, int u, bool first_round)
{
    int tested = l->nodes[u].tested, end;
    bool any = false;

    l->nodes[u].tested = l->clock;
    for (int k = 0; k < l->near_count; k++) {
        int v = l->nearest[u * LOCAL_NEAR + k];
        int changed = l->tours[l->nodes[u].route].changed, other = l->nodes[v].route;

        if (l->tours[other].changed > changed)
            changed = l->tours[other].changed;
        if (!first_round && changed <= tested)
            continue;
        any |= local_try_pair(l, u, v);
        if (l->nodes[v].prev > l->p->n)
            any |= local_try_empty(l, u, l->nodes[v].prev);
    }
    end = first_round ? 0 : local_empty_end(l);
    if (end && l->tours[l->nodes[u].route].changed > tested)
        any |= local_try_empty(l, u, end);
    return any;
}

void local_improve(struct local *l)
{
    bool any = true;

    shuffle(l);
    for (int round = 0; any || round < 2; round++) {
        any = false;
        for (int k = 0; k < l->p->n; k++)
            any |= try_stop(l, l->order[k], round == 0);
        if (!any && round && l->places)
            any = local_star(l);
    }
}
