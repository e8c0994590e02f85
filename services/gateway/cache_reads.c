/* cache_reads.c - hot reads from Redis: looked up, kept, and never believed when an event speaks against them. */
#include "cache_reads.h"

#include <inttypes.h>
#include <sodium.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"
#include "cache_tags.h"
#include "gateway.h"

#include "base/banned.h"

#define KEY_HASH_SIZE 16
#define NUMBER_SIZE sizeof(int64_t)

struct cache_count *cache_reads_count(struct cache_reads *reads, const char *operation)
{
    struct cache_count *count = map_get_text(&reads->counts, operation);

    if (!count) {
        count = memory_new(sizeof(*count));
        count->operation = operation;
        map_put_text(&reads->counts, operation, count);
    }
    return count;
}

void cache_reads_init(struct cache_reads *reads, const char *redis)
{
    uint8_t random[8];

    *reads = (struct cache_reads){.cache = cache_new(redis)};
    randombytes_buf(random, sizeof(random));
    sodium_bin2hex(reads->name, sizeof(reads->name), random, sizeof(random));
    map_init(&reads->drops);
    map_init(&reads->tags);
    map_init(&reads->counts);
    cache_asks_init(&reads->asks);
    map_init(&reads->comparable);
    cache_near_init(&reads->near);
    cache_tags_init(reads);
}

static void release_map(struct map *map)
{
    for (size_t i = 0; i < map_count(map); i++) {
        void *value = map_at(map, i)->value;

        memory_free(&value);
    }
    map_release(map);
}

void cache_reads_release(struct cache_reads *reads)
{
    cache_asks_release(&reads->asks);
    cache_free(&reads->cache);
    cache_near_release(&reads->near);
    map_release(&reads->comparable);
    release_map(&reads->drops);
    release_map(&reads->tags);
    release_map(&reads->counts);
}

/* Who may be given this answer, and for what it is one. */
static void hash_key(const struct request *r, struct bytes request, uint8_t hash[32])
{
    const struct envelope_actor *actor = &r->ask.actor;
    crypto_hash_sha256_state state;

    crypto_hash_sha256_init(&state);
    crypto_hash_sha256_update(&state, actor->company_id.bytes, sizeof(struct id));
    if (r->route->cache->by != CONTRACT_CACHE_COMPANY) {
        crypto_hash_sha256_update(&state, actor->branch_id.bytes, sizeof(struct id));
        crypto_hash_sha256_update(&state, (const uint8_t *)&actor->functions,
                                  sizeof(actor->functions));
        crypto_hash_sha256_update(&state, (const uint8_t *)actor->scope.items,
                                  actor->scope.count * sizeof(struct id));
    }
    if (r->route->cache->by == CONTRACT_CACHE_ACTOR)
        crypto_hash_sha256_update(&state, actor->staff_id.bytes, sizeof(struct id));
    crypto_hash_sha256_update(&state, request.data, request.len);
    crypto_hash_sha256_final(&state, hash);
}

static const char *make_key(const struct cache_reads *reads, struct request *r,
                            struct bytes request)
{
    uint8_t hash[32];
    char hex[2 * KEY_HASH_SIZE + 1];

    hash_key(r, request, hash);
    sodium_bin2hex(hex, sizeof(hex), hash, KEY_HASH_SIZE);
    return arena_print(&r->arena, "songda:%s:%" PRIu64 ":%s:%s", reads->name, reads->era,
                       r->route->operation.name, hex);
}

static void missed(struct request *r)
{
    cache_reads_count(&r->gateway->reads, r->route->operation.name)->misses++;
    r->keep.number = r->gateway->reads.number;
    request_dispatch(r);
}

static void looked_up(void *context, struct bytes value)
{
    struct request *r = context;
    int64_t number;

    if (value.len < NUMBER_SIZE)
        return missed(r);
    memcpy(&number, value.data, NUMBER_SIZE);
    if (cache_tags_newest(&r->gateway->reads, r->keep.tags, r->keep.tag_count) > number)
        return missed(r);
    cache_reads_count(&r->gateway->reads, r->route->operation.name)->hits++;
    r->from_cache = true;
    r->keep.number = number;
    r->reply.body.len = value.len - NUMBER_SIZE;
    r->reply.body.data = arena_copy(&r->arena, value.data + NUMBER_SIZE, r->reply.body.len);
    request_answer(r);
}

/* Events that make this answer old must be known to arrive. */
static bool events_are_followed(const struct gateway *gateway, const struct contract_cache *cache)
{
    int64_t since = clock_monotonic() - SESSION_BELIEVED;
    char service[64];

    for (const struct contract_cache_drop *drop = cache->drops; drop && drop->event; drop++) {
        snprintf(service, sizeof(service), "%.*s", (int)strcspn(drop->event, "."), drop->event);
        if (followers_confirmed(gateway, service) < since)
            return false;
    }
    return true;
}

/* What is asked, in the one form that equal questions have; our own HTTP side has packed it so already. */
static bool canonical(struct request *r, void *value, struct bytes *request)
{
    const struct shape *shape = r->route->operation.request;
    struct shape_error error;
    struct buffer packed = {0};

    *request = r->ask.body;
    if (r->origin == ORIGIN_HTTP)
        return true;
    if (!shape_unpack(shape, SHAPE_STRICT, r->ask.body, &r->arena, value, &error))
        return false; /* the service says what is wrong with it */
    shape_pack(shape, value, false, &packed);
    *request = (struct bytes){arena_copy(&r->arena, packed.data, packed.len), packed.len};
    buffer_release(&packed);
    return true;
}

static void ask_redis(struct request *r)
{
    struct cache_reads *reads = &r->gateway->reads;
    const struct cache_question question = {r->keep.entry, looked_up, r};

    cache_ask(&reads->asks, reads->cache, &question, &r->lookup);
}

bool cache_reads_look_up(struct request *r)
{
    struct cache_reads *reads = &r->gateway->reads;
    const struct shape *shape = r->route->operation.request;
    struct shape_error error;
    struct bytes request;
    void *value;

    if (r->has_clock || r->route->operation.confidential || !cache_is_up(reads->cache) ||
        !events_are_followed(r->gateway, r->route->cache))
        return false;
    value = arena_alloc(&r->arena, shape->size);
    if (!canonical(r, value, &request))
        return false;
    r->keep.entry = make_key(reads, r, request);
    if (r->origin == ORIGIN_HTTP && cache_near_find(r)) {
        cache_reads_count(reads, r->route->operation.name)->hits++;
        r->from_cache = true;
        request_answer(r);
        return true;
    }
    if (!shape_unpack(shape, SHAPE_STRICT, request, &r->arena, value, &error))
        return false;
    cache_tags_of_request(r, value);
    r->keep.is_wanted = true;
    ask_redis(r);
    return true;
}

void cache_reads_keep(struct request *r)
{
    struct cache_reads *reads = &r->gateway->reads;
    struct buffer value = {0};

    if (r->reply.body.len > CACHE_VALUE_MAX ||
        cache_tags_newest(reads, r->keep.tags, r->keep.tag_count) > r->keep.number ||
        cache_tags_rest(reads, r))
        return;
    buffer_append(&value, &r->keep.number, NUMBER_SIZE);
    buffer_append(&value, r->reply.body.data, r->reply.body.len);
    cache_set(reads->cache, r->keep.entry, buffer_bytes(&value), r->route->cache->seconds);
    buffer_release(&value);
}

void cache_reads_forget(struct request *r)
{
    cache_ask_forget(&r->lookup);
}

void cache_reads_tick(struct gateway *gateway)
{
    struct cache_reads *reads = &gateway->reads;
    int64_t now = clock_monotonic();

    cache_asks_tick(&reads->asks, now);
    cache_tick(reads->cache, now);
    cache_tags_tick(reads, now);
}

int64_t cache_reads_patience(const struct cache_reads *reads)
{
    return cache_asks_patience(&reads->asks, clock_monotonic());
}
