/* departure.c - leaving and transfer: one operation, and everything has a successor. */
#include "staff.h"

#include "base/text.h"

#include "base/banned.h"

/* Marks the person as gone if the successor is there to take over, in one statement under the lock of the tree: two who name each other
 * cannot both leave. */
static bool release(struct call *c, struct person_row *person, struct id successor_id,
                    enum person_status status)
{
    struct person_tree_lock tree;
    struct person_release released;

    if (!db_person_tree_lock(c, &tree))
        return false;
    if (db_person_release(c, &released, .staff_id = person->staff_id, .successor_id = successor_id,
                          .status = status)) {
        person->status = status;
        return true;
    }
    fail_at(c, "successor_id", ERROR_SUCCESSOR_NOT_ACTIVE, NULL);
    return false;
}

static bool save_subordinate(struct call *c, struct id staff_id, struct id superior_id)
{
    const struct id own_branch = c->branch_id;
    struct person_row person;

    if (!db_person_row(c, &person, .staff_id = staff_id, .is_everywhere = true))
        return false;
    person.superior_id = superior_id;
    c->branch_id = person.home_branch_id;
    person_save(c, &person);
    c->branch_id = own_branch;
    return true;
}

/* The subordinates get the successor as their superior; a successor from below the leaver takes the leaver's place
 * under the leaver's superior. */
static int64_t move_subordinates(struct call *c, const struct person_row *leaver,
                                 struct id successor_id)
{
    struct person_chain chain;
    struct person_subordinates_list list =
        db_person_subordinates(c, .superior_id = leaver->staff_id, .except_id = successor_id);

    if (!db_person_chain(c, &chain, .staff_id = successor_id, .above_id = leaver->staff_id))
        return 0;
    if (chain.is_below)
        save_subordinate(c, successor_id, leaver->superior_id);
    for (size_t i = 0; i < list.count; i++)
        save_subordinate(c, list.items[i].staff_id, successor_id);
    if (list.count > 0)
        emit_holdings_moved(c, .staff_id = leaver->staff_id, .successor_id = successor_id,
                            .kind = "subordinates", .count = (int64_t)list.count);
    db_handover_put(c, .staff_id = leaver->staff_id, .successor_id = successor_id,
                    .service = "staff", .kind = "subordinates", .count = (int64_t)list.count);
    return (int64_t)list.count;
}

/* The new place must be an active office in the actor's scope; the person becomes one of its people. */
static bool transfer(struct call *c, struct person_row *person,
                     const struct person_leave_request *request)
{
    struct branch_node place;

    if (!db_branch_node(c, &place, .node_id = request->to_branch_id) || !place.is_active ||
        (place.kind != BRANCH_KIND_HEADQUARTERS && place.kind != BRANCH_KIND_BRANCH) ||
        !scope_has(c, request->to_branch_id)) {
        fail_at(c, "to_branch_id", ERROR_TRANSFER_PLACE, NULL);
        return false;
    }
    call_enter_branch(c, request->to_branch_id);
    person->home_branch_id = request->to_branch_id;
    person->department_id = (struct id){{0}};
    person->department = NULL;
    if (!id_is_none(request->to_department_id) &&
        !person_place_in(c, person, request->to_department_id))
        return false;
    return id_is_none(request->to_superior_id) ||
           person_place_under(c, person, request->to_superior_id);
}

/* Told where the person was: there the services hand over what they held. */
static void tell(struct call *c, const struct person_leave_request *request, bool is_transfer)
{
    db_departure_insert(c, .departure_id = call_id(c), .staff_id = request->staff_id,
                        .successor_id = request->successor_id, .reason = request->reason,
                        .is_transfer = is_transfer);
    emit_person_left(c, .staff_id = request->staff_id, .successor_id = request->successor_id,
                     .reason = request->reason);
}

int person_leave(struct call *c, const struct person_leave_request *request,
                 struct person_leave_reply *reply)
{
    const bool is_transfer = !id_is_none(request->to_branch_id);
    struct person_row person;

    if (!person_take(c, request->staff_id, &person))
        return -1;
    audit_before(c, &person_row_shape, &person);
    if (person.status == PERSON_STATUS_LEFT)
        return fail(c, ERROR_PERSON_HAS_LEFT, "%s", person.name);
    if (!release(c, &person, request->successor_id,
                 is_transfer ? person.status : PERSON_STATUS_LEFT))
        return -1;
    reply->subordinates_moved = move_subordinates(c, &person, request->successor_id);
    reply->sessions_ended = sessions_end(c, person.staff_id, (struct id){{0}});
    deputies_end(c, person.staff_id);
    deadline_hand_over(c, person.staff_id, request->successor_id);
    if (!is_transfer)
        deadline_stop(c, "onboarding", person.staff_id);
    tell(c, request, is_transfer);
    if (is_transfer && !transfer(c, &person, request))
        return -1;
    person_save(c, &person);
    reply->staff_id = person.staff_id;
    return has_failed(c) ? -1 : 0;
}

int handover_read(struct call *c, const struct handover_read_request *request,
                  struct handover_read_reply *reply)
{
    struct departure_of departure;

    if (!db_departure_of(c, &departure, .staff_id = request->staff_id))
        return fail(c, ERROR_NOT_FOUND, NULL);
    reply->staff_id = request->staff_id;
    reply->successor_id = departure.successor_id;
    reply->left_at = departure.left_at;
    reply->reason = departure.reason;
    reply->is_transfer = departure.is_transfer;
    reply->lines =
        db_handover_lines(c, .staff_id = request->staff_id, .successor_id = departure.successor_id);
    return 0;
}

static int note(struct call *c, const char *service, struct id staff_id, struct id successor_id,
                const char *kind, int64_t count)
{
    db_handover_put(c, .staff_id = staff_id, .successor_id = successor_id, .service = service,
                    .kind = kind, .count = count);
    return 0;
}

int on_leads_holdings_moved(struct call *c, const struct leads_holdings_moved *event)
{
    return note(c, "leads", event->staff_id, event->successor_id, event->kind, event->count);
}

int on_contracts_holdings_moved(struct call *c, const struct contracts_holdings_moved *event)
{
    return note(c, "contracts", event->staff_id, event->successor_id, event->kind, event->count);
}

int on_dispatch_holdings_moved(struct call *c, const struct dispatch_holdings_moved *event)
{
    return note(c, "dispatch", event->staff_id, event->successor_id, event->kind, event->count);
}

int on_collection_holdings_moved(struct call *c, const struct collection_holdings_moved *event)
{
    return note(c, "collection", event->staff_id, event->successor_id, event->kind, event->count);
}

int on_aftersales_holdings_moved(struct call *c, const struct aftersales_holdings_moved *event)
{
    return note(c, "aftersales", event->staff_id, event->successor_id, event->kind, event->count);
}
