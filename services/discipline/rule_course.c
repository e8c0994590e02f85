/* rule_course.c - a rule's way into force: consulted, adopted by the general manager, announced,
 * binding after the notice (P1). */
#include "discipline.h"

#include "base/bytes.h"
#include "base/clock.h"

static bool take_in(struct call *c, struct id rule_id, enum rule_status status,
                    struct rule_lock *rule)
{
    if (!rule_take(c, rule_id, rule))
        return false;
    if (rule->status == status)
        return true;
    fail(c, ERROR_RULE_STATE, "%s", rule_status_text(rule->status));
    return false;
}

int rule_consult(struct call *c, const struct rule_consult_request *request,
                 struct rule_consult_reply *reply)
{
    struct rule_lock rule;

    if (!take_in(c, request->rule_id, RULE_STATUS_DRAFTED, &rule))
        return -1;
    db_rule_set_status(c, .rule_id = rule.rule_id, .status = RULE_STATUS_CONSULTED);
    emit_rule_consulted(c, .rule_id = rule.rule_id, .code = rule.code, .version = rule.version);
    *reply = (struct rule_consult_reply){.rule_id = rule.rule_id, .status = RULE_STATUS_CONSULTED};
    return 0;
}

int rule_acknowledge(struct call *c, const struct rule_acknowledge_request *request,
                     struct rule_acknowledge_reply *reply)
{
    struct rule_find rule;

    if (!db_rule_find(c, &rule, .rule_id = request->rule_id))
        return fail(c, ERROR_NOT_FOUND, NULL);
    reply->rule_id = rule.rule_id;
    if (rule.status == RULE_STATUS_CONSULTED)
        reply->stage = ACKNOWLEDGEMENT_STAGE_CONSULTATION;
    else if (rule.status == RULE_STATUS_ANNOUNCED || rule.status == RULE_STATUS_IN_FORCE)
        reply->stage = ACKNOWLEDGEMENT_STAGE_NOTICE;
    else
        return fail(c, ERROR_RULE_STATE, "%s", rule_status_text(rule.status));
    db_rule_acknowledgement_put(c, .rule_id = rule.rule_id, .stage = reply->stage,
                                .comment = request->comment);
    return 0;
}

int rule_submit(struct call *c, const struct rule_submit_request *request,
                struct rule_submit_reply *reply)
{
    struct rule_lock rule;
    const char *open;

    if (!take_in(c, request->rule_id, RULE_STATUS_CONSULTED, &rule))
        return -1;
    open = rule_open_figure(c, &rule);
    if (open != NULL)
        return fail(c, ERROR_RULE_FIGURE_OPEN, "%s", open);
    reply->rule_id = rule.rule_id;
    reply->approval_id = approval_open(
        c, "rule", rule.rule_id, 0,
        call_print(c, "%s %lld %s", rule.code, (long long)rule.version, rule.name_zh));
    return has_failed(c) ? -1 : 0;
}

int rule_announce(struct call *c, const struct rule_announce_request *request,
                  struct rule_announce_reply *reply)
{
    struct rule_lock rule;
    const char *open;

    if (!take_in(c, request->rule_id, RULE_STATUS_ADOPTED, &rule))
        return -1;
    open = rule_open_figure(c, &rule);
    if (open != NULL)
        return fail(c, ERROR_RULE_FIGURE_OPEN, "%s", open);
    *reply = (struct rule_announce_reply){
        .rule_id = rule.rule_id, .valid_from = c->now + setting_int(c, notice_days) * CLOCK_DAY};
    db_rule_set_announced(c, .rule_id = rule.rule_id, .valid_from = reply->valid_from);
    db_rule_end_before(c, .code = rule.code, .version = rule.version,
                       .valid_from = reply->valid_from);
    emit_rule_announced(c, .rule_id = rule.rule_id, .code = rule.code, .version = rule.version,
                        .name_zh = rule.name_zh, .name_en = rule.name_en,
                        .valid_from = reply->valid_from);
    return 0;
}

int rule_withdraw(struct call *c, const struct rule_withdraw_request *request,
                  struct rule_withdraw_reply *reply)
{
    struct rule_lock rule;
    struct approval approval;

    if (!rule_take(c, request->rule_id, &rule))
        return -1;
    if (rule.status != RULE_STATUS_DRAFTED && rule.status != RULE_STATUS_CONSULTED &&
        rule.status != RULE_STATUS_ADOPTED)
        return fail(c, ERROR_RULE_STATE, "%s", rule_status_text(rule.status));
    if (approval_of(c, "rule", rule.rule_id, &approval))
        approval_withdraw(c, approval.approval_id);
    db_rule_set_status(c, .rule_id = rule.rule_id, .status = RULE_STATUS_WITHDRAWN,
                       .reason = request->reason);
    *reply = (struct rule_withdraw_reply){.rule_id = rule.rule_id, .status = RULE_STATUS_WITHDRAWN};
    return 0;
}

int rule_end(struct call *c, const struct rule_end_request *request, struct rule_end_reply *reply)
{
    struct rule_lock rule;

    if (!take_in(c, request->rule_id, RULE_STATUS_IN_FORCE, &rule))
        return -1;
    db_rule_set_ended(c, .rule_id = rule.rule_id, .reason = request->reason);
    emit_rule_ended(c, .rule_id = rule.rule_id, .code = rule.code, .version = rule.version,
                    .valid_until = c->now, .reason = request->reason);
    *reply = (struct rule_end_reply){.rule_id = rule.rule_id, .valid_until = c->now};
    return 0;
}

/* The rule as its approver must see it. */
static const char *picture(struct call *c, struct id rule_id)
{
    struct rule_read_reply shown;
    struct buffer json;
    const char *text;

    if (!rule_show(c, rule_id, &shown))
        return "{}";
    buffer_init(&json);
    shape_json(&rule_read_reply_shape, &shown, true, &json);
    text = arena_text(c->arena, buffer_text(&json));
    buffer_release(&json);
    return text;
}

static int granted(struct call *c, const struct approval *approval)
{
    struct rule_lock rule;

    if (rule_take(c, approval->subject_id, &rule) && rule.status == RULE_STATUS_CONSULTED)
        db_rule_set_adopted(c, .rule_id = rule.rule_id);
    return has_failed(c) ? -1 : 0;
}

static int rejected(struct call *c, const struct approval *approval, const char *reason)
{
    struct rule_lock rule;

    if (rule_take(c, approval->subject_id, &rule) && rule.status == RULE_STATUS_CONSULTED)
        db_rule_set_status(c, .rule_id = rule.rule_id, .status = RULE_STATUS_DRAFTED,
                           .reason = reason);
    return has_failed(c) ? -1 : 0;
}

const struct approval_kind discipline_approvals[] = {
    {.name = "rule",
     .zh = "条款通过",
     .en = "adoption of a rule",
     .picture = picture,
     .granted = granted,
     .rejected = rejected},
    {.name = NULL},
};
