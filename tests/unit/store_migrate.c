/* store_migrate.c - migrations run once, in order, together or not at all; statements that do not fit are named. */
#include "unit.h"

#include "base/log.h"
#include "store/migrate.h"
#include "store/sql.h"

static PGconn *owner, *admin;

static int open_database(void **state)
{
    (void)state;
    owner = owner_connect(getenv("POSTGRES_OWNER"));
    admin = PQconnectdb(getenv("POSTGRES_ADMIN"));
    return owner == NULL || PQstatus(admin) != CONNECTION_OK;
}

static int close_database(void **state)
{
    (void)state;
    PQfinish(owner);
    PQfinish(admin);
    return 0;
}

static int64_t count(const char *sql)
{
    PGresult *result = PQexec(admin, sql);
    int64_t number = PQresultStatus(result) == PGRES_TUPLES_OK
                         ? strtoll(PQgetvalue(result, 0, 0), NULL, 10)
                         : -1;

    PQclear(result);
    return number;
}

static bool run(const struct migration *table)
{
    return migrate(owner, "moving", "test_service", &table, 1);
}

static const struct migration first[] = {{"0001_a.sql", "CREATE TABLE a (x bigint);"},
                                         {NULL, NULL}};
static const struct migration longer[] = {
    {"0001_a.sql", "CREATE TABLE a (x bigint);"},
    {"0002_b.sql", "INSERT INTO a VALUES (1); CREATE TABLE b (y text);"},
    {NULL, NULL}};
static const struct migration changed[] = {{"0001_a.sql", "CREATE TABLE a (x text);"},
                                           {NULL, NULL}};
static const struct migration broken[] = {{"0003_c.sql", "CREATE TABLE c (z text); SELECT 1 / 0;"},
                                          {NULL, NULL}};

static void a_migration_runs_once(void **state)
{
    (void)state;
    assert_true(run(first));
    assert_true(run(first));
    assert_true(run(longer));
    assert_true(run(longer));
    assert_int_equal(count("SELECT count(*) FROM moving.a"), 1);
    assert_int_equal(count("SELECT count(*) FROM moving.migration"), 2);
    assert_int_equal(count("SELECT has_table_privilege('test_service', 'moving.b', 'INSERT')::int"),
                     1);
    assert_int_equal(
        count("SELECT has_table_privilege('test_service', 'moving.migration', 'UPDATE')::int"), 0);
}

/* What is connected plans anew whatever the catalogue says has changed. */
static void starting_again_leaves_the_catalogue_as_it_is(void **state)
{
    static const char written[] =
        "SELECT max(xmin::text::bigint) FROM pg_class WHERE relnamespace = 'moving'::regnamespace";
    int64_t before;

    (void)state;
    assert_true(run(longer));
    before = count(written);
    assert_true(before > 0);
    assert_true(run(longer));
    assert_int_equal(count(written), before);
}

static void rights_that_are_missing_or_too_many_are_set_right_at_start(void **state)
{
    (void)state;
    PQclear(PQexec(admin, "REVOKE INSERT ON moving.b FROM test_service"));
    PQclear(PQexec(admin, "GRANT UPDATE ON moving.migration TO test_service"));
    assert_true(run(longer));
    assert_int_equal(count("SELECT has_table_privilege('test_service', 'moving.b', 'INSERT')::int"),
                     1);
    assert_int_equal(
        count("SELECT has_table_privilege('test_service', 'moving.migration', 'UPDATE')::int"), 0);
}

static void a_changed_migration_is_refused(void **state)
{
    (void)state;
    assert_false(run(changed));
}

static void a_migration_that_fails_leaves_nothing(void **state)
{
    (void)state;
    assert_false(run(broken));
    assert_true(run(longer));
    assert_int_equal(count("SELECT count(*) FROM moving.migration WHERE name LIKE '0003%'"), 0);
    assert_int_equal(count("SELECT count(*) FROM pg_class WHERE relname = 'c' AND relkind = 'r'"),
                     0);
}

static const struct migration slow[] = {
    {"0001_s.sql", "SELECT pg_sleep(0.3); CREATE TABLE s (x bigint);"}, {NULL, NULL}};

static void processes_that_start_together_migrate_once(void **state)
{
    pid_t children[4];
    int status;

    (void)state;
    for (int i = 0; i < 4; i++) {
        children[i] = fork();
        if (children[i] == 0) {
            PGconn *mine = owner_connect(getenv("POSTGRES_OWNER"));
            const struct migration *table = slow;
            _exit(migrate(mine, "together", "test_service", &table, 1) ? 0 : 1);
        }
    }
    for (int i = 0; i < 4; i++) {
        assert_int_equal(waitpid(children[i], &status, 0), children[i]);
        assert_int_equal(status, 0);
    }
    assert_int_equal(count("SELECT count(*) FROM together.migration"), 1);
}

struct row {
    int64_t x;
};
static const struct sql_value parameter = {.name = "x", .type = SQL_BIGINT, .has_offset = SIZE_MAX};
static const struct sql_value text_parameter = {
    .name = "x", .type = SQL_TEXT, .has_offset = SIZE_MAX};
static const struct sql_value column = {.name = "x", .type = SQL_BIGINT, .has_offset = SIZE_MAX};
static const struct sql_value text_column = {.name = "x", .type = SQL_TEXT, .has_offset = SIZE_MAX};

static bool fits(const char *text, const struct sql_value *parameters, size_t parameter_count,
                 const struct sql_value *columns, size_t column_count)
{
    const struct statement statement = {.name = "tried",
                                        .text = text,
                                        .mode = STATEMENT_ONE,
                                        .parameters = parameters,
                                        .parameter_count = parameter_count,
                                        .columns = columns,
                                        .column_count = column_count,
                                        .row_size = sizeof(struct row)};
    const struct statement *const table[] = {&statement, NULL};
    const struct statement *const *const lists[] = {table};
    struct database database;

    assert_true(
        database_open(&database, getenv("POSTGRES_SERVICE"), "moving", "test", STATEMENT_TIMEOUT));
    bool is_right = database_prepare(&database, lists, 1);
    database_close(&database);
    return is_right;
}

static void a_statement_that_does_not_fit_is_found_at_start(void **state)
{
    (void)state;
    assert_true(fits("SELECT x FROM a WHERE x = $1::bigint", &parameter, 1, &column, 1));
    assert_false(fits("SELECT gone FROM a WHERE x = $1::bigint", &parameter, 1, &column, 1));
    assert_false(fits("SELECT x FROM a", &parameter, 1, &column, 1));
    assert_false(fits("SELECT x, x FROM a WHERE x = $1::bigint", &parameter, 1, &column, 1));
    assert_false(fits("SELECT x FROM a WHERE x = $1::bigint", &text_parameter, 1, &column, 1));
    assert_false(fits("SELECT x FROM a WHERE x = $1::bigint", &parameter, 1, &text_column, 1));
}

enum { MANY = 300 };

/* Prepares many, of which some do not fit; what goes over the line meanwhile is in `trace`. False: they were refused. */
static bool prepare_many(size_t misfit_every, FILE *trace)
{
    static const char right[] = "SELECT x FROM a WHERE x = $1::bigint",
                      wrong[] = "SELECT gone FROM a WHERE x = $1::bigint";
    struct statement statements[MANY];
    const struct statement *table[MANY + 1] = {0};
    const struct statement *const *const lists[] = {table};
    struct database database;

    for (size_t i = 0; i < MANY; i++) {
        bool is_wrong = misfit_every > 0 && i % misfit_every == 0;

        statements[i] = (struct statement){.name = "tried",
                                           .text = is_wrong ? wrong : right,
                                           .mode = STATEMENT_ONE,
                                           .parameters = &parameter,
                                           .parameter_count = 1,
                                           .columns = &column,
                                           .column_count = 1,
                                           .row_size = sizeof(struct row)};
        table[i] = &statements[i];
    }
    assert_true(
        database_open(&database, getenv("POSTGRES_SERVICE"), "moving", "test", STATEMENT_TIMEOUT));
    PQtrace(database.connection, trace);
    PQsetTraceFlags(database.connection, PQTRACE_SUPPRESS_TIMESTAMPS);
    bool is_right = database_prepare(&database, lists, 1);
    PQuntrace(database.connection);
    database_close(&database);
    return is_right;
}

struct talk {
    size_t prepared, refused, asked_after_an_answer;
};

static struct talk read_talk(FILE *trace)
{
    struct talk talk = {0};
    char line[4096];

    rewind(trace);
    while (fgets(line, sizeof(line), trace)) {
        bool is_parse = line[0] == 'F' && strstr(line, "\tParse\t") != NULL;

        talk.prepared += strstr(line, "\tParseComplete") != NULL;
        talk.refused += strstr(line, "\tErrorResponse\t") != NULL;
        talk.asked_after_an_answer += is_parse && talk.prepared + talk.refused > 0;
    }
    return talk;
}

static void statements_are_prepared_without_waiting_for_each_other(void **state)
{
    FILE *trace = tmpfile();

    (void)state;
    assert_non_null(trace);
    assert_true(prepare_many(0, trace));
    struct talk talk = read_talk(trace);
    assert_true(talk.prepared >= MANY);
    assert_int_equal(talk.refused, 0);
    assert_int_equal(talk.asked_after_an_answer, 0);
    fclose(trace);
}

static void every_statement_that_does_not_fit_is_told(void **state)
{
    FILE *trace = tmpfile();

    (void)state;
    assert_non_null(trace);
    assert_false(prepare_many(10, trace));
    struct talk talk = read_talk(trace);
    assert_int_equal(talk.refused, MANY / 10);
    assert_true(talk.prepared >= MANY - MANY / 10);
    fclose(trace);
}

static void a_server_that_may_lose_what_it_confirmed_is_refused(void **state)
{
    struct database database;

    (void)state;
    PQclear(PQexec(admin, "ALTER ROLE test_service SET synchronous_commit = off"));
    assert_false(
        database_open(&database, getenv("POSTGRES_SERVICE"), "moving", "test", STATEMENT_TIMEOUT));
    PQclear(PQexec(admin, "ALTER ROLE test_service RESET synchronous_commit"));
    assert_true(
        database_open(&database, getenv("POSTGRES_SERVICE"), "moving", "test", STATEMENT_TIMEOUT));
    database_close(&database);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_migration_runs_once),
        cmocka_unit_test(starting_again_leaves_the_catalogue_as_it_is),
        cmocka_unit_test(rights_that_are_missing_or_too_many_are_set_right_at_start),
        cmocka_unit_test(a_changed_migration_is_refused),
        cmocka_unit_test(a_migration_that_fails_leaves_nothing),
        cmocka_unit_test(processes_that_start_together_migrate_once),
        cmocka_unit_test(a_statement_that_does_not_fit_is_found_at_start),
        cmocka_unit_test(statements_are_prepared_without_waiting_for_each_other),
        cmocka_unit_test(every_statement_that_does_not_fit_is_told),
        cmocka_unit_test(a_server_that_may_lose_what_it_confirmed_is_refused),
    };

    return cmocka_run_group_tests(tests, open_database, close_database);
}
