/* slip_rules.c - the lines of a slip. */
#include "slip_rules.h"

struct slip_lines_to_load slip_load(struct arena *arena, struct product_quantity_list needs,
                                    struct product_quantity_list extra)
{
    struct slip_lines_to_load load = {
        .items = arena_array(arena, struct slip_line_to_load, needs.count + extra.count + 1)};

    for (size_t i = 0; i < needs.count; i++)
        load.items[load.count++] = (struct slip_line_to_load){
            .product_id = needs.items[i].product_id, .quantity = needs.items[i].quantity};
    for (size_t i = 0; i < extra.count; i++) {
        size_t at = 0;

        if (extra.items[i].quantity == 0)
            continue;
        while (at < load.count && !id_equal(load.items[at].product_id, extra.items[i].product_id))
            at++;
        if (at == load.count)
            load.items[load.count++] =
                (struct slip_line_to_load){.product_id = extra.items[i].product_id};
        load.items[at].quantity += extra.items[i].quantity;
        load.items[at].extra += extra.items[i].quantity;
    }
    return load;
}

bool slip_is_current(struct slip_lines_here_list lines, struct product_quantity_list needs)
{
    size_t at = 0;

    for (size_t i = 0; i < lines.count; i++) {
        int64_t needed = lines.items[i].quantity - lines.items[i].extra;

        if (needed == 0)
            continue;
        if (at == needs.count || !id_equal(needs.items[at].product_id, lines.items[i].product_id) ||
            needs.items[at].quantity != needed)
            return false;
        at++;
    }
    return at == needs.count;
}
