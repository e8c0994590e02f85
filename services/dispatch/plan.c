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

size_t plan_depot_site(const struct plan_problem *problem, size_t depot)
{
    return depot == 0 ? 0 : problem->stop_count + depot;
}

struct plan_ends plan_ends_of(const struct plan_problem *problem,
                              const struct plan_vehicle *vehicle)
{
    return (struct plan_ends){plan_depot_site(problem, vehicle->start_depot),
                              plan_depot_site(problem, vehicle->end_depot)};
}

int64_t plan_place_key(const struct plan_place *place)
{
    const int64_t metre = 100 /* of 1e-7 degrees */, pole = 900000000, date_line = 1800000000,
                  columns = 1 << 26;
    int64_t key = 0;

    if (place->is_known)
        return (place->latitude_e7 + pole + metre / 2) / metre * columns +
               (place->longitude_e7 + date_line + metre / 2) / metre;
    for (size_t i = sizeof(place->id.bytes) - 8; i < sizeof(place->id.bytes); i++)
        key = (key & INT64_MAX >> 8) << 8 | place->id.bytes[i];
    return -1 - key;
}

/* A place that no way leads to: nobody knows where it is. */
static bool is_nowhere(const struct plan_problem *problem, size_t at, size_t site)
{
    return !plan_site(problem, site)->is_known && plan_way(problem, at, site).metres == 0;
}

int64_t plan_distance(const struct plan_problem *problem, struct plan_ends ends,
                      const size_t *order, size_t count)
{
    size_t at = ends.from;
    int64_t metres = 0;

    for (size_t i = 0; i < count; i++) {
        size_t next = order[i] + 1;

        if (is_nowhere(problem, at, next))
            continue;
        metres += plan_way(problem, at, next).metres;
        at = next;
    }
    return count == 0 ? 0 : metres + plan_way(problem, at, ends.to).metres;
}

/* For comparing only: with or without the detour, the nearest is the nearest. */
static int64_t farness(const struct plan_problem *problem, size_t from, size_t to)
{
    return problem->travel != NULL
               ? plan_way(problem, from, to).metres
               : plan_metres(*plan_site(problem, from), *plan_site(problem, to));
}

/* The nearest stop that is not taken; the first of equals. stop_count: none. */
static size_t nearest(const struct plan_problem *problem, const bool *is_taken, size_t at)
{
    size_t best = problem->stop_count;
    int64_t best_metres = INT64_MAX;

    for (size_t i = 0; i < problem->stop_count; i++) {
        int64_t metres = is_taken[i] ? INT64_MAX : farness(problem, at, i + 1);

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
    size_t at = ends.from;
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
        if (!is_nowhere(problem, at, next + 1))
            at = next + 1;
    }
    route->distance_m = plan_distance(problem, ends, route->stops, route->count);
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

/* What one site more between two others adds. */
static struct plan_way detour(const struct plan_problem *problem, size_t from, size_t over,
                              size_t to)
{
    struct plan_way in = plan_way(problem, from, over), out = plan_way(problem, over, to),
                    gone = plan_way(problem, from, to);
    int64_t metres = in.metres + out.metres - gone.metres,
            seconds = in.seconds + out.seconds - gone.seconds;

    /* roundings of three ways may leave a metre less than nothing */
    return (struct plan_way){metres > 0 ? metres : 0, seconds > 0 ? seconds : 0};
}

size_t plan_insert(const struct plan_problem *problem, struct plan_ends ends, const size_t *order,
                   size_t count, size_t driven, size_t stop, struct plan_way *added)
{
    size_t best = count;

    *added = (struct plan_way){0, 0};
    if (is_nowhere(problem, ends.from, stop + 1))
        return best;
    added->metres = INT64_MAX;
    for (size_t at = driven; at <= count; at++) {
        size_t from = ends.from, to = ends.to;
        struct plan_way way;

        for (size_t i = at; i > 0 && from == ends.from; i--)
            if (!is_nowhere(problem, stop + 1, order[i - 1] + 1))
                from = order[i - 1] + 1;
        for (size_t i = at; i < count && to == ends.to; i++)
            if (!is_nowhere(problem, stop + 1, order[i] + 1))
                to = order[i] + 1;
        way = detour(problem, from, stop + 1, to);
        if (way.metres < added->metres) {
            best = at;
            *added = way;
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

void plan_order(struct arena *arena, const struct plan_problem *problem, const bool *is_pinned,
                size_t *order)
{
    bool *is_taken = arena_array(arena, bool, problem->stop_count + 1);
    size_t at = 0;

    for (size_t i = 0; i < problem->stop_count; i++)
        is_taken[i] = is_pinned[i];
    for (size_t i = 0; i < problem->stop_count; i++) {
        order[i] = is_pinned[i] ? i : nearest(problem, is_taken, at);
        is_taken[order[i]] = true;
        if (!is_nowhere(problem, at, order[i] + 1))
            at = order[i] + 1;
    }
}
