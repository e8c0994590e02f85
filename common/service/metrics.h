/* metrics.h - what a service counts, and its health page (private to common/service). */
#ifndef SONGDA_SERVICE_METRICS_H
#define SONGDA_SERVICE_METRICS_H

#include <zmq.h>

#include "base/bytes.h"
#include "base/map.h"
#include "service/inbox.h"

struct metrics {
    struct map calls; /* "operation outcome" → struct counted */
    struct lane *lane;
    struct inbox *inbox;
    struct peer *peer;
    int64_t started;
    bool is_leaving;
    size_t works; /* requests in memory */
};

struct counted {
    int64_t count, microseconds;
};

void metrics_init(struct metrics *metrics, struct lane *lane, struct inbox *inbox,
                  struct peer *peer);
void metrics_release(struct metrics *metrics);
void metrics_count(struct metrics *metrics, const char *operation, const char *outcome,
                   int64_t microseconds);
void metrics_print(const struct metrics *metrics, struct buffer *out);

/* /healthz: the process turns; /readyz: it has the database and a gateway; /metrics: Prometheus' text. */
struct health;
struct health *
health_new(const char *at,
           struct metrics *metrics); /* at: "127.0.0.1:9101"; NULL: none, no address, or taken */
void health_free(struct health **health);
int health_poll_fd(const struct health *health);
void health_turn(
    struct health *health); /* when its descriptor is ready, and at times; NULL: nothing */

#endif
