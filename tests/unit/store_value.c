/* store_value.c - every type goes to PostgreSQL and comes back as it was, alone and in sets. */
#include "unit.h"
#undef fail /* cmocka's; here it is what a handler does */

#include "base/clock.h"
#include "base/text.h"
#include "fixture.h"

enum { MANY = 9 };

struct values {
    struct id id;
    const char *word;
    bool has_number, has_flag, flag;
    int64_t number, at;
    int32_t day;
    struct bytes raw;
};

static const uint8_t raw[] = {0, 1, 255, 0, 7};

static const struct values cases[MANY] = {
    {.word = "送达 'quoted' \\ \"",
     .has_number = true,
     .number = INT64_MAX,
     .has_flag = true,
     .flag = true,
     .at = 1,
     .day = 1},
    {.word = "",
     .has_number = true,
     .number = INT64_MIN,
     .has_flag = true,
     .at = INT64_C(1764000000123456),
     .day = 20000},
    {.has_number = true, .number = 0, .at = INT64_C(-62135596800000000), .day = -719162},
    {.word = "NULL", .has_number = true, .number = -1, .day = -1, .at = -1},
    {.word = NULL},
    {.id = {{1, 2, 3, 4, 5, 6, 0x77, 8, 0x89, 10, 11, 12, 13, 14, 15, 16}}},
    {.raw = {raw, sizeof(raw)}},
    {.has_flag = true, .flag = false},
    {.at = INT64_C(253402300799999999), .day = 2932896, .has_number = true, .number = 1},
};

static void echo(struct call *c, struct probe *p)
{
    const struct values *v = &cases[p->number];
    struct value_echo row;

    p->amount = db_value_echo(c, &row, .id = v->id, .word = v->word, .has_number = v->has_number,
                              .number = v->number, .has_flag = v->has_flag, .flag = v->flag,
                              .at = v->at, .day = v->day, .raw = v->raw) &&
                id_equal(row.id, v->id) && text_equal(row.word, v->word) &&
                row.has_number == v->has_number && row.number == v->number &&
                row.has_flag == v->has_flag && row.flag == v->flag && row.at == v->at &&
                row.day == v->day && row.raw.len == v->raw.len &&
                (v->raw.len == 0 || memcmp(row.raw.data, v->raw.data, v->raw.len) == 0);
}

static void run(struct probe *probes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        probe_add(&bench, &probes[i]);
    bench_turn(&bench, NULL);
    for (size_t i = 0; i < count; i++) {
        assert_false(has_failed(&probes[i].work.call));
        assert_int_equal(probes[i].amount, 1);
        arena_release(&probes[i].work.arena);
    }
}

static void every_value_comes_back_as_it_was(void **state)
{
    (void)state;
    for (int i = 0; i < MANY; i++) {
        struct probe probe = {.body = echo, .number = i, .work.is_read = true};
        run(&probe, 1);
    }
}

static void every_value_of_a_set_comes_back_to_its_call(void **state)
{
    struct probe probes[MANY] = {0};
    int64_t sets = bench.lane.counters.sets;

    (void)state;
    for (int i = 0; i < MANY; i++)
        probes[i] = (struct probe){.body = echo, .number = i, .work.is_read = true};
    run(probes, MANY);
    assert_int_equal(bench.lane.counters.sets, sets + 1);
}

static void echo_lists(struct call *c, struct probe *p)
{
    struct id ids[] = {id_make(1), id_make(2)};
    const char *words[] = {"", "送", "three"};
    int64_t numbers[] = {-1, 0, INT64_MAX, 4};
    size_t n = (size_t)p->number;
    struct list_echo row;

    p->amount = db_list_echo(c, &row, .ids = {ids, n ? 2 : 0}, .words = {words, n ? 3 : 0},
                             .numbers = {numbers, n ? 4 : 0}) &&
                row.ids.count == (n ? 2 : 0) && row.words.count == (n ? 3 : 0) &&
                row.numbers.count == (n ? 4 : 0);
    if (n && p->amount)
        p->amount = id_equal(row.ids.items[1], ids[1]) && text_equal(row.words.items[0], "") &&
                    text_equal(row.words.items[1], "送") && row.numbers.items[0] == -1 &&
                    row.numbers.items[2] == INT64_MAX;
}

static void lists_come_back_empty_or_full(void **state)
{
    struct probe probes[2] = {{.body = echo_lists, .number = 0}, {.body = echo_lists, .number = 1}};

    (void)state;
    run(probes, 2);
}

static void read_as_text(struct call *c, struct probe *p)
{
    struct text_of row;
    int32_t day;
    struct id id;

    p->amount =
        date_parse("2024-02-29", &day) && id_parse("01970000-0000-7000-8000-00000000abcd", &id) &&
        db_text_of(c, &row, .at = INT64_C(1300000000123456), .day = day, .id = id) &&
        text_equal(row.at, "2011-03-13 07:06:40.123456") && text_equal(row.day, "2024-02-29") &&
        text_equal(row.id, "01970000-0000-7000-8000-00000000abcd");
}

static void the_server_understands_them_as_we_do(void **state)
{
    struct probe probe = {.body = read_as_text};

    (void)state;
    run(&probe, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_value_comes_back_as_it_was),
        cmocka_unit_test(every_value_of_a_set_comes_back_to_its_call),
        cmocka_unit_test(lists_come_back_empty_or_full),
        cmocka_unit_test(the_server_understands_them_as_we_do),
    };

    return cmocka_run_group_tests(tests, open_bench, close_bench);
}
