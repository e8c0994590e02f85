/* plain.c - recognises the problems that have the plain form and builds it. */
#include "plain.h"

#include <stdlib.h>
#include <string.h>

#define NEAR_TIMED 40
#define ADJACENT 120

static bool vehicles_are_equal(const struct routing_problem *p)
{
    const struct routing_vehicle *a = &p->vehicles[0];

    for (int v = 1; v < p->vehicle_count; v++) {
        const struct routing_vehicle *b = &p->vehicles[v];

        if (memcmp(a->capacity, b->capacity, sizeof(int32_t) * (size_t)p->products) != 0 ||
            a->properties != b->properties || a->start_site != b->start_site ||
            a->shift.open != b->shift.open || a->shift.close != b->shift.close ||
            a->cost_per_km != b->cost_per_km || a->cost_fixed != b->cost_fixed)
            return false;
    }
    return true;
}

static bool vehicle_is_plain(const struct routing_vehicle *v)
{
    return v->start_site == v->end_site && !v->rest.length && v->max_duration == ROUTING_NO_LIMIT &&
           v->max_distance == ROUTING_NO_LIMIT && v->max_stops == ROUTING_NO_LIMIT &&
           v->reload_time == ROUTING_NONE && !v->cost_per_hour && v->cost_per_km > 0 &&
           !v->frozen_count;
}

static bool stop_is_plain(const struct routing_stop *s, const struct routing_vehicle *v)
{
    return s->window_count <= 1 && !(s->required & ~v->properties) &&
           !(s->forbidden & v->properties) && s->locked_vehicle == ROUTING_NONE &&
           s->locked_position == ROUTING_NONE && s->demand[0] <= v->capacity[0];
}

static bool is_plain(const struct routing_problem *p)
{
    if (p->products > 1 || p->balance_price || p->change_price || p->stop_count < 2 ||
        !vehicles_are_equal(p))
        return false;
    for (int v = 0; v < p->vehicle_count; v++)
        if (!vehicle_is_plain(&p->vehicles[v]))
            return false;
    for (int s = 0; s < p->stop_count; s++)
        if (!stop_is_plain(&p->stops[s], &p->vehicles[0]))
            return false;
    return true;
}

static int site_of(const struct plain *plain, const struct routing_problem *p, int node)
{
    return node ? p->stops[plain->stop_of[node]].site : p->vehicles[0].start_site;
}

/* Numbers the nodes along a walk that always goes on to the nearest stop left:
 * what is near in the world is near in memory. */
static void number_nodes(struct plain *plain, const struct routing_problem *p)
{
    bool *numbered = memory_new((size_t)plain->n, sizeof(*numbered));
    int site = p->vehicles[0].start_site;

    for (int node = 1; node <= plain->n; node++) {
        const int32_t *row = &p->travel.distance[(size_t)site * (size_t)p->travel.sites];
        int nearest = -1;

        for (int s = 0; s < plain->n; s++)
            if (!numbered[s] &&
                (nearest < 0 || row[p->stops[s].site] < row[p->stops[nearest].site]))
                nearest = s;
        numbered[nearest] = true;
        plain->stop_of[node] = nearest;
        site = p->stops[nearest].site;
    }
    memory_free(numbered);
}

static int64_t divisor(int64_t a, int64_t b)
{
    while (b) {
        int64_t rest = a % b;

        a = b;
        b = rest;
    }
    return a;
}

/* The fixed cost of a vehicle rides on the arcs of the depot, half on each. */
static bool build_costs(struct plain *plain, const struct routing_problem *p)
{
    int64_t metre = p->vehicles[0].cost_per_km * (ROUTING_EXACT / 1000);
    int64_t half = p->vehicles[0].cost_fixed * (ROUTING_EXACT / 2);

    plain->unit = divisor(metre, half);
    metre /= plain->unit;
    half /= plain->unit;
    if (metre > PLAIN_ARC_MAX || half > PLAIN_ARC_MAX)
        return false;
    for (int i = 0; i <= plain->n; i++) {
        for (int j = 0; j <= plain->n; j++) {
            size_t arc = (size_t)site_of(plain, p, i) * (size_t)p->travel.sites +
                         (size_t)site_of(plain, p, j);
            int64_t cost = p->travel.distance[arc] * metre + (!i != !j ? half : 0);

            if (i == j)
                cost = 0;
            if (cost > PLAIN_ARC_MAX)
                return false;
            plain->cost[(size_t)i * (size_t)plain->width + (size_t)j] = (int32_t)cost;
        }
    }
    return true;
}

static void build_times(struct plain *plain, const struct routing_problem *p)
{
    const struct routing_window *shift = &p->vehicles[0].shift;
    size_t width = (size_t)plain->width;

    plain->open[0] = shift->open;
    plain->close[0] = shift->close;
    for (int i = 0; i <= plain->n; i++) {
        const struct routing_stop *stop = i ? &p->stops[plain->stop_of[i]] : NULL;

        if (stop) {
            plain->open[i] = stop->window_count ? stop->windows[0].open : shift->open;
            plain->close[i] = stop->window_count ? stop->windows[0].close : shift->close;
        }
        for (int j = 0; j <= plain->n; j++) {
            size_t arc = (size_t)site_of(plain, p, i) * (size_t)p->travel.sites +
                         (size_t)site_of(plain, p, j);

            plain->travel[(size_t)i * width + (size_t)j] =
                p->travel.duration[arc] + (stop ? stop->service : 0);
        }
    }
}

/* Whether time can matter at all: some window, or a shift that a longest route could overrun. */
static bool is_timed(const struct routing_problem *p)
{
    const struct routing_window *shift = &p->vehicles[0].shift;
    int64_t longest = 0, total = 0;
    size_t cells = (size_t)p->travel.sites * (size_t)p->travel.sites;

    for (int s = 0; s < p->stop_count; s++) {
        if (p->stops[s].window_count)
            return true;
        total += p->stops[s].service;
    }
    for (size_t i = 0; i < cells; i++)
        longest = p->travel.duration[i] > longest ? p->travel.duration[i] : longest;
    return total + longest * (p->stop_count + 1) > (int64_t)shift->close - shift->open;
}

static int32_t *transposed(const int32_t *matrix, int width)
{
    int32_t *into = memory_new((size_t)width * (size_t)width, sizeof(*into));

    for (int i = 0; i < width; i++)
        for (int j = 0; j < width; j++)
            into[i * width + j] = matrix[j * width + i];
    return into;
}

struct ranked {
    int64_t key;
    int32_t node;
};

static int by_key(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;

    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return (x->node > y->node) - (x->node < y->node);
}

/* How far apart j is when served right after i: the cost, a fifth of the waiting, the lateness. */
static int64_t apart_timed(const struct plain *p, int i, int j)
{
    int64_t wait = (int64_t)p->open[j] - plain_travel(p, i, j) - p->close[i];
    int64_t late = (int64_t)p->open[i] + plain_travel(p, i, j) - p->close[j];

    return (int64_t)plain_cost(p, i, j) * 10 + (wait > 0 ? wait * 2 : 0) +
           (late > 0 ? late * 10 : 0);
}

static void build_row(const struct plain *p, int i, struct ranked *ranked, bool timed)
{
    int count = 0;

    for (int j = 0; j <= p->n; j++) {
        int64_t there, back;

        if (j == i)
            continue;
        if (timed && i && j) {
            there = apart_timed(p, i, j);
            back = apart_timed(p, j, i);
        } else {
            there = (int64_t)plain_cost(p, i, j) * 10;
            back = (int64_t)plain_cost(p, j, i) * 10;
        }
        ranked[count++] = (struct ranked){there < back ? there : back, j};
    }
    qsort(ranked, (size_t)count, sizeof(*ranked), by_key);
}

static void build_neighbours(struct plain *p)
{
    struct ranked *ranked = memory_new((size_t)p->width, sizeof(*ranked));

    p->near_count = p->timed ? NEAR_TIMED : PLAIN_NEAR_MAX;
    p->near_count = p->n < p->near_count ? p->n : p->near_count;
    p->adjacent_count = p->n - 1 < ADJACENT ? p->n - 1 : ADJACENT;
    p->near = memory_new((size_t)p->width * (size_t)p->near_count, sizeof(int32_t));
    p->adjacent = memory_new((size_t)p->width * (size_t)p->adjacent_count + 1, sizeof(int32_t));
    for (int i = 0; i <= p->n; i++) {
        int found = 0;

        build_row(p, i, ranked, p->timed);
        for (int k = 0; k < p->near_count; k++)
            p->near[i * p->near_count + k] = ranked[k].node;
        if (p->timed)
            build_row(p, i, ranked, false);
        for (int k = 0; k < p->n && found < p->adjacent_count; k++)
            if (ranked[k].node)
                p->adjacent[i * p->adjacent_count + found++] = ranked[k].node;
    }
    memory_free(ranked);
}

static void build_arcs(struct plain *p)
{
    size_t width = (size_t)p->width;

    p->arcs = memory_new(width * width, sizeof(*p->arcs));
    for (size_t i = 0; i < width; i++)
        for (size_t j = 0; j < width; j++)
            p->arcs[i * width + j] =
                (struct arcs){p->cost[i * width + j], p->cost[j * width + i],
                              p->travel[i * width + j], p->travel[j * width + i]};
}

static int64_t leaving_price(const struct plain *plain, const struct routing_stop *stop,
                             int64_t dear)
{
    if (stop->leave_out_price == ROUTING_NONE)
        return dear * (stop->priority + 1);
    return stop->leave_out_price * ROUTING_EXACT / plain->unit;
}

static void build_stops(struct plain *plain, const struct routing_problem *p)
{
    int64_t dear = 1, priced = 0;
    size_t cells = (size_t)plain->width * (size_t)plain->width;

    plain->symmetric = true;
    for (int i = 0; i <= plain->n; i++) {
        int64_t largest = 0;

        for (int j = 0; j <= plain->n; j++) {
            largest = plain_cost(plain, i, j) > largest ? plain_cost(plain, i, j) : largest;
            plain->symmetric &= plain_cost(plain, i, j) == plain_cost(plain, j, i);
        }
        dear += largest * 2;
    }
    for (int s = 0; s < p->stop_count; s++) {
        priced = leaving_price(plain, &p->stops[s], 0);
        dear = priced > dear ? priced : dear;
    }
    for (int i = 1; i <= plain->n; i++) {
        const struct routing_stop *stop = &p->stops[plain->stop_of[i]];

        plain->demand[i] = p->products ? stop->demand[0] : 0;
        plain->price[i] = leaving_price(plain, stop, dear);
    }
    plain->cost_into = plain->symmetric ? plain->cost : transposed(plain->cost, plain->width);
    if (plain->timed) {
        plain->travel = memory_new(cells, sizeof(int32_t));
        build_times(plain, p);
        build_arcs(plain);
    }
}

bool plain_fits(const struct routing_problem *p, bool *timed)
{
    *timed = false;
    if (!is_plain(p))
        return false;
    *timed = is_timed(p);
    return true;
}

struct plain *plain_new(const struct routing_problem *p)
{
    struct plain *plain;
    size_t width;

    if (!is_plain(p))
        return NULL;
    plain = memory_new(1, sizeof(*plain));
    plain->n = p->stop_count;
    plain->width = plain->n + 1;
    plain->vehicles = p->vehicle_count < plain->n ? p->vehicle_count : plain->n;
    plain->capacity = p->products ? p->vehicles[0].capacity[0] : ROUTING_AMOUNT_MAX;
    plain->timed = is_timed(p);
    width = (size_t)plain->width;
    plain->stop_of = memory_new(width, sizeof(int32_t));
    number_nodes(plain, p);
    plain->cost = memory_new(width * width, sizeof(int32_t));
    plain->demand = memory_new(width, sizeof(int32_t));
    plain->open = memory_new(width, sizeof(int32_t));
    plain->close = memory_new(width, sizeof(int32_t));
    plain->price = memory_new(width, sizeof(int64_t));
    if (!build_costs(plain, p)) {
        plain->cost_into = plain->cost;
        plain_free(&plain);
        return NULL;
    }
    build_stops(plain, p);
    build_neighbours(plain);
    return plain;
}

void plain_free(struct plain **plain)
{
    struct plain *p = *plain;

    if (!p)
        return;
    if (p->cost_into != p->cost)
        memory_free(p->cost_into);
    memory_free(p->cost);
    memory_free(p->travel);
    memory_free(p->arcs);
    memory_free(p->stop_of);
    memory_free(p->demand);
    memory_free(p->open);
    memory_free(p->close);
    memory_free(p->price);
    memory_free(p->near);
    memory_free(p->adjacent);
    memory_free(p);
    *plain = NULL;
}

struct plain_plan *plain_plan_new(const struct plain *plain)
{
    struct plain_plan *plan = memory_new(1, sizeof(*plan));

    plan->order = memory_new((size_t)plain->n, sizeof(int32_t));
    plan->first = memory_new((size_t)plain->vehicles + 1, sizeof(int32_t));
    return plan;
}

void plain_plan_free(struct plain_plan **plan)
{
    if (!*plan)
        return;
    memory_free((*plan)->order);
    memory_free((*plan)->first);
    memory_free(*plan);
    *plan = NULL;
}

void plain_plan_copy(const struct plain *plain, struct plain_plan *to,
                     const struct plain_plan *from)
{
    to->routes = from->routes;
    to->cost = from->cost;
    copy_indices(to->order, from->order, plain->n);
    memcpy(to->first, from->first, sizeof(int32_t) * ((size_t)plain->vehicles + 1));
}
