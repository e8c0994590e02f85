/* timeline.c - a customer's whole course on one line, from the events of all services (L9). */
#include "leads.h"

#include <stdlib.h>
#include <string.h>

#include "service/page.h"

void timeline_add(struct call *c, struct timeline_line line)
{
    db_timeline_insert(c, .customer_id = line.customer_id, .entry_id = call_id(c),
                       .event = line.event, .staff_id = line.staff_id,
                       .reference_id = line.reference_id, .has_amount = line.has_amount,
                       .amount = line.amount, .text = line.text);
}

/* A cursor of the timeline is "<microseconds>.<entry id>". */
static bool read_cursor(struct call *c, const char *after, int64_t *before, struct id *before_id)
{
    char *rest = NULL;

    if (after == NULL || *after == '\0')
        return true;
    *before = strtoll(after, &rest, 10);
    if (*before > 0 && *rest == '.' && id_parse(rest + 1, before_id))
        return true;
    fail_at(c, "after", ERROR_FIELD_VALUE, "next");
    return false;
}

int timeline_read(struct call *c, const struct timeline_read_request *request,
                  struct timeline_read_reply *reply)
{
    int64_t limit = page_limit(request->has_limit, request->limit), before = 0;
    struct id before_id = {{0}};
    struct customer_card card;

    if (!read_cursor(c, request->after, &before, &before_id))
        return -1;
    if (!db_customer_card(c, &card, .customer_id = request->customer_id))
        return fail(c, ERROR_NOT_FOUND, NULL);
    reply->items = db_timeline_list(c, .customer_id = request->customer_id, .before = before,
                                    .before_id = before_id, .limit = limit);
    if (reply->items.count == (size_t)limit) {
        const struct timeline_entry *last = &reply->items.items[reply->items.count - 1];

        reply->next =
            call_print(c, "%lld.%s", (long long)last->at, id_print(c->arena, last->entry_id));
    }
    return 0;
}

/* The lines that other services' events write. */
#define LINE(...) timeline_add(c, (struct timeline_line){__VA_ARGS__})

int on_contracts_quotation_presented(struct call *c,
                                     const struct contracts_quotation_presented *event)
{
    LINE(.customer_id = event->customer_id, .staff_id = event->staff_id,
         .reference_id = event->quotation_id, .event = "contracts.quotation.presented",
         .has_amount = true, .amount = event->total);
    stage_advance(c, event->customer_id, CUSTOMER_STAGE_PROPOSAL);
    return 0;
}

int on_contracts_credit_reported(struct call *c, const struct contracts_credit_reported *event)
{
    LINE(.customer_id = event->customer_id, .reference_id = event->report_id,
         .event = "contracts.credit.reported", .has_amount = true, .amount = event->credit_limit);
    return 0;
}

int on_contracts_contract_submitted(struct call *c,
                                    const struct contracts_contract_submitted *event)
{
    LINE(.customer_id = event->customer_id, .staff_id = event->owner_id,
         .reference_id = event->contract_id, .event = "contracts.contract.submitted",
         .has_amount = true, .amount = event->amount, .text = event->number);
    return 0;
}

int on_contracts_contract_activated(struct call *c,
                                    const struct contracts_contract_activated *event)
{
    LINE(.customer_id = event->customer_id, .staff_id = event->owner_id,
         .reference_id = event->contract_id, .event = "contracts.contract.activated",
         .has_amount = true, .amount = event->amount, .text = event->number);
    stage_advance(c, event->customer_id, CUSTOMER_STAGE_CONTRACT);
    return 0;
}

int on_contracts_contract_ended(struct call *c, const struct contracts_contract_ended *event)
{
    LINE(.customer_id = event->customer_id, .reference_id = event->contract_id,
         .event = "contracts.contract.ended", .text = event->reason);
    return 0;
}

int on_contracts_contract_filed(struct call *c, const struct contracts_contract_filed *event)
{
    LINE(.customer_id = event->customer_id, .staff_id = event->staff_id,
         .reference_id = event->contract_id, .event = "contracts.contract.filed",
         .text = event->archive_number);
    return 0;
}

int on_dispatch_installation_opened(struct call *c,
                                    const struct dispatch_installation_opened *event)
{
    LINE(.customer_id = event->customer_id, .reference_id = event->installation_id,
         .event = "dispatch.installation.opened");
    return 0;
}

int on_dispatch_installation_completed(struct call *c,
                                       const struct dispatch_installation_completed *event)
{
    LINE(.customer_id = event->customer_id, .staff_id = event->installer_id,
         .reference_id = event->installation_id, .event = "dispatch.installation.completed");
    return 0;
}

int on_dispatch_order_placed(struct call *c, const struct dispatch_order_placed *event)
{
    LINE(.customer_id = event->customer_id, .reference_id = event->order_id,
         .event = "dispatch.order.placed", .has_amount = true, .amount = event->amount,
         .text = event->number);
    return 0;
}

int on_dispatch_order_cancelled(struct call *c, const struct dispatch_order_cancelled *event)
{
    LINE(.customer_id = event->customer_id, .reference_id = event->order_id,
         .event = "dispatch.order.cancelled", .text = event->reason);
    return 0;
}

int on_dispatch_delivery_confirmed(struct call *c, const struct dispatch_delivery_confirmed *event)
{
    LINE(.customer_id = event->customer_id, .staff_id = event->driver_id,
         .reference_id = event->delivery_id, .event = "dispatch.delivery.confirmed",
         .has_amount = true, .amount = event->amount);
    return 0;
}

int on_dispatch_delivery_failed(struct call *c, const struct dispatch_delivery_failed *event)
{
    LINE(.customer_id = event->customer_id, .staff_id = event->driver_id,
         .reference_id = event->order_id, .event = "dispatch.delivery.failed", .text = event->note);
    return 0;
}

int on_dispatch_goods_returned(struct call *c, const struct dispatch_goods_returned *event)
{
    LINE(.customer_id = event->customer_id, .staff_id = event->driver_id,
         .reference_id = event->return_id, .event = "dispatch.goods.returned", .has_amount = true,
         .amount = event->amount, .text = event->reason);
    return 0;
}

int on_collection_receivable_created(struct call *c,
                                     const struct collection_receivable_created *event)
{
    LINE(.customer_id = event->customer_id, .reference_id = event->receivable_id,
         .event = "collection.receivable.created", .has_amount = true, .amount = event->amount);
    return 0;
}

int on_collection_credit_noted(struct call *c, const struct collection_credit_noted *event)
{
    LINE(.customer_id = event->customer_id, .reference_id = event->credit_id,
         .event = "collection.credit.noted", .has_amount = true, .amount = event->amount);
    return 0;
}

int on_collection_receipt_recorded(struct call *c, const struct collection_receipt_recorded *event)
{
    LINE(.customer_id = event->customer_id, .staff_id = event->collector_id,
         .reference_id = event->receipt_id, .event = "collection.receipt.recorded",
         .has_amount = true, .amount = event->amount, .text = event->number);
    stage_advance(c, event->customer_id, CUSTOMER_STAGE_PAYMENT);
    return 0;
}

int on_collection_customer_held(struct call *c, const struct collection_customer_held *event)
{
    LINE(.customer_id = event->customer_id, .event = "collection.customer.held", .has_amount = true,
         .amount = event->balance);
    return 0;
}

int on_collection_customer_released(struct call *c,
                                    const struct collection_customer_released *event)
{
    LINE(.customer_id = event->customer_id, .staff_id = event->staff_id,
         .event = "collection.customer.released", .text = event->reason);
    return 0;
}

int on_aftersales_case_opened(struct call *c, const struct aftersales_case_opened *event)
{
    LINE(.customer_id = event->customer_id, .staff_id = event->opened_by,
         .reference_id = event->case_id, .event = "aftersales.case.opened", .text = event->number);
    return 0;
}

int on_aftersales_case_solved(struct call *c, const struct aftersales_case_solved *event)
{
    LINE(.customer_id = event->customer_id, .staff_id = event->technician_id,
         .reference_id = event->case_id, .event = "aftersales.case.solved", .text = event->result);
    return 0;
}

int on_aftersales_case_surveyed(struct call *c, const struct aftersales_case_surveyed *event)
{
    LINE(.customer_id = event->customer_id, .reference_id = event->case_id,
         .event = "aftersales.case.surveyed",
         .text = call_print(c, "%lld", (long long)event->score));
    return 0;
}
