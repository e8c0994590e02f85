/* fuzz_json.c - whatever text comes: it is refused, or written back as JSON that reads the same. */
#include <stdlib.h>
#include <string.h>

#include "contract.gen.h"
#include "wire/shape.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
    if (!holds)
        abort();
}

static void set_texts(const char *text, struct arena *arena)
{
    const struct shape *shape = &shop_optional_shape;
    struct shop_optional value = {0};
    struct shape_error error;

    for (size_t i = 0; i < shape->count; i++)
        shape_set_text(shape, &value, shape->fields[i].name, text, arena, &error);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct shape *shape = &shop_everything_echo_request_shape;
    struct arena arena = {0};
    struct buffer first = {0}, second = {0};
    struct shop_everything_echo_request value;
    struct shape_error error;

    if (shape_parse_json(shape, (const char *)data, size, &arena, &value, &error)) {
        shape_json(shape, &value, false, &first);
        check(shape_parse_json(shape, (const char *)first.data, first.len, &arena, &value, &error));
        shape_json(shape, &value, false, &second);
        check(first.len == second.len && memcmp(first.data, second.data, first.len) == 0);
    } else {
        check(error.rule != NULL && memchr(error.path, 0, sizeof(error.path)) &&
              memchr(error.value, 0, sizeof(error.value)));
    }
    set_texts(arena_text_len(&arena, (const char *)data, size), &arena);
    buffer_release(&first);
    buffer_release(&second);
    arena_release(&arena);
    return 0;
}
