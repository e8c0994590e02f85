/* gateway.h - the gateway's parts, all in one thread. */
#ifndef GATEWAY_GATEWAY_H
#define GATEWAY_GATEWAY_H

#include <stdbool.h>

#include "cache_reads.h"
#include "exchange.h"
#include "follower.h"
#include "http.h"
#include "limits.h"
#include "metrics.h"
#include "papers.h"
#include "request.h"
#include "session.h"
#include "settings.h"
#include "stream.h"
#include "switchboard.h"
#include "wire/routes.h"

/* Random bytes taken from the system beforehand. */
struct random_store {
    uint8_t bytes[1536];
    size_t left;
};

struct gateway {
    struct settings settings;
    struct routes routes;
    struct switchboard board;
    struct exchange exchange;
    struct sessions sessions;
    struct followers followers;
    struct streams streams;
    struct cache_reads reads;
    struct limits requests, sign_ins;
    struct metrics metrics;
    struct http http;
    struct papers papers;
    struct random_store random;
    int64_t log_flushed_at; /* monotonic */
    bool has_request_clock; /* X-Songda-Clock is obeyed */
};

/* Every service that must be there is there. */
bool gateway_is_ready(const struct gateway *gateway, const char **missing);

#endif
