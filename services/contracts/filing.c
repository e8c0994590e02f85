/* filing.c - a signed contract is sealed, its originals go to customer and archive, and it is filed
 * on its day (C6, C7). */
#include "contracts.h"

#include "base/clock.h"
#include "service/people.h"

/* Closing time of the day of the last signature; after it, of the next working day. */
static int64_t filing_due(struct call *c)
{
    int64_t closing = setting_int(c, closing_time) * CLOCK_MINUTE;
    int32_t date = c->today;

    if (c->now < date_start(date) + closing)
        return date_start(date) + closing;
    do
        date++;
    while (!is_working_day(c, date));
    return date_start(date) + closing;
}

void filing_start(struct call *c, struct id contract_id)
{
    deadline_start(c, .kind = "contract_filing", .subject_id = contract_id,
                   .owner_id = person_holding(c, c->branch_id, FUNCTION_CLERK),
                   .due_at = filing_due(c));
}

/* Not filed by closing time: a rule event, once (C7). Without a clerk the owner is to blame. */
int filing_passed(struct call *c, const struct deadline *deadline)
{
    struct contract_lock contract;
    struct contract_version_find newest;

    if (deadline->level > 0 || !contract_take(c, deadline->subject_id, &contract, &newest))
        return 0;
    emit_contract_filed_late(
        c, .contract_id = contract.contract_id, .customer_id = contract.customer_id,
        .staff_id = id_is_none(deadline->owner_id) ? contract.owner_id : deadline->owner_id,
        .due_at = deadline->due_at);
    return 0;
}

/* Locks a contract that has been signed. */
static bool take_signed(struct call *c, struct id contract_id, struct contract_lock *contract)
{
    struct contract_version_find newest;

    if (!contract_take(c, contract_id, contract, &newest))
        return false;
    if (contract->version_in_force > 0)
        return true;
    fail(c, ERROR_CONTRACT_STATE, "%s", contract_status_text(contract->status));
    return false;
}

int contract_seal(struct call *c, const struct contract_seal_request *request,
                  struct contract_seal_reply *reply)
{
    struct contract_lock contract;
    struct seal_insert seal;

    if (!take_signed(c, request->contract_id, &contract))
        return -1;
    if (!db_seal_insert(c, &seal, .contract_id = contract.contract_id,
                        .version = contract.version_in_force, .seal = request->seal))
        return fail_at(c, "seal", ERROR_SEAL_DONE, "%s", seal_kind_text(request->seal));
    *reply = (struct contract_seal_reply){.contract_id = contract.contract_id, .at = seal.at};
    return 0;
}

/* All three: key clauses, signature, seam (C6). */
static bool check_seals(struct call *c, const struct contract_lock *contract)
{
    static const enum seal_kind wanted[] = {SEAL_KIND_KEY_CLAUSES, SEAL_KIND_SIGNATURE,
                                            SEAL_KIND_SEAM};
    struct contract_seal_entry_list seals = db_seal_list(c, .contract_id = contract->contract_id,
                                                         .version = contract->version_in_force);

    for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]) && !has_failed(c); i++) {
        bool is_there = false;

        for (size_t k = 0; k < seals.count; k++)
            is_there = is_there || seals.items[k].seal == wanted[i];
        if (!is_there)
            fail(c, ERROR_SEAL_MISSING, "%s", seal_kind_text(wanted[i]));
    }
    return !has_failed(c);
}

/* Two: one to the customer, one to the archive (C6). */
static bool check_originals(struct call *c, const struct contract_lock *contract)
{
    static const enum original_copy wanted[] = {ORIGINAL_COPY_CUSTOMER, ORIGINAL_COPY_ARCHIVE};
    struct contract_original_entry_list originals = db_original_list(
        c, .contract_id = contract->contract_id, .version = contract->version_in_force);

    for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]) && !has_failed(c); i++) {
        bool is_there = false;

        for (size_t k = 0; k < originals.count; k++)
            is_there = is_there || originals.items[k].original == wanted[i];
        if (!is_there)
            fail(c, ERROR_ORIGINAL_MISSING, "%s", original_copy_text(wanted[i]));
    }
    return !has_failed(c);
}

int contract_hand_over(struct call *c, const struct contract_hand_over_request *request,
                       struct contract_hand_over_reply *reply)
{
    struct contract_lock contract;
    struct original_insert original;

    if (!take_signed(c, request->contract_id, &contract) || !check_seals(c, &contract))
        return -1;
    if (!db_original_insert(c, &original, .contract_id = contract.contract_id,
                            .version = contract.version_in_force, .original = request->original,
                            .receiver = request->receiver))
        return fail_at(c, "original", ERROR_ORIGINAL_DONE, "%s",
                       original_copy_text(request->original));
    *reply =
        (struct contract_hand_over_reply){.contract_id = contract.contract_id, .at = original.at};
    return 0;
}

int contract_file(struct call *c, const struct contract_file_request *request,
                  struct contract_file_reply *reply)
{
    struct contract_lock contract;
    struct filing_insert filing;

    if (!take_signed(c, request->contract_id, &contract))
        return -1;
    if (contract.filed_at != 0)
        return fail(c, ERROR_CONTRACT_FILED, NULL);
    if (!check_seals(c, &contract) || !check_originals(c, &contract))
        return -1;
    if (!db_filing_insert(c, &filing, .archive_number = request->archive_number,
                          .contract_id = contract.contract_id,
                          .version = contract.version_in_force))
        return fail_at(c, "archive_number", ERROR_ARCHIVE_NUMBER_TAKEN, "%s",
                       request->archive_number);
    db_contract_set_filed(c, .contract_id = contract.contract_id);
    deadline_stop(c, "contract_filing", contract.contract_id);
    emit_contract_filed(c, .contract_id = contract.contract_id, .customer_id = contract.customer_id,
                        .archive_number = request->archive_number, .staff_id = c->actor.staff_id);
    *reply =
        (struct contract_file_reply){.contract_id = contract.contract_id, .filed_at = filing.at};
    return 0;
}
