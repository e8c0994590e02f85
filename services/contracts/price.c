/* price.c - the price list as it is on a day for a class and a quantity (C1). */
#include "contracts.h"

#include "base/clock.h"
#include "rules.h"
#include "service/page.h"

/* The rules of each product in turn; `next` walks over them. */
static const struct price_rule *rule_of(struct price_rule_list rules, size_t *next,
                                        int64_t position, enum customer_class class, int month,
                                        int64_t quantity)
{
    size_t first = *next;

    while (*next < rules.count && rules.items[*next].position == position)
        ++*next;
    return price_choose(rules.items + first, *next - first, class, month, quantity);
}

/* The price list comes in the order of its products. */
static const enum product_list_sort orders[] = {
    [PRICE_LIST_SORT_CODE] = PRODUCT_LIST_SORT_CODE,
    [PRICE_LIST_SORT_NAME] = PRODUCT_LIST_SORT_NAME,
    [PRICE_LIST_SORT_SPECIFICATION] = PRODUCT_LIST_SORT_SPECIFICATION,
    [PRICE_LIST_SORT_UNIT] = PRODUCT_LIST_SORT_UNIT,
};

int price_list(struct call *c, const struct price_list_request *request,
               struct price_list_reply *reply)
{
    int64_t limit = page_limit(request->has_limit, request->limit);
    struct product_summary_list products = db_product_list(
        c, .after = page_after(c, request->after), .has_is_active = true, .is_active = true,
        .limit = limit, .sort = orders[request->sort], .is_descending = request->is_descending);
    struct id_list ids = {.items = arena_array(c->arena, struct id, products.count + 1),
                          .count = products.count};
    struct price_rule_list rules;
    int year, month, day;
    size_t next = 0;

    for (size_t i = 0; i < products.count; i++)
        ids.items[i] = products.items[i].product_id;
    rules = db_price_rule(c, .product_ids = ids, .on_date = request->on);
    date_civil(request->on, &year, &month, &day);
    reply->items.items = arena_array(c->arena, struct price_entry, products.count + 1);
    for (size_t i = 0; i < products.count; i++) {
        const struct product_summary *product = &products.items[i];
        const struct price_rule *rule = rule_of(rules, &next, (int64_t)i + 1, request->class, month,
                                                request->has_quantity ? request->quantity : 0);

        if (rule == NULL)
            continue;
        reply->items.items[reply->items.count++] =
            (struct price_entry){.product_id = product->product_id,
                                 .code = product->code,
                                 .name = product->name,
                                 .specification = product->specification,
                                 .unit = product->unit,
                                 .tax_permille = product->tax_permille,
                                 .list_price = rule->list_price,
                                 .floor_price = rule->floor_price,
                                 .min_quantity = rule->min_quantity,
                                 .policy_version = rule->version};
    }
    reply->next = PAGE_NEXT(c, products, product_id, limit);
    return 0;
}

int price_read(struct call *c, const struct price_read_request *request,
               struct price_read_reply *reply)
{
    struct product_summary product;
    struct id product_id = request->product_id;
    struct price_rule_list rules;
    const struct price_rule *rule;
    int year, month, day;

    if (!db_product_find(c, &product, .product_id = product_id))
        return fail(c, ERROR_NOT_FOUND, NULL);
    if (!product.is_active)
        return fail(c, ERROR_PRODUCT_INACTIVE, "%s", product.code);
    rules =
        db_price_rule(c, .product_ids = {.items = &product_id, .count = 1}, .on_date = request->on);
    date_civil(request->on, &year, &month, &day);
    rule = price_choose(rules.items, rules.count, request->class, month,
                        request->has_quantity ? request->quantity : 0);
    if (rule == NULL)
        return fail(c, ERROR_PRICE_MISSING, "%s", product.code);
    *reply = (struct price_read_reply){.product_id = product_id,
                                       .list_price = rule->list_price,
                                       .floor_price = rule->floor_price,
                                       .tax_permille = product.tax_permille,
                                       .min_quantity = rule->min_quantity,
                                       .policy_version = rule->version};
    return 0;
}
