/* cache_reads.h - answers to reads that the schema says may be kept: in Redis, until an event makes them old.
 *
 * Every kept answer carries how many events the gateway had applied before it asked. An event notes, in this process, under its tag (the
 * operation and the key's values, or the operation alone) its own number; an answer with a lower number than one of its tags is old, whether
 * it was kept before the event or is kept after it by a service that answered late. So a lost, slow, flushed or evicting Redis can only cost
 * time. Keys begin with a name made at each start: nobody else's answers are ever read.
 */
#ifndef GATEWAY_CACHE_READS_H
#define GATEWAY_CACHE_READS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/list.h"
#include "base/map.h"
#include "cache_ask.h"
#include "cache_near.h"
#include "store/cache.h"
#include "wire/routes.h"

#define CACHE_TAGS_MAX 32768
#define CACHE_FOREIGN_REST                                                                         \
    INT64_C(3000000) /* how long nothing is kept after another service's event */

struct gateway;
struct request;

struct cache_reads {
    struct cache *cache;
    char name[17];         /* of this start */
    uint64_t era;          /* part of the name: raised when tags had to be forgotten */
    int64_t number;        /* events applied */
    struct map drops;      /* event name → struct drops */
    struct map tags;       /* tag → struct tag */
    struct map comparable; /* drops (their addresses) whose fields both sides have */
    struct cache_near near;
    struct cache_asks asks;
    int64_t longest;    /* seconds that anything may be kept */
    int64_t next_sweep; /* of the tags */
    struct map counts;  /* operation, or session → struct cache_count, for the metrics */
};

struct cache_count {
    const char *operation;
    int64_t hits, misses;
};

void cache_reads_init(struct cache_reads *reads, const char *redis);
void cache_reads_release(struct cache_reads *reads);

/* Hits and misses of what is looked up in Redis under this name. */
struct cache_count *cache_reads_count(struct cache_reads *reads, const char *operation);

/* True: it was answered, or Redis is asked and request_answer or request_dispatch follows. False: this one is not kept, or cannot be now. */
bool cache_reads_look_up(struct request *r);

/* Keeps a service's answer, unless an event has made it old already. */
void cache_reads_keep(struct request *r);

/* The request is over: what Redis may still say about it is ignored. */
void cache_reads_forget(struct request *r);

/* An event was applied. */
void cache_reads_event(struct cache_reads *reads, const struct event_type *type, struct bytes body);

/* Events were missed: nothing kept so far is believed. */
void cache_reads_doubt(struct cache_reads *reads);

/* Lets go of lookups that take too long, reconnects, forgets old tags. */
void cache_reads_tick(struct gateway *gateway);

/* How long the loop may sleep for the lookups' sake, in microseconds; -1: for ever. */
int64_t cache_reads_patience(const struct cache_reads *reads);

#endif
