/* metrics.c - what a service counts, as Prometheus reads it. */
#include "service/metrics.h"

#include "base/clock.h"
#include "base/memory.h"

#include "base/banned.h"

void metrics_init(struct metrics *metrics, struct lane *lane, struct inbox *inbox,
                  struct peer *peer)
{
    *metrics =
        (struct metrics){.lane = lane, .inbox = inbox, .peer = peer, .started = clock_monotonic()};
    map_init(&metrics->calls);
}

void metrics_release(struct metrics *metrics)
{
    for (size_t i = 0; i < map_count(&metrics->calls); i++) {
        void *counted = map_at(&metrics->calls, i)->value;
        memory_free(&counted);
    }
    map_release(&metrics->calls);
}

void metrics_count(struct metrics *metrics, const char *operation, const char *outcome,
                   int64_t microseconds)
{
    char key[192];

    snprintf(key, sizeof(key), "operation=\"%s\",outcome=\"%s\"", operation, outcome);
    struct counted *counted = map_get_text(&metrics->calls, key);
    if (counted == NULL) {
        counted = memory_new(sizeof(*counted));
        map_put_text(&metrics->calls, key, counted);
    }
    counted->count++;
    counted->microseconds += microseconds;
}

static void print_calls(const struct metrics *metrics, struct buffer *out)
{
    buffer_append_text(out, "# TYPE songda_calls_total counter\n");
    for (size_t i = 0; i < map_count(&metrics->calls); i++) {
        const struct map_entry *entry = map_at(&metrics->calls, i);
        const struct counted *counted = entry->value;
        buffer_print(out, "songda_calls_total{%s} %lld\n", (const char *)entry->key,
                     (long long)counted->count);
    }
    buffer_append_text(out, "# TYPE songda_call_seconds_total counter\n");
    for (size_t i = 0; i < map_count(&metrics->calls); i++) {
        const struct map_entry *entry = map_at(&metrics->calls, i);
        const struct counted *counted = entry->value;
        buffer_print(out, "songda_call_seconds_total{%s} %lld.%06lld\n", (const char *)entry->key,
                     (long long)(counted->microseconds / CLOCK_SECOND),
                     (long long)(counted->microseconds % CLOCK_SECOND));
    }
}

static void print_batches(const struct lane_counters *counters, struct buffer *out)
{
    int64_t below = 0;

    buffer_append_text(out, "# TYPE songda_batch_size histogram\n");
    for (size_t i = 0; i < sizeof(counters->sizes) / sizeof(*counters->sizes); i++) {
        below += counters->sizes[i];
        buffer_print(out, "songda_batch_size_bucket{le=\"%d\"} %lld\n", 1 << i, (long long)below);
    }
    buffer_print(out, "songda_batch_size_bucket{le=\"+Inf\"} %lld\n", (long long)below);
    buffer_print(out, "songda_batch_size_sum %lld\n", (long long)counters->calls);
    buffer_print(out, "songda_batch_size_count %lld\n", (long long)counters->batches);
}

static void print_figure(struct buffer *out, const char *name, const char *type, int64_t value)
{
    buffer_print(out, "# TYPE songda_%s %s\nsongda_%s %lld\n", name, type, name, (long long)value);
}

void metrics_print(const struct metrics *metrics, struct buffer *out)
{
    const struct lane *lane = metrics->lane;

    print_calls(metrics, out);
    print_batches(&lane->counters, out);
    print_figure(out, "round_trips_total", "counter", lane->counters.round_trips);
    print_figure(out, "statements_total", "counter", lane->counters.statements);
    print_figure(out, "set_statements_total", "counter", lane->counters.sets);
    print_figure(out, "batches_rolled_back_total", "counter", lane->counters.rolled_back);
    print_figure(out, "queue_length", "gauge", (int64_t)lane->waiting_count);
    print_figure(out, "fibers", "gauge", (int64_t)lane->fibers.count);
    print_figure(out, "requests_in_memory", "gauge", (int64_t)metrics->works);
    print_figure(out, "uptime_seconds", "counter",
                 (clock_monotonic() - metrics->started) / CLOCK_SECOND);
    buffer_append_text(out, "# TYPE songda_inbox_lag gauge\n");
    for (size_t i = 0; i < metrics->inbox->producer_count; i++) {
        const char *producer = metrics->inbox->producers[i].name;
        buffer_print(out, "songda_inbox_lag{producer=\"%s\"} %lld\n", producer,
                     (long long)inbox_lag(metrics->inbox, producer));
    }
}
