/* drive.c - the driver leaves the depot, arrives at stops, and sees the day's work (D6, D7). */
#include "dispatch.h"

bool stop_take(struct call *c, struct id stop_id, struct stop_lock *stop)
{
    struct stop_find where;

    if (!db_stop_lock(c, stop, .stop_id = stop_id) &&
        (has_failed(c) || !db_stop_find(c, &where, .stop_id = stop_id) ||
         !call_enter_branch(c, where.branch_id) || !db_stop_lock(c, stop, .stop_id = stop_id))) {
        fail(c, ERROR_NOT_FOUND, NULL);
        return false;
    }
    if (id_equal(stop->driver_id, c->actor.staff_id))
        return true;
    fail(c, ERROR_NOT_FOUND, NULL);
    return false;
}

int route_start(struct call *c, const struct route_start_request *request,
                struct route_start_reply *reply)
{
    struct route_lock route;

    if (!route_take(c, request->route_id, &route))
        return -1;
    if (!id_equal(route.driver_id, c->actor.staff_id))
        return fail(c, ERROR_NOT_FOUND, NULL);
    *reply = (struct route_start_reply){.route_id = route.route_id, .started_at = route.started_at};
    if (route.started_at != 0)
        return 0; /* sent again */
    if (route.status == ROUTE_STATUS_CANCELLED)
        return fail(c, ERROR_ROUTE_FIXED, "%s", route_status_text(route.status));
    if (route.status != ROUTE_STATUS_LOADED)
        return fail(c, ERROR_ROUTE_NOT_LOADED, NULL);
    db_route_start(c, .route_id = route.route_id, .happened_at = request->happened_at);
    db_route_mark_held(c, .route_id = route.route_id);
    emit_route_started(c, .route_id = route.route_id, .driver_id = route.driver_id,
                       .started_at = c->now);
    reply->started_at = c->now;
    return has_failed(c) ? -1 : 0;
}

int stop_arrive(struct call *c, const struct stop_arrive_request *request,
                struct stop_arrive_reply *reply)
{
    struct stop_lock stop;
    struct stop_customer customer = {0};

    if (!stop_take(c, request->stop_id, &stop))
        return -1;
    if (stop.route_status != ROUTE_STATUS_STARTED && stop.route_status != ROUTE_STATUS_CLOSED)
        return fail(c, ERROR_ROUTE_NOT_STARTED, NULL);
    db_stop_customer(c, &customer, .customer_id = stop.customer_id);
    *reply =
        (struct stop_arrive_reply){.stop_id = stop.stop_id,
                                   .arrived_at = stop.arrived_at == 0 ? c->now : stop.arrived_at,
                                   .due = customer.due,
                                   .balance = customer.balance,
                                   .is_held = stop.is_held && customer.is_held};
    if (stop.arrived_at != 0)
        return has_failed(c) ? -1 : 0;
    db_stop_arrive(c, .stop_id = stop.stop_id, .happened_at = request->happened_at);
    emit_stop_arrived(c, .stop_id = stop.stop_id, .route_id = stop.route_id,
                      .customer_id = stop.customer_id, .arrived_at = c->now,
                      .driver_id = stop.driver_id);
    return has_failed(c) ? -1 : 0;
}

/* The driver's word for what comes back. It moves nothing: the warehouse counts too, and its count decides (D8). */
int route_count(struct call *c, const struct route_count_request *request,
                struct route_count_reply *reply)
{
    struct route_lock route;
    struct route_goods_count counted;

    if (!quantities_check(c, "counted", &request->counted) ||
        !route_take(c, request->route_id, &route))
        return -1;
    if (!id_equal(route.driver_id, c->actor.staff_id))
        return fail(c, ERROR_NOT_FOUND, NULL);
    if (route.status != ROUTE_STATUS_STARTED)
        return fail(c, ERROR_ROUTE_NOT_STARTED, NULL);
    for (size_t i = 0; i < request->counted.count; i++) {
        const struct product_quantity *line = &request->counted.items[i];

        if (!db_route_goods_count(c, &counted, .route_id = route.route_id,
                                  .product_id = line->product_id, .quantity = line->quantity,
                                  .happened_at = request->happened_at))
            return fail_at(c, call_print(c, "counted[%zu].product_id", i), ERROR_PRODUCT_UNKNOWN,
                           NULL);
    }
    *reply = (struct route_count_reply){.route_id = route.route_id, .counted_at = c->now};
    return has_failed(c) ? -1 : 0;
}

int driver_day(struct call *c, const struct driver_day_request *request,
               struct driver_day_reply *reply)
{
    struct day_routes_list routes;

    if (!id_equal(request->driver_id, c->actor.staff_id))
        return fail(c, ERROR_NOT_FOUND, NULL);
    routes = db_day_routes(c, .driver_id = request->driver_id);
    reply->routes = (struct day_route_list){
        .items = arena_array(c->arena, struct day_route, routes.count + 1), .count = routes.count};
    for (size_t i = 0; i < routes.count; i++) {
        const struct day_routes *row = &routes.items[i];

        reply->routes.items[i] = (struct day_route){
            .route_id = row->route_id,
            .number = row->number,
            .delivery_date = row->delivery_date,
            .status = row->status,
            .depot_id = row->depot_id,
            .plate = row->plate,
            .distance_m = row->distance_m,
            .stops = db_day_stops(c, .of_branch_id = row->branch_id, .route_id = row->route_id)};
    }
    return has_failed(c) ? -1 : 0;
}

int stop_read(struct call *c, const struct stop_read_request *request,
              struct stop_read_reply *reply)
{
    struct stop_card card;

    if (!db_stop_card(c, &card, .stop_id = request->stop_id))
        return fail(c, ERROR_NOT_FOUND, NULL);
    *reply = (struct stop_read_reply){
        .stop_id = request->stop_id,
        .route_id = card.route_id,
        .order_id = card.order_id,
        .order_number = card.order_number,
        .customer_id = card.customer_id,
        .customer = card.customer,
        .address = card.address,
        .contact = card.contact,
        .phone = card.phone,
        .status = card.status,
        .is_held = card.is_held,
        .note = card.note,
        .due = card.due,
        .balance = card.balance,
        .credit = card.credit,
        .amount = card.amount,
        .lines = db_stop_lines(c, .of_branch_id = card.of_branch_id, .order_id = card.order_id)};
    return has_failed(c) ? -1 : 0;
}
