/* handover.c - a leaver's leads, customers and visits go to the successor (S4). */
#include "leads.h"

int on_staff_person_left(struct call *c, const struct staff_person_left *event)
{
    struct customer_owned_by_list owned = db_customer_owned_by(c, .owner_id = event->staff_id);
    struct visit_hand_over_list visits;
    struct customer_lock customer;
    struct owner_load_take load;

    for (size_t i = 0; i < owned.count; i++) {
        if (!db_customer_lock(c, &customer, .customer_id = owned.items[i].customer_id))
            continue;
        if (is_open_stage(
                customer
                    .stage)) { /* beyond the limit where it must be: nothing is left without an owner */
            db_owner_load_take(c, &load, .staff_id = event->successor_id, .most = INT64_MAX);
            db_owner_load_give(c, .staff_id = event->staff_id);
        }
        customer.owner_id = event->successor_id;
        db_customer_set_owner(c, .customer_id = customer.customer_id,
                              .owner_id = event->successor_id);
        emit_lead_assigned(c, .customer_id = customer.customer_id, .owner_id = event->successor_id,
                           .from_id = event->staff_id, .reason = event->reason);
        customer_announce(c, &customer);
    }
    visits =
        db_visit_hand_over(c, .staff_id = event->staff_id, .successor_id = event->successor_id);
    deadline_hand_over(c, event->staff_id, event->successor_id);
    emit_holdings_moved(c, .staff_id = event->staff_id, .successor_id = event->successor_id,
                        .kind = "customers", .count = (int64_t)owned.count);
    emit_holdings_moved(c, .staff_id = event->staff_id, .successor_id = event->successor_id,
                        .kind = "visits", .count = (int64_t)visits.count);
    return 0;
}
