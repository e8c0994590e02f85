/* The nearest stop next: distances, capacity, pinned stops, stops without coordinates. */
#include "plan.h"
#include "unit.h"

static struct plan_place place(int64_t latitude_e7, int64_t longitude_e7)
{
    return (struct plan_place){
        .is_known = true, .latitude_e7 = latitude_e7, .longitude_e7 = longitude_e7};
}

static void distances_are_those_of_the_earth(void **state)
{
    int64_t degree = plan_metres(place(310000000, 1210000000), place(320000000, 1210000000));
    int64_t east = plan_metres(place(600000000, 0), place(600000000, 10000000));
    /* People's Square to Hongqiao airport, 13.5 km as the crow flies */
    int64_t shanghai = plan_metres(place(312304000, 1214737000), place(311979000, 1213363000));

    (void)state;
    assert_in_range(degree, 111100, 111300);
    assert_in_range(east, 55500, 55700);
    assert_in_range(shanghai, 13400, 13700);
    assert_int_equal(plan_metres(place(310000000, 1210000000), place(310000000, 1210000000)), 0);
    assert_int_equal(plan_metres(place(310000000, 1210000000), (struct plan_place){0}), 0);
}

static struct plan_stop stop_at(int64_t east, int64_t load)
{
    return (struct plan_stop){.place = place(312000000, 1214000000 + east), .load = load};
}

static void each_vehicle_takes_the_nearest_that_fits_until_nothing_fits(void **state)
{
    struct arena arena;
    struct plan_stop stops[] = {stop_at(300000, 30), stop_at(100000, 10), stop_at(200000, 20),
                                stop_at(50000, 99)};
    struct plan_vehicle vehicles[] = {{.capacity = 35, .stops_max = 100},
                                      {.capacity = 40, .stops_max = 100}};
    struct plan_problem problem = {.depot = place(312000000, 1214000000),
                                   .stops = stops,
                                   .stop_count = 4,
                                   .vehicles = vehicles,
                                   .vehicle_count = 2};
    struct plan plan;

    (void)state;
    arena_init(&arena);
    plan_routes(&arena, &problem, &plan);
    assert_int_equal(plan.routes[0].count, 2);
    assert_int_equal(plan.routes[0].stops[0], 1);
    assert_int_equal(plan.routes[0].stops[1], 2);
    assert_int_equal(plan.routes[0].load, 30);
    assert_int_equal(plan.routes[1].count, 1);
    assert_int_equal(plan.routes[1].stops[0], 0);
    assert_int_equal(plan.left_out_count, 1);
    assert_int_equal(plan.left_out[0], 3);
    assert_in_range(plan.routes[0].distance_m, 3800, 3810);
    arena_release(&arena);
}

static void a_vehicle_takes_no_more_stops_than_it_may(void **state)
{
    struct arena arena;
    struct plan_stop stops[] = {stop_at(1000, 1), stop_at(2000, 1), stop_at(3000, 1)};
    struct plan_vehicle vehicle = {.capacity = 100, .stops_max = 2};
    struct plan_problem problem = {
        .stops = stops, .stop_count = 3, .vehicles = &vehicle, .vehicle_count = 1};
    struct plan plan;

    (void)state;
    arena_init(&arena);
    plan_routes(&arena, &problem, &plan);
    assert_int_equal(plan.routes[0].count, 2);
    assert_int_equal(plan.left_out_count, 1);
    arena_release(&arena);
}

static void pinned_stops_stay_where_they_are(void **state)
{
    struct arena arena;
    struct plan_stop stops[] = {stop_at(300000, 1), stop_at(100000, 1), stop_at(200000, 1)};
    const bool loose[] = {false, false, false}, pinned[] = {true, false, false};
    size_t order[3];

    (void)state;
    arena_init(&arena);
    plan_order(&arena, place(312000000, 1214000000), stops, loose, 3, order);
    assert_int_equal(order[0], 1);
    assert_int_equal(order[1], 2);
    assert_int_equal(order[2], 0);
    plan_order(&arena, place(312000000, 1214000000), stops, pinned, 3, order);
    assert_int_equal(order[0], 0);
    assert_int_equal(order[1], 2);
    assert_int_equal(order[2], 1);
    arena_release(&arena);
}

static void a_stop_without_coordinates_costs_no_way(void **state)
{
    struct plan_stop stops[] = {stop_at(100000, 1), {.load = 1}, stop_at(200000, 1)};
    const size_t with[] = {0, 1, 2}, without[] = {0, 2};

    (void)state;
    assert_int_equal(plan_distance(place(312000000, 1214000000), stops, with, 3),
                     plan_distance(place(312000000, 1214000000), stops, without, 2));
    assert_int_equal(plan_distance(place(312000000, 1214000000), stops, with, 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(distances_are_those_of_the_earth),
        cmocka_unit_test(each_vehicle_takes_the_nearest_that_fits_until_nothing_fits),
        cmocka_unit_test(a_vehicle_takes_no_more_stops_than_it_may),
        cmocka_unit_test(pinned_stops_stay_where_they_are),
        cmocka_unit_test(a_stop_without_coordinates_costs_no_way),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
