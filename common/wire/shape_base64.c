/* shape_base64.c - bytes as JSON writes them (RFC 4648, section 4: padded, nothing but the alphabet). */
#include "wire/shape_rules.h"

#include "base/banned.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void shape_base64_append(struct buffer *out, struct bytes bytes)
{
    for (size_t i = 0; i < bytes.len; i += 3) {
        size_t left = bytes.len - i;
        uint32_t group = (uint32_t)bytes.data[i] << 16;
        char text[4];

        group |= left > 1 ? (uint32_t)bytes.data[i + 1] << 8 : 0;
        group |= left > 2 ? bytes.data[i + 2] : 0;
        text[0] = alphabet[group >> 18];
        text[1] = alphabet[group >> 12 & 63];
        text[2] = (char)(left > 1 ? alphabet[group >> 6 & 63] : '=');
        text[3] = (char)(left > 2 ? alphabet[group & 63] : '=');
        buffer_append(out, text, sizeof(text));
    }
}

/* 0…63, or -1. */
static int digit(char letter)
{
    const char *at = letter ? strchr(alphabet, letter) : NULL;

    return at ? (int)(at - alphabet) : -1;
}

bool shape_base64_decode(struct arena *arena, const char *text, size_t len, struct bytes *bytes)
{
    size_t padding = 0;
    uint32_t group = 0;
    uint8_t *data;

    if (len % 4)
        return false;
    while (padding < 2 && padding < len && text[len - 1 - padding] == '=')
        padding++;
    data = arena_alloc(arena, len / 4 * 3);
    for (size_t i = 0; i < len; i++) {
        int value = i < len - padding ? digit(text[i]) : 0;

        if (value < 0)
            return false;
        group = group << 6 | (uint32_t)value;
        if (i % 4 == 3) {
            data[i / 4 * 3] = (uint8_t)(group >> 16);
            data[i / 4 * 3 + 1] = (uint8_t)(group >> 8);
            data[i / 4 * 3 + 2] = (uint8_t)group;
        }
    }
    bytes->data = data;
    bytes->len = len / 4 * 3 - padding;
    return padding == 0 || (padding == 1 ? (group & 0xff) == 0 : (group & 0xffff) == 0);
}
