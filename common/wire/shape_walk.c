/* shape_walk.c - counts depth and values of JSON text before it is parsed, and knows the path of a place in it. */
#include "wire/shape_walk.h"

#include "base/banned.h"

/* The index behind the closing quote of the string that begins at `at`. */
static size_t string_end(const char *json, size_t len, size_t at)
{
    for (at++; at < len && json[at] != '"'; at++) {
        if (json[at] == '\\')
            at++;
    }
    return at < len ? at + 1 : len;
}

static const char *open_frame(struct walk *walk, bool is_list)
{
    if (walk->depth == SHAPE_DEPTH_MAX)
        return "too deep";
    walk->frames[walk->depth++] = (struct walk_frame){.is_list = is_list};
    return NULL;
}

/* A string is a key where an object waits for one. */
static void take_string(struct walk *walk, const char *json, size_t at, size_t end, bool *wants_key)
{
    struct walk_frame *frame = walk->depth ? &walk->frames[walk->depth - 1] : NULL;

    if (frame && !frame->is_list && *wants_key) {
        frame->key = json + at + 1;
        frame->len = end - at >= 2 ? end - at - 2 : 0;
        *wants_key = false;
    }
}

static const char *take_mark(struct walk *walk, char mark, bool *wants_key)
{
    switch (mark) {
    case '{':
    case '[':
        *wants_key = mark == '{';
        walk->values++;
        return open_frame(walk, mark == '[');
    case '}':
    case ']':
        walk->depth -= walk->depth > 0;
        *wants_key = false;
        return NULL;
    case ',':
        *wants_key = true;
        walk->values++;
        if (walk->depth)
            walk->frames[walk->depth - 1].index++;
        return NULL;
    default:
        return NULL;
    }
}

const char *shape_walk(struct walk *walk, const char *json, size_t len, size_t stop)
{
    bool wants_key = false;
    const char *wrong = NULL;
    size_t end = stop < len ? stop : len;

    *walk = (struct walk){0};
    for (size_t at = 0; at < end && !wrong;) {
        if (json[at] == '"') {
            size_t behind = string_end(json, len, at);

            take_string(walk, json, at, behind, &wants_key);
            at = behind;
        } else {
            wrong = take_mark(walk, json[at], &wants_key);
            at++;
        }
        if (walk->values > SHAPE_NODES_MAX)
            return "too many values";
    }
    return wrong;
}

const struct place *shape_walk_place(const struct walk *walk, struct place places[SHAPE_DEPTH_MAX])
{
    const struct place *outer = NULL;

    for (size_t i = 0; i < walk->depth; i++) {
        const struct walk_frame *frame = &walk->frames[i];

        if (!frame->is_list && !frame->key)
            break;
        places[i] = (struct place){.outer = outer,
                                   .name = frame->is_list ? NULL : frame->key,
                                   .len = frame->len,
                                   .index = frame->index};
        outer = &places[i];
    }
    return outer;
}
