/* mechanisms.h - what approvals, deadlines and numbers bring to every service, besides their operations.
 *
 * The runtime runs deadlines_run every 10 s as the job `deadlines` and numbers_run every hour as `numbers`, and shows and sets mechanism_settings like the service's own. The
 * kinds in mechanism_deadlines are looked up where the service declares none of that name. Both tables end with a name of NULL.
 */
#ifndef SONGDA_SERVICE_MECHANISMS_H
#define SONGDA_SERVICE_MECHANISMS_H

#include "service/deadline.h"
#include "service/service.h"

extern const struct setting mechanism_settings[];        /* approval_minutes first */
extern const struct deadline_kind mechanism_deadlines[]; /* approval */

/* How long a step of an approval may wait, in working minutes. */
#define SETTING_APPROVAL_MINUTES (&mechanism_settings[0])

/* Takes due deadlines, at most 32, those locked by another instance passed over (JOB_AGAIN: there may be more). */
int deadlines_run(struct call *c);

/* Finds the document numbers that are missing since yesterday or before, branch by branch; each is told once. */
int numbers_run(struct call *c);

#endif
