/* rule_book.c - the shipped rules on their way: drafts in the company's book, consulted, adopted in
 * one act by the general manager; and rules into and out of force when their day comes (P1). */
#include "discipline.h"

#include <string.h>

#include "base/clock.h"

enum { RULES_AT_ONCE = 200 };

static int64_t bits_named(const struct text_list *names)
{
    int64_t bits = 0;

    for (size_t i = 0; i < names->count; i++)
        bits |= INT64_C(1) << enumeration_value(&function_enumeration, names->items[i],
                                                strlen(names->items[i]));
    return bits;
}

static int64_t fill(struct call *c)
{
    struct shipped_missing_list missing = db_shipped_missing(c);
    int64_t installed = 0;

    for (size_t i = 0; i < missing.count && !has_failed(c); i++) {
        const struct shipped_missing *rule = &missing.items[i];
        struct shipped_install made;
        struct id rule_id = call_id(c);

        if (!db_shipped_install(c, &made, .rule_id = rule_id, .code = rule->code,
                                .name_zh = rule->name_zh, .name_en = rule->name_en,
                                .text_zh = rule->text_zh, .text_en = rule->text_en,
                                .source = rule->source, .functions = bits_named(&rule->functions),
                                .trigger = rule->trigger, .severity = rule->severity,
                                .repeat_days = rule->repeat_days, .requires = rule->requires))
            continue;
        db_shipped_steps_install(c, .rule_id = rule_id, .code = rule->code);
        installed++;
    }
    return installed;
}

int rule_book_install(struct call *c, const struct rule_book_install_request *request,
                      struct rule_book_install_reply *reply)
{
    struct shipped_total all = {0};

    (void)request;
    if (!call_enter_branch(c, c->actor.company_id))
        return -1;
    reply->installed = fill(c);
    db_shipped_total(c, &all);
    reply->total = all.total;
    return 0;
}

int rule_book_consult(struct call *c, const struct rule_book_consult_request *request,
                      struct rule_book_consult_reply *reply)
{
    struct shipped_consult_list rules;

    (void)request;
    if (!call_enter_branch(c, c->actor.company_id))
        return -1;
    rules = db_shipped_consult(c);
    for (size_t i = 0; i < rules.count; i++)
        emit_rule_consulted(c, .rule_id = rules.items[i].rule_id, .code = rules.items[i].code,
                            .version = rules.items[i].version);
    reply->consulted = (int64_t)rules.count;
    return 0;
}

/* Policies that were announced before this program came bind from then on, if it is said where. */
static bool binds_from(struct call *c, const struct rule_book_adopt_request *request,
                       int64_t *valid_from)
{
    const int64_t notice = setting_int(c, notice_days) * CLOCK_DAY;

    *valid_from =
        (request->announced_on == 0 ? c->now : date_start(request->announced_on)) + notice;
    if (request->announced_on > c->today)
        fail_at(c, "announced_on", ERROR_FIELD_VALUE, "%s", date_print(c->arena, c->today));
    else if ((request->announced_on != 0) != (request->reference != NULL))
        fail_at(c, "reference", ERROR_BOOK_REFERENCE, NULL);
    return !has_failed(c);
}

static bool adopt(struct call *c, const struct rule_lock *rule, const char *reference,
                  int64_t valid_from)
{
    const char *open = rule_open_figure(c, rule);

    if (open != NULL) {
        fail(c, ERROR_RULE_FIGURE_OPEN, "%s %s", rule->code, open);
        return false;
    }
    db_shipped_adopt(c, .rule_id = rule->rule_id, .valid_from = valid_from, .reference = reference);
    db_rule_end_before(c, .code = rule->code, .version = rule->version, .valid_from = valid_from);
    emit_rule_announced(c, .rule_id = rule->rule_id, .code = rule->code, .version = rule->version,
                        .name_zh = rule->name_zh, .name_en = rule->name_en,
                        .valid_from = valid_from);
    return true;
}

int rule_book_adopt(struct call *c, const struct rule_book_adopt_request *request,
                    struct rule_book_adopt_reply *reply)
{
    struct rule_lock_list rules;

    if (!call_enter_branch(c, c->actor.company_id) || !binds_from(c, request, &reply->valid_from))
        return -1;
    rules = db_shipped_consulted(c);
    for (size_t i = 0; i < rules.count; i++) {
        if (id_equal(rules.items[i].drafted_by, c->actor.staff_id))
            return fail(c, ERROR_APPROVAL_OWN, NULL);
        if (!adopt(c, &rules.items[i], request->reference, reply->valid_from))
            return -1;
    }
    if (rules.count == 0)
        return fail(c, ERROR_BOOK_NOT_CONSULTED, NULL);
    reply->adopted = (int64_t)rules.count;
    return 0;
}

/* The company is known when staff has told of its headquarters. */
static int run_rules(struct call *c)
{
    struct rule_enter_list entered;
    struct rule_leave_list left;

    if (id_is_none(c->actor.company_id) || !call_enter_branch(c, c->actor.company_id))
        return 0;
    entered = db_rule_enter(c);
    left = db_rule_leave(c);
    return entered.count == RULES_AT_ONCE || left.count == RULES_AT_ONCE ? JOB_AGAIN : 0;
}

static int run_expiry(struct call *c)
{
    struct case_expire_list expired = db_case_expire(c);

    return expired.count == RULES_AT_ONCE ? JOB_AGAIN : 0;
}

const struct job discipline_jobs[] = {
    {.name = "rule_course", .period_seconds = 10, .run = run_rules},
    {.name = "acts", .period_seconds = 10, .run = acts_run},
    {.name = "case_expiry", .period_seconds = 3600, .run = run_expiry},
    {.name = NULL},
};
