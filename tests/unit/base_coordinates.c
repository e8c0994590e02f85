/* WGS-84 and GCJ-02: known places, there and back, nothing abroad. */
#include "base/coordinates.h"
#include "unit.h"

static void tiananmen_lies_where_the_maps_put_it(void **state)
{
    int64_t latitude = 399073750, longitude = 1163912430; /* WGS-84 */

    (void)state;
    coordinates_to_gcj02(&latitude, &longitude);
    assert_in_range(latitude, 399087700, 399087900); /* GCJ-02: 39.90878, 116.39749 */
    assert_in_range(longitude, 1163974800, 1163975000);
}

static void the_way_back_ends_within_a_decimetre(void **state)
{
    (void)state;
    for (int64_t latitude = 200000000; latitude < 500000000; latitude += 7654321)
        for (int64_t longitude = 800000000; longitude < 1300000000; longitude += 9876543) {
            int64_t north = latitude, east = longitude;

            coordinates_to_gcj02(&north, &east);
            assert_true(north != latitude && east != longitude);
            coordinates_from_gcj02(&north, &east);
            assert_in_range(north - latitude + 10, 0, 20);
            assert_in_range(east - longitude + 10, 0, 20);
        }
}

static void abroad_nothing_moves(void **state)
{
    int64_t latitude = 488584000, longitude = 22945000;

    (void)state;
    coordinates_from_gcj02(&latitude, &longitude);
    assert_int_equal(latitude, 488584000);
    assert_int_equal(longitude, 22945000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tiananmen_lies_where_the_maps_put_it),
        cmocka_unit_test(the_way_back_ends_within_a_decimetre),
        cmocka_unit_test(abroad_nothing_moves),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
