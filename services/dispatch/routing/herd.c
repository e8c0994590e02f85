/* herd.c - ranks plans by cost and by how unlike the others they are, and drops the least fit. */
#include "population.h"

#include <stdlib.h>

struct member *member_new(const struct plain *p, const struct plain_plan *plan,
                          struct local_cost cost)
{
    struct member *m = memory_new(1, sizeof(*m));

    m->plan = plain_plan_new(p);
    plain_plan_copy(p, m->plan, plan);
    m->cost = cost;
    m->next = memory_new((size_t)p->width, sizeof(*m->next));
    m->prev = memory_new((size_t)p->width, sizeof(*m->prev));
    for (int r = 0; r < plan->routes; r++) {
        for (int k = plan->first[r]; k < plan->first[r + 1]; k++) {
            m->prev[plan->order[k]] = k > plan->first[r] ? plan->order[k - 1] : 0;
            m->next[plan->order[k]] = k + 1 < plan->first[r + 1] ? plan->order[k + 1] : 0;
        }
    }
    return m;
}

void member_free(struct member **member)
{
    if (!*member)
        return;
    plain_plan_free(&(*member)->plan);
    memory_free((*member)->next);
    memory_free((*member)->prev);
    memory_free(*member);
    *member = NULL;
}

void herd_clear(struct herd *herd)
{
    while (herd->count) {
        herd->taken[herd->members[--herd->count]->slot] = false;
        member_free(&herd->members[herd->count]);
    }
}

int64_t member_price(const struct population *s, const struct member *m)
{
    return m->cost.arcs + m->cost.overload * s->local.load_price +
           m->cost.lateness * s->local.late_price;
}

/* Stops whose neighbours on the route differ. */
static int unlike(const struct plain *p, const struct member *a, const struct member *b)
{
    int count = 0;

    for (int i = 1; i <= p->n; i++) {
        count += a->next[i] != b->next[i] && a->next[i] != b->prev[i];
        count += !a->prev[i] && b->prev[i] && b->next[i];
    }
    return count;
}

struct ranked {
    int64_t key;
    int index;
};

static int by_key(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;

    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return (x->index > y->index) - (x->index < y->index);
}

/* Mean distance to the nearest others; very small for one that has a twin. */
static int64_t diversity(const struct herd *herd, int index)
{
    int nearest[CLOSE], found = 0;
    int64_t sum = 0;

    for (int k = 0; k < herd->count; k++) {
        int distance, at;

        if (k == index)
            continue;
        distance = herd->distances[herd->members[index]->slot][herd->members[k]->slot];
        if (!distance)
            return -1;
        if (found == CLOSE && distance >= nearest[CLOSE - 1])
            continue;
        at = found < CLOSE ? found++ : CLOSE - 1;
        for (; at > 0 && nearest[at - 1] > distance; at--)
            nearest[at] = nearest[at - 1];
        nearest[at] = distance;
    }
    for (int k = 0; k < found; k++)
        sum += nearest[k];
    return found ? sum * 1000 / found : 0;
}

/* Sorted by price; fitness is the rank by price and, less for an elite, the rank by diversity. */
void herd_rank(struct population *s, struct herd *herd)
{
    struct ranked price[SLOTS], unlikeness[SLOTS];
    struct member *sorted[SLOTS];
    int count = herd->count, elite = ELITE < count ? ELITE : count;

    for (int k = 0; k < count; k++)
        price[k] = (struct ranked){member_price(s, herd->members[k]), k};
    qsort(price, (size_t)count, sizeof(*price), by_key);
    for (int k = 0; k < count; k++)
        sorted[k] = herd->members[price[k].index];
    for (int k = 0; k < count; k++)
        herd->members[k] = sorted[k];
    for (int k = 0; k < count; k++)
        unlikeness[k] = (struct ranked){-diversity(herd, k), k};
    qsort(unlikeness, (size_t)count, sizeof(*unlikeness), by_key);
    for (int k = 0; k < count; k++) {
        int at = unlikeness[k].index;

        herd->members[at]->fitness = (int64_t)at * count + (int64_t)(count - elite) * k;
        if (unlikeness[k].key > 0)
            herd->members[at]->fitness += (int64_t)count * count * 4; /* a twin goes first */
    }
    s->effort->spent += (int64_t)count * count;
}

static void drop_least_fit(struct population *s, struct herd *herd)
{
    int worst = 1;

    herd_rank(s, herd);
    for (int k = 1; k < herd->count; k++)
        if (herd->members[k]->fitness > herd->members[worst]->fitness)
            worst = k;
    /* Below count all members are there, which the analyzer does not see.
     * NOLINTNEXTLINE(clang-analyzer-core.NullDereference) */
    herd->taken[herd->members[worst]->slot] = false;
    member_free(&herd->members[worst]);
    for (herd->count--; worst < herd->count; worst++)
        herd->members[worst] = herd->members[worst + 1];
}

void herd_add(struct population *s, struct herd *herd, struct member *member)
{
    int slot = 0;

    while (herd->taken[slot])
        slot++;
    herd->taken[slot] = true;
    member->slot = slot;
    for (int k = 0; k < herd->count; k++) {
        int other = herd->members[k]->slot;

        herd->distances[slot][other] = herd->distances[other][slot] =
            unlike(s->p, member, herd->members[k]);
    }
    s->effort->spent += (int64_t)herd->count * s->p->n * 2;
    herd->members[herd->count++] = member;
    if (herd->count == s->kept + s->born)
        while (herd->count > s->kept)
            drop_least_fit(s, herd);
    herd_rank(s, herd);
}
