/* plan_depots.c - where crews start and end, and what their depots have: of a plan over several depots (D4, D5). */
#include "dispatch.h"

struct plan_ends route_ends(struct call *c, struct id depot_id, struct id end_depot_id,
                            struct plan_problem *problem)
{
    struct depot_find depot = {0}, end = {0};
    struct plan_place *place = arena_new(c->arena, struct plan_place);

    db_depot_find(c, &depot, .depot_id = depot_id);
    problem->depot = depot_place(depot_id, &depot);
    problem->more_count = 0;
    if (!id_is_none(end_depot_id) && db_depot_find(c, &end, .depot_id = end_depot_id)) {
        *place = depot_place(end_depot_id, &end);
        problem->more_depots = place;
        problem->more_count = 1;
    }
    return (struct plan_ends){0, plan_depot_site(problem, problem->more_count)};
}

static struct id first_of(struct id named, struct id own, struct id otherwise)
{
    if (!id_is_none(named))
        return named;
    return id_is_none(own) ? otherwise : own;
}

bool crew_home(struct call *c, const struct route_crew *crew, struct id depot_id,
               struct crew_home *home)
{
    struct vehicle_find vehicle = {.vehicle_id = crew->vehicle_id};

    db_vehicle_find(c, &vehicle, .vehicle_id = crew->vehicle_id);
    home->depot_id = first_of(crew->depot_id, vehicle.depot_id, depot_id);
    home->end_depot_id = first_of(crew->end_depot_id, vehicle.end_depot_id, home->depot_id);
    if (!depot_check(c, "depot_id", home->depot_id) ||
        !depot_check(c, "depot_id", home->end_depot_id))
        return false;
    if (id_equal(home->end_depot_id, home->depot_id))
        home->end_depot_id = (struct id){{0}};
    return !has_failed(c);
}

size_t depot_number(struct plan_depots *depots, struct id depot_id)
{
    size_t at = 0;

    if (id_is_none(depot_id))
        return 0;
    while (at < depots->count && !id_equal(depots->ids[at], depot_id))
        at++;
    if (at == depots->count && at < PLAN_DEPOTS_MAX)
        depots->ids[depots->count++] = depot_id;
    return at;
}

bool depots_take(struct call *c, struct plan_depots *depots, const struct crew_home *home,
                 struct plan_vehicle *vehicle)
{
    vehicle->start_depot = depot_number(depots, home->depot_id);
    vehicle->end_depot = id_is_none(home->end_depot_id) ? vehicle->start_depot
                                                        : depot_number(depots, home->end_depot_id);
    if (vehicle->start_depot == PLAN_DEPOTS_MAX || vehicle->end_depot == PLAN_DEPOTS_MAX)
        return refuse(c, "crews", ERROR_DEPOTS_TOO_MANY, "%d", PLAN_DEPOTS_MAX);
    return true;
}

void depots_place(struct call *c, const struct plan_depots *depots, struct plan_problem *problem)
{
    struct plan_place *places = arena_array(c->arena, struct plan_place, PLAN_DEPOTS_MAX);

    for (size_t i = 0; i < depots->count; i++) {
        struct depot_find depot = {0};

        db_depot_find(c, &depot, .depot_id = depots->ids[i]);
        places[i] = depot_place(depots->ids[i], &depot);
    }
    problem->depot = places[0];
    problem->more_depots = &places[1];
    problem->more_count = depots->count - 1;
}

void depots_stock(struct call *c, struct plan_depots *depots, struct id run_id, int32_t date,
                  struct plan_problem *problem)
{
    struct stock_free_list rows =
        db_stock_free(c, .depot_ids = {.items = depots->ids, .count = depots->count},
                      .run_id = run_id, .delivery_date = date);
    struct plan_stock *stock = arena_array(c->arena, struct plan_stock, rows.count + 1);

    for (size_t i = 0; i < rows.count; i++)
        stock[i] = (struct plan_stock){.depot = depot_number(depots, rows.items[i].depot_id),
                                       .product_id = rows.items[i].product_id,
                                       .quantity = rows.items[i].quantity};
    problem->stock = stock;
    problem->stock_count = rows.count;
}
