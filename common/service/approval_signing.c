/* approval_signing.c - who may sign a step, and with whose function. */
#include "service/approval_signing.h"

#include "base/log.h"
#include "base/text.h"
#include "mechanisms.gen.h"
#include "service/service.h"

#include "base/banned.h"

uint64_t function_bit(const char *function)
{
    int value = enumeration_value(&function_enumeration, function, strlen(function));

    return value == 0 ? 0 : UINT64_C(1) << value;
}

bool chain_skip_own(struct chain_link *steps, size_t count)
{
    bool others_follow = false;

    for (size_t i = count; i-- > 0;) {
        steps[i].is_skipped = steps[i].is_authors && others_follow;
        others_follow |= !steps[i].is_authors;
    }
    return others_follow || count == 0;
}

struct signing_powers signing_powers_of_actor(struct call *c)
{
    struct people_deputised_list others = db_people_deputised(c, .deputy_id = c->actor.staff_id);
    struct signing_powers powers = {
        .items = arena_array(c->arena, struct signing_power, others.count + 1),
        .count = others.count + 1};

    powers.items[0] =
        (struct signing_power){.branch_id = c->actor.branch_id, .functions = c->actor.functions};
    for (size_t i = 0; i < others.count; i++)
        powers.items[i + 1] =
            (struct signing_power){.deputy_for_id = others.items[i].staff_id,
                                   .branch_id = others.items[i].branch_id,
                                   .functions = (uint64_t)others.items[i].functions};
    return powers;
}

const struct signing_power *signing_power_for(const struct call *c,
                                              const struct signing_powers *powers,
                                              const char *function, struct id branch_id,
                                              struct id author_id)
{
    const uint64_t bit = function_bit(function);

    for (size_t i = 0; i < powers->count; i++) {
        const struct signing_power *power = &powers->items[i];
        bool reaches = id_equal(power->branch_id, branch_id) ||
                       id_equal(power->branch_id, c->actor.company_id);
        if ((power->functions & bit) != 0 && reaches && !id_equal(power->deputy_for_id, author_id))
            return power;
    }
    return NULL;
}

const struct approval_kind *approval_kind_find(const struct call *c, const char *name)
{
    const struct approval_kind *kind = call_service(c)->approvals;

    for (; kind != NULL && kind->name != NULL; kind++)
        if (text_equal(kind->name, name))
            return kind;
    die("approval", "%s declares no kind %s", call_service(c)->name, name);
}
