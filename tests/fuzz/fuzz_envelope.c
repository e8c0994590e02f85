/* fuzz_envelope.c - whatever bytes come: the envelope's reader stays inside them, and what it read is written and read the same. */
#include <stdlib.h>
#include <string.h>

#include "wire/envelope.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
    if (!holds)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = {0};
    struct buffer first = {0}, second = {0};
    struct envelope envelope;
    struct shape_error error;

    if (envelope_unpack((struct bytes){data, size}, &arena, &envelope, &error)) {
        envelope_pack(&envelope, &first);
        check(envelope_unpack(buffer_bytes(&first), &arena, &envelope, &error));
        envelope_pack(&envelope, &second);
        check(first.len == second.len && memcmp(first.data, second.data, first.len) == 0);
        check(arena_used(&arena) <= 64 * (size + 4096));
    } else {
        check(error.rule != NULL && memchr(error.path, 0, sizeof(error.path)));
    }
    buffer_release(&first);
    buffer_release(&second);
    arena_release(&arena);
    return 0;
}
