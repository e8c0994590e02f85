/* plan_solve.c - plans by the routing engine: searched for, priced, and held against what the engine was not told. */
#include "base/text.h"
#include "plan_engine.h"
#include "plan_stock.h"

enum { SEED = 1 };

struct listener {
    const struct plan_effort *effort;
};

static bool tell(void *context, int permille, int64_t cost)
{
    const struct plan_effort *effort = ((struct listener *)context)->effort;

    return effort->progress(effort->context, permille, cost / ROUTING_EXACT);
}

/* Where a search begins: the routes stops are on, in the order of their places. */
static bool start_of(struct arena *arena, const struct plan_problem *problem,
                     struct routing_start *start)
{
    int32_t *stops = arena_array(arena, int32_t, problem->stop_count + 1);
    int32_t *first = arena_array(arena, int32_t, problem->vehicle_count + 2);
    size_t count = 0;

    for (size_t v = 0; v < problem->vehicle_count; v++) {
        first[v] = (int32_t)count;
        for (size_t i = 0; i < problem->stop_count; i++) {
            size_t at = count;

            if (problem->stops[i].vehicle != v + 1)
                continue;
            for (; at > (size_t)first[v] &&
                   problem->stops[stops[at - 1]].position > problem->stops[i].position;
                 at--)
                stops[at] = stops[at - 1];
            stops[at] = (int32_t)i;
            count++;
        }
    }
    first[problem->vehicle_count] = (int32_t)count;
    *start = (struct routing_start){stops, first};
    return count > 0;
}

static bool search(struct arena *arena, const struct plan_problem *problem,
                   const struct plan_loads *loads, const struct routing_travel *travel,
                   const struct plan_effort *effort, struct plan *plan, const char **wrong)
{
    struct engine_input input = engine_input(arena, problem, loads);
    struct listener listener = {effort};
    struct routing_start start;
    struct routing_options options = {.seed = SEED,
                                      .effort =
                                          routing_effort(&input.problem, effort->milliseconds),
                                      .limit_ms = effort->limit_ms,
                                      .progress = effort->progress == NULL ? NULL : tell,
                                      .context = &listener};

    input.problem.travel.distance = travel->distance;
    input.problem.travel.duration = travel->duration;
    options.start = start_of(arena, problem, &start) ? &start : NULL;
    return engine_run(arena, problem, &input, &options, plan, wrong);
}

/* Stops that a vehicle cannot hold beside those before it; what is kept comes first and stays. `lines` of `products` are on the worst route:
 * how much products repeat. */
static size_t find_unheld(struct arena *arena, const struct plan_problem *problem,
                          const struct plan *plan, struct plan_left_out *unheld, size_t *lines,
                          size_t *products)
{
    size_t count = 0;

    *lines = 0;
    *products = 1;
    for (size_t v = 0; v < problem->vehicle_count; v++) {
        const struct plan_route *route = &plan->routes[v];
        struct plan_hold hold;
        size_t before = count;

        plan_hold_init(arena, &hold, &problem->vehicles[v]);
        for (size_t i = 0; i < route->count; i++)
            if (problem->stops[route->stops[i]].vehicle == v + 1)
                plan_hold_add(arena, &hold, &problem->stops[route->stops[i]]);
        for (size_t i = 0; i < route->count; i++) {
            const struct plan_stop *stop = &problem->stops[route->stops[i]];
            struct plan_left_out out = {.stop = route->stops[i], .vehicle = v + 1};

            if (route->visits[i].reload_before)
                plan_hold_init(arena, &hold, &problem->vehicles[v]);

            if (stop->vehicle == v + 1)
                continue;
            if (plan_hold_takes(&hold, stop, &out.reason, &out.amount))
                plan_hold_add(arena, &hold, stop);
            else
                unheld[count++] = out;
        }
        if (count > before && hold.product_count > 0 &&
            (*lines == 0 || hold.lines * *products < *lines * hold.product_count)) {
            *lines = hold.lines;
            *products = hold.product_count;
        }
    }
    return count;
}

/* The plan without some of its stops, priced again. */
static bool leave_out(struct arena *arena, const struct plan_problem *problem,
                      const struct engine_input *input, const struct plan_left_out *unheld,
                      size_t count, struct plan *plan)
{
    int32_t *stops = arena_array(arena, int32_t, problem->stop_count + 1);
    int32_t *first = arena_array(arena, int32_t, problem->vehicle_count + 2);
    bool *is_out = arena_array(arena, bool, problem->stop_count + 1);
    struct routing_start start = {stops, first};
    const struct routing_options options = {.seed = SEED, .start = &start, .keep_order = true};
    struct plan without;
    const char *wrong;
    int32_t kept = 0;

    for (size_t i = 0; i < count; i++)
        is_out[unheld[i].stop] = true;
    for (size_t v = 0; v < problem->vehicle_count; v++) {
        first[v] = kept;
        for (size_t i = 0; i < plan->routes[v].count; i++)
            if (!is_out[plan->routes[v].stops[i]])
                stops[kept++] = (int32_t)plan->routes[v].stops[i];
    }
    first[problem->vehicle_count] = kept;
    if (!engine_run(arena, problem, input, &options, &without, &wrong))
        return false;
    for (size_t i = 0; i < without.left_out_count; i++)
        for (size_t k = 0; k < count; k++)
            if (without.left_out[i].stop == unheld[k].stop)
                without.left_out[i] = unheld[k];
    without.effort = plan->effort;
    without.stopped_early = plan->stopped_early;
    *plan = without;
    return true;
}

/* Where the last trip of a vehicle begins. */
static size_t last_trip(const struct plan_route *route)
{
    size_t at = route->count;

    while (at > 0 && !route->visits[at - 1].reload_before)
        at--;
    return at > 0 ? at - 1 : 0;
}

/* The engine adds up what is over in each of its figures, which overlap: of the vehicle it names, this is the largest. */
static void weigh_left_out(struct arena *arena, const struct plan_problem *problem,
                           struct plan *plan)
{
    for (size_t i = 0; i < plan->left_out_count; i++) {
        struct plan_left_out *out = &plan->left_out[i];
        const struct plan_route *route = &plan->routes[out->vehicle > 0 ? out->vehicle - 1 : 0];
        struct plan_hold hold;
        const char *reason;
        int64_t amount;

        if (out->vehicle == 0 || !text_equal(out->reason, "capacity"))
            continue;
        plan_hold_init(arena, &hold, &problem->vehicles[out->vehicle - 1]);
        for (size_t k = last_trip(route); k < route->count; k++)
            plan_hold_add(arena, &hold, &problem->stops[route->stops[k]]);
        if (!plan_hold_takes(&hold, &problem->stops[out->stop], &reason, &amount) &&
            text_equal(reason, "capacity"))
            out->amount = amount;
    }
}

bool plan_solve(struct arena *arena, const struct plan_problem *problem,
                const struct plan_effort *effort, struct plan *plan, const char **wrong)
{
    struct plan_left_out *unheld =
        arena_array(arena, struct plan_left_out, problem->stop_count + 1);
    struct engine_input input;
    struct plan_loads loads;
    size_t count, lines, products;

    plan_loads(arena, problem, &loads);
    input = engine_input(arena, problem, &loads);
    engine_travel(arena, problem, NULL, 0, &input);
    if (!search(arena, problem, &loads, &input.problem.travel, effort, plan, wrong))
        return false;
    count = find_unheld(arena, problem, plan, unheld, &lines, &products);
    if (count > 0 && lines > 0 && text_equal(unheld[0].reason, "products")) {
        int64_t most = (int64_t)problem->vehicles[unheld[0].vehicle - 1].products_max;

        plan_loads_count_products(problem, &loads, most * (int64_t)lines / (int64_t)products);
        if (!search(arena, problem, &loads, &input.problem.travel, effort, plan, wrong))
            return false;
        count = find_unheld(arena, problem, plan, unheld, &lines, &products);
    }
    if (count > 0 && !leave_out(arena, problem, &input, unheld, count, plan))
        return false;
    weigh_left_out(arena, problem, plan);
    return true;
}

static bool follow(struct arena *arena, const struct plan_problem *problem, const size_t *order,
                   size_t count, bool keeps_order, struct plan *plan)
{
    int32_t *stops = arena_array(arena, int32_t, count + 1);
    int32_t *first = arena_array(arena, int32_t, problem->vehicle_count + 1);
    struct routing_start start = {stops, first};
    const struct routing_options options = {
        .seed = SEED, .start = &start, .keep_order = keeps_order};
    struct engine_input input;
    struct plan_loads loads;
    const char *wrong;

    for (size_t i = 0; i < count; i++)
        stops[i] = (int32_t)order[i];
    for (size_t v = 1; v <= problem->vehicle_count; v++)
        first[v] = (int32_t)count;
    plan_loads(arena, problem, &loads);
    input = engine_input(arena, problem, &loads);
    engine_travel(arena, problem, order, count, &input);
    return engine_run(arena, problem, &input, &options, plan, &wrong);
}

bool plan_price(struct arena *arena, const struct plan_problem *problem, const size_t *order,
                size_t count, struct plan *plan)
{
    return follow(arena, problem, order, count, true, plan);
}

bool plan_complete(struct arena *arena, const struct plan_problem *problem, const size_t *order,
                   size_t count, struct plan *plan)
{
    return follow(arena, problem, order, count, false, plan);
}

int64_t plan_effort_of(const struct plan_problem *problem, int64_t milliseconds)
{
    struct arena arena;
    struct plan_loads loads;
    struct engine_input input;
    int64_t effort;

    arena_init(&arena);
    plan_loads(&arena, problem, &loads);
    input = engine_input(&arena, problem, &loads);
    effort = routing_effort(&input.problem, milliseconds);
    arena_release(&arena);
    return effort;
}

static bool has_places(const struct plan_problem *problem)
{
    if (!problem->depot.is_known)
        return false;
    for (size_t i = 0; i < problem->stop_count; i++)
        if (problem->stops[i].place.is_known)
            return true;
    return false;
}

void plan_routes(struct arena *arena, const struct plan_problem *problem, struct plan *plan)
{
    enum { MILLISECONDS = 50, LIMIT = 400 };
    const struct plan_effort effort = {.milliseconds = MILLISECONDS, .limit_ms = LIMIT};
    const char *wrong;

    if (problem->stop_count > PLAN_STOPS_AT_ONCE || !has_places(problem) ||
        !plan_solve_stocked(arena, problem, &effort, plan, &wrong))
        plan_nearest(arena, problem, plan);
}
