/* directory.c - reading people. */
#include "staff.h"

#include "service/page.h"

#include "base/banned.h"

/* Those of one's own branches, and those of headquarters, whom everybody may know. */
int person_read(struct call *c, const struct person_read_request *request,
                struct person_read_reply *reply)
{
    struct person_view row;

    if (!db_person_view(c, &row, .staff_id = request->staff_id))
        return fail(c, ERROR_NOT_FOUND, NULL);
    reply->person = (struct person_item){.staff_id = row.staff_id,
                                         .number = row.number,
                                         .name = row.name,
                                         .home_branch_id = row.home_branch_id,
                                         .department = row.department,
                                         .position = row.position,
                                         .rank = row.rank,
                                         .superior_id = row.superior_id,
                                         .status = row.status,
                                         .is_ready = row.is_ready,
                                         .joined_on = row.joined_on,
                                         .functions = function_list_of(c, (uint64_t)row.functions)};
    reply->sign_in_name = row.sign_in_name;
    reply->department_id = row.department_id;
    reply->region = row.region;
    reply->has_level = row.has_level;
    reply->level = row.level;
    reply->phone = row.phone;
    reply->superior = row.superior;
    return 0;
}

int person_list(struct call *c, const struct person_list_request *request,
                struct person_list_reply *reply)
{
    const int64_t limit = page_limit(request->has_limit, request->limit);
    struct person_list_rows_list rows = db_person_list_rows(
        c, .home_branch_id = request->home_branch_id, .has_bit = request->function != 0,
        .bit = INT64_C(1) << request->function, .status = request->status,
        .superior_id = request->superior_id, .search = request->search,
        .after = page_after(c, request->after), .limit = limit, PAGE_SORT(request));

    reply->items.items = arena_array(c->arena, struct person_item, rows.count);
    reply->items.count = rows.count;
    for (size_t i = 0; i < rows.count; i++) {
        const struct person_list_rows *row = &rows.items[i];
        reply->items.items[i] =
            (struct person_item){.staff_id = row->staff_id,
                                 .number = row->number,
                                 .name = row->name,
                                 .home_branch_id = row->home_branch_id,
                                 .department = row->department,
                                 .position = row->position,
                                 .rank = row->rank,
                                 .superior_id = row->superior_id,
                                 .status = row->status,
                                 .is_ready = row->is_ready,
                                 .joined_on = row->joined_on,
                                 .functions = function_list_of(c, (uint64_t)row->functions)};
    }
    reply->next = PAGE_NEXT(c, rows, staff_id, limit);
    return 0;
}
