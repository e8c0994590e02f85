/* check.c - refuses problems that cannot be one, with the place and the reason. */
#include "routing.h"

#include <stdarg.h>
#include <stdio.h>

static bool fail(struct routing_error *error, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static bool fail(struct routing_error *error, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(error->text, sizeof(error->text), format, arguments);
    va_end(arguments);
    return false;
}

static bool is_amount(int64_t x)
{
    return x >= 0 && x <= ROUTING_AMOUNT_MAX;
}

/* Times may lie before the plan's day, but not far. */
static bool is_time(int64_t x)
{
    return x >= -ROUTING_AMOUNT_MAX && x <= ROUTING_AMOUNT_MAX;
}

#define MONEY_MAX 1000000000        /* ten million yuan: of one price */
#define SUM_MAX 4000000000000000000 /* of exact cost: every sum fits in 64 bits */

static bool is_price(int64_t x)
{
    return x >= 0 && x <= MONEY_MAX;
}

static bool check_travel(const struct routing_travel *t, struct routing_error *error)
{
    size_t cells;

    if (t->sites < 1 || t->sites > ROUTING_STOPS_MAX + ROUTING_VEHICLES_MAX * 2)
        return fail(error, "travel: %d sites", t->sites);
    cells = (size_t)t->sites * (size_t)t->sites;
    if (!t->distance || t->distance_cells != cells)
        return fail(error, "travel.distance: %zu cells instead of %zu", t->distance_cells, cells);
    if (!t->duration || t->duration_cells != cells)
        return fail(error, "travel.duration: %zu cells instead of %zu", t->duration_cells, cells);
    for (size_t k = 0; k < cells; k++) {
        if (!is_amount(t->distance[k]))
            return fail(error, "travel.distance[%zu]: %d is negative or too long", k,
                        t->distance[k]);
        if (!is_amount(t->duration[k]))
            return fail(error, "travel.duration[%zu]: %d is negative or too long", k,
                        t->duration[k]);
    }
    return true;
}

static bool check_windows(const struct routing_stop *s, int index, struct routing_error *error)
{
    if (s->window_count < 0 || s->window_count > ROUTING_WINDOWS_MAX ||
        (s->window_count && !s->windows))
        return fail(error, "stops[%d].windows: %d of them", index, s->window_count);
    for (int w = 0; w < s->window_count; w++) {
        if (!is_time(s->windows[w].open) || !is_time(s->windows[w].close))
            return fail(error, "stops[%d].windows[%d]: no time of this plan", index, w);
        if (s->windows[w].close < s->windows[w].open)
            return fail(error, "stops[%d].windows[%d]: closes before it opens", index, w);
        if (w && s->windows[w].open <= s->windows[w - 1].close)
            return fail(error, "stops[%d].windows[%d]: opens before the one before it closes",
                        index, w);
    }
    return true;
}

static bool check_stop(const struct routing_problem *p, int index, struct routing_error *error)
{
    const struct routing_stop *s = &p->stops[index];

    if (s->site < 0 || s->site >= p->travel.sites)
        return fail(error, "stops[%d].site: %d is no site", index, s->site);
    for (int d = 0; d < ROUTING_PRODUCTS_MAX; d++) {
        if (s->demand[d] < 0)
            return fail(error, "stops[%d].demand[%d]: negative", index, d);
        if (!is_amount(s->demand[d]) || (d >= p->products && s->demand[d]))
            return fail(error, "stops[%d].demand[%d]: too much, or no such product", index, d);
    }
    if (!is_amount(s->service))
        return fail(error, "stops[%d].service: %d seconds", index, s->service);
    if (s->leave_out_price != ROUTING_NONE && !is_price(s->leave_out_price))
        return fail(error, "stops[%d].leave_out_price: out of range", index);
    if (s->priority < 0 || s->priority > 9)
        return fail(error, "stops[%d].priority: not 0 to 9", index);
    if (s->locked_vehicle < ROUTING_NONE || s->locked_vehicle >= p->vehicle_count)
        return fail(error, "stops[%d].locked_vehicle: no such vehicle", index);
    if (s->announced_vehicle < ROUTING_NONE || s->announced_vehicle >= p->vehicle_count)
        return fail(error, "stops[%d].announced_vehicle: no such vehicle", index);
    if (s->locked_position < ROUTING_NONE || s->locked_position >= p->stop_count ||
        (s->locked_position >= 0 && s->locked_vehicle == ROUTING_NONE))
        return fail(error, "stops[%d].locked_position: not within the route of a locked vehicle",
                    index);
    return check_windows(s, index, error);
}

static bool check_limits(const struct routing_vehicle *v, int index, struct routing_error *error)
{
    const struct routing_break *b = &v->rest;

    if (!is_time(v->shift.open) || !is_time(v->shift.close) || v->shift.close < v->shift.open)
        return fail(error, "vehicles[%d].shift: ends before it begins", index);
    if (!is_amount(b->length) || !is_time(b->from) || !is_time(b->to) || b->to < b->from)
        return fail(error, "vehicles[%d].rest: ends before it begins", index);
    if (v->max_duration < 0 || v->max_distance < 0 || v->max_stops < 0)
        return fail(error, "vehicles[%d]: a negative limit", index);
    if (v->reload_time != ROUTING_NONE && !is_amount(v->reload_time))
        return fail(error, "vehicles[%d].reload_time: out of range", index);
    if (!is_price(v->cost_per_km) || !is_price(v->cost_per_hour) || !is_price(v->cost_fixed))
        return fail(error, "vehicles[%d]: a cost is negative or too high", index);
    return true;
}

static bool check_vehicle(const struct routing_problem *p, int index, struct routing_error *error)
{
    const struct routing_vehicle *v = &p->vehicles[index];

    if (v->start_site < 0 || v->start_site >= p->travel.sites || v->end_site < 0 ||
        v->end_site >= p->travel.sites)
        return fail(error, "vehicles[%d]: start or end is no site", index);
    for (int d = 0; d < p->products; d++)
        if (!is_amount(v->capacity[d]))
            return fail(error, "vehicles[%d].capacity[%d]: negative or too much", index, d);
    if (v->frozen_count < 0 || v->frozen_count > p->stop_count || (v->frozen_count && !v->frozen))
        return fail(error, "vehicles[%d].frozen: %d stops", index, v->frozen_count);
    if (v->frozen_until != ROUTING_NONE && (!is_time(v->frozen_until) || !v->frozen_count))
        return fail(error, "vehicles[%d].frozen_until: nothing is frozen, or no time", index);
    return check_limits(v, index, error);
}

/* Each stop is frozen at most once and not locked to another vehicle. */
static bool check_frozen(const struct routing_problem *p, struct routing_error *error)
{
    for (int v = 0; v < p->vehicle_count; v++) {
        const struct routing_vehicle *a = &p->vehicles[v];

        for (int k = 0; k < a->frozen_count; k++) {
            int stop = a->frozen[k];

            if (stop < 0 || stop >= p->stop_count)
                return fail(error, "vehicles[%d].frozen[%d]: no such stop", v, k);
            if (p->stops[stop].locked_vehicle != ROUTING_NONE && p->stops[stop].locked_vehicle != v)
                return fail(error, "vehicles[%d].frozen[%d]: locked to another vehicle", v, k);
            for (int w = 0; w <= v; w++)
                for (int m = 0; m < (w < v ? p->vehicles[w].frozen_count : k); m++)
                    if (p->vehicles[w].frozen[m] == stop)
                        return fail(error, "vehicles[%d].frozen[%d]: frozen twice", v, k);
        }
    }
    return true;
}

/* The most one stop can add, ten times over for priorities, for every stop, must fit. */
static bool check_sums(const struct routing_problem *p, struct routing_error *error)
{
    int64_t metres = 0, seconds = 0, kilometre = 0, hour = 0, fixed = 0, service = 0, price = 0;
    size_t cells = (size_t)p->travel.sites * (size_t)p->travel.sites;
    double most; /* an estimate to refuse by, never part of a plan */

    for (size_t k = 0; k < cells; k++) {
        metres = p->travel.distance[k] > metres ? p->travel.distance[k] : metres;
        seconds = p->travel.duration[k] > seconds ? p->travel.duration[k] : seconds;
    }
    for (int v = 0; v < p->vehicle_count; v++) {
        const struct routing_vehicle *a = &p->vehicles[v];

        kilometre = a->cost_per_km > kilometre ? a->cost_per_km : kilometre;
        hour = a->cost_per_hour > hour ? a->cost_per_hour : hour;
        fixed = a->cost_fixed > fixed ? a->cost_fixed : fixed;
        service = a->reload_time > service ? a->reload_time : service;
        seconds = a->rest.length > seconds ? a->rest.length : seconds;
    }
    for (int s = 0; s < p->stop_count; s++) {
        service = p->stops[s].service > service ? p->stops[s].service : service;
        price = p->stops[s].leave_out_price > price ? p->stops[s].leave_out_price : price;
    }
    most =
        ((double)metres * 18 * (double)kilometre + (double)(seconds + service) * 5 * (double)hour) *
            4 +
        (double)(fixed + price + p->change_price) * ROUTING_EXACT +
        (double)ROUTING_AMOUNT_MAX * 10 * (double)hour + (double)p->balance_price * 2e9;
    if (most * 10 * (p->stop_count + 1) > (double)SUM_MAX)
        return fail(error, "costs: too large to add up");
    return true;
}

bool routing_problem_check(const struct routing_problem *p, struct routing_error *error)
{
    if (p->vehicle_count < 1 || !p->vehicles)
        return fail(error, "vehicles: none");
    if (p->vehicle_count > ROUTING_VEHICLES_MAX)
        return fail(error, "vehicles: more than %d", ROUTING_VEHICLES_MAX);
    if (p->stop_count < 0 || p->stop_count > ROUTING_STOPS_MAX || (p->stop_count && !p->stops))
        return fail(error, "stops: %d", p->stop_count);
    if (p->products < 0 || p->products > ROUTING_PRODUCTS_MAX)
        return fail(error, "products: %d", p->products);
    if (!is_price(p->balance_price) || !is_price(p->change_price))
        return fail(error, "balance_price or change_price: negative or too high");
    if (!check_travel(&p->travel, error))
        return false;
    for (int s = 0; s < p->stop_count; s++)
        if (!check_stop(p, s, error))
            return false;
    for (int v = 0; v < p->vehicle_count; v++)
        if (!check_vehicle(p, v, error))
            return false;
    return check_frozen(p, error) && check_sums(p, error);
}
