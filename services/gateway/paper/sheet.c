/* sheet.c - pages of A4: the frame around what a paper says, and its texts. */
#include "sheet.h"

#include <cairo-pdf.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "clean.h"
#include "input.h"
#include "sheet_draw.h"

#include "base/banned.h"

/* A TrueType font first: of Noto's, which has CFF outlines, cairo 1.16 leaves characters out of the file. Noto has the rare ones. */
#define FONT "WenQuanYi Micro Hei, Noto Sans CJK SC, Noto Sans, sans-serif"
#define TEXT_MAX 20000 /* code points of one text; a clause has 10,000 at most */

static cairo_status_t write_out(void *data, const unsigned char *bytes, unsigned len)
{
    (void)data;
    while (len > 0) {
        ssize_t done = write(STDOUT_FILENO, bytes, len);

        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return CAIRO_STATUS_WRITE_ERROR;
        bytes += done;
        len -= (unsigned)done;
    }
    return CAIRO_STATUS_SUCCESS;
}

static cairo_status_t write_nothing(void *data, const unsigned char *bytes, unsigned len)
{
    (void)data;
    (void)bytes;
    (void)len;
    return CAIRO_STATUS_SUCCESS;
}

void sheet_open(struct sheet *sheet, bool english, int pages)
{
    sheet->english = english;
    sheet->page = 1;
    sheet->pages = pages;
    sheet->y = SHEET_MARGIN;
    sheet->surface = cairo_pdf_surface_create_for_stream(pages ? write_out : write_nothing, NULL,
                                                         SHEET_WIDTH, SHEET_HEIGHT);
    cairo_pdf_surface_restrict_to_version(sheet->surface, CAIRO_PDF_VERSION_1_5);
    sheet->cairo = cairo_create(sheet->surface);
    sheet->layout = pango_cairo_create_layout(sheet->cairo);
    cairo_set_line_width(sheet->cairo, 0.5);
}

const char *sheet_say(const struct sheet *sheet, const char *zh, const char *en)
{
    return sheet->english ? en : zh;
}

double sheet_lay(struct sheet *sheet, const struct sheet_style *style, const char *text)
{
    PangoFontDescription *font = pango_font_description_from_string(FONT);
    char *clean = clean_text(text, style->max ? style->max : TEXT_MAX,
                             style->lines ? CLEAN_LINES : CLEAN_ONE_LINE);
    int height;

    pango_font_description_set_absolute_size(font, style->size * PANGO_SCALE);
    pango_font_description_set_weight(font,
                                      style->is_bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_layout_set_font_description(sheet->layout, font);
    pango_font_description_free(font);
    pango_layout_set_auto_dir(sheet->layout, FALSE);
    pango_layout_set_width(sheet->layout, (int)(style->width * PANGO_SCALE));
    pango_layout_set_wrap(sheet->layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_ellipsize(sheet->layout,
                               style->rows ? PANGO_ELLIPSIZE_END : PANGO_ELLIPSIZE_NONE);
    pango_layout_set_height(sheet->layout, style->rows ? -style->rows : -1);
    pango_layout_set_alignment(
        sheet->layout,
        (PangoAlignment[]){PANGO_ALIGN_LEFT, PANGO_ALIGN_CENTER, PANGO_ALIGN_RIGHT}[style->align]);
    pango_layout_set_line_spacing(sheet->layout, 1.05f);
    pango_layout_set_text(sheet->layout, clean, -1);
    memory_free(&clean);
    pango_layout_get_size(sheet->layout, NULL, &height);
    return (double)height / PANGO_SCALE;
}

void sheet_show(struct sheet *sheet, double x, double y)
{
    cairo_move_to(sheet->cairo, x, y);
    pango_cairo_show_layout(sheet->cairo, sheet->layout);
}

void sheet_line(struct sheet *sheet, double x, double y, double to_x, double to_y, double width)
{
    cairo_set_line_width(sheet->cairo, width);
    cairo_move_to(sheet->cairo, x, y);
    cairo_line_to(sheet->cairo, to_x, to_y);
    cairo_stroke(sheet->cairo);
}

static void draw_foot(struct sheet *sheet)
{
    struct sheet_style style = {.size = 8, .width = SHEET_INNER, .align = SHEET_CENTRE, .rows = 1};
    double y = SHEET_HEIGHT - 36;
    char text[200];

    sheet_line(sheet, SHEET_MARGIN, y - 4, SHEET_WIDTH - SHEET_MARGIN, y - 4, 0.3);
    snprintf(text, sizeof(text), sheet_say(sheet, "第 %d 页，共 %d 页", "Page %d of %d"),
             sheet->page, sheet->pages);
    sheet_lay(sheet, &style, text);
    sheet_show(sheet, SHEET_MARGIN, y);
    style.align = SHEET_RIGHT;
    snprintf(text, sizeof(text), sheet_say(sheet, "打印时间 %s", "Printed %s"), sheet->printed);
    sheet_lay(sheet, &style, text);
    sheet_show(sheet, SHEET_MARGIN, y);
    style.align = SHEET_LEFT;
    style.width = SHEET_INNER / 3;
    sheet_lay(sheet, &style, sheet->number);
    sheet_show(sheet, SHEET_MARGIN, y);
}

void sheet_head(struct sheet *sheet)
{
    struct sheet_style style = {
        .size = 17, .width = SHEET_INNER, .align = SHEET_CENTRE, .is_bold = true, .rows = 2};

    double height = sheet_lay(sheet, &style, sheet->company);

    sheet_show(sheet, SHEET_MARGIN, sheet->y);
    sheet->y += height + 3;
    if (*sheet->branch && strcmp(sheet->branch, sheet->company) != 0) {
        style.size = 11;
        style.is_bold = false;
        height = sheet_lay(sheet, &style, sheet->branch);
        sheet_show(sheet, SHEET_MARGIN, sheet->y);
        sheet->y += height + 3;
    }
    style.size = 15;
    style.is_bold = true;
    sheet->y += 2;
    sheet_lay(sheet, &style, sheet->title);
    sheet_show(sheet, SHEET_MARGIN, sheet->y);
    sheet->y += 24;
    sheet_line(sheet, SHEET_MARGIN, sheet->y, SHEET_WIDTH - SHEET_MARGIN, sheet->y, 1.2);
    sheet_line(sheet, SHEET_MARGIN, sheet->y + 2, SHEET_WIDTH - SHEET_MARGIN, sheet->y + 2, 0.4);
    sheet->y += 9;
}

/* The head of a following page. */
static void draw_small_head(struct sheet *sheet)
{
    struct sheet_style style = {.size = 9, .width = SHEET_INNER, .rows = 1};

    sheet_lay(sheet, &style, sheet->company);
    sheet_show(sheet, SHEET_MARGIN, SHEET_MARGIN - 8);
    style.align = SHEET_RIGHT;
    style.is_bold = true;
    sheet_lay(sheet, &style, sheet->title);
    sheet_show(sheet, SHEET_MARGIN, SHEET_MARGIN - 8);
    sheet_line(sheet, SHEET_MARGIN, SHEET_MARGIN + 8, SHEET_WIDTH - SHEET_MARGIN, SHEET_MARGIN + 8,
               0.6);
    sheet->y = SHEET_MARGIN + 16;
}

static void turn_page(struct sheet *sheet)
{
    draw_foot(sheet);
    cairo_show_page(sheet->cairo);
    if (++sheet->page > SHEET_PAGES_MAX)
        give_up("more than %d pages", SHEET_PAGES_MAX);
    draw_small_head(sheet);
    if (sheet->table)
        sheet_table_head(sheet);
}

void sheet_need(struct sheet *sheet, double height)
{
    if (sheet->y + height > SHEET_BOTTOM)
        turn_page(sheet);
}

void sheet_skip(struct sheet *sheet, double height)
{
    sheet->y += height;
}

int sheet_close(struct sheet *sheet)
{
    cairo_status_t status;

    draw_foot(sheet);
    cairo_show_page(sheet->cairo);
    g_object_unref(sheet->layout);
    cairo_destroy(sheet->cairo);
    cairo_surface_finish(sheet->surface);
    status = cairo_surface_status(sheet->surface);
    cairo_surface_destroy(sheet->surface);
    if (status != CAIRO_STATUS_SUCCESS)
        give_up("cairo: %s", cairo_status_to_string(status));
    return sheet->page;
}

void sheet_paragraph(struct sheet *sheet, const char *text, double size, bool is_bold,
                     enum sheet_align align)
{
    struct sheet_style style = {
        .size = size, .width = SHEET_INNER, .align = align, .is_bold = is_bold, .lines = true};
    PangoLayout *layout;
    int count;

    if (!*text)
        return;
    sheet_lay(sheet, &style, text);
    layout = g_object_ref(sheet->layout); /* turning the page lays other texts */
    sheet->layout = pango_cairo_create_layout(sheet->cairo);
    count = pango_layout_get_line_count(layout);
    for (int i = 0; i < count; i++) {
        PangoLayoutLine *line = pango_layout_get_line_readonly(layout, i);
        double height = size * 1.6, x = SHEET_MARGIN;
        PangoRectangle logical;

        pango_layout_line_get_extents(line, NULL, &logical);
        if (align == SHEET_CENTRE)
            x += (SHEET_INNER - (double)logical.width / PANGO_SCALE) / 2;
        sheet_need(sheet, height);
        cairo_move_to(sheet->cairo, x, sheet->y + size * 1.15);
        pango_cairo_show_layout_line(sheet->cairo, line);
        sheet->y += height;
    }
    g_object_unref(layout);
}

void sheet_heading(struct sheet *sheet, const char *zh, const char *en)
{
    sheet_need(sheet, 60);
    sheet->y += 6;
    sheet_paragraph(sheet, sheet_say(sheet, zh, en), 11, true, SHEET_LEFT);
    sheet->y += 2;
}
