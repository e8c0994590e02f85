/* audit.c - who did what: one row for each write, and reading them again (policy S9). */
#include "base/text.h"
#include "service/lane.h"
#include "service/page.h"
#include "service/request.h"
#include "service/service.h"

#include "base/banned.h"

static struct id id_in(const struct shape *shape, const void *value, const char *name)
{
    const struct field *field = shape_field(shape, name);

    if (field == NULL || field->type != FIELD_ID || value == NULL)
        return (struct id){{0}};
    return *(const struct id *)(const void *)((const char *)value + field->offset);
}

/* What the schema names as the object: in the request, else in the reply. */
static struct id object_of(const struct request *request)
{
    const struct operation *operation = request->work.call.operation;

    if (!id_is_none(request->work.audit_object) || operation->object == NULL)
        return request->work.audit_object;
    if (shape_field(operation->request, operation->object) != NULL)
        return id_in(operation->request, request->value, operation->object);
    return id_in(operation->reply, request->reply, operation->object);
}

void audit_keep(struct request *request)
{
    struct work *work = &request->work;
    struct call *c = &work->call;
    const struct shape *shape = c->operation->request;
    const struct failure failure = c->failure;
    const void *value = without_secrets(c->arena, shape, request->value);

    c->failure.error = NULL; /* so that it is written */
    db_audit_insert(
        c, .branch = c->branch_id, .audit_id = call_id(c), .session_id = c->actor.session_id,
        .operation = c->operation->name, .object_id = object_of(request),
        .request = work_pack(work, shape, value, true), .before = work->audit_before,
        .outcome = failure.error == NULL ? "ok" : failure.error->name, .trace = c->trace);
    c->failure = failure;
}

static const struct operation *operation_called(const struct service *service, const char *name)
{
    for (const struct operation *o = service->operations; o->name != NULL; o++)
        if (text_equal(o->name, name))
            return o;
    return NULL;
}

/* The request as JSON; one of an operation that is gone, or of another form by now, as what it is: bytes nobody can read. */
static const char *request_json(struct call *c, const char *name, struct bytes packed)
{
    const struct operation *operation = operation_called(call_service(c), name);
    struct buffer *scratch = &c->work->lane->scratch;

    buffer_clear(scratch);
    if (operation == NULL ||
        !shape_json_of_packed(operation->request, packed, true, c->arena, scratch))
        return "null";
    return arena_text(c->arena, buffer_text(scratch));
}

int operation_audit_search(struct call *c, const struct audit_search_request *request,
                           struct audit_search_reply *reply)
{
    const int64_t limit = page_limit(request->has_limit, request->limit);
    struct audit_find_list found = db_audit_find(
        c, .staff_id = request->staff_id, .object_id = request->object_id,
        .operation = request->name, .from_at = request->from, .until_at = request->until,
        .after = request->before, .limit = limit, PAGE_SORT(request));

    reply->entries.items = arena_array(c->arena, struct audit_entry, found.count);
    for (size_t i = 0; i < found.count; i++) {
        const struct audit_find *row = &found.items[i];
        reply->entries.items[i] = (struct audit_entry){
            .branch_id = row->branch_id,
            .audit_id = row->audit_id,
            .at = row->at,
            .staff_id = row->staff_id,
            .operation = row->operation,
            .object_id = row->object_id,
            .request = request_json(c, row->operation, row->request),
            .before = row->before,
            .outcome = row->outcome,
            .trace = row->trace,
        };
    }
    reply->entries.count = found.count;
    if ((int64_t)found.count == limit)
        reply->next = found.items[found.count - 1].audit_id;
    return 0;
}
