/* access.c - what vehicles are, and what an address demands of those that come there: a lane too narrow, a pass (D4, B10). */
#include "dispatch.h"
#include "service/page.h"

uint64_t property_bits(const struct vehicle_property_list *properties)
{
    uint64_t bits = 0;

    for (size_t i = 0; i < properties->count; i++)
        bits |= UINT64_C(1) << (properties->items[i] - 1);
    return bits;
}

struct vehicle_property_list property_list_of(struct call *c, uint64_t bits)
{
    size_t count = vehicle_property_enumeration.count;
    struct vehicle_property_list list = {.items =
                                             arena_array(c->arena, enum vehicle_property, count)};

    for (size_t value = 1; value <= count; value++)
        if (bits >> (value - 1) & 1)
            list.items[list.count++] = (enum vehicle_property)value;
    return list;
}

int access_set(struct call *c, const struct access_set_request *request,
               struct access_set_reply *reply)
{
    uint64_t required = property_bits(&request->required),
             forbidden = property_bits(&request->forbidden);
    struct address_branch where;
    struct access_set made;

    if (!db_address_branch(c, &where, .address_id = request->address_id))
        return fail_at(c, "address_id", ERROR_ADDRESS_UNKNOWN, NULL);
    if ((required & forbidden) != 0)
        return fail_at(c, "forbidden", ERROR_ACCESS_CONTRADICTS, "%s",
                       vehicle_property_text(property_list_of(c, required & forbidden).items[0]));
    if (!call_enter_branch(c, where.branch_id))
        return -1;
    if (!db_access_set(c, &made, .address_id = request->address_id, .required = (int64_t)required,
                       .forbidden = (int64_t)forbidden, .note = request->note))
        return fail_at(c, "address_id", ERROR_ADDRESS_UNKNOWN, NULL);
    reply->address_id = made.address_id;
    return has_failed(c) ? -1 : 0;
}

int access_list(struct call *c, const struct access_list_request *request,
                struct access_list_reply *reply)
{
    int64_t limit = page_limit(request->has_limit, request->limit);
    struct access_rows_list rows =
        db_access_rows(c, .customer_id = request->customer_id,
                       .after = page_after(c, request->after), .limit = limit, PAGE_SORT(request));

    reply->items.items = arena_array(c->arena, struct access_view, rows.count + 1);
    for (size_t i = 0; i < rows.count; i++) {
        const struct access_rows *row = &rows.items[i];

        reply->items.items[reply->items.count++] =
            (struct access_view){.address_id = row->address_id,
                                 .branch_id = row->branch_id,
                                 .customer_id = row->customer_id,
                                 .customer = row->customer,
                                 .address = row->address,
                                 .required = property_list_of(c, (uint64_t)row->required),
                                 .forbidden = property_list_of(c, (uint64_t)row->forbidden),
                                 .note = row->note,
                                 .changed_by = row->changed_by,
                                 .changed_at = row->changed_at};
    }
    reply->next = PAGE_NEXT(c, rows, address_id, limit);
    return has_failed(c) ? -1 : 0;
}
