/* procedure.c - a case's way: statement, proposal, decision by the competent, appeal, execution
 * (P2, P3). */
#include "discipline.h"

#include "base/clock.h"
#include "base/money.h"

struct proposal case_proposal(struct call *c, const struct case_lock *of,
                              struct record_item_list *record)
{
    struct rule_find rule = {.severity = SEVERITY_MINOR};
    struct rule_step_list particular, general = {0};
    struct ladder_at ladder;

    db_rule_find(c, &rule, .rule_id = of->rule_id);
    particular = db_rule_steps(c, .rule_id = of->rule_id);
    if (db_ladder_at(c, &ladder, .severity = rule.severity, .at = of->occurred_at))
        general = db_rule_steps(c, .rule_id = ladder.rule_id);
    *record = db_record_under_rule(c, .staff_id = of->staff_id, .rule_code = of->rule_code,
                                   .case_id = of->case_id);
    return ladder_propose(&particular, &general,
                          ladder_offence(record, of->occurred_at, rule.repeat_days));
}

int statement_file(struct call *c, const struct statement_file_request *request,
                   struct statement_file_reply *reply)
{
    struct case_lock taken;

    if (!case_take_own(c, request->case_id, CASE_STATUS_OPENED, CASE_STATUS_OPENED, &taken))
        return -1;
    db_case_set_stated(c, .case_id = taken.case_id, .statement = request->statement);
    deadline_stop(c, "case_statement", taken.case_id);
    *reply = (struct statement_file_reply){.case_id = taken.case_id, .status = CASE_STATUS_STATED};
    return 0;
}

bool case_choose(struct call *c, const struct proposal *proposal, struct choice *choice,
                 const char *reason)
{
    if (choice->measure == proposal->measure && choice->money == 0)
        choice->money = proposal->money_min;
    if (choice->measure == proposal->measure && choice->points == 0)
        choice->points = proposal->points;
    if (!choice_is_whole(choice))
        fail_at(c, "measure", ERROR_MEASURE_FIGURE, "%s", measure_text(choice->measure));
    else if (choice_deviates(choice, proposal) && reason == NULL)
        fail_at(c, "reason", ERROR_DEVIATION_REASON, "%s", measure_text(proposal->measure));
    return !has_failed(c);
}

int case_propose(struct call *c, const struct case_propose_request *request,
                 struct case_propose_reply *reply)
{
    struct choice choice = {request->measure, request->money, request->points};
    struct record_item_list record;
    struct case_lock taken;

    if (!case_take(c, request->case_id, CASE_STATUS_OPENED, CASE_STATUS_STATED, &taken))
        return -1;
    if (!has_function(c, FUNCTION_DISCIPLINE_OFFICER) &&
        !id_equal(person_superior(c, taken.staff_id), c->actor.staff_id))
        return fail(c, ERROR_CASE_NOT_SUPERIOR, NULL);
    if (taken.status == CASE_STATUS_OPENED && c->now <= taken.statement_due_at)
        return fail(c, ERROR_STATEMENT_OPEN, "%s", instant_print(c->arena, taken.statement_due_at));
    struct proposal proposal = case_proposal(c, &taken, &record);
    if (!case_choose(c, &proposal, &choice, request->reason))
        return -1;
    db_case_set_proposed(c, .case_id = taken.case_id, .measure = choice.measure,
                         .money = choice.money, .points = choice.points, .reason = request->reason,
                         .offence = proposal.offence);
    deadline_stop(c, "case_statement", taken.case_id);
    emit_case_proposed(c, .case_id = taken.case_id, .staff_id = taken.staff_id,
                       .measure = choice.measure);
    *reply = (struct case_propose_reply){.case_id = taken.case_id,
                                         .status = CASE_STATUS_PROPOSED,
                                         .offence = proposal.offence,
                                         .system_measure = proposal.measure};
    return 0;
}

int case_appeal(struct call *c, const struct case_appeal_request *request,
                struct case_appeal_reply *reply)
{
    struct case_lock taken;

    if (!case_take_own(c, request->case_id, CASE_STATUS_DECIDED, CASE_STATUS_DECIDED, &taken))
        return -1;
    if (taken.appeal_outcome != 0)
        return fail(c, ERROR_CASE_STATE, "%s", appeal_outcome_text(taken.appeal_outcome));
    if (c->now > taken.objection_due_at)
        return fail(c, ERROR_APPEAL_LATE, "%s", instant_print(c->arena, taken.objection_due_at));
    db_case_set_appealed(c, .case_id = taken.case_id, .appeal = request->reason);
    deadline_stop(c, "case_objection", taken.case_id);
    emit_case_appealed(c, .case_id = taken.case_id, .staff_id = taken.staff_id);
    *reply = (struct case_appeal_reply){.case_id = taken.case_id, .status = CASE_STATUS_APPEALED};
    return 0;
}

/* What an appeal leaves: the same, something lighter, or nothing; never more. */
static bool appeal_choice(struct call *c, const struct appeal_decide_request *request,
                          const struct case_lock *taken, struct choice *choice)
{
    *choice = (struct choice){.measure = MEASURE_NONE};
    if (request->outcome == APPEAL_OUTCOME_ANNULLED)
        return true;
    *choice = (struct choice){request->measure, request->money, request->points};
    if (request->measure == 0 || !choice_is_whole(choice)) {
        fail_at(c, "measure", ERROR_MEASURE_FIGURE, "%s",
                request->measure == 0 ? "" : measure_text(request->measure));
        return false;
    }
    if (choice->measure > taken->measure ||
        (choice->measure == MEASURE_FINE && choice->measure == taken->measure &&
         choice->money > taken->nominal) ||
        (choice->measure == MEASURE_POINTS && choice->measure == taken->measure &&
         choice->points > taken->points))
        fail_at(c, "measure", ERROR_APPEAL_HEAVIER, "%s", measure_text(taken->measure));
    return !has_failed(c);
}

/* Money that was not taken before is not taken by an appeal either. */
static int lighten(struct call *c, const struct appeal_decide_request *request,
                   const struct case_lock *taken, struct appeal_decide_reply *reply)
{
    struct settlement settlement;
    struct choice choice;

    if (!appeal_choice(c, request, taken, &choice))
        return -1;
    if (!choice_settle(&choice, taken->money > 0, setting_int(c, points_per_yuan), &settlement))
        return fail(c, ERROR_OVERFLOW, NULL);
    if (taken->money > settlement.money)
        db_fine_month_give_back(c, .staff_id = taken->staff_id, .month = taken->fine_month,
                                .amount = taken->money - settlement.money);
    *reply = (struct appeal_decide_reply){
        .case_id = taken->case_id, .points = settlement.points, .money = settlement.money};
    reply->status = choice.measure == MEASURE_NONE ? CASE_STATUS_CLOSED : CASE_STATUS_DECIDED;
    db_case_set_appeal_decided(c, .case_id = taken->case_id, .status = reply->status,
                               .measure = choice.measure, .nominal = choice.money,
                               .points = settlement.points, .money = settlement.money,
                               .outcome = request->outcome, .answer = request->answer);
    emit_case_decided(c, .case_id = taken->case_id, .staff_id = taken->staff_id,
                      .measure = measure_text(choice.measure), .points = settlement.points,
                      .money = settlement.money);
    return 0;
}

int appeal_decide(struct call *c, const struct appeal_decide_request *request,
                  struct appeal_decide_reply *reply)
{
    struct case_lock taken;

    if (!case_take(c, request->case_id, CASE_STATUS_APPEALED, CASE_STATUS_APPEALED, &taken))
        return -1;
    if (request->outcome != APPEAL_OUTCOME_UPHELD)
        return lighten(c, request, &taken, reply);
    db_case_set_appeal_decided(c, .case_id = taken.case_id, .status = CASE_STATUS_DECIDED,
                               .measure = taken.measure, .nominal = taken.nominal,
                               .points = taken.points, .money = taken.money,
                               .outcome = request->outcome, .answer = request->answer);
    emit_case_decided(c, .case_id = taken.case_id, .staff_id = taken.staff_id,
                      .measure = measure_text(taken.measure), .points = taken.points,
                      .money = taken.money);
    *reply = (struct appeal_decide_reply){.case_id = taken.case_id,
                                          .status = CASE_STATUS_DECIDED,
                                          .points = taken.points,
                                          .money = taken.money};
    return 0;
}

int case_execute(struct call *c, const struct case_execute_request *request,
                 struct case_execute_reply *reply)
{
    struct rule_find rule = {0};
    struct case_lock taken;

    if (!case_take(c, request->case_id, CASE_STATUS_DECIDED, CASE_STATUS_DECIDED, &taken))
        return -1;
    if (taken.appeal_outcome == 0 && c->now <= taken.objection_due_at)
        return fail(c, ERROR_APPEAL_OPEN, "%s", instant_print(c->arena, taken.objection_due_at));
    db_rule_find(c, &rule, .rule_id = taken.rule_id);
    *reply =
        (struct case_execute_reply){.case_id = taken.case_id,
                                    .status = CASE_STATUS_EXECUTED,
                                    .expires_at = taken.occurred_at + rule.repeat_days * CLOCK_DAY};
    db_case_set_executed(c, .case_id = taken.case_id, .note = request->note,
                         .expires_at = reply->expires_at);
    deadline_stop(c, "case_objection", taken.case_id);
    emit_case_executed(c, .case_id = taken.case_id, .staff_id = taken.staff_id,
                       .measure = taken.measure, .points = taken.points, .money = taken.money);
    return 0;
}

const struct deadline_kind discipline_deadlines[] = {
    {.name = "case_statement",
     .zh = "当事人陈述",
     .en = "statement of the person concerned",
     .policy = "P3",
     .remind_minutes = 540},
    {.name = "case_objection",
     .zh = "申诉期",
     .en = "time for an appeal",
     .policy = "P3",
     .remind_minutes = 540},
    {.name = NULL},
};
