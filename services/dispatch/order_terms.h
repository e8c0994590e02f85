/* order_terms.h - what an order is checked against at entry, and the prices it gets (policies D2, C9, R6, B6). */
#ifndef SONGDA_DISPATCH_ORDER_TERMS_H
#define SONGDA_DISPATCH_ORDER_TERMS_H

#include "dispatch.h"

struct order_wish {
    struct id customer_id, address_id;
    struct id order_id; /* of an order that is being changed; none for a new one */
    int32_t delivery_date;
    struct order_item_list lines;
    enum payment_term payment_term; /* 0: not said */
    bool confirm_duplicate;
};

struct order_terms {
    struct id contract_id; /* none: without contract */
    enum payment_term payment_term;
    int64_t payment_days;
    struct priced_line_list lines;
    int64_t amount;
    bool is_urgent;
    int64_t serial, code;
};

/* Locks the customer, enters its branch, checks and prices. Fails with what order.place declares. */
bool order_terms_find(struct call *c, const struct order_wish *wish, struct order_terms *terms);

#endif
