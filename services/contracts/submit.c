/* submit.c - the way of a contract from draft to in force: credit report, blank fields, prices,
 * consent, review clause by clause, signatures (C2, C3, C4, C5, C10). */
#include "contracts.h"

#include "base/clock.h"
#include "rules.h"
#include "service/number.h"

int32_t contract_reminder(struct call *c, int32_t valid_until, int32_t after)
{
    int64_t days[3];

    for (size_t i = 0; i < 3; i++)
        days[i] = setting_int(c, expiry_days[i]);
    return reminder_next(valid_until, after, days, 3);
}

/* No blank field (C4): every one the template names is filled, or struck out with "/". */
static bool check_blanks(struct call *c, struct id contract_id,
                         const struct contract_version_find *version)
{
    struct template_field_unfilled blank;

    if (!db_template_field_unfilled(
            c, &blank, .template_id = version->template_id, .version = version->template_version,
            .contract_id = contract_id, .contract_version = version->version))
        return true;
    fail_at(c, call_print(c, "fields.%s", blank.name), ERROR_CONTRACT_FIELD_BLANK, "%s",
            blank.label);
    return false;
}

/* C3: the latest report is what counts. Gives the limit that the contract has under it. */
static bool check_credit(struct call *c, struct id customer_id,
                         const struct contract_version_find *version, int64_t *credit_limit)
{
    struct credit_report_latest report;

    if (!db_credit_report_latest(c, &report, .customer_id = customer_id) ||
        report.valid_until < c->today) {
        fail(c, ERROR_CREDIT_REPORT_MISSING, NULL);
        return false;
    }
    *credit_limit = version->has_credit_limit ? version->credit_limit : report.credit_limit;
    if (*credit_limit > report.credit_limit)
        fail_at(c, "terms.credit_limit", ERROR_CREDIT_LIMIT_EXCEEDED, "%s",
                call_money(c, report.credit_limit));
    return !has_failed(c);
}

/* An approved quotation of the customer covers a line with the same product, at its price or above,
 * for its quantity or more (C2). */
static void cover_by_quotation(struct pricing *pricing, struct quotation_line_list quoted,
                               enum price_leave granted)
{
    for (size_t i = 0; i < pricing->count; i++) {
        struct offered_line *line = &pricing->lines[i];

        line->granted = PRICE_LEAVE_NONE;
        for (size_t k = 0; k < quoted.count; k++) {
            if (id_equal(quoted.items[k].product_id, line->product_id) &&
                line->price >= quoted.items[k].price && line->quantity >= quoted.items[k].quantity)
                line->granted = granted;
        }
    }
}

static bool check_prices(struct call *c, const struct contract_lock *contract,
                         const struct contract_version_find *version, enum customer_class class)
{
    struct contract_line_of_list lines =
        db_contract_line_of(c, .contract_id = contract->contract_id, .version = version->version);
    struct pricing pricing = {.path = "terms.lines",
                              .lines = arena_array(c->arena, struct offered_line, lines.count + 1),
                              .count = lines.count};
    struct quotation_granted quotation;

    for (size_t i = 0; i < lines.count; i++)
        pricing.lines[i] = (struct offered_line){.product_id = lines.items[i].product_id,
                                                 .quantity = lines.items[i].quantity,
                                                 .price = lines.items[i].price,
                                                 .granted = PRICE_LEAVE_NONE};
    if (!pricing_take_products(c, &pricing) || !pricing_take_prices(c, &pricing, class))
        return false;
    if (!id_is_none(version->quotation_id)) {
        if (!db_quotation_granted(c, &quotation, .quotation_id = version->quotation_id,
                                  .customer_id = contract->customer_id)) {
            fail_at(c, "terms.quotation_id", ERROR_QUOTATION_UNKNOWN, NULL);
            return false;
        }
        cover_by_quotation(&pricing,
                           db_quotation_line_list(c, .quotation_id = version->quotation_id),
                           quotation.granted);
    }
    return pricing_check(c, &pricing, contract->customer_id);
}

/* C5: the leaders consent before negotiation of a major contract is concluded. */
static bool check_consent(struct call *c, const struct contract_version_find *version)
{
    int64_t most = setting_int(c, major_amount);

    if (version->amount < most ||
        (version->has_consent_amount && version->consent_amount >= version->amount))
        return true;
    fail(c, ERROR_CONSENT_MISSING, "%s", call_money(c, most));
    return false;
}

static bool is_ready(struct call *c, const struct contract_lock *contract,
                     const struct contract_version_find *version, int64_t *credit_limit)
{
    struct customer_find customer;

    if (!db_customer_find(c, &customer, .customer_id = contract->customer_id))
        fail(c, ERROR_CUSTOMER_UNKNOWN, NULL);
    else if (customer.is_locked)
        fail(c, ERROR_CUSTOMER_LOCKED, NULL);
    else if (version->valid_until < c->today)
        fail_at(c, "terms.valid_until", ERROR_CONTRACT_EXPIRED, "%s",
                date_print(c->arena, version->valid_until));
    return !has_failed(c) && check_blanks(c, contract->contract_id, version) &&
           check_credit(c, contract->customer_id, version, credit_limit) &&
           check_prices(c, contract, version, customer.class) && check_consent(c, version);
}

static const char *summary_of(struct call *c, const struct contract_lock *contract,
                              const struct contract_version_find *version)
{
    struct customer_find customer;

    if (!db_customer_find(c, &customer, .customer_id = contract->customer_id))
        return contract->number;
    return call_print(c, "%s V%lld %s %s", contract->number == NULL ? "" : contract->number,
                      (long long)version->version, customer.name, call_money(c, version->amount));
}

int contract_submit(struct call *c, const struct contract_submit_request *request,
                    struct contract_submit_reply *reply)
{
    struct contract_lock contract;
    struct contract_version_find version;
    int64_t credit_limit;

    if (!contract_take_own(c, request->contract_id, VERSION_STATUS_DRAFT, &contract, &version) ||
        !is_ready(c, &contract, &version, &credit_limit))
        return -1;
    db_contract_version_set_submitted(c, .contract_id = contract.contract_id,
                                      .version = version.version, .credit_limit = credit_limit);
    db_review_drop_of(c, .contract_id = contract.contract_id, .version = version.version,
                      .reviewer_id = version.author_id); /* a draft may have been handed over */
    if (contract.status == CONTRACT_STATUS_DRAFT)
        db_contract_set_status(c, .contract_id = contract.contract_id,
                               .status = CONTRACT_STATUS_SUBMITTED, .was = CONTRACT_STATUS_DRAFT);
    if (contract.number == NULL) {
        contract.number = number_next(c, "HT");
        db_contract_set_number(c, .contract_id = contract.contract_id, .number = contract.number);
    }
    emit_contract_submitted(c, .contract_id = contract.contract_id, .number = contract.number,
                            .customer_id = contract.customer_id, .owner_id = contract.owner_id,
                            .amount = version.amount);
    *reply = (struct contract_submit_reply){
        .contract_id = contract.contract_id,
        .number = contract.number,
        .approval_id = approval_open(c, "contract", contract.contract_id, version.amount,
                                     summary_of(c, &contract, &version))};
    return 0;
}

static void back_to_draft(struct call *c, const struct contract_lock *contract,
                          const struct contract_version_find *version, const char *reason)
{
    db_contract_version_set_draft(c, .contract_id = contract->contract_id,
                                  .version = version->version, .rejection = reason);
    if (contract->version_in_force == 0)
        db_contract_set_status(c, .contract_id = contract->contract_id,
                               .status = CONTRACT_STATUS_DRAFT, .was = CONTRACT_STATUS_SUBMITTED);
}

int contract_withdraw(struct call *c, const struct contract_withdraw_request *request,
                      struct contract_withdraw_reply *reply)
{
    struct contract_lock contract;
    struct contract_version_find version;

    if (!contract_take_own(c, request->contract_id, VERSION_STATUS_SUBMITTED, &contract, &version))
        return -1;
    contract_close_approvals(c, contract.contract_id);
    back_to_draft(c, &contract, &version, NULL);
    reply->contract_id = contract.contract_id;
    return 0;
}

int consent_request(struct call *c, const struct consent_request_request *request,
                    struct consent_request_reply *reply)
{
    struct contract_lock contract;
    struct contract_version_find version;
    int64_t most;

    if (!contract_take_own(c, request->contract_id, VERSION_STATUS_DRAFT, &contract, &version))
        return -1;
    most = setting_int(c, major_amount);
    if (version.amount < most)
        return fail(c, ERROR_CONSENT_NEEDLESS, "%s", call_money(c, most));
    *reply = (struct consent_request_reply){
        .contract_id = contract.contract_id,
        .approval_id = approval_open(c, "contract_major", contract.contract_id, version.amount,
                                     summary_of(c, &contract, &version))};
    return 0;
}

int consent_granted(struct call *c, const struct approval *approval)
{
    struct contract_lock contract;
    struct contract_version_find version;

    if (!contract_take(c, approval->subject_id, &contract, &version))
        return -1;
    db_contract_version_set_consent(c, .contract_id = contract.contract_id,
                                    .version = version.version, .amount = approval->amount);
    return 0;
}

/* Nothing changes: the draft stays without consent and cannot be submitted. */
int consent_rejected(struct call *c, const struct approval *approval, const char *reason)
{
    (void)c, (void)approval, (void)reason;
    return 0;
}

static struct review_open_list reviews_open(struct call *c, struct id contract_id,
                                            const struct contract_version_find *version)
{
    return db_review_open(c, .contract_id = contract_id, .contract_version = version->version,
                          .template_id = version->template_id,
                          .template_version = version->template_version);
}

int contract_review(struct call *c, const struct contract_review_request *request,
                    struct contract_review_reply *reply)
{
    struct contract_lock contract;
    struct contract_version_find version;
    struct clause_find clause;

    if (!contract_take(c, request->contract_id, &contract, &version))
        return -1;
    if (version.status != VERSION_STATUS_SUBMITTED)
        return fail(c, ERROR_CONTRACT_STATE, "%s", version_status_text(version.status));
    if (id_equal(version.author_id, c->actor.staff_id))
        return fail(c, ERROR_APPROVAL_OWN, NULL);
    if (!request->is_ok && request->remark == NULL)
        return fail_at(c, "remark", ERROR_REMARK_MISSING, NULL);
    if (!db_clause_find(c, &clause, .template_id = version.template_id,
                        .version = version.template_version, .clause = request->clause))
        return fail_at(c, "clause", ERROR_CLAUSE_UNKNOWN, "%lld", (long long)request->clause);
    db_review_put(c, .contract_id = contract.contract_id, .version = version.version,
                  .clause = request->clause, .is_ok = request->is_ok, .remark = request->remark);
    *reply = (struct contract_review_reply){
        .contract_id = contract.contract_id,
        .unreviewed = (int64_t)reviews_open(c, contract.contract_id, &version).count};
    return 0;
}

/* No signature while a clause is unreviewed or objected to (C5). */
int contract_before_sign(struct call *c, const struct approval *approval, int step)
{
    struct contract_lock contract;
    struct contract_version_find version;
    struct review_open_list open;

    (void)step;
    if (!contract_take(c, approval->subject_id, &contract, &version))
        return -1;
    open = reviews_open(c, contract.contract_id, &version);
    if (open.count == 0)
        return 0;
    return fail(c, open.items[0].is_objected ? ERROR_CLAUSE_OBJECTED : ERROR_CLAUSE_UNREVIEWED,
                "%lld", (long long)open.items[0].clause);
}

const char *contract_picture_of(struct call *c, struct id contract_id)
{
    struct contract_picture row;

    return db_contract_picture(c, &row, .contract_id = contract_id) ? row.picture : "{}";
}

static struct price_term_list price_terms(struct call *c, struct id contract_id, int64_t version)
{
    struct contract_line_of_list lines =
        db_contract_line_of(c, .contract_id = contract_id, .version = version);
    struct price_term_list terms = {
        .items = arena_array(c->arena, struct price_term, lines.count + 1), .count = lines.count};

    for (size_t i = 0; i < lines.count; i++)
        terms.items[i] = (struct price_term){.product_id = lines.items[i].product_id,
                                             .price = lines.items[i].price,
                                             .tax_permille = lines.items[i].tax_permille};
    return terms;
}

/* All have signed: the version is in force, and every department is told (C5, C10). */
int contract_granted(struct call *c, const struct approval *approval)
{
    struct contract_lock contract;
    struct contract_version_find version;

    if (!contract_take(c, approval->subject_id, &contract, &version))
        return -1;
    if (version.status != VERSION_STATUS_SUBMITTED)
        return fail(c, ERROR_CONTRACT_STATE, "%s", version_status_text(version.status));
    db_contract_version_set_replaced(c, .contract_id = contract.contract_id);
    db_contract_version_set_in_force(c, .contract_id = contract.contract_id,
                                     .version = version.version);
    db_contract_set_in_force(c, .contract_id = contract.contract_id, .version = version.version,
                             .amount = version.amount, .valid_from = version.valid_from,
                             .valid_until = version.valid_until,
                             .remind_on = contract_reminder(c, version.valid_until, c->today - 1));
    emit_contract_activated(c, .contract_id = contract.contract_id, .number = contract.number,
                            .customer_id = contract.customer_id, .owner_id = contract.owner_id,
                            .address_ids = version.address_ids,
                            .prices = price_terms(c, contract.contract_id, version.version),
                            .payment_term = version.payment_term,
                            .payment_days = version.payment_days,
                            .credit_limit = version.credit_limit, .valid_from = version.valid_from,
                            .valid_until = version.valid_until,
                            .equipment = db_contract_equipment_list(
                                c, .contract_id = contract.contract_id, .version = version.version),
                            .amount = version.amount);
    filing_start(c, contract.contract_id);
    return 0;
}

int contract_rejected(struct call *c, const struct approval *approval, const char *reason)
{
    struct contract_lock contract;
    struct contract_version_find version;

    if (!contract_take(c, approval->subject_id, &contract, &version))
        return -1;
    back_to_draft(c, &contract, &version, reason);
    return 0;
}
