/* log.c - one line of JSON on standard error for each thing worth knowing. */
#include "log.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <utf8proc.h>

#include "clock.h"

#include "banned.h"

/* What always fits behind the last field: `,"truncated":true}` and the line feed. */
#define TAIL_SIZE 24

static const char *const level_names[] = {"debug", "info", "warn", "error"};

/* Set once at the start of a process. */
static enum log_level least = LOG_INFO;

/* Lines that wait for the end of a turn of the main loop, which is the only thread that has any. */
#define HELD_SIZE (16u << 10)
static char held[HELD_SIZE];
static size_t held_len;
static _Thread_local bool holds;

struct line {
    char data[LOG_LINE_SIZE];
    size_t len;
    bool is_truncated;
};

/* Who writes: these fields are the same in every line, and are made once. */
#define NOBODY ",\"program\":\"\",\"instance\":\"\""
static struct line origin = {.data = NOBODY, .len = sizeof(NOBODY) - 1};

void log_set_level(enum log_level level)
{
    least = level;
}

bool log_level_parse(const char *text, enum log_level *level)
{
    for (int i = LOG_DEBUG; i <= LOG_ERROR; i++) {
        if (strcmp(text, level_names[i]) == 0) {
            *level = (enum log_level)i;
            return true;
        }
    }
    return false;
}

/* All or nothing, with `spare` bytes kept free for what must follow. */
static bool put(struct line *line, const char *data, size_t len, size_t spare)
{
    if (line->len + len + spare + TAIL_SIZE > LOG_LINE_SIZE) {
        line->is_truncated = true;
        return false;
    }
    memcpy(line->data + line->len, data, len);
    line->len += len;
    return true;
}

/* One character as it stands in a JSON string; returns its length in `text`. */
static size_t escape(const char *text, size_t left, char out[8], size_t *out_len)
{
    utf8proc_int32_t point;
    utf8proc_ssize_t len =
        utf8proc_iterate((const utf8proc_uint8_t *)text, (utf8proc_ssize_t)left, &point);

    if (len < 0) {
        *out_len = 3;
        memcpy(out, "\xef\xbf\xbd", 3);
        return 1;
    }
    if (point == '"' || point == '\\') {
        out[0] = '\\';
        out[1] = text[0];
        *out_len = 2;
    } else if (point < 0x20 || (point >= 0x7f && point < 0xa0)) {
        *out_len = (size_t)snprintf(out, 8, "\\u%04x", (unsigned)point);
    } else {
        *out_len = (size_t)len;
        memcpy(out, text, (size_t)len);
    }
    return (size_t)len;
}

/* How many characters at the beginning stand for themselves: ASCII without quotes, backslashes and controls. */
static size_t plain_run(const char *text, size_t left)
{
    size_t len = 0;

    while (len < left && text[len] >= 0x20 && text[len] < 0x7f && text[len] != '"' &&
           text[len] != '\\')
        len++;
    return len;
}

/* A JSON string, shortened to fit. The caller has made sure that two quotes fit. */
static void put_string(struct line *line, const char *text)
{
    size_t left = strlen(text);
    char escaped[8];
    size_t len;

    put(line, "\"", 1, 1);
    while (left) {
        size_t used = plain_run(text, left);

        if (used && !put(line, text, used, 1))
            used = 0; /* as much of it as fits, letter by letter */
        if (!used) {
            used = escape(text, left, escaped, &len);
            if (!put(line, escaped, len, 1))
                break;
        }
        text += used;
        left -= used;
    }
    put(line, "\"", 1, 0);
}

/* Names are words of the code, which need no escaping. */
static bool put_name(struct line *line, const char *name, size_t spare)
{
    size_t before = line->len;

    if (put(line, ",\"", 2, spare) && put(line, name, strlen(name), spare) &&
        put(line, "\":", 2, spare))
        return true;
    line->len = before;
    return false;
}

static void put_field(struct line *line, const struct log_field *field)
{
    char number[24];

    if (!put_name(line, field->name, sizeof(number)))
        return;
    switch (field->kind) {
    case LOG_KIND_NONE:
        break;
    case LOG_KIND_TEXT:
        if (field->text)
            put_string(line, field->text);
        else
            put(line, "null", 4, 0);
        break;
    case LOG_KIND_INT:
        put(line, number, (size_t)snprintf(number, sizeof(number), "%" PRId64, field->number), 0);
        break;
    case LOG_KIND_BOOL:
        put(line, field->number ? "true" : "false", field->number ? 4 : 5, 0);
        break;
    }
}

static void write_whole(const char *data, size_t len)
{
    while (len) {
        ssize_t written = write(STDERR_FILENO, data, len);

        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return; /* nobody listens, and there is nobody to tell */
        data += written;
        len -= (size_t)written;
    }
}

void log_flush(void)
{
    if (!holds || held_len == 0)
        return;
    write_whole(held, held_len);
    held_len = 0;
}

void log_hold(void)
{
    holds = true;
}

void log_release(void)
{
    log_flush();
    holds = false;
}

static void hold_or_write(enum log_level level, const char *data, size_t len)
{
    if (!holds) {
        write_whole(data, len);
        return;
    }
    if (held_len + len > HELD_SIZE)
        log_flush();
    memcpy(held + held_len, data, len);
    held_len += len;
    if (level >= LOG_WARN)
        log_flush();
}

void log_open(const char *program, const char *instance)
{
    origin.len = 0;
    put_field(&origin, &(struct log_field){"program", LOG_KIND_TEXT, program, 0});
    put_field(&origin, &(struct log_field){"instance", LOG_KIND_TEXT, instance, 0});
}

static void put_head(struct line *line, enum log_level level)
{
    char time[INSTANT_TEXT_SIZE];

    instant_format(clock_now(), time);
    put(line, "{\"time\":\"", 9, 0);
    put(line, time, strlen(time), 0);
    put(line, "\"", 1, 0);
    put_field(line, &(struct log_field){"level", LOG_KIND_TEXT, level_names[level], 0});
    put(line, origin.data, origin.len, 0);
}

void log_line(enum log_level level, const char *event, const struct log_field *fields, size_t n)
{
    struct line line;
    const char *tail;

    if (level < least)
        return;
    line.len = 0;
    line.is_truncated = false;
    put_head(&line, level);
    put_field(&line, &(struct log_field){"event", LOG_KIND_TEXT, event, 0});
    for (size_t i = 0; i < n; i++)
        if (fields[i].name)
            put_field(&line, &fields[i]);
    tail = line.is_truncated ? ",\"truncated\":true}\n" : "}\n";
    memcpy(line.data + line.len, tail, strlen(tail));
    hold_or_write(level, line.data, line.len + strlen(tail));
}

_Noreturn void die(const char *event, const char *format, ...)
{
    char detail[512];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(detail, sizeof(detail), format, arguments);
    va_end(arguments);
    log_error(event, log_text("detail", detail));
    abort();
}
