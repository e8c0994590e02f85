/* route_offer.c - what one more order would cost on each open route, and where it would stand: shown before anything is decided (B9, D4). */
#include "base/text.h"
#include "dispatch.h"

/* An order tried on a route: the engine puts it in where that is cheapest and breaks nothing, the other stops left in their order. */
struct trial {
    struct plan_problem problem; /* the route's stops, then the order */
    size_t *order;               /* the route as it is */
    size_t count;
    struct plan before, after;
    bool fits;
    int64_t position; /* from 1 */
};

static bool try_order(struct call *c, const struct route_frame *frame,
                      const struct stop_places_list *rows, struct id order_id, struct trial *trial)
{
    struct stop_places_list all = {.items =
                                       arena_array(c->arena, struct stop_places, rows->count + 1)};
    struct plan_stop *stops;

    for (size_t i = 0; i < rows->count; i++)
        all.items[all.count++] = rows->items[i];
    all.items[all.count++] = (struct stop_places){.order_id = order_id};
    *trial = (struct trial){.problem = route_problem(c, frame, &all, WAYS_TO_LAST),
                            .order = plan_as_it_stands(c->arena, all.count),
                            .count = rows->count};
    stops = arena_array(c->arena, struct plan_stop, all.count);
    for (size_t i = 0; i < all.count; i++)
        stops[i] = trial->problem.stops[i];
    stops[rows->count].vehicle = stops[rows->count].position = 0;
    trial->problem.stops = stops;
    if (has_failed(c) ||
        !plan_price(c->arena, &trial->problem, trial->order, trial->count, &trial->before) ||
        !plan_complete(c->arena, &trial->problem, trial->order, trial->count, &trial->after) ||
        trial->after.routes == NULL)
        return false;
    for (size_t i = 0; i < trial->after.routes[0].count; i++)
        if (trial->after.routes[0].stops[i] == rows->count) {
            trial->fits = true;
            trial->position = (int64_t)i + 1;
        }
    return true;
}

int64_t route_best_place(struct call *c, const struct route_lock *route,
                         const struct stop_places_list *stops, struct id order_id)
{
    const struct route_frame frame = route_frame_of(route);
    struct trial trial;

    return try_order(c, &frame, stops, order_id, &trial) && trial.fits ? trial.position : 0;
}

static int64_t more(int64_t after, int64_t before)
{
    return after > before ? after - before : 0;
}

/* Where it fits nowhere: where it adds least, whatever it breaks, and the cheapest limit it would break. */
static void refuse_offer(struct call *c, const struct trial *trial, struct stop_offer *offer)
{
    const struct plan_stop *stop = &trial->problem.stops[trial->count];
    const struct plan_vehicle *vehicle = &trial->problem.vehicles[0];
    struct plan_way added;
    size_t driven = 0;
    int64_t seconds;

    for (size_t i = 0; i < trial->count; i++)
        if (trial->problem.stops[i].is_driven)
            driven = i + 1;
    offer->position =
        1 + (int64_t)plan_insert(&trial->problem, plan_ends_of(&trial->problem, vehicle),
                                 trial->order, trial->count, driven, trial->count, &added);
    offer->extra_distance_m = added.metres;
    seconds = added.seconds + stop->service_minutes * 60;
    offer->extra_minutes = (seconds + 59) / 60;
    offer->extra_cost = (offer->extra_distance_m * vehicle->cost.fen_per_km * 36 / 10 +
                         seconds * vehicle->cost.fen_per_hour) /
                            3600 +
                        (trial->count == 0 ? vehicle->cost.fen_per_vehicle : 0);
    offer->missing = property_list_of(c, stop->required & ~vehicle->properties);
    offer->unwanted = property_list_of(c, stop->forbidden & vehicle->properties);
    for (size_t i = 0; i < trial->after.left_out_count; i++) {
        const struct plan_left_out *out = &trial->after.left_out[i];

        if (out->stop == trial->count && out->reason != NULL) {
            offer->reason = routing_reason_of(out->reason);
            offer->has_amount = true;
            offer->amount = out->amount;
        }
    }
}

static void check_compartments(struct call *c, const struct offer_routes *route,
                               const struct trial *trial, struct id order_id,
                               struct stop_offer *offer)
{
    const struct compartments *compartments = &trial->problem.vehicles[0].compartments;
    struct compartment_excess excess;
    const struct plan_goods *goods;
    size_t count;

    if (compartments->count == 0)
        return;
    goods = load_of_route(c, route->route_id, (struct id_list){&order_id, 1}, &count);
    if (!load_fits(compartments, goods, count, &excess)) {
        offer->compartment = load_excess_text(c, compartments, &excess, goods, count);
        offer->fits = false;
    }
}

static struct stop_offer offer_of(struct call *c, const struct offer_routes *route,
                                  const struct plan_rates *rates, struct id order_id)
{
    const struct route_frame frame = {.depot_id = route->depot_id,
                                      .vehicle_id = route->vehicle_id,
                                      .driver_id = route->driver_id,
                                      .delivery_date = route->delivery_date,
                                      .capacity = route->capacity,
                                      .started_at = route->started_at,
                                      .end_depot_id = route->end_depot_id,
                                      .after_route_id = route->after_route_id,
                                      .rates = rates};
    struct stop_places_list rows = db_stop_places(c, .route_id = route->route_id);
    struct stop_offer offer = {.route_id = route->route_id,
                               .number = route->number,
                               .status = route->status,
                               .plate = route->plate,
                               .room = route->capacity,
                               .has_goods = true};
    struct route_short lacking;
    struct trial trial;

    if (!try_order(c, &frame, &rows, order_id, &trial))
        return offer;
    for (size_t i = 0; i <= trial.count; i++)
        offer.room -= trial.problem.stops[i].load;
    if (trial.fits) {
        offer.position = trial.position;
        offer.extra_distance_m = more(trial.after.distance_m, trial.before.distance_m);
        offer.extra_minutes = (more(trial.after.duration_s, trial.before.duration_s) + 59) / 60;
        offer.extra_cost = more(trial.after.routes[0].cost, trial.before.routes[0].cost);
    } else {
        refuse_offer(c, &trial, &offer);
    }
    if (route->status == ROUTE_STATUS_LOADED || route->status == ROUTE_STATUS_STARTED)
        offer.has_goods =
            !db_route_short(c, &lacking, .route_id = route->route_id, .order_id = order_id);
    offer.fits = trial.fits && offer.room >= 0 && offer.has_goods && trial.count < ROUTE_STOPS_MAX;
    check_compartments(c, route, &trial, order_id, &offer);
    return offer;
}

/* Offers that fit before those that do not, the cheapest first. */
static bool goes_before(const struct stop_offer *a, const struct stop_offer *b)
{
    return a->fits != b->fits ? a->fits : a->extra_cost < b->extra_cost;
}

int stop_offer(struct call *c, const struct stop_offer_request *request,
               struct stop_offer_reply *reply)
{
    struct offer_order order;
    struct offer_routes_list routes;
    struct plan_rates rates;

    if (!db_offer_order(c, &order, .order_id = request->order_id) ||
        !call_enter_branch(c, order.branch_id))
        return fail(c, ERROR_NOT_FOUND, NULL);
    routes = db_offer_routes(c, .of_branch_id = order.branch_id,
                             .delivery_date = request->delivery_date != 0 ? request->delivery_date
                                                                          : order.delivery_date);
    rates = plan_rates_of(c);
    reply->offers.items = arena_array(c->arena, struct stop_offer, routes.count + 1);
    for (size_t i = 0; i < routes.count; i++) {
        struct stop_offer offer = offer_of(c, &routes.items[i], &rates, request->order_id);
        size_t at = reply->offers.count++;

        for (; at > 0 && goes_before(&offer, &reply->offers.items[at - 1]); at--)
            reply->offers.items[at] = reply->offers.items[at - 1];
        reply->offers.items[at] = offer;
    }
    reply->travel = ways_travel(rates.ways);
    reply->travel_note = ways_note(c, rates.ways);
    return has_failed(c) ? -1 : 0;
}
