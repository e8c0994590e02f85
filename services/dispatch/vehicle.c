/* vehicle.c - vehicles and what they may carry where (B10, D4). */
#include "base/text.h"
#include "dispatch.h"
#include "service/page.h"

/* Each name once, and products that exist. */
static bool check_compartments(struct call *c, const struct compartment_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        struct id_list products = list->items[i].product_ids;
        struct product_known_list known = {.count = 0};

        for (size_t k = 0; k < i; k++)
            if (text_equal(list->items[k].name, list->items[i].name))
                return refuse(c, call_print(c, "compartments[%zu].name", i),
                              ERROR_COMPARTMENT_DOUBLED, "%s", list->items[i].name);
        if (products.count > 0)
            known = db_product_known(c, .product_ids = products);
        for (size_t k = 0; k < products.count; k++) {
            size_t at = 0;

            while (at < known.count && !id_equal(known.items[at].product_id, products.items[k]))
                at++;
            if (at == known.count)
                return refuse(c, call_print(c, "compartments[%zu].product_ids[%zu]", i, k),
                              ERROR_PRODUCT_UNKNOWN, NULL);
        }
    }
    return !has_failed(c);
}

static void write_compartments(struct call *c, struct id vehicle_id,
                               const struct compartment_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        db_compartment_insert(c, .vehicle_id = vehicle_id, .place = (int64_t)i + 1,
                              .name = list->items[i].name, .capacity = list->items[i].capacity,
                              .product_ids = list->items[i].product_ids);
}

int vehicle_create(struct call *c, const struct vehicle_create_request *request,
                   struct vehicle_create_reply *reply)
{
    struct vehicle_insert made;

    if (!check_compartments(c, &request->compartments) ||
        !depot_check(c, "depot_id", request->depot_id) ||
        !depot_check(c, "end_depot_id", request->end_depot_id))
        return -1;
    if (!db_vehicle_insert(
            c, &made, .vehicle_id = call_id(c), .plate = request->plate,
            .capacity = request->capacity, .inspected_until = request->inspected_until,
            .has_max_stops = request->has_max_stops, .max_stops = request->max_stops,
            .has_max_minutes = request->has_max_minutes, .max_minutes = request->max_minutes,
            .has_max_distance_m = request->has_max_distance_m,
            .max_distance_m = request->max_distance_m, .has_cost_fixed = request->has_cost_fixed,
            .cost_fixed = request->cost_fixed, .has_cost_km = request->has_cost_km,
            .cost_km = request->cost_km, .has_cost_hour = request->has_cost_hour,
            .cost_hour = request->cost_hour,
            .properties = (int64_t)property_bits(&request->properties),
            .depot_id = request->depot_id, .end_depot_id = request->end_depot_id,
            .has_reload_minutes = request->has_reload_minutes,
            .reload_minutes = request->reload_minutes))
        return fail_at(c, "plate", ERROR_PLATE_TAKEN, "%s", request->plate);
    write_compartments(c, made.vehicle_id, &request->compartments);
    reply->vehicle_id = made.vehicle_id;
    return 0;
}

int vehicle_change(struct call *c, const struct vehicle_change_request *request,
                   struct vehicle_change_reply *reply)
{
    struct vehicle_find vehicle;

    if (!db_vehicle_find(c, &vehicle, .vehicle_id = request->vehicle_id))
        return fail(c, ERROR_VEHICLE_UNKNOWN, NULL);
    if (!call_enter_branch(c, vehicle.branch_id) ||
        !check_compartments(c, &request->compartments) ||
        !depot_check(c, "depot_id", request->depot_id) ||
        !depot_check(c, "end_depot_id", request->end_depot_id))
        return -1;
    db_vehicle_update(
        c, .vehicle_id = request->vehicle_id, .capacity = request->capacity,
        .inspected_until = request->inspected_until, .is_active = request->is_active,
        .has_max_stops = request->has_max_stops, .max_stops = request->max_stops,
        .has_max_minutes = request->has_max_minutes, .max_minutes = request->max_minutes,
        .has_max_distance_m = request->has_max_distance_m,
        .max_distance_m = request->max_distance_m, .has_cost_fixed = request->has_cost_fixed,
        .cost_fixed = request->cost_fixed, .has_cost_km = request->has_cost_km,
        .cost_km = request->cost_km, .has_cost_hour = request->has_cost_hour,
        .cost_hour = request->cost_hour, .properties = (int64_t)property_bits(&request->properties),
        .depot_id = request->depot_id, .end_depot_id = request->end_depot_id,
        .has_reload_minutes = request->has_reload_minutes,
        .reload_minutes = request->reload_minutes);
    if (request->compartments.count > 0 || request->clears_compartments)
        db_compartments_drop(c, .vehicle_id = request->vehicle_id);
    write_compartments(c, request->vehicle_id, &request->compartments);
    reply->vehicle_id = request->vehicle_id;
    return 0;
}

static struct compartment_list compartments_in(struct call *c,
                                               const struct compartments *compartments)
{
    struct compartment_list list = {
        .items = arena_array(c->arena, struct compartment, compartments->count + 1),
        .count = compartments->count};

    for (size_t i = 0; i < compartments->count; i++)
        list.items[i] = (struct compartment){.name = compartments->items[i].name,
                                             .capacity = compartments->items[i].capacity,
                                             .product_ids = compartments->items[i].products};
    return list;
}

/* A vehicle as people see it. */
static struct vehicle_view view_of(struct call *c, const struct vehicle_rows *row,
                                   const struct compartments *compartments)
{
    return (struct vehicle_view){.vehicle_id = row->vehicle_id,
                                 .branch_id = row->branch_id,
                                 .plate = row->plate,
                                 .capacity = row->capacity,
                                 .inspected_until = row->inspected_until,
                                 .is_active = row->is_active,
                                 .has_max_stops = row->has_max_stops,
                                 .max_stops = row->max_stops,
                                 .has_max_minutes = row->has_max_minutes,
                                 .max_minutes = row->max_minutes,
                                 .has_max_distance_m = row->has_max_distance_m,
                                 .max_distance_m = row->max_distance_m,
                                 .has_cost_fixed = row->has_cost_fixed,
                                 .cost_fixed = row->cost_fixed,
                                 .has_cost_km = row->has_cost_km,
                                 .cost_km = row->cost_km,
                                 .has_cost_hour = row->has_cost_hour,
                                 .cost_hour = row->cost_hour,
                                 .depot_id = row->depot_id,
                                 .end_depot_id = row->end_depot_id,
                                 .has_reload_minutes = row->has_reload_minutes,
                                 .reload_minutes = row->reload_minutes,
                                 .properties = property_list_of(c, (uint64_t)row->properties),
                                 .compartments = compartments_in(c, compartments)};
}

int vehicle_read(struct call *c, const struct vehicle_read_request *request,
                 struct vehicle_read_reply *reply)
{
    struct id vehicle_id = request->vehicle_id;
    struct vehicle_rows_list rows = db_vehicle_rows(c, .vehicle_id = vehicle_id, .limit = 1);

    if (rows.count == 0)
        return fail(c, ERROR_VEHICLE_UNKNOWN, NULL);
    reply->vehicle =
        view_of(c, &rows.items[0], load_compartments(c, (struct id_list){&vehicle_id, 1}));
    return has_failed(c) ? -1 : 0;
}

int vehicle_list(struct call *c, const struct vehicle_list_request *request,
                 struct vehicle_list_reply *reply)
{
    int64_t limit = page_limit(request->has_limit, request->limit);
    struct vehicle_rows_list rows = db_vehicle_rows(c, .after = page_after(c, request->after),
                                                    .limit = limit, PAGE_SORT(request));
    struct id_list ids = {.items = arena_array(c->arena, struct id, rows.count + 1)};
    const struct compartments *compartments;

    for (size_t i = 0; i < rows.count; i++)
        ids.items[ids.count++] = rows.items[i].vehicle_id;
    compartments = load_compartments(c, ids);
    reply->items.items = arena_array(c->arena, struct vehicle_view, rows.count + 1);
    for (size_t i = 0; i < rows.count; i++)
        reply->items.items[reply->items.count++] = view_of(c, &rows.items[i], &compartments[i]);
    reply->next = PAGE_NEXT(c, rows, vehicle_id, limit);
    return has_failed(c) ? -1 : 0;
}
