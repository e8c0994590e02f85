/* clean.c - makes text from outside harmless on paper and in cells. */
#include "clean.h"

#include <stdbool.h>
#include <string.h>
#include <utf8proc.h>

#include "base/bytes.h"

#include "base/banned.h"

/* Marks that change the direction of what follows: a name with them could show an amount backwards. */
static bool turns_direction(utf8proc_int32_t point)
{
    return point == 0x061C || point == 0x200E || point == 0x200F ||
           (point >= 0x202A && point <= 0x202E) || (point >= 0x2066 && point <= 0x2069);
}

/* Nothing that a file may hold as text: non-characters, the byte order mark, tags, private use. */
static bool is_no_character(utf8proc_int32_t point)
{
    return (point & 0xFFFE) == 0xFFFE || (point >= 0xFDD0 && point <= 0xFDEF) || point == 0xFEFF ||
           (point >= 0xE0000 && point <= 0xE0FFF) || (point >= 0xE000 && point <= 0xF8FF) ||
           point >= 0xF0000;
}

static bool is_line_break(utf8proc_int32_t point)
{
    return point == '\n' || point == 0x2028 || point == 0x2029 || point == 0x85;
}

/* Zero: nothing is left of it. */
static utf8proc_int32_t clean_point(utf8proc_int32_t point, enum clean_lines lines)
{
    if (is_line_break(point))
        return lines == CLEAN_LINES ? '\n' : ' ';
    if (point == '\r' || turns_direction(point) || is_no_character(point))
        return 0;
    if (point < 0x20 || (point >= 0x7F && point < 0xA0))
        return ' ';
    return point;
}

/* More marks on one letter than any language writes, which would cost the layout its time. */
#define MARKS_MAX 8

static bool is_mark(utf8proc_int32_t point)
{
    utf8proc_category_t category = utf8proc_category(point);

    return category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_ME;
}

char *clean_text(const char *text, size_t max, enum clean_lines lines)
{
    struct buffer out = {0};
    utf8proc_int32_t point;
    size_t count = 0, marks = 0;

    buffer_reserve(&out, 1);
    for (const uint8_t *at = (const uint8_t *)text; *at;) {
        utf8proc_ssize_t len = utf8proc_iterate(at, -1, &point);

        if (len <= 0) {
            len = 1;
            point = 0xFFFD;
        }
        at += len;
        point = clean_point(point, lines);
        marks = point && is_mark(point) ? marks + 1 : 0;
        if (point == 0 || marks > MARKS_MAX)
            continue;
        if (count++ == max) {
            buffer_append_text(&out, "…");
            break;
        }
        out.len += (size_t)utf8proc_encode_char(point, buffer_reserve(&out, 4));
    }
    buffer_append_byte(&out, 0);
    return (char *)out.data;
}
