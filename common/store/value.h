/* value.h - parameters and columns in PostgreSQL's binary formats. */
#ifndef SONGDA_STORE_VALUE_H
#define SONGDA_STORE_VALUE_H

#include "base/arena.h"
#include "base/list.h"
#include "store/statement.h"

/* A value as it travels; len -1: NULL. */
struct sql_bytes {
    const char *data;
    int len;
};

/* What parameters are filled in with that are not arguments. */
struct sql_context {
    struct id branch_id, company_id, actor_id;
    struct id_list scope;
    int64_t now;
    int32_t today;
};

/* PostgreSQL's type numbers (pg_type.dat); 0 for SQL types it does not know. */
unsigned sql_oid(enum sql_type type);
unsigned sql_array_oid(enum sql_type type);
const char *sql_type_name(enum sql_type type);
bool sql_is_array(enum sql_type type);

/* Fits an Oid that the server reports to a declared type: varchar, name and enum texts count as text. */
bool sql_type_fits(enum sql_type type, unsigned oid);

struct sql_bytes sql_encode(const struct sql_value *parameter, const void *arguments,
                            const struct sql_context *context, struct arena *arena);

/* An array of `count` values of a type that is no array; values[i * stride]. */
struct sql_bytes sql_encode_set(enum sql_type type, const struct sql_bytes *values, size_t stride,
                                size_t count, struct arena *arena);

/* Puts a column into its row struct. False when it is NULL and may not be, or is malformed. */
bool sql_decode(const struct sql_value *column, struct sql_bytes value, struct arena *arena,
                void *row);

/* A bigint as it came. */
int64_t sql_decode_bigint(const char *data);

#endif
