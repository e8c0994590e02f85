/* compartment.h - whether goods fit a vehicle's compartments (D4).
 *
 * Quantities and capacities are 1/1,000 of the unit. Products that share a compartment add up in it; a product that several compartments may
 * carry is split over them as they have room.
 */
#ifndef SONGDA_DISPATCH_COMPARTMENT_H
#define SONGDA_DISPATCH_COMPARTMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/list.h"

enum { COMPARTMENTS_MAX = 8, COMPARTMENT_SETS = 1 << COMPARTMENTS_MAX };

struct compartment_space {
    const char *name;
    int64_t capacity;
    struct id_list products; /* none: everything */
};

struct compartments {
    const struct compartment_space *items;
    size_t count; /* none: one space without parts */
};

/* What is loaded, by the set of compartments that may carry it (bit 0: the first). */
struct compartment_load {
    int64_t by_set[COMPARTMENT_SETS];
};

/* By how much a set of compartments is too small; set 0: that much may go into no compartment. */
struct compartment_excess {
    unsigned set;
    int64_t by;
};

/* The compartments that may carry a product. */
unsigned compartment_set(const struct compartments *compartments, struct id product_id);

int64_t compartment_capacity(const struct compartments *compartments, unsigned set);

/* Whether the load can be split over the compartments; the worst set otherwise, the smallest of equals. A vehicle without compartments takes
 * everything. */
bool compartment_fits(const struct compartments *compartments, const struct compartment_load *load,
                      struct compartment_excess *excess);

#endif
