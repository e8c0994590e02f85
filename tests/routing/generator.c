/* generator.c - makes up depots, vehicles and stops, feasible or not. */
#include "generator.h"

#include <stdlib.h>
#include <string.h>

int generated_below(uint64_t *state, int n)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (int)((*state >> 33) % (uint64_t)n);
}

static int below(uint64_t *state, int n)
{
    return generated_below(state, n);
}

static bool chance(uint64_t *state, int percent)
{
    return below(state, 100) < percent;
}

/* Places on a plane, asymmetric by up to a fifth, now and then without the triangle inequality. */
static void make_travel(struct generated *g, int sites, uint64_t *s)
{
    int x[GENERATED_STOPS + 3], y[GENERATED_STOPS + 3];
    bool skewed = chance(s, 50), wild = chance(s, 15);
    size_t cells = (size_t)sites * (size_t)sites;

    g->distance = calloc(cells, sizeof(int32_t));
    g->duration = calloc(cells, sizeof(int32_t));
    if (!g->distance || !g->duration)
        abort();
    for (int i = 0; i < sites; i++) {
        x[i] = below(s, 20000);
        y[i] = below(s, 20000);
    }
    for (int i = 0; i < sites; i++) {
        for (int j = 0; j < sites; j++) {
            int metres = abs(x[i] - x[j]) + abs(y[i] - y[j]);

            if (i != j && skewed)
                metres += below(s, metres / 5 + 1);
            if (i != j && wild && chance(s, 10))
                metres *= 4;
            g->distance[i * sites + j] = metres;
            g->duration[i * sites + j] = metres / 9;
        }
    }
    g->problem.travel = (struct routing_travel){sites, g->distance, g->duration, cells, cells};
}

static void make_windows(struct generated *g, int stop, bool several, uint64_t *s)
{
    int count = chance(s, 40) ? 0 : several ? 1 + below(s, 3) : 1;
    int from = below(s, 30000);

    for (int w = 0; w < count; w++) {
        g->windows[stop][w].open = from;
        g->windows[stop][w].close = from + below(s, 9000);
        from = g->windows[stop][w].close + 1 + below(s, 5000);
    }
    g->stops[stop].windows = g->windows[stop];
    g->stops[stop].window_count = count;
}

static void make_stops(struct generated *g, enum generated_kind kind, int depots, uint64_t *s)
{
    bool windows = kind != GENERATED_PLAIN || chance(s, 60), prices = chance(s, 50);

    for (int k = 0; k < g->problem.stop_count; k++) {
        struct routing_stop *stop = &g->stops[k];

        *stop = (struct routing_stop){.site = depots + k,
                                      .service = below(s, 900),
                                      .leave_out_price = ROUTING_NONE,
                                      .locked_vehicle = ROUTING_NONE,
                                      .locked_position = ROUTING_NONE,
                                      .announced_vehicle = ROUTING_NONE};
        for (int d = 0; d < g->problem.products; d++)
            stop->demand[d] = chance(s, 70) ? below(s, 40) : 0;
        if (windows)
            make_windows(g, k, kind != GENERATED_PLAIN, s);
        if (prices && chance(s, 40))
            stop->leave_out_price = below(s, 20000);
        if (kind == GENERATED_PLAIN)
            continue;
        stop->priority = below(s, 10);
        if (chance(s, 20))
            stop->required = 1ull << below(s, 3);
        if (chance(s, 10))
            stop->forbidden = 1ull << below(s, 3);
    }
}

static void make_vehicle(struct generated *g, struct routing_vehicle *v, enum generated_kind kind,
                         int depots, uint64_t *s)
{
    *v = (struct routing_vehicle){.shift = {0, 36000},
                                  .max_duration = ROUTING_NO_LIMIT,
                                  .max_distance = ROUTING_NO_LIMIT,
                                  .max_stops = ROUTING_NO_LIMIT,
                                  .reload_time = ROUTING_NONE,
                                  .cost_per_km = 200,
                                  .cost_fixed = 5000,
                                  .frozen_until = ROUTING_NONE};
    for (int d = 0; d < g->problem.products; d++)
        v->capacity[d] = 150;
    if (kind == GENERATED_PLAIN)
        return;
    for (int d = 0; d < g->problem.products; d++)
        v->capacity[d] = 60 + below(s, 200);
    v->properties = (uint64_t)below(s, 8);
    v->start_site = below(s, depots);
    v->end_site = below(s, depots);
    v->shift.open = below(s, 10000);
    v->shift.close = v->shift.open + 8000 + below(s, 30000);
    v->cost_per_km = 100 + below(s, 200);
    v->cost_per_hour = chance(s, 60) ? below(s, 6000) : 0;
    v->cost_fixed = below(s, 20000);
    if (chance(s, 50)) {
        v->rest.from = v->shift.open + below(s, 10000);
        v->rest.to = v->rest.from + below(s, 8000);
        v->rest.length = 1 + below(s, 2700);
    }
    if (chance(s, 30))
        v->max_duration = 5000 + below(s, 30000);
    if (chance(s, 30))
        v->max_distance = 20000 + below(s, 200000);
    if (chance(s, 30))
        v->max_stops = below(s, 12);
    if (chance(s, 40))
        v->reload_time = below(s, 1800);
}

static void make_locks(struct generated *g, uint64_t *s)
{
    int next = 0; /* frozen stops are taken from the first ones */

    for (int v = 0; v < g->problem.vehicle_count; v++) {
        struct routing_vehicle *vehicle = &g->vehicles[v];
        int count = chance(s, 30) ? 1 + below(s, 3) : 0;

        for (int k = 0; k < count && next < g->problem.stop_count; k++) {
            g->frozen[v][k] = next++;
            vehicle->frozen_count = k + 1;
        }
        vehicle->frozen = g->frozen[v];
        if (vehicle->frozen_count && chance(s, 50))
            vehicle->frozen_until = vehicle->shift.open + below(s, 12000);
    }
    for (int k = 0; k < g->problem.stop_count; k++) {
        struct routing_stop *stop = &g->stops[k];

        if (chance(s, 50))
            stop->announced_vehicle = below(s, g->problem.vehicle_count);
        if (k < next || !chance(s, 15))
            continue;
        stop->locked_vehicle = below(s, g->problem.vehicle_count);
        if (chance(s, 50))
            stop->locked_position = below(s, g->problem.stop_count < 5 ? g->problem.stop_count : 5);
    }
    g->problem.change_price = chance(s, 50) ? below(s, 3000) : 0;
}

void generated_init(struct generated *g, enum generated_kind kind, uint64_t seed)
{
    uint64_t state = seed * 2654435761u + 12345;
    int depots = kind == GENERATED_PLAIN ? 1 : 1 + below(&state, 3);

    memset(g, 0, sizeof(*g));
    g->problem.stops = g->stops;
    g->problem.vehicles = g->vehicles;
    g->problem.stop_count = 1 + below(&state, GENERATED_STOPS);
    g->problem.vehicle_count = 1 + below(&state, GENERATED_VEHICLES);
    g->problem.products = kind == GENERATED_PLAIN ? 1 : 1 + below(&state, 4);
    make_travel(g, depots + g->problem.stop_count, &state);
    make_stops(g, kind, depots, &state);
    for (int v = 0; v < g->problem.vehicle_count; v++)
        make_vehicle(g, &g->vehicles[v], kind, depots, &state);
    if (kind != GENERATED_PLAIN && chance(&state, 30))
        g->problem.balance_price = below(&state, 500);
    if (kind == GENERATED_LOCKED)
        make_locks(g, &state);
}

void generated_release(struct generated *g)
{
    free(g->distance);
    free(g->duration);
}
