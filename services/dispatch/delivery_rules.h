/* delivery_rules.h - rules at the stop that need nothing but figures (policies D6, D8, B8). */
#ifndef SONGDA_DISPATCH_DELIVERY_RULES_H
#define SONGDA_DISPATCH_DELIVERY_RULES_H

#include "dispatch.gen.h"

/* Out of the ordinary: more than `percent` of what was ordered, or more than is on the truck. */
bool delivery_is_outlier(int64_t quantity, int64_t ordered, int64_t on_truck, int64_t percent);

/* Whether a confirmation that comes again says the same: every product with the same quantity, in any order. */
bool delivery_is_same(struct delivered_item_list items, struct priced_line_list lines);

/* loaded − delivered + taken back − handed back. 0: the goods agree. */
struct goods_count {
    int64_t loaded, delivered, taken_back, handed_back;
};
int64_t goods_difference(struct goods_count count);

#endif
