/* phone.c - telephone numbers as they are dialled inside China, and how much of one a stranger
 * sees. */
#include <string.h>
#include <utf8proc.h>

#include "arena.h"
#include "text.h"

#include "banned.h"

#define DIGITS_MIN 7
#define DIGITS_MAX 15
#define MOBILE_DIGITS 11

/* A full-width form as its ASCII one (U+FF01..FF5E ↔ U+0021..007E), the ideographic space as a
 * space. */
static int32_t narrow(int32_t point)
{
    if (point >= 0xff01 && point <= 0xff5e)
        return point - 0xff01 + 0x21;
    return point == 0x3000 || point == 0xa0 ? ' ' : point;
}

/* Digits of a number, with a leading + kept. False when something else stands in it, or too many
 * digits. */
static bool collect_digits(const char *phone, char digits[DIGITS_MAX + 8])
{
    const utf8proc_uint8_t *at = (const utf8proc_uint8_t *)phone;
    size_t count = 0;

    while (*at) {
        int32_t point;
        utf8proc_ssize_t len = utf8proc_iterate(at, -1, &point);

        if (len <= 0)
            return false;
        at += len;
        point = narrow(point);
        if (point == '+' ? count > 0 : point < '0' || point > '9') {
            if (point > 0x7f || !strchr(" -.()/\t", (int)point))
                return false;
            continue;
        }
        if (count == DIGITS_MAX + 7)
            return false;
        digits[count++] = (char)point;
    }
    digits[count] = 0;
    return true;
}

static bool is_mobile(const char *digits)
{
    return strlen(digits) == MOBILE_DIGITS && digits[0] == '1' && digits[1] >= '3';
}

/* Area code and number without the trunk 0; 400 and 800 are dialled as they are. */
static bool lacks_trunk_zero(const char *digits)
{
    size_t len = strlen(digits);

    if (len < 10 || len > 11 || digits[0] == '0' || is_mobile(digits))
        return false;
    return strncmp(digits, "400", 3) != 0 && strncmp(digits, "800", 3) != 0;
}

static size_t china_prefix(const char *number)
{
    if (strncmp(number, "+86", 3) == 0)
        return 3;
    if (strncmp(number, "0086", 4) == 0)
        return 4;
    return strncmp(number, "86", 2) == 0 && is_mobile(number + 2) ? 2 : 0;
}

char *phone_normalise(struct arena *arena, const char *phone)
{
    char digits[DIGITS_MAX + 8] = "";
    const char *number = digits;
    bool is_chinese = false;
    size_t len;

    if (!collect_digits(phone, digits))
        return NULL;
    /* All of them: a number that is normal stays as it is. */
    while ((len = china_prefix(number)) > 0 || *number == '+') {
        is_chinese = is_chinese || len > 0;
        number += len > 0 ? len : 1;
    }
    len = strlen(number);
    if (len < DIGITS_MIN || len > DIGITS_MAX)
        return NULL;
    return arena_print(arena, "%s%s", is_chinese && lacks_trunk_zero(number) ? "0" : "", number);
}

char *phone_mask(struct arena *arena, const char *phone)
{
    size_t len = strlen(phone);
    size_t head = len >= MOBILE_DIGITS ? 3 : 0;
    size_t tail = len >= MOBILE_DIGITS ? 4 : len >= 8 ? 2 : 0;
    char *masked = arena_text(arena, phone);

    for (size_t i = 0; i < len; i++) {
        if ((unsigned char)phone[i] > 0x7f) /* no number: hide all of it */
            return memset(arena_text(arena, phone), '*', len);
        if (i >= head && i < len - tail)
            masked[i] = '*';
    }
    return masked;
}
