/* api_page.c - every operation, event and error on one page that a person can read; it needs nothing from outside. */
#include <string.h>

#include "base/text.h"
#include "gateway.h"

#include "base/banned.h"

static const char head[] =
    "<!doctype html><html lang=\"%s\"><meta charset=\"utf-8\">"
    "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>songda "
    "API</title><style>"
    "body{font:15px/1.6 system-ui,'PingFang SC','Microsoft YaHei','Noto Sans CJK "
    "SC',sans-serif;max-width:62rem;margin:0 auto;padding:1rem;color:#1b2733}"
    "h1{font-size:1.6rem}h2{border-bottom:2px solid "
    "#0b6bcb;margin-top:2.5rem}summary{cursor:pointer;padding:.35rem 0}"
    "details{border-bottom:1px solid "
    "#dde3ea}code{font-family:ui-monospace,Menlo,Consolas,monospace;font-size:.88em}"
    ".m{display:inline-block;min-width:4.2em;font-weight:700;color:#0b6bcb}table{border-collapse:"
    "collapse;margin:.4rem 0 1rem;width:100%%}"
    "td,th{text-align:left;padding:.2rem .6rem;border:1px solid "
    "#dde3ea;vertical-align:top}th{background:#f2f6fa}"
    "nav "
    "a{margin-right:1em}.q{color:#5b6b7b}@media(prefers-color-scheme:dark){body{background:#12181f;"
    "color:#dfe7ef}th{background:#1c2631}td,th,details{border-color:#2c3a48}}"
    "</style>";

static const char intro_zh[] =
    "<h1>送达 API</h1><p>所有操作都可用 HTTP 与 JSON 调用；同样的操作也可经 ZeroMQ 与 MessagePack "
    "调用。机器可读的描述："
    "<a href=\"/openapi.json\">/openapi.json</a>（OpenAPI 3.1）。</p><ul>"
    "<li>登录：<code>POST /api/v1/staff/sessions</code>，之后每个请求带 <code>Authorization: "
    "Bearer 令牌</code>。</li>"
    "<li>每个写操作都要带 "
    "<code>Idempotency-Key</code>（UUID）。没有得到答复时，用同一个键重发即可，不会重复执行。</li>"
    "<li>金额为整数分，单价为万分之一元，数量为千分之一单位；时间为 RFC 3339，日期为 "
    "YYYY-MM-DD。</li>"
    "<li>错误为 "
    "<code>application/problem+json</code>：<code>error</code>、<code>detail</code>、<code>field</"
    "code>、<code>policy</code>、"
    "<code>class</code>（no 不要重试，retry 稍后重试，unknown "
    "用同一键再问）、<code>trace</code>。语言由 <code>Accept-Language</code> 决定。</li>"
    "<li>事件流：<code>GET /api/v1/events?services=…&amp;branch=…</code>（Server-Sent "
    "Events），断线后带 <code>Last-Event-ID</code> 重连不会遗漏。</li></ul>";

static const char intro_en[] =
    "<h1>songda API</h1><p>Every operation can be called over HTTP with JSON; the same ones over "
    "ZeroMQ with MessagePack. For machines: "
    "<a href=\"/openapi.json\">/openapi.json</a> (OpenAPI 3.1).</p><ul>"
    "<li>Sign in: <code>POST /api/v1/staff/sessions</code>; then send <code>Authorization: Bearer "
    "TOKEN</code> with every request.</li>"
    "<li>Every write needs an <code>Idempotency-Key</code> (a UUID). Without an answer, send it "
    "again with the same key: it is done once.</li>"
    "<li>Money is a whole number of fen, prices are 1/10,000 yuan, quantities 1/1,000 of the unit; "
    "times are RFC 3339, dates YYYY-MM-DD.</li>"
    "<li>Errors are <code>application/problem+json</code>: <code>error</code>, "
    "<code>detail</code>, <code>field</code>, <code>policy</code>, "
    "<code>class</code> (no: do not repeat; retry: not done, try later; unknown: ask again with "
    "the same key), <code>trace</code>. "
    "The language follows <code>Accept-Language</code>.</li>"
    "<li>Events: <code>GET /api/v1/events?services=…&amp;branch=…</code> (Server-Sent Events); a "
    "reconnect with <code>Last-Event-ID</code> misses nothing.</li></ul>";

static void print_escaped(struct buffer *out, const char *text)
{
    for (const char *at = text; *at; at++) {
        if (*at == '<')
            buffer_append_text(out, "&lt;");
        else if (*at == '&')
            buffer_append_text(out, "&amp;");
        else
            buffer_append_byte(out, (uint8_t)*at);
    }
}

static void print_values(const struct enumeration *values, struct buffer *out)
{
    for (size_t i = 0; i < values->count; i++)
        buffer_print(out, "%s%s", i ? " | " : "", values->values[i]);
}

/* One row a field, those of an object below it with its name before theirs. */
static void print_fields(const struct shape *shape, const char *prefix, int depth,
                         struct buffer *out)
{
    for (size_t i = 0; i < shape->count; i++) {
        const struct field *field = &shape->fields[i];
        const char *list = field->is_list ? "[]" : "";
        struct buffer name = {0};

        buffer_print(out, "<tr><td><code>%s%s%s</code><td>%s%s<td>", prefix, field->name, list,
                     field_type_name(field->type), field->is_optional ? " ?" : "");
        if (field->type == FIELD_ENUM)
            print_values(field->values, out);
        if (field->type != FIELD_OBJECT || depth == 0)
            continue;
        buffer_print(&name, "%s%s%s.", prefix, field->name, list);
        print_fields(field->shape, buffer_text(&name), depth - 1, out);
        buffer_release(&name);
    }
}

static void print_shape(const struct shape *shape, const char *title, struct buffer *out)
{
    if (shape->count == 0)
        return;
    buffer_print(out, "<table><tr><th>%s<th><th>", title);
    print_fields(shape, "", 4, out);
    buffer_append_text(out, "</table>");
}

static void print_permission(const struct permission *permission, bool english, struct buffer *out)
{
    static const char *const zh[] = {"", "", "无需登录", "登录即可", "内部"};
    static const char *const en[] = {"", "", "nobody needs to be signed in", "anybody signed in",
                                     "internal"};

    if (permission->kind != ACCESS_FUNCTIONS) {
        buffer_append_text(out, english ? en[permission->kind] : zh[permission->kind]);
        return;
    }
    buffer_print(out, "%s:", permission->name);
    for (size_t i = 0; i < function_enumeration.count; i++) {
        if (permission->functions & UINT64_C(1) << (i + 1))
            buffer_print(out, " %s", function_enumeration.values[i]);
    }
}

static void print_operation(const struct contract_operation *route, bool english,
                            struct buffer *out)
{
    const struct operation *operation = &route->operation;

    buffer_print(out, "<details id=\"%s\"><summary><span class=m>%s</span> <code>%s</code> — ",
                 operation->name, route->method, route->path);
    print_escaped(out, english ? route->en : route->zh);
    buffer_print(out, "</summary><p class=q><code>%s</code> · %s · ", operation->name,
                 operation->effect == EFFECT_WRITE ? "Idempotency-Key" : "read");
    print_permission(operation->permission, english, out);
    buffer_append_text(out, "</p>");
    print_shape(operation->request, english ? "request" : "请求", out);
    print_shape(operation->reply, english ? "reply" : "答复", out);
    buffer_append_text(out, "</details>");
}

static bool is_of(const char *name, const char *service)
{
    size_t len = strlen(service);

    return strncmp(name, service, len) == 0 && name[len] == '.';
}

static void print_service(const char *service, bool english, struct buffer *out)
{
    buffer_print(out, "<h2 id=\"%s\">%s</h2>", service, service);
    for (size_t i = 0; i < contract_operation_count; i++) {
        const struct contract_operation *route = &contract_operations[i];

        if (text_equal(route->service, service) &&
            route->operation.permission->kind != ACCESS_SERVICE)
            print_operation(route, english, out);
    }
    for (size_t i = 0; i < contract_event_count; i++) {
        const struct event_type *type = &contract_events[i];

        if (!is_of(type->name, service) || type->permission->kind == ACCESS_SERVICE)
            continue;
        buffer_print(
            out, "<details id=\"%s\"><summary><span class=m>%s</span> <code>%s</code></summary>",
            type->name, english ? "event" : "事件", type->name);
        print_shape(type->body, english ? "body" : "内容", out);
        buffer_append_text(out, "</details>");
    }
}

static void print_error(const struct error *error, bool english, struct buffer *out)
{
    buffer_print(out, "<tr id=\"error-%s\"><td><code>%s</code><td>%d<td>%s<td>", error->name,
                 error->name, error->status, error->policy ? error->policy : "");
    print_escaped(out, english ? error->en : error->zh);
}

static void print_errors(bool english, struct buffer *out)
{
    buffer_print(out, "<h2 id=\"errors\">%s</h2><table>", english ? "Errors" : "错误");
    for (size_t i = 0; contract_errors[i]; i++)
        print_error(contract_errors[i], english, out);
    for (size_t i = 0; contract_services[i].name; i++) {
        for (const struct error *error = contract_services[i].errors; error->name; error++)
            print_error(error, english, out);
    }
    buffer_append_text(out, "</table>");
}

void api_page_print(const struct gateway *gateway, bool english, struct buffer *out)
{
    buffer_print(out, head, english ? "en" : "zh-CN");
    buffer_append_text(out, english ? intro_en : intro_zh);
    buffer_append_text(out, "<nav>");
    for (size_t i = 0; gateway->routes.services[i]; i++)
        buffer_print(out, "<a href=\"#%s\">%s</a>", gateway->routes.services[i],
                     gateway->routes.services[i]);
    buffer_print(out, "<a href=\"#errors\">%s</a></nav>", english ? "errors" : "错误");
    for (size_t i = 0; gateway->routes.services[i]; i++)
        print_service(gateway->routes.services[i], english, out);
    print_errors(english, out);
}
