/* fuzz_request.c - whatever stands in a request's line and body: no such path, refused, or read as the operation's request.
 *
 * An input is `METHOD PATH?QUERY`, a line feed, the body: what libmicrohttpd hands over, still escaped. */
#include "fuzz.h"
#include "gateway.h"
#include "wire/shape.h"

enum { TEXTS_MAX = 96 };

struct asked {
    struct shape_text texts[TEXTS_MAX];
    size_t count;
    bool is_good;
};

static void take_query(struct asked *asked, struct arena *arena, const char *query)
{
    while (query != NULL && *query != '\0' && asked->count < TEXTS_MAX) {
        size_t len = strcspn(query, "&"), name = strcspn(query, "=&");
        const char *value = name < len ? query + name + 1 : query + len;
        char *plain = http_decode(arena, value, (size_t)(query + len - value));
        char *plain_name = http_decode(arena, query, name);

        asked->is_good = asked->is_good && plain != NULL && plain_name != NULL;
        if (plain != NULL && plain_name != NULL)
            asked->texts[asked->count++] = (struct shape_text){plain_name, plain};
        query += len + (query[len] == '&');
    }
}

static void read_request(const struct path_match *match, struct asked *asked, struct arena *arena,
                         const char *body)
{
    const struct shape *shape = match->route->operation.request;
    void *value = arena_alloc(arena, shape->size);
    struct buffer packed = {0};
    struct shape_error error;

    if (shape_parse_request(shape, asked->texts, asked->count, *body ? body : NULL, strlen(body),
                            arena, value, &error)) {
        shape_pack(shape, value, false, &packed);
        check(shape_unpack(shape, SHAPE_STRICT, buffer_bytes(&packed), arena, value, &error));
    } else {
        check(error.rule != NULL && memchr(error.path, 0, sizeof(error.path)));
    }
    buffer_release(&packed);
}

static void ask(const struct http *http, struct arena *arena, char *text)
{
    char *body = strchr(text, '\n'), *path = strchr(text, ' '), *query;
    struct asked asked = {.is_good = true};
    struct path_match match = {.count = 0};

    if (body == NULL || path == NULL || path > body)
        return;
    *body++ = '\0';
    *path++ = '\0';
    query = strchr(path, '?');
    if (query != NULL)
        *query++ = '\0';
    if (!http_paths_find(http, arena, text, path, &match))
        return;
    check(match.route != NULL && match.body != NULL && match.count <= HTTP_SEGMENTS_MAX);
    for (size_t i = 0; i < match.count && asked.count < TEXTS_MAX; i++)
        asked.texts[asked.count++] = (struct shape_text){match.names[i], match.values[i]};
    take_query(&asked, arena, query);
    if (asked.is_good)
        read_request(&match, &asked, arena, body);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct http http; /* made once: it is the contract's */
    struct arena arena = {0};

    if (map_count(&http.paths) == 0)
        http_paths_init(&http);
    ask(&http, &arena, arena_text_len(&arena, (const char *)data, size));
    arena_release(&arena);
    return 0;
}
