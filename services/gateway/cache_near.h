/* cache_near.h - the hottest of what Redis keeps, as the JSON it becomes, in this process: for two seconds, while Redis is up.
 *
 * The same tags speak against it as against what Redis keeps (cache_tags.h), so it is never older than that.
 */
#ifndef GATEWAY_CACHE_NEAR_H
#define GATEWAY_CACHE_NEAR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/list.h"
#include "base/map.h"

#define NEAR_ENTRIES_MAX 1024
#define NEAR_BYTES_MAX (4u << 20)
#define NEAR_ENTRY_MAX (16u << 10)
#define NEAR_LIFE INT64_C(2000000)

struct request;

struct cache_near {
    struct map entries; /* the key in Redis → struct near_entry */
    struct link oldest;
    size_t bytes;
    int64_t hits;
};

void cache_near_init(struct cache_near *near);
void cache_near_release(struct cache_near *near);

/* True: r->json is the answer. */
bool cache_near_find(struct request *r);

/* Keeps the JSON of an answer that Redis has, or has just been given. */
void cache_near_put(struct request *r, struct bytes json);

#endif
