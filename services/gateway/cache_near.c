/* cache_near.c - answers kept in this process for a moment, so that what everybody reads at once is not asked of Redis each time. */
#include "cache_near.h"

#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "cache_tags.h"
#include "gateway.h"

#include "base/banned.h"

struct near_entry {
    struct link age;
    char *key;
    struct buffer json;
    int64_t number, at;
    struct buffer tag_bytes;
    struct bytes *tags; /* views into tag_bytes */
    size_t tag_count;
};

void cache_near_init(struct cache_near *near)
{
    *near = (struct cache_near){0};
    map_init(&near->entries);
    link_init(&near->oldest);
}

static void drop(struct cache_near *near, struct near_entry *entry)
{
    near->bytes -= entry->json.len;
    link_remove(&entry->age);
    map_remove_text(&near->entries, entry->key);
    buffer_release(&entry->json);
    buffer_release(&entry->tag_bytes);
    memory_free(&entry->tags);
    memory_free(&entry->key);
    memory_free(&entry);
}

void cache_near_release(struct cache_near *near)
{
    link_each (&near->oldest, link)
        drop(near, link_entry(link, struct near_entry, age));
    map_release(&near->entries);
}

bool cache_near_find(struct request *r)
{
    struct cache_reads *reads = &r->gateway->reads;
    struct near_entry *entry = map_get_text(&reads->near.entries, r->keep.entry);

    if (!entry)
        return false;
    if (clock_monotonic() - entry->at >= NEAR_LIFE ||
        cache_tags_newest(reads, entry->tags, entry->tag_count) > entry->number) {
        drop(&reads->near, entry);
        return false;
    }
    reads->near.hits++;
    r->json =
        (struct bytes){arena_copy(&r->arena, entry->json.data, entry->json.len), entry->json.len};
    return true;
}

static void copy_tags(struct near_entry *entry, const struct request *r)
{
    size_t at = 0;

    entry->tag_count = r->keep.tag_count;
    entry->tags = memory_array(struct bytes, r->keep.tag_count);
    for (size_t i = 0; i < r->keep.tag_count; i++)
        buffer_append(&entry->tag_bytes, r->keep.tags[i].data, r->keep.tags[i].len);
    for (size_t i = 0; i < r->keep.tag_count; i++) {
        entry->tags[i] = (struct bytes){entry->tag_bytes.data + at, r->keep.tags[i].len};
        at += r->keep.tags[i].len;
    }
}

static void make_room(struct cache_near *near, size_t bytes)
{
    while (!link_is_empty(&near->oldest) &&
           (map_count(&near->entries) >= NEAR_ENTRIES_MAX || near->bytes + bytes > NEAR_BYTES_MAX))
        drop(near, link_entry(near->oldest.next, struct near_entry, age));
}

void cache_near_put(struct request *r, struct bytes json)
{
    struct cache_reads *reads = &r->gateway->reads;
    struct near_entry *entry = map_get_text(&reads->near.entries, r->keep.entry);

    if (json.len > NEAR_ENTRY_MAX || cache_tags_rest(reads, r) ||
        cache_tags_newest(reads, r->keep.tags, r->keep.tag_count) > r->keep.number)
        return;
    if (entry)
        drop(&reads->near, entry);
    make_room(&reads->near, json.len);
    entry = memory_new(sizeof(*entry));
    entry->key = memory_text(r->keep.entry);
    entry->number = r->keep.number;
    entry->at = clock_monotonic();
    buffer_append(&entry->json, json.data, json.len);
    copy_tags(entry, r);
    reads->near.bytes += json.len;
    link_append(&reads->near.oldest, &entry->age);
    map_put_text(&reads->near.entries, entry->key, entry);
}
