/* people_events.c - keeps the copy of people, branches, deputies and calendars as staff tells it. */
#include "mechanisms.gen.h"
#include "service/deadline.h"

#include "base/banned.h"

int on_staff_branch_changed(struct call *c, const struct staff_branch_changed *event)
{
    db_people_branch_put(c, .office_id = event->branch_id, .parent_id = event->parent_id,
                         .head_id = event->company_id, .kind = staff_branch_kind_text(event->kind),
                         .code = event->code, .name = event->name, .is_active = event->is_active,
                         .version = event->version);
    return 0;
}

/* A service that hands over to the successor did so at staff.person.left, which comes first; what clocks are still the leaver's go to the
 * superior, so that none is left without an owner (S4). */
static void take_clocks(struct call *c, const struct staff_person_changed *event)
{
    if (event->status == STAFF_PERSON_STATUS_LEFT && !id_is_none(event->superior_id))
        deadline_hand_over(c, event->staff_id, event->superior_id);
}

int on_staff_person_changed(struct call *c, const struct staff_person_changed *event)
{
    uint64_t functions = 0;

    for (size_t i = 0; i < event->functions.count; i++)
        functions |= UINT64_C(1) << event->functions.items[i];
    db_people_person_put(c, .home_branch_id = event->home_branch_id, .staff_id = event->staff_id,
                         .number = event->number, .name = event->name, .position = event->position,
                         .department_id = event->department_id, .department = event->department,
                         .superior_id = event->superior_id, .functions = (int64_t)functions,
                         .status = staff_person_status_text(event->status),
                         .is_ready = event->is_ready, .joined_on = event->joined_on,
                         .version = event->version);
    take_clocks(c, event);
    return 0;
}

int on_staff_deputy_appointed(struct call *c, const struct staff_deputy_appointed *event)
{
    db_people_deputy_put(c, .staff_id = event->staff_id, .deputy_id = event->deputy_id,
                         .from_date = event->from_date, .until_date = event->until_date,
                         .version = event->version);
    return 0;
}

/* The clocks are computed again by the job `deadlines`, some at a time. */
int on_staff_calendar_changed(struct call *c, const struct staff_calendar_changed *event)
{
    for (size_t i = 0; i < event->days.count; i++) {
        const struct staff_calendar_change *day = &event->days.items[i];

        db_calendar_put(c, .of_branch_id = event->for_branch_id, .date = day->date,
                        .kind = staff_calendar_day_kind_text(day->kind), .name = day->name,
                        .version = event->version);
    }
    db_deadline_outdate(c, .of_branch_id = event->for_branch_id);
    return 0;
}
