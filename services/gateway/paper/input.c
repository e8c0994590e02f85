/* input.c - reads what songda-paper is given: JSON objects, one on a line, within limits. */
#include "input.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/banned.h"

#define PIECE ((size_t)64 << 10)
#define NAME_MAX_BYTES 64

void give_up(const char *format, ...)
{
    char text[200];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    text[strcspn(text, "\r\n")] = '\0';
    fprintf(stderr, "songda-paper: %s\n", text);
    exit(1);
}

static bool read_more(struct input *input)
{
    ssize_t len;

    do
        len = read(input->fd, buffer_reserve(&input->buffer, PIECE), PIECE);
    while (len < 0 && errno == EINTR);
    if (len < 0)
        give_up("cannot read: %s", strerror(errno));
    input->buffer.len += (size_t)len;
    input->total += (size_t)len;
    if (input->total > INPUT_MAX)
        give_up("more than %u bytes", INPUT_MAX);
    return len > 0;
}

static void drop_taken(struct input *input)
{
    struct buffer *buffer = &input->buffer;

    if (input->taken == 0)
        return;
    memmove(buffer->data, buffer->data + input->taken, buffer->len - input->taken);
    buffer->len -= input->taken;
    input->taken = 0;
}

/* The next line, good until the next call; false: there is none. */
static bool next_line(struct input *input, struct bytes *line)
{
    struct buffer *buffer = &input->buffer;
    size_t looked = 0;
    uint8_t *end = NULL;

    drop_taken(input);
    while (!end) {
        end =
            buffer->len > looked ? memchr(buffer->data + looked, '\n', buffer->len - looked) : NULL;
        looked = buffer->len;
        if (!end && buffer->len > INPUT_LINE_MAX)
            give_up("a line of more than %u bytes", INPUT_LINE_MAX);
        if (!end && !read_more(input))
            break;
    }
    if (!end && buffer->len > 0)
        give_up("the last line has no end");
    if (!end)
        return false;
    *line = (struct bytes){buffer->data, (size_t)(end - buffer->data)};
    input->taken = line->len + 1;
    return true;
}

static json_t *next_object(struct input *input)
{
    struct bytes line;
    json_error_t error;
    json_t *value;

    if (!next_line(input, &line))
        return NULL;
    value = json_loadb((const char *)line.data, line.len, JSON_REJECT_DUPLICATES, &error);
    if (!json_is_object(value))
        give_up("a line is no JSON object, at byte %d", value ? 0 : error.position);
    return value;
}

void input_init(struct input *input, int fd)
{
    *input = (struct input){.fd = fd};
    input->head = next_object(input);
    if (!input->head)
        give_up("nothing was given");
    input->english = strcmp(input_head(input, "language"), "en") == 0;
    input->replies = json_object();
}

void input_release(struct input *input)
{
    buffer_release(&input->buffer);
    json_decref(input->head);
    json_decref(input->replies);
}

json_t *input_next(struct input *input)
{
    json_t *line = next_object(input);

    if (line && (!json_is_string(json_object_get(line, "ask")) ||
                 !json_is_object(json_object_get(line, "reply"))))
        give_up("a line without ask and reply");
    return line;
}

void input_read_all(struct input *input, size_t max)
{
    json_t *line;
    size_t count = 0;

    for (; (line = input_next(input)); json_decref(line)) {
        const char *ask = json_string_value(json_object_get(line, "ask"));
        json_t *list = json_object_get(input->replies, ask);

        if (count++ == max)
            give_up("more than %zu answers", max);
        if (!list) {
            list = json_array();
            json_object_set_new(input->replies, ask, list);
        }
        json_array_append(list, json_object_get(line, "reply"));
    }
}

const char *input_head(const struct input *input, const char *name)
{
    return row_text(input->head, name);
}

json_t *input_at(const struct input *input, const char *path)
{
    char name[NAME_MAX_BYTES];
    size_t len = strcspn(path, ".");
    json_t *at;

    snprintf(name, sizeof(name), "%.*s", (int)len, path);
    at = json_array_get(json_object_get(input->replies, name), 0);
    for (path += len; at && *path == '.'; path += len) {
        path++;
        len = strcspn(path, ".");
        snprintf(name, sizeof(name), "%.*s", (int)len, path);
        at = json_object_get(at, name);
    }
    return at;
}

const char *input_text(const struct input *input, const char *path)
{
    const char *text = json_string_value(input_at(input, path));

    return text ? text : "";
}

int64_t input_number(const struct input *input, const char *path)
{
    return json_integer_value(input_at(input, path));
}

json_t *input_rows(const struct input *input, const char *ask, const char *list, size_t max)
{
    json_t *rows = json_array(), *reply, *row;
    size_t i, k;

    json_array_foreach(json_object_get(input->replies, ask), i, reply)
    {
        json_array_foreach(json_object_get(reply, list), k, row)
        {
            if (json_is_object(row) && json_array_size(rows) < max)
                json_array_append(rows, row);
        }
    }
    return rows;
}

json_t *input_index(const struct input *input, const char *ask, const char *list, const char *key)
{
    json_t *rows = input_rows(input, ask, list, SIZE_MAX), *index = json_object(), *row;
    size_t i;

    json_array_foreach(rows, i, row)
    {
        json_object_set(index, row_text(row, key), row);
    }
    json_decref(rows);
    return index;
}

const char *row_text(const json_t *row, const char *name)
{
    const char *text = json_string_value(json_object_get(row, name));

    return text ? text : "";
}

int64_t row_number(const json_t *row, const char *name)
{
    return json_integer_value(json_object_get(row, name));
}
