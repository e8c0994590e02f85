/* list.c - the day's delivery list closes: by the dispatcher, or by itself at the cut-off (D4). */
#include "base/clock.h"
#include "dispatch.h"
#include "order_rules.h"

/* Everything ready for the date joins the list; customers on hold stay behind (R6, checked again here). */
static void take_orders(struct call *c, struct id list_id, int32_t date, int64_t *orders,
                        int64_t *held)
{
    struct list_hold_list stopped = db_list_hold(c, .delivery_date = date);
    struct list_take taken = {0};

    for (size_t i = 0; i < stopped.count; i++)
        emit_order_decided(c, .order_id = stopped.items[i].order_id,
                           .customer_id = stopped.items[i].customer_id, .status = ORDER_STATUS_HELD,
                           .amount = stopped.items[i].amount);
    db_list_take(c, &taken, .list_id = list_id, .delivery_date = date);
    *orders = taken.orders;
    *held = (int64_t)stopped.count;
}

int list_close(struct call *c, const struct list_close_request *request,
               struct list_close_reply *reply)
{
    struct list_insert made;

    if (request->delivery_date < c->today)
        return fail_at(c, "delivery_date", ERROR_DATE_PASSED, "%s",
                       date_print(c->arena, request->delivery_date));
    if (!db_list_insert(c, &made, .list_id = call_id(c), .delivery_date = request->delivery_date))
        return fail(c, ERROR_LIST_CLOSED, "%s", date_print(c->arena, request->delivery_date));
    reply->list_id = made.list_id;
    take_orders(c, made.list_id, request->delivery_date, &reply->orders, &reply->held);
    emit_list_closed(c, .list_id = made.list_id, .delivery_date = request->delivery_date,
                     .orders = reply->orders);
    return has_failed(c) ? -1 : 0;
}

/* Closes one branch's list of a date; a list that is closed already takes the order that was placed while it closed. */
static void close_due(struct call *c, int32_t date)
{
    struct list_insert made;
    struct list_of closed;
    int64_t orders, held;

    if (db_list_insert(c, &made, .list_id = call_id(c), .delivery_date = date)) {
        take_orders(c, made.list_id, date, &orders, &held);
        emit_list_closed(c, .list_id = made.list_id, .delivery_date = date, .orders = orders);
    } else if (db_list_of(c, &closed, .delivery_date = date)) {
        take_orders(c, closed.list_id, date, &orders, &held);
    }
}

int lists_run(struct call *c)
{
    enum { LISTS_AT_ONCE = 50 };
    struct list_waiting_list waiting = db_list_waiting(c, .limit = LISTS_AT_ONCE);
    bool closed_any = false;

    for (size_t i = 0; i < waiting.count && !has_failed(c); i++) {
        int32_t date = waiting.items[i].delivery_date;

        if (!call_enter_branch(c, waiting.items[i].of_branch_id))
            break;
        if (!order_is_late(c->now, date, setting_int(c, &dispatch_settings[SETTING_ORDER_CUTOFF])))
            continue;
        close_due(c, date);
        closed_any = true;
    }
    if (has_failed(c))
        return -1;
    return closed_any && waiting.count == LISTS_AT_ONCE ? JOB_AGAIN : 0;
}
