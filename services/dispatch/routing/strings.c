/* strings.c - simulated annealing over ruin and recreate on the plain form. */
#include "strings.h"

#include <string.h>

/* Temperatures in 65536ths of the mean arc of the first plan. */
#define HOT 20000
#define HOT_WARM 2000
#define COLD 300
#define STEPS_OF_COOLING 1024

struct cooling {
    int64_t hot, cold, temperature;
    int64_t from, total; /* effort at the start, effort in all */
    int step;
};

/* 2^-x with 32 fraction bits for x with 16 fraction bits: by squaring roots of a half. */
static uint64_t power_of_half(uint64_t x)
{
    static const uint64_t roots[16] = {/* 2^(-2^-(k+1)), 32 fraction bits */
        3037000500u, 3611622603u, 3938502376u, 4112874773u, 4202935003u, 4248701965u, 4271772348u,
        4283353973u, 4289156690u, 4292061010u, 4293513907u, 4294240540u, 4294603903u, 4294785596u,
        4294876445u, 4294921870u};
    uint64_t result = 1ull << 32;

    for (int k = 0; k < 16; k++)
        if (x & (1u << (15 - k)))
            result = (result * roots[k]) >> 32;
    return x >> 16 >= 32 ? 0 : result >> (x >> 16);
}

/* log2(a / b) with 16 fraction bits, a >= b > 0, by halving a. */
static uint64_t log2_of_ratio(int64_t a, int64_t b)
{
    uint64_t low = 0, high = 31ull << 16;

    while (low < high) {
        uint64_t middle = (low + high) / 2;

        if ((int64_t)((((uint64_t)a >> 8) * power_of_half(middle)) >> 24) <= b)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

static void cool(struct cooling *c, int64_t spent)
{
    int64_t step = c->total ? (spent - c->from) * STEPS_OF_COOLING / c->total : 0;

    if (step == c->step)
        return;
    c->step = (int)step;
    c->temperature =
        (int64_t)((((uint64_t)c->hot >> 8) *
                   power_of_half(log2_of_ratio(c->hot, c->cold) * (uint64_t)step /
                                 STEPS_OF_COOLING)) >> 24);
}

/* With must-serve stops left out, the new plan is better when those it leaves out were left out
 * less often so far: the hard ones get their turn. */
static int64_t absence(const struct strings *s, const int32_t *absent, int count)
{
    int64_t sum = 0;

    for (int k = 0; k < count; k++)
        sum += s->often[absent[k]] + 1;
    return sum;
}

static bool is_accepted(struct strings *s, int64_t before, int64_t temperature)
{
    if (s->absent_count || s->saved_absent_count) {
        bool fewer = absence(s, s->absent, s->absent_count) <
                     absence(s, s->saved_absent, s->saved_absent_count);

        for (int k = 0; k < s->absent_count; k++)
            s->often[s->absent[k]]++;
        if (fewer)
            return true;
    }
    return s->cost < before + random_tolerance(s->random, temperature);
}

static int64_t mean_arc(const struct plain *p, const struct plain_plan *plan)
{
    int64_t sum = plan->cost;
    int served = plan->first[plan->routes];
    bool *there = memory_new((size_t)p->width, sizeof(*there));

    for (int k = 0; k < served; k++)
        there[plan->order[k]] = true;
    for (int i = 1; i <= p->n; i++)
        sum -= there[i] ? 0 : p->price[i];
    memory_free(there);
    return (sum << 16) / (served + plan->routes + 1);
}

void plain_strings(const struct plain *p, struct plain_plan *plan, struct random *random,
                   struct effort *effort, bool warm)
{
    struct strings s;
    struct cooling c = {.from = effort->spent, .total = effort->total - effort->spent, .step = -1};
    int64_t mean = mean_arc(p, plan) >> 8;

    c.hot = (mean * (warm ? HOT_WARM : HOT)) >> 8;
    c.cold = (mean * COLD) >> 8;
    c.hot = c.hot < 512 ? 512 : c.hot;
    c.cold = c.cold < 256 ? 256 : c.cold;
    strings_init(&s, p, random);
    strings_load(&s, plan);
    while (!effort_is_over(effort, plan->cost * p->unit)) {
        int64_t before = s.cost;

        s.work = 0;
        cool(&c, effort->spent);
        strings_ruin(&s);
        strings_recreate(&s);
        if (!is_accepted(&s, before, c.temperature)) {
            strings_undo(&s);
            s.cost = before;
            strings_commit(&s);
        } else {
            strings_commit(&s);
        }
        if (s.cost < plan->cost)
            strings_store(&s, plan);
        effort->spent += s.work;
    }
    strings_release(&s);
}
