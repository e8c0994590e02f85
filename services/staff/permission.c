/* permission.c - the table of who may do what, as the contract of all services says it. */
#include "permission.h"

#include "base/text.h"
#include "staff.h"

#include "base/banned.h"

int permission_list(struct call *c, const struct permission_list_request *request,
                    struct permission_list_reply *reply)
{
    size_t count = 0;

    while (all_permissions[count].name != NULL)
        count++;
    reply->items.items = arena_array(c->arena, struct permission_item, count);
    for (size_t i = 0; i < count; i++) {
        const struct permission_words *permission = &all_permissions[i];
        if (request->service != NULL && !text_equal(request->service, permission->service))
            continue;
        reply->items.items[reply->items.count++] =
            (struct permission_item){.permission = permission->name,
                                     .zh = permission->zh,
                                     .en = permission->en,
                                     .functions = function_list_of(c, permission->functions)};
    }
    return 0;
}
