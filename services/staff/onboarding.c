/* onboarding.c - joining: agreement signed, induction passed, in the groups; until then no lead is assigned. */
#include "staff.h"

#include "service/page.h"

#include "base/banned.h"

enum { STEPS = 3 };

/* The head of the department created the account, and answers for it. */
void onboarding_begin(struct call *c, const struct person_row *person)
{
    deadline_start(c, .kind = "onboarding", .subject_id = person->staff_id,
                   .owner_id =
                       has_function(c, FUNCTION_DEPARTMENT_HEAD) || id_is_none(person->superior_id)
                           ? c->actor.staff_id
                           : person->superior_id,
                   .working_days = setting_int(c, onboarding_days));
}

int onboarding_complete(struct call *c, const struct onboarding_complete_request *request,
                        struct onboarding_complete_reply *reply)
{
    struct person_row person;
    struct onboarding_done done;

    if (!person_take(c, request->staff_id, &person))
        return -1;
    if (person.status == PERSON_STATUS_LEFT)
        return fail(c, ERROR_PERSON_HAS_LEFT, "%s", person.name);
    for (size_t i = 0; i < request->steps.count; i++)
        db_onboarding_insert(c, .staff_id = person.staff_id, .step = request->steps.items[i]);
    if (!db_onboarding_done(c, &done, .staff_id = person.staff_id))
        return -1;
    if (done.steps == STEPS && !person.is_ready) {
        person.is_ready = true;
        if (person.status == PERSON_STATUS_JOINING)
            person.status = PERSON_STATUS_ACTIVE;
        person_save(c, &person);
        deadline_stop(c, "onboarding", person.staff_id);
    }
    reply->is_ready = person.is_ready;
    return 0;
}

int onboarding_read(struct call *c, const struct onboarding_read_request *request,
                    struct onboarding_read_reply *reply)
{
    if (!db_onboarding_view(c, &reply->onboarding, .staff_id = request->staff_id))
        return fail(c, ERROR_NOT_FOUND, NULL);
    return 0;
}

int onboarding_list(struct call *c, const struct onboarding_list_request *request,
                    struct onboarding_list_reply *reply)
{
    reply->items = db_onboarding_open(c, .limit = page_limit(request->has_limit, request->limit));
    return 0;
}
