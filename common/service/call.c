/* call.c - what a handler may do: fail, read, write, emit, name things. */
#include "service/call.h"

#include <stdarg.h>

#include "base/log.h"
#include "base/text.h"
#include "mechanisms.gen.h"
#include "service/lane.h"
#include "service/service.h"

#include "base/banned.h"

/* What was cut to fit may end in the middle of a character: that is no text, and no database takes it. */
static void drop_half_character(char *text)
{
    size_t len = strlen(text);

    for (int i = 0; i < 3 && len > 0 && !text_is_utf8(text, strlen(text)); i++)
        text[--len] = '\0';
}

static int fail_with(struct call *c, const char *field, const struct error *error,
                     const char *format, va_list arguments)
{
    char value[256];

    if (has_failed(c))
        return -1;
    c->failure = (struct failure){.error = error, .field = field};
    if (format != NULL) {
        vsnprintf(value, sizeof(value), format, arguments);
        drop_half_character(value);
        c->failure.value = arena_text(c->arena, value);
    }
    return -1;
}

int fail(struct call *c, const struct error *error, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    fail_with(c, NULL, error, format, arguments);
    va_end(arguments);
    return -1;
}

int fail_at(struct call *c, const char *field, const struct error *error, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    fail_with(c, arena_text(c->arena, field), error, format, arguments);
    va_end(arguments);
    return -1;
}

bool has_failed(const struct call *c)
{
    return c->failure.error != NULL;
}

void refusal_record(struct call *c)
{
    if (!has_failed(c) || c->work->is_recording || c->work->is_replayed || c->work->is_lost ||
        c->work->asked != NULL)
        return;
    work_drop(c->work);
    c->work->is_recording = true;
}

struct id call_id(struct call *c)
{
    return id_make(c->now);
}

const char *call_money(struct call *c, int64_t fen)
{
    return money_print(c->arena, fen);
}

const char *call_print(struct call *c, const char *format, ...)
{
    va_list arguments, again;

    if (format == NULL)
        die("call_print", "nothing to print");
    va_start(arguments, format);
    va_copy(again, arguments);
    int len = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (len < 0)
        die("call_print", "%s", format);
    char *text = arena_alloc(c->arena, (size_t)len + 1);
    vsnprintf(text, (size_t)len + 1, format, again);
    va_end(again);
    return text;
}

static bool is_in_scope(const struct call *c, struct id branch_id)
{
    for (size_t i = 0; i < c->actor.scope.count; i++)
        if (id_equal(c->actor.scope.items[i], branch_id))
            return true;
    return false;
}

bool call_enter_branch(struct call *c, struct id branch_id)
{
    if (has_failed(c))
        return false;
    if (!is_system(c) && !is_in_scope(c, branch_id)) {
        fail(c, ERROR_NOT_FOUND, NULL);
        return false;
    }
    c->branch_id = branch_id;
    if (is_system(c)) { /* the system sees what it works in */
        struct id *scope = arena_array(c->arena, struct id, 2);

        scope[0] = branch_id;
        scope[1] = c->actor.company_id;
        c->actor.scope = (struct id_list){.items = scope, .count = 2};
    }
    return true;
}

bool may(const struct call *c, const struct permission *permission)
{
    switch (permission->kind) {
    case ACCESS_FUNCTIONS:
        return is_system(c) || (c->actor.functions & permission->functions) != 0;
    case ACCESS_PUBLIC:
        return true;
    case ACCESS_SIGNED_IN:
        return !is_system(c);
    case ACCESS_SERVICE:
        return is_system(c);
    }
    return false;
}

bool has_function(const struct call *c, int function)
{
    return (c->actor.functions >> function & 1) != 0;
}

bool is_system(const struct call *c)
{
    return id_is_none(c->actor.staff_id);
}

const struct service *call_service(const struct call *c)
{
    return c->work->service;
}

/* A refused call does nothing more, unless it records the refusal. */
static bool is_closed(const struct call *c)
{
    return has_failed(c) && !c->work->is_recording;
}

static struct step *queue(struct call *c, const struct statement *statement, const void *arguments)
{
    struct work *work = c->work;
    struct step *step = arena_new(c->arena, struct step);
    const struct sql_context context = {
        .branch_id = c->branch_id,
        .company_id = c->actor.company_id,
        .actor_id = c->actor.staff_id,
        .scope = c->actor.scope,
        .now = c->now,
        .today = c->today,
    };

    step->work = work;
    step->prepared = database_find(work->lane->database, statement);
    step->values = arena_array(c->arena, struct sql_bytes, statement->parameter_count + 1);
    for (size_t i = 0; i < statement->parameter_count; i++)
        step->values[i] = sql_encode(&statement->parameters[i], arguments, &context, c->arena);
    *work->last = step;
    work->last = &step->next;
    return step;
}

/* Others run meanwhile. False: there is no answer, because the call failed or the batch was rolled back. */
static bool wait_for(struct work *work, struct step *step)
{
    if (work->asks_ahead) {
        work->lookup = step;
        return false;
    }
    work->waiting = step;
    fiber_suspend(&work->lane->fibers);
    work->waiting = NULL;
    return !has_failed(&work->call);
}

void call_ask_along(struct call *c)
{
    c->work->asks_along = true;
}

bool call_read_one(struct call *c, const struct statement *statement, const void *arguments,
                   void *row)
{
    const bool is_along = c->work->asks_along;

    c->work->asks_along = false;
    memset(row, 0, statement->row_size);
    if (has_failed(c))
        return false;
    struct step *step = queue(c, statement, arguments);
    step->row = row;
    return !is_along && wait_for(c->work, step) && step->is_found;
}

void call_read_many(struct call *c, const struct statement *statement, const void *arguments,
                    void **rows, size_t *count)
{
    *rows = NULL;
    *count = 0;
    if (has_failed(c))
        return;
    struct step *step = queue(c, statement, arguments);
    step->rows = rows;
    step->count = count;
    if (!wait_for(c->work, step)) {
        *rows = NULL;
        *count = 0;
    }
}

void call_write(struct call *c, const struct statement *statement, const void *arguments,
                size_t size)
{
    (void)size;
    if (!is_closed(c))
        queue(c, statement, arguments);
}

static struct id aggregate_of(const struct event_type *event, const void *body)
{
    if (event->aggregate == NULL)
        return (struct id){{0}};
    const struct field *field = shape_field(event->body, event->aggregate);
    if (field == NULL || field->type != FIELD_ID)
        die("event", "%s has no id %s", event->name, event->aggregate);
    return *(const struct id *)(const void *)((const char *)body + field->offset);
}

void call_emit(struct call *c, const struct event_type *event, const void *body)
{
    struct work *work = c->work;

    if (is_closed(c))
        return;
    struct emitted *emitted = arena_new(c->arena, struct emitted);
    *emitted = (struct emitted){
        .branch_id = c->branch_id,
        .event_id = call_id(c),
        .actor_id = c->actor.staff_id,
        .aggregate_id = aggregate_of(event, body),
        .event = event,
        .occurred_at = c->now,
        .body = work_pack(work, event->body, body, false),
        .trace = c->trace,
    };
    *work->events_end = emitted;
    work->events_end = &emitted->next;
    work->event_count++;
}

void audit_before(struct call *c, const struct shape *shape, const void *value)
{
    if (is_closed(c))
        return;
    struct buffer *scratch = &c->work->lane->scratch;
    buffer_clear(scratch);
    shape_json(shape, value, true, scratch);
    c->work->audit_before = arena_text(c->arena, buffer_text(scratch));
}

void audit_object(struct call *c, struct id object_id)
{
    c->work->audit_object = object_id;
}
