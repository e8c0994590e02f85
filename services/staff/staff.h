/* staff.h - what the files of this service share. */
#ifndef SONGDA_STAFF_H
#define SONGDA_STAFF_H

#include "service/call.h"
#include "service/deadline.h"
#include "service/service.h"
#include "staff.gen.h"

extern const struct setting staff_settings[];
extern const struct setting *const onboarding_days,
    *const password_days, *const sign_in_attempts, *const session_idle_hours, *const session_days;
extern const struct job staff_jobs[];
extern const struct deadline_kind staff_deadlines[];

/* Functions as messages carry them and as the bit set 1 << value. */
uint64_t function_bits(const struct function_list *functions);
struct function_list function_list_of(struct call *c, uint64_t bits);

/* The bits an actor may not give away: only an IT administrator or the general manager hands out what governs the company. */
uint64_t functions_reserved(void);

/* Reads and locks a person in the actor's scope and enters the branch of their post; fails with not_found. */
bool person_take(struct call *c, struct id staff_id, struct person_row *person);

/* Writes the person as the struct says, one version on, and tells everybody (staff.person.changed). */
void person_save(struct call *c, struct person_row *person);
void person_announce(struct call *c, const struct person_row *person);

/* Sets the superior under the lock of the company's tree; fails with superior_unknown or superior_cycle. */
bool person_place_under(struct call *c, struct person_row *person, struct id superior_id);

/* The department or team must belong to the person's office (branch_unknown); fills in its name. */
bool person_place_in(struct call *c, struct person_row *person, struct id department_id);

bool is_working(enum person_status status); /* joining or active */

/* Whether the actor may see the branch's records. */
bool scope_has(const struct call *c, struct id branch_id);

/* Ends the open sessions of a person but one, now; returns how many. */
int64_t sessions_end(struct call *c, struct id staff_id, struct id except_id);

/* What a sign-in name may look like: 2 to 64 letters, digits, . _ @ - */
bool sign_in_name_is_valid(const char *name);

/* A new account must be ready within onboarding_days. */
void onboarding_begin(struct call *c, const struct person_row *person);

/* All deputies of the person and all they stand for end today. */
void deputies_end(struct call *c, struct id staff_id);

/* staff.branch.changed, among headquarters' events. */
void branch_announce(struct call *c, const struct branch_lock *branch);
bool branch_code_is_valid(const char *code); /* 2 to 8 capital letters or digits */

/* Branches under headquarters, departments in an office, teams in an office or department (S1). */
bool may_stand_under(enum branch_kind kind, enum branch_kind parent);

/* A new row, told to everybody; fails with sign_in_name_taken or person_number_taken, and returns -1. */
int person_add(struct call *c, const struct person_row *person);

/* Whether the process was started for a real company. */
bool is_production(void);

#endif
