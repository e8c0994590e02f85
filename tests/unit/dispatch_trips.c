/* Several depots in one plan, stock that decides between them, and vehicles that load again. */
#include "plan_example.h"
#include "plan_stock.h"
#include "unit.h"

static const struct plan_effort effort = {.milliseconds = 10};
static const struct id gas = {{7}};

static struct plan_stop stop_of(int64_t east, struct plan_goods *goods)
{
    struct plan_stop stop = stop_at(east, goods->quantity);

    stop.goods = goods;
    stop.goods_count = 1;
    return stop;
}

/* A vehicle in the west and one in the east; leaving costs nothing. */
static struct plan_problem west_and_east(struct plan_stop *stops, size_t count,
                                         struct plan_vehicle *vehicles,
                                         const struct plan_place *east)
{
    vehicles[0] = vehicles[1] = (struct plan_vehicle){
        .capacity = 1000, .stops_max = 100, .has_cost = true, .cost = {150, 5000, 0}};
    vehicles[1].start_depot = vehicles[1].end_depot = 1;
    return (struct plan_problem){.depot = place(312000000, 1214000000),
                                 .more_depots = east,
                                 .more_count = 1,
                                 .stops = stops,
                                 .stop_count = count,
                                 .vehicles = vehicles,
                                 .vehicle_count = 2,
                                 .rates = rates};
}

static void each_stop_is_served_from_the_nearest_depot(void **state)
{
    struct plan_goods goods = {gas, 10};
    struct plan_stop stops[] = {stop_of(10000, &goods), stop_of(990000, &goods),
                                stop_of(20000, &goods), stop_of(980000, &goods)};
    struct plan_vehicle vehicles[2];
    const struct plan_place east = place(312000000, 1215000000);
    struct plan_problem problem = west_and_east(stops, 4, vehicles, &east);
    const char *wrong = NULL;
    struct arena arena;
    struct plan plan;

    (void)state;
    arena_init(&arena);
    assert_true(plan_solve(&arena, &problem, &effort, &plan, &wrong));
    assert_int_equal(plan.routes[0].count, 2);
    assert_int_equal(plan.routes[1].count, 2);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(plan.routes[0].stops[i] % 2, 0);
        assert_int_equal(plan.routes[1].stops[i] % 2, 1);
    }
    assert_true(plan.distance_m < 12000);
    arena_release(&arena);
}

static void a_vehicle_ends_where_it_is_to_end(void **state)
{
    struct plan_goods goods = {gas, 10};
    struct plan_stop stops[] = {stop_of(500000, &goods)};
    struct plan_vehicle vehicles[2];
    const struct plan_place east = place(312000000, 1215000000);
    struct plan_problem problem = west_and_east(stops, 1, vehicles, &east);
    const char *wrong = NULL;
    struct arena arena;
    struct plan home, over;

    (void)state;
    arena_init(&arena);
    problem.vehicle_count = 1;
    assert_true(plan_solve(&arena, &problem, &effort, &home, &wrong));
    vehicles[0].end_depot = 1;
    assert_true(plan_solve(&arena, &problem, &effort, &over, &wrong));
    assert_in_range(home.distance_m, over.distance_m - 3, over.distance_m + 3);
    stops[0].place = place(312000000, 1215000000);
    assert_true(plan_solve(&arena, &problem, &effort, &over, &wrong));
    assert_in_range(over.distance_m, home.distance_m - 3, home.distance_m + 3);
    arena_release(&arena);
}

static void the_nearest_stop_next_begins_and_ends_at_the_vehicles_own_depots(void **state)
{
    struct plan_goods goods = {gas, 10};
    struct plan_stop stops[] = {stop_of(10000, &goods), stop_of(990000, &goods)};
    struct plan_vehicle vehicles[2];
    const struct plan_place east = place(312000000, 1215000000);
    struct plan_problem problem = west_and_east(stops, 2, vehicles, &east);
    struct arena arena;
    struct plan plan;

    (void)state;
    arena_init(&arena);
    vehicles[0].capacity = vehicles[1].capacity = 10;
    vehicles[0].start_depot = 1;
    plan_nearest(&arena, &problem, &plan);
    assert_int_equal(plan.routes[0].stops[0], 1);
    assert_in_range(plan.routes[0].distance_m, 12350,
                    12480); /* and on to the west, where it ends */
    assert_int_equal(plan.routes[1].stops[0], 0);
    assert_in_range(plan.routes[1].distance_m, 24440, 24570);
    arena_release(&arena);
}

static void a_depot_that_has_not_enough_leaves_stops_to_another(void **state)
{
    struct plan_goods goods = {gas, 10};
    struct plan_stop stops[] = {stop_of(-100000, &goods), stop_of(-110000, &goods),
                                stop_of(30000, &goods)};
    struct plan_vehicle vehicles[2];
    const struct plan_place east = place(312000000, 1215000000);
    struct plan_problem problem = west_and_east(stops, 3, vehicles, &east);
    struct plan_stock stock[] = {{0, gas, 20}, {1, gas, 100}};
    const char *wrong = NULL;
    struct arena arena;
    struct plan plan;

    (void)state;
    arena_init(&arena);
    stops[0].priority = stops[1].priority = 5;
    assert_true(plan_solve_stocked(&arena, &problem, &effort, &plan, &wrong));
    assert_int_equal(plan.routes[0].count, 3);
    problem.stock = stock;
    problem.stock_count = 2;
    assert_true(plan_solve_stocked(&arena, &problem, &effort, &plan, &wrong));
    assert_int_equal(plan.left_out_count, 0);
    assert_in_range(plan.routes[0].count, 1, 2);
    assert_int_equal(plan.routes[0].count + plan.routes[1].count, 3);
    /* Nobody has enough: the cheapest serves them, and the dispatcher decides. */
    stock[0].quantity = stock[1].quantity = 5;
    assert_true(plan_solve_stocked(&arena, &problem, &effort, &plan, &wrong));
    assert_int_equal(plan.left_out_count, 0);
    assert_int_equal(plan.routes[0].count, 3);
    /* The other has enough but no room: better from one that is short than not at all. */
    stock[0].quantity = 20;
    stock[1].quantity = 100;
    vehicles[1].capacity = 5;
    assert_true(plan_solve_stocked(&arena, &problem, &effort, &plan, &wrong));
    assert_int_equal(plan.left_out_count, 0);
    assert_int_equal(plan.routes[0].count, 3);
    arena_release(&arena);
}

static void what_no_depot_has_is_said_with_the_plan(void **state)
{
    struct plan_goods goods = {gas, 10};
    struct plan_stop stops[] = {stop_of(-100000, &goods), stop_of(-110000, &goods),
                                stop_of(1100000, &goods)};
    struct plan_vehicle vehicles[2];
    const struct plan_place east = place(312000000, 1215000000);
    struct plan_problem problem = west_and_east(stops, 3, vehicles, &east);
    struct plan_stock stock[] = {{0, gas, 15}, {1, gas, -3}};
    struct plan_shortages short_of;
    const char *wrong = NULL;
    struct arena arena;
    struct plan plan;

    (void)state;
    arena_init(&arena);
    problem.stock = stock;
    problem.stock_count = 2;
    assert_true(plan_solve(&arena, &problem, &effort, &plan, &wrong));
    short_of = plan_shortages(&arena, &problem, &plan);
    assert_int_equal(short_of.count, 2);
    assert_int_equal(short_of.items[0].depot, 0);
    assert_int_equal(short_of.items[0].quantity, 5);
    assert_int_equal(short_of.items[1].depot, 1);
    assert_int_equal(short_of.items[1].quantity, 10); /* of this plan; not the 3 of others */
    vehicles[0].is_closed = true;
    short_of = plan_shortages(&arena, &problem, &plan);
    assert_int_equal(short_of.count, 1);
    assert_int_equal(short_of.items[0].depot, 1);
    stock[1].quantity = 10;
    assert_int_equal(plan_shortages(&arena, &problem, &plan).count, 0);
    arena_release(&arena);
}

static void a_vehicle_loads_again_where_it_may(void **state)
{
    struct plan_goods goods = {gas, 10};
    struct plan_stop stops[] = {stop_of(10000, &goods), stop_of(20000, &goods),
                                stop_of(30000, &goods), stop_of(40000, &goods)};
    struct plan_vehicle vehicle = {.capacity = 20, .stops_max = 100};
    struct plan_problem problem = {.depot = place(312000000, 1214000000),
                                   .stops = stops,
                                   .stop_count = 4,
                                   .vehicles = &vehicle,
                                   .vehicle_count = 1,
                                   .rates = rates};
    const char *wrong = NULL;
    struct arena arena;
    struct plan plan;
    size_t again = 0;

    (void)state;
    arena_init(&arena);
    assert_true(plan_solve(&arena, &problem, &effort, &plan, &wrong));
    assert_int_equal(plan.routes[0].count, 2);
    assert_int_equal(plan.left_out_count, 2);
    vehicle.may_reload = true;
    vehicle.reload_minutes = 45;
    assert_true(plan_solve(&arena, &problem, &effort, &plan, &wrong));
    assert_int_equal(plan.routes[0].count, 4);
    assert_int_equal(plan.left_out_count, 0);
    for (size_t i = 0; i < 4; i++)
        if (plan.routes[0].visits[i].reload_before) {
            again++;
            assert_int_equal(i, 2);
            assert_true(plan.routes[0].visits[i].arrive - plan.routes[0].visits[i - 1].leave >=
                        45 * 60);
        }
    assert_int_equal(again, 1);
    vehicle.max_minutes = 40; /* no time for a second trip */
    assert_true(plan_solve(&arena, &problem, &effort, &plan, &wrong));
    assert_int_equal(plan.left_out_count, 2);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_stop_is_served_from_the_nearest_depot),
        cmocka_unit_test(a_vehicle_ends_where_it_is_to_end),
        cmocka_unit_test(the_nearest_stop_next_begins_and_ends_at_the_vehicles_own_depots),
        cmocka_unit_test(a_depot_that_has_not_enough_leaves_stops_to_another),
        cmocka_unit_test(what_no_depot_has_is_said_with_the_plan),
        cmocka_unit_test(a_vehicle_loads_again_where_it_may),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
