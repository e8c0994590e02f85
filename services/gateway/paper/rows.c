/* rows.c - a list's rows one after another as they are read. */
#include "rows.h"

#include <inttypes.h>
#include <string.h>

#include "base/memory.h"
#include "clean.h"
#include "figures.h"

#include "base/banned.h"

/* customer_id beside customer or customer_name: the name says it. */
static bool is_named_beside(const struct paper_rows *list, const struct paper_column *column)
{
    size_t len = strlen(column->name);

    if (column->type != PAPER_ID || len < 4 || strcmp(column->name + len - 3, "_id") != 0)
        return false;
    for (const struct paper_column *other = list->columns; other->name; other++) {
        size_t other_len = strlen(other->name);

        if (other->type == PAPER_TEXT && strncmp(other->name, column->name, len - 3) == 0 &&
            (other_len == len - 3 || strcmp(other->name + len - 3, "_name") == 0))
            return true;
    }
    return false;
}

/* What only programs read: ids that stand for nobody with a name. */
static bool is_bare(const struct rows *rows, const struct paper_column *column)
{
    return column->type == PAPER_ID &&
           !(column->names && json_object_get(rows->names, column->names));
}

static void add_columns(struct rows *rows, bool of_ids)
{
    for (const struct paper_column *column = rows->list->columns; column->name; column++) {
        if (is_bare(rows, column) == of_ids && !is_named_beside(rows->list, column) &&
            rows->column_count < ROWS_COLUMNS_MAX)
            rows->columns[rows->column_count++] = column;
    }
}

static void keep_names(struct rows *rows, const char *ask, const json_t *reply)
{
    const struct paper_names *names = paper_names;
    json_t *kept = json_object_get(rows->names, ask), *row;
    size_t i;

    while (names->name && strcmp(names->name, ask) != 0)
        names++;
    if (!names->name)
        give_up("names of nothing");
    if (!kept) {
        kept = json_object();
        json_object_set_new(rows->names, ask, kept);
    }
    json_array_foreach(json_object_get(reply, names->items), i, row)
    {
        json_object_set(kept, row_text(row, names->id), json_object_get(row, names->text));
    }
}

/* The names come first; the first line of rows stays for rows_next. */
static void read_names(struct rows *rows)
{
    rows->names = json_object();
    while ((rows->line = input_next(rows->input))) {
        const char *ask = row_text(rows->line, "ask");

        if (strcmp(ask, "rows") == 0)
            break;
        keep_names(rows, ask, json_object_get(rows->line, "reply"));
        json_decref(rows->line);
    }
    rows->is_cut = json_is_true(json_object_get(rows->line, "is_cut"));
}

void rows_init(struct rows *rows, struct input *input)
{
    *rows = (struct rows){.input = input, .list = words_rows(input_head(input, "operation"))};
    if (!rows->list)
        give_up("there is no such list");
    read_names(rows);
    add_columns(rows, false); /* what people read first, what only programs read behind it */
    add_columns(rows, true);
}

void rows_release(struct rows *rows)
{
    json_decref(rows->line);
    json_decref(rows->names);
    rows->line = NULL;
    rows->names = NULL;
}

const json_t *rows_next(struct rows *rows)
{
    const json_t *row = NULL;

    while (!row) {
        const json_t *list =
            json_object_get(json_object_get(rows->line, "reply"), rows->list->items);

        if (rows->next < json_array_size(list)) {
            row = json_array_get(list, rows->next++);
            continue;
        }
        json_decref(rows->line);
        rows->line = input_next(rows->input);
        rows->next = 0;
        if (!rows->line)
            return NULL;
        rows->is_cut = json_is_true(json_object_get(rows->line, "is_cut"));
    }
    if (rows->count++ < LIST_ROWS_MAX)
        return row;
    rows->is_cut = true;
    return NULL;
}

const char *rows_heading(const struct rows *rows, const struct paper_column *column)
{
    return rows->input->english ? column->en : column->zh;
}

const char *rows_remark(const struct rows *rows)
{
    if (!rows->is_cut)
        return NULL;
    return rows->input->english
               ? "Only the first 100,000 rows; narrow the list down for the others."
               : "仅前 100,000 行；请缩小范围查看其余部分。";
}

static char *number_text(const struct paper_column *column, int64_t number)
{
    char text[FIGURE_SIZE];

    switch (column->type) {
    case PAPER_MONEY:
        figure_money(number, text);
        break;
    case PAPER_PRICE:
        figure_price(number, text);
        break;
    case PAPER_QUANTITY:
        figure_quantity(number, text);
        break;
    case PAPER_INT:
    case PAPER_ID:
    case PAPER_TEXT:
    case PAPER_BOOL:
    case PAPER_TIME:
    case PAPER_DATE:
    case PAPER_ENUM:
        snprintf(text, sizeof(text), "%" PRId64, number);
    }
    return memory_text(text);
}

static char *single_text(const struct rows *rows, const struct paper_column *column,
                         const json_t *value)
{
    bool english = rows->input->english;
    const char *text = json_string_value(value);
    char time[FIGURE_SIZE];

    if (json_is_boolean(value))
        return memory_text(json_is_true(value) ? (english ? "yes" : "是")
                                               : (english ? "no" : "否"));
    if (json_is_integer(value))
        return number_text(column, json_integer_value(value));
    if (column->names && text) {
        const json_t *name = json_object_get(json_object_get(rows->names, column->names), text);

        text = json_is_string(name) ? json_string_value(name) : text;
    }
    if (!text)
        return memory_text("");
    if (column->type == PAPER_TIME) {
        figure_time(text, time);
        return clean_text(time, CELL_TEXT_MAX, CLEAN_ONE_LINE);
    }
    return clean_text(words_value(column->words, text, english), CELL_TEXT_MAX, CLEAN_ONE_LINE);
}

char *rows_text(const struct rows *rows, const struct paper_column *column, const json_t *value)
{
    struct buffer out = {0};
    json_t *one;
    size_t i;

    if (!json_is_array(value))
        return single_text(rows, column, value);
    buffer_append_text(&out, "");
    json_array_foreach(value, i, one)
    {
        char *text = single_text(rows, column, one);

        if (out.len < CELL_TEXT_MAX && strlen(text) < CELL_TEXT_MAX) {
            buffer_append_text(&out, i > 0 ? (rows->input->english ? ", " : "、") : "");
            buffer_append_text(&out, text);
        }
        memory_free(&text);
    }
    return (char *)out.data;
}
