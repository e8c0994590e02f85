/* approval_chain.c - chains are data: seen by everybody, changed by the company's leaders. */
#include "base/text.h"
#include "mechanisms.gen.h"
#include "service/approval.h"
#include "service/service.h"

#include "base/banned.h"

int operation_chain_list(struct call *c, const struct chain_list_request *request,
                         struct chain_list_reply *reply)
{
    reply->items = db_approval_chain_list(c, .kind = request->kind);
    return 0;
}

static bool is_declared(const struct call *c, const char *name)
{
    const struct approval_kind *kind = call_service(c)->approvals;

    for (; kind != NULL && kind->name != NULL; kind++)
        if (text_equal(kind->name, name))
            return true;
    return false;
}

/* The company's chains are headquarters', a branch's those of whoever has the branch in their scope. */
static bool enter(struct call *c, struct id for_branch_id)
{
    if (!id_is_none(for_branch_id))
        return call_enter_branch(c, for_branch_id);
    if (id_equal(c->actor.branch_id, c->actor.company_id))
        return true;
    fail(c, ERROR_CHAIN_COMPANY, NULL);
    return false;
}

/* Approvals under way keep the steps they were opened with. A kind always keeps some signature: a change never makes everything pass
 * unseen. */
int operation_chain_change(struct call *c, const struct chain_change_request *request,
                           struct chain_change_reply *reply)
{
    struct approval_chain_left left;

    if (!is_declared(c, request->kind))
        return fail_at(c, "kind", ERROR_CHAIN_KIND, "%s", request->kind);
    if (!enter(c, request->for_branch_id))
        return -1;
    db_approval_chain_clear(c, .of_branch_id = request->for_branch_id, .kind = request->kind,
                            .from_amount = request->from_amount);
    for (size_t i = 0; i < request->steps.count; i++)
        db_approval_chain_insert(c, .of_branch_id = request->for_branch_id, .kind = request->kind,
                                 .from_amount = request->from_amount,
                                 .step = request->steps.items[i].step,
                                 .function = request->steps.items[i].function);
    if (!db_approval_chain_left(c, &left, .kind = request->kind))
        return -1;
    if (left.steps == 0)
        return fail_at(c, "steps", ERROR_CHAIN_EMPTY, "%s", request->kind);
    reply->steps = (int64_t)request->steps.count;
    return 0;
}
