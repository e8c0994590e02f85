/* fuzz_message.c - whatever bytes come: scan and unpack stay inside them, and what was read is written and read the same again. */
#include <stdlib.h>
#include <string.h>

#include "contract.gen.h"
#include "wire/shape.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct shape *const shapes[] = {
    &shop_everything_echo_request_shape, &shop_optional_shape,
    &shop_receipt_record_request_shape,  &depot_person_changed_shape,
    &common_events_read_request_shape,
};

static void check(bool holds)
{
    if (!holds)
        abort();
}

static void read_and_write(const struct shape *shape, enum shape_mode mode, struct bytes packed)
{
    struct arena arena = {0};
    struct buffer first = {0}, second = {0}, json = {0};
    struct shape_error error;
    void *value = arena_alloc(&arena, shape->size);

    if (shape_unpack(shape, mode, packed, &arena, value, &error)) {
        shape_pack(shape, value, false, &first);
        check(shape_unpack(shape, mode, buffer_bytes(&first), &arena, value, &error));
        shape_pack(shape, value, false, &second);
        check(first.len == second.len && memcmp(first.data, second.data, first.len) == 0);
        check(shape_check(shape, value, &error));
        shape_pack(shape, value, true, &second);
        shape_json(shape, value, true, &json);
    } else {
        check(error.rule != NULL && memchr(error.path, 0, sizeof(error.path)) &&
              memchr(error.value, 0, sizeof(error.value)));
    }
    buffer_release(&first);
    buffer_release(&second);
    buffer_release(&json);
    arena_release(&arena);
}

/* The first byte chooses shape and mode. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const size_t count = sizeof(shapes) / sizeof(shapes[0]);
    struct shape_error error;

    if (size == 0)
        return 0;
    shape_scan((struct bytes){data + 1, size - 1}, &error);
    read_and_write(shapes[data[0] % count], data[0] & 0x80 ? SHAPE_LENIENT : SHAPE_STRICT,
                   (struct bytes){data + 1, size - 1});
    return 0;
}
