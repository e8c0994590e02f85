/* visit.c - visits: planned, confirmed by the manager, checked in and out, and reported (L6, L7). */
#include "leads.h"

#include "service/page.h"
#include "service/people.h"

static bool visit_take(struct call *c, struct id visit_id, struct visit_lock *visit)
{
    if (!db_visit_lock(c, visit, .visit_id = visit_id)) {
        fail(c, ERROR_NOT_FOUND, NULL);
        return false;
    }
    return call_enter_branch(c, visit->branch_id);
}

/* Takes one's own visit that is in one of the states before or at `until`. */
static bool own_visit(struct call *c, struct id visit_id, enum visit_status from,
                      enum visit_status until, struct visit_lock *visit)
{
    if (!visit_take(c, visit_id, visit))
        return false;
    if (!id_equal(visit->staff_id, c->actor.staff_id)) {
        fail(c, ERROR_VISIT_NOT_YOURS, NULL);
        return false;
    }
    if (visit->status < from || visit->status > until) {
        fail(c, ERROR_VISIT_STATE, "%s", visit_status_text(visit->status));
        return false;
    }
    return true;
}

int visit_plan(struct call *c, const struct visit_plan_request *request,
               struct visit_plan_reply *reply)
{
    struct customer_lock customer;

    if (!customer_take(c, request->customer_id, &customer) || !customer_is_workable(c, &customer))
        return -1;
    reply->visit_id = call_id(c);
    db_visit_insert(c, .visit_id = reply->visit_id, .customer_id = customer.customer_id,
                    .planned_at = request->planned_at, .purpose = request->purpose,
                    .is_key = request->has_is_key && request->is_key);
    return 0;
}

int visit_submit(struct call *c, const struct visit_submit_request *request,
                 struct visit_submit_reply *reply)
{
    struct visit_submit_list submitted =
        db_visit_submit(c, .from_at = date_start(request->from_date),
                        .until_at = date_start(request->until_date + 1));

    reply->submitted = (int64_t)submitted.count;
    return 0;
}

int visit_confirm(struct call *c, const struct visit_confirm_request *request,
                  struct visit_confirm_reply *reply)
{
    struct visit_lock visit;
    struct person person;

    if (!visit_take(c, request->visit_id, &visit))
        return -1;
    if (visit.status != VISIT_STATUS_PLANNED && visit.status != VISIT_STATUS_SUBMITTED &&
        visit.status != VISIT_STATUS_CONFIRMED)
        return fail(c, ERROR_VISIT_STATE, "%s", visit_status_text(visit.status));
    if (!id_is_none(request->staff_id)) {
        if (!person_read(c, request->staff_id, &person) ||
            !id_equal(person.branch_id, visit.branch_id))
            return fail_at(c, "staff_id", ERROR_OWNER_UNKNOWN, NULL);
        visit.staff_id = request->staff_id;
    }
    db_visit_set_confirmed(c, .visit_id = visit.visit_id, .staff_id = visit.staff_id,
                           .planned_at =
                               request->planned_at != 0 ? request->planned_at : visit.planned_at,
                           .is_key = request->has_is_key ? request->is_key : visit.is_key);
    reply->visit_id = visit.visit_id;
    return 0;
}

int visit_cancel(struct call *c, const struct visit_cancel_request *request,
                 struct visit_cancel_reply *reply)
{
    struct visit_lock visit;

    if (!own_visit(c, request->visit_id, VISIT_STATUS_PLANNED, VISIT_STATUS_STARTED, &visit))
        return -1;
    db_visit_set_cancelled(c, .visit_id = visit.visit_id, .result = request->reason);
    reply->visit_id = visit.visit_id;
    return 0;
}

int visit_check_in(struct call *c, const struct visit_check_in_request *request,
                   struct visit_check_in_reply *reply)
{
    struct visit_lock visit;

    if (!own_visit(c, request->visit_id, VISIT_STATUS_PLANNED, VISIT_STATUS_CONFIRMED, &visit))
        return -1;
    db_visit_set_started(c, .visit_id = visit.visit_id, .has_latitude_e7 = request->has_latitude_e7,
                         .latitude_e7 = request->latitude_e7,
                         .has_longitude_e7 = request->has_longitude_e7,
                         .longitude_e7 = request->longitude_e7, .place = request->place);
    *reply = (struct visit_check_in_reply){.visit_id = visit.visit_id, .checked_in_at = c->now};
    return 0;
}

int visit_check_out(struct call *c, const struct visit_check_out_request *request,
                    struct visit_check_out_reply *reply)
{
    struct visit_lock visit;
    struct customer_lock customer;
    struct visit_completed_before before;

    if (!own_visit(c, request->visit_id, VISIT_STATUS_STARTED, VISIT_STATUS_STARTED, &visit) ||
        !customer_take(c, visit.customer_id, &customer))
        return -1;
    reply->visit_id = visit.visit_id;
    reply->is_first = !db_visit_completed_before(c, &before, .customer_id = visit.customer_id);
    db_visit_set_completed(c, .visit_id = visit.visit_id, .result = request->result,
                           .is_first = reply->is_first);
    db_customer_touch(c, .customer_id = visit.customer_id);
    timeline_add(c, (struct timeline_line){.customer_id = visit.customer_id,
                                           .staff_id = visit.staff_id,
                                           .reference_id = visit.visit_id,
                                           .event = "leads.visit.completed",
                                           .text = request->result});
    emit_visit_completed(c, .visit_id = visit.visit_id, .customer_id = visit.customer_id,
                         .staff_id = visit.staff_id, .is_first = reply->is_first);
    if (reply->is_first && !visit.has_report)
        reply->report_due_at = deadline_start(
            c, .kind = "visit_report", .subject_id = visit.visit_id, .owner_id = visit.staff_id,
            .working_minutes = setting_int(c, visit_report_hours) * 60);
    stage_advance(c, visit.customer_id, CUSTOMER_STAGE_VISIT);
    return 0;
}

int visit_list(struct call *c, const struct visit_list_request *request,
               struct visit_list_reply *reply)
{
    int64_t limit = page_limit(request->has_limit, request->limit);

    reply->items = db_visit_list(
        c, .after = page_after(c, request->after), .staff_id = request->staff_id,
        .customer_id = request->customer_id,
        .from_at = request->from_date == 0 ? 0 : date_start(request->from_date),
        .until_at = request->until_date == 0 ? 0 : date_start(request->until_date + 1),
        .needs_report = request->has_needs_report && request->needs_report, .limit = limit,
        PAGE_SORT(request));
    reply->next = PAGE_NEXT(c, reply->items, visit_id, limit);
    return 0;
}

int visit_report_file(struct call *c, const struct visit_report_file_request *request,
                      struct visit_report_file_reply *reply)
{
    struct visit_lock visit;

    if (!own_visit(c, request->visit_id, VISIT_STATUS_STARTED, VISIT_STATUS_COMPLETED, &visit))
        return -1;
    if (visit.has_report)
        return fail(c, ERROR_VISIT_REPORT_FILED, NULL);
    reply->report_id = call_id(c);
    db_visit_report_insert(
        c, .visit_id = visit.visit_id, .report_id = reply->report_id, .business = request->business,
        .has_seats = request->has_seats, .seats = request->seats,
        .has_burners = request->has_burners, .burners = request->burners,
        .has_monthly_quantity = request->has_monthly_quantity,
        .monthly_quantity = request->monthly_quantity, .present_fuel = request->present_fuel,
        .has_present_price = request->has_present_price, .present_price = request->present_price,
        .competitor = request->competitor, .decision_maker = request->decision_maker,
        .needs = request->needs, .concerns = request->concerns);
    db_visit_set_reported(c, .visit_id = visit.visit_id);
    deadline_stop(c, "visit_report", visit.visit_id);
    timeline_add(c, (struct timeline_line){.customer_id = visit.customer_id,
                                           .staff_id = visit.staff_id,
                                           .reference_id = reply->report_id,
                                           .event = "leads.visit_report.filed",
                                           .text = request->needs});
    stage_advance(c, visit.customer_id, CUSTOMER_STAGE_NEEDS);
    return 0;
}

int visit_report_read(struct call *c, const struct visit_report_read_request *request,
                      struct visit_report_read_reply *reply)
{
    struct visit_report_find report;

    if (!db_visit_report_find(c, &report, .visit_id = request->visit_id))
        return fail(c, ERROR_NOT_FOUND, NULL);
    *reply = (struct visit_report_read_reply){.report_id = report.report_id,
                                              .staff_id = report.staff_id,
                                              .filed_at = report.filed_at,
                                              .business = report.business,
                                              .has_seats = report.has_seats,
                                              .seats = report.seats,
                                              .has_burners = report.has_burners,
                                              .burners = report.burners,
                                              .has_monthly_quantity = report.has_monthly_quantity,
                                              .monthly_quantity = report.monthly_quantity,
                                              .present_fuel = report.present_fuel,
                                              .has_present_price = report.has_present_price,
                                              .present_price = report.present_price,
                                              .competitor = report.competitor,
                                              .decision_maker = report.decision_maker,
                                              .needs = report.needs,
                                              .concerns = report.concerns};
    return 0;
}

/* The report of a first visit is overdue: a rule event, once (L7). */
static int report_missed(struct call *c, const struct deadline *deadline)
{
    struct visit_find visit;

    if (deadline->level == 0 && db_visit_find(c, &visit, .visit_id = deadline->subject_id))
        emit_visit_report_missed(c, .visit_id = deadline->subject_id,
                                 .customer_id = visit.customer_id, .staff_id = visit.staff_id,
                                 .due_at = deadline->due_at);
    return 0;
}

const struct deadline_kind leads_deadlines[] = {
    {.name = "visit_report",
     .zh = "首次拜访报告",
     .en = "report of a first visit",
     .policy = "L7",
     .remind_minutes = 240,
     .escalate_minutes = 540,
     .passed = report_missed},
    {.name = NULL},
};
