/* words.c - refusals, quantities and products as people read them. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/text.h"
#include "dispatch.h"

bool refuse(struct call *c, const char *field, const struct error *error, const char *format, ...)
{
    enum { VALUE_MOST = 500 };
    char *value = arena_alloc(c->arena, VALUE_MOST);
    va_list arguments;

    if (format != NULL) {
        va_start(arguments, format);
        vsnprintf(value, VALUE_MOST, format, arguments);
        va_end(arguments);
    }
    if (field == NULL)
        fail(c, error, format == NULL ? NULL : "%s", value);
    else
        fail_at(c, field, error, format == NULL ? NULL : "%s", value);
    return false;
}

const char *quantity_text(struct call *c, int64_t quantity)
{
    const char *sign = quantity < 0 ? "-" : "";
    uint64_t size = quantity < 0 ? -(uint64_t)quantity : (uint64_t)quantity;
    uint64_t rest = size % 1000;
    int digits = 3;

    if (rest == 0)
        return call_print(c, "%s%" PRIu64, sign, size / 1000);
    while (rest % 10 == 0) {
        rest /= 10;
        digits--;
    }
    return call_print(c, "%s%" PRIu64 ".%0*" PRIu64, sign, size / 1000, digits, rest);
}

const char *price_text(struct call *c, int64_t price)
{
    return call_print(c, "%" PRId64 ".%04" PRId64, price / 10000, price % 10000);
}

enum routing_reason routing_reason_of(const char *name)
{
    int reason = ROUTING_REASON_FITS;

    while (reason < ROUTING_REASON_LICENCE &&
           !text_equal(routing_reason_text((enum routing_reason)reason), name))
        reason++;
    return (enum routing_reason)reason;
}

const char *product_name(struct call *c, const char *name, struct id product_id)
{
    return name == NULL ? id_print(c->arena, product_id) : name;
}

const char *product_called(struct call *c, struct id product_id)
{
    struct product_text product;
    bool is_there = db_product_text(c, &product, .product_id = product_id);

    return product_name(c, is_there ? product.name : NULL, product_id);
}

bool quantities_check(struct call *c, const char *field, const struct product_quantity_list *list)
{
    const int64_t most = INT64_C(1000000000000);

    for (size_t i = 0; i < list->count; i++) {
        if (list->items[i].quantity > most)
            return refuse(c, call_print(c, "%s[%zu].quantity", field, i), ERROR_FIELD_RANGE,
                          "<= %s", quantity_text(c, most));
        for (size_t k = 0; k < i; k++)
            if (id_equal(list->items[i].product_id, list->items[k].product_id))
                return refuse(c, call_print(c, "%s[%zu].product_id", field, i),
                              ERROR_PRODUCT_DOUBLED, NULL);
    }
    return true;
}
