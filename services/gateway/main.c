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
#define LOG_PERIOD INT64_C(20000)    /* between two writes of the log, or one idle turn */
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

/* Services, ZeroMQ clients (also those that never say who they are), Redis, papers. */
#define FILES_BESIDE 4352

/* Every connection is a file: as many as the settings allow. */
static void raise_file_limit(const struct gateway *gateway)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return;
    limit.rlim_cur = (rlim_t)gateway->settings.connections + FILES_BESIDE;
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
    if (!seal_load(&gateway->sessions.seal, settings->session_key_file))
        return false;
    followers_init(&gateway->followers, &gateway->routes);
    streams_init(&gateway->streams);
    limits_init(&gateway->requests, settings->rate, CLOCK_SECOND, settings->burst);
    limits_init(&gateway->sign_ins, settings->sign_in_rate, CLOCK_MINUTE, settings->sign_in_rate);
    cache_reads_init(&gateway->reads, settings->redis);
    papers_init(&gateway->papers);
    return exchange_init(&gateway->exchange, settings) && http_init(gateway);
}

static void gateway_release(struct gateway *gateway)
{
    http_release(gateway);
    cache_reads_release(&gateway->reads);
    papers_release(&gateway->papers);
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

/* Lines wait for each other: nobody reads them sooner, and each write wakes whoever keeps the log. */
static bool log_is_due(struct gateway *gateway)
{
    int64_t now = clock_monotonic();

    if (now - gateway->log_flushed_at < LOG_PERIOD)
        return false;
    gateway->log_flushed_at = now;
    return true;
}

/* What poll found. */
struct found {
    bool is_asked_to_end, has_visitors;
};

/* Sleeps until something happens. */
static struct found wait_for_work(struct gateway *gateway, int signals, bool has_more)
{
    struct cache *cache = gateway->reads.cache;
    enum { SIGNALS = EXCHANGE_ITEMS, HTTP, CACHE, ITEMS };
    struct pollfd items[ITEMS + PAPERS_POLL_MAX];
    size_t count = ITEMS;
    int64_t patience = gateway->metrics.in_flight > 0 ? TURN_BUSY : TURN_IDLE;

    exchange_poll_items(&gateway->exchange, items);
    items[SIGNALS] = (struct pollfd){.fd = signals, .events = POLLIN};
    items[HTTP] = (struct pollfd){.fd = gateway->http.epoll_fd, .events = POLLIN};
    items[CACHE] = (struct pollfd){.fd = cache_fd(cache), .events = cache_events(cache)};
    count += papers_poll_items(&gateway->papers, items + ITEMS);
    if (has_more || gateway->papers.has_work || exchange_may_hold(&gateway->exchange))
        patience = 0;
    patience = shorter(patience, http_patience(&gateway->http));
    patience = shorter(patience, cache_reads_patience(&gateway->reads));
    patience = shorter(patience, followers_patience(&gateway->followers, clock_monotonic()));
    if (patience > 0 && log_is_due(gateway))
        log_flush();
    if (poll(items, count, (int)((patience + 999) / 1000)) < 0 && errno != EINTR)
        die("poll", "%s", strerror(errno));
    exchange_polled(&gateway->exchange, items);
    if (items[CACHE].revents)
        cache_ready(cache, items[CACHE].revents);
    return (struct found){.is_asked_to_end = items[SIGNALS].revents != 0,
                          .has_visitors = items[HTTP].revents != 0};
}

static void serve(struct gateway *gateway, int signals)
{
    int64_t next_second = 0, next_http = 0, leaving_at = 0;
    bool has_more = false;

    log_hold();
    while (!leaving_at || (clock_monotonic() - leaving_at < LEAVING_MAX &&
                           gateway->metrics.in_flight + (int64_t)gateway->streams.count +
                                   (int64_t)gateway->papers.count >
                               0)) {
        struct found found = wait_for_work(gateway, signals, has_more);
        if (found.is_asked_to_end && !leaving_at) {
            log_info("leaving");
            leaving_at = clock_monotonic();
            MHD_quiesce_daemon(gateway->http.daemon);
            streams_close(gateway);
            signals = -1;
        }
        has_more = exchange_receive(gateway);
        if (found.has_visitors || http_patience(&gateway->http) == 0 ||
            clock_monotonic() >= next_http) {
            next_http = clock_monotonic() + TURN_IDLE;
            http_run(gateway);
            cache_ready(gateway->reads.cache, POLLOUT); /* what was asked goes now */
        }
        if (!leaving_at)
            followers_tick(gateway);
        papers_tick(gateway);
        streams_tick(gateway);
        cache_reads_tick(gateway);
        if (clock_monotonic() >= next_second) {
            next_second = clock_monotonic() + CLOCK_SECOND;
            sessions_tick(gateway);
        }
        exchange_work(gateway);
    }
    log_release();
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
    memory_settle();
    serve(gateway, signals);
    log_info("stopped", log_int("in_flight", gateway->metrics.in_flight));
    if (gateway->metrics.in_flight + (int64_t)gateway->streams.count +
            (int64_t)gateway->papers.count >
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
