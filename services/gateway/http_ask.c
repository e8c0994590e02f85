/* http_ask.c - makes a request for a service out of an HTTP request, or says what is wrong with it. */
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "gateway.h"

#include "base/banned.h"

static const struct permission signed_in = {.name = "signed_in", .kind = ACCESS_SIGNED_IN};

/* The event stream is no operation of a service, but asks for a session like one. */
static const struct contract_operation events_route = {
    .operation = {.name = "gateway.events.follow", .effect = EFFECT_READ, .permission = &signed_in},
    .service = "gateway",
    .method = "GET",
    .path = "/api/v1/events",
};

const char *http_header(const struct visit *visit, const char *name)
{
    return MHD_lookup_connection_value(visit->connection, MHD_HEADER_KIND, name);
}

void http_wake(struct visit *visit)
{
    if (visit->is_suspended) {
        visit->is_suspended = false;
        MHD_resume_connection(visit->connection);
        visit->gateway->http.has_resumed = true;
    }
    visit->stage = VISIT_ANSWERED;
}

static void request_finished(struct request *r)
{
    http_wake(r->owner);
}

/* Authorization: Bearer, else the cookie. */
static void take_token(struct visit *visit, struct request *r)
{
    const char *authorization = http_header(visit, MHD_HTTP_HEADER_AUTHORIZATION);

    if (authorization && strncasecmp(authorization, "Bearer ", 7) == 0) {
        r->token = authorization + 7 + strspn(authorization + 7, " ");
        return;
    }
    visit->cookie_token =
        MHD_lookup_connection_value(visit->connection, MHD_COOKIE_KIND, http_cookie_name(visit));
    r->token = visit->cookie_token;
}

/* A page of another site can make a browser send our cookie, but neither this header nor our Origin. */
static bool is_from_our_page(const struct visit *visit)
{
    const char *origin = http_header(visit, "Origin");
    const char *host = http_header(visit, MHD_HTTP_HEADER_HOST);
    const char *authority;

    if (http_header(visit, "X-Requested-With"))
        return true;
    authority = origin ? strstr(origin, "://") : NULL;
    if (!authority)
        return false;
    return text_equal(authority + 3, host) ||
           settings_has_word(visit->gateway->settings.origins, origin);
}

static bool take_clock(struct visit *visit, struct request *r)
{
    const char *clock = http_header(visit, "X-Songda-Clock");

    if (!clock)
        return true;
    if (!visit->gateway->has_request_clock) {
        request_fail(r, "clock_refused", NULL, NULL);
        return false;
    }
    if (!instant_parse(clock, &r->ask.at)) {
        request_fail(r, "field_value", "RFC 3339", "X-Songda-Clock");
        return false;
    }
    r->has_clock = true;
    return true;
}

static bool take_key(struct visit *visit, struct request *r)
{
    const char *key = http_header(visit, "Idempotency-Key");

    if (!key || id_parse(key, &r->ask.key))
        return true;
    request_fail(r, "key_missing", NULL, "Idempotency-Key");
    return false;
}

/* What was kept on a telephone for one person is never done in another's name, whoever has signed in there since (D6). */
static bool take_person(struct visit *visit, struct request *r)
{
    const char *person = http_header(visit, "X-Songda-Person");

    if (!person || id_parse(person, &r->person))
        return true;
    request_fail(r, "field_type", "id", "X-Songda-Person");
    return false;
}

struct query {
    struct visit *visit;
    const struct contract_operation *route;
    void *value;
    uint64_t given; /* bit = index of the field */
    struct shape_error error;
    bool is_good;
};

static void refuse(struct query *query, const char *path, const char *rule)
{
    query->is_good = false;
    query->error = (struct shape_error){.rule = rule};
    snprintf(query->error.path, sizeof(query->error.path), "%s", path);
}

static void set_field(struct query *query, const char *name, const char *text)
{
    const struct shape *shape = query->route->operation.request;
    const struct field *field = shape_field(shape, name);
    size_t index = field ? (size_t)(field - shape->fields) : 0;

    if (!field)
        return refuse(query, name, "field_unknown");
    if (index < 64 && query->given & UINT64_C(1) << index)
        return refuse(query, name, "field_doubled");
    if (index < 64)
        query->given |= UINT64_C(1) << index;
    if (!shape_set_text(shape, query->value, name, text, &query->visit->r->arena, &query->error))
        query->is_good = false;
}

static enum MHD_Result query_pair(void *data, enum MHD_ValueKind kind, const char *name,
                                  size_t name_len, const char *text, size_t len)
{
    struct query *query = data;
    char *name_plain = http_decode(&query->visit->r->arena, name, name_len);
    char *plain = http_decode(&query->visit->r->arena, text ? text : "", text ? len : 0);

    (void)kind;
    if (!name_plain || !plain)
        refuse(query, "", "malformed");
    else
        set_field(query, name_plain, plain);
    return query->is_good ? MHD_YES : MHD_NO;
}

/* Numbers and the like are plain values in the struct: only here is it known that they were not given. */
static void find_missing(struct query *query)
{
    const struct shape *shape = query->route->operation.request;

    for (size_t i = 0; query->is_good && i < shape->count && i < 64; i++) {
        const struct field *field = &shape->fields[i];

        if (!field->is_optional && !field->is_list && !(query->given & UINT64_C(1) << i))
            refuse(query, field->name, "field_missing");
    }
    if (query->is_good && !shape_check(shape, query->value, &query->error))
        query->is_good = false;
}

static bool is_json(const char *type)
{
    size_t len = type ? strcspn(type, "; ") : 0;

    return len == 16 && strncasecmp(type, "application/json", 16) == 0;
}

/* The body into the fields that are not in the path. False: refused. */
static bool read_body(struct visit *visit, const struct path_match *match, struct query *query)
{
    const char *json = visit->body.len > 0 ? (const char *)visit->body.data : "{}";
    size_t len = visit->body.len > 0 ? visit->body.len : 2;

    if (visit->body.len > 0 && !is_json(http_header(visit, MHD_HTTP_HEADER_CONTENT_TYPE))) {
        request_fail(visit->r, "media_type", NULL, NULL);
        return false;
    }
    query->is_good =
        shape_parse_json(match->body, json, len, &visit->r->arena, query->value, &query->error);
    return true;
}

/* Path, query and body become the request's struct, checked, and then MessagePack. */
static bool read_fields(struct visit *visit, const struct path_match *match)
{
    struct request *r = visit->r;
    const struct shape *shape = match->route->operation.request;
    struct query query = {.visit = visit, .route = match->route, .is_good = true};
    bool is_get = text_equal(match->route->method, "GET");
    struct buffer packed = {0};

    query.value = arena_alloc(&r->arena, shape->size);
    if (!is_get && !read_body(visit, match, &query))
        return false;
    for (size_t i = 0; query.is_good && i < match->count; i++)
        set_field(&query, match->names[i], match->values[i]);
    if (query.is_good && is_get)
        MHD_get_connection_values_n(visit->connection, MHD_GET_ARGUMENT_KIND, query_pair, &query);
    if (query.is_good && is_get)
        find_missing(&query);
    if (!query.is_good) {
        request_fail(r, query.error.rule,
                     *query.error.value ? arena_text(&r->arena, query.error.value) : NULL,
                     arena_text(&r->arena, query.error.path));
        return false;
    }
    shape_pack(shape, query.value, false, &packed);
    r->ask.body = (struct bytes){arena_copy(&r->arena, packed.data, packed.len), packed.len};
    buffer_release(&packed);
    return true;
}

struct request *http_open_request(struct visit *visit, const struct contract_operation *route)
{
    struct request *r = request_new(visit->gateway, ORIGIN_HTTP);

    visit->r = r;
    visit->stage = VISIT_ASKED;
    r->owner = visit;
    r->finish = request_finished;
    r->route = route;
    r->ask.operation = route->operation.name;
    r->started = visit->started;
    r->deadline = r->started + REQUEST_TIME;
    request_trace(r, http_header(visit, "traceparent"));
    take_token(visit, r);
    return r;
}

static bool is_within_limits(struct visit *visit, struct request *r)
{
    bool is_public = r->route->operation.permission->kind == ACCESS_PUBLIC;
    int64_t wait = 0;

    if (!is_public || limits_take(&visit->gateway->sign_ins, visit->address, visit->started, &wait))
        return true;
    visit->gateway->metrics.limited++;
    r->retry_after = wait / CLOCK_SECOND + 1;
    request_fail(r, "too_many_requests", NULL, NULL);
    return false;
}

static void start(struct visit *visit, const struct path_match *match)
{
    struct request *r = http_open_request(visit, match->route);
    bool is_write = match->route->operation.effect == EFFECT_WRITE;

    if (!is_within_limits(visit, r))
        return;
    if (is_write && visit->cookie_token && !is_from_our_page(visit))
        return request_fail(r, "forbidden", NULL, "X-Requested-With");
    if (!take_clock(visit, r) || !take_key(visit, r) || !take_person(visit, r) ||
        !read_fields(visit, match))
        return;
    request_start(r);
}

void http_ask(struct visit *visit)
{
    struct path_match match;

    if (http_paths_find(&visit->gateway->http, &visit->arena, visit->method, visit->path, &match))
        return start(visit, &match);
    if (match.route)
        return http_reply_error(visit, "malformed", visit->path, NULL);
    if (!match.allowed)
        return http_reply_error(visit, "operation_unknown", NULL, NULL);
    http_reply_method(visit, match.allowed);
}

void http_ask_events(struct visit *visit)
{
    struct request *r = http_open_request(visit, &events_route);

    r->wants_session = true;
    request_start(r);
}
