/* function.c - what people may do: functions granted and taken back, and the table of permissions. */
#include "staff.h"

#include "base/banned.h"

uint64_t function_bits(const struct function_list *functions)
{
    uint64_t bits = 0;

    for (size_t i = 0; i < functions->count; i++)
        bits |= UINT64_C(1) << functions->items[i];
    return bits;
}

struct function_list function_list_of(struct call *c, uint64_t bits)
{
    struct function_list list = {
        .items = arena_array(c->arena, enum function, function_enumeration.count)};

    for (size_t value = 1; value <= function_enumeration.count; value++)
        if ((bits >> value & 1) != 0)
            list.items[list.count++] = (enum function)value;
    return list;
}

uint64_t functions_reserved(void)
{
    return UINT64_C(1) << FUNCTION_IT_ADMINISTRATOR | UINT64_C(1) << FUNCTION_GENERAL_MANAGER |
           UINT64_C(1) << FUNCTION_DEPUTY_GENERAL_MANAGER |
           UINT64_C(1) << FUNCTION_DISCIPLINE_OFFICER;
}

/* Takes the person whose functions are to change; what governs the company is changed by an IT administrator only. */
static bool take(struct call *c, struct id staff_id, enum function function,
                 struct person_row *person)
{
    if (!person_take(c, staff_id, person))
        return false;
    if (person->status == PERSON_STATUS_LEFT) {
        fail(c, ERROR_PERSON_HAS_LEFT, "%s", person->name);
        return false;
    }
    if ((functions_reserved() >> function & 1) != 0 &&
        !has_function(c, FUNCTION_IT_ADMINISTRATOR)) {
        fail_at(c, "function", ERROR_FUNCTION_LIMIT, "%s", function_text(function));
        return false;
    }
    return true;
}

static int change(struct call *c, struct person_row *person, uint64_t functions,
                  struct function_list *reply)
{
    *reply = function_list_of(c, functions);
    if ((uint64_t)person->functions == functions)
        return 0;
    person->functions = (int64_t)functions;
    person_save(c, person);
    return 0;
}

int function_grant(struct call *c, const struct function_grant_request *request,
                   struct function_grant_reply *reply)
{
    struct person_row person;

    if (!take(c, request->staff_id, request->function, &person))
        return -1;
    return change(c, &person, (uint64_t)person.functions | UINT64_C(1) << request->function,
                  &reply->functions);
}

int function_revoke(struct call *c, const struct function_revoke_request *request,
                    struct function_revoke_reply *reply)
{
    struct person_row person;

    if (!take(c, request->staff_id, request->function, &person))
        return -1;
    return change(c, &person, (uint64_t)person.functions & ~(UINT64_C(1) << request->function),
                  &reply->functions);
}
