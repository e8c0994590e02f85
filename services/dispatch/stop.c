/* stop.c - the dispatcher adds, moves and pins stops; once the goods are on the truck, only what is on it and not driven. */
#include "dispatch.h"

int64_t stops_write(struct call *c, const struct route_lock *route,
                    const struct stop_places_list *stops)
{
    const struct plan_stop *places = plan_stops_on(c, stops);
    int64_t distance;

    for (size_t i = 0; i < stops->count; i++)
        db_stop_place_at(c, .stop_id = stops->items[i].stop_id, .route_id = route->route_id,
                         .position = (int64_t)i + 1);
    distance = route_length(c, route->depot_id, route->end_depot_id, places, stops->count);
    db_route_set_distance(c, .route_id = route->route_id, .distance_m = distance);
    if (route->status != ROUTE_STATUS_DRAFT)
        route_schedule(c, route, stops);
    return distance;
}

/* The list without the stop, which is given back where it was in it; false when it was not. */
static bool take_out(struct stop_places_list *stops, struct id stop_id, struct stop_places *taken)
{
    for (size_t i = 0; i < stops->count; i++)
        if (id_equal(stops->items[i].stop_id, stop_id)) {
            *taken = stops->items[i];
            stops->count--;
            for (size_t k = i; k < stops->count; k++)
                stops->items[k] = stops->items[k + 1];
            return true;
        }
    return false;
}

/* The list with the stop at the position (from 1; 0 or beyond: the end). */
static struct stop_places_list put_in(struct call *c, struct stop_places_list stops,
                                      const struct stop_places *stop, int64_t position, int64_t *at)
{
    struct stop_places_list list = {.items =
                                        arena_array(c->arena, struct stop_places, stops.count + 1)};
    size_t place =
        position > 0 && (size_t)position <= stops.count ? (size_t)position - 1 : stops.count;

    for (size_t i = 0; i <= stops.count; i++)
        list.items[list.count++] = i == place ? *stop : stops.items[i < place ? i : i - 1];
    *at = (int64_t)place + 1;
    return list;
}

static bool has_room(struct call *c, const struct route_lock *route,
                     const struct stop_places_list *stops, struct id order_id)
{
    if (stops->count >= ROUTE_STOPS_MAX)
        return refuse(c, NULL, ERROR_ROUTE_FULL, "%d", ROUTE_STOPS_MAX);
    return load_check_route(c, NULL, route->vehicle_id, route->capacity, route->route_id,
                            (struct id_list){&order_id, 1});
}

/* What is loaded already must do for one stop more (B9): nothing is fetched from the depot on the way. */
static bool has_goods(struct call *c, const struct route_lock *route, struct id order_id)
{
    struct route_short lacking;

    if (route->status == ROUTE_STATUS_DRAFT || route->status == ROUTE_STATUS_PUBLISHED)
        return true;
    if (!db_route_short(c, &lacking, .route_id = route->route_id, .order_id = order_id))
        return !has_failed(c);
    return refuse(c, "order_id", ERROR_TRUCK_SHORT, "%s %s < %s",
                  product_name(c, lacking.product, lacking.product_id),
                  quantity_text(c, lacking.spare), quantity_text(c, lacking.needed));
}

/* A place from 1, not before a stop that the vehicle has been at. */
static int64_t behind_driven(const struct stop_places_list *stops, int64_t position)
{
    int64_t driven = 0;

    for (size_t i = 0; i < stops->count; i++)
        if (stops->items[i].is_driven)
            driven = (int64_t)i + 1;
    return position > driven ? position : driven + 1;
}

int stop_add(struct call *c, const struct stop_add_request *request, struct stop_add_reply *reply)
{
    struct route_lock route;
    struct route_candidate candidate;
    struct stop_places_list before, stops;
    struct stop_places stop;
    int64_t place;

    if (!route_take(c, request->route_id, &route) || !route_is_alive(c, &route) ||
        !candidate_take(c, request->order_id, &candidate) ||
        !has_goods(c, &route, request->order_id))
        return -1;
    stops = db_stop_places(c, .route_id = route.route_id);
    if (!has_room(c, &route, &stops, request->order_id))
        return -1;
    place = request->has_position ? behind_driven(&stops, request->position)
                                  : route_best_place(c, &route, &stops, request->order_id);
    stop = (struct stop_places){.stop_id = call_id(c), .order_id = request->order_id};
    before = stops;
    stops = put_in(c, stops, &stop, place, &reply->position);
    if (!limits_change(c, &route, &route, &before, &stops, request->limits_reason))
        return -1;
    db_stop_add(c, .stop_id = stop.stop_id, .route_id = route.route_id,
                .order_id = request->order_id, .customer_id = candidate.customer_id,
                .address_id = candidate.address_id, .position = reply->position);
    db_order_plan(c, .order_id = request->order_id);
    stops_write(c, &route, &stops);
    route_announce(c, &route, stops.count);
    reply->stop_id = stop.stop_id;
    return has_failed(c) ? -1 : 0;
}

/* Locks the route a stop is on and the one it goes to (which may be none), the lower id first. Within its route a stop may change its place
 * even when the goods are on the truck. */
static bool take_routes(struct call *c, struct id from_id, struct id to_id, struct route_lock *from,
                        struct route_lock *to)
{
    bool is_two = !id_is_none(to_id) && !id_equal(from_id, to_id);

    if (is_two && id_compare(to_id, from_id) < 0 && !route_take(c, to_id, to))
        return false;
    if (!route_take(c, from_id, from))
        return false;
    if (is_two || id_is_none(to_id) ? !route_is_open(c, from) : !route_is_alive(c, from))
        return false;
    if (is_two && id_compare(to_id, from_id) > 0 && !route_take(c, to_id, to))
        return false;
    if (!is_two) {
        *to = *from;
        return true;
    }
    if (!id_equal(from->branch_id, to->branch_id))
        return refuse(c, "route_id", ERROR_STOP_BRANCH, NULL);
    return route_is_open(c, to);
}

/* The place a stop is to have: not before one that was reached; where none is named, the best on another route, the end of its own. */
static int64_t wanted_place(struct call *c, const struct stop_move_request *request,
                            const struct route_lock *to, const struct stop_places_list *stops,
                            const struct stop_places *stop, bool is_other)
{
    if (request->has_position)
        return behind_driven(stops, request->position);
    return is_other ? route_best_place(c, to, stops, stop->order_id) : 0;
}

static void take_off(struct call *c, const struct stop_places *stop)
{
    db_stop_delete(c, .stop_id = stop->stop_id);
    db_order_unplan(c, .order_id = stop->order_id);
}

int stop_move(struct call *c, const struct stop_move_request *request,
              struct stop_move_reply *reply)
{
    struct stop_find where;
    struct route_lock from, to = {.capacity = 0}; /* of another route, if it goes to one */
    struct stop_places_list left, before, stops;
    struct stop_places stop;
    int64_t position = 0;
    bool is_other;

    if (!db_stop_find(c, &where, .stop_id = request->stop_id))
        return fail(c, ERROR_NOT_FOUND, NULL);
    if (!take_routes(c, where.route_id, request->route_id, &from, &to))
        return -1;
    if (!id_is_none(request->from_route_id) && !id_equal(request->from_route_id, from.route_id))
        return fail(c, ERROR_STOP_ELSEWHERE, "%s", from.number);
    is_other = !id_equal(from.route_id, to.route_id);
    left = db_stop_places(c, .route_id = from.route_id);
    if (!take_out(&left, request->stop_id, &stop))
        return fail(c, ERROR_CONFLICT, NULL); /* moved since it was found */
    if (stop.is_driven)
        return fail(c, ERROR_STOP_DONE, NULL);
    reply->stop_id = request->stop_id;
    reply->route_id = request->route_id;
    if (id_is_none(request->route_id)) {
        take_off(c, &stop);
        stops_write(c, &from, &left);
        route_announce(c, &from, left.count);
        return has_failed(c) ? -1 : 0;
    }
    before = is_other ? db_stop_places(c, .route_id = to.route_id)
                      : db_stop_places(c, .route_id = from.route_id);
    stops = is_other ? before : left;
    if (is_other && !has_room(c, &to, &stops, stop.order_id))
        return -1;
    stops =
        put_in(c, stops, &stop, wanted_place(c, request, &to, &stops, &stop, is_other), &position);
    if (!limits_change(c, &to, &to, &before, &stops, request->limits_reason))
        return -1;
    if (is_other) {
        stops_write(c, &from, &left);
        route_announce(c, &from, left.count);
    }
    stops_write(c, &to, &stops);
    route_announce(c, &to, stops.count);
    reply->has_position = true;
    reply->position = position;
    return has_failed(c) ? -1 : 0;
}

int stop_pin(struct call *c, const struct stop_pin_request *request, struct stop_pin_reply *reply)
{
    struct stop_find where;
    struct route_lock route;

    if (!db_stop_find(c, &where, .stop_id = request->stop_id))
        return fail(c, ERROR_NOT_FOUND, NULL);
    if (!route_take(c, where.route_id, &route) || !route_is_open(c, &route))
        return -1;
    db_stop_pin(c, .stop_id = request->stop_id, .is_pinned = request->is_pinned,
                .is_kept = request->has_keeps_vehicle && request->keeps_vehicle);
    emit_route_changed(c, .route_id = route.route_id, .delivery_date = route.delivery_date);
    reply->stop_id = request->stop_id;
    return 0;
}
