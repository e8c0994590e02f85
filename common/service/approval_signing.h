/* approval_signing.h - who may sign a step, and with whose function (private to common/service). */
#ifndef SONGDA_SERVICE_APPROVAL_SIGNING_H
#define SONGDA_SERVICE_APPROVAL_SIGNING_H

#include "service/approval.h"

/* One a person can sign for: themselves (none), or somebody they are the deputy of today. */
struct signing_power {
    struct id deputy_for_id;
    struct id branch_id; /* of the post */
    uint64_t functions;
};

struct signing_powers {
    struct signing_power *items; /* the person's own first */
    size_t count;
};

struct signing_powers signing_powers_of_actor(struct call *c);

/* The power with which a step of a subject in this branch can be signed; NULL: none. A deputy has a function where the person they stand for
 * has it: in that branch, or everywhere for those of headquarters. Nobody signs the author's own, not even as the author's deputy. */
const struct signing_power *signing_power_for(const struct call *c,
                                              const struct signing_powers *powers,
                                              const char *function, struct id branch_id,
                                              struct id author_id);

/* Whether the actor has a part in an approval: wrote it, signed it, holds a step's function (as signing_power_for has it) or is the deputy of
 * one who does, stands above its author, or oversees all. For everybody else there is no such approval (policy S7, B15). */
bool approval_has_part(struct call *c, struct id approval_id, struct id branch_id,
                       struct id author_id);

/* The same powers as a table for SQL: function by function and branch by branch of the scope. */
struct signing_posts {
    struct id_list branches;
    struct text_list functions;
    struct id_list deputies; /* whom the actor stands for there; none: themselves */
};

struct signing_posts signing_posts_of_actor(struct call *c);

/* A step of a chain and whether its signature is asked for. */
struct chain_link {
    int64_t step;
    const char *function;
    bool is_authors; /* the author holds the function */
    bool is_skipped;
};

/* Marks the steps that are skipped because they are the author's and somebody else signs later. False: every step is the author's. */
bool chain_skip_own(struct chain_link *steps, size_t count);

/* The bit of a function called by name; 0 for a name that is none. */
uint64_t function_bit(const char *function);

const struct approval_kind *approval_kind_find(const struct call *c, const char *name);

/* JSON of both pictures compared leaf by leaf: "lines[3].price" 68000 → 67000. Either may be NULL or no JSON: then no changes. */
struct picture_change_list;
struct picture_change_list picture_compare(struct call *c, const char *before, const char *now);

#endif
