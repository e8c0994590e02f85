/* metrics.c - counts requests and prints every figure of the gateway for Prometheus. */
#include "metrics.h"

#include <fcntl.h>
#include <inttypes.h>
#include <unistd.h>

#include "base/clock.h"
#include "gateway.h"

#include "base/banned.h"

static const int64_t limits[METRICS_BUCKETS] = {500,   1000,   2500,   5000,    10000,
                                                25000, 100000, 500000, 1000000, 4000000};
static const char *const limit_names[METRICS_BUCKETS] = {
    "0.0005", "0.001", "0.0025", "0.005", "0.01", "0.025", "0.1", "0.5", "1", "4"};
static const char *const origins[METRICS_ORIGINS] = {NULL, "http", "zeromq", "service", NULL};

void metrics_request(struct metrics *metrics, int origin, int status, int64_t microseconds)
{
    size_t bucket = 0;

    while (bucket < METRICS_BUCKETS && microseconds > limits[bucket])
        bucket++;
    metrics->times[bucket]++;
    metrics->time_sum += microseconds;
    metrics->time_count++;
    metrics->requests[origin][status / 100 % METRICS_CLASSES]++;
}

static void print_requests(const struct metrics *metrics, struct buffer *out)
{
    buffer_append_text(out, "# TYPE songda_gateway_requests_total counter\n");
    for (size_t origin = 0; origin < METRICS_ORIGINS; origin++) {
        for (size_t class = 2; origins[origin] && class < METRICS_CLASSES; class ++)
            buffer_print(
                out, "songda_gateway_requests_total{from=\"%s\",status=\"%zuxx\"} %" PRId64 "\n",
                origins[origin], class, metrics->requests[origin][class]);
    }
}

static void print_times(const struct metrics *metrics, struct buffer *out)
{
    int64_t sum = 0;

    buffer_append_text(out, "# TYPE songda_gateway_request_seconds histogram\n");
    for (size_t i = 0; i < METRICS_BUCKETS; i++) {
        sum += metrics->times[i];
        buffer_print(out, "songda_gateway_request_seconds_bucket{le=\"%s\"} %" PRId64 "\n",
                     limit_names[i], sum);
    }
    buffer_print(out,
                 "songda_gateway_request_seconds_bucket{le=\"+Inf\"} %" PRId64
                 "\nsongda_gateway_request_seconds_sum %" PRId64 ".%06" PRId64
                 "\nsongda_gateway_request_seconds_count %" PRId64 "\n",
                 metrics->time_count, metrics->time_sum / 1000000, metrics->time_sum % 1000000,
                 metrics->time_count);
}

static void print_services(const struct gateway *gateway, struct buffer *out)
{
    buffer_append_text(out, "# TYPE songda_gateway_workers gauge\n");
    for (size_t i = 0; gateway->routes.services[i]; i++)
        buffer_print(out, "songda_gateway_workers{service=\"%s\"} %zu\n",
                     gateway->routes.services[i],
                     switchboard_live(&gateway->board, gateway->routes.services[i]));
    buffer_append_text(out, "# TYPE songda_gateway_followed gauge\n");
    for (size_t i = 0; i < gateway->followers.count; i++)
        buffer_print(out, "songda_gateway_followed{service=\"%s\"} %d\n",
                     gateway->followers.items[i].service,
                     gateway->followers.items[i].confirmed_at >=
                         clock_monotonic() - SESSION_BELIEVED);
}

static void print_cache(const struct cache_reads *reads, struct buffer *out)
{
    buffer_append_text(out, "# TYPE songda_gateway_cache_hits_total counter\n"
                            "# TYPE songda_gateway_cache_misses_total counter\n");
    for (size_t i = 0; i < map_count(&reads->counts); i++) {
        const struct cache_count *count = map_at(&reads->counts, i)->value;

        buffer_print(out,
                     "songda_gateway_cache_hits_total{operation=\"%s\"} %" PRId64
                     "\nsongda_gateway_cache_misses_total{operation=\"%s\"} %" PRId64 "\n",
                     count->operation, count->hits, count->operation, count->misses);
    }
}

static void print_one(struct buffer *out, const char *name, const char *type, int64_t value)
{
    buffer_print(out, "# TYPE songda_gateway_%s %s\nsongda_gateway_%s %" PRId64 "\n", name, type,
                 name, value);
}

void metrics_print(const struct gateway *gateway, struct buffer *out)
{
    const struct metrics *metrics = &gateway->metrics;

    print_requests(metrics, out);
    print_times(metrics, out);
    print_services(gateway, out);
    print_cache(&gateway->reads, out);
    print_one(out, "start_time_seconds", "gauge", metrics->started / 1000000);
    print_one(out, "requests_in_flight", "gauge", metrics->in_flight);
    print_one(out, "slots_used", "gauge", (int64_t)gateway->board.used);
    print_one(out, "redispatched_total", "counter", gateway->board.redispatched);
    print_one(out, "replies_late_total", "counter", gateway->board.late);
    print_one(out, "messages_malformed_total", "counter", gateway->exchange.malformed);
    print_one(out, "answers_dropped_total", "counter", gateway->exchange.dropped);
    print_one(out, "wakeups_total", "counter", gateway->exchange.wakes);
    print_one(out, "keys", "gauge", (int64_t)map_count(&gateway->exchange.keys.allowed.keys));
    print_one(out, "keys_stale", "gauge", gateway->exchange.keys.allowed.is_stale);
    print_one(out, "keys_refused_total", "counter", gateway->exchange.keys.refused);
    print_one(out, "keys_revoked_total", "counter", gateway->exchange.keys.revoked);
    print_one(out, "rate_limited_total", "counter", metrics->limited);
    print_one(out, "sessions", "gauge", (int64_t)map_count(&gateway->sessions.by_hash));
    print_one(out, "session_hits_total", "counter", metrics->sessions_known);
    print_one(out, "session_misses_total", "counter", metrics->sessions_asked);
    print_one(out, "events_applied_total", "counter", gateway->followers.applied);
    print_one(out, "streams", "gauge", (int64_t)gateway->streams.count);
    print_one(out, "streams_slow_total", "counter", metrics->streams_slow);
    print_one(out, "cache_up", "gauge", cache_is_up(gateway->reads.cache));
    print_one(out, "cache_near_hits_total", "counter", gateway->reads.near.hits);
    print_one(out, "cache_slow_total", "counter", gateway->reads.asks.slow);
    print_one(out, "http_connections", "gauge", metrics->connections);
}

void metrics_add_file(const char *path, struct buffer *out)
{
    char part[8192];
    ssize_t len;
    int fd = *path == '\0' ? -1 : open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

    if (fd < 0)
        return; /* not written yet: the figures in it say themselves how old they are */
    for (size_t read_so_far = 0; read_so_far < METRICS_FILE_MAX; read_so_far += (size_t)len) {
        len = read(fd, part, sizeof(part));
        if (len <= 0)
            break;
        buffer_append(out, part, (size_t)len);
    }
    close(fd);
}
