/* statement.h - named SQL statements as the generator makes them of services/X/sql; nothing else sends SQL. */
#ifndef SONGDA_STORE_STATEMENT_H
#define SONGDA_STORE_STATEMENT_H

#include <stdbool.h>
#include <stddef.h>

#include "wire/contract.h"
#include "wire/shape.h"

enum sql_type {
    SQL_UUID = 1,
    SQL_TEXT,
    SQL_BIGINT,
    SQL_BOOL,
    SQL_TIME,
    SQL_DATE,
    SQL_BYTEA,
    SQL_ENUM,
    SQL_UUIDS,
    SQL_TEXTS,
    SQL_BIGINTS
};

enum statement_mode { STATEMENT_ONE = 1, STATEMENT_MANY, STATEMENT_WRITE, STATEMENT_WRITE_ONE };

/* A parameter lives in the argument struct at offset, or is filled in from the call. */
enum parameter_source {
    FROM_ARGUMENT,
    FROM_BRANCH,
    FROM_SCOPE,
    FROM_COMPANY,
    FROM_ACTOR,
    FROM_NOW,
    FROM_TODAY
};

struct sql_value { /* a parameter or a column */
    const char *name;
    enum sql_type type;
    enum parameter_source source; /* parameters only */
    size_t offset;                /* in the argument or row struct */
    size_t has_offset; /* of bool has_<name>, SIZE_MAX where absence is NULL, 0 or none */
    const struct enumeration *values; /* SQL_ENUM */
    bool is_nullable;                 /* columns: NULL allowed */
};

struct statement {
    const char *name;
    const char *text; /* parameters $1… in the order of `parameters`, each with its cast */
    const char *
        set_text; /* the set form: parameters are arrays of the same types; for SELECT the first column is the bigint ordinality
                             (1…n) of the call's parameters and rows come in that order; NULL: has none */
    enum statement_mode mode;
    bool locks; /* FOR UPDATE: the lane orders the elements of a set by their parameters */
    const struct sql_value *parameters;
    size_t parameter_count;
    const struct sql_value *columns;
    size_t column_count;
    size_t row_size;
    const struct error
        *missing; /* STATEMENT_WRITE_ONE: what to fail with unless exactly one row was touched */
};

#endif
