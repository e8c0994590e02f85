/* rich_value.c - what a sequence of stops on a vehicle costs and which limits it breaks. */
#include "rich.h"

#define LONGEST_BALANCED 1000000 /* seconds: longer routes count as this long in the balance */

struct rich_label rich_depart(const struct routing_vehicle *vehicle)
{
    struct rich_label label = {.due = {vehicle->shift.open, 0, RICH_NEVER, 0}};

    label.rested = label.due;
    label.rested.over = RICH_NEVER;
    return label;
}

struct leg {
    int64_t distance, duration;
};

static inline struct leg leg_between(const struct rich *rich, int vehicle, int from_site,
                                     int to_site, bool reload)
{
    const struct routing_problem *p = rich->p;
    const struct routing_vehicle *v = &p->vehicles[vehicle];
    size_t arc = rich_arc(p, from_site, to_site);

    if (!reload)
        return (struct leg){p->travel.distance[arc], p->travel.duration[arc]};
    arc = rich_arc(p, from_site, v->start_site);
    from_site = v->start_site;
    return (struct leg){(int64_t)p->travel.distance[arc] +
                            p->travel.distance[rich_arc(p, from_site, to_site)],
                        (int64_t)p->travel.duration[arc] + v->reload_time +
                            p->travel.duration[rich_arc(p, from_site, to_site)]};
}

/* Where nothing else can be as good: on arrival, when it is too early for anything but waiting for the break; earlier, when it is too late
 * now. False: all must be tried. */
static inline bool rest_surely(struct rich_label *label, const struct routing_break *rest,
                               int64_t driving, const struct routing_stop *stop,
                               enum rich_rest *when)
{
    struct rich_clock clock;

    if (!stop)
        return false;
    if (label->due.time > rest->to && label->rested.over < RICH_NEVER) {
        clock = label->rested;
        clock.time += driving;
        clock = rich_serve(clock, stop);
        *when = RICH_RESTED;
    } else if (!label->due.over && driving > 0 && label->due.time + driving <= rest->from &&
               (!stop->window_count ||
                (stop->window_count == 1 && stop->windows[0].open <= rest->from + rest->length))) {
        clock = label->due;
        clock.time += driving;
        clock = rich_serve(rich_rest(clock, rest), stop);
        *when = RICH_ARRIVING;
    } else {
        return false;
    }
    if (clock.over)
        return false;
    label->rested = clock;
    return true;
}

/* The break can be taken on arrival or before driving off. */
static inline enum rich_rest rest_somewhere(struct rich_label *label,
                                            const struct routing_break *rest, int64_t driving,
                                            const struct routing_stop *stop)
{
    enum rich_rest best = RICH_RESTED, sure;
    struct rich_clock options[3];

    if (rest_surely(label, rest, driving, stop, &sure))
        return sure;
    options[0] = label->rested;
    options[1] = label->due;
    options[2] = rich_rest(label->due, rest);
    options[1].time += driving;
    options[1] = rich_rest(options[1], rest);
    options[0].time += driving;
    options[2].time += driving;
    for (enum rich_rest k = RICH_RESTED; k <= RICH_DEPARTING; k++) {
        if (stop && options[k].over < RICH_NEVER)
            options[k] = rich_serve(options[k], stop);
        if (k && rich_clock_is_better(&options[k], &options[best]))
            best = k;
    }
    label->rested = options[best];
    return best;
}

static inline enum rich_rest advance(const struct rich *rich, int vehicle, struct rich_label *label,
                                     int at, int from, bool reload)
{
    const struct routing_problem *p = rich->p;
    const struct routing_stop *stop = &p->stops[at];
    struct leg leg =
        leg_between(rich, vehicle, rich_from_site(p, vehicle, from), stop->site, reload);
    enum rich_rest rest = RICH_RESTED;

    if (p->vehicles[vehicle].rest.length)
        rest = rest_somewhere(label, &p->vehicles[vehicle].rest, leg.duration, stop);
    label->due.time += leg.duration;
    label->due = rich_serve(label->due, stop);
    label->distance += leg.distance;
    return rest;
}

enum rich_rest rich_advance(const struct rich *rich, int vehicle, struct rich_label *label, int at,
                            int from, bool reload)
{
    return advance(rich, vehicle, label, at, from, reload);
}

bool rich_walk(struct rich *rich, int r, int k, int stop, int64_t limit, struct rich_value *value)
{
    const struct rich_route *route = &rich->routes[r];
    const struct routing_vehicle *v = &rich->p->vehicles[r];
    struct rich_label label = k ? route->labels[k - 1] : rich_depart(v);
    int last = k ? route->stops[k - 1] : ROUTING_NONE;

    for (int at = k - 1; at < route->count; at++) {
        int next = at < k ? stop : route->stops[at];

        advance(rich, r, &label, next, last, false);
        last = next;
        rich->work += 2;
        if (label.due.over > limit && (!v->rest.length || label.rested.over > limit))
            return false;
    }
    rich_finish(rich, r, &label, last, route->count + 1, value);
    for (int d = 0; d < rich->p->products; d++) {
        int64_t load = route->load[d] + rich->p->stops[stop].demand[d] - v->capacity[d];

        value->violation += load > 0 ? load : 0;
    }
    return true;
}

int64_t rich_cost(const struct routing_problem *p, int vehicle, const struct rich_value *value)
{
    const struct routing_vehicle *v = &p->vehicles[vehicle];
    int64_t balanced = value->duration < LONGEST_BALANCED ? value->duration : LONGEST_BALANCED;

    return value->distance * v->cost_per_km * (ROUTING_EXACT / 1000) +
           value->duration * v->cost_per_hour * (ROUTING_EXACT / 3600) +
           v->cost_fixed * ROUTING_EXACT + balanced * balanced / 720 * p->balance_price;
}

static int64_t above(int64_t amount, int64_t limit)
{
    return amount > limit ? amount - limit : 0;
}

enum rich_rest rich_finish(const struct rich *rich, int vehicle, const struct rich_label *label,
                           int last, int count, struct rich_value *value)
{
    const struct routing_problem *p = rich->p;
    const struct routing_vehicle *v = &p->vehicles[vehicle];
    struct leg leg =
        leg_between(rich, vehicle, rich_from_site(p, vehicle, last), v->end_site, false);
    struct rich_label home = *label;
    enum rich_rest rest = RICH_HOME;
    int64_t later;

    home.due.time += leg.duration;
    if (v->rest.length && home.due.time > v->rest.to) {
        home = *label;
        rest = rest_somewhere(&home, &v->rest, leg.duration, NULL);
        home.due = home.rested;
    }
    later = home.due.slack < home.due.wait ? home.due.slack : home.due.wait;
    if (later < 0 || v->frozen_count)
        later = 0;
    value->start = v->shift.open + later;
    value->end = home.due.time;
    value->duration = value->end - value->start;
    value->waiting = home.due.wait - later;
    value->distance = label->distance + leg.distance;
    value->violation = home.due.over + above(value->end, v->shift.close) +
                       above(count, v->max_stops) * POSITION_WEIGHT;
    if (v->max_duration != ROUTING_NO_LIMIT)
        value->violation += above(value->duration, v->max_duration);
    if (v->max_distance != ROUTING_NO_LIMIT)
        value->violation += above(value->distance, v->max_distance);
    value->cost = rich_cost(p, vehicle, value);
    return rest;
}

int64_t rich_over_capacity(const struct rich *rich, int vehicle, const int32_t *stops, int count,
                           bool reloads)
{
    const struct routing_problem *p = rich->p;
    int64_t over = 0;

    for (int d = 0; d < p->products; d++) {
        int64_t load = 0;

        for (int k = 0; k < count; k++) {
            if (reloads && rich->reload[k]) {
                over += above(load, p->vehicles[vehicle].capacity[d]);
                load = 0;
            }
            load += p->stops[stops[k]].demand[d];
        }
        over += above(load, p->vehicles[vehicle].capacity[d]);
    }
    return over;
}

int64_t rich_position_violation(const struct rich *rich, const int32_t *stops, int count)
{
    int64_t sum = 0;

    for (int k = 0; k < count; k++) {
        int locked = rich->p->stops[stops[k]].locked_position;

        if (locked != ROUTING_NONE)
            sum += locked > k ? locked - k : k - locked;
    }
    return sum * POSITION_WEIGHT;
}

static bool trip_fits(const struct routing_problem *p, const struct routing_vehicle *v,
                      int64_t *load, int stop)
{
    bool fits = true;

    for (int d = 0; d < p->products; d++) {
        load[d] += p->stops[stop].demand[d];
        fits &= load[d] <= v->capacity[d];
    }
    return fits;
}

/* What filling up before the k-th stop adds. */
static int64_t detour(const struct rich *rich, int vehicle, const int32_t *stops, int k)
{
    const struct routing_problem *p = rich->p;
    const struct routing_vehicle *v = &p->vehicles[vehicle];
    int from = rich_from_site(p, vehicle, stops[k - 1]), to = p->stops[stops[k]].site;
    struct leg by_depot = leg_between(rich, vehicle, from, to, true);
    struct leg straight = leg_between(rich, vehicle, from, to, false);

    return (by_depot.distance - straight.distance) * (v->cost_per_km * 18 + 1) +
           (by_depot.duration - straight.duration) * (v->cost_per_hour * 5 + 1);
}

bool rich_reloads(struct rich *rich, int vehicle, const int32_t *stops, int count)
{
    const struct routing_problem *p = rich->p;
    const struct routing_vehicle *v = &p->vehicles[vehicle];
    int64_t load[ROUTING_PRODUCTS_MAX] = {0};
    bool all = true;

    if (v->reload_time == ROUTING_NONE)
        return false;
    for (int k = 0; k < count; k++) {
        rich->reload[k] = false;
        all &= trip_fits(p, v, load, stops[k]);
        rich->reload_cost[k + 1] = RICH_NEVER;
    }
    if (all)
        return false;
    rich->reload_cost[0] = 0;
    for (int from = 0; from < count; from++) {
        int64_t base = rich->reload_cost[from];

        if (base >= RICH_NEVER || (from && from < v->frozen_count))
            continue;
        base += from ? detour(rich, vehicle, stops, from) : 0;
        for (int d = 0; d < p->products; d++)
            load[d] = 0;
        for (int to = from + 1; to <= count; to++) {
            bool fits = trip_fits(p, v, load, stops[to - 1]);

            if (!fits && to > from + 1 && to > v->frozen_count)
                break;
            if (base < rich->reload_cost[to]) {
                rich->reload_cost[to] = base;
                rich->reload_from[to] = from;
            }
        }
    }
    for (int at = rich->reload_from[count]; at > 0; at = rich->reload_from[at])
        rich->reload[at] = true;
    return true;
}

struct rich_value rich_evaluate(struct rich *rich, int vehicle, const int32_t *stops, int count,
                                struct rich_label *labels)
{
    const struct routing_vehicle *v = &rich->p->vehicles[vehicle];
    struct rich_label label = rich_depart(v);
    struct rich_value value = {.start = v->shift.open, .end = v->shift.open};
    bool reloads;
    int last = ROUTING_NONE;

    if (!count)
        return value;
    reloads = rich_reloads(rich, vehicle, stops, count);
    for (int k = 0; k < count; k++) {
        rich->rests[k] =
            rich_advance(rich, vehicle, &label, stops[k], last, reloads && rich->reload[k]);
        last = stops[k];
        if (k + 1 == v->frozen_count && v->frozen_until != ROUTING_NONE) {
            label.due = (struct rich_clock){v->frozen_until, label.due.wait, 0, label.due.over};
            label.rested.over = RICH_NEVER;
        }
        if (labels)
            labels[k] = label;
    }
    rich->work += count;
    rich->rests[count] = rich_finish(rich, vehicle, &label, last, count, &value);
    value.violation += rich_over_capacity(rich, vehicle, stops, count, reloads) +
                       rich_position_violation(rich, stops, count);
    return value;
}

bool rich_may_serve(const struct rich *rich, int vehicle, int stop)
{
    const struct routing_stop *s = &rich->p->stops[stop];
    uint64_t has = rich->p->vehicles[vehicle].properties;

    if (s->locked_vehicle != ROUTING_NONE)
        return s->locked_vehicle == vehicle;
    return !(s->required & ~has) && !(s->forbidden & has);
}

int64_t rich_change_cost(const struct rich *rich, int vehicle, int stop)
{
    int announced = rich->p->stops[stop].announced_vehicle;

    return announced == ROUTING_NONE || announced == vehicle
               ? 0
               : rich->p->change_price * ROUTING_EXACT;
}
