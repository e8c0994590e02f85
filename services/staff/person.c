/* person.c - people and their posts. */
#include "staff.h"

#include "base/text.h"
#include "service/number.h"
#include "service/page.h"

#include "base/banned.h"

bool person_take(struct call *c, struct id staff_id, struct person_row *person)
{
    if (db_person_row(c, person, .staff_id = staff_id))
        return call_enter_branch(c, person->home_branch_id);
    fail(c, ERROR_NOT_FOUND, NULL);
    return false;
}

void person_announce(struct call *c, const struct person_row *person)
{
    emit_person_changed(c, .staff_id = person->staff_id, .number = person->number,
                        .name = person->name, .home_branch_id = person->home_branch_id,
                        .department_id = person->department_id, .department = person->department,
                        .position = person->position, .superior_id = person->superior_id,
                        .functions = function_list_of(c, (uint64_t)person->functions),
                        .status = person->status, .is_ready = person->is_ready,
                        .joined_on = person->joined_on, .has_version = true,
                        .version = person->version);
}

void person_save(struct call *c, struct person_row *person)
{
    person->version++;
    db_person_update(
        c, .staff_id = person->staff_id, .home_branch_id = person->home_branch_id,
        .name = person->name, .position = person->position, .department_id = person->department_id,
        .department = person->department, .rank = person->rank, .region = person->region,
        .has_level = person->has_level, .level = person->level, .superior_id = person->superior_id,
        .phone = person->phone, .functions = person->functions, .status = person->status,
        .is_ready = person->is_ready, .version = person->version);
    person_announce(c, person);
}

static bool superior_is_there(struct call *c, struct id superior_id)
{
    struct person_brief superior;

    if (db_person_brief(c, &superior, .staff_id = superior_id) && is_working(superior.status))
        return true;
    fail_at(c, "superior_id", ERROR_SUPERIOR_UNKNOWN, NULL);
    return false;
}

/* All changes of superiors queue at one row, and the cycle is looked for by the statement that would close it. */
bool person_place_under(struct call *c, struct person_row *person, struct id superior_id)
{
    struct person_tree_lock tree;
    struct person_set_superior set;
    struct person_brief superior;

    if (!db_person_tree_lock(c, &tree) || !superior_is_there(c, superior_id))
        return false;
    if (db_person_set_superior(c, &set, .staff_id = person->staff_id, .superior_id = superior_id)) {
        person->superior_id = superior_id;
        return true;
    }
    db_person_brief(c, &superior, .staff_id = superior_id);
    fail_at(c, "superior_id", ERROR_SUPERIOR_CYCLE, "%s", superior.name);
    return false;
}

bool person_place_in(struct call *c, struct person_row *person, struct id department_id)
{
    struct branch_office office;
    struct branch_node node;

    if (!db_branch_node(c, &node, .node_id = department_id) || !node.is_active ||
        (node.kind != BRANCH_KIND_DEPARTMENT && node.kind != BRANCH_KIND_TEAM) ||
        !db_branch_office(c, &office, .node_id = department_id) ||
        !id_equal(office.branch_id, person->home_branch_id)) {
        fail_at(c, "department_id", ERROR_BRANCH_UNKNOWN, NULL);
        return false;
    }
    person->department_id = department_id;
    person->department = node.name;
    return true;
}

/* Works from here on in the branch that the new person will belong to. Headquarters sees every branch; where the session does not know the
 * newest yet, the request can be repeated. */
static bool enter_home(struct call *c, struct id home_branch_id)
{
    struct branch_node home;
    bool is_office = db_branch_node(c, &home, .node_id = home_branch_id) && home.is_active &&
                     (home.kind == BRANCH_KIND_HEADQUARTERS || home.kind == BRANCH_KIND_BRANCH);

    if (is_office && scope_has(c, home_branch_id))
        return call_enter_branch(c, home_branch_id);
    if (is_office && id_equal(c->actor.branch_id, c->actor.company_id))
        fail(c, ERROR_CONFLICT, NULL);
    else
        fail_at(c, "home_branch_id", ERROR_BRANCH_UNKNOWN, NULL);
    return false;
}

static int refuse_clash(struct call *c, const struct person_row *person)
{
    struct person_clash clash;

    if (!db_person_clash(c, &clash, .sign_in_name = person->sign_in_name, .number = person->number))
        return -1;
    if (clash.same_name)
        return fail_at(c, "sign_in_name", ERROR_SIGN_IN_NAME_TAKEN, "%s", person->sign_in_name);
    return fail_at(c, "number", ERROR_PERSON_NUMBER_TAKEN, "%s", person->number);
}

static bool functions_are_grantable(struct call *c, uint64_t functions)
{
    uint64_t reserved = functions & functions_reserved();

    if (reserved == 0 || has_function(c, FUNCTION_IT_ADMINISTRATOR))
        return true;
    fail_at(c, "functions", ERROR_FUNCTION_LIMIT, "%s",
            function_text(function_list_of(c, reserved).items[0]));
    return false;
}

int person_add(struct call *c, const struct person_row *person)
{
    struct person_insert inserted;

    if (!db_person_insert(
            c, &inserted, .home_branch_id = person->home_branch_id, .staff_id = person->staff_id,
            .number = person->number, .sign_in_name = person->sign_in_name, .name = person->name,
            .position = person->position, .department_id = person->department_id,
            .department = person->department, .rank = person->rank, .region = person->region,
            .has_level = person->has_level, .level = person->level,
            .superior_id = person->superior_id, .phone = person->phone,
            .functions = person->functions, .status = person->status, .is_ready = person->is_ready,
            .joined_on = person->joined_on))
        return has_failed(c) ? -1 : refuse_clash(c, person);
    person_announce(c, person);
    return 0;
}

int person_create(struct call *c, const struct person_create_request *request,
                  struct person_create_reply *reply)
{
    struct person_row person = {.staff_id = call_id(c),
                                .home_branch_id = request->home_branch_id,
                                .number = request->number,
                                .sign_in_name = request->sign_in_name,
                                .name = request->name,
                                .position = request->position,
                                .rank = request->rank,
                                .region = request->region,
                                .has_level = request->has_level,
                                .level = request->level,
                                .superior_id = request->superior_id,
                                .phone = request->phone,
                                .functions = (int64_t)function_bits(&request->functions),
                                .status = PERSON_STATUS_JOINING,
                                .joined_on = request->joined_on,
                                .version = 1};

    if (!sign_in_name_is_valid(request->sign_in_name))
        return fail_at(c, "sign_in_name", ERROR_SIGN_IN_NAME_FORM, NULL);
    if (!functions_are_grantable(c, (uint64_t)person.functions) ||
        !enter_home(c, request->home_branch_id))
        return -1;
    if (!id_is_none(request->superior_id) && !superior_is_there(c, request->superior_id))
        return -1;
    if (!id_is_none(request->department_id) && !person_place_in(c, &person, request->department_id))
        return -1;
    if (person.joined_on == 0)
        person.joined_on = c->today;
    if (person.number == NULL)
        person.number = number_next(c, "RY");
    if (has_failed(c) || person_add(c, &person) != 0)
        return -1;
    onboarding_begin(c, &person);
    reply->staff_id = person.staff_id;
    reply->number = person.number;
    return 0;
}

static void take_changes(struct person_row *person, const struct person_change_request *request)
{
    if (request->name != NULL)
        person->name = request->name;
    if (request->position != NULL)
        person->position = request->position;
    if (request->rank != 0)
        person->rank = request->rank;
    if (request->region != NULL)
        person->region = request->region;
    if (request->has_level) {
        person->has_level = true;
        person->level = request->level;
    }
    if (request->phone != NULL)
        person->phone = request->phone;
}

int person_change(struct call *c, const struct person_change_request *request,
                  struct person_change_reply *reply)
{
    struct person_row person;

    if (!person_take(c, request->staff_id, &person))
        return -1;
    audit_before(c, &person_row_shape, &person);
    if (person.status == PERSON_STATUS_LEFT)
        return fail(c, ERROR_PERSON_HAS_LEFT, "%s", person.name);
    take_changes(&person, request);
    if (!id_is_none(request->department_id) && !person_place_in(c, &person, request->department_id))
        return -1;
    if (!id_is_none(request->superior_id) && !person_place_under(c, &person, request->superior_id))
        return -1;
    person_save(c, &person);
    reply->staff_id = person.staff_id;
    return 0;
}

int person_suspend(struct call *c, const struct person_suspend_request *request,
                   struct person_suspend_reply *reply)
{
    struct person_row person;

    if (!person_take(c, request->staff_id, &person))
        return -1;
    if (!is_working(person.status))
        return fail(c, ERROR_PERSON_STATUS_WRONG, "%s", person_status_text(person.status));
    person.status = PERSON_STATUS_SUSPENDED;
    person_save(c, &person);
    sessions_end(c, person.staff_id, (struct id){{0}});
    reply->staff_id = person.staff_id;
    return 0;
}

int person_resume(struct call *c, const struct person_resume_request *request,
                  struct person_resume_reply *reply)
{
    struct person_row person;

    if (!person_take(c, request->staff_id, &person))
        return -1;
    if (person.status != PERSON_STATUS_SUSPENDED)
        return fail(c, ERROR_PERSON_STATUS_WRONG, "%s", person_status_text(person.status));
    person.status = person.is_ready ? PERSON_STATUS_ACTIVE : PERSON_STATUS_JOINING;
    person_save(c, &person);
    reply->staff_id = person.staff_id;
    return 0;
}
