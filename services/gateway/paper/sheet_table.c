/* sheet_table.c - labelled values, tables that go on over pages, lines to sign on. */
#include <string.h>

#include "sheet_draw.h"

#include "base/banned.h"

#define CELL_PAD 4.0
#define CELL_SIZE 9.0
#define CELL_ROWS 12 /* lines of a cell; a row always fits on a page */
#define CELL_MAX 600 /* code points of a cell */
#define LABEL_WIDTH 84.0
#define VALUE_ROWS 6

static double lay_label(struct sheet *sheet, const struct sheet_value *value)
{
    struct sheet_style style = {.size = 9.5, .width = LABEL_WIDTH - 4, .rows = 2, .max = CELL_MAX};
    char label[120];

    snprintf(label, sizeof(label), "%s%s", sheet_say(sheet, value->zh, value->en),
             sheet_say(sheet, "：", ":"));
    return sheet_lay(sheet, &style, label);
}

static double lay_value(struct sheet *sheet, const struct sheet_value *value, double width)
{
    struct sheet_style style = {
        .size = 9.5, .width = width - LABEL_WIDTH, .rows = VALUE_ROWS, .max = CELL_MAX};

    return sheet_lay(sheet, &style, value->value);
}

static double value_height(struct sheet *sheet, const struct sheet_value *value, double width)
{
    double label = lay_label(sheet, value), height = lay_value(sheet, value, width);

    return label > height ? label : height;
}

static void draw_value(struct sheet *sheet, const struct sheet_value *value, double x, double width)
{
    lay_label(sheet, value);
    cairo_set_source_rgb(sheet->cairo, 0.25, 0.25, 0.25);
    sheet_show(sheet, x, sheet->y);
    cairo_set_source_rgb(sheet->cairo, 0, 0, 0);
    lay_value(sheet, value, width);
    sheet_show(sheet, x + LABEL_WIDTH, sheet->y);
}

void sheet_values(struct sheet *sheet, const struct sheet_value *values, size_t count)
{
    double half = SHEET_INNER / 2;

    for (size_t i = 0; i < count; i++) {
        const struct sheet_value *left = &values[i], *right = NULL;
        double width = left->is_wide ? SHEET_INNER : half - 8, height;

        if (!*left->value)
            continue;
        for (size_t k = i + 1; !left->is_wide && k < count && !right; k++) {
            if (!*values[k].value)
                continue;
            if (values[k].is_wide)
                break;
            right = &values[k];
            i = k;
        }
        height = value_height(sheet, left, width);
        if (right && value_height(sheet, right, half) > height)
            height = value_height(sheet, right, half);
        sheet_need(sheet, height + 4);
        draw_value(sheet, left, SHEET_MARGIN, width);
        if (right)
            draw_value(sheet, right, SHEET_MARGIN + half, half);
        sheet->y += height + 4;
    }
    sheet->y += 4;
}

static double row_height(struct sheet *sheet, const char *const *cells, bool is_bold)
{
    double height = CELL_SIZE * 1.4;

    for (size_t i = 0; i < sheet->table->count; i++) {
        struct sheet_style style = {.size = CELL_SIZE,
                                    .rows = CELL_ROWS,
                                    .max = CELL_MAX,
                                    .is_bold = is_bold,
                                    .width = sheet->table->columns[i].share * SHEET_INNER -
                                             2 * CELL_PAD};
        double cell = sheet_lay(sheet, &style, cells[i]);

        if (cell > height)
            height = cell;
    }
    return height + 2 * CELL_PAD - 2;
}

static void draw_row(struct sheet *sheet, const char *const *cells, double height, bool is_bold,
                     bool is_head)
{
    double x = SHEET_MARGIN;

    if (is_head) {
        cairo_set_source_rgb(sheet->cairo, 0.92, 0.92, 0.92);
        cairo_rectangle(sheet->cairo, x, sheet->y, SHEET_INNER, height);
        cairo_fill(sheet->cairo);
        cairo_set_source_rgb(sheet->cairo, 0, 0, 0);
    }
    for (size_t i = 0; i < sheet->table->count; i++) {
        const struct sheet_column *column = &sheet->table->columns[i];
        double width = column->share * SHEET_INNER;
        struct sheet_style style = {
            .size = CELL_SIZE,
            .rows = CELL_ROWS,
            .max = CELL_MAX,
            .is_bold = is_bold,
            .width = width - 2 * CELL_PAD,
            .align = is_head && column->align == SHEET_LEFT ? SHEET_CENTRE : column->align};

        sheet_lay(sheet, &style, cells[i]);
        sheet_show(sheet, x + CELL_PAD, sheet->y + CELL_PAD - 1);
        cairo_set_line_width(sheet->cairo, 0.5);
        cairo_rectangle(sheet->cairo, x, sheet->y, width, height);
        cairo_stroke(sheet->cairo);
        x += width;
    }
    sheet->y += height;
}

void sheet_table_head(struct sheet *sheet)
{
    const char *cells[SHEET_COLUMNS_MAX];

    for (size_t i = 0; i < sheet->table->count; i++)
        cells[i] = sheet_say(sheet, sheet->table->columns[i].zh, sheet->table->columns[i].en);
    draw_row(sheet, cells, row_height(sheet, cells, true), true, true);
}

void sheet_table_open(struct sheet *sheet, const struct sheet_table *table)
{
    sheet_need(sheet, 60);
    sheet->table = table;
    sheet_table_head(sheet);
}

void sheet_table_row(struct sheet *sheet, const char *const *cells, bool is_bold)
{
    double height = row_height(sheet, cells, is_bold);

    sheet_need(sheet, height);
    draw_row(sheet, cells, height, is_bold, false);
}

void sheet_table_close(struct sheet *sheet)
{
    sheet->table = NULL;
    sheet->y += 8;
}

void sheet_signatures(struct sheet *sheet, const char *const (*labels)[2], size_t count)
{
    double width = SHEET_INNER / (double)count;
    struct sheet_style style = {.size = 9.5, .width = width - 8, .rows = 1};

    sheet_need(sheet, 56);
    sheet->y += 30;
    for (size_t i = 0; i < count; i++) {
        double x = SHEET_MARGIN + (double)i * width, used;
        int text_width;
        char label[120];

        snprintf(label, sizeof(label), "%s%s", sheet_say(sheet, labels[i][0], labels[i][1]),
                 sheet_say(sheet, "：", ":"));
        sheet_lay(sheet, &style, label);
        pango_layout_get_size(sheet->layout, &text_width, NULL);
        sheet_show(sheet, x, sheet->y);
        used = (double)text_width / PANGO_SCALE + 4;
        if (used < width - 20)
            sheet_line(sheet, x + used, sheet->y + 13, x + width - 12, sheet->y + 13, 0.6);
    }
    sheet->y += 26;
}
