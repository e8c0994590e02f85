/* text.c - UTF-8 texts: checking, cleaning and folding them, and how alike two names are. */
#include "text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "arena.h"
#include "log.h"

#include "banned.h"

#define SIMILARITY_POINTS 1024

/* Code points in the arena; a NULL array means the text was not UTF-8. */
struct points {
    int32_t *items;
    size_t count;
};

bool text_equal(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

/* The bytes of the next code point, or 0 where there is none. */
static size_t next_point(const char *text, size_t left, int32_t *point)
{
    utf8proc_ssize_t len;

    if (left == 0)
        return 0;
    len = utf8proc_iterate((const utf8proc_uint8_t *)text, (utf8proc_ssize_t)left, point);
    return len > 0 && *point > 0 ? (size_t)len : 0;
}

bool text_is_utf8(const char *text, size_t len)
{
    int32_t point;
    size_t at = 0;
    size_t step;

    while ((step = next_point(text + at, len - at, &point)))
        at += step;
    return at == len;
}

size_t text_length(const char *text)
{
    size_t left = strlen(text);
    size_t length = 0;
    int32_t point;
    size_t step;

    for (; (step = next_point(text, left, &point)); text += step, left -= step)
        length++;
    return length;
}

static struct points decompose(struct arena *arena, const char *text, utf8proc_option_t options)
{
    size_t len = strlen(text);
    const utf8proc_uint8_t *bytes = (const utf8proc_uint8_t *)text;
    utf8proc_ssize_t count;
    struct points points = {NULL, 0};

    if (!text_is_utf8(text, len))
        return points;
    count = utf8proc_decompose(bytes, (utf8proc_ssize_t)len, NULL, 0, options);
    if (count < 0)
        die("utf8proc", "%s", utf8proc_errmsg(count));
    points.items = arena_array(arena, int32_t, count + 1);
    points.count = (size_t)count;
    utf8proc_decompose(bytes, (utf8proc_ssize_t)len, points.items, count, options);
    return points;
}

/* Composes decomposed code points and writes them as UTF-8. */
static char *compose(struct arena *arena, const int32_t *points, size_t count)
{
    int32_t *copy = arena_array(arena, int32_t, count + 1);
    utf8proc_ssize_t len;

    if (count)
        memcpy(copy, points, count * sizeof(*points));
    len = utf8proc_reencode(copy, (utf8proc_ssize_t)count, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
    if (len < 0)
        die("utf8proc", "%s", utf8proc_errmsg(len));
    return (char *)copy;
}

/* The property White_Space of Unicode's PropList.txt. */
static bool is_white_space(int32_t point)
{
    return (point >= 0x09 && point <= 0x0d) || point == 0x20 || point == 0x85 || point == 0xa0 ||
           point == 0x1680 || (point >= 0x2000 && point <= 0x200a) || point == 0x2028 ||
           point == 0x2029 || point == 0x202f || point == 0x205f || point == 0x3000;
}

char *text_nfc(struct arena *arena, const char *text)
{
    struct points points = decompose(arena, text, UTF8PROC_STABLE | UTF8PROC_DECOMPOSE);
    size_t start = 0;

    if (!points.items)
        return NULL;
    while (points.count > 0 && is_white_space(points.items[points.count - 1]))
        points.count--;
    while (start < points.count && is_white_space(points.items[start]))
        start++;
    return compose(arena, points.items + start, points.count - start);
}

/* Punctuation, separators and invisible characters say nothing about whose name it is. */
static bool is_folded_away(int32_t point)
{
    switch (utf8proc_category(point)) {
    case UTF8PROC_CATEGORY_PC:
    case UTF8PROC_CATEGORY_PD:
    case UTF8PROC_CATEGORY_PS:
    case UTF8PROC_CATEGORY_PE:
    case UTF8PROC_CATEGORY_PI:
    case UTF8PROC_CATEGORY_PF:
    case UTF8PROC_CATEGORY_PO:
    case UTF8PROC_CATEGORY_ZS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
        return true;
    default:
        return false;
    }
}

static struct points fold(struct arena *arena, const char *text)
{
    struct points points = decompose(arena, text,
                                     UTF8PROC_STABLE | UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT |
                                         UTF8PROC_CASEFOLD | UTF8PROC_IGNORE);
    size_t kept = 0;

    for (size_t i = 0; i < points.count; i++)
        if (!is_folded_away(points.items[i]))
            points.items[kept++] = points.items[i];
    points.count = kept;
    return points;
}

char *text_fold(struct arena *arena, const char *text)
{
    struct points points = fold(arena, text);

    return points.items ? compose(arena, points.items, points.count) : NULL;
}

static int compare_pairs(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a;
    uint64_t y = *(const uint64_t *)b;

    return x < y ? -1 : x > y;
}

/* The pairs of neighbouring code points in order; a text of one has none. */
static size_t pairs_of(struct arena *arena, const struct points *points, uint64_t **pairs)
{
    size_t count = points->count - 1;

    *pairs = arena_array(arena, uint64_t, count);
    for (size_t i = 0; i < count; i++)
        (*pairs)[i] = (uint64_t)points->items[i] << 32 | (uint32_t)points->items[i + 1];
    qsort(*pairs, count, sizeof(**pairs), compare_pairs);
    return count;
}

static size_t count_common(const uint64_t *a, size_t a_count, const uint64_t *b, size_t b_count)
{
    size_t common = 0;

    for (size_t i = 0, j = 0; i < a_count && j < b_count;) {
        if (a[i] == b[j])
            common++, i++, j++;
        else if (a[i] < b[j])
            i++;
        else
            j++;
    }
    return common;
}

static int similarity(struct arena *arena, struct points a, struct points b)
{
    uint64_t *a_pairs, *b_pairs;
    size_t a_count, b_count;

    if (a.count == 0 || b.count == 0)
        return 0;
    if (a.count == b.count && memcmp(a.items, b.items, a.count * sizeof(*a.items)) == 0)
        return 1000;
    a.count = a.count < SIMILARITY_POINTS ? a.count : SIMILARITY_POINTS;
    b.count = b.count < SIMILARITY_POINTS ? b.count : SIMILARITY_POINTS;
    a_count = pairs_of(arena, &a, &a_pairs);
    b_count = pairs_of(arena, &b, &b_pairs);
    if (a_count + b_count == 0)
        return 0;
    return (int)(2000 * count_common(a_pairs, a_count, b_pairs, b_count) / (a_count + b_count));
}

int text_similarity(const char *a, const char *b)
{
    struct arena arena;
    int result;

    arena_init(&arena);
    result = similarity(&arena, fold(&arena, a), fold(&arena, b));
    arena_release(&arena);
    return result;
}
