/* page.c - cursors of lists. */
#include "service/page.h"

extern const struct error error_field_value;

int64_t page_limit(bool has_limit, int64_t limit)
{
    return has_limit ? limit : PAGE_DEFAULT;
}

struct id page_after(struct call *c, const char *after)
{
    struct id id = {{0}};

    if (after != NULL && *after != '\0' && !id_parse(after, &id))
        fail_at(c, "after", &error_field_value, "next");
    return id;
}

const char *page_next(struct call *c, struct id last, size_t count, int64_t limit)
{
    return count < (size_t)limit ? NULL : id_print(c->arena, last);
}
