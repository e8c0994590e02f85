/* transaction.h - the statements around every transaction, and in some; prepared like all others. */
#ifndef SONGDA_STORE_TRANSACTION_H
#define SONGDA_STORE_TRANSACTION_H

#include "store/statement.h"

extern const struct statement transaction_begin, transaction_begin_read, transaction_commit,
    transaction_rollback;
extern const struct statement
    plans_discard; /* every statement is planned anew when it is run next */
extern const struct statement *const transaction_statements[]; /* ends with NULL */

#endif
