/* people.c - this service's own copy of people, branches and deputies. */
#include "service/people.h"

#include "mechanisms.gen.h"

#include "base/banned.h"

bool people_person(struct call *c, struct id staff_id, struct person *person)
{
    struct people_person row;

    if (id_is_none(staff_id) || !db_people_person(c, &row, .staff_id = staff_id))
        return false;
    *person = (struct person){.staff_id = row.staff_id,
                              .branch_id = row.branch_id,
                              .department_id = row.department_id,
                              .superior_id = row.superior_id,
                              .number = row.number,
                              .name = row.name,
                              .department = row.department,
                              .functions = row.functions,
                              .is_active = row.is_active,
                              .is_ready = row.is_ready};
    return true;
}

bool branch_is_near(const struct call *c, struct id branch_id)
{
    const struct id_list *scope = &c->actor.scope;

    for (size_t i = 0; i < scope->count; i++)
        if (id_equal(scope->items[i], branch_id))
            return true;
    return id_equal(c->actor.company_id, branch_id);
}

bool person_is_near(struct call *c, struct id staff_id, struct person *person)
{
    return people_person(c, staff_id, person) && branch_is_near(c, person->branch_id);
}

const char *person_name(struct call *c, struct id staff_id)
{
    struct people_superior row;

    if (id_is_none(staff_id) || !db_people_superior(c, &row, .staff_id = staff_id))
        return "";
    return row.name;
}

bool person_has(const struct person *person, int function)
{
    return ((uint64_t)person->functions >> function & 1) != 0;
}

struct id person_superior(struct call *c, struct id staff_id)
{
    struct people_superior row;

    if (id_is_none(staff_id) || !db_people_superior(c, &row, .staff_id = staff_id))
        return (struct id){{0}};
    return row.superior_id;
}

bool people_branch(struct call *c, struct id branch_id, struct branch *branch)
{
    struct people_branch row;

    if (id_is_none(branch_id) || !db_people_branch(c, &row, .in_branch_id = branch_id))
        return false;
    *branch = (struct branch){.branch_id = row.branch_id,
                              .parent_id = row.parent_id,
                              .company_id = row.company_id,
                              .code = row.code,
                              .name = row.name};
    return true;
}

struct id person_holding(struct call *c, struct id branch_id, int function)
{
    struct people_holder row;

    if (!db_people_holder(c, &row, .in_branch_id = branch_id, .bit = INT64_C(1) << function))
        return (struct id){{0}};
    return row.staff_id;
}
