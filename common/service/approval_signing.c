/* approval_signing.c - who may sign a step, with whose function, and who has a part in an approval. */
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

static bool reaches(const struct call *c, const struct signing_power *power, uint64_t function,
                    struct id branch_id)
{
    return (power->functions & function) != 0 && (id_equal(power->branch_id, branch_id) ||
                                                  id_equal(power->branch_id, c->actor.company_id));
}

const struct signing_power *signing_power_for(const struct call *c,
                                              const struct signing_powers *powers,
                                              const char *function, struct id branch_id,
                                              struct id author_id)
{
    const uint64_t bit = function_bit(function);

    for (size_t i = 0; i < powers->count; i++) {
        const struct signing_power *power = &powers->items[i];
        if (reaches(c, power, bit, branch_id) && !id_equal(power->deputy_for_id, author_id))
            return power;
    }
    return NULL;
}

static bool holds_step(struct call *c, struct id approval_id, struct id branch_id)
{
    struct signature_list steps = db_approval_signatures(c, .approval_id = approval_id);
    struct signing_powers powers = signing_powers_of_actor(c);

    for (size_t i = 0; i < steps.count; i++) {
        const uint64_t bit = function_bit(steps.items[i].function);
        if (id_equal(steps.items[i].signer_id, c->actor.staff_id))
            return true;
        for (size_t k = 0; k < powers.count; k++)
            if (reaches(c, &powers.items[k], bit, branch_id))
                return true;
    }
    return false;
}

bool approval_has_part(struct call *c, struct id approval_id, struct id branch_id,
                       struct id author_id)
{
    struct people_leads leader;

    return id_equal(author_id, c->actor.staff_id) || may(c, PERMISSION_APPROVAL_OVERSEE) ||
           holds_step(c, approval_id, branch_id) ||
           db_people_leads(c, &leader, .staff_id = author_id);
}

/* Headquarters' posts count in every branch of the scope. */
static void add_posts(struct call *c, const struct signing_power *power, const char *function,
                      struct signing_posts *posts)
{
    const struct id_list *scope = &c->actor.scope;

    for (size_t i = 0; i < scope->count; i++) {
        if (!reaches(c, power, function_bit(function), scope->items[i]))
            continue;
        posts->branches.items[posts->branches.count++] = scope->items[i];
        posts->functions.items[posts->functions.count++] = function;
        posts->deputies.items[posts->deputies.count++] = power->deputy_for_id;
    }
}

struct signing_posts signing_posts_of_actor(struct call *c)
{
    struct signing_powers powers = signing_powers_of_actor(c);
    const size_t most = powers.count * function_enumeration.count * c->actor.scope.count;
    struct signing_posts posts = {
        .branches = {.items = arena_array(c->arena, struct id, most)},
        .functions = {.items = arena_array(c->arena, const char *, most)},
        .deputies = {.items = arena_array(c->arena, struct id, most)},
    };

    for (size_t i = 0; i < powers.count; i++)
        for (size_t value = 1; value <= function_enumeration.count; value++)
            add_posts(c, &powers.items[i], function_enumeration.values[value - 1], &posts);
    return posts;
}

const struct approval_kind *approval_kind_find(const struct call *c, const char *name)
{
    const struct approval_kind *kind = call_service(c)->approvals;

    for (; kind != NULL && kind->name != NULL; kind++)
        if (text_equal(kind->name, name))
            return kind;
    die("approval", "%s declares no kind %s", call_service(c)->name, name);
}
