/* csv.c - a list as comma-separated values (RFC 4180) that a spreadsheet takes for UTF-8 and for nothing but values. */
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "papers.h"
#include "rows.h"

#include "base/banned.h"

/* What a spreadsheet may take for the beginning of a formula (OWASP: CSV injection), full-width forms too. */
static bool looks_like_formula(const char *text)
{
    static const char *const wide[] = {"＝", "＋", "－", "＠"};

    text += strspn(text, " ");
    if (*text && strchr("=+-@|\t\r", *text))
        return true;
    for (size_t i = 0; i < sizeof(wide) / sizeof(wide[0]); i++) {
        if (strncmp(text, wide[i], strlen(wide[i])) == 0)
            return true;
    }
    return false;
}

static void write_cell(const char *text, bool is_foreign, bool is_first)
{
    if (!is_first)
        putchar(',');
    putchar('"');
    if (is_foreign && looks_like_formula(text))
        putchar('\'');
    for (const char *at = text; *at; at++) {
        if (*at == '"')
            putchar('"');
        putchar(*at);
    }
    putchar('"');
}

/* Commas between thousands are for eyes. */
static void drop_commas(char *text)
{
    char *out = text;

    for (; *text; text++) {
        if (*text != ',')
            *out++ = *text;
    }
    *out = '\0';
}

static void write_row(const struct rows *rows, const json_t *row)
{
    for (size_t i = 0; i < rows->column_count; i++) {
        const struct paper_column *column = rows->columns[i];
        const json_t *value = json_object_get(row, column->name);
        char *text = rows_text(rows, column, value);

        if (json_is_integer(value))
            drop_commas(text);
        write_cell(text, !json_is_integer(value), i == 0);
        memory_free(&text);
    }
    fputs("\r\n", stdout);
}

void csv_write(struct input *input)
{
    struct rows rows;
    const json_t *row;

    rows_init(&rows, input);
    fputs("\xEF\xBB\xBF", stdout);
    for (size_t i = 0; i < rows.column_count; i++)
        write_cell(rows_heading(&rows, rows.columns[i]), false, i == 0);
    fputs("\r\n", stdout);
    while ((row = rows_next(&rows)))
        write_row(&rows, row);
    if (rows_remark(&rows)) {
        write_cell(rows_remark(&rows), false, true);
        fputs("\r\n", stdout);
    }
    rows_release(&rows);
    if (fflush(stdout) != 0 || ferror(stdout))
        give_up("cannot write");
}
