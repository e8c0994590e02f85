/* metrics.h - what the gateway counts, in Prometheus' text form at /metrics. */
#ifndef GATEWAY_METRICS_H
#define GATEWAY_METRICS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"

struct gateway;

#define METRICS_ORIGINS 5
#define METRICS_CLASSES 6           /* 1xx … 5xx */
#define METRICS_BUCKETS 10          /* of the time an answer takes */
#define METRICS_FILE_MAX (1u << 20) /* bytes */

struct metrics {
    int64_t started;                                          /* instant */
    int64_t requests[METRICS_ORIGINS][METRICS_CLASSES];       /* by enum origin and status / 100 */
    int64_t times[METRICS_BUCKETS + 1], time_sum, time_count; /* microseconds */
    int64_t in_flight;
    int64_t limited; /* refused by the rate limit */
    int64_t sessions_known, sessions_asked;
    int64_t streams_slow; /* event streams dropped because they did not read */
    int64_t connections;  /* HTTP, open */
};

void metrics_request(struct metrics *metrics, int origin, int status, int64_t microseconds);
void metrics_print(const struct gateway *gateway, struct buffer *out);

/* Adds what others have left in a file for /metrics, in the same form. "": none. */
void metrics_add_file(const char *path, struct buffer *out);

#endif
