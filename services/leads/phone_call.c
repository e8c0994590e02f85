/* phone_call.c - what was said on the telephone (L5); a recorded call is never edited. */
#include "leads.h"

#include "service/page.h"
#include "service/people.h"

static void insert(struct call *c, struct id call_id_, struct id staff_id,
                   const struct call_entry *entry)
{
    db_call_insert(c, .call_id = call_id_, .customer_id = entry->customer_id, .staff_id = staff_id,
                   .direction = entry->direction, .started_at = entry->started_at,
                   .duration_seconds = entry->duration_seconds, .outcome = entry->outcome,
                   .intention = entry->intention, .said = entry->said,
                   .next_action = entry->next_action, .next_on = entry->next_on);
    db_customer_touch(c, .customer_id = entry->customer_id);
    timeline_add(c, (struct timeline_line){.customer_id = entry->customer_id,
                                           .staff_id = staff_id,
                                           .reference_id = call_id_,
                                           .event = "leads.call.recorded",
                                           .text = entry->said});
    emit_call_recorded(c, .call_id = call_id_, .customer_id = entry->customer_id,
                       .staff_id = staff_id, .duration_seconds = entry->duration_seconds);
}

int call_record(struct call *c, const struct call_record_request *request,
                struct call_record_reply *reply)
{
    struct customer_lock customer;

    if (request->started_at > c->now)
        return fail_at(c, "started_at", ERROR_CALL_IN_FUTURE, NULL);
    if (!customer_take(c, request->customer_id, &customer))
        return -1;
    if (customer.is_locked && request->direction == CALL_DIRECTION_OUTBOUND)
        return fail(c, ERROR_CUSTOMER_LOCKED, NULL);
    reply->call_id = call_id(c);
    insert(c, reply->call_id, c->actor.staff_id,
           &(struct call_entry){.customer_id = request->customer_id,
                                .direction = request->direction,
                                .started_at = request->started_at,
                                .duration_seconds = request->duration_seconds,
                                .outcome = request->outcome,
                                .intention = request->intention,
                                .said = request->said,
                                .next_action = request->next_action,
                                .next_on = request->next_on});
    return 0;
}

int call_import(struct call *c, const struct call_import_request *request,
                struct call_import_reply *reply)
{
    struct customer_lock customer;
    struct person person;

    if (!person_read(c, request->staff_id, &person) || !id_equal(person.branch_id, c->branch_id))
        return fail_at(c, "staff_id", ERROR_OWNER_UNKNOWN, NULL);
    for (size_t i = 0; i < request->calls.count; i++) {
        const struct call_entry *entry = &request->calls.items[i];

        if (entry->started_at > c->now)
            return fail_at(c, call_print(c, "calls[%zu].started_at", i), ERROR_CALL_IN_FUTURE,
                           NULL);
        if (!db_customer_lock(c, &customer, .customer_id = entry->customer_id) ||
            !id_equal(customer.branch_id, c->branch_id))
            return fail_at(c, call_print(c, "calls[%zu].customer_id", i), ERROR_NOT_FOUND, NULL);
        insert(c, call_id(c), request->staff_id, entry);
    }
    reply->recorded = (int64_t)request->calls.count;
    return 0;
}

int call_list(struct call *c, const struct call_list_request *request,
              struct call_list_reply *reply)
{
    int64_t limit = page_limit(request->has_limit, request->limit);

    reply->items =
        db_call_list(c, .after = page_after(c, request->after), .customer_id = request->customer_id,
                     .staff_id = request->staff_id,
                     .since = request->from_date == 0 ? 0 : date_start(request->from_date),
                     .limit = limit, PAGE_SORT(request));
    reply->next = PAGE_NEXT(c, reply->items, call_id, limit);
    return 0;
}
