/* lead.c - who works on a lead: screening, assignment, the pool, and the way back to it (L2, L3). */
#include "leads.h"

#include "service/people.h"

enum { DAY_SECONDS = 86400, JOB_ROWS = 100 };

bool owner_take_lead(struct call *c, struct id staff_id)
{
    struct person person;
    struct owner_load_take load;
    int64_t most = setting_int(c, lead_limit);

    if (!person_read(c, staff_id, &person) || !person.is_active ||
        !id_equal(person.branch_id, c->branch_id))
        fail_at(c, "owner_id", ERROR_OWNER_UNKNOWN, NULL);
    else if (!person.is_ready)
        fail(c, ERROR_OWNER_NOT_READY, NULL);
    else if (!db_owner_load_take(c, &load, .staff_id = staff_id, .most = most))
        fail(c, ERROR_LEAD_LIMIT_REACHED, "%lld", (long long)most);
    return !has_failed(c);
}

static void give_back(struct call *c, const struct customer_lock *customer)
{
    if (!id_is_none(customer->owner_id) && is_open_stage(customer->stage))
        db_owner_load_give(c, .staff_id = customer->owner_id);
}

/* Hands the lead from whoever has it to a new owner. */
static int change_owner(struct call *c, struct customer_lock *customer, struct id owner_id,
                        const char *reason)
{
    struct id from_id = customer->owner_id;

    if (is_open_stage(customer->stage)) {
        if (!owner_take_lead(c, owner_id))
            return -1;
        give_back(c, customer);
    }
    customer->owner_id = owner_id;
    db_customer_set_owner(c, .customer_id = customer->customer_id, .owner_id = owner_id);
    emit_lead_assigned(c, .customer_id = customer->customer_id, .owner_id = owner_id,
                       .from_id = from_id, .reason = reason);
    timeline_add(c, (struct timeline_line){.customer_id = customer->customer_id,
                                           .staff_id = owner_id,
                                           .event = "leads.lead.assigned",
                                           .text = reason});
    customer_announce(c, customer);
    return 0;
}

static void return_to_pool(struct call *c, struct customer_lock *customer, const char *reason)
{
    struct id from_id = customer->owner_id;

    give_back(c, customer);
    customer->owner_id = (struct id){{0}};
    db_customer_set_owner(c, .customer_id = customer->customer_id);
    emit_lead_returned(c, .customer_id = customer->customer_id, .from_id = from_id,
                       .reason = reason);
    timeline_add(c, (struct timeline_line){.customer_id = customer->customer_id,
                                           .staff_id = from_id,
                                           .event = "leads.lead.returned",
                                           .text = reason});
    customer_announce(c, customer);
}

static void set_stage(struct call *c, struct customer_lock *customer, enum customer_stage stage,
                      enum exclusion exclusion, const char *reason)
{
    enum customer_stage from = customer->stage;

    if (is_open_stage(from) && !is_open_stage(stage))
        give_back(c, customer);
    customer->stage = stage;
    if (stage == CUSTOMER_STAGE_EXCLUDED)
        customer->owner_id = (struct id){{0}};
    db_customer_set_stage(c, .customer_id = customer->customer_id, .stage = stage,
                          .exclusion = exclusion, .class = customer->class);
    emit_stage_moved(c, .customer_id = customer->customer_id, .from_stage = from, .to_stage = stage,
                     .staff_id = c->actor.staff_id, .reason = reason);
    timeline_add(c, (struct timeline_line){.customer_id = customer->customer_id,
                                           .staff_id = c->actor.staff_id,
                                           .event = "leads.stage.moved",
                                           .text = customer_stage_text(stage)});
    customer_announce(c, customer);
}

int lead_screen(struct call *c, const struct lead_screen_request *request,
                struct lead_screen_reply *reply)
{
    struct customer_lock customer;

    if ((request->class == 0) == (request->exclusion == 0))
        return fail_at(c, "class", ERROR_SCREENING_UNCLEAR, NULL);
    if (!customer_take(c, request->customer_id, &customer) || !customer_is_workable(c, &customer))
        return -1;
    if (customer.stage == CUSTOMER_STAGE_EXCLUDED)
        return fail(c, ERROR_LEAD_EXCLUDED, NULL);
    if (request->class != 0)
        customer.class = request->class;
    if (request->exclusion != 0)
        set_stage(c, &customer, CUSTOMER_STAGE_EXCLUDED, request->exclusion, request->note);
    else
        set_stage(c, &customer, customer.stage, 0, request->note);
    *reply =
        (struct lead_screen_reply){.customer_id = customer.customer_id, .stage = customer.stage};
    return 0;
}

int lead_reopen(struct call *c, const struct lead_reopen_request *request,
                struct lead_reopen_reply *reply)
{
    struct customer_lock customer;

    if (!customer_take(c, request->customer_id, &customer))
        return -1;
    if (customer.stage != CUSTOMER_STAGE_EXCLUDED)
        return fail(c, ERROR_LEAD_NOT_EXCLUDED, NULL);
    set_stage(c, &customer, CUSTOMER_STAGE_LEAD, 0, request->reason);
    *reply =
        (struct lead_reopen_reply){.customer_id = customer.customer_id, .stage = customer.stage};
    return 0;
}

int lead_assign(struct call *c, const struct lead_assign_request *request,
                struct lead_assign_reply *reply)
{
    struct customer_lock customer;

    if (!customer_take(c, request->customer_id, &customer))
        return -1;
    if (customer.stage == CUSTOMER_STAGE_EXCLUDED)
        return fail(c, ERROR_LEAD_EXCLUDED, NULL);
    if (!id_is_none(customer.owner_id) && request->reason == NULL)
        return fail_at(c, "reason", ERROR_REASON_MISSING, NULL);
    if (!id_equal(customer.owner_id, request->owner_id) &&
        change_owner(c, &customer, request->owner_id, request->reason) != 0)
        return -1;
    *reply = (struct lead_assign_reply){.customer_id = customer.customer_id,
                                        .owner_id = request->owner_id};
    return 0;
}

int lead_claim(struct call *c, const struct lead_claim_request *request,
               struct lead_claim_reply *reply)
{
    struct customer_lock customer;

    if (!customer_take(c, request->customer_id, &customer))
        return -1;
    if (customer.stage == CUSTOMER_STAGE_EXCLUDED)
        return fail(c, ERROR_LEAD_EXCLUDED, NULL);
    if (!id_is_none(customer.owner_id) && !id_equal(customer.owner_id, c->actor.staff_id))
        return refuse_taken(c, customer.customer_id, customer.branch_id);
    if (id_is_none(customer.owner_id) && change_owner(c, &customer, c->actor.staff_id, NULL) != 0)
        return -1;
    *reply = (struct lead_claim_reply){.customer_id = customer.customer_id,
                                       .owner_id = c->actor.staff_id};
    return 0;
}

int lead_release(struct call *c, const struct lead_release_request *request,
                 struct lead_release_reply *reply)
{
    struct customer_lock customer;

    if (!customer_take(c, request->customer_id, &customer) || !customer_is_workable(c, &customer))
        return -1;
    if (!id_is_none(customer.owner_id))
        return_to_pool(c, &customer, request->reason);
    reply->customer_id = customer.customer_id;
    return 0;
}

int stage_move(struct call *c, const struct stage_move_request *request,
               struct stage_move_reply *reply)
{
    struct customer_lock customer;

    if (!customer_take(c, request->customer_id, &customer) || !customer_is_workable(c, &customer))
        return -1;
    if (customer.stage == CUSTOMER_STAGE_EXCLUDED || request->stage == CUSTOMER_STAGE_EXCLUDED)
        return fail(c, ERROR_LEAD_EXCLUDED, NULL);
    if (customer.stage == request->stage)
        return fail(c, ERROR_STAGE_UNCHANGED, NULL);
    if (is_backward(customer.stage, request->stage) && request->reason == NULL)
        return fail_at(c, "reason", ERROR_REASON_MISSING, NULL);
    if (!is_open_stage(customer.stage) && is_open_stage(request->stage) &&
        !id_is_none(customer.owner_id) && !owner_take_lead(c, customer.owner_id))
        return -1;
    set_stage(c, &customer, request->stage, 0, request->reason);
    *reply =
        (struct stage_move_reply){.customer_id = customer.customer_id, .stage = customer.stage};
    return 0;
}

void stage_advance(struct call *c, struct id customer_id, enum customer_stage to)
{
    struct customer_lock customer;

    if (db_customer_lock(c, &customer, .customer_id = customer_id) &&
        customer.stage != CUSTOMER_STAGE_EXCLUDED && customer.stage < to)
        set_stage(c, &customer, to, 0, NULL);
}

static int return_idle_leads(struct call *c)
{
    int64_t before = c->now - setting_int(c, protection_days) * DAY_SECONDS * INT64_C(1000000);
    struct customer_without_activity_list idle = db_customer_without_activity(c, .before = before);
    struct customer_lock customer;

    for (size_t i = 0; i < idle.count; i++) {
        if (db_customer_lock(c, &customer, .customer_id = idle.items[i].customer_id))
            return_to_pool(c, &customer, "protection_days");
    }
    return idle.count == JOB_ROWS ? JOB_AGAIN : 0;
}

static int warn_of_return(struct call *c)
{
    int64_t days = setting_int(c, protection_days), warning = setting_int(c, warning_days);
    int64_t before = c->now - (days - warning) * DAY_SECONDS * INT64_C(1000000);
    struct customer_expiring_list expiring = db_customer_expiring(c, .before = before);

    for (size_t i = 0; i < expiring.count; i++) {
        const struct customer_expiring *lead = &expiring.items[i];

        db_customer_set_warned(c, .customer_id = lead->customer_id);
        emit_lead_expiring(
            c, .customer_id = lead->customer_id, .owner_id = lead->owner_id,
            .returns_on = date_of(lead->last_activity_at + days * DAY_SECONDS * INT64_C(1000000)));
    }
    return expiring.count == JOB_ROWS ? JOB_AGAIN : 0;
}

static int run_protection(struct call *c)
{
    return job_in_each_branch(c, return_idle_leads) | job_in_each_branch(c, warn_of_return);
}

const struct job leads_jobs[] = {
    {.name = "lead_protection", .period_seconds = 3600, .run = run_protection},
    {.name = NULL},
};
