/* cache.c - one asynchronous connection to Redis that is allowed to fail at any moment. */
#include "store/cache.h"

#include <hiredis/async.h>
#include <hiredis/hiredis.h>
#include <poll.h>
#include <string.h>

#include "base/clock.h"
#include "base/list.h"
#include "base/log.h"
#include "base/memory.h"

#include "base/banned.h"

#define RETRY_FIRST INT64_C(50000)
#define RETRY_LAST INT64_C(2000000)
#define SILENCE_MAX INT64_C(1000000)
#define UNANSWERED_MAX 10000 /* questions; more would only queue */

struct cache {
    char *path, *host; /* one of them, or none */
    int port;
    redisAsyncContext *connection;
    bool is_up, wants_read, wants_write;
    int64_t retry_at, retry_wait;
    struct link questions; /* oldest first */
    size_t unanswered;
};

struct question {
    struct link link;
    struct cache *cache;
    int64_t at;
    void (*answered)(void *context, struct bytes value); /* NULL: nobody wants to know */
    void *context;
};

static void add_read(void *cache)
{
    ((struct cache *)cache)->wants_read = true;
}

static void del_read(void *cache)
{
    ((struct cache *)cache)->wants_read = false;
}

static void add_write(void *cache)
{
    ((struct cache *)cache)->wants_write = true;
}

static void del_write(void *cache)
{
    ((struct cache *)cache)->wants_write = false;
}

/* hiredis frees the connection after this. */
static void forget(void *data)
{
    struct cache *cache = data;

    cache->wants_read = cache->wants_write = false;
}

static void lose(struct cache *cache, const char *why)
{
    if (cache->is_up)
        log_warn("cache_lost", log_text("detail", why));
    cache->is_up = false;
    cache->connection = NULL;
    cache->retry_at = clock_monotonic() + cache->retry_wait;
    cache->retry_wait = cache->retry_wait * 2 < RETRY_LAST ? cache->retry_wait * 2 : RETRY_LAST;
}

static void connected(const redisAsyncContext *connection, int status)
{
    struct cache *cache = connection->data;

    if (status != REDIS_OK) {
        lose(cache, connection->errstr);
        return;
    }
    cache->is_up = true;
    cache->retry_wait = RETRY_FIRST;
    log_info("cache_connected");
}

static void disconnected(const redisAsyncContext *connection, int status)
{
    lose(connection->data, status == REDIS_OK ? "closed" : connection->errstr);
}

static void open_connection(struct cache *cache)
{
    redisAsyncContext *connection = cache->path ? redisAsyncConnectUnix(cache->path)
                                                : redisAsyncConnect(cache->host, cache->port);

    if (!connection || connection->err) {
        lose(cache, connection ? connection->errstr : "no memory");
        if (connection)
            redisAsyncFree(connection);
        return;
    }
    cache->connection = connection;
    connection->data = cache;
    connection->ev.data = cache;
    connection->ev.addRead = add_read;
    connection->ev.delRead = del_read;
    connection->ev.addWrite = add_write;
    connection->ev.delWrite = del_write;
    connection->ev.cleanup = forget;
    cache->wants_write = true; /* that is how a connection in progress says it is there */
    redisAsyncSetConnectCallback(connection, connected);
    redisAsyncSetDisconnectCallback(connection, disconnected);
}

static void set_address(struct cache *cache, const char *address)
{
    const char *colon = strrchr(address, ':');

    if (strncmp(address, "unix:", 5) == 0) {
        cache->path = memory_text(address + 5);
    } else if (colon && colon > address) {
        cache->host = memory_text(address);
        cache->host[colon - address] = '\0';
        cache->port = (int)strtol(colon + 1, NULL, 10);
    } else if (*address) {
        log_error("cache_address", log_text("address", address));
    }
}

struct cache *cache_new(const char *address)
{
    struct cache *cache = memory_new(sizeof(*cache));

    link_init(&cache->questions);
    cache->retry_wait = RETRY_FIRST;
    set_address(cache, address ? address : "");
    return cache;
}

void cache_free(struct cache **address_of_cache)
{
    struct cache *cache = *address_of_cache;

    if (!cache)
        return;
    if (cache->connection)
        redisAsyncFree(cache->connection);
    memory_free(&cache->path);
    memory_free(&cache->host);
    memory_free(address_of_cache);
}

int cache_fd(const struct cache *cache)
{
    return cache->connection ? cache->connection->c.fd : -1;
}

short cache_events(const struct cache *cache)
{
    return (short)((cache->wants_read ? POLLIN : 0) | (cache->wants_write ? POLLOUT : 0));
}

void cache_ready(struct cache *cache, short revents)
{
    if (cache->connection && (revents & (POLLIN | POLLERR | POLLHUP)) && cache->wants_read)
        redisAsyncHandleRead(cache->connection);
    if (cache->connection && (revents & (POLLOUT | POLLERR | POLLHUP)) && cache->wants_write)
        redisAsyncHandleWrite(cache->connection);
}

void cache_tick(struct cache *cache, int64_t monotonic)
{
    const struct question *oldest;

    if (!cache->connection && (cache->path || cache->host) && monotonic >= cache->retry_at)
        open_connection(cache);
    if (!cache->connection || link_is_empty(&cache->questions))
        return;
    oldest = link_entry(cache->questions.next, struct question, link);
    if (monotonic - oldest->at > SILENCE_MAX)
        redisAsyncFree(cache->connection);
}

bool cache_is_up(const struct cache *cache)
{
    return cache->is_up;
}

static void answer(redisAsyncContext *connection, void *data, void *context)
{
    const redisReply *reply = data;
    struct question *question = context;
    struct bytes value = {0};

    (void)connection;
    if (reply && reply->type == REDIS_REPLY_STRING)
        value = (struct bytes){(const uint8_t *)reply->str, (size_t)reply->len};
    link_remove(&question->link);
    question->cache->unanswered--;
    if (question->answered)
        question->answered(question->context, value);
    memory_free(&question);
}

static bool ask(struct cache *cache, int count, const char **words, const size_t *lengths,
                void (*answered)(void *context, struct bytes value), void *context)
{
    struct question *question;

    if (!cache->is_up || cache->unanswered >= UNANSWERED_MAX)
        return false;
    question = memory_new(sizeof(*question));
    *question = (struct question){
        .cache = cache, .at = clock_monotonic(), .answered = answered, .context = context};
    link_append(&cache->questions, &question->link);
    cache->unanswered++;
    if (redisAsyncCommandArgv(cache->connection, answer, question, count, words, lengths) ==
        REDIS_OK)
        return true;
    link_remove(&question->link);
    cache->unanswered--;
    memory_free(&question);
    return false;
}

void cache_get(struct cache *cache, const char *key,
               void (*answered)(void *context, struct bytes value), void *context)
{
    const char *words[] = {"GET", key};
    const size_t lengths[] = {3, strlen(key)};

    if (!ask(cache, 2, words, lengths, answered, context))
        answered(context, (struct bytes){0});
}

void cache_set(struct cache *cache, const char *key, struct bytes value, int seconds)
{
    char life[16];
    const char *words[] = {"SETEX", key, life, (const char *)value.data};
    size_t lengths[] = {5, strlen(key), 0, value.len};

    lengths[2] = (size_t)snprintf(life, sizeof(life), "%d", seconds);
    ask(cache, 4, words, lengths, NULL, NULL);
}
