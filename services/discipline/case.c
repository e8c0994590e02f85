/* case.c - cases: opened by events or by hand, their evidence, and who may see them (P3, P4). */
#include "discipline.h"

#include "service/number.h"
#include "service/page.h"

static enum evidence_kind kind_of(const struct exhibit *exhibit)
{
    if (exhibit->event != NULL || !id_is_none(exhibit->event_id))
        return EVIDENCE_KIND_EVENT;
    return id_is_none(exhibit->audit_id) ? EVIDENCE_KIND_NOTE : EVIDENCE_KIND_AUDIT;
}

struct id evidence_put(struct call *c, struct id case_id, const struct exhibit *exhibit)
{
    struct id evidence_id = call_id(c);

    db_evidence_insert(c, .case_id = case_id, .evidence_id = evidence_id, .kind = kind_of(exhibit),
                       .producer = exhibit->producer, .event = exhibit->event,
                       .event_id = exhibit->event_id, .event_branch_id = exhibit->event_branch_id,
                       .has_event_number = exhibit->has_number, .event_number = exhibit->number,
                       .audit_id = exhibit->audit_id, .occurred_at = exhibit->occurred_at,
                       .body = exhibit->body, .note = exhibit->note, .added_by = c->actor.staff_id);
    return evidence_id;
}

bool case_begin(struct call *c, const struct case_about *about, struct new_case *made)
{
    const struct exhibit *event = about->event.event == NULL ? NULL : &about->event;
    struct case_of_event known;
    struct case_insert inserted;

    if (event != NULL &&
        db_case_of_event(c, &known, .event_id = event->event_id, .rule_code = about->rule->code,
                         .staff_id = about->staff_id))
        return false;
    made->case_id = call_id(c);
    made->statement_due_at =
        deadline_start(c, .kind = "case_statement", .subject_id = made->case_id,
                       .owner_id = about->staff_id, .working_days = setting_int(c, statement_days));
    made->number = number_next(c, "JL");
    if (!db_case_insert(c, &inserted, .case_id = made->case_id, .number = made->number,
                        .staff_id = about->staff_id, .rule_id = about->rule->rule_id,
                        .rule_code = about->rule->code, .rule_version = about->rule->version,
                        .event = event == NULL ? NULL : event->event,
                        .event_id = about->event.event_id, .occurred_at = about->occurred_at,
                        .opened_by = about->opened_by, .what = about->what,
                        .statement_due_at = made->statement_due_at)) {
        fail(c, ERROR_CONFLICT, NULL);
        return false;
    }
    if (event != NULL)
        evidence_put(c, made->case_id, event);
    emit_case_opened(c, .case_id = made->case_id, .staff_id = about->staff_id,
                     .rule_code = about->rule->code, .rule_version = about->rule->version,
                     .event_id = about->event.event_id);
    return !has_failed(c);
}

/* Somebody outside the actor's branches is unknown like somebody who does not exist. */
static bool person_in_scope(struct call *c, struct id staff_id, struct person *person)
{
    if (!person_read(c, staff_id, person))
        return false;
    for (size_t i = 0; i < c->actor.scope.count; i++) {
        if (id_equal(c->actor.scope.items[i], person->branch_id))
            return true;
    }
    return false;
}

/* The version in force at the time of the act, if it binds the person. */
static bool rule_for(struct call *c, const struct case_open_request *request,
                     const struct person *person, struct rule_triggered *rule)
{
    struct rule_any any;

    if (rule_is_ladder(request->rule_code)) {
        fail_at(c, "rule_code", ERROR_RULE_UNKNOWN, "%s", request->rule_code);
        return false;
    }
    if (!db_rule_at(c, rule, .code = request->rule_code, .at = request->occurred_at)) {
        if (db_rule_any(c, &any, .code = request->rule_code))
            fail_at(c, "rule_code", ERROR_RULE_NOT_IN_FORCE, "%s", request->rule_code);
        else
            fail_at(c, "rule_code", ERROR_RULE_UNKNOWN, "%s", request->rule_code);
        return false;
    }
    if (!rule_binds(rule, person->functions))
        fail_at(c, "rule_code", ERROR_RULE_NOT_BINDING, "%s", rule->code);
    return !has_failed(c);
}

/* An event given by hand comes with all that is known of it here, if it tells of the same person.
 */
static bool exhibit_of(struct call *c, struct id staff_id, const struct evidence_link *link,
                       struct exhibit *exhibit)
{
    struct act_find act;

    *exhibit = (struct exhibit){.producer = link->service,
                                .event = link->event,
                                .event_id = link->event_id,
                                .audit_id = link->audit_id,
                                .note = link->note};
    if (id_is_none(link->event_id))
        return link->event != NULL || !id_is_none(link->audit_id) || link->note != NULL;
    if (db_act_find(c, &act, .event_id = link->event_id, .staff_id = staff_id)) {
        exhibit->producer = act.producer;
        exhibit->event = act.event;
        exhibit->event_branch_id = act.branch_id;
        exhibit->number = act.number;
        exhibit->has_number = true;
        exhibit->occurred_at = act.occurred_at;
        exhibit->body = act.body;
    }
    return true;
}

int case_open(struct call *c, const struct case_open_request *request,
              struct case_open_reply *reply)
{
    struct exhibit *exhibits = arena_array(c->arena, struct exhibit, request->evidence.count);
    struct rule_triggered rule;
    struct person person;
    struct new_case made;

    if (id_equal(request->staff_id, c->actor.staff_id))
        return fail_at(c, "staff_id", ERROR_CASE_OWN, NULL);
    if (!person_in_scope(c, request->staff_id, &person))
        return fail_at(c, "staff_id", ERROR_STAFF_UNKNOWN, NULL);
    if (request->occurred_at > c->now)
        return fail_at(c, "occurred_at", ERROR_ACT_IN_FUTURE, NULL);
    if (!rule_for(c, request, &person, &rule) || !call_enter_branch(c, person.branch_id))
        return -1;
    for (size_t i = 0; i < request->evidence.count; i++) {
        if (!exhibit_of(c, request->staff_id, &request->evidence.items[i], &exhibits[i]))
            return fail_at(c, call_print(c, "evidence[%zu]", i), ERROR_EVIDENCE_EMPTY, NULL);
    }
    if (!case_begin(c,
                    &(struct case_about){.staff_id = request->staff_id,
                                         .opened_by = c->actor.staff_id,
                                         .rule = &rule,
                                         .occurred_at = request->occurred_at,
                                         .what = request->what},
                    &made))
        return -1;
    for (size_t i = 0; i < request->evidence.count; i++)
        evidence_put(c, made.case_id, &exhibits[i]);
    *reply = (struct case_open_reply){.case_id = made.case_id,
                                      .number = made.number,
                                      .rule_version = rule.version,
                                      .statement_due_at = made.statement_due_at};
    return 0;
}

bool case_is_visible(struct call *c, struct id staff_id)
{
    return id_equal(staff_id, c->actor.staff_id) || may(c, PERMISSION_DISCIPLINE_CASE_DECIDE) ||
           id_equal(person_superior(c, staff_id), c->actor.staff_id);
}

static bool take(struct call *c, struct id case_id, struct case_lock *taken)
{
    if (!db_case_lock(c, taken, .case_id = case_id) || !case_is_visible(c, taken->staff_id)) {
        fail(c, ERROR_NOT_FOUND, NULL);
        return false;
    }
    return call_enter_branch(c, taken->branch_id);
}

static bool is_between(struct call *c, const struct case_lock *taken, enum case_status from,
                       enum case_status until)
{
    if (taken->status < from || taken->status > until)
        fail(c, ERROR_CASE_STATE, "%s", case_status_text(taken->status));
    return !has_failed(c);
}

bool case_take(struct call *c, struct id case_id, enum case_status from, enum case_status until,
               struct case_lock *taken)
{
    if (!take(c, case_id, taken))
        return false;
    if (id_equal(taken->staff_id, c->actor.staff_id)) {
        fail(c, ERROR_CASE_OWN, NULL);
        return false;
    }
    return is_between(c, taken, from, until);
}

bool case_take_own(struct call *c, struct id case_id, enum case_status from, enum case_status until,
                   struct case_lock *taken)
{
    if (!take(c, case_id, taken))
        return false;
    if (!id_equal(taken->staff_id, c->actor.staff_id)) {
        fail(c, ERROR_CASE_NOT_ACCUSED, NULL);
        return false;
    }
    return is_between(c, taken, from, until);
}

int evidence_add(struct call *c, const struct evidence_add_request *request,
                 struct evidence_add_reply *reply)
{
    const struct evidence_link link = {.event = request->event,
                                       .event_id = request->event_id,
                                       .service = request->service,
                                       .audit_id = request->audit_id,
                                       .note = request->note};
    struct case_lock taken;
    struct exhibit exhibit;

    if (!take(c, request->case_id, &taken))
        return -1;
    if (taken.status > CASE_STATUS_APPEALED || taken.status == CASE_STATUS_DECIDED)
        return fail(c, ERROR_CASE_STATE, "%s", case_status_text(taken.status));
    if (!exhibit_of(c, taken.staff_id, &link, &exhibit))
        return fail(c, ERROR_EVIDENCE_EMPTY, NULL);
    reply->evidence_id = evidence_put(c, taken.case_id, &exhibit);
    return 0;
}
