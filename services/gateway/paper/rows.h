/* rows.h - a list's rows one after another as they are read, for workbooks and comma-separated values. */
#ifndef PAPER_ROWS_H
#define PAPER_ROWS_H

#include "input.h"
#include "words.h"

#define ROWS_COLUMNS_MAX 64
#define LIST_ROWS_MAX 100000
#define CELL_TEXT_MAX 32000 /* code points; a cell of a workbook has 32,767 at most */

struct rows {
    struct input *input;
    const struct paper_rows *list;
    const struct paper_column *columns[ROWS_COLUMNS_MAX]; /* those that are shown, in their order */
    size_t column_count;
    json_t *names; /* by name of the names: id → text */
    json_t *line;
    size_t next, count;
    bool is_cut; /* there would have been more */
};

/* The list that the first line names; ends the program when there is none. */
void rows_init(struct rows *rows, struct input *input);
void rows_release(struct rows *rows);

/* The next row, good until the next call; NULL: that was all. */
const json_t *rows_next(struct rows *rows);

/* What stands in a cell as text, on the heap and clean; enums, yes and no in words, several values with commas. */
char *rows_text(const struct rows *rows, const struct paper_column *column, const json_t *value);

const char *rows_heading(const struct rows *rows, const struct paper_column *column);

/* What the last row says when the list was cut; NULL: it was not. */
const char *rows_remark(const struct rows *rows);

#endif
