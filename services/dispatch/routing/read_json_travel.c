/* read_json_travel.c - the travel part of a JSON problem: matrices, or coordinates with speeds. */
#include "read_json.h"

#include <math.h>

#define SPEEDS_MAX 16
#define DETOUR_DEFAULT 1300 /* permille of the great circle */

static const struct routing_speed usual_speeds[] = {
    {2000, 22000}, {8000, 32000}, {25000, 45000}, {INT32_MAX, 65000}};

static bool read_matrix(struct json_reader *r, const json_t *rows, const char *name,
                        const int32_t **matrix, size_t *cells)
{
    size_t sites = json_array_size(rows);
    int32_t *numbers;

    if (!json_is_array(rows) || !sites || sites > ROUTING_STOPS_MAX)
        return read_fail(r->error, "%s: not a list of rows", name);
    numbers = read_array(r->read, sites * sites, sizeof(*numbers));
    for (size_t i = 0; i < sites; i++) {
        const json_t *row = json_array_get(rows, i);

        if (!json_is_array(row) || json_array_size(row) != sites)
            return read_fail(r->error, "%s[%zu]: not a row of %zu numbers", name, i, sites);
        for (size_t j = 0; j < sites; j++)
            if (!json_int32(json_array_get(row, j), &numbers[i * sites + j]))
                return read_fail(r->error, "%s[%zu][%zu]: not a whole number", name, i, j);
    }
    *matrix = numbers;
    *cells = sites * sites;
    return true;
}

static bool read_matrices(struct json_reader *r, const json_t *distance, const json_t *duration)
{
    struct routing_travel *travel = &r->read->problem.travel;

    travel->sites = (int32_t)json_array_size(distance);
    return read_matrix(r, distance, "distance", &travel->distance, &travel->distance_cells) &&
           read_matrix(r, duration ? duration : distance, "duration", &travel->duration,
                       &travel->duration_cells);
}

static bool read_degrees(const json_t *value, double limit, int32_t *micro)
{
    double degrees = json_number_value(value);

    if (!json_is_number(value) || !(degrees >= -limit && degrees <= limit))
        return false;
    *micro = (int32_t)floor(degrees * 1e6 + 0.5);
    return true;
}

static bool read_speeds(struct json_reader *r, const json_t *list, struct routing_speed *speeds,
                        int32_t *count)
{
    if (!json_is_array(list) || !json_array_size(list) || json_array_size(list) > SPEEDS_MAX)
        return read_fail(r->error, "speed: not a list of [up to metres, metres per hour]");
    for (size_t k = 0; k < json_array_size(list); k++) {
        const json_t *entry = json_array_get(list, k);

        if (json_array_size(entry) != 2 ||
            !json_int32(json_array_get(entry, 0), &speeds[k].up_to) ||
            !json_int32(json_array_get(entry, 1), &speeds[k].metres_per_hour) ||
            speeds[k].metres_per_hour < 1 || (k && speeds[k].up_to <= speeds[k - 1].up_to))
            return read_fail(r->error, "speed[%zu]: not [up to metres, metres per hour], ascending",
                             k);
    }
    *count = (int32_t)json_array_size(list);
    return true;
}

static bool read_coordinates(struct json_reader *r, const json_t *list, int32_t *places)
{
    size_t sites = json_array_size(list);

    for (size_t i = 0; i < sites; i++) {
        const json_t *pair = json_array_get(list, i);

        if (json_array_size(pair) != 2 ||
            !read_degrees(json_array_get(pair, 0), 180, &places[i * 2]) ||
            !read_degrees(json_array_get(pair, 1), 90, &places[i * 2 + 1]))
            return read_fail(r->error, "coordinates[%zu]: not [longitude, latitude]", i);
    }
    return true;
}

static bool build_from_coordinates(struct json_reader *r, const json_t *root, const json_t *list)
{
    struct routing_travel *travel = &r->read->problem.travel;
    struct routing_speed own[SPEEDS_MAX];
    const struct routing_speed *speeds = usual_speeds;
    const json_t *detour_given = json_object_get(root, "detour");
    int32_t speed_count = sizeof(usual_speeds) / sizeof(*usual_speeds), detour = DETOUR_DEFAULT;
    size_t sites = json_array_size(list);
    int32_t *places, *distance, *duration;

    if (!json_is_array(list) || !sites || sites > ROUTING_STOPS_MAX)
        return read_fail(r->error, "coordinates: not a list of places");
    if (detour_given && (!json_int32(detour_given, &detour) || detour < 1000 || detour > 10000))
        return read_fail(r->error, "detour: not 1000 to 10000 permille");
    if (json_object_get(root, "speed")) {
        if (!read_speeds(r, json_object_get(root, "speed"), own, &speed_count))
            return false;
        speeds = own;
    }
    places = read_array(r->read, sites * 2, sizeof(*places));
    if (!read_coordinates(r, list, places))
        return false;
    distance = read_array(r->read, sites * sites, sizeof(*distance));
    duration = read_array(r->read, sites * sites, sizeof(*duration));
    for (size_t i = 0; i < sites; i++) {
        for (size_t j = 0; j < sites; j++) {
            int32_t metres = routing_great_circle(places[i * 2], places[i * 2 + 1], places[j * 2],
                                                  places[j * 2 + 1], detour);

            distance[i * sites + j] = metres;
            duration[i * sites + j] = routing_travel_time(speeds, speed_count, metres);
        }
    }
    *travel =
        (struct routing_travel){(int32_t)sites, distance, duration, sites * sites, sites * sites};
    return true;
}

bool json_travel(struct json_reader *r, const json_t *root)
{
    const json_t *distance = json_object_get(root, "distance");
    const json_t *coordinates = json_object_get(root, "coordinates");

    if (!distance == !coordinates)
        return read_fail(r->error, "either distance (and duration) or coordinates are needed");
    if (distance)
        return read_matrices(r, distance, json_object_get(root, "duration"));
    return build_from_coordinates(r, root, coordinates);
}
