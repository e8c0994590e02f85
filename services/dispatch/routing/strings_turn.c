/* strings_turn.c - one turn: strings of neighbouring routes are taken out and put back greedily. */
#include "plain_strings.h"

#define REMOVED_ON_AVERAGE 10
#define STRING_MAX 10
#define SPLIT_PERCENT 50
#define SPLIT_MORE_PERCENT 1 /* chance that the part kept in the middle grows by one more */
#define BLINK_1024 10        /* positions overlooked, of 1024 */
#define ABSENT_SEARCHED 2    /* of a turn's stops without a near place, so many look everywhere */

enum order {
    ORDER_RANDOM,
    ORDER_DEMAND,
    ORDER_FAR,
    ORDER_CLOSE,
    ORDER_NARROW,
    ORDER_OPEN,
    ORDER_CLOSING
};

static const enum order orders_untimed[] = {ORDER_RANDOM, ORDER_RANDOM, ORDER_RANDOM, ORDER_RANDOM,
                                            ORDER_DEMAND, ORDER_DEMAND, ORDER_DEMAND, ORDER_DEMAND,
                                            ORDER_FAR,    ORDER_FAR,    ORDER_CLOSE};
static const enum order orders_timed[] = {
    ORDER_RANDOM, ORDER_RANDOM, ORDER_RANDOM, ORDER_RANDOM,  ORDER_DEMAND, ORDER_DEMAND,
    ORDER_DEMAND, ORDER_DEMAND, ORDER_FAR,    ORDER_FAR,     ORDER_CLOSE,  ORDER_NARROW,
    ORDER_NARROW, ORDER_OPEN,   ORDER_OPEN,   ORDER_CLOSING, ORDER_CLOSING};

static void take_out(struct strings *s, int node)
{
    strings_unlink(s, node);
    s->cost += s->p->price[node];
    s->removed[s->removed_count++] = node;
}

/* Removes `length` consecutive stops of the route that contain `node`; with `kept` stops in their
 * middle left where they are. */
static void remove_string(struct strings *s, int node, int length, int kept)
{
    int route = s->route_of[node], size = s->tours[route].length, pos = s->nodes[node].pos;
    int span = length + kept, low, high, start, skip_from;

    strings_save(s, route);
    low = pos - span + 1 > 0 ? pos - span + 1 : 0;
    high = pos < size - span ? pos : size - span;
    start = low + random_below(s->random, high - low + 1);
    skip_from = kept ? random_below(s->random, length + 1) : length;
    for (; s->nodes[node].pos > start; node = s->nodes[node].prev)
        ;
    for (int k = 0; k < span; k++) {
        int next = s->nodes[node].next;

        if (k < skip_from || k >= skip_from + kept)
            take_out(s, node);
        node = next;
    }
    strings_refresh(s, route);
}

static int string_length(struct strings *s, int size, int limit)
{
    return 1 + random_below(s->random, size < limit ? size : limit);
}

void strings_ruin(struct strings *s)
{
    const struct plain *p = s->p;
    int served = p->n - s->absent_count, used = s->used ? s->used : 1;
    int average = served / used, limit, strings, ruined = 0, seed;
    const int32_t *adjacent;

    s->removed_count = 0;
    if (!served)
        return;
    limit = average < 1 ? 1 : average > STRING_MAX ? STRING_MAX : average;
    /* up to 4 * c / (1 + l) - 1 strings, c the stops removed on average */
    strings = 1 + random_below(s->random, (4 * REMOVED_ON_AVERAGE) / (1 + limit) > 1
                                              ? (4 * REMOVED_ON_AVERAGE) / (1 + limit)
                                              : 1);
    seed = 1 + random_below(s->random, p->n);
    adjacent = &p->adjacent[seed * p->adjacent_count];
    for (int k = -1; k < p->adjacent_count && ruined < strings; k++) {
        int node = k < 0 ? seed : adjacent[k], route = s->route_of[node], length, kept = 0;

        if (route == s->routes || s->tours[route].saved)
            continue;
        length = string_length(s, s->tours[route].length, limit);
        if (length > 1 && length < s->tours[route].length &&
            random_below(s->random, 100) < SPLIT_PERCENT) {
            kept = 1;
            while (length + kept < s->tours[route].length &&
                   random_below(s->random, 100) < SPLIT_MORE_PERCENT)
                kept++;
        }
        remove_string(s, node, length, kept);
        ruined++;
    }
}

static int64_t key_of(struct strings *s, enum order order, int node)
{
    const struct plain *p = s->p;

    switch (order) {
    case ORDER_RANDOM:
        return (int64_t)(random_next(s->random) >> 2);
    case ORDER_DEMAND:
        return -p->demand[node];
    case ORDER_FAR:
        return -plain_cost(p, 0, node);
    case ORDER_CLOSE:
        return plain_cost(p, 0, node);
    case ORDER_NARROW:
        return p->close[node] - p->open[node];
    case ORDER_OPEN:
        return p->open[node];
    case ORDER_CLOSING:
        return -p->close[node];
    }
    return 0;
}

static void sort_removed(struct strings *s)
{
    enum order order =
        s->p->timed ? orders_timed[random_below(s->random, sizeof(orders_timed) / sizeof(int))]
                    : orders_untimed[random_below(s->random, sizeof(orders_untimed) / sizeof(int))];

    for (int k = 0; k < s->removed_count; k++) {
        int node = s->removed[k], at = k;
        int64_t key = key_of(s, order, node);

        for (; at > 0 && s->keys[at - 1] > key; at--) {
            s->keys[at] = s->keys[at - 1];
            s->removed[at] = s->removed[at - 1];
        }
        s->keys[at] = key;
        s->removed[at] = node;
    }
}

static inline bool in_time(const struct strings *s, int node, int before, int behind)
{
    const struct plain *p = s->p;
    const struct arcs *arcs = &p->arcs[(size_t)node * (size_t)p->width];
    int begin = s->nodes[before].begin + arcs[site_of_node(s, before)].travel_into;

    begin = begin < p->open[node] ? p->open[node] : begin;
    return begin <= p->close[node] &&
           begin + arcs[site_of_node(s, behind)].travel <= s->nodes[behind].latest;
}

static inline bool blinks(struct strings *s)
{
    return (random_next(s->random) >> 54) < BLINK_1024;
}

static inline void try_place(struct strings *s, int after, int delta, struct place *best)
{
    if (delta < best->delta && !blinks(s))
        *best = (struct place){delta, after};
}

/* The cheapest place for the stop in the whole route. */
static void look_along(struct strings *s, int node, int route, struct cached *best)
{
    const struct plain *p = s->p;
    const int32_t *from = &p->cost[(size_t)node * (size_t)p->width];
    const int32_t *into = &p->cost_into[(size_t)node * (size_t)p->width];
    int end = p->n + 1 + route, at = end, site = 0;

    best->delta = INT32_MAX;
    best->after = 0;
    do {
        const struct node *x = &s->nodes[at];
        int next = x->next, next_site = next > p->n ? 0 : next;
        int delta = into[site] + from[next_site] - x->cost_next;

        if (delta < best->delta) {
            best->delta = delta;
            best->after = at;
        }
        at = next;
        site = next_site;
    } while (at != end);
    s->work += s->tours[route].length;
}

/* The same where time matters: from `at` on until it is too late for the stop,
 * and before `at` until it is too early for what follows. */
static void look_along_timed(struct strings *s, int node, int at, struct cached *best)
{
    const struct plain *p = s->p;
    const struct arcs *row = &p->arcs[(size_t)node * (size_t)p->width];
    int open = p->open[node], close = p->close[node], least = INT32_MAX, after = 0, steps = 0;
    const struct arcs *before = &row[site_of_node(s, at)], *behind;
    const struct node *x;

    for (int from = at;; before = behind, steps++) {
        int begin, delta;

        x = &s->nodes[from];
        begin = x->begin + before->travel_into;
        if (begin > close)
            break;
        begin = begin < open ? open : begin;
        behind = &row[site_of_node(s, x->next)];
        delta = before->cost_into + behind->cost - x->cost_next;
        if (delta < least && begin + behind->travel <= s->nodes[x->next].latest) {
            least = delta;
            after = from;
        }
        from = x->next;
        if (from > p->n)
            break;
    }
    behind = &row[site_of_node(s, at)];
    for (x = &s->nodes[at]; at <= p->n && x->latest >= open; behind = before, steps++) {
        int begin, delta;

        before = &row[site_of_node(s, x->prev)];
        delta = before->cost_into + behind->cost - x->cost_prev;
        at = x->prev;
        if (delta < least) {
            begin = s->nodes[at].begin + before->travel_into;
            if (begin <= close && (begin < open ? open : begin) + behind->travel <= x->latest) {
                least = delta;
                after = at;
            }
        }
        x = &s->nodes[at];
    }
    best->delta = least;
    best->after = after;
    s->work += steps;
}

/* The cheapest place in the route of `at`, near which it may be. */
static inline void look_at(struct strings *s, int node, int at, struct place *best)
{
    int route = s->route_of[at];
    struct cached *cached = &s->cache[(size_t)node * (size_t)s->routes + (size_t)route];

    if (cached->version != s->tours[route].version) {
        if (s->p->timed)
            look_along_timed(s, node, at, cached);
        else
            look_along(s, node, route, cached);
        cached->version = s->tours[route].version;
    }
    s->work += 2;
    if (cached->delta < best->delta && !blinks(s))
        *best = (struct place){cached->delta, cached->after};
}

/* Anywhere: what found no place near, before it gets a route of its own. */
static void scan_all(struct strings *s, int node, struct place *best)
{
    int room = s->p->capacity - s->p->demand[node];

    for (int r = 0; r < s->routes; r++)
        if (s->tours[r].load <= room && s->tours[r].length)
            look_at(s, node, s->p->n + 1 + r, best);
}

/* With windows: the whole routes of the near stops, remembered from turn to turn; all routes for a
 * stop near the depot. */
static void scan_routes(struct strings *s, int node, struct place *best)
{
    const struct plain *p = s->p;
    const int32_t *near = &p->near[node * p->near_count];
    int room = p->capacity - p->demand[node];
    bool by_depot = false;

    s->look++;
    for (int k = 0; k < p->near_count; k++) {
        int route = s->route_of[near[k]];

        by_depot |= !near[k];
        if (s->looked_at[route] == s->look)
            continue;
        s->looked_at[route] = s->look;
        if (s->tours[route].load <= room)
            look_at(s, node, near[k], best);
    }
    s->work += p->near_count / 2;
    if (by_depot)
        scan_all(s, node, best);
}

/* Beside the depot in every route, for a stop that has the depot among its nearest. */
static void scan_ends(struct strings *s, int node, struct place *best)
{
    const struct plain *p = s->p;
    const int32_t *from = &p->cost[(size_t)node * (size_t)p->width];
    const int32_t *into = &p->cost_into[(size_t)node * (size_t)p->width];
    int room = p->capacity - p->demand[node];

    for (int r = 0; r < s->routes; r++) {
        int end = p->n + 1 + r;
        const struct node *x = &s->nodes[end];

        if (!s->tours[r].length || s->tours[r].load > room)
            continue;
        try_place(s, end, into[0] + from[x->next] - x->cost_next, best);
        try_place(s, x->prev, into[x->prev] + from[0] - x->cost_prev, best);
    }
    s->work += s->routes;
}

/* Without windows: on both sides of every near stop whose route has room. */
static void scan_near(struct strings *s, int node, struct place *best)
{
    const struct plain *p = s->p;
    const int32_t *from = &p->cost[(size_t)node * (size_t)p->width];
    const int32_t *into = &p->cost_into[(size_t)node * (size_t)p->width];
    const int32_t *near = &p->near[node * p->near_count];
    int room = p->capacity - p->demand[node], with_room[PLAIN_NEAR_MAX], count = 0;

    for (int k = 0; k < p->near_count; k++) { /* without a branch that is hard to predict */
        with_room[count] = near[k];
        count += s->tours[s->route_of[near[k]]].load <= room || !near[k];
    }
    for (int k = 0; k < count; k++) {
        /* Below count all are set. NOLINTNEXTLINE(clang-analyzer-core.uninitialized.Assign) */
        int at = with_room[k];
        const struct node *x = &s->nodes[at];

        if (!at) {
            scan_ends(s, node, best);
            continue;
        }
        try_place(s, at, into[at] + from[site_of_node(s, x->next)] - x->cost_next, best);
        try_place(s, x->prev, into[site_of_node(s, x->prev)] + from[at] - x->cost_prev, best);
    }
    s->work += p->near_count / 2 + count;
}

/* A route of its own, when a vehicle is left. */
static void scan_empty(struct strings *s, int node, struct place *best)
{
    const struct plain *p = s->p;
    int delta = plain_cost(p, 0, node) + plain_cost(p, node, 0);
    int r = 0;

    if (s->used == s->routes || delta >= best->delta)
        return;
    while (s->tours[r].length)
        r++;
    if (!p->timed || in_time(s, node, p->n + 1 + r, p->n + 1 + r))
        *best = (struct place){delta, p->n + 1 + r};
}

void strings_recreate(struct strings *s)
{
    int price_limit;

    for (int k = 0; k < s->absent_count; k++)
        s->removed[s->removed_count++] = s->saved_absent[k] = s->absent[k];
    s->saved_absent_count = s->absent_count;
    sort_removed(s);
    s->absent_count = 0;
    for (int k = 0; k < s->removed_count; k++) {
        int node = s->removed[k];
        struct place best;

        price_limit = s->p->price[node] < INT32_MAX ? (int)s->p->price[node] : INT32_MAX;
        best = (struct place){price_limit, 0};
        if (s->p->timed)
            scan_routes(s, node, &best);
        else
            scan_near(s, node, &best);
        if (!best.after && s->absent_count < ABSENT_SEARCHED)
            scan_all(s, node, &best);
        scan_empty(s, node, &best);
        if (!best.after) {
            s->absent[s->absent_count++] = node;
            continue;
        }
        strings_save(s, s->route_of[best.after]);
        strings_link(s, node, &best);
        s->cost -= s->p->price[node];
    }
}
