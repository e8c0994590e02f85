/* order_terms.c - may this customer order this, to this address, on this day, and at what price? */
#include "order_terms.h"

#include "base/clock.h"
#include "order_rules.h"

/* In the actor's own branch nearly always; else wherever the actor may see. */
static bool find_customer(struct call *c, const struct order_wish *wish,
                          struct order_customer *customer)
{
    struct customer_branch where;

    if (db_order_customer(c, customer, .customer_id = wish->customer_id,
                          .address_id = wish->address_id, .delivery_date = wish->delivery_date))
        return true;
    if (has_failed(c))
        return false;
    if (!db_customer_branch(c, &where, .customer_id = wish->customer_id) ||
        !call_enter_branch(c, where.branch_id) ||
        !db_order_customer(c, customer, .customer_id = wish->customer_id,
                           .address_id = wish->address_id, .delivery_date = wish->delivery_date)) {
        fail_at(c, "customer_id", ERROR_CUSTOMER_UNKNOWN, NULL);
        return false;
    }
    return true;
}

static bool check_customer(struct call *c, const struct order_wish *wish,
                           const struct order_customer *customer)
{
    if (customer->is_locked)
        fail_at(c, "customer_id", ERROR_CUSTOMER_LOCKED, "%s", customer->customer);
    else if (customer->is_held)
        fail_at(c, "customer_id", ERROR_CUSTOMER_HELD, "%s", customer->customer);
    else if (!customer->is_address_active)
        fail_at(c, "address_id", ERROR_ADDRESS_UNKNOWN, NULL);
    else if (wish->delivery_date < c->today)
        fail_at(c, "delivery_date", ERROR_DATE_PASSED, "%s",
                date_print(c->arena, wish->delivery_date));
    return !has_failed(c);
}

/* "id,id,…" of the lines; NULL and a failure when one occurs twice. */
static const char *product_ids(struct call *c, struct order_item_list lines)
{
    char *text = arena_alloc(c->arena, lines.count * ID_TEXT_SIZE + 1), *end = text;

    for (size_t i = 0; i < lines.count; i++) {
        for (size_t k = 0; k < i; k++)
            if (id_equal(lines.items[i].product_id, lines.items[k].product_id)) {
                fail_at(c, call_print(c, "lines[%zu].product_id", i), ERROR_PRODUCT_DOUBLED, NULL);
                return NULL;
            }
        id_format(lines.items[i].product_id, end);
        end += ID_TEXT_SIZE;
        end[-1] = ','; /* over the NUL */
    }
    end[-1] = '\0';
    return text;
}

static bool price_by_contract(struct call *c, const struct order_wish *wish,
                              const struct order_contract_list *rows, struct order_terms *terms)
{
    terms->contract_id = rows->items[0].contract_id;
    terms->payment_term = rows->items[0].payment_term;
    terms->payment_days = rows->items[0].payment_days;
    if (wish->payment_term != 0 && wish->payment_term != terms->payment_term)
        return refuse(c, "payment_term", ERROR_TERM_BY_CONTRACT, NULL);
    for (size_t i = 0; i < wish->lines.count; i++) {
        const struct order_item *item = &wish->lines.items[i];
        const struct order_contract *row = NULL;

        for (size_t k = 0; k < rows->count && row == NULL; k++)
            if (id_equal(rows->items[k].product_id, item->product_id))
                row = &rows->items[k];
        if (row == NULL)
            return refuse(c, call_print(c, "lines[%zu].product_id", i),
                          ERROR_PRODUCT_NOT_IN_CONTRACT, "%s", product_called(c, item->product_id));
        if (item->has_price && item->price != row->price)
            return refuse(c, call_print(c, "lines[%zu].price", i), ERROR_PRICE_BY_CONTRACT, "%s",
                          price_text(c, row->price));
        terms->lines.items[i] = (struct priced_line){.product_id = item->product_id,
                                                     .quantity = item->quantity,
                                                     .price = row->price,
                                                     .tax_permille = row->tax_permille};
    }
    return true;
}

static bool price_by_request(struct call *c, const struct order_wish *wish,
                             struct order_terms *terms)
{
    struct id_list ids = {.items = arena_array(c->arena, struct id, wish->lines.count),
                          .count = wish->lines.count};
    struct order_products_list products;

    for (size_t i = 0; i < ids.count; i++)
        ids.items[i] = wish->lines.items[i].product_id;
    products = db_order_products(c, .product_ids = ids);
    terms->payment_term = wish->payment_term == 0 ? PAYMENT_TERM_NEXT_DELIVERY : wish->payment_term;
    for (size_t i = 0; i < wish->lines.count; i++) {
        const struct order_item *item = &wish->lines.items[i];
        const struct order_products *product = NULL;

        for (size_t k = 0; k < products.count && product == NULL; k++)
            if (id_equal(products.items[k].product_id, item->product_id))
                product = &products.items[k];
        if (product == NULL)
            return refuse(c, call_print(c, "lines[%zu].product_id", i), ERROR_PRODUCT_UNKNOWN,
                          NULL);
        if (!item->has_price)
            return refuse(c, call_print(c, "lines[%zu].price", i), ERROR_PRICE_MISSING, NULL);
        terms->lines.items[i] = (struct priced_line){.product_id = item->product_id,
                                                     .quantity = item->quantity,
                                                     .price = item->price,
                                                     .tax_permille = product->tax_permille};
    }
    return true;
}

/* What is known of the wish apart from the customer, asked in one go. */
struct findings {
    struct order_contract_list contract; /* its prices for what is ordered */
    struct order_duplicate duplicate;    /* number NULL: there is none, or it does not matter */
    const struct setting_find *cutoff;
};

static bool find(struct call *c, const struct order_wish *wish, const char *ids,
                 struct findings *findings)
{
    *findings =
        (struct findings){.cutoff = setting_ask(c, &dispatch_settings[SETTING_ORDER_CUTOFF])};
    if (!wish->confirm_duplicate) {
        call_ask_along(c);
        db_order_duplicate(c, &findings->duplicate, .customer_id = wish->customer_id,
                           .address_id = wish->address_id, .delivery_date = wish->delivery_date,
                           .order_id = wish->order_id, .product_ids = ids);
    }
    findings->contract =
        db_order_contract(c, .customer_id = wish->customer_id, .delivery_date = wish->delivery_date,
                          .product_ids = ids);
    return !has_failed(c);
}

bool order_terms_find(struct call *c, const struct order_wish *wish, struct order_terms *terms)
{
    const char *ids = product_ids(c, wish->lines);
    struct order_customer customer;
    struct findings findings;

    if (ids == NULL || !find_customer(c, wish, &customer) || !check_customer(c, wish, &customer))
        return false;
    *terms = (struct order_terms){.serial = customer.serial, .code = customer.code};
    terms->lines = (struct priced_line_list){
        .items = arena_array(c->arena, struct priced_line, wish->lines.count),
        .count = wish->lines.count};
    if (!find(c, wish, ids, &findings) ||
        !(findings.contract.count > 0 ? price_by_contract(c, wish, &findings.contract, terms)
                                      : price_by_request(c, wish, terms)))
        return false;
    if (findings.duplicate.number != NULL)
        return refuse(c, NULL, ERROR_ORDER_DUPLICATE, "%s", findings.duplicate.number);
    if (!order_sum(terms->lines, &terms->amount))
        return refuse(c, "lines", ERROR_OVERFLOW, NULL);
    terms->is_urgent =
        customer.is_list_closed ||
        order_is_late(c->now, wish->delivery_date,
                      setting_found(&dispatch_settings[SETTING_ORDER_CUTOFF], findings.cutoff));
    return !has_failed(c);
}
