/* deadline_operations.c - the lists of clocks that every service shows, with the working minutes that are left. */
#include "base/text.h"
#include "mechanisms.gen.h"
#include "service/deadline_clock.h"
#include "service/page.h"

#include "base/banned.h"

/* A place in the list: the instant it is due and its id, "1763687400000000.0197…". */
struct place {
    int64_t due_at;
    struct id deadline_id;
};

static struct place place_after(struct call *c, const char *after)
{
    struct place place = {.due_at = 0};
    char *end = NULL;

    if (after == NULL || *after == '\0')
        return place;
    place.due_at = strtoll(after, &end, 10);
    if (place.due_at <= 0 || *end != '.' || !id_parse(end + 1, &place.deadline_id)) {
        fail_at(c, "after", ERROR_FIELD_VALUE, "next");
        return (struct place){.due_at = 0};
    }
    return place;
}

static const char *place_next(struct call *c, const struct deadline_item_list *list, int64_t limit)
{
    if (list->count < (size_t)limit)
        return NULL;
    const struct deadline_item *last = &list->items[list->count - 1];
    return call_print(c, "%lld.%s", (long long)last->due_at, id_print(c->arena, last->deadline_id));
}

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
    const struct place after = place_after(c, request->after);

    reply->items = db_deadline_list_of(
        c, .kind = request->kind,
        .owner_id =
            request->view == 0 || request->view == DEADLINE_VIEW_MINE ? c->actor.staff_id : none,
        .superior_id = request->view == DEADLINE_VIEW_TEAM ? c->actor.staff_id : none,
        .due_before = request->view == DEADLINE_VIEW_OVERDUE ? c->now : 0, .after_at = after.due_at,
        .after_id = after.deadline_id, .limit = limit);
    count_minutes(c, &reply->items);
    reply->next = place_next(c, &reply->items, limit);
    return 0;
}
