/* address.c - where and when a customer takes deliveries (L10). */
#include "leads.h"

#include "base/coordinates.h"
#include "base/text.h"

/* What adding and changing have in common, as the form gives it. */
struct place {
    const char *label, *address, *contact, *phone;
    bool has_latitude, has_longitude;
    int64_t latitude_e7, longitude_e7;
    enum coordinate_system coordinate_system; /* as given; what is kept is WGS-84 */
    struct time_window_list windows;
    bool has_service_minutes;
    int64_t service_minutes;
    bool is_active;
    struct int_list from, to;
};

static bool check(struct call *c, struct place *place)
{
    place->from =
        (struct int_list){.items = arena_array(c->arena, int64_t, place->windows.count + 1),
                          .count = place->windows.count};
    place->to = (struct int_list){.items = arena_array(c->arena, int64_t, place->windows.count + 1),
                                  .count = place->windows.count};
    for (size_t i = 0; i < place->windows.count; i++) {
        const struct time_window *window = &place->windows.items[i];

        if (window->from_minute >= window->to_minute)
            fail_at(c, call_print(c, "windows[%zu]", i), ERROR_WINDOW_INVALID, NULL);
        place->from.items[i] = window->from_minute;
        place->to.items[i] = window->to_minute;
    }
    if (place->has_latitude != place->has_longitude)
        fail_at(c, place->has_latitude ? "longitude_e7" : "latitude_e7",
                ERROR_COORDINATES_INCOMPLETE, NULL);
    if (place->has_latitude && place->coordinate_system == COORDINATE_SYSTEM_GCJ02)
        coordinates_from_gcj02(&place->latitude_e7, &place->longitude_e7);
    if (place->phone != NULL && (place->phone = phone_normalise(c->arena, place->phone)) == NULL)
        fail_at(c, "phone", ERROR_PHONE_INVALID, NULL);
    if (!place->has_service_minutes)
        place->service_minutes = 10;
    return !has_failed(c);
}

static void announce(struct call *c, struct id customer_id, struct id address_id,
                     const struct place *place)
{
    emit_address_changed(c, .address_id = address_id, .customer_id = customer_id,
                         .label = place->label, .address = place->address,
                         .contact = place->contact, .phone = place->phone,
                         .has_latitude_e7 = place->has_latitude, .latitude_e7 = place->latitude_e7,
                         .has_longitude_e7 = place->has_longitude,
                         .longitude_e7 = place->longitude_e7, .windows = place->windows,
                         .service_minutes = place->service_minutes, .is_active = place->is_active);
    db_customer_set_place(c, .customer_id = customer_id,
                          .address_folded = text_fold(c->arena, place->address));
    db_customer_touch(c, .customer_id = customer_id);
}

int address_add(struct call *c, const struct address_add_request *request,
                struct address_add_reply *reply)
{
    struct customer_lock customer;
    struct place place = {.label = request->label,
                          .address = request->address,
                          .contact = request->contact,
                          .phone = request->phone,
                          .has_latitude = request->has_latitude_e7,
                          .has_longitude = request->has_longitude_e7,
                          .latitude_e7 = request->latitude_e7,
                          .longitude_e7 = request->longitude_e7,
                          .coordinate_system = request->coordinate_system,
                          .windows = request->windows,
                          .has_service_minutes = request->has_service_minutes,
                          .service_minutes = request->service_minutes,
                          .is_active = true};

    if (!check(c, &place) || !customer_take(c, request->customer_id, &customer))
        return -1;
    reply->address_id = call_id(c);
    db_address_insert(c, .customer_id = customer.customer_id, .address_id = reply->address_id,
                      .label = place.label, .address = place.address, .contact = place.contact,
                      .phone = place.phone, .has_latitude_e7 = place.has_latitude,
                      .latitude_e7 = place.latitude_e7, .has_longitude_e7 = place.has_longitude,
                      .longitude_e7 = place.longitude_e7, .windows_from = place.from,
                      .windows_to = place.to, .service_minutes = place.service_minutes);
    announce(c, customer.customer_id, reply->address_id, &place);
    return 0;
}

int address_change(struct call *c, const struct address_change_request *request,
                   struct address_change_reply *reply)
{
    struct customer_lock customer;
    struct address_update changed;
    struct place place = {.label = request->label,
                          .address = request->address,
                          .contact = request->contact,
                          .phone = request->phone,
                          .has_latitude = request->has_latitude_e7,
                          .has_longitude = request->has_longitude_e7,
                          .latitude_e7 = request->latitude_e7,
                          .longitude_e7 = request->longitude_e7,
                          .coordinate_system = request->coordinate_system,
                          .windows = request->windows,
                          .has_service_minutes = request->has_service_minutes,
                          .service_minutes = request->service_minutes,
                          .is_active = request->is_active};

    if (!check(c, &place) || !customer_take(c, request->customer_id, &customer))
        return -1;
    if (!db_address_update(
            c, &changed, .customer_id = customer.customer_id, .address_id = request->address_id,
            .label = place.label, .address = place.address, .contact = place.contact,
            .phone = place.phone, .has_latitude_e7 = place.has_latitude,
            .latitude_e7 = place.latitude_e7, .has_longitude_e7 = place.has_longitude,
            .longitude_e7 = place.longitude_e7, .windows_from = place.from, .windows_to = place.to,
            .service_minutes = place.service_minutes, .is_active = place.is_active))
        return fail_at(c, "address_id", ERROR_NOT_FOUND, NULL);
    announce(c, customer.customer_id, request->address_id, &place);
    reply->address_id = request->address_id;
    return 0;
}
