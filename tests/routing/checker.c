/* checker.c - an independent look at a plan: routing.h's definitions, written a second time. */
#include "checker.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

struct checker {
    const struct routing_problem *p;
    const struct routing_plan *plan;
    const struct routing_route *route; /* under check */
    const struct routing_vehicle *vehicle;
    struct routing_error *fault;
    int *seen;
    int64_t money; /* in exact units */
};

static bool wrong(struct checker *c, const char *format, ...) __attribute__((format(printf, 2, 3)));

static bool wrong(struct checker *c, const char *format, ...)
{
    va_list arguments;
    int used = 0;

    if (c->route)
        used = snprintf(c->fault->text, sizeof(c->fault->text), "vehicle %d: ", c->route->vehicle);
    va_start(arguments, format);
    vsnprintf(c->fault->text + used, sizeof(c->fault->text) - (size_t)used, format, arguments);
    va_end(arguments);
    return false;
}

/* What the plan admits to break: the amount of this reason on this vehicle (and stop). */
static int64_t admitted(const struct checker *c, int stop, enum routing_reason reason)
{
    int64_t sum = 0;

    for (int k = 0; k < c->plan->broken_count; k++) {
        const struct routing_broken_lock *b = &c->plan->broken[k];

        if (b->vehicle == c->route->vehicle && b->stop == stop && b->reason == reason)
            sum += b->amount;
    }
    return sum;
}

/* A lock or a frozen stop on the route: without one nothing may be broken. */
static bool has_lock(const struct checker *c)
{
    for (int k = 0; k < c->route->visit_count; k++)
        if (c->p->stops[c->route->visits[k].stop].locked_vehicle != ROUTING_NONE)
            return true;
    return c->vehicle->frozen_count > 0;
}

static bool holds(struct checker *c, int stop, enum routing_reason reason, int64_t excess)
{
    int64_t said = admitted(c, stop, reason);

    if (excess < 0)
        excess = 0;
    if (excess != said)
        return wrong(c, "%s of stop %d over by %" PRId64 ", reported %" PRId64,
                     routing_reason_name(reason), stop, excess, said);
    if (excess && !has_lock(c))
        return wrong(c, "%s broken without a lock", routing_reason_name(reason));
    return true;
}

static int64_t metres(const struct checker *c, int from, int to)
{
    return c->p->travel.distance[(int64_t)from * c->p->travel.sites + to];
}

static int64_t seconds(const struct checker *c, int from, int to)
{
    return c->p->travel.duration[(int64_t)from * c->p->travel.sites + to];
}

static bool check_stop(struct checker *c, int position)
{
    int index = c->route->visits[position].stop, missing = 0;
    const struct routing_stop *stop;
    uint64_t lacks;
    int64_t away;

    if (index < 0 || index >= c->p->stop_count || c->seen[index]++)
        return wrong(c, "stop %d does not exist or is served twice", index);
    stop = &c->p->stops[index];
    if (stop->locked_vehicle != ROUTING_NONE && stop->locked_vehicle != c->route->vehicle)
        return wrong(c, "stop %d is locked to vehicle %d", index, stop->locked_vehicle);
    lacks = (stop->required & ~c->vehicle->properties) | (stop->forbidden & c->vehicle->properties);
    for (int bit = 0; bit < 64; bit++) {
        missing += (stop->required >> bit & 1) && !(c->vehicle->properties >> bit & 1);
        missing += (stop->forbidden >> bit & 1) && (c->vehicle->properties >> bit & 1);
    }
    away = stop->locked_position == ROUTING_NONE ? 0 : labs((long)stop->locked_position - position);
    if (lacks && stop->locked_vehicle == ROUTING_NONE && position >= c->vehicle->frozen_count)
        return wrong(c, "stop %d needs or forbids a property", index);
    return holds(c, index, ROUTING_PROPERTY, missing) && holds(c, index, ROUTING_LOCK, away);
}

static bool check_window(struct checker *c, const struct routing_visit *visit)
{
    const struct routing_stop *stop = &c->p->stops[visit->stop];
    bool inside = stop->window_count == 0;
    int64_t late = 0;

    for (int w = 0; w < stop->window_count; w++)
        inside |= visit->begin >= stop->windows[w].open && visit->begin <= stop->windows[w].close;
    if (!inside)
        late = visit->begin - stop->windows[stop->window_count - 1].close;
    if (!inside && late <= 0)
        return wrong(c, "stop %d begins between its windows", visit->stop);
    return holds(c, visit->stop, ROUTING_WINDOW, late);
}

struct way {
    int site;
    int64_t time, break_late;
    bool rested;
};

/* From where the vehicle is to the next site, by the depot when it reloads. */
static int64_t drive(struct checker *c, struct way *way, int to, bool reload, int64_t *distance)
{
    int start = c->vehicle->start_site;

    if (!reload) {
        *distance += metres(c, way->site, to);
        return seconds(c, way->site, to);
    }
    *distance += metres(c, way->site, start) + metres(c, start, to);
    return seconds(c, way->site, start) + c->vehicle->reload_time + seconds(c, start, to);
}

static bool rest(struct checker *c, struct way *way, int64_t earliest)
{
    const struct routing_break *b = &c->vehicle->rest;

    if (way->rested || !c->route->has_break)
        return wrong(c, "break taken twice or not at all");
    way->rested = true;
    if (c->route->break_begin < earliest || c->route->break_begin < b->from)
        return wrong(c, "break begins too early");
    way->break_late = c->route->break_begin - b->to > 0 ? c->route->break_begin - b->to : 0;
    return true;
}

/* The break lies on the way when the arrival says so, else between arrival and begin. */
static bool check_times(struct checker *c, struct way *way, const struct routing_visit *visit,
                        int64_t driving)
{
    const struct routing_stop *stop = &c->p->stops[visit->stop];
    int64_t resting = 0, length = c->vehicle->rest.length;

    if (visit->break_before && visit->arrival != way->time + driving) {
        if (!rest(c, way, way->time))
            return false;
        if (visit->arrival != c->route->break_begin + length + driving)
            return wrong(c, "stop %d: arrival does not follow from the break", visit->stop);
    } else if (visit->arrival != way->time + driving) {
        return wrong(c, "stop %d: arrival does not follow from the way", visit->stop);
    } else if (visit->break_before) {
        if (!rest(c, way, visit->arrival))
            return false;
        if (visit->begin < c->route->break_begin + length)
            return wrong(c, "stop %d: begins during the break", visit->stop);
        resting = length;
    }
    if (visit->wait < 0 || visit->begin != visit->arrival + resting + visit->wait)
        return wrong(c, "stop %d: begin is not arrival and waiting", visit->stop);
    if (visit->slack < 0)
        return wrong(c, "stop %d: negative slack", visit->stop);
    way->time = visit->begin + stop->service;
    return true;
}

static bool check_load(struct checker *c)
{
    int64_t over = 0;
    int reloads = 0;

    for (int d = 0; d < c->p->products; d++) {
        int64_t load = 0, delivered = 0;

        for (int k = 0; k <= c->route->visit_count; k++) {
            bool full = k == c->route->visit_count || c->route->visits[k].reload_before;

            if (full && load > c->vehicle->capacity[d])
                over += load - c->vehicle->capacity[d];
            if (k == c->route->visit_count)
                break;
            load = full ? 0 : load;
            load += c->p->stops[c->route->visits[k].stop].demand[d];
            delivered += c->p->stops[c->route->visits[k].stop].demand[d];
        }
        if (delivered != c->route->load[d])
            return wrong(c, "load of product %d is not what is delivered", d);
    }
    for (int k = 0; k < c->route->visit_count; k++)
        reloads += c->route->visits[k].reload_before;
    if (reloads != c->route->reloads || (reloads && c->vehicle->reload_time == ROUTING_NONE))
        return wrong(c, "reloads are not counted right, or not allowed");
    return holds(c, ROUTING_NONE, ROUTING_CAPACITY, over);
}

static bool check_frozen(struct checker *c)
{
    if (c->route->visit_count < c->vehicle->frozen_count)
        return wrong(c, "a frozen stop is missing");
    for (int k = 0; k < c->vehicle->frozen_count; k++)
        if (c->route->visits[k].stop != c->vehicle->frozen[k])
            return wrong(c, "frozen stop %d is not stop %d of the route", c->vehicle->frozen[k], k);
    return true;
}

static bool check_limits(struct checker *c, const struct way *way, int64_t distance)
{
    const struct routing_vehicle *v = c->vehicle;
    int64_t over = way->time - v->shift.close > 0 ? way->time - v->shift.close : 0;

    if (c->route->start < v->shift.open)
        return wrong(c, "leaves before the shift");
    if (v->rest.length && way->time > v->rest.to && !way->rested)
        return wrong(c, "no break");
    if (c->route->has_break != way->rested)
        return wrong(c, "the break is nowhere on the way");
    if (c->route->end != way->time || c->route->duration != way->time - c->route->start ||
        c->route->distance != distance)
        return wrong(c, "end, duration or distance do not follow from the visits");
    return holds(c, ROUTING_NONE, ROUTING_SHIFT, over + way->break_late) &&
           holds(c, ROUTING_NONE, ROUTING_DURATION,
                 v->max_duration == ROUTING_NO_LIMIT ? 0 : c->route->duration - v->max_duration) &&
           holds(c, ROUTING_NONE, ROUTING_DISTANCE,
                 v->max_distance == ROUTING_NO_LIMIT ? 0 : distance - v->max_distance) &&
           holds(c, ROUTING_NONE, ROUTING_STOPS, (int64_t)c->route->visit_count - v->max_stops);
}

static bool price_route(struct checker *c)
{
    const struct routing_vehicle *v = c->vehicle;
    int64_t hours = c->route->duration < 1000000 ? c->route->duration : 1000000;
    int64_t exact = c->route->distance * v->cost_per_km * 18 +
                    c->route->duration * v->cost_per_hour * 5 + v->cost_fixed * 18000 +
                    hours * hours / 720 * c->p->balance_price;

    if (exact != c->route->exact_cost)
        return wrong(c, "costs %" PRId64 ", not %" PRId64, exact, c->route->exact_cost);
    c->money += exact;
    for (int k = 0; k < c->route->visit_count; k++) {
        int announced = c->p->stops[c->route->visits[k].stop].announced_vehicle;

        if (announced != ROUTING_NONE && announced != c->route->vehicle)
            c->money += c->p->change_price * 18000;
    }
    return true;
}

static bool check_route(struct checker *c)
{
    struct way way = {.site = c->vehicle->start_site, .time = c->route->start};
    int64_t distance = 0, driving;

    if (!check_frozen(c))
        return false;
    for (int k = 0; k < c->route->visit_count; k++) {
        const struct routing_visit *visit = &c->route->visits[k];

        if (!check_stop(c, k))
            return false;
        driving = drive(c, &way, c->p->stops[visit->stop].site, visit->reload_before, &distance);
        if (!check_times(c, &way, visit, driving) || !check_window(c, visit))
            return false;
        way.site = c->p->stops[visit->stop].site;
        if (k + 1 == c->vehicle->frozen_count && c->vehicle->frozen_until != ROUTING_NONE)
            way.time = c->vehicle->frozen_until;
        if (visit->departure != way.time)
            return wrong(c, "stop %d: departure does not follow", visit->stop);
    }
    driving = drive(c, &way, c->vehicle->end_site, false, &distance);
    if (c->route->has_break && !way.rested) {
        int64_t home = c->route->break_begin + c->vehicle->rest.length;

        if (!rest(c, &way, way.time))
            return false;
        way.time = c->route->end == home ? home : home + driving;
    } else {
        way.time += driving;
    }
    return check_limits(c, &way, distance) && check_load(c) && price_route(c);
}

static bool check_left_out(struct checker *c)
{
    for (int k = 0; k < c->plan->left_out_count; k++) {
        const struct routing_left_out *out = &c->plan->left_out[k];

        if (out->stop < 0 || out->stop >= c->p->stop_count || c->seen[out->stop]++)
            return wrong(c, "left out stop %d is served or listed twice", out->stop);
        if (c->p->stops[out->stop].locked_vehicle != ROUTING_NONE)
            return wrong(c, "locked stop %d is left out", out->stop);
        if (out->reason != ROUTING_FITS && out->amount <= 0)
            return wrong(c, "stop %d is left out without an amount", out->stop);
        if (c->p->stops[out->stop].leave_out_price != ROUTING_NONE)
            c->money += c->p->stops[out->stop].leave_out_price * 18000;
    }
    for (int s = 0; s < c->p->stop_count; s++)
        if (!c->seen[s])
            return wrong(c, "stop %d is neither served nor left out", s);
    return true;
}

bool checker_accepts(const struct routing_problem *p, const struct routing_plan *plan,
                     struct routing_error *fault)
{
    struct checker c = {.p = p, .plan = plan, .fault = fault};
    int *seen = calloc((size_t)p->stop_count + 1, sizeof(*seen));
    int last = -1;
    bool ok = seen != NULL;

    c.seen = seen;
    for (int r = 0; ok && r < plan->route_count; r++) {
        const struct routing_route *route = &plan->routes[r];

        if (route->vehicle <= last || route->vehicle >= p->vehicle_count || !route->visit_count) {
            ok = wrong(&c, "route %d: no vehicle of its own, or empty", r);
            break;
        }
        last = route->vehicle;
        c.route = route;
        c.vehicle = &p->vehicles[route->vehicle];
        ok = check_route(&c);
    }
    c.route = NULL;
    ok = ok && check_left_out(&c);
    if (ok && (c.money != plan->exact_cost || plan->cost != (c.money + 9000) / 18000))
        ok = wrong(&c, "the plan costs %" PRId64 ", not %" PRId64, c.money, plan->exact_cost);
    free(seen);
    return ok;
}
