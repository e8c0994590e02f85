/* sheet.h - pages of A4 as PDF on standard output: texts, labelled values, tables that go on over pages, signatures, pictures.
 *
 * A paper is drawn twice: once on nothing, to learn how many pages it has, and once for real. Lengths are points, y grows downwards.
 * All text goes through clean_text.
 */
#ifndef PAPER_SHEET_H
#define PAPER_SHEET_H

#include <cairo.h>
#include <pango/pangocairo.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"

#define SHEET_WIDTH 595.28
#define SHEET_HEIGHT 841.89
#define SHEET_MARGIN 45.0
#define SHEET_INNER (SHEET_WIDTH - 2 * SHEET_MARGIN)
#define SHEET_BOTTOM (SHEET_HEIGHT - 50.0) /* nothing but the foot below */
#define SHEET_PAGES_MAX 500
#define SHEET_COLUMNS_MAX 10

enum sheet_align { SHEET_LEFT, SHEET_CENTRE, SHEET_RIGHT };

struct sheet_column {
    const char *zh, *en;
    double share; /* of the width; all shares add up to 1 */
    enum sheet_align align;
};

struct sheet_table {
    const struct sheet_column *columns;
    size_t count;
};

struct sheet {
    cairo_surface_t *surface;
    cairo_t *cairo;
    PangoLayout *layout;
    bool english;
    double y;
    int page, pages;                               /* pages: 0 while they are counted */
    const struct sheet_table *table;               /* its head is repeated on a new page */
    const char *company, *branch, *title, *number; /* of the head; not owned */
    const char *printed;                           /* when, for the foot */
};

/* `pages` 0: draws on nothing. */
void sheet_open(struct sheet *sheet, bool english, int pages);

/* The head of the first page; those of the next ones are small. */
void sheet_head(struct sheet *sheet);

/* How many pages there were. Writes what is left. */
int sheet_close(struct sheet *sheet);

/* Chinese or English; both may be formats of the same values. */
const char *sheet_say(const struct sheet *sheet, const char *zh, const char *en)
    __attribute__((format_arg(2))) __attribute__((format_arg(3)));

/* A new page unless `height` fits on this one. */
void sheet_need(struct sheet *sheet, double height);
void sheet_skip(struct sheet *sheet, double height);

/* A paragraph over the whole width that may go on over pages. */
void sheet_paragraph(struct sheet *sheet, const char *text, double size, bool is_bold,
                     enum sheet_align align);

/* A heading that stays with what follows. */
void sheet_heading(struct sheet *sheet, const char *zh, const char *en);

/* Labelled values, two beside each other; one whose value is "" is left out. */
struct sheet_value {
    const char *zh, *en, *value;
    bool is_wide; /* takes the whole width */
};
void sheet_values(struct sheet *sheet, const struct sheet_value *values, size_t count);

void sheet_table_open(struct sheet *sheet, const struct sheet_table *table);
void sheet_table_row(struct sheet *sheet, const char *const *cells, bool is_bold);
void sheet_table_close(struct sheet *sheet);

/* Lines to sign on, side by side. */
void sheet_signatures(struct sheet *sheet, const char *const (*labels)[2], size_t count);

/* A PNG or JPEG of at most that size, in its proportions; false: it is neither. */
bool sheet_picture(struct sheet *sheet, struct bytes picture, double width, double height);

#endif
