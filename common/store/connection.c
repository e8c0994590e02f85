/* connection.c - opens the one connection of a process and asserts that the server keeps what it is told. */
#include "store/sql.h"

#include "base/log.h"
#include "base/memory.h"
#include "store_sql.h"

#include "base/banned.h"

enum { VERSION_MIN = 150000 };

/* What every session has; the limits are design 8's. */
static const char session_options[] =
    "-c lock_timeout=500 -c idle_in_transaction_session_timeout=5000 "
    "-c plan_cache_mode=force_generic_plan -c timezone=UTC -c client_encoding=UTF8 "
    "-c default_transaction_isolation=read\\ committed -c jit=off -c client_min_messages=warning";

static PGconn *connect_to(const char *conninfo, const char *options, const char *application)
{
    const char *const keywords[] = {"dbname", "options", "application_name", "connect_timeout",
                                    NULL};
    const char *const values[] = {conninfo, options, application, "5", NULL};
    PGconn *connection = PQconnectdbParams(keywords, values, 1);

    if (PQstatus(connection) == CONNECTION_OK)
        return connection;
    log_error("database_unreachable", log_text("detail", PQerrorMessage(connection)));
    PQfinish(connection);
    return NULL;
}

PGconn *owner_connect(const char *conninfo)
{
    return connect_to(conninfo,
                      "-c timezone=UTC -c client_encoding=UTF8 -c lock_timeout=60000 "
                      "-c client_min_messages=warning",
                      "songda migrate");
}

static bool assert_setting(PGconn *connection, const char *setting, const char *wanted)
{
    const char *const values[] = {setting};
    PGresult *result = PQexecParams(connection, sql_server_setting, 1, NULL, values, NULL, NULL, 0);
    bool is_right =
        PQresultStatus(result) == PGRES_TUPLES_OK && strcmp(PQgetvalue(result, 0, 0), wanted) == 0;

    if (!is_right)
        log_error("database_refused", log_text("setting", setting), log_text("wanted", wanted));
    PQclear(result);
    return is_right;
}

/* A loss of power after COMMIT must lose nothing, and a rotten page must be noticed. */
static bool assert_server(PGconn *connection)
{
    if (PQserverVersion(connection) < VERSION_MIN) {
        log_error("database_refused", log_text("setting", "server_version"),
                  log_int("found", PQserverVersion(connection)));
        return false;
    }
    return assert_setting(connection, "data_checksums", "on") &&
           assert_setting(connection, "fsync", "on") &&
           assert_setting(connection, "full_page_writes", "on") &&
           assert_setting(connection, "synchronous_commit", "on");
}

bool database_open(struct database *database, const char *conninfo, const char *schema,
                   const char *application, int statement_timeout)
{
    char options[512];

    memset(database, 0, sizeof(*database));
    snprintf(options, sizeof(options), "%s -c statement_timeout=%d -c search_path=%s,public",
             session_options, statement_timeout, schema);
    database->connection = connect_to(conninfo, options, application);
    if (database->connection == NULL)
        return false;
    if (assert_server(database->connection))
        return true;
    database_close(database);
    return false;
}

void database_close(struct database *database)
{
    if (database->connection != NULL)
        PQfinish(database->connection);
    database->connection = NULL;
    for (size_t i = 0; i < database->count; i++) {
        memory_free(&database->prepared[i].name);
        memory_free(&database->prepared[i].set_name);
    }
    memory_free(&database->prepared);
    memory_free(&database->slots);
    database->count = 0;
}
