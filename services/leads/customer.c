/* customer.c - the customer's file: intake by form, card, list, changes. */
#include "leads.h"

#include <string.h>

#include "base/text.h"
#include "service/number.h"
#include "service/page.h"
#include "service/people.h"

bool customer_take(struct call *c, struct id customer_id, struct customer_lock *customer)
{
    if (!db_customer_lock(c, customer, .customer_id = customer_id)) {
        fail(c, ERROR_NOT_FOUND, NULL);
        return false;
    }
    return call_enter_branch(c, customer->branch_id);
}

bool customer_is_workable(struct call *c, const struct customer_lock *customer)
{
    if (id_is_none(customer->owner_id) || id_equal(customer->owner_id, c->actor.staff_id) ||
        is_system(c) || may(c, PERMISSION_LEADS_LEAD_MANAGE))
        return true;
    fail(c, ERROR_LEAD_OWNED_BY_OTHER, NULL);
    return false;
}

void customer_announce(struct call *c, const struct customer_lock *customer)
{
    emit_customer_changed(
        c, .customer_id = customer->customer_id, .number = customer->number, .name = customer->name,
        .class = customer->class, .stage = customer->stage, .owner_id = customer->owner_id,
        .phone = customer->phone, .contact = customer->contact, .is_locked = customer->is_locked);
}

static const char *search_pattern(struct call *c, const char *search)
{
    const char *folded = search == NULL ? NULL : text_fold(c->arena, search);

    if (folded == NULL || *folded == '\0')
        return NULL;
    return call_print(c, "%%%s%%", folded);
}

int customer_create(struct call *c, const struct customer_create_request *request,
                    struct customer_create_reply *reply)
{
    struct intake intake = {.name = request->name,
                            .licence_number = request->licence_number,
                            .contact = request->contact,
                            .address = request->address,
                            .source = request->source,
                            .class = request->class,
                            .competitor = request->competitor,
                            .consumption = request->consumption,
                            .has_consent = request->has_has_consent && request->has_consent,
                            .tags = request->tags};
    struct same_customer same;
    struct new_customer made;
    struct id owner_id = {{0}};

    if (request->phone == NULL && request->licence_number == NULL && request->address == NULL)
        return fail_at(c, "phone", ERROR_CONTACT_WAY_MISSING, NULL);
    if (request->phone != NULL &&
        (intake.phone = phone_normalise(c->arena, request->phone)) == NULL)
        return fail_at(c, "phone", ERROR_PHONE_INVALID, NULL);
    if (customer_find_same(c, &intake, &same))
        return refuse_taken(c, same.customer_id, same.branch_id);
    if (has_function(c, FUNCTION_REPRESENTATIVE) || has_function(c, FUNCTION_TELESALES)) {
        if (!owner_take_lead(c, c->actor.staff_id))
            return -1;
        owner_id = c->actor.staff_id;
    }
    if (!customer_add(c, &intake, owner_id, &made))
        return has_failed(c) ? -1 : refuse_taken(c, made.same.customer_id, made.same.branch_id);
    *reply = (struct customer_create_reply){.customer_id = made.customer_id,
                                            .number = made.number,
                                            .stage = CUSTOMER_STAGE_LEAD,
                                            .owner_id = owner_id};
    return 0;
}

static struct customer_address_list addresses_of(struct call *c, struct id customer_id)
{
    struct address_list_list rows = db_address_list(c, .customer_id = customer_id);
    struct customer_address_list list = {
        .items = arena_array(c->arena, struct customer_address, rows.count + 1),
        .count = rows.count};

    for (size_t i = 0; i < rows.count; i++) {
        const struct address_list *row = &rows.items[i];
        struct time_window *windows =
            arena_array(c->arena, struct time_window, row->windows_from.count + 1);

        for (size_t k = 0; k < row->windows_from.count && k < row->windows_to.count; k++)
            windows[k] = (struct time_window){.from_minute = row->windows_from.items[k],
                                              .to_minute = row->windows_to.items[k]};
        list.items[i] = (struct customer_address){
            .address_id = row->address_id,
            .label = row->label,
            .address = row->address,
            .contact = row->contact,
            .phone = row->phone,
            .has_latitude_e7 = row->has_latitude_e7,
            .latitude_e7 = row->latitude_e7,
            .has_longitude_e7 = row->has_longitude_e7,
            .longitude_e7 = row->longitude_e7,
            .windows = {.items = windows, .count = row->windows_from.count},
            .service_minutes = row->service_minutes,
            .is_active = row->is_active};
    }
    return list;
}

int customer_read(struct call *c, const struct customer_read_request *request,
                  struct customer_read_reply *reply)
{
    struct customer_card card;

    if (!db_customer_card(c, &card, .customer_id = request->customer_id))
        return fail(c, ERROR_NOT_FOUND, NULL);
    *reply = (struct customer_read_reply){.customer_id = card.customer_id,
                                          .number = card.number,
                                          .name = card.name,
                                          .class = card.class,
                                          .stage = card.stage,
                                          .owner_id = card.owner_id,
                                          .owner_name = card.owner_name,
                                          .phone = card.phone,
                                          .contact = card.contact,
                                          .licence_number = card.licence_number,
                                          .source = card.source,
                                          .exclusion = card.exclusion,
                                          .competitor = card.competitor,
                                          .consumption = card.consumption,
                                          .equipment = card.equipment,
                                          .has_consent = card.has_consent,
                                          .tags = card.tags,
                                          .is_locked = card.is_locked,
                                          .last_activity_at = card.last_activity_at,
                                          .created_at = card.created_at,
                                          .addresses = addresses_of(c, request->customer_id)};
    return 0;
}

int customer_unmask(struct call *c, const struct customer_unmask_request *request,
                    struct customer_unmask_reply *reply)
{
    struct customer_read_reply card;

    _Static_assert(sizeof(card) == sizeof(*reply), "the card is the same, in clear");
    if (customer_read(c, &(struct customer_read_request){.customer_id = request->customer_id},
                      &card) != 0)
        return -1;
    memcpy(reply, &card, sizeof(card));
    return 0;
}

int customer_list(struct call *c, const struct customer_list_request *request,
                  struct customer_list_reply *reply)
{
    int64_t limit = page_limit(request->has_limit, request->limit);
    struct id after = page_after(c, request->after);

    reply->items = db_customer_list(c, .after = after, .owner_id = request->owner_id,
                                    .is_pool = request->has_is_pool && request->is_pool,
                                    .stage = request->stage, .class = request->class,
                                    .search = search_pattern(c, request->search), .limit = limit,
                                    PAGE_SORT(request));
    reply->next = PAGE_NEXT(c, reply->items, customer_id, limit);
    return 0;
}

/* Moves a key of L4 from the old value to the new one; false and the call has failed when somebody else has it. */
static bool rekey(struct call *c, const char *kind, const struct customer_lock *customer,
                  const char *old, const char *new)
{
    struct customer_key_take taken;

    if (new == NULL || (old != NULL && strcmp(old, new) == 0))
        return true;
    if (!db_customer_key_take(c, &taken, .kind = kind, .value = new,
                              .customer_id = customer->customer_id))
        return false;
    if (!id_equal(taken.customer_id, customer->customer_id)) {
        refuse_taken(c, taken.customer_id, taken.customer_branch_id);
        return false;
    }
    if (old != NULL)
        db_customer_key_drop(c, .kind = kind, .value = old, .customer_id = customer->customer_id);
    return true;
}

int customer_change(struct call *c, const struct customer_change_request *request,
                    struct customer_change_reply *reply)
{
    struct customer_lock customer;
    const char *phone = NULL;

    if (request->phone != NULL && (phone = phone_normalise(c->arena, request->phone)) == NULL)
        return fail_at(c, "phone", ERROR_PHONE_INVALID, NULL);
    if (!customer_take(c, request->customer_id, &customer) || !customer_is_workable(c, &customer))
        return -1;
    if (!rekey(c, "phone", &customer, customer.phone, phone) ||
        !rekey(c, "licence", &customer, customer.licence_number, request->licence_number))
        return -1;
    if (phone != NULL)
        customer.phone = phone;
    if (request->licence_number != NULL)
        customer.licence_number = request->licence_number;
    if (request->contact != NULL)
        customer.contact = request->contact;
    if (request->competitor != NULL)
        customer.competitor = request->competitor;
    if (request->consumption != NULL)
        customer.consumption = request->consumption;
    if (request->equipment != NULL)
        customer.equipment = request->equipment;
    if (request->class != 0)
        customer.class = request->class;
    if (request->has_has_consent)
        customer.has_consent = request->has_consent;
    if (request->tags.items != NULL)
        customer.tags = request->tags;
    db_customer_update_file(c, .customer_id = customer.customer_id, .contact = customer.contact,
                            .phone = customer.phone, .licence_number = customer.licence_number,
                            .competitor = customer.competitor, .consumption = customer.consumption,
                            .equipment = customer.equipment, .has_consent = customer.has_consent,
                            .class = customer.class, .tags = customer.tags);
    customer_announce(c, &customer);
    reply->customer_id = customer.customer_id;
    return 0;
}

int customer_lock(struct call *c, const struct customer_lock_request *request,
                  struct customer_lock_reply *reply)
{
    struct customer_lock customer;

    if (!customer_take(c, request->customer_id, &customer))
        return -1;
    customer.is_locked = request->is_locked;
    db_customer_set_lock(c, .customer_id = customer.customer_id, .is_locked = request->is_locked);
    timeline_add(c, (struct timeline_line){.customer_id = customer.customer_id,
                                           .staff_id = c->actor.staff_id,
                                           .event = request->is_locked ? "leads.customer.locked"
                                                                       : "leads.customer.unlocked",
                                           .text = request->reason});
    customer_announce(c, &customer);
    reply->customer_id = customer.customer_id;
    return 0;
}

int funnel_read(struct call *c, const struct funnel_read_request *request,
                struct funnel_read_reply *reply)
{
    (void)request;
    reply->items = db_funnel_list(c);
    return has_failed(c) ? -1 : 0;
}
