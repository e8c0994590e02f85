/* xlsx.c - a list as a workbook: a heading, numbers and dates as such, and text that is never a formula. */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "base/clock.h"
#include "base/memory.h"
#include "papers.h"
#include "rows.h"

#include "base/banned.h"

#define EXACT_MAX INT64_C(999999999999999) /* a cell's number keeps 15 digits */
#define EXCEL_EPOCH 25569                  /* days from 1899-12-30 to 1970-01-01 */

struct book {
    lxw_workbook *workbook;
    lxw_worksheet *sheet;
    lxw_format *head, *money, *price, *quantity, *day, *instant;
};

static lxw_format *number_format(struct book *book, const char *form)
{
    lxw_format *format = workbook_add_format(book->workbook);

    format_set_num_format(format, form);
    return format;
}

static void add_formats(struct book *book)
{
    book->head = workbook_add_format(book->workbook);
    format_set_bold(book->head);
    format_set_bg_color(book->head, 0xE8EEF7);
    format_set_border(book->head, LXW_BORDER_THIN);
    book->money = number_format(book, "#,##0.00");
    book->price = number_format(book, "#,##0.00##");
    book->quantity = number_format(book, "#,##0.###");
    book->day = number_format(book, "yyyy-mm-dd");
    book->instant = number_format(book, "yyyy-mm-dd hh:mm");
}

static double column_width(const struct paper_column *column)
{
    if (column->names)
        return 24;
    switch (column->type) {
    case PAPER_TEXT:
        return 24;
    case PAPER_ID:
        return 38;
    case PAPER_TIME:
        return 17;
    case PAPER_MONEY:
    case PAPER_PRICE:
    case PAPER_QUANTITY:
    case PAPER_DATE:
    case PAPER_ENUM:
        return 14;
    case PAPER_INT:
    case PAPER_BOOL:
        return 11;
    }
    return 14;
}

static void write_heading(struct book *book, const struct rows *rows)
{
    for (size_t i = 0; i < rows->column_count; i++) {
        lxw_col_t at = (lxw_col_t)i;

        worksheet_set_column(book->sheet, at, at, column_width(rows->columns[i]), NULL);
        worksheet_write_string(book->sheet, 0, at, rows_heading(rows, rows->columns[i]),
                               book->head);
    }
    worksheet_freeze_panes(book->sheet, 1, 0);
}

/* False: it is to be written as text. */
static bool write_number(struct book *book, lxw_row_t row, lxw_col_t at,
                         const struct paper_column *column, int64_t number)
{
    if (number > EXACT_MAX || number < -EXACT_MAX)
        return false;
    switch (column->type) {
    case PAPER_MONEY:
        return worksheet_write_number(book->sheet, row, at, (double)number / 100, book->money) ==
               LXW_NO_ERROR;
    case PAPER_PRICE:
        return worksheet_write_number(book->sheet, row, at, (double)number / 10000, book->price) ==
               LXW_NO_ERROR;
    case PAPER_QUANTITY:
        return worksheet_write_number(book->sheet, row, at, (double)number / 1000,
                                      book->quantity) == LXW_NO_ERROR;
    case PAPER_INT:
        return worksheet_write_number(book->sheet, row, at, (double)number, NULL) == LXW_NO_ERROR;
    case PAPER_ID:
    case PAPER_TEXT:
    case PAPER_BOOL:
    case PAPER_TIME:
    case PAPER_DATE:
    case PAPER_ENUM:
        return false;
    }
    return false;
}

/* Days and instants as the serial numbers that workbooks count with, in Shanghai's time. */
static bool write_time(struct book *book, lxw_row_t row, lxw_col_t at,
                       const struct paper_column *column, const char *text)
{
    int64_t instant;
    int32_t day;

    if (column->type == PAPER_DATE && date_parse(text, &day) && day > -EXCEL_EPOCH)
        return worksheet_write_number(book->sheet, row, at, day + EXCEL_EPOCH, book->day) ==
               LXW_NO_ERROR;
    if (column->type != PAPER_TIME || !instant_parse(text, &instant))
        return false;
    day = date_of(instant);
    return day > -EXCEL_EPOCH &&
           worksheet_write_number(
               book->sheet, row, at,
               day + EXCEL_EPOCH + (double)(instant - date_start(day)) / (double)(24 * CLOCK_HOUR),
               book->instant) == LXW_NO_ERROR;
}

static void write_cell(struct book *book, const struct rows *rows, lxw_row_t row, lxw_col_t at,
                       const json_t *value)
{
    const struct paper_column *column = rows->columns[at];
    char *text;

    if (!value || json_is_null(value))
        return;
    if (json_is_integer(value) && write_number(book, row, at, column, json_integer_value(value)))
        return;
    if (json_is_string(value) && write_time(book, row, at, column, json_string_value(value)))
        return;
    text = rows_text(rows, column, value);
    worksheet_write_string(book->sheet, row, at, text, NULL);
    memory_free(&text);
}

/* The library writes to a name and goes back in the file; standard output may be a pipe. */
static void copy_out(int file)
{
    char piece[64 << 10];
    ssize_t len;

    for (off_t at = 0; (len = pread(file, piece, sizeof(piece), at)) > 0; at += len) {
        for (ssize_t done = 0, sent; done < len; done += sent) {
            sent = write(STDOUT_FILENO, piece + done, (size_t)(len - done));
            if (sent <= 0)
                give_up("cannot write");
        }
    }
    close(file);
}

static void close_book(struct book *book)
{
    lxw_error error = workbook_close(book->workbook);

    if (error != LXW_NO_ERROR)
        give_up("workbook: %s", lxw_strerror(error));
}

void xlsx_write(struct input *input)
{
    lxw_workbook_options options = {.constant_memory = LXW_TRUE};
    int file = memfd_create("workbook", MFD_CLOEXEC);
    struct book book = {0};
    char name[40];
    struct rows rows;
    const json_t *row;
    lxw_row_t at = 0;

    snprintf(name, sizeof(name), "/proc/self/fd/%d", file);
    book.workbook = file >= 0 ? workbook_new_opt(name, &options) : NULL;
    if (!book.workbook)
        give_up("no workbook");
    rows_init(&rows, input);
    add_formats(&book);
    book.sheet = workbook_add_worksheet(book.workbook, NULL);
    write_heading(&book, &rows);
    while ((row = rows_next(&rows))) {
        at++;
        for (size_t i = 0; i < rows.column_count; i++)
            write_cell(&book, &rows, at, (lxw_col_t)i, json_object_get(row, rows.columns[i]->name));
    }
    if (at > 0)
        worksheet_autofilter(book.sheet, 0, 0, at, (lxw_col_t)(rows.column_count - 1));
    if (rows_remark(&rows))
        worksheet_write_string(book.sheet, at + 1, 0, rows_remark(&rows), NULL);
    close_book(&book);
    copy_out(file);
    rows_release(&rows);
}
