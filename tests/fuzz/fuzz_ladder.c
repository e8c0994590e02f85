/* fuzz_ladder.c - whatever a rule's steps and conditions say: a sound ladder gives a proposal inside its steps, whatever the offence. */
#include "discipline.h"
#include "fuzz.h"
#include "wire/shape.h"

static void proposes(const struct rule_step_list *steps, int64_t offence)
{
    const struct rule_step_list none = {.count = 0};
    struct proposal proposal = ladder_propose(steps, &none, offence);
    struct choice choice = {proposal.measure, proposal.money_max, proposal.points};
    struct settlement settlement;

    check(proposal.offence == offence && proposal.money_min <= proposal.money_max);
    check(!proposal.is_particular || steps->count > 0);
    check(!choice_deviates(&choice, &proposal));
    if (choice_settle(&choice, false, 100, &settlement))
        check(settlement.points >= choice.points);
}

static void judge(const struct rule_draft_request *rule)
{
    const struct figures figures = {.text_zh = rule->text_zh,
                                    .text_en = rule->text_en,
                                    .requires = rule->requires,
                                    .has_repeat_days = rule->has_repeat_days,
                                    .steps = &rule->steps};

    open_figure(&figures);
    if (steps_check(&rule->steps) != rule->steps.count)
        return;
    for (int64_t offence = 1; offence < 8; offence++)
        proposes(&rule->steps, offence);
    proposes(&rule->steps, INT64_MAX);
}

/* As JSON when it begins so, else as MessagePack. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct shape *shape = &rule_draft_request_shape;
    struct arena arena = {0};
    struct rule_draft_request rule;
    struct shape_error error;
    bool is_read;

    if (size > 0 && data[0] == '{')
        is_read = shape_parse_json(shape, (const char *)data, size, &arena, &rule, &error);
    else
        is_read =
            shape_unpack(shape, SHAPE_STRICT, (struct bytes){data, size}, &arena, &rule, &error);
    if (is_read)
        judge(&rule);
    arena_release(&arena);
    return 0;
}
