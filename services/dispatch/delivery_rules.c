/* delivery_rules.c - what is plausible at a stop, and what a route's goods add up to. */
#include "delivery_rules.h"

bool delivery_is_outlier(int64_t quantity, int64_t ordered, int64_t on_truck, int64_t percent)
{
    return quantity > on_truck || (__int128)quantity * 100 > (__int128)ordered * percent;
}

bool delivery_is_same(struct delivered_item_list items, struct priced_line_list lines)
{
    if (items.count != lines.count)
        return false;
    for (size_t i = 0; i < items.count; i++) {
        size_t at = 0;

        while (at < lines.count && !id_equal(lines.items[at].product_id, items.items[i].product_id))
            at++;
        if (at == lines.count || lines.items[at].quantity != items.items[i].quantity)
            return false;
    }
    return true;
}

int64_t goods_difference(struct goods_count count)
{
    return count.loaded - count.delivered + count.taken_back - count.handed_back;
}
