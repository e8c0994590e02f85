/* fuzz_csv.c - whatever file is uploaded: its rows have bounded columns of UTF-8, and after a mistake there are no more. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/csv.h"
#include "base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
    if (!holds)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = {0};
    struct text_list row;
    struct csv csv;
    int result;

    csv_init(&csv, (const char *)data, size);
    while ((result = csv_next(&csv, &arena, &row)) > 0) {
        check(row.count >= 1 && row.count <= CSV_COLUMNS_MAX);
        for (size_t i = 0; i < row.count; i++)
            check(text_is_utf8(row.items[i], strlen(row.items[i])));
    }
    if (result < 0)
        check(csv.error != NULL && csv_next(&csv, &arena, &row) < 0);
    arena_release(&arena);
    return 0;
}
