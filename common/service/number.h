/* number.h - document numbers without gaps that nobody can explain (policy B1, R2, D5).
 *
 * A series is (branch, kind, year): SH01-CK-2026-000123 = branch code, kind code, year, six digits. number_next() takes the next number of the series
 * in the call's own transaction: a rollback gives it back, so numbers of committed documents have no gap. A range can be leased to a
 * holder (a driver's receipt book, usable offline); each of its numbers is issued, used, void or missing. The job `numbers` tells of each missing one once, in the night after.
 */
#ifndef SONGDA_SERVICE_NUMBER_H
#define SONGDA_SERVICE_NUMBER_H

#include "service/call.h"

/* "SH01-CK-2026-000123" for the call's branch and year. Locks the series until the commit: take it last. */
const char *number_next(struct call *c, const char *kind_code);

/* Leases `count` numbers of the series to a holder; first and last number come back. */
struct number_lease {
    struct id lease_id;
    const char *first, *last;
};
struct number_lease number_lease(struct call *c, const char *kind_code, struct id holder_id,
                                 int64_t count);

/* Marks a leased number as used by a document, or void with a reason. False and the call fails with number_unknown, number_used or number_void. */
bool number_use(struct call *c, const char *number, struct id holder_id, struct id document_id);
bool number_void(struct call *c, const char *number, const char *reason);

#endif
