/* people.h - this service's own copy of people and branches, fed by staff's events: names, posts, superiors, deputies. */
#ifndef SONGDA_SERVICE_PEOPLE_H
#define SONGDA_SERVICE_PEOPLE_H

#include "service/call.h"

struct person {
    struct id staff_id, branch_id, department_id, superior_id;
    const char *number, *name, *department;
    int64_t functions; /* bit set of enum function */
    bool is_active;
    bool is_ready; /* trained and signed: leads may be assigned (S3) */
};

struct branch {
    struct id branch_id, parent_id, company_id;
    const char *code, *name;
};

bool people_person(struct call *c, struct id staff_id, struct person *person);
bool people_branch(struct call *c, struct id branch_id, struct branch *branch);

/* Inline, because staff has operations whose handlers are called person_read and branch_read. */
static inline bool person_read(struct call *c, struct id staff_id,
                               struct person *person) /* false: unknown */
{
    return people_person(c, staff_id, person);
}

static inline bool branch_read(struct call *c, struct id branch_id, struct branch *branch)
{
    return people_branch(c, branch_id, branch);
}

/* Of headquarters, or of a branch that the actor sees: other branches' people answer like ids nobody has. */
bool branch_is_near(const struct call *c, struct id branch_id);
bool person_is_near(struct call *c, struct id staff_id, struct person *person); /* false: unknown */

const char *person_name(struct call *c, struct id staff_id); /* "" when unknown */
bool person_has(const struct person *person, int function);
struct id person_superior(struct call *c, struct id staff_id); /* none at the top */
/* The one holder of a function in the branch (or above it), the longest in post first; none when nobody holds it. */
struct id person_holding(struct call *c, struct id branch_id, int function);

#endif
