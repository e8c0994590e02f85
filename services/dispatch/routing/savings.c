/* savings.c - the first plan: single trips joined by what joining them saves. */
#include "plain.h"

#include <stdlib.h>

struct saving {
    int32_t saved, from, to;
};

struct chain {
    int32_t first, last, load, length;
};

struct joining {
    const struct plain *p;
    int32_t *chain_of, *next, *begin, *latest;
    struct chain *chains; /* by the first node it began with */
};

static int by_saved(const void *a, const void *b)
{
    const struct saving *x = a, *y = b;

    if (x->saved != y->saved)
        return x->saved > y->saved ? -1 : 1;
    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    return (x->to > y->to) - (x->to < y->to);
}

static bool fits_alone(const struct plain *p, int i)
{
    int64_t begin;

    if (!p->timed)
        return true;
    begin = (int64_t)p->open[0] + plain_travel(p, 0, i);
    begin = begin < p->open[i] ? p->open[i] : begin;
    return begin <= p->close[i] && begin + plain_travel(p, i, 0) <= p->close[0];
}

/* Earliest begins forward from `node`, latest begins backward are kept per chain. */
static void retime(struct joining *j, const struct chain *chain)
{
    const struct plain *p = j->p;
    int previous = 0, begin = p->open[0], node = chain->first;
    int32_t *stack = memory_new((size_t)chain->length, sizeof(*stack));
    int depth = 0, latest = p->close[0];

    for (; node; previous = node, node = j->next[node]) {
        begin += plain_travel(p, previous, node);
        begin = begin < p->open[node] ? p->open[node] : begin;
        j->begin[node] = begin;
        stack[depth++] = node;
    }
    previous = 0;
    while (depth--) {
        node = stack[depth];
        latest -= plain_travel(p, node, previous);
        latest = latest > p->close[node] ? p->close[node] : latest;
        j->latest[node] = latest;
        previous = node;
    }
    memory_free(stack);
}

static void join(struct joining *j, const struct saving *saving)
{
    const struct plain *p = j->p;
    int a = j->chain_of[saving->from], b = j->chain_of[saving->to];

    if (a == b || a < 0 || b < 0 || j->chains[a].last != saving->from ||
        j->chains[b].first != saving->to ||
        (int64_t)j->chains[a].load + j->chains[b].load > p->capacity)
        return;
    if (p->timed &&
        j->begin[saving->from] + plain_travel(p, saving->from, saving->to) > j->latest[saving->to])
        return;
    for (int node = j->chains[b].first; node; node = j->next[node])
        j->chain_of[node] = a;
    j->next[saving->from] = saving->to;
    j->chains[a].last = j->chains[b].last;
    j->chains[a].load += j->chains[b].load;
    j->chains[a].length += j->chains[b].length;
    j->chains[b].length = 0;
    if (p->timed)
        retime(j, &j->chains[a]);
}

/* Turns a chain round when that lets the pair meet: only where way and back cost the same. */
static void reverse(struct joining *j, int chain)
{
    struct chain *c = &j->chains[chain];
    int previous = 0, node = c->first;

    while (node) {
        int next = j->next[node];

        j->next[node] = previous;
        previous = node;
        node = next;
    }
    c->last = c->first;
    c->first = previous;
}

static void meet(struct joining *j, const struct saving *saving)
{
    const struct plain *p = j->p;

    if (p->symmetric && !p->timed) {
        int a = j->chain_of[saving->from], b = j->chain_of[saving->to];

        if (a == b || a < 0 || b < 0 ||
            (int64_t)j->chains[a].load + j->chains[b].load > p->capacity)
            return;
        if (j->chains[a].last != saving->from && j->chains[a].first == saving->from)
            reverse(j, a);
        if (j->chains[b].first != saving->to && j->chains[b].last == saving->to)
            reverse(j, b);
    }
    join(j, saving);
}

static int list_savings(const struct plain *p, struct saving *savings)
{
    int count = 0;

    for (int i = 1; i <= p->n; i++) {
        for (int k = 0; k < p->near_count; k++) {
            int to = p->near[i * p->near_count + k];

            if (!to || (p->symmetric && !p->timed && to < i))
                continue;
            savings[count++] = (struct saving){
                plain_cost(p, i, 0) + plain_cost(p, 0, to) - plain_cost(p, i, to), i, to};
        }
    }
    return count;
}

struct sized {
    int32_t load, chain;
};

static int by_load(const void *a, const void *b)
{
    const struct sized *x = a, *y = b;

    if (x->load != y->load)
        return x->load > y->load ? -1 : 1;
    return (x->chain > y->chain) - (x->chain < y->chain);
}

static void write_plan(struct joining *j, struct plain_plan *plan)
{
    const struct plain *p = j->p;
    struct sized *sized = memory_new((size_t)p->width, sizeof(*sized));
    int count = 0, written = 0;

    plan->cost = 0;
    for (int i = 1; i <= p->n; i++) {
        if (j->chains[i].length)
            sized[count++] = (struct sized){j->chains[i].load, i};
        plan->cost += p->price[i];
    }
    qsort(sized, (size_t)count, sizeof(*sized), by_load);
    plan->routes = count < p->vehicles ? count : p->vehicles;
    for (int r = 0; r < plan->routes; r++) {
        int previous = 0;

        plan->first[r] = written;
        for (int node = j->chains[sized[r].chain].first; node; node = j->next[node]) {
            plan->order[written++] = node;
            plan->cost += plain_cost(p, previous, node) - p->price[node];
            previous = node;
        }
        plan->cost += plain_cost(p, previous, 0);
    }
    plan->first[plan->routes] = written;
    memory_free(sized);
}

void plain_savings(const struct plain *p, struct plain_plan *plan)
{
    size_t width = (size_t)p->width;
    struct saving *savings = memory_new(width * (size_t)p->near_count, sizeof(*savings));
    struct joining j = {.p = p,
                        .chain_of = memory_new(width, sizeof(int32_t)),
                        .next = memory_new(width, sizeof(int32_t)),
                        .begin = memory_new(width, sizeof(int32_t)),
                        .latest = memory_new(width, sizeof(int32_t)),
                        .chains = memory_new(width, sizeof(struct chain))};
    int count;

    for (int i = 1; i <= p->n; i++) {
        bool fits = fits_alone(p, i);

        j.chain_of[i] = fits ? i : -1;
        j.chains[i] = (struct chain){i, i, p->demand[i], fits};
        if (p->timed && fits)
            retime(&j, &j.chains[i]);
    }
    count = list_savings(p, savings);
    qsort(savings, (size_t)count, sizeof(*savings), by_saved);
    for (int s = 0; s < count; s++)
        if (savings[s].saved > 0)
            meet(&j, &savings[s]);
    write_plan(&j, plan);
    memory_free(savings);
    memory_free(j.chain_of);
    memory_free(j.next);
    memory_free(j.begin);
    memory_free(j.latest);
    memory_free(j.chains);
}
