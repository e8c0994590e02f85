/* template.c - contract templates: clauses with named fields, in versions (C4). */
#include "contracts.h"

#include "base/text.h"
#include "rules.h"
#include "service/page.h"

static bool is_listed(struct template_field_list fields, const char *name)
{
    for (size_t i = 0; i < fields.count; i++) {
        if (text_equal(fields.items[i].name, name))
            return true;
    }
    return false;
}

/* Every field named in a clause is listed; marks those that are. */
static void check_clause(struct call *c, const struct template_clause *clause, size_t at,
                         struct template_field_list fields, bool *is_used)
{
    struct text_list names;
    const char *path = call_print(c, "clauses[%zu].text", at);

    if (!template_names(c->arena, clause->text, &names)) {
        fail_at(c, path, ERROR_TEMPLATE_TEXT_INVALID, NULL);
        return;
    }
    for (size_t i = 0; i < names.count; i++) {
        if (!is_listed(fields, names.items[i]))
            fail_at(c, path, ERROR_TEMPLATE_FIELD_UNKNOWN, "%s", names.items[i]);
        for (size_t k = 0; k < fields.count; k++)
            is_used[k] = is_used[k] || text_equal(fields.items[k].name, names.items[i]);
    }
}

static bool check_template(struct call *c, struct template_clause_list clauses,
                           struct template_field_list fields)
{
    bool *is_used = arena_array(c->arena, bool, fields.count + 1);

    for (size_t i = 0; i < clauses.count && !has_failed(c); i++)
        check_clause(c, &clauses.items[i], i, fields, is_used);
    for (size_t i = 0; i < fields.count && !has_failed(c); i++) {
        struct template_field_list before = {.items = fields.items, .count = i};
        const char *path = call_print(c, "fields[%zu].name", i);

        if (is_listed(before, fields.items[i].name))
            fail_at(c, path, ERROR_TEMPLATE_FIELD_DOUBLED, "%s", fields.items[i].name);
        else if (!is_used[i])
            fail_at(c, path, ERROR_TEMPLATE_FIELD_UNUSED, "%s", fields.items[i].name);
    }
    return !has_failed(c);
}

static void write_text(struct call *c, struct id template_id, int64_t version,
                       struct template_clause_list clauses, struct template_field_list fields)
{
    for (size_t i = 0; i < clauses.count; i++)
        db_template_clause_insert(c, .template_id = template_id, .version = version,
                                  .clause = (int64_t)i + 1, .title = clauses.items[i].title,
                                  .text = clauses.items[i].text);
    for (size_t i = 0; i < fields.count; i++)
        db_template_field_insert(c, .template_id = template_id, .version = version,
                                 .field = (int64_t)i + 1, .name = fields.items[i].name,
                                 .label = fields.items[i].label);
}

int template_create(struct call *c, const struct template_create_request *request,
                    struct template_create_reply *reply)
{
    struct template_insert made;

    if (!headquarters_enter(c) || !check_template(c, request->clauses, request->fields))
        return -1;
    *reply = (struct template_create_reply){.template_id = call_id(c), .version = 1};
    if (!db_template_insert(c, &made, .template_id = reply->template_id, .code = request->code,
                            .name = request->name))
        return fail_at(c, "code", ERROR_TEMPLATE_CODE_TAKEN, "%s", request->code);
    write_text(c, reply->template_id, reply->version, request->clauses, request->fields);
    return 0;
}

int template_change(struct call *c, const struct template_change_request *request,
                    struct template_change_reply *reply)
{
    struct template_next next;

    if (!headquarters_enter(c) || !check_template(c, request->clauses, request->fields))
        return -1;
    if (!db_template_next(c, &next, .template_id = request->template_id, .name = request->name,
                          .is_active = request->is_active))
        return fail(c, ERROR_NOT_FOUND, NULL);
    write_text(c, request->template_id, next.version, request->clauses, request->fields);
    *reply = (struct template_change_reply){.template_id = request->template_id,
                                            .version = next.version};
    return 0;
}

int template_read(struct call *c, const struct template_read_request *request,
                  struct template_read_reply *reply)
{
    int64_t version;

    if (!db_template_find(c, &reply->template, .template_id = request->template_id))
        return fail(c, ERROR_NOT_FOUND, NULL);
    version = request->has_version ? request->version : reply->template.version;
    if (version > reply->template.version)
        return fail(c, ERROR_VERSION_UNKNOWN, "%lld", (long long)version);
    reply->clauses =
        db_template_clause_list(c, .template_id = request->template_id, .version = version);
    reply->fields =
        db_template_field_list(c, .template_id = request->template_id, .version = version);
    return 0;
}

int template_list(struct call *c, const struct template_list_request *request,
                  struct template_list_reply *reply)
{
    int64_t limit = page_limit(request->has_limit, request->limit);

    reply->items = db_template_list(c, .after = page_after(c, request->after), .limit = limit,
                                    PAGE_SORT(request));
    reply->next = PAGE_NEXT(c, reply->items, template_id, limit);
    return 0;
}
