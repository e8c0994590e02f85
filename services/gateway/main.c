/* main.c - the gateway: one thread, one loop over browsers, services, clients, wake-ups and the cache. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sodium.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "gateway.h"

#include "base/banned.h"

#define TURN_IDLE INT64_C(100000)    /* longest sleep, microseconds */
#define TURN_BUSY INT64_C(20000)     /* the same while requests wait */
#define LEAVING_MAX INT64_C(5000000) /* to let go of what is under way */

bool gateway_is_ready(const struct gateway *gateway, const char **missing)
{
    const char *const *services = gateway->routes.services;
    const char *wanted = gateway->settings.services;

    for (size_t i = 0; services[i]; i++) {
        *missing = services[i];
        if ((text_equal(wanted, "all") || settings_has_word(wanted, services[i])) &&
            switchboard_live(&gateway->board, services[i]) == 0)
            return false;
    }
    return true;
}

static int open_signals(void)
{
    sigset_t set;

    signal(SIGPIPE, SIG_IGN);
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigprocmask(SIG_BLOCK, &set, NULL);
    return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* Every connection is a file: as many as the settings allow. */
static void raise_file_limit(const struct gateway *gateway)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return;
    limit.rlim_cur = (rlim_t)gateway->settings.connections + 256;
    if (limit.rlim_cur > limit.rlim_max)
        limit.rlim_cur = limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
        log_warn("file_limit", log_text("detail", strerror(errno)));
}

static bool gateway_init(struct gateway *gateway)
{
    const struct settings *settings = &gateway->settings;

    gateway->has_request_clock = text_equal(settings->clock, "request");
    gateway->metrics.started = clock_now();
    routes_init(&gateway->routes);
    switchboard_init(&gateway->board, gateway->routes.services);
    sessions_init(&gateway->sessions);
    followers_init(&gateway->followers, &gateway->routes);
    streams_init(&gateway->streams);
    limits_init(&gateway->requests, settings->rate, CLOCK_SECOND, settings->burst);
    limits_init(&gateway->sign_ins, settings->sign_in_rate, CLOCK_MINUTE, settings->sign_in_rate);
    cache_reads_init(&gateway->reads, settings->redis);
    return exchange_init(&gateway->exchange, settings) && http_init(gateway);
}

static void gateway_release(struct gateway *gateway)
{
    http_release(gateway);
    cache_reads_release(&gateway->reads);
    exchange_release(&gateway->exchange);
    limits_release(&gateway->requests);
    limits_release(&gateway->sign_ins);
    sessions_release(&gateway->sessions);
    followers_release(&gateway->followers);
    switchboard_release(&gateway->board);
    routes_release(&gateway->routes);
    settings_release(&gateway->settings);
}

static int64_t shorter(int64_t patience, int64_t other)
{
    return other >= 0 && other < patience ? other : patience;
}

/* ZeroMQ has its own names, and numbers, for what poll(2) calls POLLIN and POLLOUT. */
static zmq_pollitem_t cache_item(const struct cache *cache)
{
    short events = cache_events(cache);

    return (zmq_pollitem_t){.fd = cache_fd(cache),
                            .events = (short)((events & POLLIN ? ZMQ_POLLIN : 0) |
                                              (events & POLLOUT ? ZMQ_POLLOUT : 0))};
}

static void cache_happened(struct cache *cache, short happened)
{
    cache_ready(cache, (short)((happened & ZMQ_POLLIN ? POLLIN : 0) |
                               (happened & ZMQ_POLLOUT ? POLLOUT : 0) |
                               (happened & ZMQ_POLLERR ? POLLERR : 0)));
}

/* Sleeps until something happens. Returns whether the process is asked to end. */
static bool wait_for_work(struct gateway *gateway, int signals, bool has_more)
{
    zmq_pollitem_t items[EXCHANGE_ITEMS + 3];
    size_t count = exchange_poll_items(&gateway->exchange, items);
    size_t first = count;
    int64_t patience = has_more ? 0 : gateway->metrics.in_flight > 0 ? TURN_BUSY : TURN_IDLE;

    items[count++] = (zmq_pollitem_t){.fd = signals, .events = ZMQ_POLLIN};
    items[count++] = (zmq_pollitem_t){.fd = gateway->http.epoll_fd, .events = ZMQ_POLLIN};
    if (cache_fd(gateway->reads.cache) >= 0)
        items[count++] = cache_item(gateway->reads.cache);
    patience = shorter(patience, http_patience(&gateway->http));
    patience = shorter(patience, cache_reads_patience(&gateway->reads));
    if (zmq_poll(items, (int)count, (long)((patience + 999) / 1000)) < 0 && errno != EINTR)
        die("zmq_poll", "%s", zmq_strerror(errno));
    if (count > first + 2 && items[first + 2].revents)
        cache_happened(gateway->reads.cache, items[first + 2].revents);
    return items[first].revents != 0;
}

static void serve(struct gateway *gateway, int signals)
{
    int64_t next_second = 0, leaving_at = 0;
    bool has_more = false;

    while (!leaving_at || (clock_monotonic() - leaving_at < LEAVING_MAX &&
                           gateway->metrics.in_flight + (int64_t)gateway->streams.count > 0)) {
        if (wait_for_work(gateway, signals, has_more) && !leaving_at) {
            log_info("leaving");
            leaving_at = clock_monotonic();
            MHD_quiesce_daemon(gateway->http.daemon);
            streams_close(gateway);
            signals = -1;
        }
        has_more = exchange_receive(gateway);
        http_run(gateway);
        if (!leaving_at)
            followers_tick(gateway);
        streams_tick(gateway);
        cache_reads_tick(gateway);
        if (clock_monotonic() >= next_second) {
            next_second = clock_monotonic() + CLOCK_SECOND;
            sessions_tick(gateway);
        }
        exchange_work(gateway);
    }
}

static int run(const char *path)
{
    struct gateway *gateway = memory_new(sizeof(*gateway));
    enum log_level level = LOG_INFO;
    int signals = open_signals();

    log_open("gateway", "");
    if (!settings_load(&gateway->settings, path))
        return 2;
    log_open("gateway", gateway->settings.instance);
    log_level_parse(gateway->settings.log, &level);
    log_set_level(level);
    raise_file_limit(gateway);
    if (sodium_init() < 0 || !gateway_init(gateway))
        return 1;
    log_info("started", log_text("http", gateway->settings.http),
             log_text("clients", gateway->settings.clients));
    serve(gateway, signals);
    log_info("stopped", log_int("in_flight", gateway->metrics.in_flight));
    if (gateway->metrics.in_flight + (int64_t)gateway->streams.count >
        0) /* what still sleeps cannot be let go of: the end of the process does it */
        _exit(0);
    gateway_release(gateway);
    memory_free(&gateway);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 3 && text_equal(argv[1], "--settings"))
        return run(argv[2]);
    printf("usage: songda-gateway --settings FILE\n\nA line of the file is `name = value`:\n");
    settings_help();
    return argc == 2 && text_equal(argv[1], "--help") ? 0 : 2;
}
