/* decision.c - deciding a case: two for fines and dismissal, money only under the cap and after
 * notice (P2, P3, rulings). */
#include "discipline.h"

#include "base/clock.h"

/* The first day of today's month: fines count by month. */
static int32_t month_of(int32_t date)
{
    int year, month, day;

    date_civil(date, &year, &month, &day);
    return date_from_civil(year, month, 1);
}

/* The most that fines may add up to in the month, from what was given with the decision. */
static int64_t month_allows(struct call *c, const struct case_decide_request *request)
{
    return fine_room(request->monthly_wage, setting_int(c, fine_cap_percent),
                     setting_int(c, minimum_wage), 0);
}

/* Money is taken only where the minimum wage is known, the wage given, the person was told of the
 * rule before, and the month has room. */
static bool may_take(struct call *c, const struct case_decide_request *request,
                     const struct case_lock *taken, int64_t money)
{
    struct fine_month_find month = {.money = 0};
    struct rule_notified notified;

    if (setting_int(c, minimum_wage) == 0)
        fail(c, ERROR_MINIMUM_WAGE_OPEN, NULL);
    else if (!request->has_monthly_wage)
        fail_at(c, "monthly_wage", ERROR_WAGE_MISSING, NULL);
    else if (!db_rule_notified(c, &notified, .rule_id = taken->rule_id, .staff_id = taken->staff_id,
                               .before = taken->occurred_at))
        fail(c, ERROR_RULE_NOT_NOTIFIED, "%s", taken->rule_code);
    if (has_failed(c))
        return false;
    db_fine_month_find(c, &month, .staff_id = taken->staff_id, .month = month_of(c->today));
    int64_t room = month_allows(c, request) - month.money;
    if (money > room)
        fail_at(c, "money", ERROR_FINE_ABOVE_CAP, "%s", call_money(c, room > 0 ? room : 0));
    return !has_failed(c);
}

struct deciders {
    size_t count;
    bool has_general_manager;
};

/* The actor and those who chose the same before; other choices no longer stand. False: the actor
 * chose already. */
static bool join_deciders(struct call *c, const struct case_lock *taken,
                          const struct choice *choice, struct deciders *deciders)
{
    struct decision_standing_list standing = db_decision_standing(c, .case_id = taken->case_id);

    *deciders = (struct deciders){.count = 1,
                                  .has_general_manager = has_function(c, FUNCTION_GENERAL_MANAGER)};
    for (size_t i = 0; i < standing.count; i++) {
        const struct decision_standing *other = &standing.items[i];
        const struct choice theirs = {other->measure, other->nominal, other->points};

        if (!choice_equals(choice, &theirs)) {
            db_decision_set_aside(c, .case_id = taken->case_id);
            return true;
        }
        if (id_equal(other->decider_id, c->actor.staff_id)) {
            fail(c, ERROR_DECIDER_SAME, NULL);
            return false;
        }
        deciders->count++;
        deciders->has_general_manager |= other->is_general_manager;
    }
    return true;
}

/* Books the money in its month; another case may have taken the room meanwhile. */
static bool take_money(struct call *c, const struct case_decide_request *request,
                       const struct case_lock *taken, int64_t money)
{
    struct fine_month_take booked;

    if (money == 0 ||
        db_fine_month_take(c, &booked, .staff_id = taken->staff_id, .month = month_of(c->today),
                           .amount = money, .most = month_allows(c, request)))
        return !has_failed(c);
    fail_at(c, "money", ERROR_FINE_ABOVE_CAP, "%s", call_money(c, 0));
    return false;
}

static int complete(struct call *c, const struct case_decide_request *request,
                    const struct case_lock *taken, const struct choice *choice,
                    struct case_decide_reply *reply)
{
    bool is_closed = choice->measure == MEASURE_NONE;

    if (!take_money(c, request, taken, reply->money))
        return -1;
    reply->is_complete = true;
    reply->status = is_closed ? CASE_STATUS_CLOSED : CASE_STATUS_DECIDED;
    if (!is_closed)
        reply->objection_due_at = deadline_start(
            c, .kind = "case_objection", .subject_id = taken->case_id, .owner_id = taken->staff_id,
            .working_days = setting_int(c, objection_days));
    db_case_set_decided(c, .case_id = taken->case_id, .status = reply->status,
                        .measure = choice->measure, .nominal = choice->money,
                        .points = reply->points, .money = reply->money,
                        .objection_due_at = reply->objection_due_at,
                        .fine_month = reply->money > 0 ? month_of(c->today) : 0);
    emit_case_decided(c, .case_id = taken->case_id, .staff_id = taken->staff_id,
                      .measure = measure_text(choice->measure), .points = reply->points,
                      .money = reply->money);
    return has_failed(c) ? -1 : 0;
}

/* A choice with the figures of the proposal where none are given, and a reason where it leaves it.
 */
static bool choose(struct call *c, const struct case_decide_request *request,
                   const struct case_lock *taken, struct choice *choice)
{
    struct record_item_list record;
    struct proposal proposal = case_proposal(c, taken, &record);

    return case_choose(c, &proposal, choice, request->reason);
}

int case_decide(struct call *c, const struct case_decide_request *request,
                struct case_decide_reply *reply)
{
    struct choice choice = {request->measure, request->money, request->points};
    struct settlement settlement;
    struct deciders deciders;
    struct case_lock taken;

    if (!case_take(c, request->case_id, CASE_STATUS_PROPOSED, CASE_STATUS_PROPOSED, &taken) ||
        !choose(c, request, &taken, &choice))
        return -1;
    if (!choice_settle(&choice, setting_int(c, money_measures) == 1,
                       setting_int(c, points_per_yuan), &settlement))
        return fail_at(c, "money", ERROR_OVERFLOW, NULL);
    if (settlement.money > 0 && !may_take(c, request, &taken, settlement.money))
        return -1;
    if (!join_deciders(c, &taken, &choice, &deciders))
        return -1;
    if (choice.measure == MEASURE_DISMISSAL && deciders.count > 1 && !deciders.has_general_manager)
        return fail(c, ERROR_GENERAL_MANAGER_MISSING, NULL);
    db_decision_insert(c, .case_id = taken.case_id, .decision_id = call_id(c),
                       .is_general_manager = has_function(c, FUNCTION_GENERAL_MANAGER),
                       .measure = choice.measure, .nominal = choice.money, .points = choice.points,
                       .has_monthly_wage = request->has_monthly_wage,
                       .monthly_wage = request->monthly_wage, .reason = request->reason);
    *reply = (struct case_decide_reply){.case_id = taken.case_id,
                                        .status = CASE_STATUS_PROPOSED,
                                        .points = settlement.points,
                                        .money = settlement.money};
    if (measure_needs_two(choice.measure) && deciders.count < 2)
        return 0;
    return complete(c, request, &taken, &choice, reply);
}
