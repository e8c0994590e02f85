/* copy.c - what contracts keep of leads' customers, and what a leaver's successor takes over (S4). */
#include "contracts.h"

int on_leads_customer_changed(struct call *c, const struct leads_customer_changed *event)
{
    db_customer_put(c, .customer_id = event->customer_id, .number = event->number,
                    .name = event->name, .class = event->class, .owner_id = event->owner_id,
                    .is_locked = event->is_locked);
    return 0;
}

int on_leads_address_changed(struct call *c, const struct leads_address_changed *event)
{
    db_address_put(c, .customer_id = event->customer_id, .address_id = event->address_id,
                   .is_active = event->is_active);
    return 0;
}

static void tell_moved(struct call *c, const struct staff_person_left *event, const char *kind,
                       size_t count)
{
    if (count > 0)
        emit_holdings_moved(c, .staff_id = event->staff_id, .successor_id = event->successor_id,
                            .kind = kind, .count = (int64_t)count);
}

int on_staff_person_left(struct call *c, const struct staff_person_left *event)
{
    struct quotation_hand_over_list quotations =
        db_quotation_hand_over(c, .staff_id = event->staff_id, .successor_id = event->successor_id);
    struct contract_hand_over_list contracts =
        db_contract_hand_over(c, .staff_id = event->staff_id, .successor_id = event->successor_id);

    db_contract_version_hand_over(c, .staff_id = event->staff_id,
                                  .successor_id = event->successor_id);
    deadline_hand_over(c, event->staff_id, event->successor_id);
    tell_moved(c, event, "quotations", quotations.count);
    tell_moved(c, event, "contracts", contracts.count);
    return 0;
}
