/* sql.h - the connection to PostgreSQL, and every statement prepared on it.
 *
 * A process has one. Whatever goes wrong while opening it is logged with the statement's or setting's name; the process then ends, and its
 * supervisor starts it again.
 */
#ifndef SONGDA_STORE_SQL_H
#define SONGDA_STORE_SQL_H

#include <libpq-fe.h>

#include "store/statement.h"

/* A statement as the server knows it. */
struct prepared {
    const struct statement *statement;
    size_t index;         /* 0 … database->count - 1 */
    const char *name;     /* on the server */
    const char *set_name; /* of its set form, NULL: has none that may be used */
    bool changes;         /* writes: INSERT, UPDATE, DELETE, also inside WITH */
    bool inserts;         /* begins with INSERT */
    bool is_plain;        /* returns no rows */
};

struct database {
    PGconn *connection; /* in pipeline mode and not blocking once prepared */
    struct prepared *prepared;
    size_t count;
    struct prepared **slots; /* open addressing by the statement's address */
    size_t slot_count;       /* a power of two */
};

/* Connects, sets the session up for `schema` and asserts what the design relies on: PostgreSQL >= 15, data_checksums, fsync,
 * synchronous_commit. False: logged why. */
bool database_open(struct database *database, const char *conninfo, const char *schema,
                   const char *application, int statement_timeout);

enum {
    STATEMENT_TIMEOUT = 2000
}; /* milliseconds (design 8); an instance for reports has a longer one */

/* Prepares each statement of the lists (each ends with NULL) and its set form, all at once, and compares parameters and columns with what the
 * server says. False: logged, with the statement's name. Then the connection is in pipeline mode. */
bool database_prepare(struct database *database, const struct statement *const *const *lists,
                      size_t list_count);

const struct prepared *database_find(const struct database *database,
                                     const struct statement *statement);

void database_close(struct database *database);

/* A connection as the owner of the schema, for migrations. NULL: logged. */
PGconn *owner_connect(const char *conninfo);

#endif
