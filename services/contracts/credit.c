/* credit.c - credit reports on customers, without which no contract is submitted (C3). */
#include "contracts.h"

#include "service/page.h"

int credit_report(struct call *c, const struct credit_report_request *request,
                  struct credit_report_reply *reply)
{
    struct customer_find customer;

    if (!db_customer_find(c, &customer, .customer_id = request->customer_id))
        return fail_at(c, "customer_id", ERROR_CUSTOMER_UNKNOWN, NULL);
    if (request->valid_until < c->today)
        return fail_at(c, "valid_until", ERROR_VALID_UNTIL_PAST, NULL);
    if (!call_enter_branch(c, customer.branch_id))
        return -1;
    reply->report_id = call_id(c);
    db_credit_report_insert(c, .report_id = reply->report_id, .customer_id = customer.customer_id,
                            .score = request->score, .credit_limit = request->credit_limit,
                            .valid_until = request->valid_until, .note = request->note);
    emit_credit_reported(c, .report_id = reply->report_id, .customer_id = customer.customer_id,
                         .score = request->score, .credit_limit = request->credit_limit,
                         .valid_until = request->valid_until);
    return 0;
}

int credit_list(struct call *c, const struct credit_list_request *request,
                struct credit_list_reply *reply)
{
    int64_t limit = page_limit(request->has_limit, request->limit);

    reply->items = db_credit_report_list(c, .after = page_after(c, request->after),
                                         .customer_id = request->customer_id, .limit = limit,
                                         PAGE_SORT(request));
    reply->next = PAGE_NEXT(c, reply->items, report_id, limit);
    return 0;
}
