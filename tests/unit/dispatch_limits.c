/* What a route breaks that was made by hand, and what counts as worse. */
#include "base/text.h"
#include "plan_limits.h"
#include "unit.h"

static const struct plan_rates rates = {.detour_percent = 130,
                                        .speed_kmh = 30,
                                        .shift_from = 480,
                                        .shift_to = 600,
                                        .cost = {150, 5000, 10000}};

static struct plan_stop stop_at(int64_t east, int64_t minutes)
{
    return (struct plan_stop){
        .place = {.is_known = true, .latitude_e7 = 312000000, .longitude_e7 = 1214000000 + east},
        .load = 1,
        .service_minutes = minutes,
        .vehicle = 1};
}

static struct plan_problem problem_of(struct plan_stop *stops, size_t count,
                                      struct plan_vehicle *vehicle)
{
    for (size_t i = 0; i < count; i++)
        stops[i].position = i + 1;
    return (struct plan_problem){
        .depot = {.is_known = true, .latitude_e7 = 312000000, .longitude_e7 = 1214000000},
        .stops = stops,
        .stop_count = count,
        .vehicles = vehicle,
        .vehicle_count = 1,
        .rates = rates};
}

static int64_t amount_of(const struct plan_breaks *breaks, const char *reason, size_t stop)
{
    for (size_t i = 0; i < breaks->count; i++)
        if (text_equal(breaks->items[i].reason, reason) && breaks->items[i].stop == stop)
            return breaks->items[i].amount;
    return 0;
}

static void every_limit_that_a_route_breaks_is_named_with_its_amount(void **state)
{
    const size_t order[] = {0, 1, 2};
    struct plan_stop stops[] = {stop_at(1000, 60), stop_at(2000, 60), stop_at(3000, 60)};
    struct plan_vehicle vehicle = {
        .capacity = 2, .stops_max = 2, .max_minutes = 100, .max_distance_m = 10};
    struct plan_problem problem = problem_of(stops, 3, &vehicle);
    struct plan_breaks breaks;
    struct arena arena;

    (void)state;
    arena_init(&arena);
    stops[2].windows[0] = (struct plan_window){480, 540};
    stops[2].window_count = 1;
    stops[1].forbidden = 3;
    vehicle.properties = 1;
    breaks = plan_breaks_of(&arena, &problem, order, 3);
    assert_int_equal(amount_of(&breaks, "stops", 0), 1);
    assert_in_range(amount_of(&breaks, "duration", 0), 80 * 60, 82 * 60);
    assert_in_range(amount_of(&breaks, "shift", 0), 60 * 60, 62 * 60);
    assert_in_range(amount_of(&breaks, "distance", 0), 50, 100);
    assert_in_range(amount_of(&breaks, "window", 3), 60 * 60, 62 * 60);
    assert_int_equal(amount_of(&breaks, "property", 2), 1);
    assert_int_equal(amount_of(&breaks, "capacity", 0), 0); /* refused where goods join */
    for (size_t i = 0; i < breaks.count; i++)
        assert_int_equal(breaks.items[i].is_hard, text_equal(breaks.items[i].reason, "property"));
    arena_release(&arena);
}

static void a_route_within_its_limits_and_an_empty_one_break_nothing(void **state)
{
    const size_t order[] = {0, 1};
    struct plan_stop stops[] = {stop_at(1000, 10), stop_at(2000, 10)};
    struct plan_vehicle vehicle = {.capacity = 2, .stops_max = 2};
    struct plan_problem problem = problem_of(stops, 2, &vehicle);
    struct arena arena;

    (void)state;
    arena_init(&arena);
    assert_int_equal(plan_breaks_of(&arena, &problem, order, 2).count, 0);
    assert_int_equal(plan_breaks_of(&arena, &problem, order, 0).count, 0);
    arena_release(&arena);
}

static void what_is_driven_breaks_nothing_any_more(void **state)
{
    const size_t order[] = {0, 1};
    struct plan_stop stops[] = {stop_at(1000, 10), stop_at(2000, 10)};
    struct plan_vehicle vehicle = {.capacity = 2, .stops_max = 9};
    struct plan_problem problem = problem_of(stops, 2, &vehicle);
    struct plan_breaks breaks;
    struct arena arena;

    (void)state;
    arena_init(&arena);
    for (size_t i = 0; i < 2; i++) {
        stops[i].windows[0] = (struct plan_window){0, 1};
        stops[i].window_count = 1;
    }
    stops[0].is_driven = true;
    breaks = plan_breaks_of(&arena, &problem, order, 2);
    assert_int_equal(amount_of(&breaks, "window", 1), 0);
    assert_true(amount_of(&breaks, "window", 2) > 0);
    arena_release(&arena);
}

static void worse_is_what_was_not_there_or_was_less(void **state)
{
    const struct id orders[] = {{{1}}, {{2}}}, turned[] = {{{2}}, {{1}}};
    struct plan_break was[] = {{"shift", 60, 0, false}, {"window", 30, 1, false}};
    struct plan_break is[] = {{"window", 30, 2, false}, {"shift", 60, 0, false}};
    const struct plan_breaks before = {.items = was, .count = 2}, after = {.items = is, .count = 2};

    (void)state;
    assert_null(plan_breaks_worse(&before, orders, &after, turned, false));
    assert_ptr_equal(plan_breaks_worse(&before, orders, &after, orders, false), &is[0]);
    is[1].amount = 61;
    assert_ptr_equal(plan_breaks_worse(&before, orders, &after, turned, false), &is[1]);
    is[1].amount = 10;
    assert_null(plan_breaks_worse(&before, orders, &after, turned, false));
    is[1] = (struct plan_break){"property", 1, 2, true};
    assert_null(plan_breaks_worse(&before, orders, &after, turned, false));
    assert_ptr_equal(plan_breaks_worse(&before, orders, &after, turned, true), &is[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_limit_that_a_route_breaks_is_named_with_its_amount),
        cmocka_unit_test(a_route_within_its_limits_and_an_empty_one_break_nothing),
        cmocka_unit_test(what_is_driven_breaks_nothing_any_more),
        cmocka_unit_test(worse_is_what_was_not_there_or_was_less),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
