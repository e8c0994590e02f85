/* load.c - what the load generators share: the orders they place, and what they report. */
#include "load.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"

#include "base/banned.h"

void targets_read(struct targets *targets, const char *path)
{
    FILE *file = fopen(path, "re");
    struct target one;

    if (file == NULL)
        die("targets", "%s: %s", path, strerror(errno));
    while (fscanf(file, "%36s %36s", one.customer, one.address) == 2) {
        targets->items = memory_resize(targets->items, (targets->count + 1) * sizeof(one));
        targets->items[targets->count++] = one;
    }
    fclose(file);
    if (targets->count == 0)
        die("targets", "%s holds none", path);
}

const struct target *targets_take(struct targets *targets, int32_t *day)
{
    int64_t number = targets->next++, count = (int64_t)targets->count;

    *day = targets->first_day + (int32_t)(number / count);
    return &targets->items[number % count];
}

void tally_add(struct tally *tally, int64_t wait)
{
    if (tally->count == tally->capacity) {
        tally->capacity = tally->capacity == 0 ? 65536 : 2 * tally->capacity;
        tally->waits = memory_resize(tally->waits, tally->capacity * sizeof(*tally->waits));
    }
    tally->waits[tally->count++] = (uint32_t)wait;
}

void tally_refuse(struct tally *tally, const char *text, size_t len)
{
    if (tally->errors++ == 0)
        snprintf(tally->first_error, sizeof(tally->first_error), "%.*s", (int)len, text);
}

static int compare(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;

    return (a > b) - (a < b);
}

int tally_report(struct tally *tally)
{
    double seconds = (double)(tally->ended - tally->started) / 1e6;
    bool is_empty = tally->count == 0;

    if (!is_empty)
        qsort(tally->waits, tally->count, sizeof(*tally->waits), compare);
    if (tally->errors > 0)
        fprintf(stderr, "first refusal: %s\n", tally->first_error);
    printf(
        "{\"requests\":%zu,\"errors\":%zu,\"seconds\":%.3f,\"rate\":%.1f,\"p50\":%u,\"p99\":%u}\n",
        tally->count, tally->errors, seconds, (double)tally->count / seconds,
        is_empty ? 0 : tally->waits[tally->count / 2],
        is_empty ? 0 : tally->waits[tally->count * 99 / 100]);
    memory_free(&tally->waits);
    return is_empty;
}

const char *option(int argc, char **argv, const char *name, const char *fallback)
{
    for (int i = 1; i + 1 < argc; i += 2)
        if (strncmp(argv[i], "--", 2) == 0 && text_equal(argv[i] + 2, name))
            return argv[i + 1];
    if (fallback == NULL)
        die("option", "--%s is missing", name);
    return fallback;
}

int64_t option_number(int argc, char **argv, const char *name, const char *fallback)
{
    const char *text = option(argc, argv, name, fallback);
    char *end;
    long long number = strtoll(text, &end, 10);

    if (end == text || *end != '\0')
        die("option", "--%s: '%s' is no number", name, text);
    return number;
}
