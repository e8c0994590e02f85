/* input.h - what songda-paper is given on its standard input: JSON objects, one on a line, within limits.
 *
 * The first line says what to make: {"kind": "receipt", "language": "zh", "at": RFC 3339, …}. Each other line is an answer of an
 * operation: {"ask": "receipt", "reply": {…}}. Whatever is wrong ends the program with one line on standard error.
 */
#ifndef PAPER_INPUT_H
#define PAPER_INPUT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/bytes.h"

#define INPUT_LINE_MAX (8u << 20)
#define INPUT_MAX (512u << 20)

struct input {
    int fd;
    struct buffer buffer;
    size_t taken, total;
    bool is_over;
    json_t *head;
    bool english;
    json_t *replies; /* by ask: a list of replies */
};

/* Reads the first line. */
void input_init(struct input *input, int fd);
void input_release(struct input *input);

/* The next answer of whatever ask, owned by the caller; NULL: that was all. */
json_t *input_next(struct input *input);

/* Reads all answers into `replies`, at most `max`. */
void input_read_all(struct input *input, size_t max);

/* A member of the first line; "" when it has none. */
const char *input_head(const struct input *input, const char *name);

/* What stands at ask.field.field of the ask's first reply; NULL: nothing. */
json_t *input_at(const struct input *input, const char *path);
const char *input_text(const struct input *input, const char *path); /* "" */
int64_t input_number(const struct input *input, const char *path);   /* 0 */

/* The rows of all replies of an ask, at most `max`, as a new list. */
json_t *input_rows(const struct input *input, const char *ask, const char *list, size_t max);

/* The same rows by one of their ids, as a new object. */
json_t *input_index(const struct input *input, const char *ask, const char *list, const char *key);

const char *row_text(const json_t *row, const char *name);
int64_t row_number(const json_t *row, const char *name);

/* Ends the program: one line on standard error, exit code 1. */
__attribute__((noreturn, format(printf, 1, 2))) void give_up(const char *format, ...);

#endif
