/* What a server of road distances answers: taken cell by cell, refused when it is something else. */
#include <string.h>

#include "routing_travel.h"
#include "unit.h"

static bool take(const char *answer, int32_t *metres, int32_t *seconds)
{
    const size_t rows[] = {0, 2}, columns[] = {0, 1, 2};

    for (int i = 0; i < 9; i++)
        metres[i] = seconds[i] = 5;
    return travel_take(answer, strlen(answer), rows, 2, columns, 3, 3, metres, seconds);
}

static void cells_go_where_their_sites_are_and_unknown_ways_stay(void **state)
{
    int32_t metres[9], seconds[9];

    (void)state;
    assert_true(take("{\"code\":\"Ok\",\"distances\":[[0,10.6,20],[30,null,99]],"
                     "\"durations\":[[0,1,2],[3,null,99]]}",
                     metres, seconds));
    assert_int_equal(metres[0], 5); /* from a site to itself: not taken */
    assert_int_equal(metres[1], 11);
    assert_int_equal(metres[2], 20);
    assert_int_equal(metres[6], 30);
    assert_int_equal(metres[7], 5);
    assert_int_equal(metres[8], 5);
    assert_int_equal(metres[3], 5);
    assert_int_equal(seconds[1], 1);
    assert_int_equal(seconds[6], 3);
}

static void what_is_no_such_answer_is_refused(void **state)
{
    const char *const wrong[] = {
        "",
        "[]",
        "not json",
        "{\"code\":\"NoTable\"}",
        "{\"code\":\"Ok\",\"distances\":[[0,1,2]],\"durations\":[[0,1,2],[3,4,5]]}",
        "{\"code\":\"Ok\",\"distances\":[[0,1],[3,4]],\"durations\":[[0,1,2],[3,4,5]]}",
        "{\"code\":\"Ok\",\"distances\":[[0,-1,2],[3,4,5]],\"durations\":[[0,1,2],[3,4,5]]}",
        "{\"code\":\"Ok\",\"distances\":[[0,\"1\",2],[3,4,5]],\"durations\":[[0,1,2],[3,4,5]]}",
        "{\"code\":\"Ok\",\"distances\":[[0,1e18,2],[3,4,5]],\"durations\":[[0,1,2],[3,4,5]]}",
        "{\"code\":\"Ok\",\"distances\":[[0,1,2],[3,4,5]]}",
    };
    int32_t metres[9], seconds[9];

    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
        assert_false(take(wrong[i], metres, seconds));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_go_where_their_sites_are_and_unknown_ways_stay),
        cmocka_unit_test(what_is_no_such_answer_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
