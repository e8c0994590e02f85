/* case_reads.c - what is shown of cases and records: the person concerned sees the same bundle as
 * those who decide (P3, X2). */
#include "discipline.h"

#include "service/page.h"

static void show_course(const struct case_find *k, struct case_read_reply *reply)
{
    reply->statement = k->statement;
    reply->statement_due_at = k->statement_due_at;
    reply->stated_at = k->stated_at;
    reply->proposed_by = k->proposed_by;
    reply->proposed_at = k->proposed_at;
    reply->proposed_measure = k->proposed_measure;
    reply->has_proposed_money = k->has_proposed_money;
    reply->proposed_money = k->proposed_money;
    reply->has_proposed_points = k->has_proposed_points;
    reply->proposed_points = k->proposed_points;
    reply->proposal_reason = k->proposal_reason;
    reply->has_offence = k->has_offence;
    reply->offence = k->offence;
    reply->decided_at = k->decided_at;
    reply->measure = k->measure;
    reply->money = k->money;
    reply->points = k->points;
    reply->objection_due_at = k->objection_due_at;
    reply->appeal = k->appeal;
    reply->appealed_at = k->appealed_at;
    reply->appeal_outcome = k->appeal_outcome;
    reply->appeal_answer = k->appeal_answer;
    reply->appeal_decided_by = k->appeal_decided_by;
    reply->executed_by = k->executed_by;
    reply->executed_at = k->executed_at;
    reply->execution_note = k->execution_note;
    reply->expires_at = k->expires_at;
}

int case_read(struct call *c, const struct case_read_request *request,
              struct case_read_reply *reply)
{
    struct rule_find rule = {0};
    struct case_find k;

    if (!db_case_find(c, &k, .case_id = request->case_id) || !case_is_visible(c, k.staff_id))
        return fail(c, ERROR_NOT_FOUND, NULL);
    db_rule_find(c, &rule, .rule_id = k.rule_id);
    *reply = (struct case_read_reply){.case_id = k.case_id,
                                      .number = k.number,
                                      .branch_id = k.branch_id,
                                      .staff_id = k.staff_id,
                                      .staff_name = person_name(c, k.staff_id),
                                      .rule_id = k.rule_id,
                                      .rule_code = k.rule_code,
                                      .rule_version = k.rule_version,
                                      .rule_zh = rule.text_zh,
                                      .rule_en = rule.text_en,
                                      .source = rule.source,
                                      .occurred_at = k.occurred_at,
                                      .opened_at = k.opened_at,
                                      .opened_by = k.opened_by,
                                      .what = k.what,
                                      .status = k.status};
    show_course(&k, reply);
    reply->evidence = db_evidence_list(c, .in_branch_id = k.branch_id, .case_id = k.case_id);
    reply->decisions = db_decision_list(c, .in_branch_id = k.branch_id, .case_id = k.case_id);
    return 0;
}

int case_list(struct call *c, const struct case_list_request *request,
              struct case_list_reply *reply)
{
    int64_t limit = page_limit(request->has_limit, request->limit);

    reply->items =
        db_case_list(c, .after = page_after(c, request->after),
                     .sees_all = may(c, PERMISSION_DISCIPLINE_CASE_DECIDE),
                     .staff_id = request->staff_id, .status = request->status,
                     .rule_code = request->rule_code, .limit = limit, PAGE_SORT(request));
    reply->next = PAGE_NEXT(c, reply->items, case_id, limit);
    return 0;
}

int case_mine(struct call *c, const struct case_mine_request *request,
              struct case_mine_reply *reply)
{
    int64_t limit = page_limit(request->has_limit, request->limit);

    reply->items =
        db_case_mine(c, .after = page_after(c, request->after), .rule_code = request->rule_code,
                     .limit = limit, PAGE_SORT(request));
    reply->next = PAGE_NEXT(c, reply->items, case_id, limit);
    return 0;
}

int case_by_event(struct call *c, const struct case_by_event_request *request,
                  struct case_by_event_reply *reply)
{
    reply->items = db_case_by_event(c, .event_id = request->event_id,
                                    .sees_all = may(c, PERMISSION_DISCIPLINE_CASE_DECIDE));
    return 0;
}

int record_read(struct call *c, const struct record_read_request *request,
                struct record_read_reply *reply)
{
    struct person person;

    if (!case_is_visible(c, request->staff_id))
        return fail(c, ERROR_NOT_FOUND, NULL);
    reply->staff_id = request->staff_id;
    reply->name = person_is_near(c, request->staff_id, &person) ? person.name : "";
    reply->items =
        db_record_list(c, .staff_id = request->staff_id, .rule_code = request->rule_code);
    for (size_t i = 0; i < reply->items.count; i++) {
        reply->points += reply->items.items[i].points;
        reply->money += reply->items.items[i].money;
    }
    return 0;
}

int proposal_read(struct call *c, const struct proposal_read_request *request,
                  struct proposal_read_reply *reply)
{
    struct rule_find rule = {0};
    struct case_find k;

    if (!db_case_find(c, &k, .case_id = request->case_id) || !case_is_visible(c, k.staff_id))
        return fail(c, ERROR_NOT_FOUND, NULL);
    db_rule_find(c, &rule, .rule_id = k.rule_id);
    struct proposal proposal = case_proposal(c,
                                             &(struct case_lock){.case_id = k.case_id,
                                                                 .staff_id = k.staff_id,
                                                                 .rule_id = k.rule_id,
                                                                 .rule_code = k.rule_code,
                                                                 .occurred_at = k.occurred_at},
                                             &reply->record);
    reply->case_id = k.case_id;
    reply->rule_code = k.rule_code;
    reply->rule_version = k.rule_version;
    reply->source = rule.source;
    reply->offence = proposal.offence;
    reply->measure = proposal.measure;
    reply->money_min = proposal.money_min;
    reply->money_max = proposal.money_max;
    reply->points = proposal.points;
    reply->is_particular = proposal.is_particular;
    reply->needs_two = measure_needs_two(proposal.measure);
    return 0;
}
