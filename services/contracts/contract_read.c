/* contract_read.c - contracts as they are read: any version, whole (C8). */
#include "contracts.h"

#include "rules.h"
#include "service/page.h"
#include "service/people.h"

bool contract_version_wanted(struct call *c, struct id contract_id, bool has_version,
                             int64_t version, struct contract_head *head,
                             struct contract_version_find *found)
{
    if (!db_contract_head(c, head, .contract_id = contract_id)) {
        fail(c, ERROR_NOT_FOUND, NULL);
        return false;
    }
    if (!has_version)
        version = head->version;
    if (!db_contract_version_read(c, found, .contract_id = contract_id, .version = version))
        fail_at(c, "version", ERROR_VERSION_UNKNOWN, "%lld", (long long)version);
    return !has_failed(c);
}

static struct contract_clause_list clauses_of(struct call *c, struct id contract_id,
                                              const struct contract_version_find *version,
                                              struct contract_field_list fields)
{
    struct contract_clause_list clauses = db_clause_list(
        c, .contract_id = contract_id, .contract_version = version->version,
        .template_id = version->template_id, .template_version = version->template_version);

    for (size_t i = 0; i < clauses.count; i++)
        clauses.items[i].text = template_render(c->arena, clauses.items[i].text, fields);
    return clauses;
}

int contract_read(struct call *c, const struct contract_read_request *request,
                  struct contract_read_reply *reply)
{
    struct contract_head head;
    struct contract_version_find version;
    struct filing_find filing = {.archive_number = NULL};
    struct id id = request->contract_id;

    if (!contract_version_wanted(c, id, request->has_version, request->version, &head, &version))
        return -1;
    *reply = (struct contract_read_reply){.contract_id = head.contract_id,
                                          .branch_id = head.branch_id,
                                          .number = head.number,
                                          .status = head.status,
                                          .customer_id = head.customer_id,
                                          .customer_name = head.customer_name,
                                          .owner_id = head.owner_id,
                                          .owner_name = head.owner_name,
                                          .version = version.version,
                                          .version_in_force = head.version_in_force,
                                          .version_status = version.status,
                                          .author_id = version.author_id,
                                          .template_id = version.template_id,
                                          .template_version = version.template_version,
                                          .quotation_id = version.quotation_id,
                                          .reason = version.reason,
                                          .rejection = version.rejection,
                                          .address_ids = version.address_ids,
                                          .payment_term = version.payment_term,
                                          .payment_days = version.payment_days,
                                          .has_credit_limit = version.has_credit_limit,
                                          .credit_limit = version.credit_limit,
                                          .amount = version.amount,
                                          .has_consent = version.has_consent_amount &&
                                                         version.consent_amount >= version.amount,
                                          .valid_from = version.valid_from,
                                          .valid_until = version.valid_until,
                                          .signed_at = version.signed_at,
                                          .end_reason = head.end_reason};
    reply->fields = db_contract_field_list(c, .contract_id = id, .version = version.version);
    reply->equipment = db_contract_equipment_list(c, .contract_id = id, .version = version.version);
    reply->clauses = clauses_of(c, id, &version, reply->fields);
    reply->seals = db_seal_list(c, .contract_id = id, .version = version.version);
    reply->originals = db_original_list(c, .contract_id = id, .version = version.version);
    reply->versions = db_contract_version_list(c, .contract_id = id);
    if (db_filing_find(c, &filing, .contract_id = id, .version = version.version)) {
        reply->archive_number = filing.archive_number;
        reply->filed_by = filing.staff_id;
        reply->filed_at = filing.at;
    }
    return 0;
}

int contract_line_list(struct call *c, const struct contract_line_list_request *request,
                       struct contract_line_list_reply *reply)
{
    int64_t limit = page_limit(request->has_limit, request->limit);
    struct contract_head head;
    struct contract_version_find version;

    if (!contract_version_wanted(c, request->contract_id, request->has_version, request->version,
                                 &head, &version))
        return -1;
    reply->items =
        db_contract_line_list(c, .contract_id = request->contract_id, .version = version.version,
                              .after = page_after(c, request->after), .limit = limit);
    reply->next = PAGE_NEXT(c, reply->items, product_id, limit);
    return 0;
}

int contract_list(struct call *c, const struct contract_list_request *request,
                  struct contract_list_reply *reply)
{
    int64_t limit = page_limit(request->has_limit, request->limit);

    reply->items = db_contract_list(c, .after = page_after(c, request->after),
                                    .customer_id = request->customer_id,
                                    .owner_id = request->owner_id, .status = request->status,
                                    .is_unfiled = request->has_is_unfiled && request->is_unfiled,
                                    .limit = limit, PAGE_SORT(request));
    reply->next = PAGE_NEXT(c, reply->items, contract_id, limit);
    return 0;
}
