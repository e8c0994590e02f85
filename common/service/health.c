/* health.c - the page that supervisors and Prometheus look at, served from the main loop on 127.0.0.1. */
#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "service/metrics.h"

#include "base/banned.h"

enum { CONNECTIONS_MAX = 16, TIMEOUT_SECONDS = 5 };

struct health {
    struct MHD_Daemon *daemon;
    struct metrics *metrics;
};

static enum MHD_Result answer(struct MHD_Connection *connection, unsigned status,
                              const struct buffer *text)
{
    struct MHD_Response *response =
        MHD_create_response_from_buffer(text->len, text->data, MHD_RESPMEM_MUST_COPY);

    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE,
                            "text/plain; version=0.0.4; charset=utf-8");
    enum MHD_Result result = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return result;
}

static unsigned page(const struct metrics *metrics, const char *url, struct buffer *out)
{
    if (text_equal(url, "/metrics")) {
        metrics_print(metrics, out);
        return MHD_HTTP_OK;
    }
    if (text_equal(url, "/healthz")) {
        buffer_append_text(out, "ok\n");
        return MHD_HTTP_OK;
    }
    if (text_equal(url, "/readyz")) {
        bool is_ready = !metrics->is_leaving && !lane_is_lost(metrics->lane) &&
                        peer_is_connected(metrics->peer);
        buffer_append_text(out, is_ready ? "ready\n" : "not ready\n");
        return is_ready ? MHD_HTTP_OK : MHD_HTTP_SERVICE_UNAVAILABLE;
    }
    buffer_append_text(out, "not found\n");
    return MHD_HTTP_NOT_FOUND;
}

static enum MHD_Result handle(void *closure, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *upload,
                              size_t *upload_size, void **state)
{
    const struct health *health = closure;
    struct buffer out = {0};

    (void)version;
    (void)upload;
    (void)upload_size;
    (void)state;
    if (!text_equal(method, MHD_HTTP_METHOD_GET))
        return MHD_NO;
    unsigned status = page(health->metrics, url, &out);
    enum MHD_Result result = answer(connection, status, &out);
    buffer_release(&out);
    return result;
}

/* "127.0.0.1:9101" as an address; false where it is none. */
static bool read_address(const char *at, struct sockaddr_in *address)
{
    const char *colon = strrchr(at, ':');
    char host[INET_ADDRSTRLEN], *rest = NULL;
    long port = colon == NULL ? 0 : strtol(colon + 1, &rest, 10);

    if (port <= 0 || port > UINT16_MAX || *rest != '\0' || (size_t)(colon - at) >= sizeof(host))
        return false;
    memcpy(host, at, (size_t)(colon - at));
    host[colon - at] = '\0';
    *address = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    return inet_pton(AF_INET, host, &address->sin_addr) == 1;
}

struct health *health_new(const char *at, struct metrics *metrics)
{
    struct sockaddr_in address;

    if (*at == '\0')
        return NULL;
    if (!read_address(at, &address)) {
        log_error("health_address", log_text("setting", at),
                  log_text("detail", "must be HOST:PORT, e.g. 127.0.0.1:9101"));
        return NULL;
    }
    struct health *health = memory_new(sizeof(*health));
    health->metrics = metrics;
    health->daemon = MHD_start_daemon(
        MHD_USE_EPOLL | MHD_USE_ERROR_LOG, 0, NULL, NULL, handle, health, MHD_OPTION_SOCK_ADDR,
        &address, MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MAX,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)TIMEOUT_SECONDS, MHD_OPTION_END);
    if (health->daemon != NULL)
        return health;
    log_error("health_address", log_text("setting", at), log_text("detail", strerror(errno)));
    memory_free(&health);
    return NULL;
}

void health_free(struct health **health)
{
    if (*health == NULL)
        return;
    MHD_stop_daemon((*health)->daemon);
    memory_free(health);
}

int health_poll_fd(const struct health *health)
{
    const union MHD_DaemonInfo *info =
        MHD_get_daemon_info(health->daemon, MHD_DAEMON_INFO_EPOLL_FD);

    return info == NULL ? -1 : info->epoll_fd;
}

void health_turn(struct health *health)
{
    if (health != NULL)
        MHD_run(health->daemon);
}
