/* collection.h - what the files of this service share. */
#ifndef SONGDA_COLLECTION_H
#define SONGDA_COLLECTION_H

#include "collection.gen.h"
#include "service/call.h"
#include "service/service.h"

extern const struct setting collection_settings[];
extern const struct setting *const hold_days, *const remittance_tolerance, *const release_days;
extern const struct job collection_jobs[];

/* One side of a journal: debit positive, credit negative, fen. */
struct entry {
    const char *account;
    struct id
        party_id; /* the customer, or who holds the cash; none for the company's own accounts */
    int64_t amount;
};

/* Posts a balanced journal (R4); entries of 0 are left out. Asserts that the entries sum to 0. */
void journal_post(struct call *c, const char *kind, struct id document_id,
                  const struct entry *entries, size_t count);

/* Posts the journal of the document again with all signs turned (R4: never changed, only reversed). */
void journal_reverse(struct call *c, const char *kind, const char *reversal_kind,
                     struct id document_id, const struct entry *original, size_t count);

/* A receivable that is open, oldest first, and how much of a payment goes to it. */
struct debt {
    struct id receivable_id;
    int64_t open, paid;
};
struct debts {
    struct debt *items;
    size_t count;
};

/* The open receivables of a customer, oldest due first, locked. */
struct debts debts_of(struct call *c, struct id customer_id);

/* Pays the debts in their order until the amount is used up; returns the rest (R2). Pure. */
int64_t pay_oldest_first(struct debts debts, int64_t amount);

/* Writes what was paid: reduces the receivables and keeps the allocations of the document. Returns the sum paid. */
int64_t debts_settle(struct call *c, struct debts debts, struct id document_id);

/* collection.balance.changed with the account as it is after this call's writes. */
struct account_due balance_announce(struct call *c, struct id customer_id);

/* Puts the customer on hold and tells dispatch (R6). */
void hold(struct call *c, struct id customer_id, enum hold_reason reason, int64_t balance);

/* Sum of counted denominations; fails with denomination_doubled or overflow. */
bool count_cash(struct call *c, const struct remittance_line_list *lines, int64_t *sum);

#endif
