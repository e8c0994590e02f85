/* cache_ask.c - questions to Redis under way, and giving them up. */
#include "cache_ask.h"

#include "base/clock.h"
#include "base/memory.h"
#include "store/cache.h"

#include "base/banned.h"

struct cache_ask {
    struct link link;
    int64_t at;
    struct cache_question
        question; /* answered is NULL: nobody waits; it is Redis' until it answers */
    struct cache_ask **handle;
};

void cache_asks_init(struct cache_asks *asks)
{
    *asks = (struct cache_asks){.slow = 0};
    link_init(&asks->asked);
}

/* The asker is told, once. */
static void tell(struct cache_ask *ask, struct bytes value)
{
    const struct cache_question question = ask->question;

    if (!question.answered)
        return;
    cache_ask_forget(ask->handle);
    question.answered(question.context, value);
}

void cache_ask_forget(struct cache_ask **handle)
{
    struct cache_ask *ask = *handle;

    if (!ask)
        return;
    ask->question.answered = NULL;
    ask->handle = NULL;
    *handle = NULL;
}

void cache_asks_release(struct cache_asks *asks)
{
    link_each (&asks->asked, link) {
        struct cache_ask *ask = link_entry(link, struct cache_ask, link);

        link_remove(link);
        if (ask->handle)
            cache_ask_forget(ask->handle);
    }
}

static void came(void *context, struct bytes value)
{
    struct cache_ask *ask = context;

    link_remove(&ask->link);
    tell(ask, value);
    memory_free(&ask);
}

void cache_ask(struct cache_asks *asks, struct cache *cache, const struct cache_question *question,
               struct cache_ask **handle)
{
    struct cache_ask *ask = memory_new(sizeof(*ask));

    *ask = (struct cache_ask){.at = clock_monotonic(), .question = *question, .handle = handle};
    ask->question.key = NULL; /* not kept */
    *handle = ask;
    link_append(&asks->asked, &ask->link);
    cache_get(cache, question->key, came, ask);
}

void cache_asks_tick(struct cache_asks *asks, int64_t now)
{
    while (!link_is_empty(&asks->asked)) {
        struct cache_ask *ask = link_entry(asks->asked.next, struct cache_ask, link);

        if (now - ask->at < LOOKUP_TIME)
            return;
        link_remove(&ask->link);
        asks->slow += ask->question.answered != NULL;
        tell(ask, (struct bytes){0});
    }
}

int64_t cache_asks_patience(const struct cache_asks *asks, int64_t now)
{
    int64_t left;

    if (link_is_empty(&asks->asked))
        return -1;
    left = link_entry(asks->asked.next, struct cache_ask, link)->at + LOOKUP_TIME - now;
    return left > 0 ? left : 0;
}
