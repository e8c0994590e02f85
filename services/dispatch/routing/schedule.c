/* schedule.c - writes down when a vehicle is where, and by how much it breaks its limits. */
#include "schedule.h"

#include <string.h>

struct writer {
    struct rich *rich;
    int vehicle, count;
    const int32_t *stops;
    bool reloads; /* rich->reload says where */
    struct schedule_break rest;
    struct routing_visit *visits; /* written when not NULL */
    int64_t break_begin;
    int64_t late[ROUTING_REASONS];
};

static int64_t driving(const struct writer *w, int leg)
{
    const struct routing_problem *p = w->rich->p;
    const struct routing_vehicle *v = &p->vehicles[w->vehicle];
    int from = rich_from_site(p, w->vehicle, leg ? w->stops[leg - 1] : ROUTING_NONE);
    int to = rich_to_site(p, w->vehicle, leg < w->count ? w->stops[leg] : ROUTING_NONE);

    if (leg == w->count || !w->reloads || !w->rich->reload[leg])
        return p->travel.duration[rich_arc(p, from, to)];
    return (int64_t)p->travel.duration[rich_arc(p, from, v->start_site)] + v->reload_time +
           p->travel.duration[rich_arc(p, v->start_site, to)];
}

static void take_break(struct writer *w, struct rich_clock *c)
{
    const struct routing_break *rest = &w->rich->p->vehicles[w->vehicle].rest;
    int64_t over = c->over;

    *c = rich_rest(*c, rest);
    w->late[ROUTING_SHIFT] += c->over - over;
    w->break_begin = c->time - rest->length;
}

static void drive(struct writer *w, struct rich_clock *c, int leg)
{
    if (w->rest.leg == leg && !w->rest.on_arrival)
        take_break(w, c);
    c->time += driving(w, leg);
}

static void visit(struct writer *w, struct rich_clock *c, int k)
{
    const struct routing_stop *stop = &w->rich->p->stops[w->stops[k]];
    const struct routing_vehicle *v = &w->rich->p->vehicles[w->vehicle];
    int64_t arrival = c->time, waited = c->wait, over;

    if (w->rest.leg == k && w->rest.on_arrival)
        take_break(w, c);
    over = c->over;
    *c = rich_serve(*c, stop);
    w->late[ROUTING_WINDOW] += c->over - over;
    if (w->visits) {
        w->visits[k] = (struct routing_visit){.stop = w->stops[k],
                                              .arrival = arrival,
                                              .wait = c->wait - waited,
                                              .begin = c->time - stop->service,
                                              .departure = c->time,
                                              .reload_before = w->reloads && w->rich->reload[k],
                                              .break_before = w->rest.leg == k};
    }
    if (k + 1 == v->frozen_count && v->frozen_until != ROUTING_NONE) {
        *c = (struct rich_clock){v->frozen_until, c->wait, 0, c->over};
        if (w->visits)
            w->visits[k].departure = c->time;
    }
}

/* The whole way from `start`, with the break where the writer has it. */
static struct rich_clock run(struct writer *w, int64_t start)
{
    struct rich_clock c = {start, 0, RICH_NEVER, 0};

    memset(w->late, 0, sizeof(w->late));
    for (int k = 0; k <= w->count; k++) {
        drive(w, &c, k);
        if (k < w->count)
            visit(w, &c, k);
        else if (w->rest.leg == k && w->rest.on_arrival)
            take_break(w, &c);
    }
    return c;
}

/* The break where the search had it when it valued the route. */
static struct rich_clock place_break(struct writer *w)
{
    const enum rich_rest *rests = w->rich->rests;
    int leg = w->count;

    rich_evaluate(w->rich, w->vehicle, w->stops, w->count, NULL);
    w->rest.leg = ROUTING_NONE;
    if (w->rich->p->vehicles[w->vehicle].rest.length && rests[leg] != RICH_HOME) {
        while (rests[leg] == RICH_RESTED)
            leg--;
        w->rest = (struct schedule_break){leg, rests[leg] == RICH_ARRIVING};
    }
    return run(w, w->rich->p->vehicles[w->vehicle].shift.open);
}

static int64_t later_start(const struct writer *w, const struct rich_clock *c)
{
    int64_t later = c->slack < c->wait ? c->slack : c->wait;

    return later < 0 || w->rich->p->vehicles[w->vehicle].frozen_count ? 0 : later;
}

/* The closing of the window in which service began. */
static int64_t closing(const struct routing_stop *stop, int64_t begin)
{
    for (int k = 0; k < stop->window_count; k++)
        if (begin <= stop->windows[k].close)
            return stop->windows[k].close;
    return stop->window_count ? begin : RICH_NEVER;
}

static void write_slack(struct writer *w)
{
    const struct routing_problem *p = w->rich->p;
    const struct routing_vehicle *v = &p->vehicles[w->vehicle];
    int64_t latest = v->shift.close; /* of being there */

    for (int k = w->count; k >= 0; k--) {
        struct routing_visit *at = k < w->count ? &w->visits[k] : NULL;

        if (at) {
            int64_t close = closing(&p->stops[at->stop], at->begin);

            latest -= p->stops[at->stop].service;
            latest = latest > close ? close : latest;
            at->slack = latest > at->begin ? latest - at->begin : 0;
        }
        if (w->rest.leg == k) {
            latest -= v->rest.length + (w->rest.on_arrival ? 0 : driving(w, k));
            latest = latest > v->rest.to ? v->rest.to : latest;
            latest -= w->rest.on_arrival ? driving(w, k) : 0;
        } else {
            latest -= driving(w, k);
        }
    }
}

static int64_t distance_of(const struct writer *w)
{
    const struct routing_problem *p = w->rich->p;
    const struct routing_vehicle *v = &p->vehicles[w->vehicle];
    int64_t sum = 0;

    for (int leg = 0; leg <= w->count; leg++) {
        int from = rich_from_site(p, w->vehicle, leg ? w->stops[leg - 1] : ROUTING_NONE);
        int to = rich_to_site(p, w->vehicle, leg < w->count ? w->stops[leg] : ROUTING_NONE);

        if (leg < w->count && w->reloads && w->rich->reload[leg]) {
            sum += p->travel.distance[rich_arc(p, from, v->start_site)];
            from = v->start_site;
        }
        sum += p->travel.distance[rich_arc(p, from, to)];
    }
    return sum;
}

static struct writer begin_writing(struct rich *rich, int vehicle, const int32_t *stops, int count)
{
    return (struct writer){.rich = rich,
                           .vehicle = vehicle,
                           .stops = stops,
                           .count = count,
                           .reloads = rich_reloads(rich, vehicle, stops, count)};
}

void schedule_route(struct rich *rich, int vehicle, const int32_t *stops, int count,
                    struct routing_route *route)
{
    const struct routing_problem *p = rich->p;
    struct writer w = begin_writing(rich, vehicle, stops, count);
    struct rich_clock c = place_break(&w);
    int64_t start = p->vehicles[vehicle].shift.open + later_start(&w, &c);
    struct rich_value value;

    w.visits = route->visits;
    c = run(&w, start);
    write_slack(&w);
    route->vehicle = vehicle;
    route->visit_count = count;
    route->start = start;
    route->end = c.time;
    route->has_break = w.rest.leg != ROUTING_NONE;
    route->break_begin = w.break_begin;
    route->distance = distance_of(&w);
    route->duration = c.time - start;
    route->waiting = c.wait;
    for (int k = 0; k < count; k++) {
        route->reloads += w.visits[k].reload_before;
        for (int d = 0; d < p->products; d++)
            route->load[d] += p->stops[stops[k]].demand[d];
    }
    value = (struct rich_value){.distance = route->distance, .duration = route->duration};
    route->exact_cost = rich_cost(p, vehicle, &value);
}

static int64_t above(int64_t amount, int64_t limit)
{
    return amount > limit ? amount - limit : 0;
}

void schedule_kinds(struct rich *rich, int vehicle, const int32_t *stops, int count,
                    int64_t amounts[ROUTING_REASONS])
{
    const struct routing_vehicle *v = &rich->p->vehicles[vehicle];
    struct writer w = begin_writing(rich, vehicle, stops, count);
    struct rich_clock c = place_break(&w);
    int64_t duration = c.time - v->shift.open - later_start(&w, &c);

    memcpy(amounts, w.late, sizeof(w.late));
    amounts[ROUTING_SHIFT] += above(c.time, v->shift.close);
    if (v->max_duration != ROUTING_NO_LIMIT)
        amounts[ROUTING_DURATION] = above(duration, v->max_duration);
    if (v->max_distance != ROUTING_NO_LIMIT)
        amounts[ROUTING_DISTANCE] = above(distance_of(&w), v->max_distance);
    amounts[ROUTING_STOPS] = above(count, v->max_stops);
    amounts[ROUTING_CAPACITY] = rich_over_capacity(rich, vehicle, stops, count, w.reloads);
    amounts[ROUTING_LOCK] = rich_position_violation(rich, stops, count) / POSITION_WEIGHT;
}
