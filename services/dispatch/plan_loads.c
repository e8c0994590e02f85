/* plan_loads.c - classes of products, the figures the engine adds up, and vehicles filled stop by stop. */
#include "plan_loads.h"

#include <stdlib.h>
#include <string.h>

static int by_product(const void *a, const void *b)
{
    return id_compare(((const struct plan_goods *)a)->product_id,
                      ((const struct plan_goods *)b)->product_id);
}

static void collect_products(struct arena *arena, const struct plan_problem *problem,
                             struct plan_loads *loads)
{
    size_t all = 0, kept = 0;

    for (size_t i = 0; i < problem->stop_count; i++)
        all += problem->stops[i].goods_count;
    loads->products = arena_array(arena, struct plan_goods, all + 1);
    for (size_t i = 0; i < problem->stop_count; i++)
        for (size_t k = 0; k < problem->stops[i].goods_count; k++)
            loads->products[loads->product_count++] = problem->stops[i].goods[k];
    qsort(loads->products, loads->product_count, sizeof(*loads->products), by_product);
    for (size_t i = 0; i < loads->product_count; i++)
        if (i == 0 ||
            !id_equal(loads->products[i].product_id, loads->products[kept - 1].product_id))
            loads->products[kept++] = loads->products[i];
    loads->product_count = kept;
}

/* Gives every product its class; `sets` are the compartments that may carry a class, vehicle by vehicle. Products beyond the last class
 * share it: what that misses is checked afterwards. */
static void sort_into_classes(struct arena *arena, const struct plan_problem *problem,
                              struct plan_loads *loads, uint8_t *sets)
{
    size_t vehicles = problem->vehicle_count;
    uint8_t *mine = arena_array(arena, uint8_t, vehicles + 1);

    for (size_t i = 0; i < loads->product_count; i++) {
        struct plan_goods *product = &loads->products[i];
        size_t at = 0;

        for (size_t v = 0; v < vehicles; v++)
            mine[v] =
                (uint8_t)compartment_set(&problem->vehicles[v].compartments, product->product_id);
        while (at < loads->class_count && memcmp(&sets[at * vehicles], mine, vehicles) != 0)
            at++;
        if (at == PLAN_CLASSES_MAX)
            at--;
        if (at == loads->class_count) {
            memcpy(&sets[at * vehicles], mine, vehicles);
            loads->class_count++;
        }
        product->quantity = (int64_t)at;
    }
}

/* The compartments that a set's own goods need, if they hang together; 0 otherwise, for then its parts say the same. */
static unsigned hangs_together(const uint8_t *sets, size_t vehicles, size_t vehicle, size_t classes,
                               unsigned set, uint64_t *within)
{
    unsigned reached = 0, all = 0;
    bool grows = true;

    *within = 0;
    for (size_t i = 0; i < classes; i++) {
        unsigned mine = sets[i * vehicles + vehicle];

        if (mine != 0 && (mine & ~set) == 0) {
            *within |= UINT64_C(1) << i;
            all |= mine;
            reached = reached == 0 ? mine : reached;
        }
    }
    while (grows) {
        grows = false;
        for (size_t i = 0; i < classes; i++) {
            unsigned mine = sets[i * vehicles + vehicle];

            if ((*within >> i & 1) && (mine & reached) && (mine & ~reached)) {
                reached |= mine;
                grows = true;
            }
        }
    }
    return all == set && reached == all ? set : 0;
}

static void add_figure(const struct plan_problem *problem, struct plan_loads *loads, size_t vehicle,
                       uint64_t classes, int64_t capacity)
{
    size_t at = 1;

    while (at < loads->figure_count && loads->figures[at] != classes)
        at++;
    if (at == PLAN_FIGURES_MAX - 1)
        return; /* the last one is for the products of a slip */
    if (at == loads->figure_count) {
        loads->figures[loads->figure_count++] = classes;
        for (size_t v = 0; v < problem->vehicle_count; v++)
            loads->capacities[v * PLAN_FIGURES_MAX + at] = problem->vehicles[v].capacity;
    }
    if (capacity < loads->capacities[vehicle * PLAN_FIGURES_MAX + at])
        loads->capacities[vehicle * PLAN_FIGURES_MAX + at] = capacity;
}

static void add_figures(const struct plan_problem *problem, struct plan_loads *loads,
                        const uint8_t *sets, int size)
{
    for (size_t v = 0; v < problem->vehicle_count; v++) {
        const struct plan_vehicle *vehicle = &problem->vehicles[v];

        for (unsigned set = 1; set < 1U << vehicle->compartments.count; set++) {
            int64_t capacity = compartment_capacity(&vehicle->compartments, set);
            uint64_t within;

            if (__builtin_popcount(set) == size && capacity < vehicle->capacity &&
                hangs_together(sets, problem->vehicle_count, v, loads->class_count, set, &within))
                add_figure(problem, loads, v, within, capacity);
        }
    }
}

void plan_loads(struct arena *arena, const struct plan_problem *problem, struct plan_loads *loads)
{
    size_t vehicles = problem->vehicle_count;
    uint8_t *sets = arena_array(arena, uint8_t, PLAN_CLASSES_MAX * vehicles + 1);

    *loads = (struct plan_loads){.figure_count = 1,
                                 .capacities =
                                     arena_array(arena, int64_t, vehicles * PLAN_FIGURES_MAX + 1),
                                 .carries = arena_array(arena, uint64_t, vehicles + 1)};
    collect_products(arena, problem, loads);
    sort_into_classes(arena, problem, loads, sets);
    loads->figures[0] = UINT64_MAX;
    for (size_t v = 0; v < vehicles; v++) {
        loads->capacities[v * PLAN_FIGURES_MAX] = problem->vehicles[v].capacity;
        for (size_t i = 0; i < loads->class_count; i++)
            if (problem->vehicles[v].compartments.count == 0 || sets[i * vehicles + v] != 0)
                loads->carries[v] |= UINT64_C(1) << i;
    }
    for (int size = 1; size <= COMPARTMENTS_MAX; size++)
        add_figures(problem, loads, sets, size);
}

void plan_loads_count_products(const struct plan_problem *problem, struct plan_loads *loads,
                               int64_t most)
{
    loads->lines_figure = loads->figure_count++;
    for (size_t v = 0; v < problem->vehicle_count; v++)
        loads->capacities[v * PLAN_FIGURES_MAX + loads->lines_figure] = most;
}

uint64_t plan_loads_of(const struct plan_loads *loads, const struct plan_stop *stop,
                       int64_t *demand)
{
    uint64_t classes = 0;

    memset(demand, 0, PLAN_FIGURES_MAX * sizeof(*demand));
    for (size_t i = 0; i < stop->goods_count; i++) {
        const struct plan_goods *product =
            bsearch(&stop->goods[i], loads->products, loads->product_count,
                    sizeof(*loads->products), by_product);
        uint64_t class = UINT64_C(1) << product->quantity;

        classes |= class;
        for (size_t k = 1; k < loads->figure_count; k++)
            if (k != loads->lines_figure && (loads->figures[k] & class))
                demand[k] += stop->goods[i].quantity;
    }
    demand[0] = stop->load;
    if (loads->lines_figure > 0)
        demand[loads->lines_figure] = (int64_t)stop->goods_count;
    return classes;
}

void plan_hold_init(struct arena *arena, struct plan_hold *hold, const struct plan_vehicle *vehicle)
{
    enum { ROOM = 64 };

    *hold = (struct plan_hold){
        .vehicle = vehicle, .room = ROOM, .products = arena_array(arena, struct id, ROOM)};
}

/* Where a product stands among those it has, or would stand. */
static size_t place_of(const struct plan_hold *hold, struct id product_id, bool *is_there)
{
    size_t low = 0, high = hold->product_count;

    while (low < high) {
        size_t middle = (low + high) / 2;

        if (id_compare(hold->products[middle], product_id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    *is_there = low < hold->product_count && id_equal(hold->products[low], product_id);
    return low;
}

bool plan_hold_takes(const struct plan_hold *hold, const struct plan_stop *stop,
                     const char **reason, int64_t *amount)
{
    const struct plan_vehicle *vehicle = hold->vehicle;
    struct compartment_load load = hold->load;
    struct compartment_excess excess;
    size_t products = hold->product_count;
    bool is_there;

    *reason = "property";
    *amount = __builtin_popcountll(stop->required & ~vehicle->properties) +
              __builtin_popcountll(stop->forbidden & vehicle->properties);
    if (*amount > 0)
        return false;
    *reason = "capacity";
    *amount = hold->total + stop->load - vehicle->capacity;
    if (*amount > 0)
        return false;
    for (size_t i = 0; i < stop->goods_count; i++) {
        place_of(hold, stop->goods[i].product_id, &is_there);
        products += !is_there;
        if (vehicle->compartments.count > 0)
            load.by_set[compartment_set(&vehicle->compartments, stop->goods[i].product_id)] +=
                stop->goods[i].quantity;
    }
    if (!compartment_fits(&vehicle->compartments, &load, &excess)) {
        *amount = excess.by;
        return false;
    }
    *reason = "products";
    *amount = (int64_t)products - (int64_t)vehicle->products_max;
    return vehicle->products_max == 0 || *amount <= 0;
}

static void add_product(struct arena *arena, struct plan_hold *hold, struct id product_id)
{
    bool is_there;
    size_t at = place_of(hold, product_id, &is_there);

    if (is_there)
        return;
    if (hold->product_count == hold->room) {
        struct id *larger = arena_array(arena, struct id, hold->room * 2);

        memcpy(larger, hold->products, hold->product_count * sizeof(*larger));
        hold->products = larger;
        hold->room *= 2;
    }
    memmove(&hold->products[at + 1], &hold->products[at],
            (hold->product_count - at) * sizeof(*hold->products));
    hold->products[at] = product_id;
    hold->product_count++;
}

void plan_hold_add(struct arena *arena, struct plan_hold *hold, const struct plan_stop *stop)
{
    const struct compartments *compartments = &hold->vehicle->compartments;

    hold->total += stop->load;
    hold->lines += stop->goods_count;
    for (size_t i = 0; i < stop->goods_count; i++) {
        add_product(arena, hold, stop->goods[i].product_id);
        if (compartments->count > 0)
            hold->load.by_set[compartment_set(compartments, stop->goods[i].product_id)] +=
                stop->goods[i].quantity;
    }
}
