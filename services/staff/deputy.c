/* deputy.c - who signs for whom on which days. */
#include "staff.h"

#include "base/clock.h"

#include "base/banned.h"

enum { DAYS_MAX = 366 };

static void announce(struct call *c, struct id staff_id, struct id deputy_id, int32_t from_date,
                     int32_t until_date, int64_t version)
{
    emit_deputy_appointed(c, .staff_id = staff_id, .deputy_id = deputy_id, .from_date = from_date,
                          .until_date = until_date, .has_version = true, .version = version);
}

/* One's own deputies everybody names; others' whoever manages them. */
static bool take(struct call *c, struct id staff_id, struct person_row *person)
{
    if (id_is_none(staff_id))
        staff_id = c->actor.staff_id;
    if (!id_equal(staff_id, c->actor.staff_id) && !may(c, PERMISSION_STAFF_DEPUTY_MANAGE)) {
        fail(c, ERROR_FORBIDDEN, NULL);
        return false;
    }
    return person_take(c, staff_id, person);
}

/* Of headquarters, or of a branch that the actor sees: other branches' people answer like ids nobody has. */
static bool is_near(const struct call *c, struct id branch_id)
{
    const struct id_list *scope = &c->actor.scope;

    for (size_t i = 0; i < scope->count; i++)
        if (id_equal(scope->items[i], branch_id))
            return true;
    return id_equal(c->actor.company_id, branch_id);
}

int deputy_appoint(struct call *c, const struct deputy_appoint_request *request,
                   struct deputy_appoint_reply *reply)
{
    struct person_row person;
    struct person_brief deputy;
    struct deputy_put put;

    if (!take(c, request->staff_id, &person))
        return -1;
    if (id_equal(request->deputy_id, person.staff_id) ||
        !db_person_brief(c, &deputy, .staff_id = request->deputy_id) ||
        !is_near(c, deputy.home_branch_id) || !is_working(deputy.status))
        return fail_at(c, "deputy_id", ERROR_DEPUTY_NOT_POSSIBLE, NULL);
    if (request->from_date < c->today || request->until_date < request->from_date ||
        request->until_date - request->from_date > DAYS_MAX)
        return fail_at(c, "from_date", ERROR_DEPUTY_DATES, "%s", date_print(c->arena, c->today));
    if (!db_deputy_put(c, &put, .staff_id = person.staff_id, .deputy_id = request->deputy_id,
                       .from_date = request->from_date, .until_date = request->until_date))
        return -1;
    announce(c, person.staff_id, request->deputy_id, request->from_date, request->until_date,
             put.version);
    reply->staff_id = person.staff_id;
    return 0;
}

/* The last day is yesterday; of one that has not begun, the day before it begins. */
static void end(struct call *c, struct id staff_id, struct id deputy_id, int32_t from_date,
                int64_t version)
{
    int32_t last = c->today > from_date ? c->today - 1 : from_date - 1;

    db_deputy_end(c, .staff_id = staff_id, .deputy_id = deputy_id, .from_date = from_date,
                  .until_date = last, .version = version + 1);
    announce(c, staff_id, deputy_id, from_date, last, version + 1);
}

int deputy_dismiss(struct call *c, const struct deputy_dismiss_request *request,
                   struct deputy_dismiss_reply *reply)
{
    struct person_row person;
    struct deputy_lock row;

    if (!take(c, request->staff_id, &person))
        return -1;
    if (!db_deputy_lock(c, &row, .staff_id = person.staff_id, .deputy_id = request->deputy_id,
                        .from_date = request->from_date) ||
        row.until_date < c->today)
        return fail_at(c, "deputy_id", ERROR_DEPUTY_UNKNOWN, NULL);
    end(c, person.staff_id, request->deputy_id, request->from_date, row.version);
    reply->staff_id = person.staff_id;
    return 0;
}

void deputies_end(struct call *c, struct id staff_id)
{
    const struct id own_branch = c->branch_id;
    struct deputy_of_person_list list = db_deputy_of_person(c, .staff_id = staff_id);

    for (size_t i = 0; i < list.count; i++) {
        const struct deputy_of_person *row = &list.items[i];
        c->branch_id = row->branch_id;
        end(c, row->staff_id, row->deputy_id, row->from_date, row->version);
    }
    c->branch_id = own_branch;
}

int deputy_list(struct call *c, const struct deputy_list_request *request,
                struct deputy_list_reply *reply)
{
    reply->items = db_deputy_list_open(c, .staff_id = request->staff_id);
    return 0;
}
