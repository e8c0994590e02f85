/* ladder.c - which measure an offence calls for, from the rule and the record of the person (P2):
 * no reading, no writing. */
#include "discipline.h"

#include <string.h>

#include "base/clock.h"
#include "base/money.h"

int64_t ladder_offence(const struct record_item_list *record, int64_t at, int64_t window_days)
{
    int64_t offence = 1;

    for (size_t i = 0; i < record->count; i++) {
        const struct record_item *item = &record->items[i];

        if (item->status != CASE_STATUS_CLOSED && item->measure != MEASURE_NONE &&
            item->occurred_at <= at && item->occurred_at > at - window_days * CLOCK_DAY)
            offence++;
    }
    return offence;
}

static const struct rule_step *step_for(const struct rule_step_list *steps, int64_t offence)
{
    const struct rule_step *found = NULL;

    for (size_t i = 0; i < steps->count; i++) {
        if (steps->items[i].from_offence <= offence &&
            (found == NULL || steps->items[i].from_offence > found->from_offence))
            found = &steps->items[i];
    }
    return found;
}

struct proposal ladder_propose(const struct rule_step_list *particular,
                               const struct rule_step_list *general, int64_t offence)
{
    const struct rule_step *step = step_for(particular, offence);
    struct proposal proposal = {.offence = offence, .measure = MEASURE_NONE};

    proposal.is_particular = step != NULL;
    if (step == NULL)
        step = step_for(general, offence);
    if (step == NULL)
        return proposal;
    proposal.measure = step->measure;
    proposal.points = step->has_points ? step->points : 0;
    proposal.money_min = step->has_money_min ? step->money_min : 0;
    proposal.money_max = step->has_money_max ? step->money_max : proposal.money_min;
    return proposal;
}

bool choice_is_whole(const struct choice *choice)
{
    return (choice->measure == MEASURE_FINE) == (choice->money > 0) &&
           (choice->measure == MEASURE_POINTS) == (choice->points > 0);
}

bool choice_deviates(const struct choice *choice, const struct proposal *proposal)
{
    if (choice->measure != proposal->measure)
        return true;
    if (choice->measure == MEASURE_FINE)
        return choice->money < proposal->money_min || choice->money > proposal->money_max;
    return choice->measure == MEASURE_POINTS && choice->points != proposal->points;
}

bool choice_equals(const struct choice *a, const struct choice *b)
{
    return a->measure == b->measure && a->money == b->money && a->points == b->points;
}

bool measure_needs_two(enum measure measure)
{
    return measure == MEASURE_FINE || measure == MEASURE_DISMISSAL;
}

bool choice_settle(const struct choice *choice, bool takes_money, int64_t yuan_points,
                   struct settlement *settlement)
{
    int64_t points = 0;

    *settlement = (struct settlement){.points = choice->points};
    if (takes_money) {
        settlement->money = choice->money;
        return true;
    }
    return money_part(choice->money, yuan_points, 100, &points) &&
           money_add(choice->points, points, &settlement->points);
}

int64_t fine_room(int64_t monthly_wage, int64_t cap_percent, int64_t minimum, int64_t taken)
{
    int64_t room = 0, above = monthly_wage - minimum;

    if (!money_part(monthly_wage, cap_percent, 100, &room))
        return 0;
    room = (room < above ? room : above) - taken;
    return room > 0 ? room : 0;
}

size_t steps_check(const struct rule_step_list *steps)
{
    for (size_t i = 0; i < steps->count; i++) {
        const struct rule_step *step = &steps->items[i];
        bool is_fine = step->measure == MEASURE_FINE, is_points = step->measure == MEASURE_POINTS;

        if (i > 0 && step->from_offence <= steps->items[i - 1].from_offence)
            return i;
        if (!is_fine && (step->has_money_min || step->has_money_max))
            return i;
        if (!is_points && step->has_points)
            return i;
        if (step->has_money_max && (!step->has_money_min || step->money_max < step->money_min))
            return i;
    }
    return steps->count;
}

/* "[X]" as the policies write it, in half or full width, or a line to be filled in. */
static bool has_blank(const char *text)
{
    static const char *const blanks[] = {"[X]", "[x]", "【X】", "［X］", "[ ]", "____"};

    for (size_t i = 0; text != NULL && i < sizeof(blanks) / sizeof(*blanks); i++) {
        if (strstr(text, blanks[i]) != NULL)
            return true;
    }
    return false;
}

const char *open_figure(const struct figures *figures)
{
    if (has_blank(figures->text_zh))
        return "text_zh";
    if (has_blank(figures->text_en))
        return "text_en";
    if (has_blank(figures->requires))
        return "requires";
    if (!figures->has_repeat_days)
        return "repeat_days";
    for (size_t i = 0; i < figures->steps->count; i++) {
        const struct rule_step *step = &figures->steps->items[i];

        if (step->measure == MEASURE_FINE && (!step->has_money_min || step->money_min == 0))
            return "steps.money_min";
        if (step->measure == MEASURE_POINTS && (!step->has_points || step->points == 0))
            return "steps.points";
    }
    return NULL;
}
