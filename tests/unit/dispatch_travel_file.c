/* dispatch_travel_file.c - a file of distances is taken whole, or refused by line. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "travel_file.h"
#include "unit.h"

#define DEPOT "01976f2a-7c00-7000-8000-00000000000d"
#define FIRST "01976f2a-7c00-7000-8000-000000000001"
#define SECOND "01976f2a-7c00-7000-8000-000000000002"
#define HEADER "from,to,metres,seconds\n"

enum { SITES = 4 };

/* The depot, two stops at one address, and one at another, 200 metres away. */
struct place_set {
    struct arena arena;
    struct plan_stop stops[SITES - 1];
    struct plan_problem problem;
    int32_t metres[SITES * SITES], seconds[SITES * SITES];
    const char *wrong;
};

static struct plan_place place_of(const char *id, int64_t latitude_e7, int64_t longitude_e7)
{
    struct plan_place place = {
        .is_known = true, .latitude_e7 = latitude_e7, .longitude_e7 = longitude_e7};

    assert_true(id_parse(id, &place.id));
    return place;
}

static void set_up(struct place_set *set)
{
    *set = (struct place_set){.wrong = NULL};
    arena_init(&set->arena);
    set->problem = (struct plan_problem){.depot = place_of(DEPOT, 311000000, 1214000000),
                                         .stops = set->stops,
                                         .stop_count = SITES - 1,
                                         .rates = {.detour_percent = 130, .speed_kmh = 30}};
    for (size_t i = 1; i < SITES; i++)
        set->stops[i - 1].place = i < 3 ? place_of(FIRST, 312000000, 1214300000)
                                        : place_of(SECOND, 312000000, 1214320000);
    plan_measure(&set->problem, set->metres, set->seconds);
}

static bool take(struct place_set *set, const char *text)
{
    return travel_file_take(&set->arena, text, strlen(text), &set->problem, set->metres,
                            set->seconds, &set->wrong);
}

static void ways_are_found_by_id_and_by_place_each_direction_by_itself(void **state)
{
    struct place_set set;

    (void)state;
    set_up(&set);
    assert_true(take(&set, HEADER DEPOT "," FIRST ",5000,600\n"
                                        "31.2 121.43," DEPOT ",7000,700\n"
                                        "31.2000000 121.4320000,31.2000001 121.4299999,210,30\n"
                                        "10 20," DEPOT ",1,1\n"));
    assert_int_equal(set.metres[0 * SITES + 1], 5000);
    assert_int_equal(set.metres[0 * SITES + 2], 5000);
    assert_int_equal(set.metres[1 * SITES + 0], 7000);
    assert_int_equal(set.seconds[2 * SITES + 0], 700);
    assert_int_equal(set.metres[3 * SITES + 1], 210);
    assert_int_equal(set.metres[1 * SITES + 2], 0);
    assert_true(set.metres[1 * SITES + 3] > 240); /* not given */
    arena_release(&set.arena);
}

static void a_file_that_is_not_in_order_is_refused_by_line(void **state)
{
    static const struct {
        const char *text, *wrong;
    } cases[] = {
        {"", "line 1: not from,to,metres,seconds"},
        {"from,to,metres\n", "line 1: not from,to,metres,seconds"},
        {HEADER DEPOT "," FIRST ",1\n", "line 2: 3 fields instead of 4"},
        {HEADER DEPOT "," FIRST ",1,2,3\n", "line 2: 5 fields instead of 4"},
        {HEADER "\n" DEPOT "," FIRST ",NaN,1\n", "line 3: metres is no whole number"},
        {HEADER DEPOT "," FIRST ",1,inf\n", "line 2: seconds is no whole number"},
        {HEADER DEPOT "," FIRST ",-1,1\n", "line 2: metres is negative"},
        {HEADER DEPOT "," FIRST ",1,\n", "line 2: seconds is missing"},
        {HEADER DEPOT "," FIRST ",99999999999999999999,1\n", "line 2: metres is too large"},
        {HEADER "x," FIRST ",1,1\n", "line 2: from is neither an id nor a place"},
        {HEADER DEPOT ",31.2,1,1\n", "line 2: to is neither an id nor a place"},
        {HEADER DEPOT ",31.2 9999,1,1\n", "line 2: to is neither an id nor a place"},
        {HEADER DEPOT "," FIRST ",1,1\n" DEPOT "," FIRST ",2,1\n",
         "line 3: another row says otherwise of the same way"},
        {HEADER DEPOT "," FIRST ",1,1\n\"" DEPOT "," FIRST ",1,1\n", NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct place_set set;

        set_up(&set);
        assert_false(take(&set, cases[i].text));
        if (cases[i].wrong != NULL)
            assert_string_equal(set.wrong, cases[i].wrong);
        else
            assert_non_null(strstr(set.wrong, "line "));
        arena_release(&set.arena);
    }
}

static void another_file_has_another_stamp(void **state)
{
    char path[] = "/tmp/travel-XXXXXX";
    const struct timespec times[] = {{.tv_sec = 1000}, {.tv_sec = 1000, .tv_nsec = 7}};
    const char *stamp, *touched;
    struct arena arena;
    int file = mkstemp(path);

    (void)state;
    arena_init(&arena);
    assert_true(file >= 0);
    assert_int_equal(futimens(file, times), 0);
    stamp = travel_file_stamp(&arena, path);
    assert_string_equal(stamp, travel_file_stamp(&arena, path));
    assert_int_equal(futimens(file, (const struct timespec[]){{0}, {.tv_sec = 1000}}), 0);
    touched = travel_file_stamp(&arena, path);
    assert_string_not_equal(stamp, touched);
    assert_int_equal(write(file, HEADER, strlen(HEADER)), strlen(HEADER));
    assert_int_equal(futimens(file, (const struct timespec[]){{0}, {.tv_sec = 1000}}), 0);
    assert_string_not_equal(travel_file_stamp(&arena, path), touched);
    close(file);
    unlink(path);
    assert_string_equal(travel_file_stamp(&arena, path), "");
    arena_release(&arena);
}

static void what_is_no_plain_file_is_not_read(void **state)
{
    char path[] = "/tmp/travel-XXXXXX";
    struct arena arena;
    const char *text, *wrong;
    size_t len;
    int file = mkstemp(path);

    (void)state;
    arena_init(&arena);
    assert_true(file >= 0);
    assert_int_equal(write(file, HEADER, strlen(HEADER)), strlen(HEADER));
    close(file);
    assert_true(travel_file_read(&arena, path, &text, &len, &wrong));
    assert_int_equal(len, strlen(HEADER));
    assert_memory_equal(text, HEADER, len);
    unlink(path);
    assert_false(travel_file_read(&arena, path, &text, &len, &wrong));
    assert_string_equal(wrong, "cannot be opened");
    assert_false(travel_file_read(&arena, "/dev/zero", &text, &len, &wrong));
    assert_string_equal(wrong, "no plain file");
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ways_are_found_by_id_and_by_place_each_direction_by_itself),
        cmocka_unit_test(a_file_that_is_not_in_order_is_refused_by_line),
        cmocka_unit_test(another_file_has_another_stamp),
        cmocka_unit_test(what_is_no_plain_file_is_not_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
