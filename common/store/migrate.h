/* migrate.h - brings a schema to the form the program was built with.
 *
 * Migrations are files, embedded by embed.py, run in the order of their names, each in a transaction of its own, and recorded in the
 * table `migration` with the SHA-256 of their text. A recorded one whose text is another now is refused: they are never edited once landed.
 */
#ifndef SONGDA_STORE_MIGRATE_H
#define SONGDA_STORE_MIGRATE_H

#include <stdbool.h>

#include <libpq-fe.h>

struct migration {
    const char *name; /* 0001_mechanisms.sql; NULL ends the table */
    const char *text;
};

/* Makes the schema if there is none, runs what is not yet recorded of each table (the tables in their order), and lets `role` use it. Instances that
 * start at once wait for each other. False: logged, with the migration's name. */
bool migrate(PGconn *owner, const char *schema, const char *role,
             const struct migration *const *tables, size_t table_count);

#endif
