/* migrate.c - brings a schema to the form the program was built with, once, whoever comes first. */
#include "store/migrate.h"

#include <sodium.h>

#include "base/log.h"
#include "store_sql.h"

#include "base/banned.h"

enum { CHECKSUM_SIZE = 2 * crypto_hash_sha256_BYTES + 1 };

static bool report(PGconn *owner, const char *what, const char *name)
{
    log_error(what, log_text("migration", name), log_text("detail", PQerrorMessage(owner)));
    return false;
}

static bool run(PGconn *owner, const char *text, const char *name)
{
    PGresult *result = PQexec(owner, text);
    ExecStatusType status = PQresultStatus(result);

    PQclear(result);
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK)
        return true;
    return report(owner, "migration_failed", name);
}

/* Runs a statement with text parameters; the first column of its first row goes to `answer`, "" where there is none. */
static bool ask(PGconn *owner, const char *text, int count, const char *const *values, char *answer,
                size_t size)
{
    PGresult *result = PQexecParams(owner, text, count, NULL, values, NULL, NULL, 0);
    ExecStatusType status = PQresultStatus(result);
    bool has_row = status == PGRES_TUPLES_OK && PQntuples(result) > 0;

    if (answer != NULL)
        snprintf(answer, size, "%s", has_row ? PQgetvalue(result, 0, 0) : "");
    PQclear(result);
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK)
        return true;
    return report(owner, "migration_failed", values[0]);
}

static void checksum(const char *text, char out[CHECKSUM_SIZE])
{
    unsigned char hash[crypto_hash_sha256_BYTES];

    crypto_hash_sha256(hash, (const unsigned char *)text, strlen(text));
    sodium_bin2hex(out, CHECKSUM_SIZE, hash, sizeof(hash));
}

/* The search path is part of the transaction, so that no migration can leave it changed. */
static bool begin(PGconn *owner, const char *schema)
{
    const char *const values[] = {schema};

    return run(owner, sql_begin, schema) && ask(owner, sql_migration_path, 1, values, NULL, 0);
}

static bool apply(PGconn *owner, const struct migration *migration, const char *sum)
{
    const char *const values[] = {migration->name, sum};

    if (!run(owner, migration->text, migration->name) ||
        !ask(owner, sql_migration_insert, 2, values, NULL, 0))
        return false;
    log_info("migrated", log_text("migration", migration->name));
    return true;
}

static bool apply_once(PGconn *owner, const struct migration *migration)
{
    char sum[CHECKSUM_SIZE], recorded[CHECKSUM_SIZE];
    const char *const values[] = {migration->name};

    checksum(migration->text, sum);
    if (!ask(owner, sql_migration_find, 1, values, recorded, sizeof(recorded)))
        return false;
    if (recorded[0] == '\0')
        return apply(owner, migration, sum);
    if (strcmp(recorded, sum) == 0)
        return true;
    log_error("migration_changed", log_text("migration", migration->name),
              log_text("recorded", recorded), log_text("found", sum));
    return false;
}

/* One transaction for each: what was done before the one that fails stays. */
static bool apply_table(PGconn *owner, const char *schema, const struct migration *table)
{
    for (const struct migration *m = table; m != NULL && m->name != NULL; m++)
        if (!begin(owner, schema) || !apply_once(owner, m) || !run(owner, sql_commit, m->name))
            return false;
    return true;
}

static bool grant(PGconn *owner, const char *schema, const char *role)
{
    const char *const values[] = {role};

    return begin(owner, schema) && ask(owner, sql_migration_role, 1, values, NULL, 0) &&
           run(owner, sql_migration_grant, schema) && run(owner, sql_commit, schema);
}

static bool migrate_locked(PGconn *owner, const char *schema, const char *role,
                           const struct migration *const *tables, size_t table_count)
{
    if (!begin(owner, schema) || !run(owner, sql_migration_schema, schema) ||
        !run(owner, sql_migration_table, schema) || !run(owner, sql_commit, schema))
        return false;
    for (size_t i = 0; i < table_count; i++)
        if (!apply_table(owner, schema, tables[i]))
            return false;
    return strcmp(role, PQuser(owner)) == 0 || grant(owner, schema, role);
}

bool migrate(PGconn *owner, const char *schema, const char *role,
             const struct migration *const *tables, size_t table_count)
{
    const char *const values[] = {schema};

    if (!ask(owner, sql_migration_lock, 1, values, NULL, 0))
        return false;
    bool is_done = migrate_locked(owner, schema, role, tables, table_count);
    if (!is_done)
        run(owner, sql_rollback, schema);
    return ask(owner, sql_migration_unlock, 1, values, NULL, 0) && is_done;
}
