/* delivery.c - goods are handed over and confirmed by the customer, or were not (D6, B8). */
#include "base/money.h"
#include "base/text.h"
#include "delivery_rules.h"
#include "dispatch.h"

bool proof_check(struct call *c, const struct delivery_proof *proof)
{
    if (proof->kind == PROOF_KIND_CODE ? proof->code != NULL : proof->data.len > 0)
        return true;
    fail_at(c, proof->kind == PROOF_KIND_CODE ? "proof.code" : "proof.data", ERROR_PROOF_MISSING,
            NULL);
    return false;
}

/* What is delivered, line by line as it was ordered. */
struct handover {
    struct delivery_wanted_list wanted;
    struct priced_line_list lines;
    const char **reasons;
    int64_t amount;
    int64_t percent; /* of the order, above which it is an outlier */
    bool is_outlier;
};

static const struct delivered_item *item_of(const struct delivery_confirm_request *request,
                                            struct id product_id)
{
    for (size_t i = 0; i < request->lines.count; i++)
        if (id_equal(request->lines.items[i].product_id, product_id))
            return &request->lines.items[i];
    return NULL;
}

/* Every delivered product was ordered, and once. */
static bool check_items(struct call *c, const struct delivery_confirm_request *request,
                        const struct delivery_wanted_list *wanted)
{
    for (size_t i = 0; i < request->lines.count; i++) {
        struct id product_id = request->lines.items[i].product_id;
        size_t at = 0;

        if (item_of(request, product_id) != &request->lines.items[i])
            return refuse(c, call_print(c, "lines[%zu].product_id", i), ERROR_PRODUCT_DOUBLED,
                          NULL);
        while (at < wanted->count && !id_equal(wanted->items[at].product_id, product_id))
            at++;
        if (at == wanted->count)
            return refuse(c, call_print(c, "lines[%zu].product_id", i), ERROR_PRODUCT_NOT_ORDERED,
                          NULL);
    }
    return true;
}

static bool take_line(struct call *c, const struct delivery_confirm_request *request,
                      struct handover *handover, size_t at)
{
    const struct delivery_wanted *wanted = &handover->wanted.items[at];
    const struct delivered_item *item = item_of(request, wanted->product_id);
    const char *name = product_name(c, wanted->product, wanted->product_id);

    if (item == NULL)
        return refuse(c, "lines", ERROR_LINE_MISSING, "%s", name);
    if (item->quantity != wanted->quantity && item->reason == NULL)
        return refuse(c, "lines", ERROR_REASON_NEEDED, "%s", name);
    if (delivery_is_outlier(item->quantity, wanted->quantity, wanted->on_truck,
                            handover->percent)) {
        if (!request->confirm_outlier)
            return refuse(c, "lines", ERROR_QUANTITY_OUTLIER, "%s", name);
        handover->is_outlier = true;
    }
    handover->reasons[at] = item->reason;
    handover->lines.items[at] = (struct priced_line){.product_id = wanted->product_id,
                                                     .quantity = item->quantity,
                                                     .price = wanted->price,
                                                     .tax_permille = wanted->tax_permille};
    if (!money_of(item->quantity, wanted->price, &handover->lines.items[at].amount) ||
        !money_add(handover->amount, handover->lines.items[at].amount, &handover->amount))
        return refuse(c, "lines", ERROR_OVERFLOW, NULL);
    return true;
}

static bool take_handover(struct call *c, const struct delivery_confirm_request *request,
                          const struct stop_lock *stop, struct handover *handover)
{
    int64_t quantity = 0;

    *handover = (struct handover){
        .wanted = db_delivery_wanted(c, .order_id = stop->order_id, .route_id = stop->route_id),
        .percent = setting_int(c, &dispatch_settings[SETTING_OUTLIER_PERCENT])};
    handover->lines.count = handover->wanted.count;
    handover->lines.items = arena_array(c->arena, struct priced_line, handover->lines.count + 1);
    handover->reasons = arena_array(c->arena, const char *, handover->lines.count + 1);
    if (!check_items(c, request, &handover->wanted))
        return false;
    for (size_t i = 0; i < handover->wanted.count; i++) {
        if (!take_line(c, request, handover, i))
            return false;
        quantity |= handover->lines.items[i].quantity;
    }
    return quantity != 0 || refuse(c, "lines", ERROR_NOTHING_DELIVERED, NULL);
}

/* Sent again: the same answer, and nothing happens (D6). */
static int answer_again(struct call *c, const struct delivery_confirm_request *request,
                        const struct stop_lock *stop, struct delivery_confirm_reply *reply)
{
    struct delivery_of_stop made;
    struct stop_customer customer = {0};

    if (!db_delivery_of_stop(c, &made, .stop_id = stop->stop_id))
        return fail(c, ERROR_NOT_FOUND, NULL);
    db_stop_customer(c, &customer, .customer_id = stop->customer_id);
    *reply = (struct delivery_confirm_reply){
        .delivery_id = made.delivery_id,
        .amount = made.amount,
        .is_first = made.is_first,
        .due = customer.due,
        .lines = db_delivery_lines_here(c, .delivery_id = made.delivery_id)};
    if (!delivery_is_same(request->lines, reply->lines))
        return fail(c, ERROR_DELIVERY_DIFFERS, NULL);
    return has_failed(c) ? -1 : 0;
}

/* A customer who was on hold at departure gets nothing until the hold ends (B6). What was handed over before a hold came stays a fact. */
static bool may_deliver(struct call *c, const struct delivery_confirm_request *request,
                        const struct stop_lock *stop, const struct stop_customer *customer,
                        const struct delivery_order *order)
{
    if (stop->route_status != ROUTE_STATUS_STARTED)
        return refuse(c, NULL, ERROR_ROUTE_NOT_STARTED, NULL);
    if (stop->is_held && customer->is_held)
        return refuse(c, NULL, ERROR_CUSTOMER_HELD, "%s", customer->customer);
    if (!proof_check(c, &request->proof))
        return false;
    if (request->proof.kind == PROOF_KIND_CODE && !text_equal(request->proof.code, order->code))
        return refuse(c, "proof.code", ERROR_CODE_WRONG, NULL);
    return true;
}

static void write_lines(struct call *c, const struct stop_lock *stop, struct id delivery_id,
                        const struct handover *handover)
{
    for (size_t i = 0; i < handover->lines.count; i++) {
        const struct priced_line *line = &handover->lines.items[i];

        db_delivery_line_insert(
            c, .delivery_id = delivery_id, .line = (int64_t)i + 1, .product_id = line->product_id,
            .ordered = handover->wanted.items[i].quantity, .quantity = line->quantity,
            .price = line->price, .tax_permille = line->tax_permille, .amount = line->amount,
            .reason = handover->reasons[i]);
    }
    for (size_t i = 0; i < handover->lines.count; i++)
        if (handover->lines.items[i].quantity > 0)
            db_route_goods_deliver(c, .route_id = stop->route_id,
                                   .product_id = handover->lines.items[i].product_id,
                                   .quantity = handover->lines.items[i].quantity);
    db_stop_deliver(c, .stop_id = stop->stop_id);
    db_order_deliver(c, .order_id = stop->order_id);
}

int delivery_confirm(struct call *c, const struct delivery_confirm_request *request,
                     struct delivery_confirm_reply *reply)
{
    struct stop_lock stop;
    struct stop_customer customer = {0};
    struct delivery_order order;
    struct customer_first_delivery first;
    struct handover handover;

    if (!stop_take(c, request->stop_id, &stop))
        return -1;
    if (stop.status == STOP_STATUS_DELIVERED)
        return answer_again(c, request, &stop, reply);
    if (stop.status == STOP_STATUS_FAILED)
        return fail(c, ERROR_STOP_DONE, NULL);
    db_stop_customer(c, &customer, .customer_id = stop.customer_id);
    if (!db_delivery_order(c, &order, .order_id = stop.order_id))
        return fail(c, ERROR_NOT_FOUND, NULL);
    if (!may_deliver(c, request, &stop, &customer, &order) ||
        !take_handover(c, request, &stop, &handover))
        return -1;
    *reply = (struct delivery_confirm_reply){
        .delivery_id = call_id(c),
        .amount = handover.amount,
        .lines = handover.lines,
        .due = customer.due,
        .is_first = db_customer_first_delivery(c, &first, .customer_id = stop.customer_id)};
    db_delivery_insert(c, .delivery_id = reply->delivery_id, .stop_id = stop.stop_id,
                       .order_id = stop.order_id, .route_id = stop.route_id,
                       .driver_id = stop.driver_id, .customer_id = stop.customer_id,
                       .contract_id = order.contract_id, .payment_term = order.payment_term,
                       .payment_days = order.payment_days, .amount = handover.amount,
                       .is_first = reply->is_first, .is_outlier = handover.is_outlier,
                       .proof_kind = request->proof.kind, .proof_data = request->proof.data,
                       .proof_code = request->proof.code, .signer = request->proof.signer,
                       .note = request->note, .happened_at = request->happened_at);
    write_lines(c, &stop, reply->delivery_id, &handover);
    emit_delivery_confirmed(
        c, .delivery_id = reply->delivery_id, .order_id = stop.order_id, .route_id = stop.route_id,
        .stop_id = stop.stop_id, .driver_id = stop.driver_id, .customer_id = stop.customer_id,
        .contract_id = order.contract_id, .delivered_on = c->today,
        .payment_term = order.payment_term, .payment_days = order.payment_days,
        .lines = handover.lines, .amount = handover.amount, .is_first = reply->is_first);
    return has_failed(c) ? -1 : 0;
}

int delivery_fail(struct call *c, const struct delivery_fail_request *request,
                  struct delivery_fail_reply *reply)
{
    struct stop_lock stop;

    if (!stop_take(c, request->stop_id, &stop))
        return -1;
    *reply =
        (struct delivery_fail_reply){.stop_id = stop.stop_id, .order_status = ORDER_STATUS_LISTED};
    if (stop.status == STOP_STATUS_FAILED)
        return stop.failure == request->failure ? 0 : fail(c, ERROR_DELIVERY_DIFFERS, NULL);
    if (stop.status == STOP_STATUS_DELIVERED)
        return fail(c, ERROR_STOP_DONE, NULL);
    if (stop.route_status != ROUTE_STATUS_STARTED)
        return fail(c, ERROR_ROUTE_NOT_STARTED, NULL);
    db_stop_fail(c, .stop_id = stop.stop_id, .failure = request->failure, .note = request->note);
    db_order_fail(c, .order_id = stop.order_id);
    emit_delivery_failed(c, .stop_id = stop.stop_id, .order_id = stop.order_id,
                         .route_id = stop.route_id, .driver_id = stop.driver_id,
                         .customer_id = stop.customer_id, .failure = request->failure,
                         .note = request->note);
    return has_failed(c) ? -1 : 0;
}
