/* Plans: the nearest stop next, the routing engine's plans, time windows, pinned stops. */
#include "plan_example.h"
#include "unit.h"

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
                                   .vehicle_count = 2,
                                   .rates = rates};
    struct plan plan;

    (void)state;
    arena_init(&arena);
    plan_nearest(&arena, &problem, &plan);
    assert_int_equal(plan.routes[0].count, 2);
    assert_int_equal(plan.routes[0].stops[0], 1);
    assert_int_equal(plan.routes[0].stops[1], 2);
    assert_int_equal(plan.routes[0].load, 30);
    assert_int_equal(plan.routes[1].count, 1);
    assert_int_equal(plan.routes[1].stops[0], 0);
    assert_int_equal(plan.left_out_count, 1);
    assert_int_equal(plan.left_out[0].stop, 3);
    assert_in_range(plan.routes[0].distance_m, 4940, 4953); /* 3,805 and the detour */
    arena_release(&arena);
}

static void a_vehicle_takes_no_more_stops_than_it_may(void **state)
{
    struct arena arena;
    struct plan_stop stops[] = {stop_at(1000, 1), stop_at(2000, 1), stop_at(3000, 1)};
    struct plan_vehicle vehicle = {.capacity = 100, .stops_max = 2};
    struct plan_problem problem = {
        .stops = stops, .stop_count = 3, .vehicles = &vehicle, .vehicle_count = 1, .rates = rates};
    struct plan plan;

    (void)state;
    arena_init(&arena);
    plan_nearest(&arena, &problem, &plan);
    assert_int_equal(plan.routes[0].count, 2);
    assert_int_equal(plan.left_out_count, 1);
    arena_release(&arena);
}

static void pinned_stops_stay_where_they_are(void **state)
{
    struct arena arena;
    struct plan_stop stops[] = {stop_at(300000, 1), stop_at(100000, 1), stop_at(200000, 1)};
    const bool loose[] = {false, false, false}, pinned[] = {true, false, false};
    /* by road the first stop is next to the depot, and the last is a long way round from it */
    const int32_t metres[] = {0, 1, 5, 9, 1, 0, 20, 2, 5, 20, 0, 3, 9, 2, 3, 0};
    const struct plan_travel travel = {metres, metres};
    struct plan_problem problem = {
        .depot = place(312000000, 1214000000), .stops = stops, .stop_count = 3, .rates = rates};
    size_t order[3];

    (void)state;
    arena_init(&arena);
    plan_order(&arena, &problem, loose, order);
    assert_int_equal(order[0], 1);
    assert_int_equal(order[1], 2);
    assert_int_equal(order[2], 0);
    plan_order(&arena, &problem, pinned, order);
    assert_int_equal(order[0], 0);
    assert_int_equal(order[1], 2);
    assert_int_equal(order[2], 1);
    problem.travel = &travel;
    plan_order(&arena, &problem, loose, order);
    assert_int_equal(order[0], 0);
    assert_int_equal(order[1], 2);
    assert_int_equal(order[2], 1);
    arena_release(&arena);
}

static void windows_are_sorted_joined_and_the_impossible_left_out(void **state)
{
    struct plan_window windows[] = {{900, 960}, {600, 540}, {480, 600}, {590, 700}, {800, 850}};

    (void)state;
    assert_int_equal(plan_windows(windows, 5), 3);
    assert_int_equal(windows[0].from_minute, 480);
    assert_int_equal(windows[0].to_minute, 700);
    assert_int_equal(windows[1].from_minute, 800);
    assert_int_equal(windows[2].to_minute, 960);
    assert_int_equal(plan_windows(windows, 0), 0);
    assert_int_equal(plan_windows(&(struct plan_window){2, 1}, 1), 0);
}

/* Two clusters, one vehicle each is shortest; the nearest next would mix them. */
static void the_engine_plans_windows_loads_and_says_what_does_not_fit(void **state)
{
    struct arena arena;
    struct plan_stop stops[] = {stop_at(300000, 10), stop_at(-300000, 10), stop_at(310000, 10),
                                stop_at(-310000, 10), stop_at(5000, 900)};
    struct plan_vehicle vehicles[] = {{.capacity = 20, .stops_max = 100},
                                      {.capacity = 25, .stops_max = 100}};
    struct plan_problem problem = {.depot = place(312000000, 1214000000),
                                   .stops = stops,
                                   .stop_count = 5,
                                   .vehicles = vehicles,
                                   .vehicle_count = 2,
                                   .rates = rates};
    const struct plan_effort effort = {.milliseconds = 20};
    const char *wrong = NULL;
    struct plan plan, again;

    (void)state;
    arena_init(&arena);
    stops[0].windows[0] = (struct plan_window){600, 660};
    stops[0].window_count = 1;
    assert_true(plan_solve(&arena, &problem, &effort, &plan, &wrong));
    assert_int_equal(plan.routes[0].count + plan.routes[1].count, 4);
    assert_int_equal(plan.left_out_count, 1);
    assert_int_equal(plan.left_out[0].stop, 4);
    assert_string_equal(plan.left_out[0].reason, "capacity");
    assert_int_equal(plan.left_out[0].amount, 895); /* beside the 20 on it already */
    assert_int_equal(plan.left_out[0].vehicle, 2);
    for (size_t v = 0; v < 2; v++) {
        assert_int_equal(plan.routes[v].count, 2);
        assert_int_equal(plan.routes[v].load, 20);
        assert_int_equal(stops[plan.routes[v].stops[0]].place.longitude_e7 < 1214000000,
                         stops[plan.routes[v].stops[1]].place.longitude_e7 < 1214000000);
        for (size_t i = 0; i < 2; i++)
            if (plan.routes[v].stops[i] == 0)
                assert_in_range(plan.routes[v].visits[i].begin, 600 * 60, 660 * 60);
    }
    assert_int_equal(plan.late_s, 0);
    assert_true(plan_solve(&arena, &problem, &effort, &again, &wrong));
    assert_int_equal(again.cost, plan.cost);
    assert_memory_equal(again.routes[0].stops, plan.routes[0].stops, 2 * sizeof(size_t));
    arena_release(&arena);
}

/* Two hundred stops scattered over a city, the same on every machine. */
static void a_plan_at_once_is_shorter_than_the_nearest_next(void **state)
{
    enum { STOPS = 200, VEHICLES = 10 };
    struct arena arena;
    struct plan_stop *stops;
    struct plan_vehicle vehicles[VEHICLES];
    struct plan_problem problem = {.depot = place(312000000, 1214000000),
                                   .stop_count = STOPS,
                                   .vehicles = vehicles,
                                   .vehicle_count = VEHICLES,
                                   .rates = rates};
    struct plan plan, nearest;
    uint32_t random = 7;
    size_t served = 0;
    int64_t metres = 0;

    (void)state;
    arena_init(&arena);
    stops = arena_array(&arena, struct plan_stop, STOPS);
    for (size_t i = 0; i < STOPS; i++) {
        random = random * 1664525 + 1013904223;
        stops[i] = stop_at((int64_t)(random >> 12) - 524288, 10);
        stops[i].place.latitude_e7 += (int64_t)(random & 0xfff) * 200 - 400000;
    }
    for (size_t v = 0; v < VEHICLES; v++)
        vehicles[v] = (struct plan_vehicle){.capacity = 250, .stops_max = 100};
    problem.stops = stops;
    plan_nearest(&arena, &problem, &nearest);
    plan_routes(&arena, &problem, &plan);
    for (size_t v = 0; v < VEHICLES; v++) {
        assert_true(plan.routes[v].load <= 250);
        served += plan.routes[v].count;
        metres += nearest.routes[v].distance_m;
    }
    assert_int_equal(served, STOPS);
    assert_int_equal(plan.left_out_count, 0);
    assert_true(plan.distance_m * 100 < metres * 95);
    arena_release(&arena);
}

static void a_pinned_stop_stays_on_its_vehicle_at_its_place(void **state)
{
    struct arena arena;
    struct plan_stop stops[] = {stop_at(300000, 10), stop_at(100000, 10), stop_at(200000, 10)};
    struct plan_vehicle vehicles[] = {{.capacity = 1000, .stops_max = 100},
                                      {.capacity = 1000, .stops_max = 100}};
    struct plan_problem problem = {.depot = place(312000000, 1214000000),
                                   .stops = stops,
                                   .stop_count = 3,
                                   .vehicles = vehicles,
                                   .vehicle_count = 2,
                                   .rates = rates};
    const char *wrong = NULL;
    struct plan plan;

    (void)state;
    arena_init(&arena);
    stops[2].vehicle = 2;
    stops[2].position = 1;
    stops[2].is_pinned = true;
    assert_true(
        plan_solve(&arena, &problem, &(struct plan_effort){.milliseconds = 20}, &plan, &wrong));
    assert_int_equal(plan.routes[0].count, 0);
    assert_int_equal(plan.routes[1].count, 3);
    assert_int_equal(plan.routes[1].stops[0], 2);
    arena_release(&arena);
}

static void a_stop_is_put_in_where_it_adds_least_and_never_before_what_is_driven(void **state)
{
    struct plan_stop stops[] = {stop_at(100000, 1), stop_at(200000, 1), stop_at(300000, 1),
                                stop_at(50000, 1)};
    const struct plan_place east = place(312000000, 1214400000);
    const struct plan_ends home = {0, 0}, away = {0, 5};
    const size_t order[] = {0, 1, 2};
    const struct plan_problem problem = {.depot = place(312000000, 1214000000),
                                         .more_depots = &east,
                                         .more_count = 1,
                                         .stops = stops,
                                         .stop_count = 4,
                                         .rates = rates};
    struct plan_way added;

    (void)state;
    assert_int_equal(plan_insert(&problem, home, order, 3, 0, 3, &added), 0);
    assert_in_range(added.metres, 0, 2);
    assert_int_equal(plan_insert(&problem, home, order, 3, 3, 3, &added), 3);
    assert_in_range(added.metres, 0, 2);
    stops[3] = stop_at(400000, 1);
    assert_int_equal(plan_insert(&problem, home, order, 3, 2, 3, &added), 2);
    assert_in_range(added.metres, 2470, 2485); /* 2 x 954 and the detour */
    assert_in_range(added.seconds, 2470 * 36 / 300 - 2, 2485 * 36 / 300 + 2);
    stops[3] = stop_at(100000, 1);
    assert_int_equal(plan_insert(&problem, home, order, 0, 0, 3, &added), 0);
    assert_in_range(added.metres, 2470, 2485);
    stops[3] = stop_at(350000, 1);
    assert_int_equal(plan_insert(&problem, away, order, 3, 0, 3, &added), 3);
    assert_in_range(added.metres, 0, 2);
    stops[3] = (struct plan_stop){.load = 1};
    assert_int_equal(plan_insert(&problem, home, order, 3, 1, 3, &added), 3);
    assert_int_equal(added.metres, 0);
}

static void an_order_is_priced_as_it_is_and_what_is_driven_stays_first(void **state)
{
    struct arena arena;
    struct plan_stop stops[] = {stop_at(300000, 10), stop_at(100000, 10), stop_at(200000, 10)};
    struct plan_vehicle vehicle = {.capacity = 100, .stops_max = 100, .driven_until = 10 * 3600};
    struct plan_problem problem = {.depot = place(312000000, 1214000000),
                                   .stops = stops,
                                   .stop_count = 3,
                                   .vehicles = &vehicle,
                                   .vehicle_count = 1,
                                   .rates = rates};
    const size_t order[] = {1, 0, 2};
    const char *wrong = NULL;
    struct plan plan;

    (void)state;
    arena_init(&arena);
    assert_true(plan_price(&arena, &problem, order, 3, &plan));
    assert_memory_equal(plan.routes[0].stops, order, sizeof(order));
    assert_in_range(plan.routes[0].distance_m, 7400, 7450); /* 6 x 954 m and the detour */
    stops[0].vehicle = stops[0].position = 1;
    stops[0].is_driven = true;
    assert_true(
        plan_solve(&arena, &problem, &(struct plan_effort){.milliseconds = 5}, &plan, &wrong));
    assert_int_equal(plan.routes[0].count, 3);
    assert_int_equal(plan.routes[0].stops[0], 0);
    assert_int_equal(plan.routes[0].stops[1], 2);
    assert_true(plan.routes[0].visits[1].arrive > 10 * 3600);
    arena_release(&arena);
}

static void loads_beyond_the_engines_numbers_are_scaled(void **state)
{
    struct arena arena;
    struct plan_stop stops[] = {stop_at(1000, INT64_C(600000000000)),
                                stop_at(2000, INT64_C(600000000000))};
    struct plan_vehicle vehicle = {.capacity = INT64_C(1000000000000), .stops_max = 100};
    struct plan_problem problem = {.depot = place(312000000, 1214000000),
                                   .stops = stops,
                                   .stop_count = 2,
                                   .vehicles = &vehicle,
                                   .vehicle_count = 1,
                                   .rates = rates};
    const char *wrong = NULL;
    struct plan plan;

    (void)state;
    arena_init(&arena);
    assert_true(
        plan_solve(&arena, &problem, &(struct plan_effort){.milliseconds = 5}, &plan, &wrong));
    assert_int_equal(plan.left_out_count, 1);
    assert_in_range(plan.left_out[0].amount, INT64_C(199999000000), INT64_C(200001000000));
    assert_false(plan_solve(&arena,
                            &(struct plan_problem){.rates = rates, .stops = stops, .stop_count = 2},
                            &(struct plan_effort){.milliseconds = 5}, &plan, &wrong));
    assert_non_null(wrong);
    arena_release(&arena);
}

/* The van and the lorry stand beside each other; only what they cost or are tells them apart. */
static struct plan_problem two_vehicles(struct plan_stop *stops, size_t count,
                                        struct plan_vehicle *vehicles)
{
    vehicles[0] = vehicles[1] = (struct plan_vehicle){.capacity = 1000, .stops_max = 100};
    return (struct plan_problem){.depot = place(312000000, 1214000000),
                                 .stops = stops,
                                 .stop_count = count,
                                 .vehicles = vehicles,
                                 .vehicle_count = 2,
                                 .rates = rates};
}

static void the_cheaper_vehicle_drives_and_the_plan_costs_what_it_costs(void **state)
{
    struct arena arena;
    struct plan_stop stops[] = {stop_at(100000, 10), stop_at(200000, 10)};
    struct plan_vehicle vehicles[2];
    struct plan_problem problem = two_vehicles(stops, 2, vehicles);
    const struct plan_effort effort = {.milliseconds = 5};
    const char *wrong = NULL;
    struct plan plan;

    (void)state;
    arena_init(&arena);
    vehicles[1].has_cost = true;
    vehicles[1].cost = (struct plan_cost){.fen_per_vehicle = 700};
    assert_true(plan_solve(&arena, &problem, &effort, &plan, &wrong));
    assert_int_equal(plan.routes[0].count, 0);
    assert_int_equal(plan.routes[1].count, 2);
    assert_int_equal(plan.cost, 700);
    vehicles[1].cost.fen_per_vehicle = 1000000;
    assert_true(plan_solve(&arena, &problem, &effort, &plan, &wrong));
    assert_int_equal(plan.routes[0].count, 2);
    arena_release(&arena);
}

static void an_address_gets_the_vehicle_it_demands_or_the_reason(void **state)
{
    struct arena arena;
    struct plan_stop stops[] = {stop_at(100000, 10), stop_at(110000, 10), stop_at(120000, 10)};
    struct plan_vehicle vehicles[2];
    struct plan_problem problem = two_vehicles(stops, 3, vehicles);
    const struct plan_effort effort = {.milliseconds = 5};
    const char *wrong = NULL;
    struct plan plan, nearest;

    (void)state;
    arena_init(&arena);
    vehicles[0].properties = 1; /* large, and the cheaper one */
    vehicles[0].has_cost = true;
    stops[0].forbidden = 1;
    stops[2].required = 1 << 14;
    assert_true(plan_solve(&arena, &problem, &effort, &plan, &wrong));
    assert_int_equal(plan.routes[0].count, 1);
    assert_int_equal(plan.routes[0].stops[0], 1);
    assert_int_equal(plan.routes[1].count, 1);
    assert_int_equal(plan.routes[1].stops[0], 0);
    assert_int_equal(plan.left_out_count, 1);
    assert_int_equal(plan.left_out[0].stop, 2);
    assert_string_equal(plan.left_out[0].reason, "property");
    assert_int_equal(plan.left_out[0].amount, 1);
    plan_nearest(&arena, &problem, &nearest);
    assert_int_equal(nearest.routes[0].count, 1);
    assert_int_equal(nearest.routes[1].count, 1);
    assert_int_equal(nearest.left_out_count, 1);
    arena_release(&arena);
}

static void what_may_be_left_out_is_where_serving_it_is_dearer(void **state)
{
    struct arena arena;
    struct plan_stop stops[] = {stop_at(100000, 10), stop_at(9000000, 10)};
    struct plan_vehicle vehicles[2];
    struct plan_problem problem = two_vehicles(stops, 2, vehicles);
    const struct plan_effort effort = {.milliseconds = 5};
    const char *wrong = NULL;
    struct plan plan, whole;

    (void)state;
    arena_init(&arena);
    assert_true(plan_solve(&arena, &problem, &effort, &whole, &wrong));
    assert_int_equal(whole.left_out_count, 0);
    for (size_t i = 0; i < 2; i++) {
        stops[i].may_be_left_out = true;
        stops[i].leave_out_price = 20000;
    }
    assert_true(plan_solve(&arena, &problem, &effort, &plan, &wrong));
    assert_int_equal(plan.left_out_count, 1);
    assert_int_equal(plan.left_out[0].stop, 1);
    assert_string_equal(plan.left_out[0].reason, "fits");
    assert_int_equal(plan.left_out[0].amount, whole.cost - plan.cost);
    stops[1].leave_out_price = 200000;
    assert_true(plan_solve(&arena, &problem, &effort, &plan, &wrong));
    assert_int_equal(plan.left_out_count, 0);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_vehicle_takes_the_nearest_that_fits_until_nothing_fits),
        cmocka_unit_test(a_vehicle_takes_no_more_stops_than_it_may),
        cmocka_unit_test(pinned_stops_stay_where_they_are),
        cmocka_unit_test(windows_are_sorted_joined_and_the_impossible_left_out),
        cmocka_unit_test(the_engine_plans_windows_loads_and_says_what_does_not_fit),
        cmocka_unit_test(a_plan_at_once_is_shorter_than_the_nearest_next),
        cmocka_unit_test(a_pinned_stop_stays_on_its_vehicle_at_its_place),
        cmocka_unit_test(a_stop_is_put_in_where_it_adds_least_and_never_before_what_is_driven),
        cmocka_unit_test(an_order_is_priced_as_it_is_and_what_is_driven_stays_first),
        cmocka_unit_test(loads_beyond_the_engines_numbers_are_scaled),
        cmocka_unit_test(the_cheaper_vehicle_drives_and_the_plan_costs_what_it_costs),
        cmocka_unit_test(an_address_gets_the_vehicle_it_demands_or_the_reason),
        cmocka_unit_test(what_may_be_left_out_is_where_serving_it_is_dearer),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
