/* fiber.c - small stacks for handlers (design 3, law 5: a guard page, and the tools keep working). */
#include "service/fiber.h"

#include <errno.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/log.h"
#include "base/memory.h"
#include "service/place.h"

#if defined(__SANITIZE_ADDRESS__)
#define HAS_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAS_ASAN 1
#endif
#endif
#ifdef HAS_ASAN
#include <sanitizer/common_interface_defs.h>
#endif
#if __has_include(<valgrind/valgrind.h>)
#include <valgrind/valgrind.h>
#else
#define VALGRIND_STACK_REGISTER(low, high) 0U
#define VALGRIND_STACK_DEREGISTER(id) ((void)(id))
#endif

#include "base/banned.h"

struct fiber {
    struct fiber *next; /* in the pool */
    struct place place, caller;
    char *mapping; /* guard page, then the stack */
    void (*function)(void *);
    void *argument;
    bool has_ended;
    unsigned valgrind_id;
#ifdef HAS_ASAN
    void *fake_stack, *caller_fake_stack;
    const void *caller_stack;
    size_t caller_size;
#endif
};

static size_t page_size(void)
{
    return (size_t)sysconf(_SC_PAGESIZE);
}

static char *stack_of(const struct fiber *fiber)
{
    return fiber->mapping + page_size();
}

#ifdef HAS_ASAN
static void leave_caller(struct fiber *fiber)
{
    __sanitizer_start_switch_fiber(&fiber->caller_fake_stack, stack_of(fiber), FIBER_STACK_SIZE);
}
static void arrive_at_caller(struct fiber *fiber)
{
    __sanitizer_finish_switch_fiber(fiber->caller_fake_stack, NULL, NULL);
}
static void leave_fiber(struct fiber *fiber)
{
    __sanitizer_start_switch_fiber(fiber->has_ended ? NULL : &fiber->fake_stack,
                                   fiber->caller_stack, fiber->caller_size);
}
static void arrive_at_fiber(struct fiber *fiber)
{
    __sanitizer_finish_switch_fiber(fiber->fake_stack, &fiber->caller_stack, &fiber->caller_size);
}
#else
static void leave_caller(struct fiber *fiber)
{
    (void)fiber;
}
static void arrive_at_caller(struct fiber *fiber)
{
    (void)fiber;
}
static void leave_fiber(struct fiber *fiber)
{
    (void)fiber;
}
static void arrive_at_fiber(struct fiber *fiber)
{
    (void)fiber;
}
#endif

static struct fiber *fiber_new(struct fiber_pool *pool)
{
    struct fiber *fiber = memory_new(sizeof(*fiber));
    size_t size = page_size() + FIBER_STACK_SIZE;
    void *mapping = mmap(NULL, size, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK | MAP_NORESERVE, -1, 0);

    if (mapping == MAP_FAILED || mprotect(mapping, page_size(), PROT_NONE) != 0)
        die("fiber", "no stack: %s", strerror(errno));
    fiber->mapping = mapping;
    fiber->valgrind_id =
        VALGRIND_STACK_REGISTER(stack_of(fiber), stack_of(fiber) + FIBER_STACK_SIZE);
    pool->count++;
    return fiber;
}

static void fiber_free(struct fiber_pool *pool, struct fiber *fiber)
{
    VALGRIND_STACK_DEREGISTER(fiber->valgrind_id);
    munmap(fiber->mapping, page_size() + FIBER_STACK_SIZE);
    memory_free(&fiber);
    pool->count--;
}

void fiber_pool_init(struct fiber_pool *pool)
{
    *pool = (struct fiber_pool){0};
}

void fiber_pool_release(struct fiber_pool *pool)
{
    while (pool->free != NULL) {
        struct fiber *fiber = pool->free;
        pool->free = fiber->next;
        fiber_free(pool, fiber);
    }
    if (pool->count != 0)
        die("fiber", "%zu fibers are unfinished", pool->count);
}

static void enter(void *argument)
{
    struct fiber *fiber = argument;

    arrive_at_fiber(fiber);
    fiber->function(fiber->argument);
    fiber->has_ended = true;
    leave_fiber(fiber);
    place_switch(&fiber->place, &fiber->caller);
    die("fiber", "an ended fiber was resumed");
}

/* Into the fiber, and back when it suspends or ends. */
static bool run(struct fiber_pool *pool, struct fiber *fiber)
{
    struct fiber *before = pool->running;

    pool->running = fiber;
    leave_caller(fiber);
    place_switch(&fiber->caller, &fiber->place);
    arrive_at_caller(fiber);
    pool->running = before;
    if (!fiber->has_ended)
        return true;
    fiber->next = pool->free;
    pool->free = fiber;
    return false;
}

struct fiber *fiber_start(struct fiber_pool *pool, void (*function)(void *), void *argument)
{
    struct fiber *fiber = pool->free;

    if (fiber != NULL)
        pool->free = fiber->next;
    else
        fiber = fiber_new(pool);
    fiber->function = function;
    fiber->argument = argument;
    fiber->has_ended = false;
#ifdef HAS_ASAN
    fiber->fake_stack = NULL;
#endif
    place_init(&fiber->place, stack_of(fiber), FIBER_STACK_SIZE, enter, fiber);
    return run(pool, fiber) ? fiber : NULL;
}

bool fiber_resume(struct fiber_pool *pool, struct fiber *fiber)
{
    return run(pool, fiber);
}

void fiber_suspend(struct fiber_pool *pool)
{
    struct fiber *fiber = pool->running;

    if (fiber == NULL)
        die("fiber", "the main stack cannot suspend");
    leave_fiber(fiber);
    place_switch(&fiber->place, &fiber->caller);
    arrive_at_fiber(fiber);
}
