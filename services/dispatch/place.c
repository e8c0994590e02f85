/* place.c - depots, and the licences and shifts of drivers. */
#include "base/coordinates.h"
#include "dispatch.h"
#include "service/page.h"
#include "service/people.h"

bool depot_take(struct call *c, struct id depot_id, struct depot_find *depot)
{
    if (!db_depot_find(c, depot, .depot_id = depot_id) || !depot->is_active) {
        fail_at(c, "depot_id", ERROR_DEPOT_UNKNOWN, NULL);
        return false;
    }
    return call_enter_branch(c, depot->branch_id);
}

bool depot_check(struct call *c, const char *field, struct id depot_id)
{
    struct depot_find depot;

    if (id_is_none(depot_id) || (db_depot_find(c, &depot, .depot_id = depot_id) &&
                                 depot.is_active && id_equal(depot.branch_id, c->branch_id)))
        return !has_failed(c);
    return refuse(c, field, ERROR_DEPOT_UNKNOWN, NULL);
}

/* Coordinates are kept in WGS-84; maps of the mainland give GCJ-02. */
static void keep_as_wgs84(enum coordinate_system given, int64_t *latitude_e7, int64_t *longitude_e7)
{
    if (given == COORDINATE_SYSTEM_GCJ02)
        coordinates_from_gcj02(latitude_e7, longitude_e7);
}

int depot_create(struct call *c, const struct depot_create_request *request,
                 struct depot_create_reply *reply)
{
    int64_t latitude_e7 = request->latitude_e7, longitude_e7 = request->longitude_e7;
    struct depot_insert made;

    keep_as_wgs84(request->coordinate_system, &latitude_e7, &longitude_e7);
    if (!db_depot_insert(c, &made, .depot_id = call_id(c), .code = request->code,
                         .name = request->name, .address = request->address,
                         .has_latitude_e7 = request->has_latitude_e7, .latitude_e7 = latitude_e7,
                         .has_longitude_e7 = request->has_longitude_e7,
                         .longitude_e7 = longitude_e7))
        return fail_at(c, "code", ERROR_CODE_TAKEN, "%s", request->code);
    reply->depot_id = made.depot_id;
    return 0;
}

int depot_change(struct call *c, const struct depot_change_request *request,
                 struct depot_change_reply *reply)
{
    int64_t latitude_e7 = request->latitude_e7, longitude_e7 = request->longitude_e7;
    struct depot_find depot;

    keep_as_wgs84(request->coordinate_system, &latitude_e7, &longitude_e7);
    if (!db_depot_find(c, &depot, .depot_id = request->depot_id))
        return fail(c, ERROR_DEPOT_UNKNOWN, NULL);
    if (!call_enter_branch(c, depot.branch_id))
        return -1;
    db_depot_update(c, .depot_id = request->depot_id, .name = request->name,
                    .address = request->address, .has_latitude_e7 = request->has_latitude_e7,
                    .latitude_e7 = latitude_e7, .has_longitude_e7 = request->has_longitude_e7,
                    .longitude_e7 = longitude_e7, .is_active = request->is_active);
    reply->depot_id = request->depot_id;
    return 0;
}

int depot_list(struct call *c, const struct depot_list_request *request,
               struct depot_list_reply *reply)
{
    int64_t limit = page_limit(request->has_limit, request->limit);

    reply->items = db_depot_list(c, .after = page_after(c, request->after), .limit = limit,
                                 PAGE_SORT(request));
    reply->next = PAGE_NEXT(c, reply->items, depot_id, limit);
    return has_failed(c) ? -1 : 0;
}

int driver_set(struct call *c, const struct driver_set_request *request,
               struct driver_set_reply *reply)
{
    struct person driver;

    if (!person_is_near(c, request->driver_id, &driver) || !person_has(&driver, FUNCTION_DRIVER))
        return fail_at(c, "driver_id", ERROR_DRIVER_UNKNOWN, NULL);
    if (!call_enter_branch(c, driver.branch_id))
        return -1;
    if (request->has_shift_from != request->has_shift_to ||
        (request->has_shift_to && request->shift_from >= request->shift_to))
        return fail_at(c, "shift_to", ERROR_FIELD_RANGE, "> shift_from");
    if (request->has_rest_from != request->has_rest_to ||
        request->has_rest_from != request->has_rest_minutes ||
        (request->has_rest_to && request->rest_from > request->rest_to))
        return fail_at(c, "rest_to", ERROR_FIELD_RANGE, ">= rest_from");
    db_driver_card_set(c, .driver_id = request->driver_id, .licence = request->licence,
                       .licence_until = request->licence_until,
                       .has_shift_from = request->has_shift_from, .shift_from = request->shift_from,
                       .has_shift_to = request->has_shift_to, .shift_to = request->shift_to,
                       .has_rest_from = request->has_rest_from, .rest_from = request->rest_from,
                       .has_rest_to = request->has_rest_to, .rest_to = request->rest_to,
                       .has_rest_minutes = request->has_rest_minutes,
                       .rest_minutes = request->rest_minutes);
    reply->driver_id = request->driver_id;
    return 0;
}

int driver_list(struct call *c, const struct driver_list_request *request,
                struct driver_list_reply *reply)
{
    int64_t limit = page_limit(request->has_limit, request->limit);

    reply->items = db_driver_cards(c, .after = page_after(c, request->after), .limit = limit,
                                   PAGE_SORT(request));
    reply->next = PAGE_NEXT(c, reply->items, driver_id, limit);
    return has_failed(c) ? -1 : 0;
}
