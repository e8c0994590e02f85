/* branch.c - the company's tree: headquarters, branches, departments, teams. */
#include "staff.h"

#include "base/text.h"

#include "base/banned.h"

void branch_announce(struct call *c, const struct branch_lock *branch)
{
    emit_branch_changed(c, .branch_id = branch->branch_id, .parent_id = branch->parent_id,
                        .company_id = branch->company_id, .kind = branch->kind,
                        .code = branch->code, .name = branch->name, .is_active = branch->is_active,
                        .has_version = true, .version = branch->version);
}

bool scope_has(const struct call *c, struct id branch_id)
{
    for (size_t i = 0; i < c->actor.scope.count; i++)
        if (id_equal(c->actor.scope.items[i], branch_id))
            return true;
    return false;
}

/* The locked node, if the office it belongs to is in the actor's scope: from here on the call works in headquarters, where the tree's
 * events are. */
static bool take_node(struct call *c, struct id node_id, struct branch_lock *node)
{
    struct branch_office office;

    if (!db_branch_office(c, &office, .node_id = node_id) || !scope_has(c, office.branch_id) ||
        !db_branch_lock(c, node, .node_id = node_id))
        return false;
    c->branch_id = c->actor.company_id;
    return true;
}

int branch_create(struct call *c, const struct branch_create_request *request,
                  struct branch_create_reply *reply)
{
    struct branch_lock parent;
    struct branch_insert inserted;

    if (!branch_code_is_valid(request->code))
        return fail_at(c, "code", ERROR_BRANCH_CODE_FORM, NULL);
    if (!take_node(c, request->parent_id, &parent) || !parent.is_active)
        return fail_at(c, "parent_id", ERROR_BRANCH_UNKNOWN, NULL);
    if (!may_stand_under(request->kind, parent.kind))
        return fail_at(c, "kind", ERROR_BRANCH_PLACE, "%s", branch_kind_text(request->kind));
    const struct branch_lock branch = {.branch_id = call_id(c),
                                       .parent_id = parent.branch_id,
                                       .company_id = parent.company_id,
                                       .kind = request->kind,
                                       .code = request->code,
                                       .name = request->name,
                                       .is_active = true,
                                       .version = 1};
    if (!db_branch_insert(c, &inserted, .new_id = branch.branch_id, .parent_id = branch.parent_id,
                          .head_id = branch.company_id, .kind = branch.kind, .code = branch.code,
                          .name = branch.name))
        return fail_at(c, "code", ERROR_BRANCH_CODE_TAKEN, "%s", request->code);
    branch_announce(c, &branch);
    reply->branch_id = branch.branch_id;
    return 0;
}

int branch_change(struct call *c, const struct branch_change_request *request,
                  struct branch_change_reply *reply)
{
    struct branch_people people;
    struct branch_lock branch;

    if (!take_node(c, request->branch_id, &branch))
        return fail(c, ERROR_NOT_FOUND, NULL);
    if (request->has_is_active && !request->is_active && branch.is_active &&
        db_branch_people(c, &people, .node_id = branch.branch_id) && people.people > 0)
        return fail_at(c, "is_active", ERROR_BRANCH_IN_USE, "%lld", (long long)people.people);
    if (request->name != NULL)
        branch.name = request->name;
    if (request->has_is_active)
        branch.is_active = request->is_active;
    branch.version++;
    db_branch_update(c, .node_id = branch.branch_id, .name = branch.name,
                     .is_active = branch.is_active, .version = branch.version);
    branch_announce(c, &branch);
    reply->branch_id = branch.branch_id;
    return 0;
}

/* The tree is no secret: everybody sees it whole. */
int branch_read(struct call *c, const struct branch_read_request *request,
                struct branch_read_reply *reply)
{
    if (!db_branch_read_one(c, &reply->branch, .node_id = request->branch_id))
        return fail(c, ERROR_NOT_FOUND, NULL);
    return 0;
}

int branch_list(struct call *c, const struct branch_list_request *request,
                struct branch_list_reply *reply)
{
    reply->items = db_branch_list_all(c, .kind = request->kind);
    return 0;
}
