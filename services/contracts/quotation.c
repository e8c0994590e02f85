/* quotation.c - offers to customers: below list only with the sales manager's leave, below floor
 * only with the general manager's (C2). */
#include "contracts.h"

#include "service/number.h"
#include "service/page.h"

bool customer_for_sale(struct call *c, struct id customer_id, struct customer_find *customer)
{
    if (!db_customer_find(c, customer, .customer_id = customer_id))
        fail_at(c, "customer_id", ERROR_CUSTOMER_UNKNOWN, NULL);
    else if (customer->is_locked)
        fail(c, ERROR_CUSTOMER_LOCKED, NULL);
    else if (!id_is_none(customer->owner_id) && !id_equal(customer->owner_id, c->actor.staff_id) &&
             !may(c, PERMISSION_CONTRACTS_CONTRACT_MANAGE))
        fail(c, ERROR_CUSTOMER_OF_OTHER, NULL);
    return !has_failed(c) && call_enter_branch(c, customer->branch_id);
}

/* Locks a quotation, enters its branch, and checks that it is the actor's to work on. */
static bool quotation_take(struct call *c, struct id quotation_id, struct quotation_lock *quotation)
{
    if (!db_quotation_lock(c, quotation, .quotation_id = quotation_id)) {
        fail(c, ERROR_NOT_FOUND, NULL);
        return false;
    }
    if (!id_equal(quotation->author_id, c->actor.staff_id) &&
        !may(c, PERMISSION_CONTRACTS_CONTRACT_MANAGE))
        fail(c, ERROR_QUOTATION_NOT_YOURS, NULL);
    return !has_failed(c) && call_enter_branch(c, quotation->branch_id);
}

static bool quotation_is(struct call *c, const struct quotation_lock *quotation, bool is_right)
{
    if (!is_right)
        fail(c, ERROR_QUOTATION_STATE, "%s", quotation_status_text(quotation->status));
    return is_right;
}

static bool is_current(struct call *c, int32_t valid_until)
{
    if (valid_until >= c->today)
        return true;
    fail(c, ERROR_QUOTATION_EXPIRED, "%s", date_print(c->arena, valid_until));
    return false;
}

static bool price_items(struct call *c, struct quotation_item_list items, enum customer_class class,
                        struct pricing *pricing)
{
    *pricing =
        (struct pricing){.path = "lines",
                         .lines = arena_array(c->arena, struct offered_line, items.count + 1),
                         .count = items.count};
    for (size_t i = 0; i < items.count; i++)
        pricing->lines[i] = (struct offered_line){.product_id = items.items[i].product_id,
                                                  .quantity = items.items[i].quantity,
                                                  .price = items.items[i].price};
    return pricing_take_products(c, pricing) && pricing_take_prices(c, pricing, class);
}

/* The lines as they were written, priced by the policy of today. */
static bool price_again(struct call *c, const struct quotation_lock *quotation,
                        enum customer_class class, struct pricing *pricing)
{
    struct quotation_line_list lines =
        db_quotation_line_list(c, .quotation_id = quotation->quotation_id);
    struct quotation_item_list items = {
        .items = arena_array(c->arena, struct quotation_item, lines.count + 1),
        .count = lines.count};

    for (size_t i = 0; i < lines.count; i++)
        items.items[i] = (struct quotation_item){.product_id = lines.items[i].product_id,
                                                 .quantity = lines.items[i].quantity,
                                                 .price = lines.items[i].price};
    return price_items(c, items, class, pricing);
}

static void write_lines(struct call *c, struct id quotation_id, const struct pricing *pricing)
{
    db_quotation_line_clear(c, .quotation_id = quotation_id);
    for (size_t i = 0; i < pricing->count; i++) {
        const struct offered_line *line = &pricing->lines[i];

        db_quotation_line_insert(
            c, .quotation_id = quotation_id, .product_id = line->product_id, .line = (int64_t)i + 1,
            .quantity = line->quantity, .price = line->price, .list_price = line->list_price,
            .floor_price = line->floor_price, .tax_permille = line->tax_permille,
            .amount = line->amount, .leave = line->leave);
    }
}

int quotation_create(struct call *c, const struct quotation_create_request *request,
                     struct quotation_create_reply *reply)
{
    struct customer_find customer;
    struct pricing pricing;

    if (!customer_for_sale(c, request->customer_id, &customer))
        return -1;
    if (request->valid_until < c->today)
        return fail_at(c, "valid_until", ERROR_VALID_UNTIL_PAST, NULL);
    if (!price_items(c, request->lines, customer.class, &pricing))
        return -1;
    *reply = (struct quotation_create_reply){.quotation_id = call_id(c),
                                             .number = number_next(c, "BJ"),
                                             .total = pricing.total,
                                             .leave = pricing.leave};
    db_quotation_insert(c, .quotation_id = reply->quotation_id, .number = reply->number,
                        .customer_id = customer.customer_id, .leave = pricing.leave,
                        .total = pricing.total, .valid_until = request->valid_until);
    write_lines(c, reply->quotation_id, &pricing);
    return 0;
}

int quotation_change(struct call *c, const struct quotation_change_request *request,
                     struct quotation_change_reply *reply)
{
    struct quotation_lock quotation;
    struct customer_find customer;
    struct pricing pricing;

    if (!quotation_take(c, request->quotation_id, &quotation) ||
        !quotation_is(c, &quotation, quotation.status == QUOTATION_STATUS_DRAFT) ||
        !customer_for_sale(c, quotation.customer_id, &customer))
        return -1;
    if (request->valid_until < c->today)
        return fail_at(c, "valid_until", ERROR_VALID_UNTIL_PAST, NULL);
    if (!price_items(c, request->lines, customer.class, &pricing))
        return -1;
    db_quotation_update(c, .quotation_id = quotation.quotation_id, .leave = pricing.leave,
                        .total = pricing.total, .valid_until = request->valid_until);
    write_lines(c, quotation.quotation_id, &pricing);
    *reply = (struct quotation_change_reply){
        .quotation_id = quotation.quotation_id, .total = pricing.total, .leave = pricing.leave};
    return 0;
}

/* A sales manager's own discount goes one level up: nobody approves their own (C5). */
static const char *approval_kind_for(const struct call *c, enum price_leave leave)
{
    return leave == PRICE_LEAVE_FLOOR || has_function(c, FUNCTION_SALES_MANAGER)
               ? "quotation_floor"
               : "quotation_discount";
}

int quotation_submit(struct call *c, const struct quotation_submit_request *request,
                     struct quotation_submit_reply *reply)
{
    struct quotation_lock quotation;
    struct customer_find customer;
    struct pricing pricing;
    bool needs_leave;

    if (!quotation_take(c, request->quotation_id, &quotation) ||
        !quotation_is(c, &quotation, quotation.status == QUOTATION_STATUS_DRAFT) ||
        !is_current(c, quotation.valid_until))
        return -1;
    if (!db_customer_find(c, &customer, .customer_id = quotation.customer_id))
        return fail(c, ERROR_CUSTOMER_UNKNOWN, NULL);
    if (!price_again(c, &quotation, customer.class, &pricing))
        return -1;
    needs_leave = pricing.leave != PRICE_LEAVE_NONE;
    db_quotation_update(c, .quotation_id = quotation.quotation_id, .leave = pricing.leave,
                        .total = pricing.total, .valid_until = quotation.valid_until);
    write_lines(c, quotation.quotation_id, &pricing);
    *reply = (struct quotation_submit_reply){.quotation_id = quotation.quotation_id,
                                             .status = needs_leave ? QUOTATION_STATUS_SUBMITTED
                                                                   : QUOTATION_STATUS_APPROVED,
                                             .leave = pricing.leave};
    db_quotation_set_status(c, .quotation_id = quotation.quotation_id, .status = reply->status,
                            .was = QUOTATION_STATUS_DRAFT, .granted = PRICE_LEAVE_NONE);
    if (needs_leave)
        reply->approval_id =
            approval_open(c, approval_kind_for(c, pricing.leave), quotation.quotation_id,
                          pricing.total, call_print(c, "%s %s", quotation.number, customer.name));
    return 0;
}

static void close_approval(struct call *c, const char *kind, struct id quotation_id)
{
    struct approval approval;

    if (approval_of(c, kind, quotation_id, &approval))
        approval_withdraw(c, approval.approval_id);
}

int quotation_withdraw(struct call *c, const struct quotation_withdraw_request *request,
                       struct quotation_withdraw_reply *reply)
{
    struct quotation_lock quotation;

    if (!quotation_take(c, request->quotation_id, &quotation) ||
        !quotation_is(c, &quotation,
                      quotation.status == QUOTATION_STATUS_SUBMITTED ||
                          quotation.status == QUOTATION_STATUS_APPROVED))
        return -1;
    close_approval(c, "quotation_discount", quotation.quotation_id);
    close_approval(c, "quotation_floor", quotation.quotation_id);
    db_quotation_set_status(c, .quotation_id = quotation.quotation_id,
                            .status = QUOTATION_STATUS_DRAFT, .was = quotation.status,
                            .granted = PRICE_LEAVE_NONE);
    reply->quotation_id = quotation.quotation_id;
    return 0;
}

/* The prices are held against the policy of the day once more: a leave covers what it was asked
 * for, not a floor that has risen since. */
int quotation_present(struct call *c, const struct quotation_present_request *request,
                      struct quotation_present_reply *reply)
{
    struct quotation_lock quotation;
    struct customer_find customer;
    struct pricing pricing;

    if (!quotation_take(c, request->quotation_id, &quotation) ||
        !quotation_is(c, &quotation, quotation.status != QUOTATION_STATUS_PRESENTED) ||
        !is_current(c, quotation.valid_until))
        return -1;
    if (!db_customer_find(c, &customer, .customer_id = quotation.customer_id))
        return fail(c, ERROR_CUSTOMER_UNKNOWN, NULL);
    if (customer.is_locked)
        return fail(c, ERROR_CUSTOMER_LOCKED, NULL);
    if (!price_again(c, &quotation, customer.class, &pricing))
        return -1;
    for (size_t i = 0; i < pricing.count; i++)
        pricing.lines[i].granted = quotation.granted;
    if (!pricing_check(c, &pricing, quotation.customer_id) ||
        !quotation_is(c, &quotation, quotation.status != QUOTATION_STATUS_SUBMITTED))
        return -1;
    db_quotation_set_presented(c, .quotation_id = quotation.quotation_id, .was = quotation.status);
    emit_quotation_presented(c, .quotation_id = quotation.quotation_id,
                             .customer_id = quotation.customer_id, .staff_id = c->actor.staff_id,
                             .total = quotation.total);
    *reply = (struct quotation_present_reply){.quotation_id = quotation.quotation_id,
                                              .total = quotation.total};
    return 0;
}

const char *quotation_picture_of(struct call *c, struct id quotation_id)
{
    struct quotation_picture row;

    return db_quotation_picture(c, &row, .quotation_id = quotation_id) ? row.picture : "{}";
}

int quotation_granted(struct call *c, const struct approval *approval)
{
    struct quotation_lock quotation;

    if (!db_quotation_lock(c, &quotation, .quotation_id = approval->subject_id))
        return fail(c, ERROR_NOT_FOUND, NULL);
    db_quotation_set_status(c, .quotation_id = quotation.quotation_id,
                            .status = QUOTATION_STATUS_APPROVED, .was = QUOTATION_STATUS_SUBMITTED,
                            .granted = quotation.leave);
    return 0;
}

int quotation_rejected(struct call *c, const struct approval *approval, const char *reason)
{
    db_quotation_set_status(c, .quotation_id = approval->subject_id,
                            .status = QUOTATION_STATUS_DRAFT, .was = QUOTATION_STATUS_SUBMITTED,
                            .granted = PRICE_LEAVE_NONE, .rejection = reason);
    return 0;
}

int quotation_read(struct call *c, const struct quotation_read_request *request,
                   struct quotation_read_reply *reply)
{
    if (!db_quotation_find(c, &reply->quotation, .quotation_id = request->quotation_id))
        return fail(c, ERROR_NOT_FOUND, NULL);
    reply->lines = db_quotation_line_list(c, .quotation_id = request->quotation_id);
    return 0;
}

int quotation_list(struct call *c, const struct quotation_list_request *request,
                   struct quotation_list_reply *reply)
{
    int64_t limit = page_limit(request->has_limit, request->limit);

    reply->items =
        db_quotation_list(c, .after = page_after(c, request->after),
                          .customer_id = request->customer_id, .author_id = request->author_id,
                          .status = request->status, .limit = limit, PAGE_SORT(request));
    reply->next = PAGE_NEXT(c, reply->items, quotation_id, limit);
    return 0;
}
