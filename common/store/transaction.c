/* transaction.c - the statements around every transaction, and in some. */
#include "store/transaction.h"

#include "store_sql.h"

#include "base/banned.h"

const struct statement transaction_begin = {
    .name = "begin", .text = sql_begin, .mode = STATEMENT_WRITE};
const struct statement transaction_begin_read = {
    .name = "begin_read", .text = sql_begin_read, .mode = STATEMENT_WRITE};
const struct statement transaction_commit = {
    .name = "commit", .text = sql_commit, .mode = STATEMENT_WRITE};
const struct statement transaction_rollback = {
    .name = "rollback", .text = sql_rollback, .mode = STATEMENT_WRITE};
const struct statement plans_discard = {
    .name = "discard_plans", .text = sql_discard_plans, .mode = STATEMENT_WRITE};

const struct statement *const transaction_statements[] = {
    &transaction_begin,    &transaction_begin_read, &transaction_commit,
    &transaction_rollback, &plans_discard,          NULL};
