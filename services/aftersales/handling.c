/* handling.c - from the service form to the survey: who deals with the customer, by when, and with what result (A1, A2, A4). */
#include "aftersales.h"

#include "service/people.h"

/* The clock that a request in work runs on: solution for a simple case, the next progress note for a complex one. */
static int64_t start_work_clock(struct call *c, const struct case_lock *found)
{
    if (found->is_complex)
        return deadline_start(c, .kind = "progress", .subject_id = found->case_id,
                              .owner_id = found->technician_id,
                              .working_days = setting_int(c, progress_days));
    return deadline_start(c, .kind = "solution", .subject_id = found->case_id,
                          .owner_id = found->technician_id,
                          .working_days = setting_int(c, solve_days));
}

/* The telephone of the form: who fills it in sees the request's masked, and so need not repeat it. NULL: there is none. */
static const char *phone_of(struct call *c, const struct form_fill_request *request)
{
    struct case_find found;

    if (request->phone != NULL)
        return request->phone;
    return db_case_find(c, &found, .case_id = request->case_id) ? found.phone : NULL;
}

int form_fill(struct call *c, const struct form_fill_request *request,
              struct form_fill_reply *reply)
{
    struct case_lock found;
    const char *phone;
    int64_t due_at;

    if (!case_take(c, request->case_id, CASE_STATUS_CONFIRMED, CASE_STATUS_CONFIRMED, &found))
        return -1;
    phone = phone_of(c, request);
    if (phone == NULL)
        return fail_at(c, "phone", ERROR_FIELD_MISSING, NULL);
    db_form_insert(c, .case_id = found.case_id, .problem = request->problem,
                   .place = request->place, .contact = request->contact, .phone = phone,
                   .wanted_at = request->wanted_at, .equipment = request->equipment);
    due_at = start_work_clock(c, &found);
    db_case_set_formed(c, .case_id = found.case_id, .due_at = due_at);
    case_note_add(c, found.case_id, "formed", request->problem);
    *reply = (struct form_fill_reply){.case_id = found.case_id,
                                      .number = found.number,
                                      .status = CASE_STATUS_FORMED,
                                      .solve_due_at = due_at};
    return 0;
}

int form_read(struct call *c, const struct form_read_request *request,
              struct form_read_reply *reply)
{
    struct form_find form;

    if (!db_form_find(c, &form, .case_id = request->case_id))
        return fail(c, ERROR_NOT_FOUND, NULL);
    *reply = (struct form_read_reply){.case_id = form.case_id,
                                      .filled_by = form.filled_by,
                                      .filled_at = form.filled_at,
                                      .problem = form.problem,
                                      .place = form.place,
                                      .contact = form.contact,
                                      .phone = form.phone,
                                      .wanted_at = form.wanted_at,
                                      .equipment = form.equipment};
    return 0;
}

int case_assign(struct call *c, const struct case_assign_request *request,
                struct case_assign_reply *reply)
{
    struct id technician_id =
        id_is_none(request->technician_id) ? c->actor.staff_id : request->technician_id;
    struct person technician;
    struct case_lock found;

    if (!case_take(c, request->case_id, CASE_STATUS_FORMED, CASE_STATUS_WORKING, &found))
        return -1;
    if (!person_read(c, technician_id, &technician) || !technician.is_active ||
        !person_has(&technician, FUNCTION_TECHNICIAN) ||
        !id_equal(technician.branch_id, found.branch_id))
        return fail_at(c, "technician_id", ERROR_TECHNICIAN_UNKNOWN, NULL);
    if (id_equal(technician_id, found.about_staff_id))
        return fail_at(c, "technician_id", ERROR_COMPLAINED_ABOUT, NULL);
    found.technician_id = technician_id;
    db_case_set_technician(c, .case_id = found.case_id, .technician_id = technician_id);
    db_case_set_due(c, .case_id = found.case_id, .due_at = start_work_clock(c, &found));
    case_note_add(c, found.case_id, "assigned", technician.name);
    *reply = (struct case_assign_reply){
        .case_id = found.case_id, .technician_id = technician_id, .status = CASE_STATUS_WORKING};
    return 0;
}

static bool own_case(struct call *c, struct id case_id, struct case_lock *found)
{
    if (!case_take(c, case_id, CASE_STATUS_WORKING, CASE_STATUS_WORKING, found))
        return false;
    if (!id_equal(found->technician_id, c->actor.staff_id))
        fail(c, ERROR_CASE_NOT_YOURS, NULL);
    return !has_failed(c);
}

int case_progress(struct call *c, const struct case_progress_request *request,
                  struct case_progress_reply *reply)
{
    struct case_lock found;

    if (!own_case(c, request->case_id, &found))
        return -1;
    case_note_add(c, found.case_id, "progress", request->note);
    reply->case_id = found.case_id;
    reply->next_due_at = deadline_start(
        c, .kind = found.is_complex ? "progress" : "solution", .subject_id = found.case_id,
        .owner_id = found.technician_id, .working_days = setting_int(c, progress_days));
    db_case_set_due(c, .case_id = found.case_id, .due_at = reply->next_due_at);
    return 0;
}

int case_solve(struct call *c, const struct case_solve_request *request,
               struct case_solve_reply *reply)
{
    struct case_lock found;

    if (!own_case(c, request->case_id, &found))
        return -1;
    db_case_set_solved(c, .case_id = found.case_id, .handling = request->handling,
                       .result = request->result, .cause = request->cause);
    deadline_stop(c, "first_answer", found.case_id);
    deadline_stop(c, "solution", found.case_id);
    deadline_stop(c, "progress", found.case_id);
    deadline_start(c, .kind = "survey", .subject_id = found.case_id, .working_days = 1);
    case_note_add(c, found.case_id, "solved", request->result);
    emit_case_solved(c, .case_id = found.case_id, .customer_id = found.customer_id,
                     .technician_id = found.technician_id, .result = request->result);
    *reply = (struct case_solve_reply){.case_id = found.case_id, .status = CASE_STATUS_SOLVED};
    return 0;
}

int case_acknowledge(struct call *c, const struct case_acknowledge_request *request,
                     struct case_acknowledge_reply *reply)
{
    struct customer_find customer = {.owner_id = {{0}}};
    struct case_lock found;
    bool is_manager = has_function(c, FUNCTION_SALES_MANAGER), is_representative;

    if (!case_take(c, request->case_id, CASE_STATUS_SOLVED, CASE_STATUS_SURVEYED, &found))
        return -1;
    db_customer_find(c, &customer, .customer_id = found.customer_id);
    is_representative = id_equal(customer.owner_id, c->actor.staff_id);
    if (!is_manager && !is_representative)
        return fail(c, ERROR_NOT_CONCERNED, NULL);
    db_case_set_seen(c, .case_id = found.case_id, .is_manager = is_manager,
                     .is_representative = is_representative);
    reply->case_id = found.case_id;
    return 0;
}

int case_survey(struct call *c, const struct case_survey_request *request,
                struct case_survey_reply *reply)
{
    struct case_lock found;
    bool is_low = request->score <= setting_int(c, low_score);

    if (!case_take(c, request->case_id, CASE_STATUS_SOLVED, CASE_STATUS_SOLVED, &found))
        return -1;
    db_case_set_surveyed(c, .case_id = found.case_id, .score = request->score,
                         .survey_text = request->text, .needs_call_back = is_low);
    deadline_stop(c, "survey", found.case_id);
    if (is_low)
        reply->call_back_due_at =
            deadline_start(c, .kind = "call_back", .subject_id = found.case_id,
                           .owner_id = found.confirmed_by, .working_days = 1);
    case_note_add(c, found.case_id, survey_channel_text(request->channel),
                  request->text == NULL ? "" : request->text);
    emit_case_surveyed(c, .case_id = found.case_id, .customer_id = found.customer_id,
                       .score = request->score);
    reply->case_id = found.case_id;
    reply->status = CASE_STATUS_SURVEYED;
    return 0;
}

int case_call_back(struct call *c, const struct case_call_back_request *request,
                   struct case_call_back_reply *reply)
{
    struct case_lock found;

    if (!case_take(c, request->case_id, CASE_STATUS_SURVEYED, CASE_STATUS_SURVEYED, &found))
        return -1;
    if (!found.needs_call_back)
        return fail(c, ERROR_CALL_BACK_NOT_DUE, NULL);
    db_case_set_called_back(c, .case_id = found.case_id);
    deadline_stop(c, "call_back", found.case_id);
    case_note_add(c, found.case_id, "called_back", request->note);
    reply->case_id = found.case_id;
    return 0;
}
