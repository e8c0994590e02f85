/* debt_rules.c - which debts a payment pays (R2): the oldest due first unless told otherwise. */
#include "collection.h"

int64_t pay_oldest_first(struct debts debts, int64_t amount)
{
    for (size_t i = 0; i < debts.count && amount > 0; i++) {
        struct debt *debt = &debts.items[i];
        int64_t left = debt->open - debt->paid;
        int64_t part = amount < left ? amount : left;

        debt->paid += part;
        amount -= part;
    }
    return amount;
}
