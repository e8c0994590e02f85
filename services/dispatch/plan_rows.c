/* plan_rows.c - orders as the database has them, as stops of a plan (D4). */
#include "dispatch.h"

struct plan_place depot_place(struct id depot_id, const struct depot_find *depot)
{
    return (struct plan_place){.is_known = depot->has_latitude_e7 && depot->has_longitude_e7,
                               .latitude_e7 = depot->latitude_e7,
                               .longitude_e7 = depot->longitude_e7,
                               .id = depot_id};
}

/* The customer's wish for this order, or else the windows of the address. */
static void set_windows(struct plan_stop *stop, const struct order_places *row)
{
    if (row->has_window_from && row->has_window_to) {
        stop->windows[0] = (struct plan_window){row->window_from, row->window_to};
        stop->window_count = plan_windows(stop->windows, 1);
        return;
    }
    for (size_t i = 0; i < row->windows_from.count && i < row->windows_to.count &&
                       stop->window_count < PLAN_WINDOWS_MAX;
         i++)
        stop->windows[stop->window_count++] =
            (struct plan_window){row->windows_from.items[i], row->windows_to.items[i]};
    stop->window_count = plan_windows(stop->windows, stop->window_count);
}

static struct plan_stop stop_of(struct call *c, const struct order_places *row)
{
    enum { URGENT = 5, ATTEMPTS_COUNTED = 4 };
    int64_t attempts = row->attempts < ATTEMPTS_COUNTED ? row->attempts : ATTEMPTS_COUNTED;
    struct plan_stop stop = {
        .place = {.is_known = row->has_latitude_e7 && row->has_longitude_e7,
                  .latitude_e7 = row->latitude_e7,
                  .longitude_e7 = row->longitude_e7,
                  .id = row->address_id},
        .load = row->load,
        .goods = goods_list(c, &row->product_ids, &row->quantities),
        .goods_count = row->product_ids.count,
        .service_minutes = row->service_minutes,
        .priority = row->has_priority ? row->priority : (row->is_urgent ? URGENT : 0) + attempts,
        .required = (uint64_t)row->required,
        .forbidden = (uint64_t)row->forbidden};

    set_windows(&stop, row);
    return stop;
}

struct plan_stop *plan_stops_of(struct call *c, struct id_list order_ids)
{
    struct order_places_list rows = db_order_places(c, .order_ids = order_ids);
    struct plan_stop *stops = arena_array(c->arena, struct plan_stop, order_ids.count + 1);

    for (size_t i = 0; i < rows.count && i < order_ids.count; i++)
        stops[i] = stop_of(c, &rows.items[i]);
    return stops;
}

struct plan_stop *plan_stops_on(struct call *c, const struct stop_places_list *rows)
{
    struct id_list order_ids = {.items = arena_array(c->arena, struct id, rows->count + 1)};

    for (size_t i = 0; i < rows->count; i++)
        order_ids.items[order_ids.count++] = rows->items[i].order_id;
    return plan_stops_of(c, order_ids);
}
