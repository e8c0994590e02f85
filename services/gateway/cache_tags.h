/* cache_tags.h - which events make which kept answers old. A tag is an operation, an event, and the values both have in the key's
 * fields (none: all answers of the operation). */
#ifndef GATEWAY_CACHE_TAGS_H
#define GATEWAY_CACHE_TAGS_H

#include "cache_reads.h"

#define CACHE_VALUE_MAX (256u << 10) /* bytes of an answer that is kept */

void cache_tags_init(struct cache_reads *reads);

/* Fills in r->keep.tags from the request's value. */
void cache_tags_of_request(struct request *r, const void *value);

/* The highest number of an event that speaks against an answer with these tags; 0: none. */
int64_t cache_tags_newest(const struct cache_reads *reads, const struct bytes *tags, size_t count);

/* An event of another service has just spoken against it: the answering service may not have heard of it yet. */
bool cache_tags_rest(const struct cache_reads *reads, const struct request *r);

void cache_tags_tick(struct cache_reads *reads, int64_t now);

#endif
