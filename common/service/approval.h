/* approval.h - approvals as a mechanism (policy C5, B15): chains as data, in order, with deputies and deadlines.
 *
 * A chain is rows of `approval_chain` (kind, from which amount on, step, function that signs): the company's default is written by the
 * service's migration, a branch may have its own. A person who holds the functions of several steps signs once for all of them that follow
 * each other. Nobody approves their own. A rejection names its reason and ends the approval. Each signature keeps a picture of the subject; the
 * next approver sees what changed since.
 */
#ifndef SONGDA_SERVICE_APPROVAL_H
#define SONGDA_SERVICE_APPROVAL_H

#include "service/call.h"

struct approval {
    struct id approval_id, branch_id, subject_id, author_id;
    const char *kind;
    int64_t amount;     /* what chains are chosen by; 0 where there is none */
    int64_t step;       /* the step that is waiting, 1… */
    const char *status; /* waiting, granted, rejected, withdrawn */
};

struct approval_kind {
    const char *name; /* contract */
    const char *zh, *en;
    /* JSON of the subject as an approver must see it (arena). */
    const char *(*picture)(struct call *c, struct id subject_id);
    int (*granted)(struct call *c, const struct approval *approval);
    /* Also when the author withdraws it by the operation (approval->status is "withdrawn"). */
    int (*rejected)(struct call *c, const struct approval *approval, const char *reason);
    /* May be NULL. Called before a signature of that step counts: may fail (e.g. clauses not reviewed). */
    int (*before_sign)(struct call *c, const struct approval *approval, int step);
};

/* Opens an approval with the chain of kind × amount × branch; the author is the actor. If the author holds the function of a step, that step is
 * skipped only where a later step of another person follows; an approval whose every step would be the author's fails (approval_own). A
 * chain without steps is granted at once. Returns the id; the picture is taken at once, so write the subject first. */
struct id approval_open(struct call *c, const char *kind, struct id subject_id, int64_t amount,
                        const char *summary);

enum approval_decision_kind { APPROVE = 1, REJECT };

/* Signs the waiting step (what the operation <service>.approval.decide does). Fails with approval_not_yours, approval_own, approval_closed,
 * reason_missing. */
int approval_decide(struct call *c, struct id approval_id, enum approval_decision_kind decision,
                    const char *reason);

/* The open approval of a subject; false when there is none. */
bool approval_of(struct call *c, const char *kind, struct id subject_id, struct approval *approval);
/* Ends an open one without a decision (author withdraws, subject is gone). */
void approval_withdraw(struct call *c, struct id approval_id);

#endif
