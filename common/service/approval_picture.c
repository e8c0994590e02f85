/* approval_picture.c - what changed in the subject of an approval between two pictures of it. */
#include <jansson.h>

#include "mechanisms.gen.h"
#include "service/approval_signing.h"

#include "base/banned.h"

enum { CHANGES_MAX = 200, PATH_MAX_BYTES = 300, VALUE_MAX = 3000 };

struct comparison {
    struct call *c;
    struct picture_change_list changes;
};

static const char *leaf_text(struct call *c, const json_t *value)
{
    if (value == NULL)
        return NULL;
    if (json_is_string(value))
        return arena_text_len(c->arena, json_string_value(value),
                              strnlen(json_string_value(value), VALUE_MAX));
    char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT | JSON_SORT_KEYS);
    const char *copy = text == NULL ? "" : arena_text_len(c->arena, text, strnlen(text, VALUE_MAX));
    free(text);
    return copy;
}

static void note(struct comparison *comparison, const char *path, const json_t *before,
                 const json_t *now)
{
    struct picture_change_list *changes = &comparison->changes;

    if (changes->count < CHANGES_MAX)
        changes->items[changes->count++] =
            (struct picture_change){.path = path,
                                    .before = leaf_text(comparison->c, before),
                                    .now = leaf_text(comparison->c, now)};
}

static const char *path_to(struct call *c, const char *path, const char *key)
{
    if (strlen(path) + strlen(key) > PATH_MAX_BYTES)
        return path;
    return *path == '\0' ? call_print(c, "%s", key) : call_print(c, "%s.%s", path, key);
}

static void compare(struct comparison *comparison, const char *path, json_t *before, json_t *now);

static void compare_objects(struct comparison *comparison, const char *path, json_t *before,
                            json_t *now)
{
    const char *key;
    json_t *value;

    json_object_foreach(before, key, value)
        compare(comparison, path_to(comparison->c, path, key), value, json_object_get(now, key));
    json_object_foreach(now, key, value) if (json_object_get(before, key) == NULL)
        compare(comparison, path_to(comparison->c, path, key), NULL, value);
}

static void compare_arrays(struct comparison *comparison, const char *path, json_t *before,
                           json_t *now)
{
    size_t most = json_array_size(before) > json_array_size(now) ? json_array_size(before)
                                                                 : json_array_size(now);

    for (size_t i = 0; i < most; i++)
        compare(comparison, call_print(comparison->c, "%s[%zu]", path, i),
                json_array_get(before, i), json_array_get(now, i));
}

static void compare(struct comparison *comparison, const char *path, json_t *before, json_t *now)
{
    if (json_is_object(before) && json_is_object(now))
        compare_objects(comparison, path, before, now);
    else if (json_is_array(before) && json_is_array(now))
        compare_arrays(comparison, path, before, now);
    else if (!json_equal(before, now))
        note(comparison, path, before, now);
}

struct picture_change_list picture_compare(struct call *c, const char *before, const char *now)
{
    struct comparison comparison = {.c = c};
    json_t *old = before == NULL ? NULL : json_loads(before, JSON_DECODE_ANY, NULL);
    json_t *new = now == NULL ? NULL : json_loads(now, JSON_DECODE_ANY, NULL);

    comparison.changes.items = arena_array(c->arena, struct picture_change, CHANGES_MAX);
    if (old != NULL && new != NULL)
        compare(&comparison, "", old, new);
    json_decref(old);
    json_decref(new);
    return comparison.changes;
}
