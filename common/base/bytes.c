/* bytes.c - a buffer that grows. */
#include "bytes.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "log.h"
#include "memory.h"

#include "banned.h"

#define SMALLEST ((size_t)64)

void buffer_init(struct buffer *buffer)
{
    *buffer = (struct buffer){0};
}

void buffer_release(struct buffer *buffer)
{
    memory_free(&buffer->data);
    buffer_init(buffer);
}

void buffer_clear(struct buffer *buffer)
{
    buffer->len = 0;
    if (buffer->data)
        buffer->data[0] = 0;
}

uint8_t *buffer_reserve(struct buffer *buffer, size_t extra)
{
    size_t needed;
    size_t capacity = buffer->capacity ? buffer->capacity : SMALLEST;

    if (__builtin_add_overflow(buffer->len, extra, &needed) || needed >= SIZE_MAX / 2)
        die("out_of_memory", "a buffer of %zu and %zu bytes", buffer->len, extra);
    while (capacity <= needed) /* one more for the NUL */
        capacity *= 2;
    if (capacity != buffer->capacity) {
        buffer->data = memory_resize(buffer->data, capacity);
        buffer->capacity = capacity;
    }
    return buffer->data + buffer->len;
}

void buffer_append(struct buffer *buffer, const void *data, size_t len)
{
    uint8_t *end = buffer_reserve(buffer, len);

    if (len)
        memcpy(end, data, len);
    end[len] = 0;
    buffer->len += len;
}

void buffer_append_byte(struct buffer *buffer, uint8_t byte)
{
    buffer_append(buffer, &byte, 1);
}

void buffer_append_text(struct buffer *buffer, const char *text)
{
    buffer_append(buffer, text, strlen(text));
}

void buffer_print(struct buffer *buffer, const char *format, ...)
{
    va_list arguments, again;
    int len;

    va_start(arguments, format);
    va_copy(again, arguments);
    len = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (len < 0)
        die("bad_format", "vsnprintf refuses a format");
    vsnprintf((char *)buffer_reserve(buffer, (size_t)len), (size_t)len + 1, format, again);
    va_end(again);
    buffer->len += (size_t)len;
}

struct bytes buffer_bytes(const struct buffer *buffer)
{
    return (struct bytes){.data = buffer->data, .len = buffer->len};
}

const char *buffer_text(const struct buffer *buffer)
{
    return buffer->data ? (const char *)buffer->data : "";
}
