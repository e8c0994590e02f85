/* service_fiber.c - the stacks of handlers. */
#include "unit.h"

#include <sys/mman.h>

#include "service/fiber.h"

enum { MANY = 64, TURNS = 20 };

static struct fiber_pool pool;

struct counter {
    int turns;
    char deep[2000];
};

static void turn(void *argument)
{
    struct counter *counter = argument;
    char local[4096];

    for (int i = 0; i < TURNS; i++) {
        memset(local, i, sizeof(local));
        fiber_suspend(&pool);
        for (size_t k = 0; k < sizeof(local); k++)
            if (local[k] != i)
                return;
        counter->turns++;
    }
}

static void many_fibers_take_turns_and_keep_their_stacks(void **state)
{
    struct counter counters[MANY] = {0};
    struct fiber *fibers[MANY];

    (void)state;
    fiber_pool_init(&pool);
    for (int i = 0; i < MANY; i++)
        fibers[i] = fiber_start(&pool, turn, &counters[i]);
    for (int t = 0; t < TURNS; t++)
        for (int i = 0; i < MANY; i++)
            assert_int_equal(fiber_resume(&pool, fibers[i]), t < TURNS - 1);
    for (int i = 0; i < MANY; i++)
        assert_int_equal(counters[i].turns, TURNS);
    fiber_pool_release(&pool);
}

static void count(void *argument)
{
    ++*(int *)argument;
}

static void a_stack_is_used_again(void **state)
{
    int n = 0;

    (void)state;
    fiber_pool_init(&pool);
    for (int i = 0; i < 1000; i++)
        assert_null(fiber_start(&pool, count, &n));
    assert_int_equal(n, 1000);
    assert_int_equal(pool.count, 1);
    fiber_pool_release(&pool);
}

static int dig(int depth)
{
    volatile char room[1024];

    room[0] = (char)depth;
    return depth == 0 ? room[0] : dig(depth - 1) + room[0];
}

static void dig_deep(void *argument)
{
    *(int *)argument = dig(100000);
}

static void a_stack_that_is_too_deep_ends_the_process_and_touches_nothing_else(void **state)
{
    int result = 0, status = 0;

    (void)state;
    fiber_pool_init(&pool);
    pid_t child = fork();
    if (child == 0) {
        signal(SIGSEGV, SIG_DFL);
        dup2(open("/dev/null", O_WRONLY | O_CLOEXEC), STDERR_FILENO);
        fiber_start(&pool, dig_deep, &result);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_false(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    fiber_pool_release(&pool);
}

static void suspend_outside(void)
{
    fiber_suspend(&pool);
}

static void the_main_stack_cannot_suspend(void **state)
{
    (void)state;
    fiber_pool_init(&pool);
    assert_true(aborts(suspend_outside));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(many_fibers_take_turns_and_keep_their_stacks),
        cmocka_unit_test(a_stack_is_used_again),
        cmocka_unit_test(a_stack_that_is_too_deep_ends_the_process_and_touches_nothing_else),
        cmocka_unit_test(the_main_stack_cannot_suspend),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
