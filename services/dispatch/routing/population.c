/* population.c - plans are crossed, educated by local search, and the fittest stay. */
#include "population.h"

#define RANDOM_MEMBERS 12
#define BIRTHS_PER_ANNEALING 25
#define ANNEALED_STEPS 15000 /* per stop */
#define FRUITLESS_MAX 2500
#define PRICES_LOOKED_AT 50 /* births */

static int64_t largest_arc(const struct plain *p)
{
    int32_t largest = 1;
    size_t cells = (size_t)p->width * (size_t)p->width;

    for (size_t k = 0; k < cells; k++)
        largest = p->cost[k] > largest ? p->cost[k] : largest;
    return largest;
}

static int64_t largest_demand(const struct plain *p)
{
    int32_t largest = 1;

    for (int i = 1; i <= p->n; i++)
        largest = p->demand[i] > largest ? p->demand[i] : largest;
    return largest;
}

static void adapt(int64_t *price, int in_order, int births)
{
    int percent = in_order * 100 / births;

    if (percent < 30)
        *price = *price * 6 / 5 + 1;
    else if (percent > 50)
        *price = *price * 17 / 20;
    if (*price < 1)
        *price = 1;
    if (*price > 1000000)
        *price = 1000000;
}

/* Overfull and late plans are dearer when too few children are valid, cheaper when too many. */
static void adapt_prices(struct population *s)
{
    if (s->births < PRICES_LOOKED_AT)
        return;
    adapt(&s->local.load_price, s->births_in_load, s->births);
    adapt(&s->local.late_price, s->births_in_time, s->births);
    s->births = s->births_in_load = s->births_in_time = 0;
    herd_rank(s, &s->invalid);
}

static bool is_valid(const struct local_cost *cost)
{
    return !cost->overload && !cost->lateness;
}

static void add(struct population *s, struct local_cost cost)
{
    bool valid = is_valid(&cost);

    if (valid && cost.arcs < s->best->cost) {
        plain_plan_copy(s->p, s->best, s->child);
        s->best->cost = cost.arcs;
        s->fruitless = 0;
    }
    herd_add(s, valid ? &s->valid : &s->invalid, member_new(s->p, s->child, cost));
}

/* What the local search holds is improved and joins; an invalid one may be repaired as well. */
static void educate(struct population *s)
{
    struct local_cost cost;

    s->local.work = 0;
    local_improve(&s->local);
    cost = local_store(&s->local, s->child);
    s->births++;
    s->births_in_load += !cost.overload;
    s->births_in_time += !cost.lateness;
    add(s, cost);
    if (!is_valid(&cost) && random_below(s->random, 2)) {
        s->local.load_price *= 10;
        s->local.late_price *= 10;
        local_load(&s->local, s->child);
        local_improve(&s->local);
        cost = local_store(&s->local, s->child);
        s->local.load_price /= 10;
        s->local.late_price /= 10;
        if (is_valid(&cost))
            add(s, cost);
    }
    s->effort->spent += s->local.work + s->p->n * 4;
}

/* Stops in any order, cut into routes where the vehicle is full. */
static void random_child(struct population *s)
{
    const struct plain *p = s->p;
    struct plain_plan *child = s->child;
    int load = 0;

    for (int k = 0; k < p->n; k++) {
        int other = random_below(s->random, k + 1);

        child->order[k] = child->order[other];
        child->order[other] = k + 1;
    }
    child->routes = child->first[0] = 0;
    for (int k = 0; k < p->n; k++) {
        load += p->demand[child->order[k]];
        if (load > p->capacity && child->routes + 1 < s->local.routes) {
            child->first[++child->routes] = k;
            load = p->demand[child->order[k]];
        }
    }
    child->first[++child->routes] = p->n;
    local_load(&s->local, child);
}

static const struct member *tournament(struct population *s)
{
    const struct member *winner = NULL;

    for (int k = 0; k < 2; k++) {
        int at = random_below(s->random, s->valid.count + s->invalid.count);
        const struct member *m =
            at < s->valid.count ? s->valid.members[at] : s->invalid.members[at - s->valid.count];

        if (!winner || m->fitness < winner->fitness)
            winner = m;
    }
    return winner;
}

/* Without windows, now and then a valid member is annealed a little: other ways out than the moves
 * have. With windows it only makes the members alike. */
static void anneal(struct population *s)
{
    const struct member *m = s->valid.members[random_below(s->random, s->valid.count)];
    struct effort part = *s->effort;

    part.total = part.spent + (int64_t)ANNEALED_STEPS * s->p->n;
    part.total = part.total < s->effort->total ? part.total : s->effort->total;
    plain_plan_copy(s->p, s->child, m->plan);
    plain_strings(s->p, s->child, s->random, &part, true);
    s->effort->spent = part.spent;
    s->effort->next_look = part.next_look;
    s->effort->stopped_early = part.stopped_early;
    add(s, (struct local_cost){s->child->cost, 0, 0});
    s->since_annealed = 0;
}

static void bear(struct population *s)
{
    const struct member *a = tournament(s), *b = tournament(s);

    for (int tries = 0; a == b && tries < 4; tries++)
        b = tournament(s);
    population_cross(s, a, b);
    educate(s);
    adapt_prices(s);
    s->fruitless++;
    if (!s->p->timed && ++s->since_annealed >= BIRTHS_PER_ANNEALING && s->valid.count)
        anneal(s);
}

/* The first members; after a fruitless while without the best, which would only lead back. */
static void settle(struct population *s, bool with_best)
{
    int64_t until = s->effort->spent + (s->effort->total - s->effort->spent) / 4;

    if (with_best) {
        local_load(&s->local, s->best);
        add(s, local_store(&s->local, s->child));
    }
    for (int k = 0; k < RANDOM_MEMBERS && (!k || s->effort->spent < until); k++) {
        random_child(s);
        educate(s);
    }
}

void plain_population(const struct plain *p, struct plain_plan *plan, struct random *random,
                      struct effort *effort)
{
    int slots = plan->routes + plan->routes / 8 + 4;
    struct population *s = memory_new(1, sizeof(*s));

    *s = (struct population){.p = p,
                             .random = random,
                             .effort = effort,
                             .best = plan,
                             .kept = p->timed ? MEMBERS_KEPT : MEMBERS_KEPT / 2,
                             .born = p->timed ? MEMBERS_BORN : MEMBERS_BORN / 2};
    slots = slots < p->vehicles ? slots : p->vehicles;
    local_init(&s->local, p, random, slots);
    s->local.load_price = largest_arc(p) / largest_demand(p) + 1;
    s->local.late_price = p->timed ? 1 : 0;
    s->child = plain_plan_new(p);
    s->mark = memory_new((size_t)p->width, sizeof(*s->mark));
    settle(s, true);
    while (!effort_is_over(effort, plan->cost * p->unit)) {
        if (s->fruitless > FRUITLESS_MAX) {
            herd_clear(&s->valid);
            herd_clear(&s->invalid);
            s->fruitless = 0;
            settle(s, false);
        }
        bear(s);
    }
    herd_clear(&s->valid);
    herd_clear(&s->invalid);
    plain_plan_free(&s->child);
    memory_free(s->mark);
    local_release(&s->local);
    memory_free(s);
}
