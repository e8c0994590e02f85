/* order_rules.c - when an order is late, what it waits for, what it costs. */
#include "order_rules.h"

#include "base/clock.h"
#include "base/money.h"

enum order_status order_waits_for(struct order_needs needs)
{
    if (needs.review)
        return ORDER_STATUS_AWAITING_REVIEW;
    if (needs.approval)
        return ORDER_STATUS_AWAITING_APPROVAL;
    return needs.acceptance ? ORDER_STATUS_AWAITING_ACCEPTANCE : ORDER_STATUS_READY;
}

bool order_is_late(int64_t now, int32_t delivery_date, int64_t cutoff_minutes)
{
    return now >= date_start(delivery_date - 1) + cutoff_minutes * CLOCK_MINUTE;
}

bool order_is_changeable(enum order_status status)
{
    return status == ORDER_STATUS_AWAITING_REVIEW || status == ORDER_STATUS_AWAITING_APPROVAL ||
           status == ORDER_STATUS_AWAITING_ACCEPTANCE || status == ORDER_STATUS_READY;
}

bool order_sum(struct priced_line_list lines, int64_t *amount)
{
    int64_t sum = 0;

    for (size_t i = 0; i < lines.count; i++) {
        struct priced_line *line = &lines.items[i];

        if (!money_of(line->quantity, line->price, &line->amount) ||
            !money_add(sum, line->amount, &sum))
            return false;
    }
    *amount = sum;
    return true;
}
