/* rich_state.c - routes of all kinds of vehicles that can be taken back to a turn's start. */
#include "rich.h"

#include <stdlib.h>
#include <string.h>

#define NEAR 50
#define CACHE_MAX (1 << 18) /* places remembered */
#define LEGS_MAX 2500       /* sites */

struct ranked {
    int64_t key;
    int32_t stop;
};

static int by_key(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;

    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return (x->stop > y->stop) - (x->stop < y->stop);
}

/* Whether some vehicle begins or ends as near as `way`. */
static bool is_by_depot(const struct routing_problem *p, int stop, int64_t way)
{
    int site = p->stops[stop].site;

    for (int v = 0; v < p->vehicle_count; v++)
        if (p->travel.distance[rich_arc(p, p->vehicles[v].start_site, site)] <= way ||
            p->travel.distance[rich_arc(p, site, p->vehicles[v].end_site)] <= way)
            return true;
    return false;
}

static void build_legs(struct rich *rich)
{
    const struct routing_travel *travel = &rich->p->travel;

    if (travel->sites > LEGS_MAX)
        return;
    rich->legs = memory_new((size_t)travel->sites * (size_t)travel->sites, sizeof(*rich->legs));
    for (int i = 0; i < travel->sites; i++) {
        for (int j = 0; j < travel->sites; j++) {
            size_t there = rich_arc(rich->p, i, j), back = rich_arc(rich->p, j, i);

            rich->legs[there] = (struct rich_legs){travel->distance[there], travel->distance[back],
                                                   travel->duration[there], travel->duration[back]};
        }
    }
}

static void build_near(struct rich *rich)
{
    const struct routing_problem *p = rich->p;
    struct ranked *ranked = memory_new((size_t)p->stop_count, sizeof(*ranked));

    rich->near_count = p->stop_count - 1 < NEAR ? p->stop_count - 1 : NEAR;
    if (rich->near_count < 0)
        rich->near_count = 0;
    rich->near = memory_new((size_t)p->stop_count * (size_t)rich->near_count, sizeof(int32_t));
    rich->is_by_depot = memory_new((size_t)p->stop_count, sizeof(bool));
    for (int i = 0; i < p->stop_count; i++) {
        int count = 0;

        for (int j = 0; j < p->stop_count; j++) {
            size_t there = rich_arc(p, p->stops[i].site, p->stops[j].site);
            size_t back = rich_arc(p, p->stops[j].site, p->stops[i].site);
            int64_t way = p->travel.distance[there] < p->travel.distance[back]
                              ? p->travel.distance[there]
                              : p->travel.distance[back];

            if (j != i)
                ranked[count++] = (struct ranked){way, j};
        }
        qsort(ranked, (size_t)count, sizeof(*ranked), by_key);
        for (int k = 0; k < rich->near_count; k++)
            rich->near[i * rich->near_count + k] = ranked[k].stop;
        rich->is_by_depot[i] =
            is_by_depot(p, i, rich->near_count ? ranked[rich->near_count - 1].key : INT64_MAX);
    }
    memory_free(ranked);
}

/* The most one stop can cost to serve: what must be served is dearer left out. */
static int64_t dearest(const struct routing_problem *p)
{
    int64_t metres = 0, seconds = 0, most = 0, price = 0;
    size_t cells = (size_t)p->travel.sites * (size_t)p->travel.sites;

    for (size_t k = 0; k < cells; k++) {
        metres = p->travel.distance[k] > metres ? p->travel.distance[k] : metres;
        seconds = p->travel.duration[k] > seconds ? p->travel.duration[k] : seconds;
    }
    for (int s = 0; s < p->stop_count; s++)
        price = p->stops[s].leave_out_price > price ? p->stops[s].leave_out_price : price;
    for (int v = 0; v < p->vehicle_count; v++) {
        const struct routing_vehicle *a = &p->vehicles[v];
        int64_t span = (int64_t)a->shift.close - a->shift.open;
        int64_t cost = metres * 4 * a->cost_per_km * 18 +
                       (seconds * 4 + span) * a->cost_per_hour * 5 + a->cost_fixed * ROUTING_EXACT;

        span = span < 1000000 ? span : 1000000;
        cost += (span * span / 720 + 1) * p->balance_price;
        most = cost > most ? cost : most;
    }
    return most + (price + p->change_price) * ROUTING_EXACT + 1;
}

static bool vehicles_are_same(const struct routing_problem *p, int a, int b)
{
    const struct routing_vehicle *x = &p->vehicles[a], *y = &p->vehicles[b];

    return !memcmp(x->capacity, y->capacity, sizeof(int32_t) * (size_t)p->products) &&
           x->properties == y->properties && x->start_site == y->start_site &&
           x->end_site == y->end_site && !memcmp(&x->shift, &y->shift, sizeof(x->shift)) &&
           !memcmp(&x->rest, &y->rest, sizeof(x->rest)) && x->max_duration == y->max_duration &&
           x->max_distance == y->max_distance && x->max_stops == y->max_stops &&
           x->reload_time == y->reload_time && x->cost_per_km == y->cost_per_km &&
           x->cost_per_hour == y->cost_per_hour && x->cost_fixed == y->cost_fixed &&
           !x->frozen_count && !y->frozen_count;
}

static void make_room(struct rich_route *route, int count, bool labels)
{
    if (count <= route->room)
        return;
    route->room = count * 2 + 8;
    route->stops = memory_grow(route->stops, (size_t)route->room, sizeof(*route->stops));
    if (!labels)
        return;
    route->labels = memory_grow(route->labels, (size_t)route->room, sizeof(*route->labels));
    route->gaps = memory_grow(route->gaps, (size_t)route->room + 1, sizeof(*route->gaps));
}

static void build_vehicles(struct rich *rich)
{
    const struct routing_problem *p = rich->p;

    for (int v = 0; v < p->vehicle_count; v++) {
        make_room(&rich->routes[v], 1, true);
        make_room(&rich->saved[v], 1, false);
        rich->same_as[v] = v;
        for (int w = 0; w < v && !p->change_price; w++) {
            if (rich->same_as[w] == w && vehicles_are_same(p, w, v)) {
                rich->same_as[v] = w;
                break;
            }
        }
        for (int k = 0; k < p->vehicles[v].frozen_count; k++)
            rich->frozen_on[p->vehicles[v].frozen[k]] = v;
    }
}

void rich_init(struct rich *rich, const struct routing_problem *p, struct random *random,
               bool searches)
{
    size_t stops = (size_t)p->stop_count + 1, vehicles = (size_t)p->vehicle_count;
    int64_t dear = dearest(p);

    memset(rich, 0, sizeof(*rich));
    rich->p = p;
    rich->random = random;
    rich->routes = memory_new(vehicles, sizeof(*rich->routes));
    rich->saved = memory_new(vehicles, sizeof(*rich->saved));
    rich->saved_routes = memory_new(vehicles, sizeof(int32_t));
    rich->same_as = memory_new(vehicles, sizeof(int32_t));
    rich->route_of = memory_new(stops, sizeof(int32_t));
    rich->pos_of = memory_new(stops, sizeof(int32_t));
    rich->frozen_on = memory_new(stops, sizeof(int32_t));
    rich->price = memory_new(stops, sizeof(int64_t));
    rich->removed = memory_new(stops, sizeof(int32_t));
    rich->absent = memory_new(stops, sizeof(int32_t));
    rich->saved_absent = memory_new(stops, sizeof(int32_t));
    rich->often = memory_new(stops, sizeof(int32_t));
    rich->focus = memory_new(stops, sizeof(int32_t));
    rich->keys = memory_new(stops, sizeof(int64_t));
    rich->sequence = memory_new(stops + 1, sizeof(int32_t));
    rich->reload_from = memory_new(stops + 1, sizeof(int32_t));
    rich->reload_cost = memory_new(stops + 1, sizeof(int64_t));
    rich->bounds = memory_new(stops + 1, sizeof(int64_t));
    rich->reload = memory_new(stops + 1, sizeof(bool));
    rich->rests = memory_new(stops + 1, sizeof(*rich->rests));
    for (int s = 0; s < p->stop_count; s++) {
        const struct routing_stop *stop = &p->stops[s];

        rich->frozen_on[s] = rich->route_of[s] = ROUTING_NONE;
        rich->price[s] = stop->leave_out_price == ROUTING_NONE
                             ? dear * (stop->priority + 1)
                             : stop->leave_out_price * ROUTING_EXACT;
    }
    build_vehicles(rich);
    if (!searches)
        return;
    build_near(rich);
    build_legs(rich);
    rich->looked_at = memory_new(vehicles * 2, sizeof(uint32_t));
    rich->cache_count = stops * vehicles < CACHE_MAX ? stops * vehicles : CACHE_MAX;
    rich->cache = memory_new(rich->cache_count, sizeof(*rich->cache));
    for (int v = 0; v < p->vehicle_count; v++)
        rich_refresh(rich, v);
}

void rich_release(struct rich *rich)
{
    for (int v = 0; v < rich->p->vehicle_count; v++) {
        memory_free(rich->routes[v].stops);
        memory_free(rich->routes[v].labels);
        memory_free(rich->routes[v].gaps);
        memory_free(rich->saved[v].stops);
    }
    memory_free(rich->routes);
    memory_free(rich->saved);
    memory_free(rich->saved_routes);
    memory_free(rich->same_as);
    memory_free(rich->route_of);
    memory_free(rich->pos_of);
    memory_free(rich->frozen_on);
    memory_free(rich->price);
    memory_free(rich->removed);
    memory_free(rich->absent);
    memory_free(rich->saved_absent);
    memory_free(rich->often);
    memory_free(rich->focus);
    memory_free(rich->keys);
    memory_free(rich->sequence);
    memory_free(rich->reload_from);
    memory_free(rich->reload_cost);
    memory_free(rich->bounds);
    memory_free(rich->reload);
    memory_free(rich->rests);
    memory_free(rich->near);
    memory_free(rich->is_by_depot);
    memory_free(rich->legs);
    memory_free(rich->looked_at);
    memory_free(rich->cache);
}

/* The latest begin of service up to `time`. */
static int64_t latest_begin(const struct routing_stop *stop, int64_t time)
{
    for (int w = stop->window_count - 1; w >= 0; w--)
        if (time >= stop->windows[w].open)
            return time < stop->windows[w].close ? time : stop->windows[w].close;
    return stop->window_count ? RICH_LONG_AGO : time;
}

static void find_gaps(struct rich *rich, int r)
{
    const struct routing_problem *p = rich->p;
    const struct routing_vehicle *v = &p->vehicles[r];
    struct rich_route *route = &rich->routes[r];
    int64_t latest = v->shift.close;
    int to = v->end_site;

    for (int k = route->count; k >= 0; k--) {
        int from = k ? p->stops[route->stops[k - 1]].site : v->start_site;
        size_t arc = rich_arc(p, from, to);

        route->gaps[k] = (struct rich_gap){k ? route->labels[k - 1].due.time : v->shift.open,
                                           latest,
                                           from,
                                           to,
                                           p->travel.distance[arc],
                                           p->travel.duration[arc]};
        if (k)
            latest = latest_begin(&p->stops[route->stops[k - 1]],
                                  latest - p->travel.duration[arc] -
                                      p->stops[route->stops[k - 1]].service);
        to = from;
    }
}

void rich_refresh(struct rich *rich, int r)
{
    struct rich_route *route = &rich->routes[r];
    const struct routing_problem *p = rich->p;

    rich->cost -= route->value.cost;
    rich->violation -= route->value.violation;
    route->value = rich_evaluate(rich, r, route->stops, route->count, route->labels);
    rich->cost += route->value.cost;
    rich->violation += route->value.violation;
    route->version = ++rich->version;
    if (rich->legs)
        find_gaps(rich, r);
    route->has_positions = false;
    memset(route->load, 0, sizeof(route->load));
    for (int k = 0; k < route->count; k++) {
        const struct routing_stop *stop = &p->stops[route->stops[k]];

        rich->route_of[route->stops[k]] = r;
        rich->pos_of[route->stops[k]] = k;
        route->has_positions |= stop->locked_position != ROUTING_NONE;
        for (int d = 0; d < p->products; d++)
            route->load[d] += stop->demand[d];
    }
}

void rich_save(struct rich *rich, int r)
{
    struct rich_route *route = &rich->routes[r], *copy = &rich->saved[rich->saved_count];

    if (route->saved)
        return;
    route->saved = true;
    make_room(copy, route->count, false);
    copy->count = route->count;
    copy->version = route->version;
    copy_indices(copy->stops, route->stops, route->count);
    rich->saved_routes[rich->saved_count++] = r;
}

void rich_commit(struct rich *rich)
{
    for (int k = 0; k < rich->saved_count; k++)
        rich->routes[rich->saved_routes[k]].saved = false;
    rich->saved_count = 0;
}

void rich_undo(struct rich *rich)
{
    for (int k = 0; k < rich->removed_count; k++)
        rich->route_of[rich->removed[k]] = ROUTING_NONE;
    for (int k = 0; k < rich->saved_count; k++) {
        struct rich_route *route = &rich->routes[rich->saved_routes[k]];
        const struct rich_route *copy = &rich->saved[k];

        rich->used += (copy->count > 0) - (route->count > 0);
        make_room(route, copy->count, true);
        route->count = copy->count;
        copy_indices(route->stops, copy->stops, copy->count);
        rich_refresh(rich, rich->saved_routes[k]);
        route->version = copy->version;
    }
    copy_indices(rich->absent, rich->saved_absent, rich->saved_absent_count);
    rich->absent_count = rich->saved_absent_count;
    rich_commit(rich);
}

/* Out of its route; the route's value is refreshed by the caller when all are out. */
void rich_take(struct rich *rich, int stop)
{
    int r = rich->route_of[stop], pos = 0;
    struct rich_route *route = &rich->routes[r];

    while (route->stops[pos] != stop)
        pos++;
    rich->cost += rich->price[stop] - rich_change_cost(rich, r, stop);
    copy_indices(&route->stops[pos], &route->stops[pos + 1], route->count - pos - 1);
    rich->used -= --route->count == 0;
    rich->route_of[stop] = ROUTING_NONE;
}

void rich_put(struct rich *rich, int r, int pos, int stop)
{
    struct rich_route *route = &rich->routes[r];

    make_room(route, route->count + 1, true);
    copy_indices(&route->stops[pos + 1], &route->stops[pos], route->count - pos);
    route->stops[pos] = stop;
    rich->used += route->count++ == 0;
    rich->cost += rich_change_cost(rich, r, stop) - rich->price[stop];
    rich_refresh(rich, r);
}
