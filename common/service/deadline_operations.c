/* deadline_operations.c - the lists of clocks that every service shows, with the working minutes that are left. */
#include "base/text.h"
#include "mechanisms.gen.h"
#include "service/deadline_clock.h"
#include "service/page.h"

#include "base/banned.h"

/* The rows bring what was left when a clock was paused; for the others it is counted now. */
static void count_minutes(struct call *c, struct deadline_item_list *list)
{
    const struct calendar *calendar = NULL;
    struct id branch_id = {{0}};

    for (size_t i = 0; i < list->count; i++) {
        struct deadline_item *item = &list->items[i];
        if (calendar == NULL || !id_equal(branch_id, item->branch_id)) {
            branch_id = item->branch_id;
            calendar = deadline_calendar(c, branch_id);
        }
        if (item->status == DEADLINE_STATUS_RUNNING)
            item->minutes_left = calendar_minutes_between(calendar, c->now, item->due_at);
    }
}

int operation_deadline_list(struct call *c, const struct deadline_list_request *request,
                            struct deadline_list_reply *reply)
{
    const struct id none = {{0}};
    const int64_t limit = page_limit(request->has_limit, request->limit);

    reply->items = db_deadline_list_of(
        c, .kind = request->kind,
        .owner_id =
            request->view == 0 || request->view == DEADLINE_VIEW_MINE ? c->actor.staff_id : none,
        .superior_id = request->view == DEADLINE_VIEW_TEAM ? c->actor.staff_id : none,
        .due_before = request->view == DEADLINE_VIEW_OVERDUE ? c->now : 0,
        .after = page_after(c, request->after), .limit = limit,
        .sort = request->sort != 0 ? request->sort : DEADLINE_LIST_SORT_DUE_AT,
        .is_descending = request->is_descending);
    count_minutes(c, &reply->items);
    reply->next = PAGE_NEXT(c, reply->items, deadline_id, limit);
    return 0;
}
