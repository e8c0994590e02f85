/* limits.c - how often an address may ask. */
#include "limits.h"

#include <arpa/inet.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"

#include "base/banned.h"

/* Kept as the instant at which the bucket is full again: no floating point, nothing to refill. */
struct bucket {
    int64_t full_at;
};

void limits_init(struct limits *limits, int64_t tokens, int64_t period, int64_t burst)
{
    map_init(&limits->buckets);
    limits->interval = period / tokens > 0 ? period / tokens : 1;
    limits->burst = burst;
}

void limits_release(struct limits *limits)
{
    for (size_t i = 0; i < map_count(&limits->buckets); i++) {
        struct bucket *bucket = map_at(&limits->buckets, i)->value;

        memory_free(&bucket);
    }
    map_release(&limits->buckets);
}

bool address_is_local(const char *address)
{
    struct in6_addr long_address;
    struct in_addr address_4;

    if (inet_pton(AF_INET, address, &address_4) == 1)
        return ntohl(address_4.s_addr) >> 24 == 127;
    if (inet_pton(AF_INET6, address, &long_address) == 1)
        return IN6_IS_ADDR_LOOPBACK(&long_address);
    return true;
}

/* An IPv6 household is its /64. */
static size_t bucket_key(const char *address, uint8_t key[16])
{
    struct in6_addr long_address;
    struct in_addr address_4;

    if (inet_pton(AF_INET, address, &address_4) == 1) {
        memcpy(key, &address_4, 4);
        return 4;
    }
    if (inet_pton(AF_INET6, address, &long_address) == 1)
        memcpy(key, &long_address, 8);
    return 8;
}

/* Full buckets say nothing that a new one would not. */
static void forget_full(struct limits *limits, int64_t now)
{
    for (size_t i = map_count(&limits->buckets); i > 0; i--) {
        const struct map_entry *entry = map_at(&limits->buckets, i - 1);
        struct bucket *bucket = entry->value;

        if (bucket->full_at > now && map_count(&limits->buckets) < LIMITS_ADDRESSES_MAX)
            continue;
        map_remove(&limits->buckets, entry->key, entry->key_len);
        memory_free(&bucket);
    }
}

static struct bucket *bucket_of(struct limits *limits, const char *address, int64_t now)
{
    uint8_t key[16] = {0};
    size_t len = bucket_key(address, key);
    struct bucket *bucket = map_get(&limits->buckets, key, len);

    if (bucket)
        return bucket;
    if (map_count(&limits->buckets) >= LIMITS_ADDRESSES_MAX)
        forget_full(limits, now);
    bucket = memory_new(sizeof(*bucket));
    map_put(&limits->buckets, key, len, bucket);
    return bucket;
}

bool limits_take(struct limits *limits, const char *address, int64_t now, int64_t *wait)
{
    struct bucket *bucket;
    int64_t full_at;

    if (address_is_local(address))
        return true;
    bucket = bucket_of(limits, address, now);
    full_at = (bucket->full_at > now ? bucket->full_at : now) + limits->interval;
    if (full_at - now > limits->burst * limits->interval) {
        *wait = full_at - now - limits->burst * limits->interval;
        return false;
    }
    bucket->full_at = full_at;
    return true;
}
