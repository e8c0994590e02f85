/* load.c - what a vehicle is to carry: the goods of stops and orders, held against its capacity, its compartments and the length of a slip
 * (D4, D5). */
#include "compartment.h"
#include "dispatch.h"

struct plan_goods *goods_list(struct call *c, const struct id_list *products,
                              const struct int_list *quantities)
{
    struct plan_goods *goods = arena_array(c->arena, struct plan_goods, products->count + 1);

    for (size_t i = 0; i < products->count; i++)
        goods[i] = (struct plan_goods){products->items[i], quantities->items[i]};
    return goods;
}

struct compartments *load_compartments(struct call *c, struct id_list vehicle_ids)
{
    struct compartments_of_list rows = db_compartments_of(c, .vehicle_ids = vehicle_ids);
    struct compartments *found = arena_array(c->arena, struct compartments, vehicle_ids.count + 1);

    for (size_t i = 0; i < vehicle_ids.count; i++) {
        struct compartment_space *spaces =
            arena_array(c->arena, struct compartment_space, COMPARTMENTS_MAX);

        found[i].items = spaces;
        for (size_t k = 0; k < rows.count; k++)
            if (id_equal(rows.items[k].vehicle_id, vehicle_ids.items[i]))
                spaces[found[i].count++] =
                    (struct compartment_space){.name = rows.items[k].name,
                                               .capacity = rows.items[k].capacity,
                                               .products = rows.items[k].product_ids};
    }
    return found;
}

/* The product of which most goes into these compartments and no others. */
static struct id largest_within(const struct compartments *compartments, unsigned set,
                                const struct plan_goods *goods, size_t count)
{
    size_t largest = 0;
    int64_t most = -1;

    for (size_t i = 0; i < count; i++) {
        unsigned mine = compartment_set(compartments, goods[i].product_id);

        if (mine != 0 || set == 0 ? (mine & ~set) == 0 && goods[i].quantity > most : false) {
            largest = i;
            most = goods[i].quantity;
        }
    }
    return goods[largest].product_id;
}

const char *load_excess_text(struct call *c, const struct compartments *compartments,
                             const struct compartment_excess *excess,
                             const struct plan_goods *goods, size_t count)
{
    const char *names = "";

    for (size_t i = 0; i < compartments->count; i++)
        if (excess->set >> i & 1)
            names = call_print(c, "%s%s%s", names, *names == '\0' ? "" : "+",
                               compartments->items[i].name);
    return call_print(c, "%s %s %s", names,
                      product_called(c, largest_within(compartments, excess->set, goods, count)),
                      quantity_text(c, excess->by));
}

bool load_fits(const struct compartments *compartments, const struct plan_goods *goods,
               size_t count, struct compartment_excess *excess)
{
    struct compartment_load load = {.by_set = {0}};

    for (size_t i = 0; i < count; i++)
        load.by_set[compartment_set(compartments, goods[i].product_id)] += goods[i].quantity;
    return compartment_fits(compartments, &load, excess);
}

bool load_check(struct call *c, const char *field, struct id vehicle_id, int64_t capacity,
                const struct plan_goods *goods, size_t count)
{
    struct id_list one = {.items = &vehicle_id, .count = 1};
    const struct compartments *compartments = load_compartments(c, one);
    struct compartment_excess excess;
    int64_t load = 0;

    for (size_t i = 0; i < count; i++)
        load += goods[i].quantity;
    if (load > capacity)
        return refuse(c, field, ERROR_OVER_CAPACITY, "%s", quantity_text(c, load - capacity));
    if (count > SLIP_LINES_MAX)
        return refuse(c, field, ERROR_SLIP_TOO_LONG, "%d", SLIP_LINES_MAX);
    if (has_failed(c) || load_fits(compartments, goods, count, &excess))
        return !has_failed(c);
    if (excess.set == 0)
        return refuse(c, field, ERROR_COMPARTMENT_MISSING, "%s",
                      product_called(c, largest_within(compartments, 0, goods, count)));
    return refuse(c, field, ERROR_COMPARTMENT_FULL, "%s",
                  load_excess_text(c, compartments, &excess, goods, count));
}

struct plan_goods *load_of_route(struct call *c, struct id route_id, struct id_list order_ids,
                                 size_t *count)
{
    struct load_of_list rows = db_load_of(c, .route_id = route_id, .order_ids = order_ids);
    struct plan_goods *goods = arena_array(c->arena, struct plan_goods, rows.count + 1);

    for (size_t i = 0; i < rows.count; i++)
        goods[i] = (struct plan_goods){rows.items[i].product_id, rows.items[i].quantity};
    *count = rows.count;
    return goods;
}

bool load_check_route(struct call *c, const char *field, struct id vehicle_id, int64_t capacity,
                      struct id route_id, struct id_list order_ids)
{
    size_t count;
    const struct plan_goods *goods = load_of_route(c, route_id, order_ids, &count);

    return load_check(c, field, vehicle_id, capacity, goods, count);
}
