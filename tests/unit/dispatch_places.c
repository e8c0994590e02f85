/* Where stops are: distances, stops without coordinates, what a place is known by. */
#include "plan_example.h"
#include "unit.h"

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

static void a_stop_without_coordinates_costs_no_way(void **state)
{
    struct plan_stop stops[] = {stop_at(100000, 1), {.load = 1}, stop_at(200000, 1)};
    const size_t with[] = {0, 1, 2}, without[] = {0, 2};
    const int32_t metres[] = {0, 100, 7, 300, 100, 0, 40, 150, 7, 50, 0, 60, 300, 150, 60, 0};
    const struct plan_travel travel = {metres, metres};
    const struct plan_ends home = {0, 0};
    struct plan_problem problem = {
        .depot = place(312000000, 1214000000), .stops = stops, .stop_count = 3, .rates = rates};

    (void)state;
    assert_int_equal(plan_distance(&problem, home, with, 3),
                     plan_distance(&problem, home, without, 2));
    assert_int_equal(plan_distance(&problem, home, with, 0), 0);
    problem.travel = &travel; /* unless somebody knows how far it is */
    assert_int_equal(plan_distance(&problem, home, with, 3), 100 + 40 + 60 + 300);
    assert_int_equal(plan_distance(&problem, home, without, 2), 100 + 150 + 300);
}

static void a_stop_without_coordinates_joins_no_far_places(void **state)
{
    struct arena arena;
    struct plan_stop stops[] = {
        stop_at(900000, 1), stop_at(-900000, 1), stop_at(600000, 1), {.load = 1}};
    struct plan_vehicle vehicle = {.capacity = 100, .stops_max = 100};
    const struct plan_effort effort = {.milliseconds = 20};
    const size_t order[] = {0, 3, 1, 2};
    struct plan_problem problem = {.depot = place(312000000, 1214000000),
                                   .stops = stops,
                                   .stop_count = 3,
                                   .vehicles = &vehicle,
                                   .vehicle_count = 1,
                                   .rates = rates};
    const struct plan_ends home = {0, 0};
    struct plan without, with;
    const char *wrong = NULL;

    (void)state;
    arena_init(&arena);
    assert_true(plan_solve(&arena, &problem, &effort, &without, &wrong));
    problem.stop_count = 4;
    assert_true(plan_solve(&arena, &problem, &effort, &with, &wrong));
    assert_int_equal(with.routes[0].count, 4);
    assert_int_equal(with.distance_m, without.distance_m);
    assert_int_equal(plan_distance(&problem, home, with.routes[0].stops, 4), with.distance_m);
    assert_true(plan_price(&arena, &problem, order, 4, &with)); /* driven in this order */
    assert_int_equal(with.distance_m, plan_distance(&problem, home, order, 4));
    arena_release(&arena);
}

static void a_place_is_known_by_a_metre_and_without_coordinates_by_its_id(void **state)
{
    struct plan_place one = place(312000040, 1214000040), near = place(312000049, 1213999951),
                      other = place(312000100, 1214000040), west = place(-312000000, -1214000000),
                      nowhere = {.id = {{[15] = 1}}}, elsewhere = {.id = {{[15] = 2}}};

    (void)state;
    assert_true(plan_place_key(&one) == plan_place_key(&near));
    assert_true(plan_place_key(&one) != plan_place_key(&other));
    assert_true(plan_place_key(&one) != plan_place_key(&west));
    assert_true(plan_place_key(&west) >= 0);
    assert_true(plan_place_key(&nowhere) < 0);
    assert_true(plan_place_key(&nowhere) != plan_place_key(&elsewhere));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(distances_are_those_of_the_earth),
        cmocka_unit_test(a_stop_without_coordinates_costs_no_way),
        cmocka_unit_test(a_stop_without_coordinates_joins_no_far_places),
        cmocka_unit_test(a_place_is_known_by_a_metre_and_without_coordinates_by_its_id),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
