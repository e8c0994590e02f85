/* approval_operations.c - the approvals of a service as people see and sign them. */
#include "base/text.h"
#include "mechanisms.gen.h"
#include "service/approval_signing.h"
#include "service/page.h"

#include "base/banned.h"

enum { PICTURE_MAX = 65000 }; /* bytes that a text of a message can carry */

/* The branch of an approval the actor has a part in; from there on the call works in it. Anybody else hears what they would hear of an
 * id nobody has. */
static bool enter(struct call *c, struct id approval_id)
{
    struct approval_find found;

    if (db_approval_find(c, &found, .approval_id = approval_id) &&
        call_enter_branch(c, found.branch_id) &&
        approval_has_part(c, approval_id, found.branch_id, found.author_id))
        return true;
    fail(c, ERROR_NOT_FOUND, NULL);
    return false;
}

static struct approval_summary_list list_all(struct call *c,
                                             const struct approval_list_request *request,
                                             struct id before_id, int64_t limit)
{
    if (may(c, PERMISSION_APPROVAL_OVERSEE))
        return db_approval_list_all(c, .status = request->status, .kind = request->kind,
                                    .before_id = before_id, .limit = limit);
    struct signing_posts posts = signing_posts_of_actor(c);
    return db_approval_list_part(c, .branches = posts.branches, .functions = posts.functions,
                                 .status = request->status, .kind = request->kind,
                                 .before_id = before_id, .limit = limit);
}

static struct approval_summary_list list_waiting(struct call *c, const char *kind,
                                                 struct id before_id, int64_t limit)
{
    struct signing_posts posts = signing_posts_of_actor(c);

    return db_approval_list_waiting(c, .branches = posts.branches, .functions = posts.functions,
                                    .deputies = posts.deputies, .kind = kind,
                                    .before_id = before_id, .limit = limit);
}

static struct approval_summary_list list_sorted(struct call *c,
                                                const struct approval_list_request *request,
                                                struct id after, int64_t limit)
{
    const enum approval_view view = request->view == 0 ? APPROVAL_VIEW_MINE : request->view;
    struct signing_posts posts = signing_posts_of_actor(c);

    return db_approval_list_sorted(
        c, .branches = posts.branches, .functions = posts.functions, .deputies = posts.deputies,
        .is_mine = view == APPROVAL_VIEW_MINE, .is_authored = view == APPROVAL_VIEW_AUTHORED,
        .is_signed = view == APPROVAL_VIEW_SIGNED,
        .is_part = view == APPROVAL_VIEW_ALL && !may(c, PERMISSION_APPROVAL_OVERSEE),
        .status = view == APPROVAL_VIEW_MINE ? 0 : request->status, .kind = request->kind,
        .after = after, .limit = limit, PAGE_SORT(request));
}

static struct approval_summary_list list_view(struct call *c,
                                              const struct approval_list_request *request,
                                              struct id before_id, int64_t limit)
{
    switch (request->view == 0 ? APPROVAL_VIEW_MINE : request->view) {
    case APPROVAL_VIEW_MINE:
        break;
    case APPROVAL_VIEW_AUTHORED:
        return db_approval_list_authored(c, .status = request->status, .kind = request->kind,
                                         .before_id = before_id, .limit = limit);
    case APPROVAL_VIEW_SIGNED:
        return db_approval_list_signed(c, .status = request->status, .kind = request->kind,
                                       .before_id = before_id, .limit = limit);
    case APPROVAL_VIEW_ALL:
        return list_all(c, request, before_id, limit);
    }
    return list_waiting(c, request->kind, before_id, limit);
}

int operation_approval_list(struct call *c, const struct approval_list_request *request,
                            struct approval_list_reply *reply)
{
    const int64_t limit = page_limit(request->has_limit, request->limit);
    const struct id after = page_after(c, request->after);

    reply->items = request->sort != 0 ? list_sorted(c, request, after, limit)
                                      : list_view(c, request, after, limit);
    reply->next = PAGE_NEXT(c, reply->items, approval_id, limit);
    return 0;
}

static bool may_decide(struct call *c, const struct approval_read_reply *reply)
{
    const struct approval_summary *approval = &reply->approval;
    struct signing_powers powers = signing_powers_of_actor(c);

    if (approval->status != APPROVAL_STATUS_WAITING ||
        id_equal(approval->author_id, c->actor.staff_id))
        return false;
    for (size_t i = 0; i < reply->signatures.count; i++) {
        const struct signature *signature = &reply->signatures.items[i];
        if (signature->step == approval->step && signature->status == SIGNATURE_STATUS_WAITING &&
            signing_power_for(c, &powers, signature->function, approval->branch_id,
                              approval->author_id) != NULL)
            return true;
    }
    return false;
}

static const char *fitting(const char *picture)
{
    return picture != NULL && strlen(picture) <= PICTURE_MAX ? picture : NULL;
}

int operation_approval_read(struct call *c, const struct approval_read_request *request,
                            struct approval_read_reply *reply)
{
    struct approval_last_picture last;

    if (!enter(c, request->approval_id) ||
        !db_approval_summary_of(c, &reply->approval, .approval_id = request->approval_id) ||
        !db_approval_last_picture(c, &last, .approval_id = request->approval_id))
        return fail(c, ERROR_NOT_FOUND, NULL);
    reply->signatures = db_approval_signatures(c, .approval_id = request->approval_id);
    reply->may_decide = may_decide(c, reply);
    const char *now =
        approval_kind_find(c, reply->approval.kind)->picture(c, reply->approval.subject_id);
    reply->changes = picture_compare(c, last.picture, now);
    reply->picture_before = fitting(last.picture);
    reply->picture_now = fitting(now);
    return 0;
}

int operation_approval_decide(struct call *c, const struct approval_decide_request *request,
                              struct approval_decide_reply *reply)
{
    struct approval_lock after;
    bool approves = request->decision == APPROVAL_DECISION_APPROVE;

    if (!enter(c, request->approval_id) ||
        approval_decide(c, request->approval_id, approves ? APPROVE : REJECT, request->reason) != 0)
        return -1;
    if (!db_approval_lock(c, &after, .approval_id = request->approval_id))
        return -1;
    reply->status = (enum approval_status)enumeration_value(&approval_status_enumeration,
                                                            after.status, strlen(after.status));
    reply->step = after.step;
    return 0;
}

int operation_approval_withdraw(struct call *c, const struct approval_withdraw_request *request,
                                struct approval_withdraw_reply *reply)
{
    struct approval_lock row;

    if (!enter(c, request->approval_id) ||
        !db_approval_lock(c, &row, .approval_id = request->approval_id))
        return fail(c, ERROR_NOT_FOUND, NULL);
    if (!id_equal(row.author_id, c->actor.staff_id))
        return fail(c, ERROR_APPROVAL_NOT_AUTHOR, NULL);
    approval_withdraw(c, request->approval_id);
    const struct approval approval = {.approval_id = request->approval_id,
                                      .branch_id = c->branch_id,
                                      .subject_id = row.subject_id,
                                      .author_id = row.author_id,
                                      .kind = row.kind,
                                      .amount = row.amount,
                                      .step = row.step,
                                      .status = approval_status_text(APPROVAL_STATUS_WITHDRAWN)};
    const struct approval_kind *kind = approval_kind_find(c, row.kind);
    reply->status = APPROVAL_STATUS_WITHDRAWN;
    if (has_failed(c))
        return -1;
    return kind->rejected == NULL ? 0 : kind->rejected(c, &approval, request->reason);
}
