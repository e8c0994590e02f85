/* page.h - lists come in pages of at most 200 rows; the cursor says where to go on (design 8). */
#ifndef SONGDA_SERVICE_PAGE_H
#define SONGDA_SERVICE_PAGE_H

#include "service/call.h"

enum { PAGE_DEFAULT = 50, PAGE_MOST = 200 };

int64_t page_limit(bool has_limit, int64_t limit);

/* The id behind a cursor made by page_next; none for no cursor. A cursor that is none fails the call with field_value at `after`. */
struct id page_after(struct call *c, const char *after);

/* What a list whose operation declares `sort` passes on to its statement: by which column, and whether downwards. */
#define PAGE_SORT(request) .sort = (request)->sort, .is_descending = (request)->is_descending

/* The cursor behind `last`, NULL when the page was not full. */
const char *page_next(struct call *c, struct id last, size_t count, int64_t limit);

/* The same behind the last row of a list of rows told apart by their field `id`:
 * reply->next = PAGE_NEXT(c, reply->items, rule_id, limit). */
#define PAGE_NEXT(c, list, id_field, limit)                                                        \
    page_next((c), (list).count == 0 ? (struct id){{0}} : (list).items[(list).count - 1].id_field, \
              (list).count, (limit))

#endif
