/* papers_ask.c - asks, as the visitor, for what a paper is made of, one operation after another, and passes the answers on. */
#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "gateway.h"
#include "wire/routes.h"

#include "base/banned.h"

#define ROWS_PER_PAGE 200

static void answered(struct request *r)
{
    struct paper *paper = ((struct visit *)r->owner)->paper;

    paper->is_asking = false;
    paper->is_answered = true;
    paper->gateway->papers.has_work = true;
}

/* One value of a field as text; NULL: it is absent. */
static const char *field_text(struct arena *arena, const struct field *field, const void *value)
{
    const char *at = (const char *)value + field->offset;
    const struct id *id = (const void *)at;

    if (field->has_offset != SIZE_MAX && !*(const bool *)((const char *)value + field->has_offset))
        return NULL;
    switch (field->type) {
    case FIELD_ID:
        return id_is_none(*id) ? NULL : id_print(arena, *id);
    case FIELD_TEXT:
        return *(const char *const *)(const void *)at;
    case FIELD_INT:
        return arena_print(arena, "%" PRId64, *(const int64_t *)(const void *)at);
    case FIELD_DATE:
        return date_print(arena, *(const int32_t *)(const void *)at);
    case FIELD_BOOL:
    case FIELD_MONEY:
    case FIELD_PRICE:
    case FIELD_QUANTITY:
    case FIELD_TIME:
    case FIELD_BYTES:
    case FIELD_ENUM:
    case FIELD_OBJECT:
        return NULL;
    }
    return NULL;
}

/* A list in a reply: items and count, whatever the items are. */
struct any_list {
    const char *items;
    size_t count;
};

/* What stands at a path like contract.equipment.product_id, in the item `each` of a list on the way. */
static const char *reply_text(struct paper *paper, const struct paper_reply *reply,
                              const char *path)
{
    const struct shape *shape = reply->shape;
    const char *value = reply->value;

    for (;;) {
        size_t len = strcspn(path, ".");
        const struct field *field = shape_field(shape, arena_text_len(&paper->arena, path, len));

        if (!field)
            return NULL;
        if (path[len] == '\0')
            return field_text(&paper->arena, field, value);
        value += field->offset;
        shape = field->shape;
        if (field->is_list) {
            const struct any_list *list = (const void *)value;

            if (paper->each >= list->count)
                return NULL;
            value = list->items + paper->each * shape->size;
        }
        path += len + 1;
    }
}

static const char *source_text(struct paper *paper, const char *from)
{
    size_t len = strcspn(from, ".");

    if (paper->kind && text_equal(from, paper->kind->parameter))
        return paper->parameter;
    for (size_t i = 0; i < paper->query_count; i++) {
        if (text_equal(paper->query[i].name, from))
            return paper->query[i].text;
    }
    for (size_t i = 0; i < paper->reply_count; i++) {
        const struct paper_reply *reply = &paper->replies[i];

        if (from[len] == '.' && strlen(reply->ask) == len && memcmp(reply->ask, from, len) == 0)
            return reply_text(paper, reply, from + len + 1);
    }
    return NULL;
}

/* Whether the ask is repeated for each item of a list that an earlier reply has. */
static bool is_for_each(struct paper *paper)
{
    for (const struct paper_source *with = paper->ask->with; with->field; with++) {
        const char *first = strchr(with->from, '.'),
                   *second = first ? strchr(first + 1, '.') : NULL;

        for (size_t i = 0; second && i < paper->reply_count; i++) {
            const struct paper_reply *reply = &paper->replies[i];
            const char *list =
                arena_text_len(&paper->arena, first + 1, (size_t)(second - first - 1));
            const struct field *field = shape_field(reply->shape, list);

            if (strlen(reply->ask) == (size_t)(first - with->from) &&
                strncmp(reply->ask, with->from, strlen(reply->ask)) == 0 && field && field->is_list)
                return true;
        }
    }
    return false;
}

struct asking {
    struct paper *paper;
    const struct shape *shape;
    void *value;
    struct shape_error error;
};

static bool set(struct asking *asking, const char *name, const char *text)
{
    return shape_set_text(asking->shape, asking->value, name, text, &asking->paper->visit->r->arena,
                          &asking->error);
}

/* As many rows at a time as the operation gives. */
static bool set_page(struct asking *asking)
{
    const struct paper *paper = asking->paper;
    const struct field *limit = shape_field(asking->shape, "limit");
    const char *take = shape_field(asking->shape, "after") ? "after" : "before";
    char rows[24];

    if (paper->cursor && !set(asking, take, paper->cursor))
        return false;
    if (!paper->ask->pages || !limit)
        return true;
    snprintf(rows, sizeof(rows), "%" PRId64,
             limit->has_limits && limit->max < ROWS_PER_PAGE ? limit->max : (int64_t)ROWS_PER_PAGE);
    return set(asking, "limit", rows);
}

/* A list's own rows, which the visitor's query is for. */
static bool is_rows(const struct paper *paper)
{
    return !paper->kind && text_equal(paper->ask->name, "rows");
}

/* The request's fields from where papers.json says they come from; of a list they are what the visitor gave. */
static bool set_fields(struct asking *asking)
{
    struct paper *paper = asking->paper;

    for (const struct paper_source *with = paper->ask->with; with->field; with++) {
        const char *text = source_text(paper, with->from);

        if (text && !set(asking, with->field, text))
            return false;
    }
    for (size_t i = 0; is_rows(paper) && i < paper->query_count; i++) {
        if (!set(asking, paper->query[i].name, paper->query[i].text))
            return false;
    }
    return set_page(asking) && shape_check(asking->shape, asking->value, &asking->error);
}

/* Whether something is there to ask about: an absent id is none. */
static bool has_subject(struct paper *paper, const struct contract_operation *route)
{
    for (const struct paper_source *with = paper->ask->with; with->field; with++) {
        const struct field *field = shape_field(route->operation.request, with->field);

        if (field && !field->is_optional && !source_text(paper, with->from))
            return false;
    }
    return true;
}

static void take_clock(const struct paper *paper, struct request *r)
{
    const char *clock = http_header(paper->visit, "X-Songda-Clock");

    if (clock && paper->gateway->has_request_clock && instant_parse(clock, &r->ask.at))
        r->has_clock = true;
}

static void ask(struct paper *paper, const struct contract_operation *route)
{
    struct asking asking = {.paper = paper, .shape = route->operation.request};
    struct buffer packed = {0};
    struct request *r = http_open_request(paper->visit, route);

    r->started = clock_monotonic();
    r->deadline = r->started + REQUEST_TIME;
    r->finish = answered;
    paper->is_asking = true;
    take_clock(paper, r);
    asking.value = arena_alloc(&r->arena, asking.shape->size);
    if (!set_fields(&asking))
        return request_fail(r, asking.error.rule, arena_text(&r->arena, asking.error.value),
                            arena_text(&r->arena, asking.error.path));
    shape_pack(asking.shape, asking.value, false, &packed);
    r->ask.body = (struct bytes){arena_copy(&r->arena, packed.data, packed.len), packed.len};
    buffer_release(&packed);
    request_start(r);
}

static void next_ask(struct paper *paper)
{
    paper->ask++;
    paper->each = 0;
    paper->pages = 0;
    paper->cursor = NULL;
}

bool paper_ask_next(struct paper *paper)
{
    while (paper->ask->name) {
        const struct contract_operation *route =
            routes_operation(&paper->gateway->routes, paper->ask->operation);

        request_free(&paper->visit->r);
        if (has_subject(paper, route)) {
            ask(paper, route);
            return true;
        }
        next_ask(paper);
    }
    return false;
}

/* The reply as a value: out of MessagePack, or of the JSON where that was kept. */
static void *reply_value(struct request *r, struct arena *arena)
{
    const struct shape *shape = r->route->operation.reply;
    struct shape_error error;
    void *value = arena_alloc(arena, shape->size);

    if (r->json.len > 0
            ? shape_parse_json(shape, (const char *)r->json.data, r->json.len, arena, value, &error)
            : shape_unpack(shape, SHAPE_LENIENT, r->reply.body, arena, value, &error))
        return value;
    return NULL;
}

static bool append_line(struct paper *paper, struct request *r, bool is_cut)
{
    struct buffer *lines = &paper->lines;

    buffer_print(lines, "{\"ask\":\"%s\"%s,\"reply\":", paper->ask->name,
                 is_cut ? ",\"is_cut\":true" : "");
    if (r->json.len > 0)
        buffer_append(lines, r->json.data, r->json.len);
    else if (!shape_json_of_packed(r->route->operation.reply, r->reply.body, false, &r->arena,
                                   lines))
        return false;
    buffer_append_text(lines, "}\n");
    return true;
}

/* Where the next page begins; NULL: there is none, or nobody follows it. */
static const char *next_page(struct paper *paper, const struct request *r, const void *value)
{
    const struct field *next = shape_field(r->route->operation.reply, "next");
    const char *text = paper->ask->pages && next ? field_text(&paper->arena, next, value) : NULL;

    return text && *text ? arena_text(&paper->arena, text) : NULL;
}

/* What may be missing is left out when it is refused; what is not there at all cannot be. */
static bool is_left_out(const struct paper *paper, const struct request *r)
{
    return paper->ask->is_optional && r->error->status < 500;
}

static void remember(struct paper *paper, struct request *r)
{
    void *value = paper->kind && paper->pages == 0 && paper->each == 0 &&
                          paper->reply_count < PAPER_REPLIES_MAX
                      ? reply_value(r, &paper->arena)
                      : NULL;

    if (value)
        paper->replies[paper->reply_count++] = (struct paper_reply){
            .ask = paper->ask->name, .shape = r->route->operation.reply, .value = value};
}

bool paper_take_answer(struct paper *paper)
{
    struct request *r = paper->visit->r;
    const void *value;

    paper->is_answered = false;
    if (r->error && !is_left_out(paper, r))
        return false;
    if (r->error) {
        next_ask(paper);
        return true;
    }
    value = reply_value(r, &r->arena);
    paper->error = "internal";
    if (!value)
        return false;
    remember(paper, r);
    paper->cursor = next_page(paper, r, value);
    paper->pages++;
    if (!append_line(paper, r, paper->cursor && paper->pages >= paper->ask->pages))
        return false;
    paper->error = NULL;
    paper->has_answers = true;
    if (paper->cursor && paper->pages < paper->ask->pages)
        return true;
    if (is_for_each(paper)) {
        paper->each++;
        paper->pages = 0;
        paper->cursor = NULL;
        return true;
    }
    next_ask(paper);
    return true;
}
