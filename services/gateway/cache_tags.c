/* cache_tags.c - notes, for each event that may make kept answers old, when it came. */
#include "cache_tags.h"

#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"
#include "gateway.h"

#include "base/banned.h"

struct tag {
    int64_t number, at;
    bool is_foreign; /* the event is of another service than the operation */
};

/* The operations whose kept answers one event makes old. */
struct drops {
    size_t count;
    struct {
        const struct contract_operation *route;
        const struct contract_cache_drop *drop;
    } items[];
};

static void add_drop(struct cache_reads *reads, const struct contract_operation *route,
                     const struct contract_cache_drop *drop)
{
    struct drops *drops = map_get_text(&reads->drops, drop->event);
    size_t count = drops ? drops->count : 0;

    drops = memory_resize(drops, sizeof(*drops) + (count + 1) * sizeof(drops->items[0]));
    drops->items[count].route = route;
    drops->items[count].drop = drop;
    drops->count = count + 1;
    map_put_text(&reads->drops, drop->event, drops);
}

/* Can request and event be compared in all fields of the drop? Otherwise the event speaks against every answer. */
static bool is_comparable(const struct contract_operation *route,
                          const struct contract_cache_drop *drop)
{
    const struct event_type *type = NULL;

    for (size_t i = 0; i < contract_event_count && !type; i++)
        type = text_equal(contract_events[i].name, drop->event) ? &contract_events[i] : NULL;
    for (size_t i = 0; drop->fields && drop->fields[i]; i++) {
        const struct field *asked =
            route->cache->key && route->cache->key[i]
                ? shape_field(route->operation.request, route->cache->key[i])
                : NULL;
        const struct field *told = type ? shape_field(type->body, drop->fields[i]) : NULL;

        if (!asked || !told || asked->type != told->type || asked->is_list || told->is_list)
            return false;
    }
    return drop->fields != NULL;
}

/* A drop is known by its address in the contract. */
static void note_comparable(struct cache_reads *reads, const struct contract_cache_drop *drop)
{
    uintptr_t address = (uintptr_t)drop;

    map_put(&reads->comparable, &address, sizeof(address), reads);
}

static bool compares(const struct cache_reads *reads, const struct contract_cache_drop *drop)
{
    uintptr_t address = (uintptr_t)drop;

    return map_get(&reads->comparable, &address, sizeof(address)) != NULL;
}

void cache_tags_init(struct cache_reads *reads)
{
    for (size_t i = 0; i < contract_operation_count; i++) {
        const struct contract_operation *route = &contract_operations[i];
        const struct contract_cache_drop *drop = route->cache ? route->cache->drops : NULL;

        if (route->cache && route->cache->seconds > reads->longest)
            reads->longest = route->cache->seconds;
        for (; drop && drop->event; drop++) {
            add_drop(reads, route, drop);
            if (is_comparable(route, drop))
                note_comparable(reads, drop);
        }
    }
}

/* Appends a field's value in one fixed form. False: it is of a kind that is not compared. */
static bool append_value(struct buffer *tag, const struct field *field, const void *value)
{
    const void *member = (const char *)value + field->offset;

    if (field->is_list)
        return false;
    buffer_append_byte(tag, '|');
    switch (field->type) {
    case FIELD_ID:
        buffer_append(tag, member, sizeof(struct id));
        return true;
    case FIELD_TEXT:
        buffer_append_text(tag, *(const char *const *)member ? *(const char *const *)member : "");
        return true;
    case FIELD_INT:
    case FIELD_MONEY:
    case FIELD_PRICE:
    case FIELD_QUANTITY:
    case FIELD_TIME:
        buffer_append(tag, member, sizeof(int64_t));
        return true;
    case FIELD_DATE:
        buffer_append(tag, member, sizeof(int32_t));
        return true;
    case FIELD_ENUM:
        buffer_append(tag, member, sizeof(int));
        return true;
    case FIELD_BOOL:
    case FIELD_BYTES:
    case FIELD_OBJECT:
        return false;
    }
    return false;
}

/* `names` in `shape` and `value` are the key's fields in the request, or the drop's in the event. */
static void make_tag(const struct cache_reads *reads, struct buffer *tag,
                     const struct contract_operation *route, const struct contract_cache_drop *drop,
                     const char *const *names, const struct shape *shape, const void *value)
{
    buffer_clear(tag);
    buffer_append_text(tag, route->operation.name);
    buffer_append_byte(tag, '|');
    buffer_append_text(tag, drop->event);
    if (!compares(reads, drop))
        return;
    for (size_t i = 0; drop->fields[i]; i++)
        append_value(tag, shape_field(shape, names[i]), value);
}

void cache_tags_of_request(struct request *r, const void *value)
{
    const struct contract_cache *cache = r->route->cache;
    struct buffer tag = {0};
    size_t count = 0;

    while (cache->drops && cache->drops[count].event)
        count++;
    r->keep.tags = arena_array(&r->arena, struct bytes, count);
    r->keep.tag_count = count;
    for (size_t i = 0; i < count; i++) {
        make_tag(&r->gateway->reads, &tag, r->route, &cache->drops[i], cache->key,
                 r->route->operation.request, value);
        r->keep.tags[i] = (struct bytes){arena_copy(&r->arena, tag.data, tag.len), tag.len};
    }
    buffer_release(&tag);
}

int64_t cache_tags_newest(const struct cache_reads *reads, const struct bytes *tags, size_t count)
{
    int64_t newest = 0;

    for (size_t i = 0; i < count; i++) {
        const struct tag *tag = map_get(&reads->tags, tags[i].data, tags[i].len);

        if (tag && tag->number > newest)
            newest = tag->number;
    }
    return newest;
}

bool cache_tags_rest(const struct cache_reads *reads, const struct request *r)
{
    for (size_t i = 0; i < r->keep.tag_count; i++) {
        const struct tag *tag = map_get(&reads->tags, r->keep.tags[i].data, r->keep.tags[i].len);

        if (tag && tag->is_foreign && clock_monotonic() - tag->at < CACHE_FOREIGN_REST)
            return true;
    }
    return false;
}

void cache_reads_doubt(struct cache_reads *reads)
{
    while (map_count(&reads->tags) > 0) {
        const struct map_entry *entry = map_at(&reads->tags, map_count(&reads->tags) - 1);
        struct tag *tag = entry->value;

        map_remove(&reads->tags, entry->key, entry->key_len);
        memory_free(&tag);
    }
    reads->era++;
}

static void note(struct cache_reads *reads, const struct buffer *name, bool is_foreign)
{
    struct tag *tag = map_get(&reads->tags, name->data, name->len);

    if (!tag && map_count(&reads->tags) >= CACHE_TAGS_MAX)
        cache_reads_doubt(reads); /* too many to remember */
    if (!tag) {
        tag = memory_new(sizeof(*tag));
        map_put(&reads->tags, name->data, name->len, tag);
    }
    *tag = (struct tag){reads->number, clock_monotonic(), is_foreign};
}

void cache_reads_event(struct cache_reads *reads, const struct event_type *type, struct bytes body)
{
    const struct drops *drops = map_get_text(&reads->drops, type->name);
    struct arena arena = {0};
    struct buffer tag = {0};
    struct shape_error error;
    void *value;

    reads->number++;
    if (!drops)
        return;
    value = arena_alloc(&arena, type->body->size);
    if (!shape_unpack(type->body, SHAPE_LENIENT, body, &arena, value, &error)) {
        cache_reads_doubt(reads);
        arena_release(&arena);
        return;
    }
    for (size_t i = 0; i < drops->count; i++) {
        const struct contract_operation *route = drops->items[i].route;
        const struct contract_cache_drop *drop = drops->items[i].drop;
        size_t len = strlen(route->service);

        make_tag(reads, &tag, route, drop, drop->fields, type->body, value);
        note(reads, &tag, strncmp(type->name, route->service, len) != 0 || type->name[len] != '.');
    }
    buffer_release(&tag);
    arena_release(&arena);
}

void cache_tags_tick(struct cache_reads *reads, int64_t now)
{
    /* no kept answer is older than the longest life the contract gives, and no request under way */
    int64_t life = reads->longest * CLOCK_SECOND + 2 * REQUEST_TIME;
    size_t count = map_count(&reads->tags);

    if (now < reads->next_sweep)
        return;
    reads->next_sweep = now + 10 * CLOCK_SECOND;
    for (size_t i = count; i > 0; i--) {
        const struct map_entry *entry = map_at(&reads->tags, i - 1);
        struct tag *tag = entry->value;

        if (now - tag->at < life)
            continue;
        map_remove(&reads->tags, entry->key, entry->key_len);
        memory_free(&tag);
    }
}
