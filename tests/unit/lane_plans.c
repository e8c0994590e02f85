/* lane_plans.c - a plan that was made while a table was small is made anew while it grows, before PostgreSQL looks at it by itself. */
#include "unit.h"
#undef fail /* cmocka's; here it is what a handler does */

#include "bench.h"

enum { CALLS = 64 };

static void find_word(struct call *c, struct probe *p)
{
    struct trace_find row;

    p->number = db_trace_find(c, &row, .word = p->word);
}

static void find_words(struct bench *bench, int count)
{
    for (int i = 0; i < count; i++) {
        struct probe probe = {.body = find_word, .word = "w1"};

        probe_add(bench, &probe);
        bench_turn(bench, NULL);
        assert_int_equal(probe.number, 1);
        arena_release(&probe.work.arena);
    }
}

static const char *name_of(const struct bench *bench, const char *statement)
{
    for (size_t i = 0; i < bench->database.count; i++)
        if (strcmp(bench->database.prepared[i].statement->name, statement) == 0)
            return bench->database.prepared[i].name;
    return "";
}

/* Whether the statement as the lane's connection has planned it goes over an index. */
static bool goes_over_an_index(struct bench *bench, const char *statement)
{
    PGconn *connection = bench->database.connection;
    char text[256];
    PGresult *plan;
    bool found = false;

    assert_int_equal(PQexitPipelineMode(connection), 1);
    snprintf(text, sizeof(text), "EXPLAIN EXECUTE \"%s\"(NULL, 'w1')", name_of(bench, statement));
    plan = PQexec(connection, text);
    assert_int_equal(PQresultStatus(plan), PGRES_TUPLES_OK);
    for (int i = 0; i < PQntuples(plan); i++)
        found |= strstr(PQgetvalue(plan, i, 0), "Index") != NULL;
    PQclear(plan);
    assert_int_equal(PQenterPipelineMode(connection), 1);
    return found;
}

static void plans_are_made_anew_while_tables_grow(void **state)
{
    struct bench bench;
    char text[256], branch[ID_TEXT_SIZE];

    (void)state;
    bench_open(&bench);
    id_format(bench.branch_id, branch);
    bench_do(&bench, "ALTER TABLE trace SET (autovacuum_enabled = off)");
    snprintf(text, sizeof(text),
             "INSERT INTO trace (branch_id, word) SELECT '%s', 'w' || generate_series(1, 5)",
             branch);
    bench_do(&bench, text);
    bench_do(&bench, "ANALYZE trace");
    find_words(&bench, 1);
    assert_false(goes_over_an_index(&bench, "trace_find"));
    snprintf(text, sizeof(text),
             "INSERT INTO trace (branch_id, word) SELECT '%s', 'w' || generate_series(6, 50000)",
             branch);
    bench_do(&bench, text);
    assert_false(goes_over_an_index(&bench, "trace_find")); /* nobody has told it */
    find_words(&bench, CALLS);
    assert_true(goes_over_an_index(&bench, "trace_find"));
    bench_close(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plans_are_made_anew_while_tables_grow),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
