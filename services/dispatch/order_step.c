/* order_step.c - an order's way to the list: the supervisor's review, approval without contract, the dispatcher's acceptance. */
#include "base/clock.h"
#include "dispatch.h"
#include "order_rules.h"

bool order_take(struct call *c, struct id order_id, struct order_lock *order)
{
    struct order_branch where;

    if (db_order_lock(c, order, .order_id = order_id))
        return true;
    if (!has_failed(c) && db_order_branch(c, &where, .order_id = order_id) &&
        call_enter_branch(c, where.branch_id) && db_order_lock(c, order, .order_id = order_id))
        return true;
    fail(c, ERROR_NOT_FOUND, NULL);
    return false;
}

void order_ask_approval(struct call *c, struct id order_id, const char *number, int64_t amount)
{
    int64_t limit = setting_int(c, &dispatch_settings[SETTING_NO_CONTRACT_AMOUNT]);

    approval_open(c, "no_contract_order", order_id, amount > limit ? amount - limit : 0,
                  call_print(c, "%s %s", number, call_money(c, amount)));
}

void order_withdraw_approval(struct call *c, struct id order_id)
{
    struct approval approval;

    if (approval_of(c, "no_contract_order", order_id, &approval))
        approval_withdraw(c, approval.approval_id);
}

/* A list that is closed takes an urgent order only when the customer may still be delivered to (R6). */
static bool check_standing(struct call *c, const struct order_standing *standing)
{
    if (standing->is_locked)
        fail(c, ERROR_CUSTOMER_LOCKED, "%s", standing->customer);
    else if (standing->is_held)
        fail(c, ERROR_CUSTOMER_HELD, "%s", standing->customer);
    return !has_failed(c);
}

int order_advance(struct call *c, struct order_lock *order, const char *reason)
{
    int64_t cutoff = setting_int(c, &dispatch_settings[SETTING_ORDER_CUTOFF]);
    struct order_standing standing;

    if (!db_order_standing(c, &standing, .customer_id = order->customer_id,
                           .delivery_date = order->delivery_date))
        return fail(c, ERROR_CUSTOMER_UNKNOWN, NULL);
    if (!order->is_urgent &&
        (!id_is_none(standing.list_id) || order_is_late(c->now, order->delivery_date, cutoff)))
        order->is_urgent = order->needs_acceptance = true;
    order->status = order_waits_for((struct order_needs){.review = order->needs_review,
                                                         .approval = order->needs_approval,
                                                         .acceptance = order->needs_acceptance});
    if (order->status == ORDER_STATUS_READY && !id_is_none(standing.list_id)) {
        if (!check_standing(c, &standing))
            return -1;
        order->status = ORDER_STATUS_LISTED;
        order->list_id = standing.list_id;
    }
    db_order_step(c, .order_id = order->order_id, .status = order->status,
                  .needs_review = order->needs_review, .needs_approval = order->needs_approval,
                  .needs_acceptance = order->needs_acceptance, .is_urgent = order->is_urgent,
                  .delivery_date = order->delivery_date, .list_id = order->list_id,
                  .reason = reason);
    emit_order_decided(c, .order_id = order->order_id, .customer_id = order->customer_id,
                       .status = order->status, .amount = order->amount, .reason = reason);
    return has_failed(c) ? -1 : 0;
}

int order_refuse(struct call *c, struct order_lock *order, const char *reason)
{
    order_withdraw_approval(c, order->order_id);
    order->status = ORDER_STATUS_REJECTED;
    db_order_end(c, .order_id = order->order_id, .status = order->status, .reason = reason);
    emit_order_decided(c, .order_id = order->order_id, .customer_id = order->customer_id,
                       .status = order->status, .amount = order->amount, .reason = reason);
    return has_failed(c) ? -1 : 0;
}

/* The order waits for this very decision; a refusal says why. */
static bool take_waiting(struct call *c, struct id order_id, enum order_status status,
                         bool accepted, const char *reason, struct order_lock *order)
{
    if (!order_take(c, order_id, order))
        return false;
    if (order->status != status)
        fail(c, ERROR_ORDER_CLOSED, "%s", order_status_text(order->status));
    else if (!accepted && reason == NULL)
        fail_at(c, "reason", ERROR_REASON_MISSING, NULL);
    return !has_failed(c);
}

int order_review(struct call *c, const struct order_review_request *request,
                 struct order_review_reply *reply)
{
    struct order_lock order;
    int result;

    if (!take_waiting(c, request->order_id, ORDER_STATUS_AWAITING_REVIEW, request->accepted,
                      request->reason, &order))
        return -1;
    if (id_equal(order.placed_by, c->actor.staff_id))
        return fail(c, ERROR_ORDER_OWN, NULL);
    order.needs_review = false;
    result = request->accepted ? order_advance(c, &order, request->reason)
                               : order_refuse(c, &order, request->reason);
    reply->status = order.status;
    return result;
}

int order_accept_urgent(struct call *c, const struct order_accept_urgent_request *request,
                        struct order_accept_urgent_reply *reply)
{
    struct order_lock order;
    int result;

    if (!take_waiting(c, request->order_id, ORDER_STATUS_AWAITING_ACCEPTANCE, request->accepted,
                      request->reason, &order))
        return -1;
    if (request->delivery_date != 0)
        order.delivery_date = request->delivery_date;
    if (request->accepted && order.delivery_date < c->today)
        return fail_at(c, "delivery_date", ERROR_DATE_PASSED, "%s",
                       date_print(c->arena, order.delivery_date));
    order.needs_acceptance = false;
    order.is_urgent = true;
    result = request->accepted ? order_advance(c, &order, request->reason)
                               : order_refuse(c, &order, request->reason);
    reply->status = order.status;
    return result;
}

const char *order_approval_picture(struct call *c, struct id order_id)
{
    struct order_picture row;

    return db_order_picture(c, &row, .order_id = order_id) ? row.picture : "{}";
}

int order_approval_granted(struct call *c, const struct approval *approval)
{
    struct order_lock order;

    if (!order_take(c, approval->subject_id, &order))
        return -1;
    if (!order.needs_approval || !order_is_changeable(order.status))
        return 0;
    order.needs_approval = false;
    return order_advance(c, &order, NULL);
}

int order_approval_rejected(struct call *c, const struct approval *approval, const char *reason)
{
    struct order_lock order;

    if (!order_take(c, approval->subject_id, &order))
        return -1;
    if (!order_is_changeable(order.status))
        return 0;
    order.status = ORDER_STATUS_REJECTED;
    db_order_end(c, .order_id = order.order_id, .status = order.status, .reason = reason);
    emit_order_decided(c, .order_id = order.order_id, .customer_id = order.customer_id,
                       .status = order.status, .amount = order.amount, .reason = reason);
    return has_failed(c) ? -1 : 0;
}

void orders_release(struct call *c, struct id customer_id)
{
    struct order_release_held_list orders = db_order_release_held(c, .customer_id = customer_id);

    for (size_t i = 0; i < orders.count; i++)
        emit_order_decided(c, .order_id = orders.items[i].order_id, .customer_id = customer_id,
                           .status = orders.items[i].status, .amount = orders.items[i].amount);
}
