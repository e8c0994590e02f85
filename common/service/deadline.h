/* deadline.h - working-time clocks with escalation (design 6): due → reminder to the owner → the owner's superior.
 *
 * A deadline is a row of `deadline` keyed by (kind, subject). The job `deadlines` (every 10 s) finds the ones due, emits
 * `<service>.deadline.reminded` (before, at `remind_minutes`) and `<service>.deadline.passed` (once; again every `escalate_minutes` to the next superior),
 * and calls the kind's functions in the same transaction.
 */
#ifndef SONGDA_SERVICE_DEADLINE_H
#define SONGDA_SERVICE_DEADLINE_H

#include "service/call.h"

struct deadline {
    struct id deadline_id, branch_id, subject_id,
        owner_id; /* owner none: the branch's holders of the kind's function */
    const char *kind;
    int64_t started_at, due_at;
    int64_t level; /* 0 owner, 1 superior, 2 theirs … */
};

struct deadline_kind {
    const char *name; /* contract_filing */
    const char *zh, *en;
    const char *policy;
    int remind_minutes;   /* working minutes before due; 0: no reminder before */
    int escalate_minutes; /* working minutes between levels after it passed; 0: passes once */
    int (*passed)(
        struct call *c,
        const struct deadline
            *deadline); /* may be NULL; called at each level; never fails for business reasons */
    int function;       /* enum function that answers for it where it has no owner; 0: none */
};

/* Starts (or restarts) a clock. Exactly one of due_at, working_minutes, working_days. */
struct deadline_start {
    const char *kind;
    struct id subject_id, owner_id;
    int64_t due_at;
    int64_t working_minutes, working_days;
};
#define deadline_start(c, ...) deadline_start_((c), (struct deadline_start){__VA_ARGS__})
int64_t deadline_start_(struct call *c, struct deadline_start start); /* the instant it is due */
void deadline_stop(struct call *c, const char *kind,
                   struct id subject_id); /* done, or no longer needed; none is no error */
void deadline_pause(struct call *c, const char *kind, struct id subject_id, const char *reason);
void deadline_resume(struct call *c, const char *kind, struct id subject_id);
void deadline_hand_over(struct call *c, struct id from_owner,
                        struct id to_owner); /* all open ones (S4) */

/* Working time by the branch's calendar (its own days, else China's). */
int64_t working_minutes_later(struct call *c, int64_t from, int64_t minutes);
int64_t working_days_later(struct call *c, int64_t from, int64_t days);
bool is_working_day(struct call *c, int32_t date);

#endif
