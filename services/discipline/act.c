/* act.c - events of other services that tell of an act: each opens its cases once, with itself as
 * the evidence (P4, A7). */
#include "discipline.h"

#include "base/bytes.h"

enum { ACTS_AT_ONCE = 100 };

bool rule_binds(const struct rule_triggered *rule, int64_t functions)
{
    return rule->functions == 0 || (rule->functions & functions) != 0;
}

static size_t open_cases(struct call *c, const struct act_waiting *act, const struct person *person,
                         const struct rule_triggered_list *rules)
{
    size_t bound = 0;

    for (size_t i = 0; i < rules->count && !has_failed(c); i++) {
        struct new_case made;

        if (!rule_binds(&rules->items[i], person->functions))
            continue;
        bound++;
        case_begin(c,
                   &(struct case_about){.staff_id = act->staff_id,
                                        .rule = &rules->items[i],
                                        .occurred_at = act->occurred_at,
                                        .event = {.producer = act->producer,
                                                  .event = act->event,
                                                  .body = act->body,
                                                  .event_id = act->event_id,
                                                  .event_branch_id = act->branch_id,
                                                  .number = act->number,
                                                  .occurred_at = act->occurred_at,
                                                  .has_number = true}},
                   &made);
    }
    return bound;
}

/* Judged by the versions in force when it happened. An act whose person or branch staff has not told of yet waits. */
static void judge(struct call *c, const struct act_waiting *act)
{
    struct rule_triggered_list rules;
    struct person person;
    struct branch branch;
    const char *outcome;

    if (id_is_none(c->actor.company_id) || !person_read(c, act->staff_id, &person) ||
        !branch_read(c, person.branch_id, &branch) || !call_enter_branch(c, person.branch_id))
        return;
    rules = db_rule_triggered(c, .trigger = act->event, .at = act->occurred_at);
    if (rules.count == 0)
        outcome = "no_rule";
    else
        outcome = open_cases(c, act, &person, &rules) > 0 ? "opened" : "not_bound";
    db_act_set_outcome(c, .in_branch_id = act->branch_id, .event_id = act->event_id,
                       .staff_id = act->staff_id, .outcome = outcome);
}

int acts_run(struct call *c)
{
    struct act_waiting_list waiting = db_act_waiting(c);

    for (size_t i = 0; i < waiting.count && !has_failed(c); i++)
        judge(c, &waiting.items[i]);
    return 0;
}

static const char *json_of(struct call *c, const struct shape *shape, const void *event)
{
    struct buffer json;
    const char *text;

    buffer_init(&json);
    shape_json(shape, event, true, &json);
    text = arena_text(c->arena, buffer_text(&json));
    buffer_release(&json);
    return text;
}

static int receive(struct call *c, struct id staff_id, const struct shape *shape, const void *event)
{
    struct act_waiting act = {.branch_id = c->branch_id,
                              .event_id = c->cause->event_id,
                              .staff_id = staff_id,
                              .producer = c->cause->producer,
                              .number = c->cause->number,
                              .event = c->cause->event,
                              .occurred_at = c->now};
    struct act_insert inserted;

    act.body = json_of(c, shape, event);
    if (db_act_insert(c, &inserted, .event_id = act.event_id, .staff_id = staff_id,
                      .producer = act.producer, .number = act.number, .event = act.event,
                      .occurred_at = act.occurred_at, .body = act.body))
        judge(c, &act);
    return has_failed(c) ? -1 : 0;
}

int on_contracts_contract_filed_late(struct call *c,
                                     const struct contracts_contract_filed_late *event)
{
    return receive(c, event->staff_id, &contracts_contract_filed_late_shape, event);
}

int on_contracts_price_floor_breached(struct call *c,
                                      const struct contracts_price_floor_breached *event)
{
    return receive(c, event->staff_id, &contracts_price_floor_breached_shape, event);
}

int on_collection_cash_short(struct call *c, const struct collection_cash_short *event)
{
    return receive(c, event->driver_id, &collection_cash_short_shape, event);
}

int on_collection_cash_kept_overnight(struct call *c,
                                      const struct collection_cash_kept_overnight *event)
{
    return receive(c, event->driver_id, &collection_cash_kept_overnight_shape, event);
}

int on_leads_visit_report_missed(struct call *c, const struct leads_visit_report_missed *event)
{
    return receive(c, event->staff_id, &leads_visit_report_missed_shape, event);
}

int on_leads_poaching_attempted(struct call *c, const struct leads_poaching_attempted *event)
{
    return receive(c, event->staff_id, &leads_poaching_attempted_shape, event);
}

int on_aftersales_complaint_received(struct call *c,
                                     const struct aftersales_complaint_received *event)
{
    return receive(c, event->about_staff_id, &aftersales_complaint_received_shape, event);
}

int on_dispatch_route_differed(struct call *c, const struct dispatch_route_differed *event)
{
    return receive(c, event->driver_id, &dispatch_route_differed_shape, event);
}

int on_collection_number_missed(struct call *c, const struct collection_number_missed *event)
{
    return receive(c, event->holder_id, &collection_number_missed_shape, event);
}

int on_dispatch_number_missed(struct call *c, const struct dispatch_number_missed *event)
{
    return receive(c, event->holder_id, &dispatch_number_missed_shape, event);
}
