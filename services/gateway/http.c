/* http.c - libmicrohttpd in our loop: visits are read within limits, sleep while they are worked on, and are answered. */
#include "http.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <string.h>
#include <sys/epoll.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "gateway.h"
#include "openapi.h"

#include "base/banned.h"

#define CONNECTION_MEMORY (32u << 10) /* holds the header, and replies' headers */

static void visit_free(struct visit *visit)
{
    if (visit->r && visit->stage == VISIT_ASKED)
        request_abandon(visit->r);
    request_free(&visit->r);
    paper_free(&visit->paper);
    arena_release(&visit->arena);
    buffer_release(&visit->body);
    memory_free(&visit);
}

static void completed(void *data, struct MHD_Connection *connection, void **context,
                      enum MHD_RequestTerminationCode code)
{
    (void)data;
    (void)connection;
    (void)code;
    if (*context)
        visit_free(*context);
    *context = NULL;
}

static void connected(void *data, struct MHD_Connection *connection, void **context,
                      enum MHD_ConnectionNotificationCode code)
{
    struct gateway *gateway = data;

    (void)connection;
    (void)context;
    gateway->metrics.connections += code == MHD_CONNECTION_NOTIFY_STARTED ? 1 : -1;
}

/* Paths and arguments are decoded piece by piece (http_decode), so that an escaped slash stays inside its piece. */
static size_t leave_escaped(void *data, struct MHD_Connection *connection, char *text)
{
    (void)data;
    (void)connection;
    return strlen(text);
}

__attribute__((format(printf, 2, 0))) static void log_mhd(void *data, const char *format,
                                                          va_list arguments)
{
    char text[256];

    (void)data;
    vsnprintf(text, sizeof(text), format, arguments);
    text[strcspn(text, "\r\n")] = '\0';
    log_debug("http", log_text("detail", text));
}

struct head {
    size_t size, hosts, lengths, codings, blanks;
    const char *length;
};

static enum MHD_Result look_at_header(void *data, enum MHD_ValueKind kind, const char *name,
                                      const char *value)
{
    struct head *head = data;

    (void)kind;
    head->size += strlen(name) + (value ? strlen(value) : 0) + 4;
    head->blanks += name[strcspn(name, " \t")] != '\0';
    head->hosts += strcasecmp(name, MHD_HTTP_HEADER_HOST) == 0;
    head->codings += strcasecmp(name, MHD_HTTP_HEADER_TRANSFER_ENCODING) == 0;
    if (strcasecmp(name, MHD_HTTP_HEADER_CONTENT_LENGTH) == 0) {
        head->lengths++;
        head->length = value ? value : "";
    }
    return MHD_YES;
}

static const struct error too_large_header = {
    .name = "malformed",
    .status = 431,
    .class = ERROR_CLASS_NO,
    .zh = "请求无法解析：{}",
    .en = "The request cannot be read: {}",
};

/* What two programs on the way could read differently is refused. False: answered. */
static bool check_head(struct visit *visit)
{
    struct head head = {0};
    const char *mistake = NULL;

    MHD_get_connection_values(visit->connection, MHD_HEADER_KIND, look_at_header, &head);
    if (head.blanks > 0)
        mistake = "header";
    else if (head.hosts > 1)
        mistake = "Host";
    else if (head.codings > 1 || (head.codings == 1 && head.lengths > 0))
        mistake = "Transfer-Encoding";
    else if (head.lengths > 1 ||
             (head.lengths == 1 && (head.length[strspn(head.length, "0123456789")] != '\0' ||
                                    *head.length == '\0' || strlen(head.length) > 18)))
        mistake = "Content-Length";
    if (mistake)
        http_reply_error(visit, "malformed", mistake, NULL);
    else if (head.size > HTTP_HEADER_MAX)
        http_reply_problem(visit, &too_large_header, "16384", NULL, NULL, 0);
    else if (head.lengths == 1 && strtoll(head.length, NULL, 10) > HTTP_BODY_MAX)
        http_reply_error(visit, "body_too_large", "1048576", NULL);
    return visit->stage != VISIT_OVER;
}

static double quality(const char *parameters)
{
    const char *q = strstr(parameters, "q=");

    return q ? strtod(q + 2, NULL) : 1.0;
}

/* Chinese unless English is preferred. */
static bool wants_english(const char *languages)
{
    double chinese = -1, english = -1;
    char one[64];
    size_t len;

    for (const char *at = languages ? languages : ""; *at; at += len + (at[len] == ',')) {
        len = strcspn(at, ",");
        snprintf(one, sizeof(one), "%.*s", (int)(len < 63 ? len : 63), at + strspn(at, " "));
        if (strncasecmp(one, "zh", 2) == 0 && quality(one) > chinese)
            chinese = quality(one);
        else if (strncasecmp(one, "en", 2) == 0 && quality(one) > english)
            english = quality(one);
    }
    return english > chinese;
}

/* Who asks: the peer, or whom a believed proxy names last. */
static void take_address(struct visit *visit)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(visit->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    const char *forwarded, *last;

    if (info && info->client_addr)
        getnameinfo(info->client_addr,
                    info->client_addr->sa_family == AF_INET ? sizeof(struct sockaddr_in)
                                                            : sizeof(struct sockaddr_in6),
                    visit->address, sizeof(visit->address), NULL, 0, NI_NUMERICHOST);
    forwarded = http_header(visit, "X-Forwarded-For");
    if (!forwarded || !settings_has_word(visit->gateway->settings.proxies, visit->address))
        return;
    last = strrchr(forwarded, ',');
    last = last ? last + 1 : forwarded;
    last += strspn(last, " ");
    snprintf(visit->address, sizeof(visit->address), "%.*s", (int)strcspn(last, " "), last);
}

static bool check_limits(struct visit *visit)
{
    int64_t wait = 0;

    if (limits_take(&visit->gateway->requests, visit->address, visit->started, &wait))
        return true;
    visit->gateway->metrics.limited++;
    http_reply_problem(visit, routes_error(NULL, "too_many_requests"), NULL, NULL, NULL,
                       wait / CLOCK_SECOND + 1);
    return false;
}

static struct visit *visit_new(struct gateway *gateway, struct MHD_Connection *connection,
                               const char *method, const char *path)
{
    struct visit *visit = memory_new(sizeof(*visit));

    visit->gateway = gateway;
    visit->connection = connection;
    visit->method = method;
    visit->path = path;
    visit->is_head = text_equal(method, "HEAD");
    visit->started = clock_monotonic();
    visit->stage = VISIT_READING;
    visit->english = wants_english(http_header(visit, MHD_HTTP_HEADER_ACCEPT_LANGUAGE));
    take_address(visit);
    return visit;
}

static void reply_health(struct visit *visit)
{
    struct buffer text = {0};

    buffer_append_text(&text, "{\"status\":\"ok\"}");
    http_reply_text(visit, MHD_HTTP_OK, "application/json", &text);
}

static void reply_ready(struct visit *visit)
{
    const char *missing = NULL;
    bool is_ready = gateway_is_ready(visit->gateway, &missing);
    struct buffer text = {0};

    if (is_ready)
        buffer_append_text(&text, "{\"status\":\"ready\"}");
    else
        buffer_print(&text, "{\"status\":\"waiting\",\"for\":\"%s\"}", missing);
    http_reply_text(visit, is_ready ? MHD_HTTP_OK : MHD_HTTP_SERVICE_UNAVAILABLE,
                    "application/json", &text);
}

static void reply_metrics(struct visit *visit)
{
    struct buffer text = {0};

    metrics_print(visit->gateway, &text);
    metrics_add_file(visit->gateway->settings.metrics_file, &text);
    http_reply_text(visit, MHD_HTTP_OK, "text/plain; version=0.0.4; charset=utf-8", &text);
}

static void reply_openapi(struct visit *visit)
{
    struct MHD_Response *response;
    union {
        const unsigned char *constant;
        void *memory;
    } text = {.constant = openapi_json};

    response =
        MHD_create_response_from_buffer(openapi_json_size, text.memory, MHD_RESPMEM_PERSISTENT);
    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, "application/json");
    http_safety(response, HTTP_API);
    http_queue(visit, MHD_HTTP_OK, response);
}

static void reply_api_page(struct visit *visit)
{
    struct MHD_Response *response;
    struct buffer text = {0};

    api_page_print(visit->gateway, visit->english, &text);
    response = MHD_create_response_from_buffer(text.len, text.data, MHD_RESPMEM_MUST_FREE);
    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, "text/html; charset=utf-8");
    MHD_add_response_header(response, MHD_HTTP_HEADER_VARY, "Accept-Language");
    http_safety(response, HTTP_PAGE);
    http_queue(visit, MHD_HTTP_OK, response);
}

static const struct {
    const char *path;
    void (*reply)(struct visit *visit);
} pages[] = {
    {"/healthz", reply_health},
    {"/readyz", reply_ready},
    {"/metrics", reply_metrics},
    {"/openapi.json", reply_openapi},
    {"/api", reply_api_page},
    {"/api/", reply_api_page},
    {"/api/v1/events", http_ask_events},
    {"/api/map.json", http_reply_map},
};

static void route(struct visit *visit)
{
    bool is_get = text_equal(visit->method, "GET") || visit->is_head;

    for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
        if (!text_equal(pages[i].path, visit->path))
            continue;
        if (!is_get)
            return http_reply_method(visit, "GET, HEAD, OPTIONS");
        return pages[i].reply(visit);
    }
    if (strncmp(visit->path, "/api/", 5) == 0)
        return http_ask(visit);
    if (!is_get)
        return http_reply_method(visit, "GET, HEAD, OPTIONS");
    if (strncmp(visit->path, "/papers/", 8) == 0)
        return papers_visit(visit);
    if (http_files_serve(visit))
        return;
    if (text_equal(visit->path, "/"))
        return reply_api_page(visit);
    http_reply_error(visit, "not_found", NULL, NULL);
}

static void reply_answered(struct visit *visit)
{
    if (visit->paper)
        papers_reply(visit);
    else
        http_reply_request(visit);
}

/* The whole request is there: answered now, or put to sleep until it is. */
static void proceed(struct visit *visit)
{
    if (visit->body.len > HTTP_BODY_MAX)
        return http_reply_error(visit, "body_too_large", "1048576", NULL);
    route(visit);
    if (visit->stage == VISIT_ANSWERED)
        return reply_answered(visit);
    if (visit->stage != VISIT_ASKED)
        return;
    visit->is_suspended = true;
    MHD_suspend_connection(visit->connection);
}

static enum MHD_Result handle(void *data, struct MHD_Connection *connection, const char *path,
                              const char *method, const char *version, const char *upload,
                              size_t *upload_size, void **context)
{
    struct visit *visit = *context;

    (void)version;
    if (!visit) {
        *context = visit = visit_new(data, connection, method, path);
        if (check_head(visit))
            check_limits(visit);
        return MHD_YES;
    }
    if (*upload_size > 0) {
        if (visit->body.len <= HTTP_BODY_MAX)
            buffer_append(&visit->body, upload, *upload_size);
        *upload_size = 0;
        return MHD_YES;
    }
    if (visit->stage == VISIT_READING)
        proceed(visit);
    else if (visit->stage == VISIT_ANSWERED)
        reply_answered(visit);
    return MHD_YES;
}

static bool resolve(const char *address, struct addrinfo **found)
{
    struct addrinfo hints = {.ai_flags = AI_PASSIVE | AI_NUMERICHOST | AI_NUMERICSERV,
                             .ai_socktype = SOCK_STREAM};
    const char *colon = strrchr(address, ':');
    size_t len = colon ? (size_t)(colon - address) : 0;
    char host[64];

    if (!colon || len >= sizeof(host))
        return false;
    if (len > 2 && address[0] == '[' && address[len - 1] == ']')
        snprintf(host, sizeof(host), "%.*s", (int)len - 2, address + 1);
    else
        snprintf(host, sizeof(host), "%.*s", (int)len, address);
    return getaddrinfo(*host ? host : NULL, colon + 1, &hints, found) == 0;
}

bool http_init(struct gateway *gateway)
{
    struct http *http = &gateway->http;
    const struct settings *settings = &gateway->settings;
    const union MHD_DaemonInfo *info;
    struct addrinfo *address = NULL;
    unsigned flags = MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG;

    http->epoll_fd = -1;
    if (!resolve(settings->http, &address)) {
        log_error("bind", log_text("address", settings->http),
                  log_text("detail", "not address:port"));
        return false;
    }
    if (address->ai_family == AF_INET6)
        flags |= MHD_USE_DUAL_STACK;
    http->daemon = MHD_start_daemon(
        flags, 0, NULL, NULL, handle, gateway, MHD_OPTION_EXTERNAL_LOGGER, log_mhd, NULL,
        MHD_OPTION_SOCK_ADDR, address->ai_addr, MHD_OPTION_NOTIFY_COMPLETED, completed, NULL,
        MHD_OPTION_NOTIFY_CONNECTION, connected, gateway, MHD_OPTION_UNESCAPE_CALLBACK,
        leave_escaped, NULL, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)settings->connections,
        MHD_OPTION_PER_IP_CONNECTION_LIMIT, (unsigned)settings->connections_address,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)HTTP_IDLE_SECONDS, MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_LISTENING_ADDRESS_REUSE, 1u, MHD_OPTION_LISTEN_BACKLOG_SIZE, 1024u,
        MHD_OPTION_END);
    freeaddrinfo(address);
    if (!http->daemon) {
        log_error("bind", log_text("address", settings->http), log_text("detail", "not possible"));
        return false;
    }
    info = MHD_get_daemon_info(http->daemon, MHD_DAEMON_INFO_EPOLL_FD);
    http->epoll_fd = info ? info->epoll_fd : -1;
    http_paths_init(http);
    return http->epoll_fd >= 0;
}

void http_release(struct gateway *gateway)
{
    struct http *http = &gateway->http;

    if (http->daemon)
        MHD_stop_daemon(http->daemon);
    http->daemon = NULL;
    http_paths_release(http);
}

void http_run(struct gateway *gateway)
{
    gateway->http.has_resumed = false;
    MHD_run(gateway->http.daemon);
}

int64_t http_patience(const struct http *http)
{
    MHD_UNSIGNED_LONG_LONG milliseconds;

    if (http->has_resumed)
        return 0;
    if (MHD_get_timeout(http->daemon, &milliseconds) != MHD_YES)
        return -1;
    return milliseconds > 60000 ? 60000000 : (int64_t)milliseconds * 1000;
}
