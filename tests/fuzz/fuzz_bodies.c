/* fuzz_bodies.c - whatever body is sent to any operation of any service, or event of any: it is refused, or read, written and read the same.
 *
 * An input is the name of an operation or event, a line feed, the body: JSON when it begins with { or [, else MessagePack. */
#include "fuzz.h"
#include "wire/routes.h"

static void check_error(const struct shape_error *error)
{
    check(error->rule != NULL && memchr(error->path, 0, sizeof(error->path)) &&
          memchr(error->value, 0, sizeof(error->value)));
}

static void packed(const struct shape *shape, enum shape_mode mode, struct bytes body)
{
    struct arena arena = {0};
    struct buffer first = {0}, second = {0}, json = {0};
    struct shape_error error;
    void *value = arena_alloc(&arena, shape->size);

    if (shape_unpack(shape, mode, body, &arena, value, &error)) {
        shape_pack(shape, value, false, &first);
        check(shape_unpack(shape, mode, buffer_bytes(&first), &arena, value, &error));
        shape_pack(shape, value, false, &second);
        check(first.len == second.len && memcmp(first.data, second.data, first.len) == 0);
        shape_json(shape, value, true, &json);
        check(arena_used(&arena) <= 256 * (body.len + 4096));
    } else {
        check_error(&error);
    }
    buffer_release(&first);
    buffer_release(&second);
    buffer_release(&json);
    arena_release(&arena);
}

static void written(const struct shape *shape, struct bytes body)
{
    struct arena arena = {0};
    struct buffer first = {0}, second = {0};
    struct shape_error error;
    void *value = arena_alloc(&arena, shape->size);

    if (shape_parse_json(shape, (const char *)body.data, body.len, &arena, value, &error)) {
        shape_json(shape, value, false, &first);
        check(shape_parse_json(shape, (const char *)first.data, first.len, &arena, value, &error));
        shape_json(shape, value, false, &second);
        check(first.len == second.len && memcmp(first.data, second.data, first.len) == 0);
    } else {
        check_error(&error);
    }
    buffer_release(&first);
    buffer_release(&second);
    arena_release(&arena);
}

static const struct shape *shape_of(const char *name, enum shape_mode *mode)
{
    static struct routes routes; /* made once: it is the contract's */
    const struct contract_operation *operation;
    const struct event_type *event;

    if (routes.services == NULL)
        routes_init(&routes);
    operation = routes_operation(&routes, name);
    event = routes_event(&routes, name);
    *mode = event != NULL ? SHAPE_LENIENT : SHAPE_STRICT;
    return operation != NULL ? operation->operation.request : event != NULL ? event->body : NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *end = memchr(data, '\n', size);
    enum shape_mode mode;
    char name[80];

    if (end == NULL || (size_t)(end - data) >= sizeof(name))
        return 0;
    memcpy(name, data, (size_t)(end - data));
    name[end - data] = '\0';
    const struct bytes body = {end + 1, size - (size_t)(end + 1 - data)};
    const struct shape *shape = shape_of(name, &mode);
    if (shape == NULL)
        return 0;
    if (body.len > 0 && (body.data[0] == '{' || body.data[0] == '['))
        written(shape, body);
    else
        packed(shape, mode, body);
    return 0;
}
