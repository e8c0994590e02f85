/* cache_ask.h - a question to Redis that is not waited for longer than LOOKUP_TIME. */
#ifndef GATEWAY_CACHE_ASK_H
#define GATEWAY_CACHE_ASK_H

#include <stdint.h>

#include "base/bytes.h"
#include "base/list.h"

#define LOOKUP_TIME INT64_C(20000) /* microseconds until Redis counts as too slow */

struct cache;
struct cache_ask;

struct cache_asks {
    struct link asked; /* oldest first */
    int64_t slow;      /* given up */
};

void cache_asks_init(struct cache_asks *asks);
void cache_asks_release(struct cache_asks *asks); /* nobody is answered any more */

struct cache_question {
    const char *key;
    void (*answered)(void *context, struct bytes value); /* no data: none, or no answer in time */
    void *context;
};

/* Asks; `answered` is called once, maybe before this returns. *handle is set meanwhile, and NULL before `answered` is called. */
void cache_ask(struct cache_asks *asks, struct cache *cache, const struct cache_question *question,
               struct cache_ask **handle);

/* Nobody wants to know any more; *handle becomes NULL. */
void cache_ask_forget(struct cache_ask **handle);

/* Answers "no" to those that have waited long enough. */
void cache_asks_tick(struct cache_asks *asks, int64_t now);

/* Microseconds until the next has; -1: nobody waits. */
int64_t cache_asks_patience(const struct cache_asks *asks, int64_t now);

#endif
