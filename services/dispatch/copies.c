/* copies.c - what other services tell: customers, addresses, products, contracts, holds, balances; and who leaves. */
#include "dispatch.h"

int on_leads_customer_changed(struct call *c, const struct leads_customer_changed *event)
{
    db_copy_customer_put(c, .customer_id = event->customer_id, .number = event->number,
                         .name = event->name, .owner_id = event->owner_id, .phone = event->phone,
                         .contact = event->contact, .is_locked = event->is_locked);
    if (!event->is_locked)
        orders_release(c, event->customer_id);
    return has_failed(c) ? -1 : 0;
}

int on_leads_address_changed(struct call *c, const struct leads_address_changed *event)
{
    struct int_list from = {.items = arena_array(c->arena, int64_t, event->windows.count + 1),
                            .count = event->windows.count};
    struct int_list to = {.items = arena_array(c->arena, int64_t, event->windows.count + 1),
                          .count = event->windows.count};

    for (size_t i = 0; i < event->windows.count; i++) {
        from.items[i] = event->windows.items[i].from_minute;
        to.items[i] = event->windows.items[i].to_minute;
    }
    db_copy_address_put(c, .address_id = event->address_id, .customer_id = event->customer_id,
                        .label = event->label, .address = event->address, .contact = event->contact,
                        .phone = event->phone, .has_latitude_e7 = event->has_latitude_e7,
                        .latitude_e7 = event->latitude_e7,
                        .has_longitude_e7 = event->has_longitude_e7,
                        .longitude_e7 = event->longitude_e7, .windows_from = from, .windows_to = to,
                        .service_minutes = event->service_minutes, .is_active = event->is_active);
    return has_failed(c) ? -1 : 0;
}

int on_contracts_product_changed(struct call *c, const struct contracts_product_changed *event)
{
    db_copy_product_put(c, .product_id = event->product_id, .code = event->code,
                        .name = event->name, .specification = event->specification,
                        .unit = event->unit, .tax_permille = event->tax_permille,
                        .is_equipment = event->is_equipment, .is_active = event->is_active);
    return has_failed(c) ? -1 : 0;
}

int on_contracts_contract_activated(struct call *c,
                                    const struct contracts_contract_activated *event)
{
    db_copy_contract_put(c, .contract_id = event->contract_id, .customer_id = event->customer_id,
                         .number = event->number, .payment_term = event->payment_term,
                         .payment_days = event->payment_days, .valid_from = event->valid_from,
                         .valid_until = event->valid_until);
    for (size_t i = 0; i < event->prices.count; i++)
        db_copy_price_put(c, .contract_id = event->contract_id,
                          .product_id = event->prices.items[i].product_id,
                          .price = event->prices.items[i].price,
                          .tax_permille = event->prices.items[i].tax_permille);
    installation_open(c, event);
    return has_failed(c) ? -1 : 0;
}

int on_contracts_contract_ended(struct call *c, const struct contracts_contract_ended *event)
{
    db_copy_contract_end(c, .contract_id = event->contract_id);
    return has_failed(c) ? -1 : 0;
}

int on_collection_balance_changed(struct call *c, const struct collection_balance_changed *event)
{
    db_copy_balance_put(c, .customer_id = event->customer_id, .due = event->due,
                        .balance = event->balance, .credit = event->credit);
    return has_failed(c) ? -1 : 0;
}

int on_collection_customer_held(struct call *c, const struct collection_customer_held *event)
{
    db_copy_hold_put(c, .customer_id = event->customer_id,
                     .hold_reason = collection_hold_reason_text(event->hold_reason));
    return has_failed(c) ? -1 : 0;
}

int on_collection_customer_released(struct call *c,
                                    const struct collection_customer_released *event)
{
    db_copy_hold_end(c, .customer_id = event->customer_id);
    orders_release(c, event->customer_id);
    return has_failed(c) ? -1 : 0;
}

/* Routes that are not closed and installations that are not done go to the successor (S4). */
int on_staff_person_left(struct call *c, const struct staff_person_left *event)
{
    struct leaver_routes routes = {0};
    struct leaver_installations installations = {0};

    db_leaver_routes(c, &routes, .staff_id = event->staff_id, .successor_id = event->successor_id);
    db_leaver_installations(c, &installations, .staff_id = event->staff_id,
                            .successor_id = event->successor_id);
    emit_holdings_moved(c, .staff_id = event->staff_id, .successor_id = event->successor_id,
                        .kind = "routes", .count = routes.moved);
    emit_holdings_moved(c, .staff_id = event->staff_id, .successor_id = event->successor_id,
                        .kind = "installations", .count = installations.moved);
    return has_failed(c) ? -1 : 0;
}
