/* plan_engine.c - a plan's problem as the routing engine takes it, and its answer as a plan. */
#include "plan_engine.h"

enum { MINUTE = 60, DAY = 86400 };

_Static_assert((int)PLAN_FIGURES_MAX == (int)ROUTING_PRODUCTS_MAX, "the engine's figures");

/* The engine's properties: the classes of products that a vehicle carries, ours, the depot it starts from; the last one: it is loaded already. */
#define CLOSED (UINT64_C(1) << 63)

_Static_assert(PLAN_CLASSES_MAX + PLAN_PROPERTIES_MAX + PLAN_DEPOTS_MAX <= 63,
               "the engine's properties");

static uint64_t properties(uint64_t ours)
{
    return (ours & ((UINT64_C(1) << PLAN_PROPERTIES_MAX) - 1)) << PLAN_CLASSES_MAX;
}

static uint64_t depots(uint8_t ours)
{
    return (uint64_t)ours << (PLAN_CLASSES_MAX + PLAN_PROPERTIES_MAX);
}

static int32_t at_most(int64_t value, int64_t most)
{
    return (int32_t)(value < 0 ? 0 : value < most ? value : most);
}

static int64_t scale_of(const struct plan_problem *problem)
{
    int64_t largest = 0, scale = 1;

    for (size_t i = 0; i < problem->stop_count; i++)
        if (problem->stops[i].load > largest)
            largest = problem->stops[i].load;
    for (size_t v = 0; v < problem->vehicle_count; v++)
        if (problem->vehicles[v].capacity > largest)
            largest = problem->vehicles[v].capacity;
    while (largest / scale >= ROUTING_AMOUNT_MAX)
        scale *= 10;
    return scale;
}

/* As the crow flies, and the detour that roads make. */
static struct plan_way measured(const struct plan_problem *problem, size_t from, size_t to)
{
    const struct plan_place *here = plan_site(problem, from), *there = plan_site(problem, to);
    struct routing_speed speed = {.up_to = ROUTING_AMOUNT_MAX,
                                  .metres_per_hour =
                                      at_most(problem->rates.speed_kmh * 1000, INT32_MAX)};
    int32_t metres;

    if (!here->is_known || !there->is_known)
        return (struct plan_way){0, 0};
    metres = routing_great_circle(
        (int32_t)(here->longitude_e7 / 10), (int32_t)(here->latitude_e7 / 10),
        (int32_t)(there->longitude_e7 / 10), (int32_t)(there->latitude_e7 / 10),
        (int32_t)problem->rates.detour_percent * 10);
    return (struct plan_way){metres, routing_travel_time(&speed, 1, metres)};
}

struct plan_way plan_way(const struct plan_problem *problem, size_t from, size_t to)
{
    size_t cell = from * plan_sites(problem) + to;

    if (from == to)
        return (struct plan_way){0, 0};
    if (problem->travel == NULL)
        return measured(problem, from, to);
    return (struct plan_way){problem->travel->metres[cell], problem->travel->seconds[cell]};
}

void plan_measure(const struct plan_problem *problem, int32_t *metres, int32_t *seconds)
{
    size_t sites = plan_sites(problem);

    for (size_t i = 0; i < sites; i++)
        for (size_t k = i + 1; k < sites; k++) {
            const struct plan_way way = measured(problem, i, k);

            metres[i * sites + k] = metres[k * sites + i] = (int32_t)way.metres;
            seconds[i * sites + k] = seconds[k * sites + i] = (int32_t)way.seconds;
        }
}

static void measure(struct arena *arena, const struct plan_problem *problem,
                    struct routing_travel *travel)
{
    size_t sites = plan_sites(problem);
    int32_t *metres = arena_array(arena, int32_t, sites * sites);
    int32_t *seconds = arena_array(arena, int32_t, sites * sites);

    plan_measure(problem, metres, seconds);
    travel->distance = metres;
    travel->duration = seconds;
}

static struct routing_stop engine_stop(struct arena *arena, const struct plan_problem *problem,
                                       const struct plan_loads *loads, size_t index, int64_t scale)
{
    const struct plan_stop *stop = &problem->stops[index];
    bool is_kept = stop->is_pinned || stop->is_kept || stop->is_driven;
    struct routing_window *windows =
        arena_array(arena, struct routing_window, stop->window_count + 1);
    struct routing_stop taken;
    int64_t demand[PLAN_FIGURES_MAX];

    for (size_t i = 0; i < stop->window_count; i++)
        windows[i] = (struct routing_window){at_most(stop->windows[i].from_minute * MINUTE, DAY),
                                             at_most(stop->windows[i].to_minute * MINUTE, DAY)};
    taken = (struct routing_stop){
        .site = (int32_t)index + 1,
        .service = at_most(stop->service_minutes * MINUTE, DAY),
        .windows = windows,
        .window_count = (int32_t)stop->window_count,
        .leave_out_price = stop->may_be_left_out && !is_kept ? stop->leave_out_price : ROUTING_NONE,
        .priority = at_most(stop->priority, 9),
        .required = plan_loads_of(loads, stop, demand) | properties(stop->required),
        .forbidden = properties(stop->forbidden) | depots(stop->not_from),
        .locked_vehicle = is_kept ? (int32_t)stop->vehicle - 1 : ROUTING_NONE,
        .locked_position =
            stop->is_pinned && !stop->is_driven ? (int32_t)stop->position - 1 : ROUTING_NONE,
        .announced_vehicle = stop->is_announced ? (int32_t)stop->vehicle - 1 : ROUTING_NONE};
    if (stop->vehicle == 0 || !problem->vehicles[stop->vehicle - 1].is_closed)
        taken.forbidden |= CLOSED;
    for (size_t i = 0; i < loads->figure_count; i++)
        taken.demand[i] =
            at_most(i == loads->lines_figure && i > 0 ? demand[i] : (demand[i] + scale - 1) / scale,
                    ROUTING_AMOUNT_MAX);
    return taken;
}

/* The stops a vehicle has been at, in the order of their places on it. */
static int32_t driven_stops(const struct plan_problem *problem, size_t vehicle, int32_t *stops)
{
    int32_t count = 0;

    for (size_t i = 0; i < problem->stop_count; i++) {
        const struct plan_stop *stop = &problem->stops[i];
        int32_t at = count;

        if (!stop->is_driven || stop->vehicle != vehicle + 1)
            continue;
        for (; at > 0 && problem->stops[stops[at - 1]].position > stop->position; at--)
            stops[at] = stops[at - 1];
        stops[at] = (int32_t)i;
        count++;
    }
    return count;
}

static struct routing_window shift_of(const struct plan_vehicle *vehicle,
                                      const struct plan_rates *rates)
{
    bool has_shift = vehicle->shift_to > 0;
    int32_t from = at_most((has_shift ? vehicle->shift_from : rates->shift_from) * MINUTE, DAY),
            to = at_most((has_shift ? vehicle->shift_to : rates->shift_to) * MINUTE, DAY),
            left = at_most(vehicle->left_at, DAY);

    from = left > from ? left : from;
    return (struct routing_window){from, to > from ? to : from};
}

static int32_t limit(int64_t value)
{
    return value > 0 ? at_most(value, ROUTING_AMOUNT_MAX) : ROUTING_NO_LIMIT;
}

static struct routing_vehicle engine_vehicle(struct arena *arena,
                                             const struct plan_problem *problem,
                                             const struct plan_loads *loads, size_t index,
                                             int64_t scale)
{
    const struct plan_vehicle *vehicle = &problem->vehicles[index];
    const struct plan_rates *rates = &problem->rates;
    const struct plan_cost *cost = vehicle->has_cost ? &vehicle->cost : &rates->cost;
    int32_t *driven = arena_array(arena, int32_t, problem->stop_count + 1);
    int32_t driven_count = driven_stops(problem, index, driven);
    struct routing_vehicle taken = {
        .properties = loads->carries[index] | properties(vehicle->properties) |
                      depots((uint8_t)(1U << vehicle->start_depot)) |
                      (vehicle->is_closed ? CLOSED : 0),
        .start_site = (int32_t)plan_depot_site(problem, vehicle->start_depot),
        .end_site = (int32_t)plan_depot_site(problem, vehicle->end_depot),
        .shift = shift_of(vehicle, rates),
        .rest = {at_most(vehicle->rest_from * MINUTE, DAY), at_most(vehicle->rest_to * MINUTE, DAY),
                 at_most(vehicle->rest_minutes * MINUTE, DAY)},
        .max_duration = limit(vehicle->max_minutes * MINUTE),
        .max_distance = limit(vehicle->max_distance_m),
        .max_stops = at_most((int64_t)vehicle->stops_max, ROUTING_STOPS_MAX),
        .reload_time =
            vehicle->may_reload ? at_most(vehicle->reload_minutes * MINUTE, DAY) : ROUTING_NONE,
        .cost_per_km = cost->fen_per_km,
        .cost_per_hour = cost->fen_per_hour,
        .cost_fixed = cost->fen_per_vehicle,
        .frozen = driven,
        .frozen_count = driven_count,
        .frozen_until = driven_count > 0 && vehicle->driven_until > 0
                            ? at_most(vehicle->driven_until, DAY)
                            : ROUTING_NONE};

    for (size_t i = 0; i < loads->figure_count; i++) {
        int64_t capacity = loads->capacities[index * PLAN_FIGURES_MAX + i];

        taken.capacity[i] = at_most(i == loads->lines_figure && i > 0 ? capacity : capacity / scale,
                                    ROUTING_AMOUNT_MAX);
    }
    return taken;
}

struct engine_input engine_input(struct arena *arena, const struct plan_problem *problem,
                                 const struct plan_loads *loads)
{
    size_t sites = plan_sites(problem);
    struct routing_stop *stops = arena_array(arena, struct routing_stop, sites);
    struct routing_vehicle *vehicles =
        arena_array(arena, struct routing_vehicle, problem->vehicle_count + 1);
    struct engine_input input = {.scale = scale_of(problem)};

    for (size_t i = 0; i < problem->stop_count; i++)
        stops[i] = engine_stop(arena, problem, loads, i, input.scale);
    for (size_t v = 0; v < problem->vehicle_count; v++)
        vehicles[v] = engine_vehicle(arena, problem, loads, v, input.scale);
    input.problem = (struct routing_problem){.travel = {.sites = (int32_t)sites,
                                                        .distance_cells = sites * sites,
                                                        .duration_cells = sites * sites},
                                             .products = (int32_t)loads->figure_count,
                                             .stop_count = (int32_t)problem->stop_count,
                                             .vehicle_count = (int32_t)problem->vehicle_count,
                                             .stops = stops,
                                             .vehicles = vehicles,
                                             .balance_price = problem->balance_price,
                                             .change_price = problem->change_price};
    return input;
}

/* What nobody knows of the ways of a site is as with another. */
static void put_beside(size_t sites, size_t site, size_t other, const struct routing_travel *known,
                       int32_t *metres, int32_t *seconds)
{
    for (size_t i = 0; i < sites; i++) {
        size_t cells[][2] = {{site * sites + i, other * sites + i},
                             {i * sites + site, i * sites + other}};

        for (size_t k = 0; k < 2 && i != site; k++) {
            if (known->distance[cells[k][0]] != 0 || known->duration[cells[k][0]] != 0)
                continue;
            metres[cells[k][0]] = metres[cells[k][1]];
            seconds[cells[k][0]] = seconds[cells[k][1]];
        }
    }
}

/* With no way at all a stop without coordinates would join far places for nothing. It is where the stop before it is, and where no order
 * is given, where vehicles start. */
static void place_unknown(struct arena *arena, const struct plan_problem *problem,
                          const size_t *order, size_t count, struct routing_travel *travel)
{
    size_t sites = plan_sites(problem), bytes = sites * sites * sizeof(int32_t), start = 0;
    size_t *beside = arena_array(arena, size_t, sites);
    int32_t *metres = arena_copy(arena, travel->distance, bytes);
    int32_t *seconds = arena_copy(arena, travel->duration, bytes);

    if (count > 0)
        start = plan_ends_of(problem, &problem->vehicles[0]).from;
    for (size_t site = 0; site < sites && !plan_site(problem, start)->is_known; site++)
        start = plan_site(problem, site)->is_known ? site : start;
    for (size_t site = 0; site < sites; site++)
        beside[site] = start;
    for (size_t i = 0; i < count; i++) {
        size_t site = order[i] + 1;

        beside[site] = start;
        start = plan_site(problem, site)->is_known ? site : start;
    }
    for (size_t site = 1; site <= problem->stop_count; site++)
        if (!plan_site(problem, site)->is_known)
            put_beside(sites, site, beside[site], travel, metres, seconds);
    travel->distance = metres;
    travel->duration = seconds;
}

void engine_travel(struct arena *arena, const struct plan_problem *problem, const size_t *order,
                   size_t count, struct engine_input *input)
{
    struct routing_travel *travel = &input->problem.travel;

    if (problem->travel == NULL) {
        measure(arena, problem, travel);
    } else {
        travel->distance = problem->travel->metres;
        travel->duration = problem->travel->seconds;
    }
    for (size_t i = 0; i < problem->stop_count; i++)
        if (!problem->stops[i].place.is_known) {
            place_unknown(arena, problem, order, count, travel);
            return;
        }
}

/* How far after the last of its windows that had begun a stop is served; the engine plans so only for locks. */
static int64_t lateness(const struct plan_stop *stop, int64_t begin)
{
    int64_t late = 0;

    for (size_t i = 0; i < stop->window_count; i++) {
        if (i > 0 && begin < stop->windows[i].from_minute * MINUTE)
            break;
        late = begin - stop->windows[i].to_minute * MINUTE;
    }
    return late > 0 ? late : 0;
}

static void take_route(struct arena *arena, const struct plan_problem *problem,
                       const struct routing_route *found, struct plan *plan)
{
    struct plan_route *route = &plan->routes[found->vehicle];
    size_t count = (size_t)found->visit_count;

    *route = (struct plan_route){.stops = arena_array(arena, size_t, count + 1),
                                 .count = count,
                                 .distance_m = found->distance,
                                 .visits = arena_array(arena, struct plan_visit, count + 1),
                                 .leaves = found->start,
                                 .back = found->end,
                                 .cost = found->exact_cost / ROUTING_EXACT};
    for (size_t i = 0; i < count; i++) {
        const struct routing_visit *visit = &found->visits[i];
        const struct plan_stop *stop = &problem->stops[visit->stop];

        route->stops[i] = (size_t)visit->stop;
        route->visits[i] =
            (struct plan_visit){visit->arrival,   visit->wait,  visit->begin,
                                visit->departure, visit->slack, visit->reload_before};
        route->load += stop->load;
        plan->late_s += lateness(stop, visit->begin);
    }
    plan->distance_m += found->distance;
    plan->duration_s += found->duration;
}

/* The engine says "price" where leaving it out was cheaper. */
static const char *reason_name(enum routing_reason reason)
{
    return reason == ROUTING_FITS ? "fits" : routing_reason_name(reason);
}

static void take_plan(struct arena *arena, const struct plan_problem *problem, int64_t scale,
                      const struct routing_plan *found, struct plan *plan)
{
    *plan = (struct plan){
        .routes = arena_array(arena, struct plan_route, problem->vehicle_count + 1),
        .left_out = arena_array(arena, struct plan_left_out, problem->stop_count + 1),
        .left_out_count = (size_t)found->left_out_count,
        .cost = found->cost,
        .effort = found->effort_used,
        .stopped_early = found->stopped_early,
        .broken = arena_array(arena, struct plan_broken, (size_t)found->broken_count + 1),
        .broken_count = (size_t)found->broken_count};
    for (int32_t i = 0; i < found->route_count; i++)
        take_route(arena, problem, &found->routes[i], plan);
    for (int32_t i = 0; i < found->left_out_count; i++) {
        const struct routing_left_out *out = &found->left_out[i];

        plan->left_out[i] = (struct plan_left_out){
            .stop = (size_t)out->stop,
            .reason = reason_name(out->reason),
            .amount = out->reason == ROUTING_CAPACITY ? out->amount * scale : out->amount,
            .vehicle = out->vehicle == ROUTING_NONE ? 0 : (size_t)out->vehicle + 1};
    }
    for (int32_t i = 0; i < found->broken_count; i++) {
        const struct routing_broken_lock *lock = &found->broken[i];

        plan->broken[i] = (struct plan_broken){
            .stop = lock->stop == ROUTING_NONE ? 0 : (size_t)lock->stop + 1,
            .vehicle = (size_t)lock->vehicle,
            .reason = reason_name(lock->reason),
            .amount = lock->reason == ROUTING_CAPACITY ? lock->amount * scale : lock->amount};
    }
}

bool engine_run(struct arena *arena, const struct plan_problem *problem,
                const struct engine_input *input, const struct routing_options *options,
                struct plan *plan, const char **wrong)
{
    struct routing_error error = {.text = ""};
    struct routing_plan *found = routing_solve(&input->problem, options, &error);

    if (found == NULL) {
        *wrong = arena_text(arena, error.text);
        return false;
    }
    take_plan(arena, problem, input->scale, found, plan);
    routing_plan_free(&found);
    return true;
}
