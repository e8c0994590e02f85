/* slip_rules.h - what a slip loads: the stops' needs and what is taken along beyond them. */
#ifndef SONGDA_DISPATCH_SLIP_RULES_H
#define SONGDA_DISPATCH_SLIP_RULES_H

#include "dispatch.gen.h"

struct slip_line_to_load {
    struct id product_id;
    int64_t quantity, extra; /* quantity includes extra */
};

struct slip_lines_to_load {
    struct slip_line_to_load *items;
    size_t count;
};

/* One line for each product of either; extra of 0 is left out. */
struct slip_lines_to_load slip_load(struct arena *arena, struct product_quantity_list needs,
                                    struct product_quantity_list extra);

/* Whether the lines, without what is extra, are exactly the needs. Both in order of product. */
bool slip_is_current(struct slip_lines_here_list lines, struct product_quantity_list needs);

#endif
