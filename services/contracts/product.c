/* product.c - what the company sells and installs (C1). */
#include "contracts.h"

#include "base/text.h"
#include "service/page.h"

bool headquarters_enter(struct call *c)
{
    for (size_t i = 0; i < c->actor.scope.count; i++) {
        if (id_equal(c->actor.scope.items[i], c->actor.company_id))
            return call_enter_branch(c, c->actor.company_id);
    }
    fail(c, ERROR_HEADQUARTERS_ONLY, NULL);
    return false;
}

int product_create(struct call *c, const struct product_create_request *request,
                   struct product_create_reply *reply)
{
    struct product_insert made;
    bool is_equipment = request->has_is_equipment && request->is_equipment;

    if (!headquarters_enter(c))
        return -1;
    reply->product_id = call_id(c);
    if (!db_product_insert(c, &made, .product_id = reply->product_id, .code = request->code,
                           .name = request->name, .name_folded = text_fold(c->arena, request->name),
                           .specification = request->specification, .unit = request->unit,
                           .tax_permille = request->tax_permille, .is_equipment = is_equipment))
        return fail_at(c, "code", ERROR_PRODUCT_CODE_TAKEN, "%s", request->code);
    emit_product_changed(c, .product_id = reply->product_id, .code = request->code,
                         .name = request->name, .specification = request->specification,
                         .unit = request->unit, .tax_permille = request->tax_permille,
                         .is_equipment = is_equipment, .is_active = true);
    return 0;
}

int product_change(struct call *c, const struct product_change_request *request,
                   struct product_change_reply *reply)
{
    struct product_update changed;
    bool is_equipment = request->has_is_equipment && request->is_equipment;

    if (!headquarters_enter(c))
        return -1;
    if (!db_product_update(c, &changed, .product_id = request->product_id, .name = request->name,
                           .name_folded = text_fold(c->arena, request->name),
                           .specification = request->specification, .unit = request->unit,
                           .tax_permille = request->tax_permille, .is_equipment = is_equipment,
                           .is_active = request->is_active))
        return fail(c, ERROR_NOT_FOUND, NULL);
    emit_product_changed(c, .product_id = request->product_id, .code = changed.code,
                         .name = request->name, .specification = request->specification,
                         .unit = request->unit, .tax_permille = request->tax_permille,
                         .is_equipment = is_equipment, .is_active = request->is_active);
    reply->product_id = request->product_id;
    return 0;
}

int product_read(struct call *c, const struct product_read_request *request,
                 struct product_read_reply *reply)
{
    struct product_summary product;

    if (!db_product_find(c, &product, .product_id = request->product_id))
        return fail(c, ERROR_NOT_FOUND, NULL);
    *reply = (struct product_read_reply){.product_id = product.product_id,
                                         .code = product.code,
                                         .name = product.name,
                                         .specification = product.specification,
                                         .unit = product.unit,
                                         .tax_permille = product.tax_permille,
                                         .is_equipment = product.is_equipment,
                                         .is_active = product.is_active};
    return 0;
}

static const char *search_pattern(struct call *c, const char *search)
{
    const char *folded = search == NULL ? NULL : text_fold(c->arena, search);

    if (folded == NULL || *folded == '\0')
        return NULL;
    return call_print(c, "%%%s%%", folded);
}

int product_list(struct call *c, const struct product_list_request *request,
                 struct product_list_reply *reply)
{
    int64_t limit = page_limit(request->has_limit, request->limit);

    reply->items = db_product_list(
        c, .after = page_after(c, request->after), .search = search_pattern(c, request->search),
        .has_is_equipment = request->has_is_equipment, .is_equipment = request->is_equipment,
        .has_is_active = request->has_is_active, .is_active = request->is_active, .limit = limit,
        PAGE_SORT(request));
    reply->next = PAGE_NEXT(c, reply->items, product_id, limit);
    return 0;
}
