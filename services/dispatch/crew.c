/* crew.c - a vehicle with its driver as plans reckon with them: what it carries, its limits and costs, the driver's hours (B10, D4). */
#include "base/clock.h"
#include "dispatch.h"
#include "service/people.h"

static void take_vehicle(struct call *c, const struct vehicle_find *vehicle,
                         const struct plan_rates *rates, struct plan_vehicle *planned)
{
    struct id vehicle_id = vehicle->vehicle_id;

    *planned = (struct plan_vehicle){
        .capacity = vehicle->capacity,
        .compartments = *load_compartments(c, (struct id_list){&vehicle_id, 1}),
        .stops_max = vehicle->has_max_stops ? (size_t)vehicle->max_stops : ROUTE_STOPS_MAX,
        .max_minutes = vehicle->max_minutes,
        .max_distance_m = vehicle->max_distance_m,
        .products_max = SLIP_LINES_MAX,
        .reload_minutes = vehicle->has_reload_minutes ? vehicle->reload_minutes : -1,
        .properties = (uint64_t)vehicle->properties,
        .has_cost = true,
        .cost = {.fen_per_km = vehicle->has_cost_km ? vehicle->cost_km : rates->cost.fen_per_km,
                 .fen_per_hour =
                     vehicle->has_cost_hour ? vehicle->cost_hour : rates->cost.fen_per_hour,
                 .fen_per_vehicle =
                     vehicle->has_cost_fixed ? vehicle->cost_fixed : rates->cost.fen_per_vehicle}};
}

static void take_card(const struct driver_card *card, struct plan_vehicle *planned)
{
    planned->shift_from = card->shift_from;
    planned->shift_to = card->shift_to;
    planned->rest_from = card->rest_from;
    planned->rest_to = card->rest_to;
    planned->rest_minutes = card->rest_minutes;
}

void crew_read(struct call *c, struct id vehicle_id, struct id driver_id,
               const struct plan_rates *rates, struct plan_vehicle *planned)
{
    struct vehicle_find vehicle = {.vehicle_id = vehicle_id};
    struct driver_card card = {0};

    db_vehicle_find(c, &vehicle, .vehicle_id = vehicle_id);
    take_vehicle(c, &vehicle, rates, planned);
    db_driver_card(c, &card, .driver_id = driver_id);
    take_card(&card, planned);
}

bool licence_check(struct call *c, struct id driver_id, int32_t date)
{
    struct driver_card card;

    if (!db_driver_card(c, &card, .driver_id = driver_id) || card.licence_until >= date)
        return !has_failed(c);
    return refuse(c, NULL, ERROR_DRIVER_EXPIRED, "%s", date_print(c->arena, card.licence_until));
}

bool crew_check(struct call *c, struct id vehicle_id, struct id driver_id, int32_t date,
                struct plan_vehicle *planned)
{
    struct vehicle_find vehicle;
    struct person driver;
    struct plan_rates rates;

    if (!db_vehicle_find(c, &vehicle, .vehicle_id = vehicle_id) || !vehicle.is_active ||
        !id_equal(vehicle.branch_id, c->branch_id))
        fail_at(c, "vehicle_id", ERROR_VEHICLE_UNKNOWN, NULL);
    else if (vehicle.inspected_until < date)
        fail_at(c, "vehicle_id", ERROR_VEHICLE_EXPIRED, "%s",
                date_print(c->arena, vehicle.inspected_until));
    else if (!person_read(c, driver_id, &driver) || !driver.is_active ||
             !person_has(&driver, FUNCTION_DRIVER) || !id_equal(driver.branch_id, c->branch_id))
        fail_at(c, "driver_id", ERROR_DRIVER_UNKNOWN, NULL);
    if (has_failed(c) || !licence_check(c, driver_id, date))
        return false;
    rates = plan_rates_of(c);
    crew_read(c, vehicle_id, driver_id, &rates, planned);
    return !has_failed(c);
}
