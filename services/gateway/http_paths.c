/* http_paths.c - finds the operation behind a method and a path. */
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "gateway.h"

#include "base/banned.h"

struct path_route {
    const struct contract_operation *route;
    struct shape body; /* the request's shape without the path's fields */
};

/* Operations whose paths have the same number of segments, and the same words from the third to the fourth. */
struct path_group {
    size_t count;
    struct path_route *items;
};

#define GROUP_KEY_SIZE 128

struct segment {
    const char *text;
    size_t len;
};

/* The parts between slashes; SIZE_MAX: too many, or the path does not begin with one. */
static size_t split(const char *path, struct segment segments[HTTP_SEGMENTS_MAX])
{
    size_t count = 0;

    if (*path != '/')
        return SIZE_MAX;
    while (*path == '/') {
        if (count == HTTP_SEGMENTS_MAX)
            return SIZE_MAX;
        segments[count].text = ++path;
        segments[count].len = strcspn(path, "/");
        path += segments[count++].len;
    }
    return count;
}

static bool is_parameter(const struct segment *segment)
{
    return segment->len > 2 && segment->text[0] == '{';
}

/* The number of segments, and what stands in the path from the third to the end of the fourth. */
static bool group_key(const struct segment *segments, size_t count, char key[GROUP_KEY_SIZE],
                      size_t *len)
{
    const struct segment *last = &segments[3];

    if (count < 4 || count == SIZE_MAX)
        return false;
    *len = 1 + (size_t)(last->text + last->len - segments[2].text);
    if (*len > GROUP_KEY_SIZE)
        return false;
    key[0] = (char)count;
    memcpy(key + 1, segments[2].text, *len - 1);
    return true;
}

static bool is_in_path(const char *path, const char *name)
{
    struct segment segments[HTTP_SEGMENTS_MAX];
    size_t count = split(path, segments), len = strlen(name);

    for (size_t i = 0; count != SIZE_MAX && i < count; i++) {
        if (is_parameter(&segments[i]) && segments[i].len == len + 2 &&
            memcmp(segments[i].text + 1, name, len) == 0)
            return true;
    }
    return false;
}

static struct shape body_shape(const struct contract_operation *route)
{
    const struct shape *request = route->operation.request;
    struct field *fields = memory_array(struct field, request->count);
    struct shape body = *request;

    body.count = 0;
    for (size_t i = 0; i < request->count; i++) {
        if (!is_in_path(route->path, request->fields[i].name))
            memcpy(&fields[body.count++], &request->fields[i], sizeof(fields[0]));
    }
    body.fields = fields;
    return body;
}

void http_paths_init(struct http *http)
{
    map_init(&http->paths);
    for (size_t i = 0; i < contract_operation_count; i++) {
        const struct contract_operation *route = &contract_operations[i];
        struct segment segments[HTTP_SEGMENTS_MAX];
        struct path_group *group;
        char key[GROUP_KEY_SIZE];
        size_t len;

        if (route->operation.permission->kind == ACCESS_SERVICE)
            continue;
        if (!group_key(segments, split(route->path, segments), key, &len) ||
            is_parameter(&segments[3]))
            die("contract", "%s has the path %s", route->operation.name, route->path);
        group = map_get(&http->paths, key, len);
        if (!group) {
            group = memory_new(sizeof(*group));
            map_put(&http->paths, key, len, group);
        }
        group->items = memory_resize(group->items, (group->count + 1) * sizeof(group->items[0]));
        group->items[group->count].route = route;
        group->items[group->count++].body = body_shape(route);
    }
}

static void free_fields(struct shape *body)
{
    union {
        const struct field *constant;
        struct field *ours;
    } fields = {.constant = body->fields};

    memory_free(&fields.ours);
    body->fields = NULL;
}

void http_paths_release(struct http *http)
{
    for (size_t i = 0; i < map_count(&http->paths); i++) {
        struct path_group *group = map_at(&http->paths, i)->value;

        for (size_t k = 0; k < group->count; k++)
            free_fields(&group->items[k].body);
        memory_free(&group->items);
        memory_free(&group);
    }
    map_release(&http->paths);
}

static int hex_value(char digit)
{
    const char *digits = "0123456789abcdef";
    const char *at = digit ? strchr(digits, digit | 0x20) : NULL;

    return at ? (int)(at - digits) : -1;
}

char *http_decode(struct arena *arena, const char *text, size_t len)
{
    char *out = arena_alloc(arena, len + 1);
    size_t used = 0;

    for (size_t i = 0; i < len; i++) {
        int high, low;

        if (text[i] != '%') {
            out[used++] = text[i];
            continue;
        }
        high = i + 2 < len ? hex_value(text[i + 1]) : -1;
        low = i + 2 < len ? hex_value(text[i + 2]) : -1;
        if (high < 0 || low < 0 || high + low == 0)
            return NULL;
        out[used++] = (char)(high << 4 | low);
        i += 2;
    }
    return out;
}

/* How many segments are equal letter by letter; -1: another path. */
static int compare(const char *template, const struct segment *segments, size_t count)
{
    struct segment wanted[HTTP_SEGMENTS_MAX];
    int equal = 0;

    if (split(template, wanted) != count)
        return -1;
    for (size_t i = 0; i < count; i++) {
        if (is_parameter(&wanted[i])) {
            if (segments[i].len == 0)
                return -1;
            continue;
        }
        if (wanted[i].len != segments[i].len ||
            memcmp(wanted[i].text, segments[i].text, wanted[i].len) != 0)
            return -1;
        equal++;
    }
    return equal;
}

static const struct path_route *best_route(const struct path_group *group, const char *method,
                                           const struct segment *segments, size_t count)
{
    const struct path_route *best = NULL;
    int most = -1;

    for (size_t i = 0; i < group->count; i++) {
        int equal = compare(group->items[i].route->path, segments, count);

        if (equal > most && (!method || text_equal(group->items[i].route->method, method))) {
            most = equal;
            best = &group->items[i];
        }
    }
    return best;
}

/* The methods that the path takes, for Allow; NULL: there is no such path. */
static const char *methods(const struct path_group *group, struct arena *arena,
                           const struct segment *segments, size_t count)
{
    static const char *const all[] = {"GET", "POST", "PUT", "PATCH", "DELETE"};
    const char *allowed = NULL;

    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        if (!best_route(group, all[i], segments, count))
            continue;
        allowed = allowed ? arena_print(arena, "%s, %s", allowed, all[i])
                          : arena_print(arena, i == 0 ? "%s, HEAD" : "%s", all[i]);
    }
    return allowed ? arena_print(arena, "%s, OPTIONS", allowed) : NULL;
}

static bool take_parameters(struct path_match *match, struct arena *arena,
                            const struct segment *segments, size_t count)
{
    struct segment wanted[HTTP_SEGMENTS_MAX];

    split(match->route->path, wanted);
    for (size_t i = 0; i < count; i++) {
        if (!is_parameter(&wanted[i]))
            continue;
        match->names[match->count] = arena_text_len(arena, wanted[i].text + 1, wanted[i].len - 2);
        match->values[match->count] = http_decode(arena, segments[i].text, segments[i].len);
        if (!match->values[match->count++])
            return false;
    }
    return true;
}

bool http_paths_find(const struct http *http, struct arena *arena, const char *method,
                     const char *path, struct path_match *match)
{
    struct segment segments[HTTP_SEGMENTS_MAX];
    size_t count = split(path, segments);
    const struct path_group *group;
    const struct path_route *found;
    char key[GROUP_KEY_SIZE];
    size_t len;

    *match = (struct path_match){0};
    if (!group_key(segments, count, key, &len))
        return false;
    group = map_get(&http->paths, key, len);
    if (!group)
        return false;
    found = best_route(group, text_equal(method, "HEAD") ? "GET" : method, segments, count);
    if (!found) {
        match->allowed = methods(group, arena, segments, count);
        return false;
    }
    match->route = found->route;
    match->body = &found->body;
    return take_parameters(match, arena, segments, count);
}
