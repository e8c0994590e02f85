/* terms.h - what a contract says, checked against template, products and addresses (C4). */
#ifndef SONGDA_CONTRACTS_TERMS_H
#define SONGDA_CONTRACTS_TERMS_H

#include "contracts.h"

struct checked_terms {
    const struct contract_terms *terms;
    int64_t template_version;
    struct pricing pricing; /* products, tax and amounts; prices are checked at submission */
    struct contract_field_list fields; /* values without space around them; "" is blank */
};

/* Fails with dates_reversed, template_unknown, template_inactive, address_unknown,
 * contract_field_unknown, contract_field_doubled, and what pricing_take_products fails with. The
 * call must work in the customer's branch. */
bool terms_check(struct call *c, struct id customer_id, const struct contract_terms *terms,
                 struct checked_terms *checked);

/* A new version with these terms. */
void terms_insert(struct call *c, struct id contract_id, int64_t version, const char *reason,
                  const struct checked_terms *checked);

/* The draft's terms are replaced; what was reviewed is to be reviewed again. */
void terms_replace(struct call *c, struct id contract_id, int64_t version,
                   const struct checked_terms *checked);

#endif
