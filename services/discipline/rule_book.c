/* rule_book.c - puts the shipped rules into the company's book, and rules into and out of force
 * when their day comes (P1). */
#include "discipline.h"

#include <string.h>

enum { RULES_AT_ONCE = 200 };

static int64_t bits_named(const struct text_list *names)
{
    int64_t bits = 0;

    for (size_t i = 0; i < names->count; i++)
        bits |= INT64_C(1) << enumeration_value(&function_enumeration, names->items[i],
                                                strlen(names->items[i]));
    return bits;
}

int64_t rule_book_fill(struct call *c)
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
    reply->installed = rule_book_fill(c);
    db_shipped_total(c, &all);
    reply->total = all.total;
    return 0;
}

/* The company is known when staff has told of its headquarters. */
static int run_rules(struct call *c)
{
    struct rule_enter_list entered;
    struct rule_leave_list left;

    if (id_is_none(c->actor.company_id) || !call_enter_branch(c, c->actor.company_id))
        return 0;
    rule_book_fill(c);
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
