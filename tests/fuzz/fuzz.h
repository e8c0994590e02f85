/* fuzz.h - what the targets share. A target promises: whatever bytes come, LLVMFuzzerTestOneInput returns, or aborts where something that must
 * hold does not. frames.c plays fixed inputs through the same function. */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline void check(bool holds)
{
    if (!holds)
        abort();
}

#endif
