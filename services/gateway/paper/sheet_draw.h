/* sheet_draw.h - what sheet.c and sheet_table.c share: laying one text and putting it somewhere. */
#ifndef PAPER_SHEET_DRAW_H
#define PAPER_SHEET_DRAW_H

#include "sheet.h"

struct sheet_style {
    double size, width;
    enum sheet_align align;
    bool is_bold, lines; /* lines: line breaks of the text are kept */
    int rows;            /* at most so many lines, then "…"; 0: all */
    size_t max;          /* code points; 0: many */
};

/* Lays a text and returns its height. */
double sheet_lay(struct sheet *sheet, const struct sheet_style *style, const char *text);

/* Draws what was laid last. */
void sheet_show(struct sheet *sheet, double x, double y);

void sheet_line(struct sheet *sheet, double x, double y, double to_x, double to_y, double width);

/* Draws the head of sheet->table. */
void sheet_table_head(struct sheet *sheet);

#endif
