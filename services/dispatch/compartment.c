/* compartment.c - goods are split over a vehicle's compartments, or are too much for some of them.
 *
 * A split exists exactly if no set of compartments is asked to hold more than it can by the goods that only it may carry (Hall 1935, in the
 * form of Gale and Hoffman for quantities).
 */
#include "compartment.h"

unsigned compartment_set(const struct compartments *compartments, struct id product_id)
{
    unsigned set = 0;

    for (size_t i = 0; i < compartments->count; i++) {
        const struct id_list *products = &compartments->items[i].products;
        bool is_carried = products->count == 0;

        for (size_t k = 0; k < products->count && !is_carried; k++)
            is_carried = id_equal(products->items[k], product_id);
        set |= (unsigned)is_carried << i;
    }
    return set;
}

int64_t compartment_capacity(const struct compartments *compartments, unsigned set)
{
    int64_t capacity = 0;

    for (size_t i = 0; i < compartments->count; i++)
        if (set >> i & 1)
            capacity += compartments->items[i].capacity;
    return capacity;
}

static int size_of(unsigned set)
{
    return __builtin_popcount(set);
}

bool compartment_fits(const struct compartments *compartments, const struct compartment_load *load,
                      struct compartment_excess *excess)
{
    int64_t within[COMPARTMENT_SETS]; /* what only the compartments of a set may carry */
    unsigned sets = 1U << compartments->count;

    *excess = (struct compartment_excess){0, compartments->count > 0 ? load->by_set[0] : 0};
    if (compartments->count == 0 || excess->by > 0)
        return excess->by == 0;
    for (unsigned set = 0; set < sets; set++)
        within[set] = load->by_set[set];
    for (size_t i = 0; i < compartments->count; i++)
        for (unsigned set = 0; set < sets; set++)
            if (set >> i & 1)
                within[set] += within[set ^ 1U << i];
    for (unsigned set = 1; set < sets; set++) {
        int64_t by = within[set] - compartment_capacity(compartments, set);

        if (by > excess->by || (by == excess->by && by > 0 && size_of(set) < size_of(excess->set)))
            *excess = (struct compartment_excess){set, by};
    }
    return excess->by == 0;
}
