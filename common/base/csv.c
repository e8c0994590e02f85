/* csv.c - reading comma-separated values from memory, strictly. */
#include "csv.h"

#include <stdbool.h>
#include <string.h>

#include "arena.h"
#include "text.h"

#include "banned.h"

void csv_init(struct csv *csv, const char *data, size_t len)
{
    static const char mark[] = {'\xef', '\xbb', '\xbf'};

    *csv = (struct csv){.data = data, .len = len, .next_line = 1};
    if (len >= sizeof(mark) && memcmp(data, mark, sizeof(mark)) == 0)
        csv->at = sizeof(mark);
}

static bool refuse(struct csv *csv, const char *error)
{
    csv->error = error;
    csv->line = csv->next_line;
    return false;
}

static bool at_end(const struct csv *csv)
{
    return csv->at == csv->len;
}

/* Passes a line end, if there is one here. */
static bool pass_line_end(struct csv *csv)
{
    size_t left = csv->len - csv->at;
    const char *here = csv->data + csv->at;

    if (left >= 1 && here[0] == '\n')
        csv->at += 1;
    else if (left >= 2 && here[0] == '\r' && here[1] == '\n')
        csv->at += 2;
    else
        return false;
    csv->next_line++;
    return true;
}

/* Copies a field's bytes, with doubled quotes made single. */
static bool keep_field(struct csv *csv, struct arena *arena, const char *start, size_t len,
                       bool is_quoted, const char **field)
{
    char *text;
    size_t kept = 0;

    if (len > CSV_FIELD_MAX)
        return refuse(csv, "a field has more than 64 KiB");
    if (!text_is_utf8(start, len))
        return refuse(csv, "a field is not UTF-8 text");
    text = arena_alloc(arena, len + 1);
    for (size_t i = 0; i < len; i++) {
        text[kept++] = start[i];
        if (is_quoted && start[i] == '"')
            i++;
    }
    text[kept] = 0;
    *field = text;
    return true;
}

static bool read_quoted(struct csv *csv, struct arena *arena, const char **field)
{
    size_t start = ++csv->at;
    size_t lines = 0;

    for (;; csv->at++) {
        if (at_end(csv))
            return refuse(csv, "a quoted field never ends");
        if (csv->data[csv->at] == '\n')
            lines++;
        if (csv->data[csv->at] != '"')
            continue;
        if (csv->at + 1 < csv->len && csv->data[csv->at + 1] == '"')
            csv->at++;
        else
            break;
    }
    if (!keep_field(csv, arena, csv->data + start, csv->at - start, true, field))
        return false;
    csv->next_line += lines;
    csv->at++;
    return true;
}

static bool read_plain(struct csv *csv, struct arena *arena, const char **field)
{
    size_t start = csv->at;

    for (; !at_end(csv); csv->at++) {
        char c = csv->data[csv->at];

        if (c == ',' || c == '\n' || c == '\r')
            break;
        if (c == '"')
            return refuse(csv, "a quote stands inside an unquoted field");
    }
    return keep_field(csv, arena, csv->data + start, csv->at - start, false, field);
}

static bool read_row(struct csv *csv, struct arena *arena, struct text_list *row)
{
    const char *fields[CSV_COLUMNS_MAX];
    size_t count = 0;
    size_t line = csv->next_line;

    for (;;) {
        bool is_quoted = !at_end(csv) && csv->data[csv->at] == '"';

        if (count == CSV_COLUMNS_MAX)
            return refuse(csv, "a row has more than 64 columns");
        if (is_quoted ? !read_quoted(csv, arena, &fields[count])
                      : !read_plain(csv, arena, &fields[count]))
            return false;
        count++;
        if (at_end(csv) || pass_line_end(csv))
            break;
        if (csv->data[csv->at] != ',')
            return refuse(csv, is_quoted ? "something stands between a closing quote and the comma"
                                         : "a carriage return stands without its line feed");
        csv->at++;
    }
    row->items = arena_copy(arena, fields, count * sizeof(*fields));
    row->count = count;
    csv->line = line;
    return true;
}

int csv_next(struct csv *csv, struct arena *arena, struct text_list *row)
{
    if (csv->error)
        return -1;
    while (pass_line_end(csv))
        ;
    if (at_end(csv))
        return 0;
    return read_row(csv, arena, row) ? 1 : -1;
}
