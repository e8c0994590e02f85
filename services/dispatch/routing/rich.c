/* rich.c - simulated annealing over rich routes: violations of locks first, then the cost. */
#include "rich.h"
#include "cooling.h"

/* Temperatures in 1024ths of the mean cost of serving a stop. A warm search is not much colder: where vehicles are full, one stop more or
 * elsewhere moves many others before it costs no vehicle. */
#define HOT 300
#define HOT_WARM 80
#define COLD 2

/* Stops taken out in a turn, on average; more in a warm search, which is short. */
#define REMOVED 10
#define REMOVED_WARM 15

/* Locked stops of a start for which vehicles may change their routes. */
#define EXCHANGED_MOST 8

static void put_if_free(struct rich *rich, int route, int stop)
{
    if (rich->route_of[stop] == ROUTING_NONE)
        rich_put(rich, route, rich->routes[route].count, stop);
}

static void take_all(struct rich *rich, int route, int from)
{
    while (rich->routes[route].count > from)
        rich_take(rich, rich->routes[route].stops[rich->routes[route].count - 1]);
    rich_refresh(rich, route);
}

static bool may_follow(const struct rich *rich, int route, int stop, bool keep_order)
{
    return rich->route_of[stop] == ROUTING_NONE &&
           (keep_order || rich_may_serve(rich, route, stop));
}

/* Stop by stop, those left out that break a limit where they stand. */
static void follow_stops(struct rich *rich, int v, const int32_t *stops, int count)
{
    for (int k = 0; k < count; k++) {
        int64_t violation = rich->routes[v].value.violation;

        if (!may_follow(rich, v, stops[k], false))
            continue;
        put_if_free(rich, v, stops[k]);
        if (rich->p->stops[stops[k]].locked_vehicle != v &&
            rich->routes[v].value.violation > violation)
            take_all(rich, v, rich->routes[v].count - 1);
    }
}

/* What the start plan says, as far as locks, vehicles and limits allow it: whole routes if they
 * hold (on the way they may not, without the triangle inequality), else as many stops as do. */
static void follow_start(struct rich *rich, const struct routing_start *start, bool keep_order)
{
    for (int v = 0; v < rich->p->vehicle_count; v++) {
        const int32_t *stops = &start->stops[start->first[v]];
        int count = start->first[v + 1] - start->first[v], before = rich->routes[v].count;
        int64_t violation = rich->routes[v].value.violation;

        for (int k = 0; k < count; k++)
            if (may_follow(rich, v, stops[k], keep_order))
                put_if_free(rich, v, stops[k]);
        if (keep_order || rich->routes[v].value.violation <= violation)
            continue;
        take_all(rich, v, before);
        follow_stops(rich, v, stops, count);
    }
}

/* A stop that a start plan lacks and that is locked to a vehicle far away would drag that one there; another may drive its route. */
static void change_vehicles(struct rich *rich)
{
    int left = EXCHANGED_MOST;

    for (int k = 0; k < rich->focus_count && left > 0; k++)
        if (rich->p->stops[rich->focus[k]].locked_vehicle != ROUTING_NONE) {
            rich_exchange_for(rich, rich->focus[k]);
            left--;
        }
}

void rich_load(struct rich *rich, const struct routing_start *start, bool keep_order)
{
    const struct routing_problem *p = rich->p;

    rich->cost = rich->violation = 0;
    for (int s = 0; s < p->stop_count; s++)
        rich->cost += rich->price[s];
    for (int v = 0; v < p->vehicle_count; v++)
        for (int k = 0; k < p->vehicles[v].frozen_count; k++)
            put_if_free(rich, v, p->vehicles[v].frozen[k]);
    if (start)
        follow_start(rich, start, keep_order);
    rich->absent_count = rich->removed_count = 0;
    for (int s = 0; s < p->stop_count; s++)
        if (rich->route_of[s] == ROUTING_NONE)
            rich->absent[rich->absent_count++] = s;
    for (int k = 0; start && k < rich->absent_count; k++)
        rich->focus[rich->focus_count++] = rich->absent[k];
    if (!keep_order) {
        change_vehicles(rich);
        rich_recreate(rich);
    }
    rich_commit(rich);
}

static int64_t absence(const struct rich *rich, const int32_t *absent, int count)
{
    int64_t sum = 0;

    for (int k = 0; k < count; k++)
        if (rich->p->stops[absent[k]].leave_out_price == ROUTING_NONE)
            sum += (int64_t)(rich->often[absent[k]] + 1) *
                   (rich->p->stops[absent[k]].priority * 8 + 1);
    return sum;
}

static bool is_accepted(struct rich *rich, int64_t violation, int64_t cost, int64_t temperature)
{
    if (rich->violation != violation)
        return rich->violation < violation;
    if (rich->absent_count || rich->saved_absent_count) {
        bool fewer = absence(rich, rich->absent, rich->absent_count) <
                     absence(rich, rich->saved_absent, rich->saved_absent_count);

        for (int k = 0; k < rich->absent_count; k++)
            rich->often[rich->absent[k]]++;
        if (fewer)
            return true;
    }
    return rich->cost < cost + random_tolerance(rich->random, temperature);
}

struct best {
    int64_t violation, cost;
    int32_t *stops, *first;
};

static void keep_best(const struct rich *rich, struct best *best)
{
    int written = 0;

    best->violation = rich->violation;
    best->cost = rich->cost;
    for (int v = 0; v < rich->p->vehicle_count; v++) {
        best->first[v] = written;
        copy_indices(&best->stops[written], rich->routes[v].stops, rich->routes[v].count);
        written += rich->routes[v].count;
    }
    best->first[rich->p->vehicle_count] = written;
}

static void bring_back(struct rich *rich, const struct best *best)
{
    const struct routing_problem *p = rich->p;

    for (int s = 0; s < p->stop_count; s++)
        rich->route_of[s] = ROUTING_NONE;
    rich->used = 0;
    for (int v = 0; v < p->vehicle_count; v++) {
        struct rich_route *route = &rich->routes[v];

        route->count = 0;
        rich_refresh(rich, v);
        for (int k = best->first[v]; k < best->first[v + 1]; k++)
            rich_put(rich, v, route->count, best->stops[k]);
    }
    rich->absent_count = 0;
    for (int s = 0; s < p->stop_count; s++)
        if (rich->route_of[s] == ROUTING_NONE)
            rich->absent[rich->absent_count++] = s;
    rich->cost = best->cost;
    rich->violation = best->violation;
}

static int64_t mean_cost(const struct rich *rich)
{
    int64_t sum = 0;
    int served = 1;

    for (int v = 0; v < rich->p->vehicle_count; v++) {
        sum += rich->routes[v].value.cost;
        served += rich->routes[v].count;
    }
    return sum / served;
}

static void turn(struct rich *rich, int64_t temperature)
{
    int64_t violation = rich->violation, cost = rich->cost;

    rich_ruin(rich);
    rich_recreate(rich);
    if (is_accepted(rich, violation, cost, temperature)) {
        rich_commit(rich);
        return;
    }
    rich_undo(rich);
    rich->violation = violation;
    rich->cost = cost;
}

void rich_search(struct rich *rich, struct effort *effort, bool warm)
{
    const struct routing_problem *p = rich->p;
    struct cooling c;
    int64_t mean = mean_cost(rich);
    struct best best = {.stops = memory_new((size_t)p->stop_count, sizeof(int32_t)),
                        .first = memory_new((size_t)p->vehicle_count + 1, sizeof(int32_t))};

    rich->removed_on_average = warm ? REMOVED_WARM : REMOVED;
    cooling_init(&c, (mean * (warm ? HOT_WARM : HOT)) << 6, (mean * COLD) << 6, effort->spent,
                 effort->total - effort->spent);
    keep_best(rich, &best);
    while (p->stop_count && !effort_is_over(effort, best.cost)) {
        rich->work = 20;
        cooling_update(&c, effort->spent);
        turn(rich, c.temperature);
        if (rich->violation < best.violation ||
            (rich->violation == best.violation && rich->cost < best.cost))
            keep_best(rich, &best);
        effort->spent += rich->work;
    }
    bring_back(rich, &best);
    memory_free(best.stops);
    memory_free(best.first);
}
