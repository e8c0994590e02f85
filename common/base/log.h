/* log.h - one line of JSON on standard error for each thing worth knowing.
 *
 *   log_info("call", log_text("operation", name), log_int("ms", 3), log_bool("cached", true));
 *   {"time":"2026-11-22T19:46:00.000+08:00","level":"info","program":"leads","instance":"1",
 *    "event":"call","operation":"lead.claim","ms":3,"cached":true}
 *
 * No personal data in a line. A line has at most 4,096 bytes, so that it reaches a pipe in one
 * piece; the field that does not fit is shortened, or left out, and "truncated":true says so.
 * Bytes that are not UTF-8 become U+FFFD. Safe in several threads after log_open. (The level names
 * are those of <syslog.h>; do not include that one.)
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LOG_LINE_SIZE 4096

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

enum log_kind { LOG_KIND_NONE, LOG_KIND_TEXT, LOG_KIND_INT, LOG_KIND_BOOL };

struct log_field {
    const char *name; /* a word of ours; NULL: no field */
    enum log_kind kind;
    const char *text; /* NULL is written as null */
    int64_t number;
};

static inline struct log_field log_text(const char *name, const char *text)
{
    return (struct log_field){.name = name, .kind = LOG_KIND_TEXT, .text = text};
}

static inline struct log_field log_int(const char *name, int64_t number)
{
    return (struct log_field){.name = name, .kind = LOG_KIND_INT, .number = number};
}

static inline struct log_field log_bool(const char *name, bool value)
{
    return (struct log_field){.name = name, .kind = LOG_KIND_BOOL, .number = value};
}

static inline struct log_field log_none(void)
{
    return (struct log_field){.kind = LOG_KIND_NONE};
}

/* Names every following line; the texts must live as long as the process. The level is LOG_INFO
 * until set. */
void log_open(const char *program, const char *instance);

/* Lines below the level are not written. */
void log_set_level(enum log_level level);

/* "debug", "info", "warn", "error"; false for any other word. */
bool log_level_parse(const char *text, enum log_level *level);

/* From here on the calling thread keeps its lines below `warn` until log_flush(), or until there
 * are 16 KiB of them: a main loop that flushes before it sleeps writes once a turn instead of once
 * a line. log_release() ends that. A process killed in the middle of a turn loses the turn's lines. */
void log_hold(void);
void log_flush(void);
void log_release(void);

void log_line(enum log_level level, const char *event, const struct log_field *fields, size_t n);

#define log_event(level, event, ...)                                                               \
    log_line((level), (event), (const struct log_field[]){log_none(), ##__VA_ARGS__},              \
             sizeof((const struct log_field[]){log_none(), ##__VA_ARGS__}) /                       \
                 sizeof(struct log_field))
#define log_debug(event, ...) log_event(LOG_DEBUG, event, ##__VA_ARGS__)
#define log_info(event, ...) log_event(LOG_INFO, event, ##__VA_ARGS__)
#define log_warn(event, ...) log_event(LOG_WARN, event, ##__VA_ARGS__)
#define log_error(event, ...) log_event(LOG_ERROR, event, ##__VA_ARGS__)

/* For what cannot be: logs at LOG_ERROR with the message as field "detail", then abort(). */
_Noreturn void die(const char *event, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
