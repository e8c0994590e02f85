/* bytes.h - a view of bytes, and a buffer that grows. */
#ifndef BASE_BYTES_H
#define BASE_BYTES_H

#include <stddef.h>
#include <stdint.h>

/* Somebody else's bytes; not ended by a NUL. */
struct bytes {
    const uint8_t *data;
    size_t len;
};

/* Bytes on the heap. Behind data[len - 1] there is always a NUL that len does not count, once
 * anything was appended. */
struct buffer {
    uint8_t *data;
    size_t len, capacity;
};

/* Takes no memory yet. A buffer of zero bytes is an initialised one. */
void buffer_init(struct buffer *buffer);

/* Gives the memory back; may be called twice, and the buffer may be used again. */
void buffer_release(struct buffer *buffer);

/* Forgets the contents and keeps the memory. */
void buffer_clear(struct buffer *buffer);

/* Makes room for `extra` more bytes and returns where they go; the caller then raises len. */
uint8_t *buffer_reserve(struct buffer *buffer, size_t extra) __attribute__((returns_nonnull));

/* `data` may be NULL when len is 0. It must not lie inside the buffer. */
void buffer_append(struct buffer *buffer, const void *data, size_t len);
void buffer_append_byte(struct buffer *buffer, uint8_t byte);
void buffer_append_text(struct buffer *buffer, const char *text);
void buffer_print(struct buffer *buffer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The contents, good until the next change. */
struct bytes buffer_bytes(const struct buffer *buffer);

/* The contents as a text ended by NUL, good until the next change; "" when empty. */
const char *buffer_text(const struct buffer *buffer);

#endif
