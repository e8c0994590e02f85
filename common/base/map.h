/* map.h - a hash map from byte strings to pointers.
 *
 * Keys are copied, values are the caller's. Hash: SipHash-2-4 with a random key for each map
 * (Aumasson and Bernstein, 2012), so that nobody outside can choose keys that collide. Entries lie
 * side by side in the order of insertion; removing one moves the last into its place.
 */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct map_entry {
    void *key; /* the map's copy, with a NUL behind it */
    size_t key_len;
    uint64_t hash;
    void *value;
};

struct map {
    struct map_entry *entries;
    size_t count, capacity;
    uint32_t *slots;   /* 0 = free, else index of an entry + 1 */
    size_t slot_count; /* a power of two, or 0 */
    uint8_t hash_key[16];
};

void map_init(struct map *map);

/* Frees the keys, not the values. May be called twice; map_init before using it again. */
void map_release(struct map *map);

/* NULL when there is none. */
void *map_get(const struct map *map, const void *key, size_t len);

/* Sets the value of a key (not NULL) and returns the one it had, or NULL. At most 2^31 entries. */
void *map_put(struct map *map, const void *key, size_t len, void *value);

/* Takes a key out and returns its value, or NULL. */
void *map_remove(struct map *map, const void *key, size_t len);

/* The same with a text as the key. */
void *map_get_text(const struct map *map, const char *key);
void *map_put_text(struct map *map, const char *key, void *value);
void *map_remove_text(struct map *map, const char *key);

size_t map_count(const struct map *map);

/* The entry number `index`, 0 ≤ index < count; good until the next put or remove. To remove while
 * walking, walk downwards. */
const struct map_entry *map_at(const struct map *map, size_t index);

#endif
