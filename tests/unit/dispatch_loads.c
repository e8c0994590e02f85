/* dispatch_loads.c - compartments: what fits, what the engine is told, and what is left out besides. */
#include "plan_example.h"
#include "plan_loads.h"
#include "unit.h"

static struct id product(uint8_t number)
{
    return (struct id){{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, number}};
}

static struct id petrol, diesel, gas;

static struct compartments two_tanks(struct compartment_space *spaces, struct id *first,
                                     struct id *second)
{
    spaces[0] = (struct compartment_space){"front", 10, {first, 1}};
    spaces[1] = (struct compartment_space){"rear", 20, {second, 2}};
    return (struct compartments){spaces, 2};
}

static void goods_are_split_over_compartments_or_named_as_too_much(void **state)
{
    struct id front[] = {petrol}, rear[] = {petrol, diesel};
    struct compartment_space spaces[2];
    struct compartments tanks = two_tanks(spaces, front, rear);
    struct compartment_load load = {.by_set = {0}};
    struct compartment_excess excess;

    (void)state;
    assert_int_equal(compartment_set(&tanks, petrol), 3);
    assert_int_equal(compartment_set(&tanks, diesel), 2);
    assert_int_equal(compartment_set(&tanks, gas), 0);
    load.by_set[3] = 15; /* petrol: 10 in front, 5 in the rear beside 15 of diesel */
    load.by_set[2] = 15;
    assert_true(compartment_fits(&tanks, &load, &excess));
    load.by_set[3] = 16;
    assert_false(compartment_fits(&tanks, &load, &excess));
    assert_int_equal(excess.set, 3);
    assert_int_equal(excess.by, 1);
    load.by_set[3] = 0;
    load.by_set[2] = 27;
    assert_false(compartment_fits(&tanks, &load, &excess));
    assert_int_equal(excess.set, 2);
    assert_int_equal(excess.by, 7);
    load.by_set[2] = 0;
    load.by_set[0] = 3;
    assert_false(compartment_fits(&tanks, &load, &excess));
    assert_int_equal(excess.set, 0);
    assert_int_equal(excess.by, 3);
    assert_true(compartment_fits(&(struct compartments){.count = 0}, &load, &excess));
}

static struct plan_stop stop_of(int64_t east, const struct plan_goods *goods, size_t count)
{
    struct plan_stop stop = stop_at(east, 0);

    stop.goods = goods;
    stop.goods_count = count;
    for (size_t i = 0; i < count; i++)
        stop.load += goods[i].quantity;
    return stop;
}

/* Every route of a plan within its vehicle; the stops served. */
static size_t count_held(struct arena *arena, const struct plan_problem *problem,
                         const struct plan *plan)
{
    size_t served = 0;

    for (size_t v = 0; v < problem->vehicle_count; v++) {
        struct plan_hold hold;
        const char *reason;
        int64_t amount;

        plan_hold_init(arena, &hold, &problem->vehicles[v]);
        for (size_t i = 0; i < plan->routes[v].count; i++, served++) {
            const struct plan_stop *stop = &problem->stops[plan->routes[v].stops[i]];

            assert_true(plan_hold_takes(&hold, stop, &reason, &amount));
            plan_hold_add(arena, &hold, stop);
        }
    }
    return served;
}

static void the_engine_fills_compartments_and_leaves_out_what_has_none(void **state)
{
    struct arena arena;
    struct plan_goods petrol6 = {petrol, 6}, diesel9 = {diesel, 9}, gas1 = {gas, 1};
    struct id front[] = {petrol}, rear[] = {petrol, diesel};
    struct compartment_space spaces[2];
    struct plan_stop stops[] = {stop_of(100000, &petrol6, 1), stop_of(110000, &petrol6, 1),
                                stop_of(120000, &diesel9, 1), stop_of(130000, &diesel9, 1),
                                stop_of(140000, &diesel9, 1), stop_of(150000, &gas1, 1)};
    struct plan_vehicle vehicles[] = {{.capacity = 30, .stops_max = 100},
                                      {.capacity = 30, .stops_max = 100}};
    struct plan_problem problem = {
        .depot = {.is_known = true, .latitude_e7 = 312000000, .longitude_e7 = 1214000000},
        .stops = stops,
        .stop_count = 6,
        .vehicles = vehicles,
        .vehicle_count = 1,
        .rates = rates};
    const struct plan_effort effort = {.milliseconds = 20};
    const char *wrong = NULL;
    struct plan_loads loads;
    struct plan plan;

    (void)state;
    arena_init(&arena);
    vehicles[0].compartments = two_tanks(spaces, front, rear);
    plan_loads(&arena, &problem, &loads);
    assert_int_equal(loads.class_count, 3);
    assert_int_equal(loads.figure_count,
                     2); /* all; diesel by itself: both together are the vehicle */
    assert_true(plan_solve(&arena, &problem, &effort, &plan, &wrong));
    assert_int_equal(count_held(&arena, &problem, &plan), 4); /* 2 x 6 petrol, 2 x 9 diesel */
    assert_int_equal(plan.left_out_count, 2);
    for (size_t i = 0; i < 2; i++) {
        bool is_gas = plan.left_out[i].stop == 5;

        assert_string_equal(plan.left_out[i].reason, is_gas ? "property" : "capacity");
        assert_int_equal(plan.left_out[i].vehicle, 1);
        if (!is_gas)
            assert_int_equal(plan.left_out[i].amount, plan.left_out[i].stop < 2 ? 6 : 9);
    }
    problem.vehicle_count = 2; /* the other has one space for everything */
    assert_true(plan_solve(&arena, &problem, &effort, &plan, &wrong));
    assert_int_equal(count_held(&arena, &problem, &plan), 6);
    plan_nearest(&arena, &problem, &plan);
    assert_int_equal(count_held(&arena, &problem, &plan), 6 - plan.left_out_count);
    arena_release(&arena);
}

/* Ten vehicles with compartments of their own need more figures than the engine has: the rest is checked afterwards. */
static void what_the_engine_cannot_be_told_is_checked_afterwards(void **state)
{
    enum { VEHICLES = 10, STOPS = 60 };
    struct arena arena;
    struct id products[VEHICLES + 1];
    struct id pairs[VEHICLES][2];
    struct compartment_space spaces[VEHICLES];
    struct plan_goods goods[STOPS];
    struct plan_stop stops[STOPS];
    struct plan_vehicle vehicles[VEHICLES];
    struct plan_problem problem = {
        .depot = {.is_known = true, .latitude_e7 = 312000000, .longitude_e7 = 1214000000},
        .stops = stops,
        .stop_count = STOPS,
        .vehicles = vehicles,
        .vehicle_count = VEHICLES,
        .rates = rates};
    const struct plan_effort effort = {.milliseconds = 50};
    const char *wrong = NULL;
    struct plan plan;
    size_t served;

    (void)state;
    arena_init(&arena);
    for (size_t i = 0; i <= VEHICLES; i++)
        products[i] = product((uint8_t)(10 + i));
    for (size_t v = 0; v < VEHICLES; v++) {
        pairs[v][0] = products[v];
        pairs[v][1] = products[v + 1];
        spaces[v] = (struct compartment_space){"one", 30, {pairs[v], 2}};
        vehicles[v] = (struct plan_vehicle){
            .capacity = 100, .stops_max = 100, .compartments = {&spaces[v], 1}};
    }
    for (size_t i = 0; i < STOPS; i++) {
        goods[i] = (struct plan_goods){products[i % (VEHICLES + 1)], 6};
        stops[i] = stop_of((int64_t)(i * 7919 % 300000), &goods[i], 1);
    }
    assert_true(plan_solve(&arena, &problem, &effort, &plan, &wrong));
    served = count_held(&arena, &problem, &plan);
    assert_int_equal(served + plan.left_out_count, STOPS);
    assert_true(served >= 40); /* 10 x 30 would be 50 */
    arena_release(&arena);
}

/* Two vehicles, 60 stops of 20 products each: 30 stops would have 600 products, and no more than 300 go on a slip. */
static void a_route_has_no_more_products_than_a_slip(void **state)
{
    enum { STOPS = 24, LINES = 20, MOST = 160 };
    struct arena arena;
    struct plan_goods goods[STOPS][LINES];
    struct plan_stop stops[STOPS];
    struct plan_vehicle vehicles[] = {{.capacity = 100000, .stops_max = 100, .products_max = MOST},
                                      {.capacity = 100000, .stops_max = 100, .products_max = MOST},
                                      {.capacity = 100000, .stops_max = 100, .products_max = MOST},
                                      {.capacity = 100000, .stops_max = 100, .products_max = MOST}};
    struct plan_problem problem = {
        .depot = {.is_known = true, .latitude_e7 = 312000000, .longitude_e7 = 1214000000},
        .stops = stops,
        .stop_count = STOPS,
        .vehicles = vehicles,
        .vehicle_count = 4,
        .rates = rates};
    const struct plan_effort effort = {.milliseconds = 50};
    const char *wrong = NULL;
    struct plan plan;

    (void)state;
    arena_init(&arena);
    for (size_t i = 0; i < STOPS; i++) {
        for (size_t k = 0; k < LINES; k++)
            goods[i][k] = (struct plan_goods){
                {{1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (uint8_t)i, (uint8_t)k}}, 1};
        stops[i] = stop_of((int64_t)(i * 7919 % 300000), goods[i], LINES);
    }
    assert_true(plan_solve(&arena, &problem, &effort, &plan, &wrong));
    assert_int_equal(count_held(&arena, &problem, &plan), STOPS);
    problem.vehicle_count = 2; /* 8 stops each, the others have too many products */
    assert_true(plan_solve(&arena, &problem, &effort, &plan, &wrong));
    assert_int_equal(count_held(&arena, &problem, &plan), 16);
    assert_int_equal(plan.left_out_count, 8);
    plan_nearest(&arena, &problem, &plan);
    assert_int_equal(count_held(&arena, &problem, &plan), 16);
    arena_release(&arena);
}

static void loaded_goods_stay_on_their_truck_and_nothing_joins_it(void **state)
{
    struct arena arena;
    struct plan_goods one = {petrol, 1};
    struct plan_stop stops[] = {stop_of(300000, &one, 1), stop_of(-300000, &one, 1),
                                stop_of(310000, &one, 1), stop_of(305000, &one, 1)};
    struct plan_vehicle vehicles[] = {{.capacity = 30, .stops_max = 100, .is_closed = true},
                                      {.capacity = 30, .stops_max = 100}};
    struct plan_problem problem = {
        .depot = {.is_known = true, .latitude_e7 = 312000000, .longitude_e7 = 1214000000},
        .stops = stops,
        .stop_count = 4,
        .vehicles = vehicles,
        .vehicle_count = 2,
        .rates = rates};
    const struct plan_effort effort = {.milliseconds = 20};
    const char *wrong = NULL;
    struct plan plan;

    (void)state;
    arena_init(&arena);
    for (size_t i = 0; i < 3; i++) {
        stops[i].vehicle = 1;
        stops[i].position = i + 1;
        stops[i].is_kept = stops[i].is_announced = true;
    }
    stops[0].is_driven = true;
    assert_true(plan_solve(&arena, &problem, &effort, &plan, &wrong));
    assert_int_equal(plan.routes[0].count, 3);
    assert_int_equal(plan.routes[0].stops[0], 0); /* driven */
    assert_int_equal(plan.routes[0].stops[1], 2); /* and on from there */
    assert_int_equal(plan.routes[1].count, 1);
    problem.vehicle_count = 1;
    assert_true(plan_solve(&arena, &problem, &effort, &plan, &wrong));
    assert_int_equal(plan.left_out_count, 1);
    assert_string_equal(plan.left_out[0].reason, "property");
    arena_release(&arena);
}

/* A stop beside another vehicle's: it changes over when that is free, not when it costs more than the way. */
static void what_drivers_were_told_changes_only_for_more_than_its_price(void **state)
{
    struct arena arena;
    struct plan_goods one = {petrol, 1};
    struct plan_stop stops[] = {stop_of(300000, &one, 1), stop_of(-300000, &one, 1),
                                stop_of(-310000, &one, 1)};
    struct plan_vehicle vehicles[] = {{.capacity = 30, .stops_max = 2},
                                      {.capacity = 30, .stops_max = 2}};
    struct plan_problem problem = {
        .depot = {.is_known = true, .latitude_e7 = 312000000, .longitude_e7 = 1214000000},
        .stops = stops,
        .stop_count = 3,
        .vehicles = vehicles,
        .vehicle_count = 2,
        .rates = rates};
    const struct plan_effort effort = {.milliseconds = 20};
    const char *wrong = NULL;
    struct plan plan;

    (void)state;
    arena_init(&arena);
    for (size_t i = 0; i < 3; i++) {
        stops[i].vehicle = i == 1 ? 2 : 1;
        stops[i].position = i == 2 ? 2 : 1;
        stops[i].is_announced = true;
    }
    problem.change_price = 1000000;
    assert_true(plan_solve(&arena, &problem, &effort, &plan, &wrong));
    assert_int_equal(plan.routes[0].count, 2);
    assert_int_equal(plan.routes[1].stops[0], 1);
    problem.change_price = 0;
    assert_true(plan_solve(&arena, &problem, &effort, &plan, &wrong));
    for (size_t v = 0; v < 2; v++)
        if (plan.routes[v].count == 2)
            assert_int_equal(plan.routes[v].stops[0] + plan.routes[v].stops[1], 1 + 2);
    arena_release(&arena);
}

/* The only customer is served from 6:40 to 8:40; a rest of an hour goes before or after that, never into it. */
static void a_rest_is_put_in_or_said_not_to_fit(void **state)
{
    struct arena arena;
    struct plan_goods one = {petrol, 1};
    struct plan_stop stop = stop_of(10000, &one, 1);
    struct plan_vehicle vehicle = {.capacity = 30, .stops_max = 9};
    struct plan_problem problem = {
        .depot = {.is_known = true, .latitude_e7 = 312000000, .longitude_e7 = 1214000000},
        .stops = &stop,
        .stop_count = 1,
        .vehicles = &vehicle,
        .vehicle_count = 1,
        .rates = rates};
    const struct plan_effort effort = {.milliseconds = 5};
    const char *wrong = NULL;
    int64_t back;
    struct plan plan;

    (void)state;
    arena_init(&arena);
    stop.service_minutes = 120;
    stop.windows[0] = (struct plan_window){400, 400};
    stop.window_count = 1;
    assert_true(plan_solve(&arena, &problem, &effort, &plan, &wrong));
    back = plan.routes[0].back;
    vehicle.rest_from = 420;
    vehicle.rest_to = 520; /* the route is back a quarter of a minute later */
    vehicle.rest_minutes = 60;
    assert_true(plan_solve(&arena, &problem, &effort, &plan, &wrong));
    assert_int_equal(plan.left_out_count, 0);
    assert_int_equal(plan.routes[0].back, back + 3600);
    vehicle.rest_to = 480;
    assert_true(plan_solve(&arena, &problem, &effort, &plan, &wrong));
    assert_int_equal(plan.left_out_count, 1);
    vehicle.rest_minutes = 0;
    vehicle.max_minutes = 119;
    assert_true(plan_solve(&arena, &problem, &effort, &plan, &wrong));
    assert_string_equal(plan.left_out[0].reason, "duration");
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(goods_are_split_over_compartments_or_named_as_too_much),
        cmocka_unit_test(the_engine_fills_compartments_and_leaves_out_what_has_none),
        cmocka_unit_test(what_the_engine_cannot_be_told_is_checked_afterwards),
        cmocka_unit_test(a_route_has_no_more_products_than_a_slip),
        cmocka_unit_test(loaded_goods_stay_on_their_truck_and_nothing_joins_it),
        cmocka_unit_test(what_drivers_were_told_changes_only_for_more_than_its_price),
        cmocka_unit_test(a_rest_is_put_in_or_said_not_to_fit),
    };

    petrol = product(1);
    diesel = product(2);
    gas = product(3);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
