/* csv.h - reading comma-separated values (RFC 4180) from memory.
 *
 * Rows end with CRLF or LF, the last may end with the data. Fields may be quoted, quotes inside
 * are doubled. A byte order mark at the start is skipped. Empty lines are skipped. Rows may differ
 * in length; the reader of a format checks that. Malformed: a quote inside an unquoted field,
 * anything but a comma or line end behind a closing quote, a quoted field that never ends, a lone
 * CR, bytes that are not UTF-8 or a NUL.
 */
#ifndef BASE_CSV_H
#define BASE_CSV_H

#include <stddef.h>

#include "list.h"

struct arena;

#define CSV_COLUMNS_MAX 64
#define CSV_FIELD_MAX 65536 /* bytes */

struct csv {
    const char *data; /* the caller's, until the reading is over */
    size_t len, at;
    size_t line; /* of the row last given, from 1; of a malformed row, where the mistake is */
    size_t next_line;
    const char *error; /* why csv_next gave -1: a constant sentence */
};

void csv_init(struct csv *csv, const char *data, size_t len);

/* 1: a row, its texts in the arena; 0: no more; -1: malformed, and so is every later call. */
int csv_next(struct csv *csv, struct arena *arena, struct text_list *row);

#endif
