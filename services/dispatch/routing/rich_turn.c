/* rich_turn.c - one turn on rich routes: strings out, stops back where they cost least. */
#include "rich.h"

#define STRING_MAX 10
#define SPLIT_PERCENT 50
#define WHOLE_ROUTE_PERCENT 3 /* turns that empty routes, so that vehicles can change places */
#define WHOLE_ROUTE_MAX 20
#define FOCUS_PERCENT 60
#define BLINK_1024 10

static int frozen_count(const struct rich *rich, int r)
{
    int frozen = rich->p->vehicles[r].frozen_count;

    return frozen < rich->routes[r].count ? frozen : rich->routes[r].count;
}

static void take_out(struct rich *rich, int stop)
{
    rich_take(rich, stop);
    rich->removed[rich->removed_count++] = stop;
}

/* `length` stops around `stop`, `kept` in their middle stay; the frozen ones always do. */
static void remove_string(struct rich *rich, int stop, int length, int kept)
{
    int r = rich->route_of[stop], frozen = frozen_count(rich, r);
    int size = rich->routes[r].count - frozen, pos = rich->pos_of[stop] - frozen;
    int span = length + kept, low, high, start, skip_from;

    rich_save(rich, r);
    low = pos - span + 1 > 0 ? pos - span + 1 : 0;
    high = pos < size - span ? pos : size - span;
    start = low + random_below(rich->random, high - low + 1);
    skip_from = kept ? random_below(rich->random, length + 1) : length;
    copy_indices(rich->sequence, &rich->routes[r].stops[frozen + start], span);
    for (int k = 0; k < span; k++)
        if (k < skip_from || k >= skip_from + kept)
            take_out(rich, rich->sequence[k]);
    rich_refresh(rich, r);
}

static void ruin_one(struct rich *rich, int stop, int limit, bool whole)
{
    int r = rich->route_of[stop];
    int size = rich->routes[r].count - frozen_count(rich, r), length, kept = 0;

    if (whole) {
        remove_string(rich, stop, size < WHOLE_ROUTE_MAX ? size : WHOLE_ROUTE_MAX, 0);
        return;
    }
    length = 1 + random_below(rich->random, size < limit ? size : limit);
    if (length > 1 && length < size && random_below(rich->random, 100) < SPLIT_PERCENT)
        kept = 1;
    remove_string(rich, stop, length, kept);
}

/* Where the next strings are taken out: anywhere, or near what the start plan lacked. */
static int choose_seed(struct rich *rich)
{
    int stop;

    if (!rich->focus_count || !rich->near_count || random_below(rich->random, 100) >= FOCUS_PERCENT)
        return random_below(rich->random, rich->p->stop_count);
    stop = rich->focus[random_below(rich->random, rich->focus_count)];
    if (random_below(rich->random, 2))
        return stop;
    return rich->near[stop * rich->near_count + random_below(rich->random, rich->near_count)];
}

void rich_ruin(struct rich *rich)
{
    int served = rich->p->stop_count - rich->absent_count, used = rich->used ? rich->used : 1;
    int limit = served / used, most, strings, ruined = 0, seed;
    bool whole = random_below(rich->random, 100) < WHOLE_ROUTE_PERCENT;

    rich->removed_count = 0;
    limit = limit < 1 ? 1 : limit > STRING_MAX ? STRING_MAX : limit;
    most = whole ? 2 : 4 * rich->removed_on_average / (1 + limit);
    strings = 1 + random_below(rich->random, most > 1 ? most : 1);
    seed = choose_seed(rich);
    for (int k = -1; k < rich->near_count && ruined < strings; k++) {
        int stop = k < 0 ? seed : rich->near[seed * rich->near_count + k];
        int r = rich->route_of[stop];

        if (r == ROUTING_NONE || rich->frozen_on[stop] != ROUTING_NONE || rich->routes[r].saved)
            continue;
        ruin_one(rich, stop, limit, whole);
        ruined++;
    }
}

static bool value_with(struct rich *rich, int r, int k, int stop, bool bound,
                       struct rich_value *value)
{
    const struct rich_route *route = &rich->routes[r];

    if (rich->p->vehicles[r].reload_time == ROUTING_NONE && !route->has_positions &&
        rich->p->stops[stop].locked_position == ROUTING_NONE)
        return rich_walk(rich, r, k, stop, bound ? route->value.violation : RICH_NEVER, value);
    copy_indices(rich->sequence, route->stops, k);
    rich->sequence[k] = stop;
    copy_indices(&rich->sequence[k + 1], &route->stops[k], route->count - k);
    *value = rich_evaluate(rich, r, rich->sequence, route->count + 1, NULL);
    rich->work += route->count * 2;
    return true;
}

/* At least this much does the stop cost there; waiting may absorb driving and service. */
static int64_t least_cost(const struct rich *rich, int r, int k, int stop)
{
    const struct routing_problem *p = rich->p;
    const struct rich_route *route = &rich->routes[r];
    const struct routing_vehicle *v = &p->vehicles[r];
    int from = k ? p->stops[route->stops[k - 1]].site : v->start_site;
    int to = k < route->count ? p->stops[route->stops[k]].site : v->end_site;
    int site = p->stops[stop].site;
    size_t in = rich_arc(p, from, site), out = rich_arc(p, site, to), gone = rich_arc(p, from, to);
    int64_t metres = (int64_t)p->travel.distance[in] + p->travel.distance[out];
    int64_t seconds = (int64_t)p->travel.duration[in] + p->travel.duration[out];

    if (route->count) {
        metres -= p->travel.distance[gone];
        seconds -= p->travel.duration[gone];
    }
    seconds += p->stops[stop].service - route->value.waiting;
    return metres * v->cost_per_km * (ROUTING_EXACT / 1000) +
           (seconds > 0 ? seconds * v->cost_per_hour * (ROUTING_EXACT / 3600) : 0) +
           (route->count ? 0 : v->cost_fixed * ROUTING_EXACT);
}

/* False when the load alone forbids it. */
static bool load_fits(const struct rich *rich, int r, int stop)
{
    const struct routing_vehicle *v = &rich->p->vehicles[r];

    for (int d = 0; d < rich->p->products; d++) {
        int64_t demand = rich->p->stops[stop].demand[d];
        int64_t load = v->reload_time == ROUTING_NONE ? rich->routes[r].load[d] : 0;

        if (demand && load + demand > v->capacity[d])
            return false;
    }
    return true;
}

static void try_place(struct rich *rich, int r, int k, int stop, struct rich_place *best)
{
    const struct rich_route *route = &rich->routes[r];
    bool locked = rich->p->stops[stop].locked_vehicle != ROUTING_NONE;
    struct rich_value value;
    int64_t violation, cost;

    rich->work++;
    if (k < frozen_count(rich, r))
        return;
    if (!locked && !route->value.violation && best->violation <= 0 &&
        least_cost(rich, r, k, stop) + rich_change_cost(rich, r, stop) >= best->cost)
        return;
    if (!value_with(rich, r, k, stop, !locked, &value))
        return;
    violation = value.violation - route->value.violation;
    cost = value.cost - route->value.cost + rich_change_cost(rich, r, stop);
    if ((!locked && violation > 0) || violation > best->violation ||
        (violation == best->violation && cost >= best->cost))
        return;
    *best = (struct rich_place){violation, cost, r, k};
}

/* What makes a place in a route dear, apart from where it is. */
struct toll {
    int64_t metre, second, rest; /* exact cost; seconds beyond the route's waiting are paid */
    int64_t seconds;
};

/* What the place costs at least; RICH_NEVER where the stop, or what is served behind it, comes late even without a break. */
static inline int64_t bound_of(const struct rich_gap *gap, const struct rich_legs *legs,
                               const struct routing_stop *s, const struct toll *toll, int64_t most)
{
    const struct rich_legs *in = &legs[gap->from], *out = &legs[gap->to];
    int64_t metres = (int64_t)in->distance_into + out->distance - gap->distance;
    int64_t seconds = (int64_t)in->duration_into + out->duration - gap->duration + toll->seconds;
    int64_t bound = metres * toll->metre + (seconds > 0 ? seconds * toll->second : 0) + toll->rest;
    struct rich_clock clock = {gap->leave + in->duration_into, 0, 0, 0};

    if (bound >= most)
        return RICH_NEVER;
    clock = rich_serve(clock, s);
    return !clock.over && clock.time + out->duration <= gap->latest ? bound : RICH_NEVER;
}

static void try_gap(struct rich *rich, int r, int k, int stop, int64_t change,
                    struct rich_place *best)
{
    const struct rich_route *route = &rich->routes[r];
    struct rich_value value;
    int64_t cost;

    if (!value_with(rich, r, k, stop, true, &value) || value.violation > 0)
        return;
    cost = value.cost - route->value.cost + change;
    if (cost < best->cost)
        *best = (struct rich_place){0, cost, r, k};
}

/* All places of a route that keeps to its limits and is driven in one go: the one that may be the cheapest first. */
static void try_gaps(struct rich *rich, int r, int stop, struct rich_place *best)
{
    const struct rich_route *route = &rich->routes[r];
    const struct routing_vehicle *v = &rich->p->vehicles[r];
    const struct routing_stop *s = &rich->p->stops[stop];
    const struct rich_legs *legs = &rich->legs[rich_arc(rich->p, s->site, 0)];
    int64_t change = rich_change_cost(rich, r, stop), least = RICH_NEVER;
    int first = ROUTING_NONE;
    struct toll toll = {(int64_t)v->cost_per_km * (ROUTING_EXACT / 1000),
                        (int64_t)v->cost_per_hour * (ROUTING_EXACT / 3600), change,
                        s->service - route->value.waiting};

    if (!route->count) { /* its way from the depot to the depot is not driven yet */
        toll.seconds += route->gaps[0].duration;
        toll.rest += v->cost_fixed * ROUTING_EXACT + route->gaps[0].distance * toll.metre;
    }
    for (int k = frozen_count(rich, r); k <= route->count; k++) {
        rich->bounds[k] = bound_of(&route->gaps[k], legs, s, &toll, best->cost);
        if (rich->bounds[k] < least) {
            least = rich->bounds[k];
            first = k;
        }
    }
    rich->work += route->count + 1;
    if (first == ROUTING_NONE)
        return;
    try_gap(rich, r, first, stop, change, best);
    for (int k = frozen_count(rich, r); k <= route->count; k++)
        if (k != first && rich->bounds[k] < best->cost)
            try_gap(rich, r, k, stop, change, best);
}

static void try_route(struct rich *rich, int r, int stop, struct rich_place *best)
{
    const struct rich_route *route = &rich->routes[r];

    if (rich->legs && !route->value.violation && best->violation == 0 &&
        rich->p->vehicles[r].reload_time == ROUTING_NONE &&
        rich->p->stops[stop].locked_vehicle == ROUTING_NONE) {
        try_gaps(rich, r, stop, best);
        return;
    }
    for (int k = frozen_count(rich, r); k <= route->count; k++)
        try_place(rich, r, k, stop, best);
}

/* The best place in the route if it beats `best`, remembered until the route changes; not for
 * locked stops. */
static void look_at(struct rich *rich, int r, int stop, struct rich_place *best)
{
    size_t at = (size_t)stop * (size_t)rich->p->vehicle_count + (size_t)r;
    struct rich_cached *c = &rich->cache[at < rich->cache_count ? at : at % rich->cache_count];

    rich->work += 2;
    if (c->version != rich->routes[r].version || c->stop != stop ||
        (c->pos == ROUTING_NONE && (c->cost < best->cost || c->violation < best->violation))) {
        struct rich_place here = {best->violation, best->cost, ROUTING_NONE, ROUTING_NONE};

        try_route(rich, r, stop, &here);
        *c = (struct rich_cached){rich->routes[r].version, here.violation, here.cost, here.pos,
                                  stop};
    }
    if (c->pos == ROUTING_NONE || c->violation > best->violation ||
        (c->violation == best->violation && c->cost >= best->cost))
        return;
    if ((random_next(rich->random) >> 54) < BLINK_1024)
        return;
    *best = (struct rich_place){c->violation, c->cost, r, c->pos};
}

/* Of equal empty vehicles only the first is tried. */
static bool is_first_empty(const struct rich *rich, int r)
{
    if (rich->same_as[r] == r)
        return true;
    for (int v = rich->same_as[r]; v < r; v++)
        if (rich->same_as[v] == rich->same_as[r] && !rich->routes[v].count)
            return false;
    return true;
}

static bool may_go(const struct rich *rich, int r, int stop)
{
    return rich_may_serve(rich, r, stop) && load_fits(rich, r, stop);
}

/* The routes of the near stops, all of them for a stop by a depot, and one empty vehicle of each
 * kind. */
static void try_near(struct rich *rich, int stop, struct rich_place *best)
{
    const int32_t *near = &rich->near[stop * rich->near_count];
    int vehicles = rich->p->vehicle_count;

    rich->look++;
    for (int k = 0; k < rich->near_count; k++) {
        int r = rich->route_of[near[k]];

        if (r == ROUTING_NONE || rich->looked_at[r] == rich->look)
            continue;
        rich->looked_at[r] = rich->look;
        if (may_go(rich, r, stop))
            look_at(rich, r, stop, best);
    }
    for (int r = 0; r < vehicles; r++) {
        bool used = rich->routes[r].count > 0;
        uint32_t *looked_at = &rich->looked_at[used ? r : vehicles + rich->same_as[r]];

        if (*looked_at == rich->look || (used && !rich->is_by_depot[stop]))
            continue;
        *looked_at = rich->look;
        if (may_go(rich, r, stop))
            look_at(rich, r, stop, best);
    }
    rich->work += rich->near_count / 2 + vehicles / 4;
}

struct rich_place rich_best_place(struct rich *rich, int stop, bool near_only)
{
    const struct routing_stop *s = &rich->p->stops[stop];
    struct rich_place best = {0, rich->price[stop], ROUTING_NONE, 0};

    if (s->locked_vehicle != ROUTING_NONE) {
        best.violation = best.cost = INT64_MAX;
        try_route(rich, s->locked_vehicle, stop, &best);
        return best;
    }
    if (near_only)
        try_near(rich, stop, &best);
    if (best.route != ROUTING_NONE || (near_only && s->leave_out_price != ROUTING_NONE))
        return best;
    for (int r = 0; r < rich->p->vehicle_count; r++)
        if (may_go(rich, r, stop) && (rich->routes[r].count || is_first_empty(rich, r)))
            try_route(rich, r, stop, &best);
    return best;
}

struct rich_place rich_cheapest_place(struct rich *rich, int stop)
{
    struct rich_place best = {0, INT64_MAX, ROUTING_NONE, 0};

    for (int r = 0; r < rich->p->vehicle_count; r++)
        if (may_go(rich, r, stop))
            try_route(rich, r, stop, &best);
    return best;
}

enum order { ORDER_RANDOM, ORDER_DEMAND, ORDER_FAR, ORDER_CLOSE, ORDER_NARROW, ORDER_OPEN };

static const enum order orders[] = {ORDER_RANDOM, ORDER_RANDOM, ORDER_RANDOM, ORDER_RANDOM,
                                    ORDER_DEMAND, ORDER_DEMAND, ORDER_DEMAND, ORDER_FAR,
                                    ORDER_FAR,    ORDER_CLOSE,  ORDER_NARROW, ORDER_OPEN};

static int64_t key_of(struct rich *rich, enum order order, int stop)
{
    const struct routing_problem *p = rich->p;
    const struct routing_stop *s = &p->stops[stop];
    int64_t far = p->travel.distance[rich_arc(p, p->vehicles[0].start_site, s->site)], sum = 0;

    switch (order) {
    case ORDER_RANDOM:
        return (int64_t)(random_next(rich->random) >> 4);
    case ORDER_DEMAND:
        for (int d = 0; d < p->products; d++)
            sum -= s->demand[d];
        return sum;
    case ORDER_FAR:
        return -far;
    case ORDER_CLOSE:
        return far;
    case ORDER_NARROW:
        return s->window_count ? s->windows[s->window_count - 1].close - s->windows[0].open
                               : ROUTING_AMOUNT_MAX;
    case ORDER_OPEN:
        return s->window_count ? s->windows[0].open : 0;
    }
    return 0;
}

/* Locked stops first: their places are few, and others must not stand in their way. */
static void sort_removed(struct rich *rich)
{
    enum order order = orders[random_below(rich->random, sizeof(orders) / sizeof(*orders))];

    for (int k = 0; k < rich->removed_count; k++) {
        int stop = rich->removed[k], at = k;
        const struct routing_stop *s = &rich->p->stops[stop];
        int64_t key = key_of(rich, order, stop);

        if (s->locked_vehicle != ROUTING_NONE)
            key = INT64_MIN +
                  (s->locked_position == ROUTING_NONE ? ROUTING_STOPS_MAX : s->locked_position);
        for (; at > 0 && rich->keys[at - 1] > key; at--) {
            rich->keys[at] = rich->keys[at - 1];
            rich->removed[at] = rich->removed[at - 1];
        }
        rich->keys[at] = key;
        rich->removed[at] = stop;
    }
}

void rich_recreate(struct rich *rich)
{
    for (int k = 0; k < rich->absent_count; k++)
        rich->removed[rich->removed_count++] = rich->saved_absent[k] = rich->absent[k];
    rich->saved_absent_count = rich->absent_count;
    rich->absent_count = 0;
    sort_removed(rich);
    for (int k = 0; k < rich->removed_count; k++) {
        int stop = rich->removed[k];
        struct rich_place best = rich_best_place(rich, stop, true);

        if (best.route == ROUTING_NONE) {
            rich->absent[rich->absent_count++] = stop;
            continue;
        }
        rich_save(rich, best.route);
        rich_put(rich, best.route, best.pos, stop);
    }
}
