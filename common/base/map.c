/* map.c - a hash map from byte strings to pointers: open addressing over a table of entry numbers.
 */
#include "map.h"

#include <sodium.h>
#include <string.h>

#include "log.h"
#include "memory.h"

#include "banned.h"

#define FIRST_ENTRIES ((size_t)8)
#define LARGEST_COUNT ((size_t)1 << 31)

_Static_assert(sizeof(((struct map *)0)->hash_key) == crypto_shorthash_KEYBYTES, "SipHash key");
_Static_assert(sizeof(uint64_t) == crypto_shorthash_BYTES, "SipHash value");

void map_init(struct map *map)
{
    *map = (struct map){0};
    if (sodium_init() < 0)
        die("no_randomness", "libsodium cannot start");
    randombytes_buf(map->hash_key, sizeof(map->hash_key));
}

void map_release(struct map *map)
{
    for (size_t i = 0; i < map->count; i++)
        memory_free(&map->entries[i].key);
    memory_free(&map->entries);
    memory_free(&map->slots);
    *map = (struct map){0};
}

static uint64_t hash_of(const struct map *map, const void *key, size_t len)
{
    uint64_t hash;

    crypto_shorthash((unsigned char *)&hash, key, len, map->hash_key);
    return hash;
}

/* The slot of the key, or the free slot where it would go. There is always a free one. */
static size_t slot_of(const struct map *map, const void *key, size_t len, uint64_t hash)
{
    size_t mask = map->slot_count - 1;
    size_t slot = hash & mask;

    for (; map->slots[slot]; slot = (slot + 1) & mask) {
        const struct map_entry *entry = &map->entries[map->slots[slot] - 1];

        if (entry->hash == hash && entry->key_len == len &&
            (len == 0 || memcmp(entry->key, key, len) == 0))
            break;
    }
    return slot;
}

static size_t slot_of_entry(const struct map *map, size_t index)
{
    const struct map_entry *entry = &map->entries[index];

    return slot_of(map, entry->key, entry->key_len, entry->hash);
}

/* Room for one more entry with the slots at most half full. */
static void make_room(struct map *map)
{
    if (map->count < map->capacity)
        return;
    if (map->count >= LARGEST_COUNT)
        die("map_full", "%zu entries", map->count);
    map->capacity = map->capacity ? map->capacity * 2 : FIRST_ENTRIES;
    map->entries = memory_resize(map->entries, map->capacity * sizeof(*map->entries));
    memory_free(&map->slots);
    map->slot_count = map->capacity * 2;
    map->slots = memory_array(uint32_t, map->slot_count);
    for (size_t i = 0; i < map->count; i++)
        map->slots[slot_of_entry(map, i)] = (uint32_t)(i + 1);
}

void *map_get(const struct map *map, const void *key, size_t len)
{
    uint32_t number;

    if (map->count == 0)
        return NULL;
    number = map->slots[slot_of(map, key, len, hash_of(map, key, len))];
    return number ? map->entries[number - 1].value : NULL;
}

void *map_put(struct map *map, const void *key, size_t len, void *value)
{
    uint64_t hash = hash_of(map, key, len);
    size_t slot;
    struct map_entry *entry;
    void *previous;

    if (!value)
        die("map_put", "NULL is no value");
    make_room(map);
    slot = slot_of(map, key, len, hash);
    if (map->slots[slot]) {
        entry = &map->entries[map->slots[slot] - 1];
        previous = entry->value;
        entry->value = value;
        return previous;
    }
    entry = &map->entries[map->count++];
    *entry = (struct map_entry){
        .key = memory_new(len + 1), .key_len = len, .hash = hash, .value = value};
    if (len)
        memcpy(entry->key, key, len);
    map->slots[slot] = (uint32_t)map->count;
    return NULL;
}

/* Frees a slot and moves back those behind it that would no longer be found (Knuth 6.4, algorithm
 * R). */
static void free_slot(struct map *map, size_t hole)
{
    size_t mask = map->slot_count - 1;

    for (size_t next = (hole + 1) & mask; map->slots[next]; next = (next + 1) & mask) {
        size_t home = map->entries[map->slots[next] - 1].hash & mask;

        if (((next - home) & mask) < ((next - hole) & mask))
            continue;
        map->slots[hole] = map->slots[next];
        hole = next;
    }
    map->slots[hole] = 0;
}

void *map_remove(struct map *map, const void *key, size_t len)
{
    size_t slot, index, last;
    void *value;

    if (map->count == 0)
        return NULL;
    slot = slot_of(map, key, len, hash_of(map, key, len));
    if (!map->slots[slot])
        return NULL;
    index = map->slots[slot] - 1;
    last = map->count - 1;
    value = map->entries[index].value;
    free_slot(map, slot);
    if (index != last)
        map->slots[slot_of_entry(map, last)] = (uint32_t)(index + 1);
    memory_free(&map->entries[index].key);
    map->entries[index] = map->entries[last];
    map->count--;
    return value;
}

void *map_get_text(const struct map *map, const char *key)
{
    return map_get(map, key, strlen(key));
}

void *map_put_text(struct map *map, const char *key, void *value)
{
    return map_put(map, key, strlen(key), value);
}

void *map_remove_text(struct map *map, const char *key)
{
    return map_remove(map, key, strlen(key));
}

size_t map_count(const struct map *map)
{
    return map->count;
}

const struct map_entry *map_at(const struct map *map, size_t index)
{
    if (index >= map->count)
        die("map_at", "entry %zu of %zu", index, map->count);
    return &map->entries[index];
}
