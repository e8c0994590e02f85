/* http_reply.c - what a visitor gets: a service's reply as JSON, a problem (RFC 9457) in his language, a page. */
#include <inttypes.h>
#include <string.h>
#include <sys/socket.h>

#include "base/log.h"
#include "base/text.h"
#include "gateway.h"

#include "base/banned.h"

/* `pictures` is a space and an origin, or nothing. */
#define PAGE_POLICY(pictures)                                                                      \
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; "                    \
    "img-src 'self' data: blob:" pictures "; font-src 'self' data:; connect-src 'self'; "          \
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

static void add(struct MHD_Response *response, const char *name, const char *value)
{
    MHD_add_response_header(response, name, value);
}

static void add_safety(struct MHD_Response *response, const char *policy)
{
    add(response, "X-Content-Type-Options", "nosniff");
    add(response, "Referrer-Policy", "no-referrer");
    add(response, "X-Frame-Options", "DENY");
    add(response, "Cross-Origin-Resource-Policy", "same-origin");
    add(response, "Content-Security-Policy", policy);
}

void http_safety_console(const struct visit *visit, struct MHD_Response *response)
{
    char origin[SETTINGS_ORIGIN_MAX], policy[SETTINGS_ORIGIN_MAX + 400];

    if (!settings_origin(visit->gateway->settings.map_tiles, origin, sizeof(origin))) {
        add_safety(response, PAGE_POLICY(""));
        return;
    }
    snprintf(policy, sizeof(policy), PAGE_POLICY(" %s"), origin);
    add_safety(response, policy);
}

void http_safety(struct MHD_Response *response, enum http_kind kind)
{
    if (kind == HTTP_PAGE) {
        add_safety(response, PAGE_POLICY(""));
        return;
    }
    add_safety(response, "default-src 'none'; frame-ancestors 'none'");
    add(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
    add(response, MHD_HTTP_HEADER_VARY, "Accept-Language, Authorization, Cookie");
}

/* The visitor has closed its side and waits for this answer only. libmicrohttpd saw the request and not the end behind it: it would keep the
 * connection until it has idled long enough. */
static bool says_no_more(const struct visit *visit)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(visit->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    char byte;

    return info && recv(info->connect_fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

static bool is_behind_tls(const struct visit *visit)
{
    return text_equal(visit->gateway->settings.tls, "proxy");
}

/* __Host-: a browser takes it over TLS only, and neither from nor for another host. */
const char *http_cookie_name(const struct visit *visit)
{
    return is_behind_tls(visit) ? "__Host-songda_session" : "songda_session";
}

void http_queue(struct visit *visit, int status, struct MHD_Response *response)
{
    if (is_behind_tls(visit))
        add(response, "Strict-Transport-Security", "max-age=31536000; includeSubDomains");
    if (says_no_more(visit))
        add(response, MHD_HTTP_HEADER_CONNECTION, "close");
    if (visit->r)
        add(response, "traceparent", visit->r->trace);
    visit->status = status;
    visit->stage = VISIT_OVER;
    MHD_queue_response(visit->connection, (unsigned)status, response);
    MHD_destroy_response(response);
}

/* The response takes the buffer's memory over. */
static struct MHD_Response *response_of(struct buffer *text)
{
    struct MHD_Response *response =
        MHD_create_response_from_buffer(text->len, text->data, MHD_RESPMEM_MUST_FREE);

    *text = (struct buffer){0};
    return response;
}

void http_reply_text(struct visit *visit, int status, const char *type, struct buffer *text)
{
    struct MHD_Response *response;

    buffer_reserve(text, 1); /* an empty one has memory, too */
    response = response_of(text);
    add(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
    http_safety(response, HTTP_API);
    http_queue(visit, status, response);
}

static void append_json_text(struct buffer *out, const char *text)
{
    buffer_append_byte(out, '"');
    for (const char *at = text; *at; at++) {
        uint8_t byte = (uint8_t)*at;

        if (byte == '"' || byte == '\\')
            buffer_append_byte(out, '\\');
        if (byte < 0x20)
            buffer_print(out, "\\u%04x", byte);
        else
            buffer_append_byte(out, byte);
    }
    buffer_append_byte(out, '"');
}

static void append_member(struct buffer *out, const char *name, const char *text)
{
    if (!text || !*text)
        return;
    buffer_print(out, ",\"%s\":", name);
    append_json_text(out, text_is_utf8(text, strlen(text)) ? text : "?");
}

void http_reply_map(struct visit *visit)
{
    const struct settings *settings = &visit->gateway->settings;
    struct buffer text = {0};

    buffer_print(&text, "{");
    if (*settings->map_tiles) {
        buffer_print(&text, "\"tiles\":");
        append_json_text(&text, settings->map_tiles);
        append_member(&text, "attribution", settings->map_attribution);
    }
    buffer_print(&text, "}");
    http_reply_text(visit, MHD_HTTP_OK, "application/json", &text);
}

static void print_problem(struct visit *visit, const struct error *error, const char *value,
                          const char *field, const char *policy, struct buffer *out)
{
    static const char *const classes[] = {NULL, "no", "retry", "unknown"};
    const char *trace = visit->r ? arena_text_len(&visit->arena, visit->r->trace + 3, 32) : NULL;

    buffer_print(out, "{\"type\":\"/api#error-%s\",\"title\":", error->name);
    append_json_text(out, routes_sentence(error, visit->english, "…", &visit->arena));
    buffer_print(out, ",\"status\":%d", error->status);
    append_member(out, "detail", routes_sentence(error, visit->english, value, &visit->arena));
    append_member(out, "error", error->name);
    append_member(out, "value", value);
    append_member(out, "field", field);
    append_member(out, "policy", policy ? policy : error->policy);
    append_member(out, "class", classes[error->class]);
    append_member(out, "trace", trace);
    buffer_append_byte(out, '}');
}

static struct MHD_Response *problem(struct visit *visit, const struct error *error,
                                    const char *value, const char *field, const char *policy,
                                    int64_t retry_after)
{
    struct MHD_Response *response;
    struct buffer text = {0};
    char seconds[24];

    print_problem(visit, error, value, field, policy, &text);
    response = response_of(&text);
    add(response, MHD_HTTP_HEADER_CONTENT_TYPE, "application/problem+json");
    add(response, MHD_HTTP_HEADER_CONTENT_LANGUAGE, visit->english ? "en" : "zh");
    snprintf(seconds, sizeof(seconds), "%" PRId64, retry_after);
    if (retry_after > 0)
        add(response, MHD_HTTP_HEADER_RETRY_AFTER, seconds);
    if (error->status == 401)
        add(response, MHD_HTTP_HEADER_WWW_AUTHENTICATE, "Bearer");
    http_safety(response, HTTP_API);
    return response;
}

void http_reply_problem(struct visit *visit, const struct error *error, const char *value,
                        const char *field, const char *policy, int64_t retry_after)
{
    http_queue(visit, error->status, problem(visit, error, value, field, policy, retry_after));
}

void http_reply_error(struct visit *visit, const char *error, const char *value, const char *field)
{
    http_reply_problem(visit, routes_error(NULL, error), value, field, NULL, 0);
}

void http_reply_method(struct visit *visit, const char *allowed)
{
    struct MHD_Response *response;

    if (text_equal(visit->method, "OPTIONS")) {
        response = MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
        http_safety(response, HTTP_API);
        add(response, MHD_HTTP_HEADER_ALLOW, allowed);
        return http_queue(visit, MHD_HTTP_NO_CONTENT, response);
    }
    response = problem(visit, routes_error(NULL, "method_not_allowed"), allowed, NULL, NULL, 0);
    add(response, MHD_HTTP_HEADER_ALLOW, allowed);
    http_queue(visit, MHD_HTTP_METHOD_NOT_ALLOWED, response);
}

/* The browser keeps the session in a cookie that no script can read. */
static void set_cookie(struct visit *visit, struct MHD_Response *response)
{
    const char *operation = visit->r->route->operation.name;
    const char *name = http_cookie_name(visit), *secure = is_behind_tls(visit) ? "; Secure" : "";
    struct staff_session_open_reply *reply;
    struct shape_error error;

    if (text_equal(operation, "staff.session.close"))
        return add(response, MHD_HTTP_HEADER_SET_COOKIE,
                   arena_print(&visit->arena, "%s=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict%s",
                               name, secure));
    if (!text_equal(operation, "staff.session.open"))
        return;
    reply = arena_new(&visit->arena, struct staff_session_open_reply);
    if (shape_unpack(&staff_session_open_reply_shape, SHAPE_LENIENT, visit->r->reply.body,
                     &visit->arena, reply, &error))
        add(response, MHD_HTTP_HEADER_SET_COOKIE,
            arena_print(&visit->arena, "%s=%s; Path=/; HttpOnly; SameSite=Strict%s", name,
                        reply->token, secure));
}

static const char *argument(struct visit *visit, const char *name)
{
    const char *text = MHD_lookup_connection_value(visit->connection, MHD_GET_ARGUMENT_KIND, name);

    return text ? http_decode(&visit->arena, text, strlen(text)) : NULL;
}

static void reply_stream(struct visit *visit)
{
    const char *last_id = http_header(visit, "Last-Event-ID");
    struct stream_wish wish = {
        .services = argument(visit, "services"),
        .branch = argument(visit, "branch"),
        .last_id = last_id ? last_id : argument(visit, "after"),
    };
    const char *field, *rule;
    struct MHD_Response *response;
    struct stream *stream;

    if ((int64_t)visit->gateway->streams.count >= visit->gateway->settings.listeners)
        return http_reply_problem(visit, routes_error(NULL, "busy"), NULL, NULL, NULL, 5);
    if (visit->r->session->state != SESSION_OPEN)
        return http_reply_error(visit, "not_signed_in", NULL, NULL);
    stream = stream_new(visit->gateway, visit->r->session, &wish, &field, &rule);
    if (!stream)
        return http_reply_error(visit, rule, NULL, field);
    response = stream_response(stream, visit->connection);
    add(response, MHD_HTTP_HEADER_CONTENT_TYPE, "text/event-stream; charset=utf-8");
    add(response, "X-Accel-Buffering", "no");
    http_safety(response, HTTP_API);
    http_queue(visit, MHD_HTTP_OK, response);
    request_free(&visit->r); /* a stream lives long, and needs no more of it */
    arena_release(&visit->arena);
}

void http_reply_request(struct visit *visit)
{
    struct request *r = visit->r;
    struct MHD_Response *response;
    struct buffer json = {0};

    if (r->error)
        return http_reply_problem(visit, r->error, r->error_value, r->error_field, r->error_policy,
                                  r->retry_after);
    if (r->wants_session)
        return reply_stream(visit);
    if (r->json.len > 0) {
        buffer_append(&json, r->json.data, r->json.len);
    } else if (!shape_json_of_packed(r->route->operation.reply, r->reply.body, false, &r->arena,
                                     &json)) {
        buffer_release(&json);
        log_error("reply_unreadable", log_text("operation", r->ask.operation));
        return http_reply_error(visit, "internal", NULL, NULL);
    }
    if (r->keep.is_wanted)
        cache_near_put(r, buffer_bytes(&json));
    response = response_of(&json);
    add(response, MHD_HTTP_HEADER_CONTENT_TYPE, "application/json");
    http_safety(response, HTTP_API);
    set_cookie(visit, response);
    http_queue(visit, MHD_HTTP_OK, response);
}
