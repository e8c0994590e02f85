/* cache.h - Redis over hiredis' asynchronous connection, for a poll loop. Redis makes things fast; nothing needs it.
 *
 * Poll cache_fd() for cache_events(), then call cache_ready(); call cache_tick() at least every 100 ms. While there is no connection
 * every question is answered at once with "no".
 */
#ifndef SONGDA_STORE_CACHE_H
#define SONGDA_STORE_CACHE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"

struct cache; /* heap; cache_new / cache_free */

/* unix:PATH or address:port; NULL or "": a cache that is never up. */
struct cache *cache_new(const char *address);

/* Whoever still waits is answered with "no". */
void cache_free(struct cache **cache);

int cache_fd(const struct cache *cache);       /* -1: none at the moment */
short cache_events(const struct cache *cache); /* POLLIN, POLLOUT */
void cache_ready(struct cache *cache, short revents);

/* Connects again (50 ms to 2 s apart), and gives up a connection that has not answered for a second. */
void cache_tick(struct cache *cache, int64_t monotonic);

bool cache_is_up(const struct cache *cache);

/* Gets the value of a key. `answered` is called exactly once, maybe before this returns; value.data is NULL when there is none, or no answer. */
void cache_get(struct cache *cache, const char *key,
               void (*answered)(void *context, struct bytes value), void *context);

/* Keeps a value for some seconds; whether it worked is not known. */
void cache_set(struct cache *cache, const char *key, struct bytes value, int seconds);

#endif
