/* read_json.c - the product's own JSON problems; what is not known is refused by its name. */
#include "read_json.h"

#include <string.h>

#define FIELD(type, member, text, missing)                                                         \
    {                                                                                              \
        text, offsetof(struct type, member), sizeof(((struct type *)NULL)->member), missing        \
    }

static const struct json_field problem_fields[] = {
    FIELD(routing_problem, products, "products", 1),
    FIELD(routing_problem, balance_price, "balance_price", 0),
    FIELD(routing_problem, change_price, "change_price", 0),
    {NULL, 0, 0, 0}};
static const char *const problem_others[] = {
    "distance", "duration", "coordinates", "detour", "speed", "stops", "vehicles", "start", NULL};

static const struct json_field stop_fields[] = {
    FIELD(routing_stop, site, "site", ROUTING_NONE),
    FIELD(routing_stop, service, "service", 0),
    FIELD(routing_stop, leave_out_price, "leave_out_price", ROUTING_NONE),
    FIELD(routing_stop, priority, "priority", 0),
    FIELD(routing_stop, locked_position, "locked_position", ROUTING_NONE),
    {NULL, 0, 0, 0}};
static const char *const stop_others[] = {
    "id",        "demand",         "windows",           "required",
    "forbidden", "locked_vehicle", "announced_vehicle", NULL};

static const struct json_field vehicle_fields[] = {
    FIELD(routing_vehicle, start_site, "start_site", 0),
    FIELD(routing_vehicle, end_site, "end_site", ROUTING_NONE),
    FIELD(routing_vehicle, max_duration, "max_duration", ROUTING_NO_LIMIT),
    FIELD(routing_vehicle, max_distance, "max_distance", ROUTING_NO_LIMIT),
    FIELD(routing_vehicle, max_stops, "max_stops", ROUTING_NO_LIMIT),
    FIELD(routing_vehicle, reload_time, "reload_time", ROUTING_NONE),
    FIELD(routing_vehicle, cost_per_km, "cost_per_km", 0),
    FIELD(routing_vehicle, cost_per_hour, "cost_per_hour", 0),
    FIELD(routing_vehicle, cost_fixed, "cost_fixed", 0),
    FIELD(routing_vehicle, frozen_until, "frozen_until", ROUTING_NONE),
    {NULL, 0, 0, 0}};
static const char *const vehicle_others[] = {"id",    "capacity", "properties", "shift",
                                             "break", "frozen",   NULL};

static bool read_window(const json_t *pair, struct routing_window *window)
{
    return json_array_size(pair) == 2 && json_int32(json_array_get(pair, 0), &window->open) &&
           json_int32(json_array_get(pair, 1), &window->close);
}

static bool read_windows(struct json_reader *r, const json_t *list, int index,
                         struct routing_stop *stop)
{
    struct routing_window *windows;

    if (!list)
        return true;
    if (!json_is_array(list) || json_array_size(list) > ROUTING_WINDOWS_MAX)
        return read_fail(r->error, "stops[%d].windows: not a list of up to %d", index,
                         ROUTING_WINDOWS_MAX);
    windows = read_array(r->read, json_array_size(list), sizeof(*windows));
    for (size_t k = 0; k < json_array_size(list); k++)
        if (!read_window(json_array_get(list, k), &windows[k]))
            return read_fail(r->error, "stops[%d].windows[%zu]: not [open, close] in seconds",
                             index, k);
    stop->windows = windows;
    stop->window_count = (int32_t)json_array_size(list);
    return true;
}

static bool read_stop(struct json_reader *r, const json_t *object, int index,
                      struct routing_stop *stop)
{
    return json_fields(r, object, "stops", index, stop_fields, stop_others, stop) &&
           json_amounts(r, json_object_get(object, "demand"), "stops.demand", index,
                        stop->demand) &&
           read_windows(r, json_object_get(object, "windows"), index, stop) &&
           json_properties(r, json_object_get(object, "required"), "stops.required", index,
                           &stop->required) &&
           json_properties(r, json_object_get(object, "forbidden"), "stops.forbidden", index,
                           &stop->forbidden) &&
           json_reference(r, json_object_get(object, "locked_vehicle"), r->vehicles,
                          "stops.locked_vehicle", index, &stop->locked_vehicle) &&
           json_reference(r, json_object_get(object, "announced_vehicle"), r->vehicles,
                          "stops.announced_vehicle", index, &stop->announced_vehicle);
}

static bool read_break(struct json_reader *r, const json_t *object, int index,
                       struct routing_break *rest)
{
    static const struct json_field fields[] = {FIELD(routing_break, from, "from", 0),
                                               FIELD(routing_break, to, "to", 0),
                                               FIELD(routing_break, length, "length", 0),
                                               {NULL, 0, 0, 0}};
    static const char *const others[] = {NULL};

    return !object || json_fields(r, object, "vehicles.break", index, fields, others, rest);
}

static bool read_references(struct json_reader *r, const json_t *list, const char *where, int index,
                            int32_t *indices)
{
    for (size_t k = 0; k < json_array_size(list); k++)
        if (!json_reference(r, json_array_get(list, k), r->stops, where, index, &indices[k]) ||
            indices[k] == ROUTING_NONE)
            return r->error->text[0] ? false : read_fail(r->error, "%s[%d]: null", where, index);
    return true;
}

static bool read_vehicle(struct json_reader *r, const json_t *object, int index,
                         struct routing_vehicle *vehicle)
{
    const json_t *shift = json_object_get(object, "shift");
    const json_t *frozen = json_object_get(object, "frozen");
    int32_t *stops = read_array(r->read, json_array_size(frozen), sizeof(*stops));

    if (!json_fields(r, object, "vehicles", index, vehicle_fields, vehicle_others, vehicle) ||
        !json_amounts(r, json_object_get(object, "capacity"), "vehicles.capacity", index,
                      vehicle->capacity) ||
        !json_properties(r, json_object_get(object, "properties"), "vehicles.properties", index,
                         &vehicle->properties) ||
        !read_break(r, json_object_get(object, "break"), index, &vehicle->rest))
        return false;
    if (vehicle->end_site == ROUTING_NONE)
        vehicle->end_site = vehicle->start_site;
    vehicle->shift = (struct routing_window){0, 86400};
    if (shift && !read_window(shift, &vehicle->shift))
        return read_fail(r->error, "vehicles[%d].shift: not [open, close] in seconds", index);
    if (frozen && !json_is_array(frozen))
        return read_fail(r->error, "vehicles[%d].frozen: not a list", index);
    vehicle->frozen = stops;
    vehicle->frozen_count = (int32_t)json_array_size(frozen);
    return read_references(r, frozen, "vehicles.frozen", index, stops);
}

/* The ids of a list, by default its indices as text; each once. */
static bool read_ids(struct json_reader *r, const json_t *list, const char *where, json_t *ids,
                     char ***names)
{
    size_t count = json_array_size(list);

    if (!json_is_array(list) || count > ROUTING_STOPS_MAX)
        return read_fail(r->error, "%s: not a list", where);
    *names = read_array(r->read, count, sizeof(**names));
    for (size_t k = 0; k < count; k++) {
        const json_t *id = json_object_get(json_array_get(list, k), "id");
        char number[24];
        size_t length;

        if (id && !json_is_string(id))
            return read_fail(r->error, "%s[%zu].id: not text", where, k);
        snprintf(number, sizeof(number), "%zu", k);
        length = id ? json_string_length(id) : strlen(number);
        (*names)[k] = read_array(r->read, length + 1, 1);
        memcpy((*names)[k], id ? json_string_value(id) : number, length);
        if (json_object_get(ids, (*names)[k]) ||
            json_object_set_new(ids, (*names)[k], json_integer((json_int_t)k)))
            return read_fail(r->error, "%s[%zu].id: there is another of the same", where, k);
    }
    return true;
}

static bool read_start(struct json_reader *r, const json_t *lists)
{
    const struct routing_problem *p = &r->read->problem;
    int32_t *first, *stops, count = 0;
    size_t total = 0;

    if (!lists)
        return true;
    if (!json_is_array(lists) || (int)json_array_size(lists) != p->vehicle_count)
        return read_fail(r->error, "start: not one list for each vehicle");
    for (int v = 0; v < p->vehicle_count; v++)
        total += json_array_size(json_array_get(lists, (size_t)v));
    if (total > (size_t)p->stop_count)
        return read_fail(r->error, "start: more stops than there are");
    first = read_array(r->read, (size_t)p->vehicle_count + 1, sizeof(*first));
    stops = read_array(r->read, total, sizeof(*stops));
    for (int v = 0; v < p->vehicle_count; v++) {
        const json_t *list = json_array_get(lists, (size_t)v);

        if (!json_is_array(list) || !read_references(r, list, "start", v, &stops[count]))
            return r->error->text[0] ? false : read_fail(r->error, "start[%d]: not a list", v);
        count += (int32_t)json_array_size(list);
        first[v + 1] = count;
    }
    r->read->start = (struct routing_start){stops, first};
    return true;
}

static bool read_root(struct json_reader *r, const json_t *root)
{
    struct routing_problem *p = &r->read->problem;
    const json_t *stops = json_object_get(root, "stops");
    const json_t *vehicles = json_object_get(root, "vehicles");
    struct routing_stop *stop;
    struct routing_vehicle *vehicle;

    if (!json_fields(r, root, "problem", 0, problem_fields, problem_others, p))
        return false;
    if (p->products < 0 || p->products > ROUTING_PRODUCTS_MAX)
        return read_fail(r->error, "products: not 0 to %d", ROUTING_PRODUCTS_MAX);
    if (!read_ids(r, stops, "stops", r->stops, &r->read->stop_names) ||
        !read_ids(r, vehicles, "vehicles", r->vehicles, &r->read->vehicle_names) ||
        !json_travel(r, root))
        return false;
    p->stop_count = (int32_t)json_array_size(stops);
    p->vehicle_count = (int32_t)json_array_size(vehicles);
    p->stops = stop = read_array(r->read, (size_t)p->stop_count, sizeof(*stop));
    p->vehicles = vehicle = read_array(r->read, (size_t)p->vehicle_count, sizeof(*vehicle));
    for (int s = 0; s < p->stop_count; s++)
        if (!read_stop(r, json_array_get(stops, (size_t)s), s, &stop[s]))
            return false;
    for (int v = 0; v < p->vehicle_count; v++)
        if (!read_vehicle(r, json_array_get(vehicles, (size_t)v), v, &vehicle[v]))
            return false;
    return read_start(r, json_object_get(root, "start"));
}

bool read_json(struct read_problem *read, const char *text, size_t size,
               struct routing_error *error)
{
    json_error_t where;
    json_t *root = json_loadb(text, size, JSON_REJECT_DUPLICATES, &where);
    struct json_reader r = {read, error, json_object(), json_object(), json_object()};
    bool ok;

    if (!root)
        ok = read_fail(error, "line %d: %.120s", where.line, where.text);
    else
        ok = read_root(&r, root);
    json_decref(root);
    json_decref(r.properties);
    json_decref(r.stops);
    json_decref(r.vehicles);
    return ok;
}
