/* plan.c - distances, time windows, and the nearest stop next, vehicle by vehicle. */
#include "plan_loads.h"

static double cosine(double radians)
{
    double square = radians * radians;

    return 1 - square / 2 * (1 - square / 12 * (1 - square / 30 * (1 - square / 56)));
}

static int64_t square_root(double value)
{
    double root = value > 1 ? value : 1;

    for (int i = 0; i < 64; i++) {
        double next = (root + value / root) / 2;

        if (next >= root)
            break;
        root = next;
    }
    return (int64_t)(root + 0.5);
}

/* On the plane that touches the earth between both places: right to a few metres within a city. */
int64_t plan_metres(struct plan_place from, struct plan_place to)
{
    const double radians = 3.14159265358979323846 / 180 / 1e7,
                 metres = 0.0111194926645; /* of 1e-7 degrees */
    double north, east;

    if (!from.is_known || !to.is_known ||
        (from.latitude_e7 == to.latitude_e7 && from.longitude_e7 == to.longitude_e7))
        return 0;
    north = (double)(to.latitude_e7 - from.latitude_e7) * metres;
    east = (double)(to.longitude_e7 - from.longitude_e7) * metres *
           cosine((double)(from.latitude_e7 + to.latitude_e7) / 2 * radians);
    return square_root(north * north + east * east);
}

int64_t plan_distance(struct plan_ends ends, const struct plan_stop *stops, const size_t *order,
                      size_t count)
{
    struct plan_place at = ends.from;
    int64_t metres = 0;

    for (size_t i = 0; i < count; i++) {
        struct plan_place next = stops[order[i]].place;

        metres += plan_metres(at, next);
        if (next.is_known)
            at = next;
    }
    return count == 0 ? 0 : metres + plan_metres(at, ends.to);
}

size_t plan_sites(const struct plan_problem *problem)
{
    return problem->stop_count + 1 + problem->more_count;
}

const struct plan_place *plan_site(const struct plan_problem *problem, size_t site)
{
    if (site == 0)
        return &problem->depot;
    return site <= problem->stop_count ? &problem->stops[site - 1].place
                                       : &problem->more_depots[site - 1 - problem->stop_count];
}

struct plan_ends plan_ends_of(const struct plan_problem *problem,
                              const struct plan_vehicle *vehicle)
{
    size_t stops = problem->stop_count, start = vehicle->start_depot, end = vehicle->end_depot;

    return (struct plan_ends){*plan_site(problem, start == 0 ? 0 : stops + start),
                              *plan_site(problem, end == 0 ? 0 : stops + end)};
}

/* The nearest stop that is not taken; the first of equals. stop_count: none. */
static size_t nearest(const struct plan_problem *problem, const bool *is_taken,
                      struct plan_place at)
{
    size_t best = problem->stop_count;
    int64_t best_metres = INT64_MAX;

    for (size_t i = 0; i < problem->stop_count; i++) {
        int64_t metres = is_taken[i] ? INT64_MAX : plan_metres(at, problem->stops[i].place);

        if (metres < best_metres) {
            best = i;
            best_metres = metres;
        }
    }
    return best;
}

size_t plan_windows(struct plan_window *windows, size_t count)
{
    size_t kept = 0;

    for (size_t i = 0; i < count; i++) {
        struct plan_window window = windows[i];
        size_t at = kept;

        if (window.from_minute > window.to_minute)
            continue;
        for (; at > 0 && windows[at - 1].from_minute > window.from_minute; at--)
            windows[at] = windows[at - 1];
        windows[at] = window;
        kept++;
    }
    count = kept;
    kept = count > 0 ? 1 : 0;
    for (size_t i = 1; i < count; i++) {
        if (windows[i].from_minute > windows[kept - 1].to_minute)
            windows[kept++] = windows[i];
        else if (windows[i].to_minute > windows[kept - 1].to_minute)
            windows[kept - 1].to_minute = windows[i].to_minute;
    }
    return kept;
}

/* One vehicle's tour; what it cannot hold is passed over. */
static void fill_route(struct arena *arena, const struct plan_problem *problem,
                       const struct plan_vehicle *vehicle, bool *is_taken, bool *is_passed,
                       struct plan_route *route)
{
    const struct plan_ends ends = plan_ends_of(problem, vehicle);
    struct plan_place at = ends.from;
    struct plan_hold hold;
    const char *reason;
    int64_t amount;
    size_t next;

    plan_hold_init(arena, &hold, vehicle);
    for (size_t i = 0; i < problem->stop_count; i++)
        is_passed[i] = is_taken[i];
    while (route->count < vehicle->stops_max &&
           (next = nearest(problem, is_passed, at)) < problem->stop_count) {
        is_passed[next] = true;
        if (!plan_hold_takes(&hold, &problem->stops[next], &reason, &amount))
            continue;
        plan_hold_add(arena, &hold, &problem->stops[next]);
        is_taken[next] = true;
        route->stops[route->count++] = next;
        route->load += problem->stops[next].load;
        if (problem->stops[next].place.is_known)
            at = problem->stops[next].place;
    }
    route->distance_m = plan_distance(ends, problem->stops, route->stops, route->count);
}

void plan_nearest(struct arena *arena, const struct plan_problem *problem, struct plan *plan)
{
    bool *is_taken = arena_array(arena, bool, problem->stop_count + 1);
    bool *is_passed = arena_array(arena, bool, problem->stop_count + 1);

    *plan = (struct plan){
        .routes = arena_array(arena, struct plan_route, problem->vehicle_count + 1),
        .left_out = arena_array(arena, struct plan_left_out, problem->stop_count + 1)};
    for (size_t v = 0; v < problem->vehicle_count; v++) {
        plan->routes[v].stops = arena_array(arena, size_t, problem->vehicles[v].stops_max + 1);
        fill_route(arena, problem, &problem->vehicles[v], is_taken, is_passed, &plan->routes[v]);
    }
    for (size_t i = 0; i < problem->stop_count; i++)
        if (!is_taken[i])
            plan->left_out[plan->left_out_count++] = (struct plan_left_out){.stop = i};
}

size_t plan_insert(struct plan_ends ends, const struct plan_stop *stops, const size_t *order,
                   size_t count, size_t driven, struct plan_place place, int64_t *metres)
{
    size_t best = count;

    *metres = place.is_known ? INT64_MAX : 0;
    for (size_t at = driven; place.is_known && at <= count; at++) {
        struct plan_place from = ends.from, to = ends.to;
        int64_t added;

        for (size_t i = at; i > 0 && !(from = stops[order[i - 1]].place).is_known; i--)
            from = ends.from;
        for (size_t i = at; i < count && !(to = stops[order[i]].place).is_known; i++)
            to = ends.to;
        if (!from.is_known)
            from = ends.from;
        if (!to.is_known)
            to = ends.to;
        added = plan_metres(from, place) + plan_metres(place, to) - plan_metres(from, to);
        if (added < *metres) {
            best = at;
            *metres =
                added > 0
                    ? added
                    : 0; /* roundings of three distances may leave a metre less than nothing */
        }
    }
    return best;
}

size_t *plan_as_it_stands(struct arena *arena, size_t count)
{
    size_t *order = arena_array(arena, size_t, count + 1);

    for (size_t i = 0; i < count; i++)
        order[i] = i;
    return order;
}

void plan_order(struct arena *arena, struct plan_place depot, const struct plan_stop *stops,
                const bool *is_pinned, size_t count, size_t *order)
{
    bool *is_taken = arena_array(arena, bool, count + 1);
    struct plan_problem problem = {.depot = depot, .stops = stops, .stop_count = count};
    struct plan_place at = depot;

    for (size_t i = 0; i < count; i++)
        is_taken[i] = is_pinned[i];
    for (size_t i = 0; i < count; i++) {
        order[i] = is_pinned[i] ? i : nearest(&problem, is_taken, at);
        is_taken[order[i]] = true;
        if (stops[order[i]].place.is_known)
            at = stops[order[i]].place;
    }
}
