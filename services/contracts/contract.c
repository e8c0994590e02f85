/* contract.c - contracts and their supplements while they are drafts (C4, C8), and their end. */
#include "contracts.h"

#include "service/page.h"
#include "terms.h"

bool contract_take(struct call *c, struct id contract_id, struct contract_lock *contract,
                   struct contract_version_find *newest)
{
    if (!db_contract_lock(c, contract, .contract_id = contract_id)) {
        fail(c, ERROR_NOT_FOUND, NULL);
        return false;
    }
    return call_enter_branch(c, contract->branch_id) &&
           db_contract_version_find(c, newest, .contract_id = contract_id,
                                    .version = contract->version);
}

static bool is_own(struct call *c, const struct contract_lock *contract, struct id author_id)
{
    if (id_equal(contract->owner_id, c->actor.staff_id) || id_equal(author_id, c->actor.staff_id) ||
        may(c, PERMISSION_CONTRACTS_CONTRACT_MANAGE))
        return true;
    fail(c, ERROR_CONTRACT_NOT_YOURS, NULL);
    return false;
}

bool contract_take_own(struct call *c, struct id contract_id, enum version_status status,
                       struct contract_lock *contract, struct contract_version_find *newest)
{
    if (!contract_take(c, contract_id, contract, newest) || !is_own(c, contract, newest->author_id))
        return false;
    if (newest->status == status)
        return true;
    fail(c, ERROR_CONTRACT_STATE, "%s", version_status_text(newest->status));
    return false;
}

void contract_close_approvals(struct call *c, struct id contract_id)
{
    struct approval approval;

    if (approval_of(c, "contract", contract_id, &approval))
        approval_withdraw(c, approval.approval_id);
    if (approval_of(c, "contract_major", contract_id, &approval))
        approval_withdraw(c, approval.approval_id);
}

static bool is_major(struct call *c, int64_t amount)
{
    return amount >= setting_int(c, major_amount);
}

int contract_draft(struct call *c, const struct contract_draft_request *request,
                   struct contract_draft_reply *reply)
{
    struct customer_find customer;
    struct checked_terms checked;

    if (!customer_for_sale(c, request->customer_id, &customer) ||
        !terms_check(c, customer.customer_id, &request->terms, &checked))
        return -1;
    *reply = (struct contract_draft_reply){.contract_id = call_id(c),
                                           .version = 1,
                                           .amount = checked.pricing.total,
                                           .is_major = is_major(c, checked.pricing.total)};
    db_contract_insert(c, .contract_id = reply->contract_id, .customer_id = customer.customer_id,
                       .owner_id =
                           id_is_none(customer.owner_id) ? c->actor.staff_id : customer.owner_id,
                       .amount = reply->amount, .valid_from = request->terms.valid_from,
                       .valid_until = request->terms.valid_until);
    terms_insert(c, reply->contract_id, 1, NULL, &checked);
    return 0;
}

int contract_change(struct call *c, const struct contract_change_request *request,
                    struct contract_change_reply *reply)
{
    struct contract_lock contract;
    struct contract_version_find newest;
    struct checked_terms checked;

    if (!contract_take_own(c, request->contract_id, VERSION_STATUS_DRAFT, &contract, &newest) ||
        !terms_check(c, contract.customer_id, &request->terms, &checked))
        return -1;
    terms_replace(c, contract.contract_id, newest.version, &checked);
    db_contract_set_draft_terms(
        c, .contract_id = contract.contract_id, .amount = checked.pricing.total,
        .valid_from = request->terms.valid_from, .valid_until = request->terms.valid_until);
    *reply = (struct contract_change_reply){.contract_id = contract.contract_id,
                                            .version = newest.version,
                                            .amount = checked.pricing.total,
                                            .is_major = is_major(c, checked.pricing.total)};
    return 0;
}

/* The old version stays in force, and readable, until the new one is signed (C8). */
int contract_supplement(struct call *c, const struct contract_supplement_request *request,
                        struct contract_supplement_reply *reply)
{
    struct contract_lock contract;
    struct contract_version_find newest;
    struct checked_terms checked;

    if (!contract_take(c, request->contract_id, &contract, &newest) ||
        !is_own(c, &contract, newest.author_id))
        return -1;
    if (contract.status != CONTRACT_STATUS_IN_FORCE)
        return fail(c, ERROR_CONTRACT_STATE, "%s", contract_status_text(contract.status));
    if (newest.status == VERSION_STATUS_DRAFT || newest.status == VERSION_STATUS_SUBMITTED)
        return fail(c, ERROR_VERSION_OPEN, "%lld", (long long)newest.version);
    if (contract.filed_at == 0)
        return fail(c, ERROR_CONTRACT_NOT_FILED, NULL);
    if (!terms_check(c, contract.customer_id, &request->terms, &checked))
        return -1;
    *reply = (struct contract_supplement_reply){.contract_id = contract.contract_id,
                                                .version = newest.version + 1,
                                                .amount = checked.pricing.total,
                                                .is_major = is_major(c, checked.pricing.total)};
    db_contract_set_version(c, .contract_id = contract.contract_id, .version = reply->version);
    terms_insert(c, contract.contract_id, reply->version, request->reason, &checked);
    return 0;
}

int contract_discard(struct call *c, const struct contract_discard_request *request,
                     struct contract_discard_reply *reply)
{
    struct contract_lock contract;
    struct contract_version_find newest;

    if (!contract_take_own(c, request->contract_id, VERSION_STATUS_DRAFT, &contract, &newest))
        return -1;
    contract_close_approvals(c, contract.contract_id);
    db_contract_version_set_discarded(c, .contract_id = contract.contract_id,
                                      .version = newest.version, .reason = request->reason);
    if (contract.version_in_force == 0)
        db_contract_set_status(c, .contract_id = contract.contract_id,
                               .status = CONTRACT_STATUS_DISCARDED, .was = contract.status);
    reply->contract_id = contract.contract_id;
    return 0;
}

/* Nothing of an ended contract stays open; what was signed is still to be filed (C7). */
static void end(struct call *c, const struct contract_lock *contract,
                const struct contract_version_find *newest, const char *reason)
{
    if (newest->status == VERSION_STATUS_DRAFT || newest->status == VERSION_STATUS_SUBMITTED) {
        contract_close_approvals(c, contract->contract_id);
        db_contract_version_set_discarded(c, .contract_id = contract->contract_id,
                                          .version = newest->version, .reason = reason);
    }
    db_contract_set_ended(c, .contract_id = contract->contract_id, .reason = reason);
    emit_contract_ended(c, .contract_id = contract->contract_id,
                        .customer_id = contract->customer_id, .reason = reason);
}

int contract_end(struct call *c, const struct contract_end_request *request,
                 struct contract_end_reply *reply)
{
    struct contract_lock contract;
    struct contract_version_find newest;

    if (!contract_take(c, request->contract_id, &contract, &newest))
        return -1;
    if (contract.status != CONTRACT_STATUS_IN_FORCE)
        return fail(c, ERROR_CONTRACT_STATE, "%s", contract_status_text(contract.status));
    end(c, &contract, &newest, request->reason);
    reply->contract_id = contract.contract_id;
    return 0;
}

enum { JOB_ROWS = 100 };

/* Contracts end the day after their last (C12). */
static int end_expired(struct call *c)
{
    struct contract_to_end_list due = db_contract_to_end(c, .limit = JOB_ROWS);
    struct contract_lock contract;
    struct contract_version_find newest;

    for (size_t i = 0; i < due.count && !has_failed(c); i++) {
        if (call_enter_branch(c, due.items[i].branch_id) &&
            contract_take(c, due.items[i].contract_id, &contract, &newest))
            end(c, &contract, &newest, "到期");
    }
    return due.count == JOB_ROWS ? JOB_AGAIN : 0;
}

/* Reminders before a contract ends; each once (C12). */
static int remind_of_expiry(struct call *c)
{
    struct contract_to_remind_list due = db_contract_to_remind(c, .limit = JOB_ROWS);

    for (size_t i = 0; i < due.count && !has_failed(c); i++) {
        const struct contract_to_remind *contract = &due.items[i];

        if (!call_enter_branch(c, contract->branch_id))
            return -1;
        if (contract->valid_until >= c->today)
            emit_contract_expiring(c, .contract_id = contract->contract_id,
                                   .number = contract->number, .customer_id = contract->customer_id,
                                   .owner_id = contract->owner_id,
                                   .valid_until = contract->valid_until,
                                   .days_left = contract->valid_until - c->today);
        db_contract_set_reminder(c, .contract_id = contract->contract_id,
                                 .remind_on =
                                     contract_reminder(c, contract->valid_until, c->today));
    }
    return due.count == JOB_ROWS ? JOB_AGAIN : 0;
}

static int run_expiry(struct call *c)
{
    return remind_of_expiry(c) | end_expired(c);
}

const struct job contracts_jobs[] = {
    {.name = "contract_expiry", .period_seconds = 3600, .run = run_expiry},
    {.name = NULL},
};
