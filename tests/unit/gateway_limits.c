/* gateway_limits.c - an address gets its tokens and not more; the machine's own programs are not counted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/clock.h"
#include "limits.h"

#include "base/banned.h"

static const int64_t start = 1000 * CLOCK_SECOND;

static int open_limits(void **state)
{
    *state = test_calloc(1, sizeof(struct limits));
    limits_init(*state, 10, CLOCK_SECOND, 3);
    return 0;
}

static int close_limits(void **state)
{
    limits_release(*state);
    test_free(*state);
    return 0;
}

static void a_burst_is_allowed_and_then_the_rate(void **state)
{
    int64_t wait = 0;

    for (int i = 0; i < 3; i++)
        assert_true(limits_take(*state, "203.0.113.1", start, &wait));
    assert_false(limits_take(*state, "203.0.113.1", start, &wait));
    assert_int_equal(wait, 100000);
    assert_true(limits_take(*state, "203.0.113.1", start + wait, &wait));
    assert_false(limits_take(*state, "203.0.113.1", start + wait, &wait));
}

static void addresses_do_not_share_a_bucket_but_a_household_does(void **state)
{
    int64_t wait = 0;

    for (int i = 0; i < 3; i++)
        assert_true(limits_take(*state, "2001:db8:0:1::1", start, &wait));
    assert_false(limits_take(*state, "2001:db8:0:1:ffff::2", start, &wait));
    assert_true(limits_take(*state, "2001:db8:0:2::1", start, &wait));
    assert_true(limits_take(*state, "203.0.113.2", start, &wait));
}

static void loopback_is_free(void **state)
{
    int64_t wait = 0;

    for (int i = 0; i < 100; i++) {
        assert_true(limits_take(*state, "127.0.0.1", start, &wait));
        assert_true(limits_take(*state, "::1", start, &wait));
        assert_true(limits_take(*state, "", start, &wait));
    }
    assert_false(address_is_local("128.0.0.1"));
}

static void a_flood_of_addresses_does_not_fill_the_memory(void **state)
{
    struct limits *limits = *state;
    char address[32];
    int64_t wait = 0;

    for (int i = 0; i < 2 * LIMITS_ADDRESSES_MAX; i++) {
        snprintf(address, sizeof(address), "10.%d.%d.%d", i >> 16, i >> 8 & 255, i & 255);
        limits_take(limits, address, start, &wait);
    }
    assert_true(map_count(&limits->buckets) <= LIMITS_ADDRESSES_MAX);
}

#define LIMITS_TEST(name) cmocka_unit_test_setup_teardown(name, open_limits, close_limits)

int main(void)
{
    const struct CMUnitTest tests[] = {
        LIMITS_TEST(a_burst_is_allowed_and_then_the_rate),
        LIMITS_TEST(addresses_do_not_share_a_bucket_but_a_household_does),
        LIMITS_TEST(loopback_is_free),
        LIMITS_TEST(a_flood_of_addresses_does_not_fill_the_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
