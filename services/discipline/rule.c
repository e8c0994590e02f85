/* rule.c - the rule book's versions: drafting, changing, reading (P1). */
#include "discipline.h"

#include <string.h>

#include "base/text.h"
#include "service/page.h"

#define LADDER "ladder-"

bool rule_take(struct call *c, struct id rule_id, struct rule_lock *rule)
{
    if (!call_enter_branch(c, c->actor.company_id))
        return false;
    if (db_rule_lock(c, rule, .rule_id = rule_id))
        return true;
    fail(c, ERROR_NOT_FOUND, NULL);
    return false;
}

const char *rule_open_figure(struct call *c, const struct rule_lock *rule)
{
    struct rule_step_list steps = db_rule_steps(c, .rule_id = rule->rule_id);

    return open_figure(&(struct figures){.text_zh = rule->text_zh,
                                         .text_en = rule->text_en,
                                         .requires = rule->requires,
                                         .has_repeat_days = rule->has_repeat_days,
                                         .steps = &steps});
}

static int64_t bits_of(const struct function_list *functions)
{
    int64_t bits = 0;

    for (size_t i = 0; i < functions->count; i++)
        bits |= INT64_C(1) << functions->items[i];
    return bits;
}

static struct function_list functions_of(struct call *c, int64_t bits)
{
    struct function_list list = {
        .items = arena_array(c->arena, enum function, function_enumeration.count + 1)};

    for (size_t value = 1; value <= function_enumeration.count; value++) {
        if ((bits >> value & 1) != 0)
            list.items[list.count++] = (enum function)value;
    }
    return list;
}

/* The events that can open a case: those the service is subscribed to. */
static bool is_trigger(const struct call *c, const char *trigger)
{
    const struct subscription *subscription = call_service(c)->subscriptions;

    for (; subscription->event != NULL; subscription++) {
        if (text_equal(subscription->event->name, trigger))
            return strncmp(trigger, "staff.", strlen("staff.")) != 0;
    }
    return false;
}

bool rule_is_ladder(const char *code)
{
    return strncmp(code, LADDER, strlen(LADDER)) == 0;
}

/* What a draft says that bears on its soundness. */
struct soundness {
    const char *code, *trigger;
    enum severity severity;
    const struct function_list *functions;
    const struct rule_step_list *steps;
};

/* A general ladder is named after the severity it is for, has a step for every offence, and binds everybody. */
static bool is_ladder_sound(const struct soundness *draft)
{
    return text_equal(draft->code + strlen(LADDER), severity_text(draft->severity)) &&
           draft->trigger == NULL && draft->functions->count == 0 && draft->steps->count > 0 &&
           draft->steps->items[0].from_offence == 1;
}

static bool is_sound(struct call *c, const struct soundness *draft)
{
    const struct rule_step_list *steps = draft->steps;
    const char *trigger = draft->trigger;
    size_t wrong = steps_check(steps);

    if (rule_is_ladder(draft->code) && !is_ladder_sound(draft))
        fail_at(c, "code", ERROR_RULE_LADDER_GENERAL, "%s", draft->code);
    if (wrong < steps->count)
        fail_at(c, call_print(c, "steps[%zu]", wrong), ERROR_RULE_LADDER_INVALID, "%zu", wrong + 1);
    if (trigger != NULL && !is_trigger(c, trigger))
        fail_at(c, "trigger", ERROR_TRIGGER_UNKNOWN, "%s", trigger);
    return !has_failed(c);
}

static void write_steps(struct call *c, struct id rule_id, const struct rule_step_list *steps)
{
    for (size_t i = 0; i < steps->count; i++) {
        const struct rule_step *step = &steps->items[i];

        db_rule_step_insert(c, .rule_id = rule_id, .from_offence = step->from_offence,
                            .measure = step->measure, .has_points = step->has_points,
                            .points = step->points, .has_money_min = step->has_money_min,
                            .money_min = step->money_min, .has_money_max = step->has_money_max,
                            .money_max = step->money_max);
    }
}

int rule_draft(struct call *c, const struct rule_draft_request *request,
               struct rule_draft_reply *reply)
{
    struct rule_next_version next = {.version = 1};
    struct rule_underway underway = {0};
    struct rule_insert inserted;

    const struct soundness draft = {request->code, request->trigger, request->severity,
                                    &request->functions, &request->steps};

    if (!call_enter_branch(c, c->actor.company_id) || !is_sound(c, &draft))
        return -1;
    db_rule_next_version(c, &next, .code = request->code);
    *reply = (struct rule_draft_reply){.rule_id = call_id(c), .version = next.version};
    if (!db_rule_insert(
            c, &inserted, .rule_id = reply->rule_id, .code = request->code, .version = next.version,
            .name_zh = request->name_zh, .name_en = request->name_en, .text_zh = request->text_zh,
            .text_en = request->text_en, .source = request->source,
            .functions = bits_of(&request->functions), .trigger = request->trigger,
            .severity = request->severity,
            .has_repeat_days = request->has_repeat_days || rule_is_ladder(request->code),
            .repeat_days = request->repeat_days, .requires = request->requires)) {
        db_rule_underway(c, &underway, .code = request->code);
        return fail_at(c, "code", ERROR_RULE_VERSION_OPEN, "%lld", (long long)underway.version);
    }
    write_steps(c, reply->rule_id, &request->steps);
    return 0;
}

int rule_change(struct call *c, const struct rule_change_request *request,
                struct rule_change_reply *reply)
{
    struct rule_lock rule;

    if (!rule_take(c, request->rule_id, &rule))
        return -1;
    const struct soundness draft = {rule.code, request->trigger, request->severity,
                                    &request->functions, &request->steps};
    if (!is_sound(c, &draft))
        return -1;
    if (rule.status != RULE_STATUS_DRAFTED)
        return fail(c, ERROR_RULE_STATE, "%s", rule_status_text(rule.status));
    db_rule_rewrite(c, .rule_id = rule.rule_id, .name_zh = request->name_zh,
                    .name_en = request->name_en, .text_zh = request->text_zh,
                    .text_en = request->text_en, .source = request->source,
                    .functions = bits_of(&request->functions), .trigger = request->trigger,
                    .severity = request->severity,
                    .has_repeat_days = request->has_repeat_days || rule_is_ladder(rule.code),
                    .repeat_days = request->repeat_days, .requires = request->requires);
    db_rule_steps_delete(c, .rule_id = rule.rule_id);
    write_steps(c, rule.rule_id, &request->steps);
    reply->rule_id = rule.rule_id;
    return 0;
}

int ladder_read(struct call *c, const struct ladder_read_request *request,
                struct ladder_read_reply *reply)
{
    struct ladder_at ladder;

    if (!db_ladder_at(c, &ladder, .severity = request->severity,
                      .at = request->at == 0 ? c->now : request->at))
        return fail(c, ERROR_NOT_FOUND, NULL);
    *reply = (struct ladder_read_reply){
        .rule_id = ladder.rule_id,
        .version = ladder.version,
        .valid_from = ladder.valid_from,
        .steps = db_rule_steps(c, .rule_id = ladder.rule_id),
    };
    return 0;
}

int rule_list(struct call *c, const struct rule_list_request *request,
              struct rule_list_reply *reply)
{
    int64_t limit = page_limit(request->has_limit, request->limit);

    reply->items =
        db_rule_list(c, .after = page_after(c, request->after), .code = request->code,
                     .status = request->status, .trigger = request->trigger,
                     .in_force_at = request->in_force_at, .limit = limit, PAGE_SORT(request));
    reply->next = PAGE_NEXT(c, reply->items, rule_id, limit);
    return 0;
}

bool rule_show(struct call *c, struct id rule_id, struct rule_read_reply *shown)
{
    struct rule_find rule;

    if (!db_rule_find(c, &rule, .rule_id = rule_id))
        return false;
    *shown = (struct rule_read_reply){
        .rule_id = rule.rule_id,
        .code = rule.code,
        .version = rule.version,
        .name_zh = rule.name_zh,
        .name_en = rule.name_en,
        .text_zh = rule.text_zh,
        .text_en = rule.text_en,
        .source = rule.source,
        .functions = functions_of(c, rule.functions),
        .trigger = rule.trigger,
        .severity = rule.severity,
        .steps = db_rule_steps(c, .rule_id = rule_id),
        .has_repeat_days = rule.has_repeat_days,
        .repeat_days = rule.repeat_days,
        .requires = rule.requires,
        .status = rule.status,
        .valid_from = rule.valid_from,
        .valid_until = rule.valid_until,
        .drafted_by = rule.drafted_by,
        .adopted_by = rule.adopted_by,
    };
    shown->open_figure = open_figure(&(struct figures){.text_zh = rule.text_zh,
                                                       .text_en = rule.text_en,
                                                       .requires = rule.requires,
                                                       .has_repeat_days = rule.has_repeat_days,
                                                       .steps = &shown->steps});
    return true;
}

int rule_read(struct call *c, const struct rule_read_request *request,
              struct rule_read_reply *reply)
{
    if (!rule_show(c, request->rule_id, reply))
        return fail(c, ERROR_NOT_FOUND, NULL);
    reply->acknowledgements = db_rule_acknowledgements(c, .rule_id = request->rule_id);
    /* What others said stays between them and those who keep the book. */
    if (!may(c, PERMISSION_DISCIPLINE_RULE_MANAGE))
        reply->acknowledgements.count = 0;
    return 0;
}
