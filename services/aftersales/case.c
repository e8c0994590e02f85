/* case.c - a request from the call to its confirmation, and what can be read of it (A1, A2, A7). */
#include "aftersales.h"

#include "service/number.h"
#include "service/page.h"
#include "service/people.h"

bool case_take(struct call *c, struct id case_id, enum case_status from, enum case_status until,
               struct case_lock *found)
{
    if (!db_case_lock(c, found, .case_id = case_id))
        fail(c, ERROR_NOT_FOUND, NULL);
    else if (found->status < from || found->status > until)
        fail(c, ERROR_CASE_STATE, "%s", case_status_text(found->status));
    else if (!id_is_none(found->about_staff_id) &&
             id_equal(found->about_staff_id, c->actor.staff_id))
        fail(c, ERROR_COMPLAINED_ABOUT, NULL);
    return !has_failed(c) && call_enter_branch(c, found->branch_id);
}

void case_note_add(struct call *c, struct id case_id, const char *kind, const char *note)
{
    db_note_insert(c, .case_id = case_id, .note_id = call_id(c), .kind = kind, .note = note);
}

static bool complaint_is_complete(struct call *c, const struct case_open_request *request)
{
    struct person person;

    if (request->class == CASE_CLASS_COMPLAINT && id_is_none(request->about_staff_id))
        fail_at(c, "about_staff_id", ERROR_COMPLAINT_PERSON_MISSING, NULL);
    else if (!id_is_none(request->about_staff_id) &&
             !person_is_near(c, request->about_staff_id, &person))
        fail_at(c, "about_staff_id", ERROR_PERSON_UNKNOWN, NULL);
    return !has_failed(c);
}

int case_open(struct call *c, const struct case_open_request *request,
              struct case_open_reply *reply)
{
    struct customer_find customer;

    if (!db_customer_find(c, &customer, .customer_id = request->customer_id))
        return fail_at(c, "customer_id", ERROR_CUSTOMER_UNKNOWN, NULL);
    if (!complaint_is_complete(c, request) || !call_enter_branch(c, customer.branch_id))
        return -1;
    reply->case_id = call_id(c);
    reply->reply_due_at = deadline_start(c, .kind = "first_answer", .subject_id = reply->case_id,
                                         .owner_id = c->actor.staff_id,
                                         .working_minutes = setting_int(c, reply_hours) * 60);
    reply->number = number_next(c, "FW");
    db_case_insert(c, .case_id = reply->case_id, .number = reply->number,
                   .customer_id = request->customer_id, .class = request->class,
                   .priority = request->priority, .summary = request->summary,
                   .contact = request->contact, .phone = request->phone,
                   .serial_number = request->serial_number,
                   .about_staff_id = request->about_staff_id, .due_at = reply->reply_due_at);
    case_note_add(c, reply->case_id, "opened", request->summary);
    emit_case_opened(c, .case_id = reply->case_id, .number = reply->number,
                     .customer_id = request->customer_id, .class = request->class,
                     .opened_by = c->actor.staff_id);
    if (!id_is_none(request->about_staff_id))
        emit_complaint_received(c, .case_id = reply->case_id, .customer_id = request->customer_id,
                                .about_staff_id = request->about_staff_id,
                                .summary = request->summary);
    return 0;
}

int case_confirm(struct call *c, const struct case_confirm_request *request,
                 struct case_confirm_reply *reply)
{
    struct case_lock found;

    if (!case_take(c, request->case_id, CASE_STATUS_REQUESTED, CASE_STATUS_REQUESTED, &found))
        return -1;
    db_case_set_confirmed(c, .case_id = found.case_id, .status = CASE_STATUS_CONFIRMED,
                          .is_complex = request->is_complex);
    case_note_add(c, found.case_id, "confirmed", request->note == NULL ? "" : request->note);
    *reply = (struct case_confirm_reply){.case_id = found.case_id, .status = CASE_STATUS_CONFIRMED};
    return 0;
}

int case_reject(struct call *c, const struct case_reject_request *request,
                struct case_reject_reply *reply)
{
    struct case_lock found;

    if (!case_take(c, request->case_id, CASE_STATUS_REQUESTED, CASE_STATUS_REQUESTED, &found))
        return -1;
    db_case_set_confirmed(c, .case_id = found.case_id, .status = CASE_STATUS_REJECTED,
                          .is_complex = false);
    deadline_stop(c, "first_answer", found.case_id);
    case_note_add(c, found.case_id, "rejected", request->reason);
    *reply = (struct case_reject_reply){.case_id = found.case_id, .status = CASE_STATUS_REJECTED};
    return 0;
}

int case_answer(struct call *c, const struct case_answer_request *request,
                struct case_answer_reply *reply)
{
    struct case_lock found;

    if (!case_take(c, request->case_id, CASE_STATUS_REQUESTED, CASE_STATUS_WORKING, &found))
        return -1;
    if (found.status == CASE_STATUS_REJECTED)
        return fail(c, ERROR_CASE_STATE, "%s", case_status_text(found.status));
    db_case_set_answered(c, .case_id = found.case_id);
    deadline_stop(c, "first_answer", found.case_id);
    case_note_add(c, found.case_id, "answered", request->note);
    *reply = (struct case_answer_reply){.case_id = found.case_id,
                                        .answered_at =
                                            found.answered_at != 0 ? found.answered_at : c->now};
    return 0;
}

int case_read(struct call *c, const struct case_read_request *request,
              struct case_read_reply *reply)
{
    struct case_find found;

    if (!db_case_find(c, &found, .case_id = request->case_id))
        return fail(c, ERROR_NOT_FOUND, NULL);
    *reply = (struct case_read_reply){.case_id = found.case_id,
                                      .number = found.number,
                                      .customer_id = found.customer_id,
                                      .customer_name = found.customer_name,
                                      .class = found.class,
                                      .priority = found.priority,
                                      .status = found.status,
                                      .is_complex = found.is_complex,
                                      .is_overdue = found.is_overdue,
                                      .summary = found.summary,
                                      .contact = found.contact,
                                      .phone = found.phone,
                                      .serial_number = found.serial_number,
                                      .about_staff_id = found.about_staff_id,
                                      .opened_by = found.opened_by,
                                      .opened_at = found.opened_at,
                                      .confirmed_by = found.confirmed_by,
                                      .technician_id = found.technician_id,
                                      .answered_at = found.answered_at,
                                      .handling = found.handling,
                                      .result = found.result,
                                      .cause = found.cause,
                                      .solved_at = found.solved_at,
                                      .has_score = found.has_score,
                                      .score = found.score,
                                      .survey_text = found.survey_text,
                                      .needs_call_back = found.needs_call_back,
                                      .manager_saw_at = found.manager_saw_at,
                                      .representative_saw_at = found.representative_saw_at,
                                      .notes = db_note_list(c, .case_id = request->case_id)};
    return 0;
}

int case_list(struct call *c, const struct case_list_request *request,
              struct case_list_reply *reply)
{
    int64_t limit = page_limit(request->has_limit, request->limit);

    reply->items = db_case_list(c, .after = page_after(c, request->after),
                                .customer_id = request->customer_id, .status = request->status,
                                .class = request->class, .technician_id = request->technician_id,
                                .is_overdue = request->has_is_overdue && request->is_overdue,
                                .limit = limit, PAGE_SORT(request));
    reply->next = PAGE_NEXT(c, reply->items, case_id, limit);
    return 0;
}

int on_leads_customer_changed(struct call *c, const struct leads_customer_changed *event)
{
    db_customer_save(c, .customer_id = event->customer_id, .name = event->name,
                     .owner_id = event->owner_id);
    return 0;
}

int on_dispatch_installation_completed(struct call *c,
                                       const struct dispatch_installation_completed *event)
{
    for (size_t i = 0; i < event->serial_numbers.count; i++)
        db_equipment_save(c, .serial_number = event->serial_numbers.items[i],
                          .customer_id = event->customer_id);
    return 0;
}

int on_staff_person_left(struct call *c, const struct staff_person_left *event)
{
    struct case_hand_over_list cases =
        db_case_hand_over(c, .staff_id = event->staff_id, .successor_id = event->successor_id);

    deadline_hand_over(c, event->staff_id, event->successor_id);
    emit_holdings_moved(c, .staff_id = event->staff_id, .successor_id = event->successor_id,
                        .kind = "service_cases", .count = (int64_t)cases.count);
    return 0;
}
