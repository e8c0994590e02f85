/* order_rules.h - rules of orders that need nothing but figures. */
#ifndef SONGDA_DISPATCH_ORDER_RULES_H
#define SONGDA_DISPATCH_ORDER_RULES_H

#include "dispatch.gen.h"

/* What an order still waits for. */
struct order_needs {
    bool review;     /* the supervisor's, of a representative's order */
    bool approval;   /* without contract, policy C9 */
    bool acceptance; /* urgent: the dispatcher's */
};

/* The first of them, in this order; ready when there is none. */
enum order_status order_waits_for(struct order_needs needs);

/* Whether an order for that date comes after the cut-off: minutes from midnight of the day before (policy D2). */
bool order_is_late(int64_t now, int32_t delivery_date, int64_t cutoff_minutes);

/* Whether it may still be changed by those who place orders. */
bool order_is_changeable(enum order_status status);

/* amount = quantity × price of every line, and their sum. False on overflow. */
bool order_sum(struct priced_line_list lines, int64_t *amount);

#endif
