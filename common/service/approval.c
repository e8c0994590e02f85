/* approval.c - opens, signs and ends approvals: chains as data, in order, nobody their own. */
#include "service/approval.h"

#include "base/text.h"
#include "mechanisms.gen.h"
#include "service/approval_signing.h"
#include "service/deadline.h"
#include "service/mechanisms.h"
#include "service/people.h"

#include "base/banned.h"

static const struct id nobody;

/* The clock of the waiting step belongs to whoever holds its function nearest to the branch. */
static void await_signature(struct call *c, struct id approval_id, const char *function)
{
    int value = enumeration_value(&function_enumeration, function, strlen(function));

    deadline_start(c, .kind = "approval", .subject_id = approval_id,
                   .owner_id = person_holding(c, c->branch_id, value),
                   .working_minutes = setting_int(c, SETTING_APPROVAL_MINUTES));
}

static void close(struct call *c, const struct approval *approval, enum approval_status status,
                  const char *reason)
{
    db_approval_close(c, .approval_id = approval->approval_id,
                      .status = approval_status_text(status), .reason = reason);
    deadline_stop(c, "approval", approval->approval_id);
    emit_approval_closed(c, .approval_id = approval->approval_id, .kind = approval->kind,
                         .subject_id = approval->subject_id, .author_id = approval->author_id,
                         .status = status, .staff_id = c->actor.staff_id);
}

static int grant(struct call *c, struct approval *approval)
{
    const struct approval_kind *kind = approval_kind_find(c, approval->kind);

    close(c, approval, APPROVAL_STATUS_GRANTED, NULL);
    approval->status = approval_status_text(APPROVAL_STATUS_GRANTED);
    return kind->granted == NULL ? 0 : kind->granted(c, approval);
}

/* The chain of kind × amount × branch, with the author's own steps marked. False: the call failed. */
static bool read_chain(struct call *c, const char *kind, int64_t amount, struct chain_link **steps,
                       size_t *count)
{
    struct approval_chain_of_list rows = db_approval_chain_of(c, .kind = kind, .amount = amount);
    struct chain_link *chain = arena_array(c->arena, struct chain_link, rows.count);

    for (size_t i = 0; i < rows.count; i++)
        chain[i] = (struct chain_link){
            .step = rows.items[i].step,
            .function = rows.items[i].function,
            .is_authors = (c->actor.functions & function_bit(rows.items[i].function)) != 0};
    *steps = chain;
    *count = rows.count;
    if (has_failed(c))
        return false;
    if (chain_skip_own(chain, rows.count))
        return true;
    fail(c, ERROR_APPROVAL_OWN, NULL);
    return false;
}

/* The first step whose signature is asked for; NULL for a chain without any. */
static const struct chain_link *first_asked(const struct chain_link *steps, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!steps[i].is_skipped)
            return &steps[i];
    return NULL;
}

static void write_steps(struct call *c, struct id approval_id, const struct chain_link *steps,
                        size_t count)
{
    for (size_t i = 0; i < count; i++)
        db_approval_step_insert(
            c, .approval_id = approval_id, .step = steps[i].step, .function = steps[i].function,
            .status = signature_status_text(steps[i].is_skipped ? SIGNATURE_STATUS_SKIPPED
                                                                : SIGNATURE_STATUS_WAITING));
}

struct id approval_open(struct call *c, const char *kind, struct id subject_id, int64_t amount,
                        const char *summary)
{
    struct approval approval = {.approval_id = call_id(c),
                                .branch_id = c->branch_id,
                                .subject_id = subject_id,
                                .author_id = c->actor.staff_id,
                                .kind = kind,
                                .amount = amount,
                                .step = 1,
                                .status = approval_status_text(APPROVAL_STATUS_WAITING)};
    struct approval_insert inserted;
    struct chain_link *steps;
    size_t count;

    if (!read_chain(c, kind, amount, &steps, &count))
        return nobody;
    const struct chain_link *first = first_asked(steps, count);
    approval.step = first == NULL ? 1 : first->step;
    const char *picture = approval_kind_find(c, kind)->picture(c, subject_id);
    if (!db_approval_insert(c, &inserted, .approval_id = approval.approval_id, .kind = kind,
                            .subject_id = subject_id, .amount = amount, .summary = summary,
                            .step = approval.step, .picture = picture)) {
        fail(c, ERROR_APPROVAL_WAITING, NULL);
        return nobody;
    }
    write_steps(c, approval.approval_id, steps, count);
    emit_approval_opened(c, .approval_id = approval.approval_id, .kind = kind,
                         .subject_id = subject_id, .author_id = approval.author_id,
                         .step = approval.step);
    if (first == NULL)
        grant(c, &approval);
    else
        await_signature(c, approval.approval_id, first->function);
    return has_failed(c) ? nobody : approval.approval_id;
}

static bool lock(struct call *c, struct id approval_id, struct approval *approval)
{
    struct approval_lock row;

    if (!db_approval_lock(c, &row, .approval_id = approval_id)) {
        fail(c, ERROR_NOT_FOUND, NULL);
        return false;
    }
    *approval = (struct approval){.approval_id = approval_id,
                                  .branch_id = c->branch_id,
                                  .subject_id = row.subject_id,
                                  .author_id = row.author_id,
                                  .kind = row.kind,
                                  .amount = row.amount,
                                  .step = row.step,
                                  .status = row.status};
    if (text_equal(row.status, approval_status_text(APPROVAL_STATUS_WAITING)))
        return true;
    fail(c, ERROR_APPROVAL_CLOSED, NULL);
    return false;
}

/* The name of whoever can sign a function's step here, else the function itself. */
static const char *signer_name(struct call *c, const char *function)
{
    int value = enumeration_value(&function_enumeration, function, strlen(function));
    const char *name = person_name(c, person_holding(c, c->branch_id, value));

    return *name == '\0' ? function : name;
}

static void sign(struct call *c, const struct approval *approval,
                 const struct approval_steps_waiting *step, const struct signing_power *power,
                 enum approval_decision_kind decision, const char *reason, const char *picture)
{
    const bool approves = decision == APPROVE;

    db_approval_step_sign(
        c, .approval_id = approval->approval_id, .step = step->step, .function = step->function,
        .status =
            signature_status_text(approves ? SIGNATURE_STATUS_APPROVED : SIGNATURE_STATUS_REJECTED),
        .deputy_for_id = power->deputy_for_id, .reason = reason, .picture = picture);
    emit_approval_signed(
        c, .approval_id = approval->approval_id, .kind = approval->kind,
        .subject_id = approval->subject_id, .step = step->step, .function = step->function,
        .decision = approves ? APPROVAL_DECISION_APPROVE : APPROVAL_DECISION_REJECT,
        .signer_id = c->actor.staff_id, .deputy_for_id = power->deputy_for_id);
}

static int reject(struct call *c, struct approval *approval, const char *reason)
{
    const struct approval_kind *kind = approval_kind_find(c, approval->kind);

    close(c, approval, APPROVAL_STATUS_REJECTED, reason);
    approval->status = approval_status_text(APPROVAL_STATUS_REJECTED);
    return kind->rejected == NULL ? 0 : kind->rejected(c, approval, reason);
}

/* Signs every step from the waiting one on that follows without a gap and that the actor can sign. Returns the index of the first step that
 * still waits. */
static size_t sign_following(struct call *c, const struct approval *approval,
                             const struct approval_steps_waiting_list *steps,
                             const struct signing_powers *powers, const char *reason,
                             const char *picture)
{
    const struct approval_kind *kind = approval_kind_find(c, approval->kind);
    size_t first_left = steps->count;

    for (size_t i = 0; i < steps->count; i++) {
        const struct approval_steps_waiting *step = &steps->items[i];
        if (first_left < i && steps->items[first_left].step < step->step)
            break;
        const struct signing_power *power =
            signing_power_for(c, powers, step->function, approval->branch_id, approval->author_id);
        if (power == NULL) {
            first_left = first_left < i ? first_left : i;
            continue;
        }
        if (kind->before_sign != NULL && kind->before_sign(c, approval, (int)step->step) != 0)
            return i;
        sign(c, approval, step, power, APPROVE, reason, picture);
    }
    return first_left;
}

/* The waiting step that the actor can sign; NULL: none, and the call failed. */
static const struct approval_steps_waiting *my_step(struct call *c, const struct approval *approval,
                                                    const struct approval_steps_waiting_list *steps,
                                                    const struct signing_powers *powers,
                                                    const struct signing_power **power)
{
    for (size_t i = 0; i < steps->count && steps->items[i].step == approval->step; i++) {
        *power = signing_power_for(c, powers, steps->items[i].function, approval->branch_id,
                                   approval->author_id);
        if (*power != NULL)
            return &steps->items[i];
    }
    fail(c, ERROR_APPROVAL_NOT_YOURS, "%s",
         steps->count == 0 ? "" : signer_name(c, steps->items[0].function));
    return NULL;
}

int approval_decide(struct call *c, struct id approval_id, enum approval_decision_kind decision,
                    const char *reason)
{
    const struct signing_power *power;
    struct approval approval;

    if (!lock(c, approval_id, &approval))
        return -1;
    if (id_equal(approval.author_id, c->actor.staff_id))
        return fail(c, ERROR_APPROVAL_OWN, NULL);
    if (decision == REJECT && (reason == NULL || *reason == '\0'))
        return fail_at(c, "reason", ERROR_REASON_MISSING, NULL);
    struct approval_steps_waiting_list steps =
        db_approval_steps_waiting(c, .approval_id = approval_id);
    struct signing_powers powers = signing_powers_of_actor(c);
    const struct approval_steps_waiting *step = my_step(c, &approval, &steps, &powers, &power);
    if (step == NULL)
        return -1;
    const char *picture = approval_kind_find(c, approval.kind)->picture(c, approval.subject_id);
    if (decision == REJECT) {
        sign(c, &approval, step, power, REJECT, reason, picture);
        return reject(c, &approval, reason);
    }
    size_t left = sign_following(c, &approval, &steps, &powers, reason, picture);
    if (has_failed(c))
        return -1;
    if (left == steps.count)
        return grant(c, &approval);
    db_approval_move(c, .approval_id = approval_id, .step = steps.items[left].step);
    await_signature(c, approval_id, steps.items[left].function);
    return 0;
}

bool approval_of(struct call *c, const char *kind, struct id subject_id, struct approval *approval)
{
    struct approval_open_of row;

    if (!db_approval_open_of(c, &row, .kind = kind, .subject_id = subject_id))
        return false;
    *approval = (struct approval){.approval_id = row.approval_id,
                                  .branch_id = c->branch_id,
                                  .subject_id = subject_id,
                                  .author_id = row.author_id,
                                  .kind = kind,
                                  .amount = row.amount,
                                  .step = row.step,
                                  .status = row.status};
    return true;
}

void approval_withdraw(struct call *c, struct id approval_id)
{
    struct approval approval;

    if (lock(c, approval_id, &approval))
        close(c, &approval, APPROVAL_STATUS_WITHDRAWN, NULL);
}
