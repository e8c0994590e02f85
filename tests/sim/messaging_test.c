/* messaging_test.c - ten thousand seeds of trouble between gateway and services; the same seed does the same. */
#include "../unit/unit.h"
#include "messaging.h"

#include "base/banned.h"

enum { SEEDS = 10000, AGAIN = 50 };

static void nothing_is_lost_or_doubled_in_ten_thousand_seeds(void **state)
{
    int64_t redispatched = 0;

    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct outcome outcome = simulate(seed, (struct flaws){.forgets_keys = false});
        if (outcome.wrong != NULL)
            fail_msg("seed %llu: %s", (unsigned long long)seed, outcome.wrong);
        redispatched += outcome.redispatched;
    }
    assert_true(redispatched > SEEDS); /* there was trouble */
}

static void the_same_seed_does_the_same(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= AGAIN; seed++) {
        struct outcome once = simulate(seed, (struct flaws){.forgets_keys = false});
        struct outcome again = simulate(seed, (struct flaws){.forgets_keys = false});
        assert_true(once.hash == again.hash);
        assert_true(once.hash !=
                    simulate(seed + SEEDS, (struct flaws){.forgets_keys = false}).hash);
    }
}

static bool is_noticed(struct flaws flaws)
{
    for (uint64_t seed = 1; seed <= SEEDS / 10; seed++)
        if (simulate(seed, flaws).wrong != NULL)
            return true;
    return false;
}

static void what_is_done_wrong_is_noticed(void **state)
{
    (void)state;
    assert_true(is_noticed((struct flaws){.forgets_keys = true}));
    assert_true(is_noticed((struct flaws){.ignores_position = true}));
    assert_true(is_noticed((struct flaws){.skips_effects = true}));
    assert_true(is_noticed((struct flaws){.ignores_deadlines = true}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_seed_does_the_same),
        cmocka_unit_test(what_is_done_wrong_is_noticed),
        cmocka_unit_test(nothing_is_lost_or_doubled_in_ten_thousand_seeds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
