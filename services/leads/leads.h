/* leads.h - what the files of this service share. */
#ifndef SONGDA_LEADS_H
#define SONGDA_LEADS_H

#include "leads.gen.h"
#include "service/call.h"
#include "service/deadline.h"
#include "service/service.h"

extern const struct setting leads_settings[];
extern const struct setting *const lead_limit,
    *const protection_days, *const warning_days, *const visit_report_hours, *const attempt_days;
extern const struct job leads_jobs[];
extern const struct deadline_kind leads_deadlines[];

/* Stages at which a customer counts against its owner's limit of open leads (L3). */
bool is_open_stage(enum customer_stage stage);

/* Whether `to` lies before `from` in the course of L9; excluded lies outside of it. */
bool is_backward(enum customer_stage from, enum customer_stage to);

/* The bigrams of a folded name that tell customers apart (restaurant, company and the like left out); for candidates of L4. */
struct text_list name_bigrams(struct arena *arena, const char *folded);

/* Similar name and similar address: the same customer (L4). Both texts as written. */
bool is_same_place(const char *name, const char *address, const char *other_name,
                   const char *other_address);

/* Reads and locks a customer in the actor's scope and enters its branch; fails with not_found. */
bool customer_take(struct call *c, struct id customer_id, struct customer_lock *customer);

/* Fails unless the customer is in the pool, the actor's own, or the actor manages leads. */
bool customer_is_workable(struct call *c, const struct customer_lock *customer);

/* leads.customer.changed with the row as it is now. */
void customer_announce(struct call *c, const struct customer_lock *customer);

/* Makes the staff member the owner of one more open lead: fails with owner_unknown, owner_not_ready, lead_limit_reached (S3, L3). */
bool owner_take_lead(struct call *c, struct id staff_id);

/* Refuses because the customer is somebody's: tells only the department; a repeated attempt is an event (L4). Returns -1. */
int refuse_taken(struct call *c, struct id customer_id, struct id customer_branch_id);

/* What the form and the import have in common. */
struct intake {
    const char *name, *phone, *licence_number, *contact, *address;
    enum lead_source source;
    enum customer_class class;
    const char *competitor, *consumption;
    bool has_consent;
    struct text_list tags;
    bool has_place; /* the address' coordinates, WGS-84 */
    int64_t latitude_e7, longitude_e7;
};

/* Who has this customer already: true and the ids filled. The telephone number must be normalised. */
struct same_customer {
    struct id customer_id, branch_id;
};
bool customer_find_same(struct call *c, const struct intake *intake, struct same_customer *same);

/* Writes a new customer owned by owner_id (none: the pool) and emits; false (and no failure) when another took the same key first. */
struct new_customer {
    struct id customer_id;
    const char *number;
    struct same_customer same;
};
bool customer_add(struct call *c, const struct intake *intake, struct id owner_id,
                  struct new_customer *made);

/* Moves the stage forward when something happened that implies it; never back, never out of exclusion. */
void stage_advance(struct call *c, struct id customer_id, enum customer_stage to);

/* One line of the customer's course. */
struct timeline_line {
    struct id customer_id, staff_id, reference_id;
    const char *event, *text;
    bool has_amount;
    int64_t amount;
};
void timeline_add(struct call *c, struct timeline_line line);

#endif
