/* pricing.c - what a line costs by the price policy, and whether its price may be offered (C1, C2). */
#include "contracts.h"

#include "base/clock.h"
#include "base/money.h"
#include "rules.h"

const char *price_text(struct call *c, int64_t price)
{
    return call_print(c, "%lld.%04lld", (long long)(price / 10000), (long long)(price % 10000));
}

static int fail_line(struct call *c, const struct pricing *pricing, size_t i, const char *field,
                     const struct error *error)
{
    const char *path = call_print(c, "%s[%zu].%s", pricing->path, i, field);

    return fail_at(c, path, error, "%s",
                   pricing->lines[i].code == NULL ? "" : pricing->lines[i].code);
}

static struct id_list product_ids(struct call *c, const struct pricing *pricing)
{
    struct id_list ids = {.items = arena_array(c->arena, struct id, pricing->count + 1),
                          .count = pricing->count};

    for (size_t i = 0; i < pricing->count; i++)
        ids.items[i] = pricing->lines[i].product_id;
    return ids;
}

static bool is_doubled(const struct pricing *pricing, size_t i)
{
    for (size_t k = 0; k < i; k++) {
        if (id_equal(pricing->lines[k].product_id, pricing->lines[i].product_id))
            return true;
    }
    return false;
}

bool pricing_take_products(struct call *c, struct pricing *pricing)
{
    struct product_basis_list found = db_product_basis(c, .product_ids = product_ids(c, pricing));

    for (size_t i = 0; i < found.count && !has_failed(c); i++) {
        const struct product_basis *product = &found.items[i];
        struct offered_line *line = &pricing->lines[i];

        line->code = product->code;
        line->tax_permille = product->tax_permille;
        if (is_doubled(pricing, i))
            fail_line(c, pricing, i, "product_id", ERROR_LINE_DOUBLED);
        else if (id_is_none(product->product_id))
            fail_line(c, pricing, i, "product_id", ERROR_PRODUCT_UNKNOWN);
        else if (!product->is_active)
            fail_line(c, pricing, i, "product_id", ERROR_PRODUCT_INACTIVE);
        else if (!money_of(line->quantity, line->price, &line->amount) ||
                 !money_add(pricing->total, line->amount, &pricing->total))
            fail_line(c, pricing, i, "price", ERROR_OVERFLOW);
    }
    return !has_failed(c);
}

bool pricing_take_prices(struct call *c, struct pricing *pricing, enum customer_class class)
{
    struct price_rule_list rules =
        db_price_rule(c, .product_ids = product_ids(c, pricing), .on_date = c->today);
    int year, month, day;
    size_t next = 0;

    date_civil(c->today, &year, &month, &day);
    pricing->leave = PRICE_LEAVE_NONE;
    for (size_t i = 0; i < pricing->count; i++) {
        struct offered_line *line = &pricing->lines[i];
        size_t first = next;
        const struct price_rule *rule;

        while (next < rules.count && rules.items[next].position == (int64_t)i + 1)
            next++;
        rule = price_choose(rules.items + first, next - first, class, month, line->quantity);
        if (rule == NULL) {
            fail_line(c, pricing, i, "product_id", ERROR_PRICE_MISSING);
            return false;
        }
        line->list_price = rule->list_price;
        line->floor_price = rule->floor_price;
        line->leave = price_leave_of(line->price, rule->list_price, rule->floor_price);
        if (line->leave > pricing->leave)
            pricing->leave = line->leave;
    }
    return !has_failed(c);
}

static void refuse_below_floor(struct call *c, const struct pricing *pricing, size_t i,
                               struct id customer_id)
{
    const struct offered_line *line = &pricing->lines[i];

    fail_at(c, call_print(c, "%s[%zu].price", pricing->path, i), ERROR_PRICE_BELOW_FLOOR, "%s",
            price_text(c, line->floor_price));
    refusal_record(c);
    emit_price_floor_breached(c, .attempt_id = call_id(c), .staff_id = c->actor.staff_id,
                              .customer_id = customer_id, .product_id = line->product_id,
                              .price = line->price, .floor = line->floor_price);
}

bool pricing_check(struct call *c, const struct pricing *pricing, struct id customer_id)
{
    for (size_t i = 0; i < pricing->count; i++) {
        const struct offered_line *line = &pricing->lines[i];

        if (line->leave == PRICE_LEAVE_FLOOR && line->granted < PRICE_LEAVE_FLOOR) {
            refuse_below_floor(c, pricing, i, customer_id);
            return false;
        }
    }
    for (size_t i = 0; i < pricing->count; i++) {
        const struct offered_line *line = &pricing->lines[i];

        if (line->leave > PRICE_LEAVE_NONE && line->granted < line->leave) {
            fail_at(c, call_print(c, "%s[%zu].price", pricing->path, i), ERROR_PRICE_BELOW_LIST,
                    "%s", price_text(c, line->list_price));
            return false;
        }
    }
    return true;
}
