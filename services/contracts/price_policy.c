/* price_policy.c - versions of the price policy: drafted, approved by the general manager, in force
 * from their date (C1). */
#include "contracts.h"

#include "rules.h"
#include "service/page.h"

static bool policy_take_draft(struct call *c, struct id policy_id, struct price_policy_lock *policy)
{
    if (!headquarters_enter(c))
        return false;
    if (!db_price_policy_lock(c, policy, .policy_id = policy_id))
        fail(c, ERROR_NOT_FOUND, NULL);
    else if (policy->status != PRICE_POLICY_STATUS_DRAFT)
        fail(c, ERROR_PRICE_POLICY_STATE, "%s", price_policy_status_text(policy->status));
    return !has_failed(c);
}

static bool same_conditions(const struct price_line *a, const struct price_line *b)
{
    return id_equal(a->product_id, b->product_id) && a->class == b->class &&
           season_bits(a->months.items, a->months.count) ==
               season_bits(b->months.items, b->months.count) &&
           (a->has_min_quantity ? a->min_quantity : 0) ==
               (b->has_min_quantity ? b->min_quantity : 0);
}

static void check_line(struct call *c, struct price_line_list lines, size_t i)
{
    const struct price_line *line = &lines.items[i];

    if (line->floor_price > line->list_price)
        fail_at(c, call_print(c, "lines[%zu].floor_price", i), ERROR_FLOOR_ABOVE_LIST, "%s",
                price_text(c, line->list_price));
    for (size_t k = 0; k < i && !has_failed(c); k++) {
        if (same_conditions(&lines.items[k], line))
            fail_at(c, call_print(c, "lines[%zu]", i), ERROR_PRICE_LINE_DOUBLED, NULL);
    }
}

static bool check_lines(struct call *c, struct price_line_list lines)
{
    struct id_list ids = {.items = arena_array(c->arena, struct id, lines.count + 1),
                          .count = lines.count};
    struct product_basis_list products;

    for (size_t i = 0; i < lines.count && !has_failed(c); i++) {
        ids.items[i] = lines.items[i].product_id;
        check_line(c, lines, i);
    }
    products = db_product_basis(c, .product_ids = ids);
    for (size_t i = 0; i < products.count && !has_failed(c); i++) {
        if (id_is_none(products.items[i].product_id))
            fail_at(c, call_print(c, "lines[%zu].product_id", i), ERROR_PRODUCT_UNKNOWN, NULL);
    }
    return !has_failed(c);
}

static void write_lines(struct call *c, struct id policy_id, struct price_line_list lines)
{
    for (size_t i = 0; i < lines.count; i++) {
        const struct price_line *line = &lines.items[i];

        db_price_line_put(c, .policy_id = policy_id, .line_id = call_id(c),
                          .product_id = line->product_id, .class = line->class,
                          .months = season_bits(line->months.items, line->months.count),
                          .min_quantity = line->has_min_quantity ? line->min_quantity : 0,
                          .list_price = line->list_price, .floor_price = line->floor_price);
    }
}

static bool check_dates(struct call *c, int32_t from, int32_t until)
{
    if (until != 0 && until < from)
        fail_at(c, "valid_until", ERROR_DATES_REVERSED, NULL);
    return !has_failed(c);
}

int price_policy_draft(struct call *c, const struct price_policy_draft_request *request,
                       struct price_policy_draft_reply *reply)
{
    struct price_policy_number number;

    if (!headquarters_enter(c) || !check_dates(c, request->valid_from, request->valid_until) ||
        !check_lines(c, request->lines))
        return -1;
    if (!db_price_policy_number(c, &number))
        return fail(c, ERROR_INTERNAL, NULL);
    *reply = (struct price_policy_draft_reply){.policy_id = call_id(c), .version = number.version};
    db_price_policy_insert(c, .policy_id = reply->policy_id, .version = number.version,
                           .name = request->name, .valid_from = request->valid_from,
                           .valid_until = request->valid_until);
    write_lines(c, reply->policy_id, request->lines);
    return 0;
}

int price_policy_change(struct call *c, const struct price_policy_change_request *request,
                        struct price_policy_change_reply *reply)
{
    struct price_policy_lock policy;

    if (!policy_take_draft(c, request->policy_id, &policy) ||
        !check_dates(c, request->valid_from, request->valid_until) ||
        !check_lines(c, request->lines))
        return -1;
    db_price_policy_update(c, .policy_id = policy.policy_id, .name = request->name,
                           .valid_from = request->valid_from, .valid_until = request->valid_until);
    db_price_line_clear(c, .policy_id = policy.policy_id);
    write_lines(c, policy.policy_id, request->lines);
    reply->policy_id = policy.policy_id;
    return 0;
}

int price_policy_extend(struct call *c, const struct price_policy_extend_request *request,
                        struct price_policy_extend_reply *reply)
{
    struct price_policy_lock policy;

    if (!policy_take_draft(c, request->policy_id, &policy) || !check_lines(c, request->lines))
        return -1;
    write_lines(c, policy.policy_id, request->lines);
    reply->policy_id = policy.policy_id;
    return 0;
}

int price_policy_submit(struct call *c, const struct price_policy_submit_request *request,
                        struct price_policy_submit_reply *reply)
{
    struct price_policy_lock policy;
    struct price_line_any line;

    if (!policy_take_draft(c, request->policy_id, &policy))
        return -1;
    if (!db_price_line_any(c, &line, .policy_id = policy.policy_id))
        return fail(c, ERROR_PRICE_POLICY_EMPTY, NULL);
    db_price_policy_set_submitted(c, .policy_id = policy.policy_id);
    reply->policy_id = policy.policy_id;
    reply->approval_id =
        approval_open(c, "price_policy", policy.policy_id, 0,
                      call_print(c, "V%lld %s", (long long)policy.version, policy.name));
    return 0;
}

int price_policy_withdraw(struct call *c, const struct price_policy_withdraw_request *request,
                          struct price_policy_withdraw_reply *reply)
{
    struct price_policy_lock policy;
    struct approval approval;

    if (!headquarters_enter(c))
        return -1;
    if (!db_price_policy_lock(c, &policy, .policy_id = request->policy_id))
        return fail(c, ERROR_NOT_FOUND, NULL);
    if (policy.status != PRICE_POLICY_STATUS_SUBMITTED)
        return fail(c, ERROR_PRICE_POLICY_STATE, "%s", price_policy_status_text(policy.status));
    if (approval_of(c, "price_policy", policy.policy_id, &approval))
        approval_withdraw(c, approval.approval_id);
    db_price_policy_set_draft(c, .policy_id = policy.policy_id);
    reply->policy_id = policy.policy_id;
    return 0;
}

const char *price_policy_picture_of(struct call *c, struct id policy_id)
{
    struct price_policy_picture row;

    return db_price_policy_picture(c, &row, .policy_id = policy_id) ? row.picture : "{}";
}

/* In force from its date, but never before it was approved. */
int price_policy_granted(struct call *c, const struct approval *approval)
{
    struct price_policy_lock policy;
    int32_t from;

    if (!db_price_policy_lock(c, &policy, .policy_id = approval->subject_id))
        return fail(c, ERROR_NOT_FOUND, NULL);
    from = policy.valid_from < c->today ? c->today : policy.valid_from;
    if (policy.valid_until != 0 && policy.valid_until < from)
        return fail(c, ERROR_DATES_REVERSED, NULL);
    db_price_policy_set_approved(c, .policy_id = policy.policy_id, .valid_from = from);
    db_price_in_force_insert(c, .policy_id = policy.policy_id);
    emit_price_policy_activated(c, .policy_id = policy.policy_id, .version = policy.version,
                                .valid_from = from, .valid_until = policy.valid_until,
                                .author_id = policy.author_id);
    return 0;
}

int price_policy_rejected(struct call *c, const struct approval *approval, const char *reason)
{
    db_price_policy_set_draft(c, .policy_id = approval->subject_id, .rejection = reason);
    return 0;
}

int price_policy_list(struct call *c, const struct price_policy_list_request *request,
                      struct price_policy_list_reply *reply)
{
    int64_t limit = page_limit(request->has_limit, request->limit);

    reply->items =
        db_price_policy_list(c, .after = page_after(c, request->after), .status = request->status,
                             .limit = limit, PAGE_SORT(request));
    reply->next = PAGE_NEXT(c, reply->items, policy_id, limit);
    return 0;
}

int price_policy_read(struct call *c, const struct price_policy_read_request *request,
                      struct price_policy_read_reply *reply)
{
    int64_t limit = page_limit(request->has_limit, request->limit);

    if (!db_price_policy_find(c, &reply->policy, .policy_id = request->policy_id))
        return fail(c, ERROR_NOT_FOUND, NULL);
    reply->lines = db_price_line_list(c, .policy_id = request->policy_id,
                                      .after = page_after(c, request->after), .limit = limit,
                                      PAGE_SORT(request));
    if (reply->lines.count > 0)
        reply->next = page_next(c, reply->lines.items[reply->lines.count - 1].line_id,
                                reply->lines.count, limit);
    return 0;
}
