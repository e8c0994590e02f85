/* contracts.h - what the files of this service share. */
#ifndef SONGDA_CONTRACTS_H
#define SONGDA_CONTRACTS_H

#include "contracts.gen.h"
#include "service/approval.h"
#include "service/call.h"
#include "service/deadline.h"
#include "service/service.h"

extern const struct setting contracts_settings[];
extern const struct setting *const major_amount, *const closing_time;
extern const struct setting *const expiry_days[3];
extern const struct job contracts_jobs[];
extern const struct deadline_kind contracts_deadlines[];
extern const struct approval_kind contracts_approvals[];

/* Products, prices and templates are headquarters' (C1): works there from here on, or fails with
 * headquarters_only for people of a branch. */
bool headquarters_enter(struct call *c);

/* Finds a customer in the actor's scope and enters its branch; fails with customer_unknown,
 * customer_locked, customer_of_other (unless the actor manages others' contracts). */
bool customer_for_sale(struct call *c, struct id customer_id, struct customer_find *customer);

/* A line to be sold: what was asked for, and what products and price policy say to it. */
struct offered_line {
    struct id product_id;
    int64_t quantity, price;
    const char *code;
    int64_t tax_permille, amount;
    int64_t list_price, floor_price;
    enum price_leave leave;   /* that the price needs */
    enum price_leave granted; /* that it has */
};

struct pricing {
    const char *path; /* of the list in the request: lines */
    struct offered_line *lines;
    size_t count;
    int64_t total;
    enum price_leave leave; /* the highest that a line needs */
};

/* Fills code, tax and amount, and the total; fails with line_doubled, product_unknown,
 * product_inactive, overflow, each at its line. */
bool pricing_take_products(struct call *c, struct pricing *pricing);

/* Fills list price, floor price and leave by the policy in force today for the customer's class;
 * fails with price_missing. Products first. */
bool pricing_take_prices(struct call *c, struct pricing *pricing, enum customer_class class);

/* C2, at the one door: fails with price_below_floor (and leaves price_floor.breached) or
 * price_below_list where a line needs more leave than it has. */
bool pricing_check(struct call *c, const struct pricing *pricing, struct id customer_id);

/* "6.8000" */
const char *price_text(struct call *c, int64_t price);

/* Locks a contract in the actor's scope and enters its branch; fails with not_found. */
bool contract_take(struct call *c, struct id contract_id, struct contract_lock *contract,
                   struct contract_version_find *newest);

/* The same for its owner, its author, or who manages others' contracts, and only while the newest
 * version is in that state; fails with contract_not_yours, contract_state. */
bool contract_take_own(struct call *c, struct id contract_id, enum version_status status,
                       struct contract_lock *contract, struct contract_version_find *newest);

/* Ends what is open of the newest version: the approvals under way are withdrawn. */
void contract_close_approvals(struct call *c, struct id contract_id);

/* The version that is to be shown: `version` where it is given, else the newest. */
bool contract_version_wanted(struct call *c, struct id contract_id, bool has_version,
                             int64_t version, struct contract_head *head,
                             struct contract_version_find *found);

/* Approvals of contracts (submit.c) and of prices (price_policy.c, quotation.c). */
const char *contract_picture_of(struct call *c, struct id contract_id);
int contract_granted(struct call *c, const struct approval *approval);
int contract_rejected(struct call *c, const struct approval *approval, const char *reason);
int contract_before_sign(struct call *c, const struct approval *approval, int step);
int consent_granted(struct call *c, const struct approval *approval);
int consent_rejected(struct call *c, const struct approval *approval, const char *reason);
const char *price_policy_picture_of(struct call *c, struct id policy_id);
int price_policy_granted(struct call *c, const struct approval *approval);
int price_policy_rejected(struct call *c, const struct approval *approval, const char *reason);
const char *quotation_picture_of(struct call *c, struct id quotation_id);
int quotation_granted(struct call *c, const struct approval *approval);
int quotation_rejected(struct call *c, const struct approval *approval, const char *reason);

/* The next day on which the end of a contract is to be reminded of, behind `after`; 0: none (C12). */
int32_t contract_reminder(struct call *c, int32_t valid_until, int32_t after);

/* The clock of C7 starts with the last signature. */
void filing_start(struct call *c, struct id contract_id);
int filing_passed(struct call *c, const struct deadline *deadline);

#endif
