/* prepare.c - prepares every statement at start and stops the service at the first that does not fit the migrated schema. */
#include "store/sql.h"

#include <ctype.h>
#include <stdalign.h>
#include <stdarg.h>
#include <strings.h>

#include "base/log.h"
#include "base/memory.h"
#include "store/transaction.h"
#include "store/value.h"

#include "base/banned.h"

static bool begins_with(const char *text, const char *word)
{
    while (isspace((unsigned char)*text))
        text++;
    return strncasecmp(text, word, strlen(word)) == 0;
}

static bool writes_inside(const char *text)
{
    return strcasestr(text, "insert into") != NULL || strcasestr(text, "delete from") != NULL ||
           strcasestr(text, " set ") != NULL || strcasestr(text, "\nset ") != NULL;
}

/* A function with effects called by SELECT is not seen here; the design has none. */
static bool changes_data(const char *text)
{
    if (begins_with(text, "insert") || begins_with(text, "update") || begins_with(text, "delete"))
        return true;
    return begins_with(text, "with") && writes_inside(text);
}

static size_t slot_of(const struct database *database, const struct statement *statement)
{
    return ((uintptr_t)statement / alignof(struct statement)) * UINT64_C(0x9E3779B97F4A7C15) >> 20 &
           (database->slot_count - 1);
}

static void remember(struct database *database, struct prepared *prepared)
{
    size_t slot = slot_of(database, prepared->statement);

    while (database->slots[slot] != NULL)
        slot = (slot + 1) & (database->slot_count - 1);
    database->slots[slot] = prepared;
}

const struct prepared *database_find(const struct database *database,
                                     const struct statement *statement)
{
    size_t slot = slot_of(database, statement);

    while (database->slots[slot] != NULL) {
        if (database->slots[slot]->statement == statement)
            return database->slots[slot];
        slot = (slot + 1) & (database->slot_count - 1);
    }
    die("statement_unprepared", "%s is in no table of the service", statement->name);
}

/* An array cannot be an element of a set, unless every call of a batch has the same. */
static bool set_is_usable(const struct statement *statement)
{
    if (statement->set_text == NULL || statement->parameter_count == 0)
        return false;
    for (size_t i = 0; i < statement->parameter_count; i++)
        if (sql_is_array(statement->parameters[i].type))
            return false;
    return true;
}

static void describe_statement(struct database *database, const struct statement *statement)
{
    struct prepared *prepared = &database->prepared[database->count];
    char name[64];

    snprintf(name, sizeof(name), "s%zu", database->count);
    *prepared = (struct prepared){
        .statement = statement,
        .index = database->count++,
        .name = memory_text(name),
        .changes = changes_data(statement->text),
        .inserts = begins_with(statement->text, "insert"),
        .is_plain = statement->column_count == 0,
    };
    snprintf(name, sizeof(name), "s%zu_set", prepared->index);
    prepared->set_name = set_is_usable(statement) ? memory_text(name) : NULL;
    remember(database, prepared);
}

static void collect(struct database *database, const struct statement *const *const *lists,
                    size_t list_count)
{
    size_t count = 0;

    for (const struct statement *const *s = transaction_statements; *s != NULL; s++)
        count++;
    for (size_t i = 0; i < list_count; i++)
        for (const struct statement *const *s = lists[i]; s != NULL && *s != NULL; s++)
            count++;
    database->prepared = memory_array(struct prepared, count + 1);
    for (database->slot_count = 16; database->slot_count < 2 * count;)
        database->slot_count *= 2;
    database->slots = memory_array(struct prepared *, database->slot_count);
    for (const struct statement *const *s = transaction_statements; *s != NULL; s++)
        describe_statement(database, *s);
    for (size_t i = 0; i < list_count; i++)
        for (const struct statement *const *s = lists[i]; s != NULL && *s != NULL; s++)
            describe_statement(database, *s);
}

static bool misfit(const struct statement *statement, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static bool misfit(const struct statement *statement, const char *format, ...)
{
    char detail[512];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(detail, sizeof(detail), format, arguments);
    va_end(arguments);
    log_error("statement_misfit", log_text("statement", statement->name),
              log_text("detail", detail));
    return false;
}

static bool fits_parameters(const struct statement *statement, const PGresult *result, bool is_set)
{
    if ((size_t)PQnparams(result) != statement->parameter_count)
        return misfit(statement, "%d parameters, %zu are declared", PQnparams(result),
                      statement->parameter_count);
    for (size_t i = 0; i < statement->parameter_count; i++) {
        const struct sql_value *parameter = &statement->parameters[i];
        unsigned oid = PQparamtype(result, (int)i);
        bool fits =
            is_set ? oid == sql_array_oid(parameter->type) : oid == sql_oid(parameter->type);
        if (!fits)
            return misfit(statement, "parameter %s is %s%s, the server says type %u",
                          parameter->name, sql_type_name(parameter->type), is_set ? "[]" : "", oid);
    }
    return true;
}

/* An expression may have any name; but not that of a column declared for another place. */
static bool stands_elsewhere(const struct statement *statement, const char *found,
                             const char *declared)
{
    bool is_declared = false;

    for (size_t i = 0; i < statement->column_count; i++)
        is_declared = is_declared || strcmp(statement->columns[i].name, found) == 0;
    return is_declared && strcmp(found, declared) != 0;
}

static bool fits_columns(const struct statement *statement, const PGresult *result, bool is_set)
{
    int ordinal = is_set && statement->column_count > 0;

    if ((size_t)PQnfields(result) != statement->column_count + (size_t)ordinal)
        return misfit(statement, "%d columns, %zu are declared", PQnfields(result) - ordinal,
                      statement->column_count);
    if (ordinal && PQftype(result, 0) != sql_oid(SQL_BIGINT))
        return misfit(statement, "the set form's first column is not a bigint");
    for (size_t i = 0; i < statement->column_count; i++) {
        const struct sql_value *column = &statement->columns[i];
        int at = (int)i + ordinal;
        if (stands_elsewhere(statement, PQfname(result, at), column->name))
            return misfit(statement, "column %zu is called %s, declared is %s", i + 1,
                          PQfname(result, at), column->name);
        if (!sql_type_fits(column->type, PQftype(result, at)))
            return misfit(statement, "column %s is declared %s, the server says type %u",
                          column->name, sql_type_name(column->type), PQftype(result, at));
    }
    return true;
}

/* One answer of the pipeline; NULL: it was an error, which is logged once. */
static PGresult *next_result(struct database *database, const struct statement *statement)
{
    PGresult *result = PQgetResult(database->connection);
    ExecStatusType status = PQresultStatus(result);

    PQclear(PQgetResult(database->connection)); /* the NULL behind each */
    if (status == PGRES_COMMAND_OK)
        return result;
    if (status != PGRES_PIPELINE_ABORTED)
        misfit(statement, "%s", PQresultErrorMessage(result));
    PQclear(result);
    return NULL;
}

/* Each with a sync of its own: one that fails aborts no other. */
static bool send_one(PGconn *connection, const char *name, const char *text)
{
    return PQsendPrepare(connection, name, text, 0, NULL) == 1 &&
           PQsendDescribePrepared(connection, name) == 1 && PQpipelineSync(connection) == 1;
}

static bool send_all(const struct database *database)
{
    PGconn *connection = database->connection;

    for (size_t i = 0; i < database->count; i++) {
        const struct prepared *p = &database->prepared[i];

        if (!send_one(connection, p->name, p->statement->text) ||
            (p->set_name != NULL && !send_one(connection, p->set_name, p->statement->set_text)))
            return misfit(p->statement, "%s", PQerrorMessage(connection));
    }
    return true;
}

static bool receive_one(struct database *database, const struct statement *statement, bool is_set)
{
    PGresult *prepared = next_result(database, statement);
    PGresult *described = next_result(database, statement);
    PGresult *sync = PQgetResult(database->connection);
    bool fits =
        prepared != NULL && described != NULL && PQresultStatus(sync) == PGRES_PIPELINE_SYNC &&
        fits_parameters(statement, described, is_set) && fits_columns(statement, described, is_set);

    PQclear(prepared);
    PQclear(described);
    PQclear(sync);
    return fits;
}

/* All misfits are told, not only the first: whoever mends them does it in one go. */
static bool receive_all(struct database *database)
{
    bool fits = true;

    for (size_t i = 0; i < database->count && PQstatus(database->connection) == CONNECTION_OK;
         i++) {
        const struct prepared *p = &database->prepared[i];

        fits = receive_one(database, p->statement, false) && fits;
        if (p->set_name != NULL)
            fits = receive_one(database, p->statement, true) && fits;
    }
    return fits && PQstatus(database->connection) == CONNECTION_OK;
}

/* All are out before the first answer is awaited: some hundred round trips one after the other take seconds on a busy machine, and nobody is
 * served meanwhile. libpq takes in what the server has said when it cannot send, so neither waits for the other with full buffers. */
bool database_prepare(struct database *database, const struct statement *const *const *lists,
                      size_t list_count)
{
    collect(database, lists, list_count);
    return PQenterPipelineMode(database->connection) == 1 && send_all(database) &&
           receive_all(database) && PQsetnonblocking(database->connection, 1) == 0;
}
