/* picture.c - a customer's signature or photograph on a page: PNG is read, JPEG is put into the file as it came. */
#include <string.h>

#include "base/memory.h"
#include "sheet.h"

#include "base/banned.h"

#define SIDE_MAX 3000 /* pixels: 36 MB while it is drawn */

struct source {
    struct bytes left;
};

static cairo_status_t read_source(void *data, unsigned char *out, unsigned len)
{
    struct source *source = data;

    if (len > source->left.len)
        return CAIRO_STATUS_READ_ERROR;
    memcpy(out, source->left.data, len);
    source->left.data += len;
    source->left.len -= len;
    return CAIRO_STATUS_SUCCESS;
}

static unsigned number_at(const uint8_t *at, int len)
{
    unsigned number = 0;

    for (int i = 0; i < len; i++)
        number = number << 8 | at[i];
    return number;
}

static bool is_small(unsigned width, unsigned height)
{
    return width > 0 && height > 0 && width <= SIDE_MAX && height <= SIDE_MAX;
}

/* The size is looked at before anything is unpacked. */
static cairo_surface_t *read_png(struct bytes picture)
{
    static const uint8_t start[] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
    struct source source = {picture};

    if (picture.len < 24 || memcmp(picture.data, start, sizeof(start)) != 0 ||
        !is_small(number_at(picture.data + 16, 4), number_at(picture.data + 20, 4)))
        return NULL;
    return cairo_image_surface_create_from_png_stream(read_source, &source);
}

/* The frame header of a JPEG says its size (ITU-T T.81, B.2.2). */
static bool jpeg_size(struct bytes picture, unsigned *width, unsigned *height)
{
    size_t at = 2;

    while (at + 9 < picture.len && picture.data[at] == 0xFF) {
        unsigned marker = picture.data[at + 1], len = number_at(picture.data + at + 2, 2);

        if (marker >= 0xC0 && marker <= 0xC2) {
            *height = number_at(picture.data + at + 5, 2);
            *width = number_at(picture.data + at + 7, 2);
            return is_small(*width, *height);
        }
        if (marker < 0xC0 || len < 2)
            return false;
        at += 2 + len;
    }
    return false;
}

static void free_copy(void *copy)
{
    memory_free(&copy);
}

static cairo_surface_t *read_jpeg(struct bytes picture)
{
    unsigned width, height;
    cairo_surface_t *surface;
    unsigned char *copy;

    if (picture.len < 12 || picture.data[0] != 0xFF || picture.data[1] != 0xD8 ||
        !jpeg_size(picture, &width, &height))
        return NULL;
    surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)width, (int)height);
    copy = memory_new(picture.len);
    memcpy(copy, picture.data, picture.len);
    cairo_surface_set_mime_data(surface, CAIRO_MIME_TYPE_JPEG, copy, picture.len, free_copy, copy);
    return surface;
}

bool sheet_picture(struct sheet *sheet, struct bytes picture, double width, double height)
{
    cairo_surface_t *surface = read_png(picture);
    double scale, across, down;

    if (!surface)
        surface = read_jpeg(picture);
    if (!surface || cairo_surface_status(surface) != CAIRO_STATUS_SUCCESS) {
        if (surface)
            cairo_surface_destroy(surface);
        return false;
    }
    across = cairo_image_surface_get_width(surface);
    down = cairo_image_surface_get_height(surface);
    scale = width / across < height / down ? width / across : height / down;
    sheet_need(sheet, height + 8);
    cairo_save(sheet->cairo);
    cairo_translate(sheet->cairo, SHEET_MARGIN, sheet->y);
    cairo_scale(sheet->cairo, scale, scale);
    cairo_set_source_surface(sheet->cairo, surface, 0, 0);
    cairo_paint(sheet->cairo);
    cairo_restore(sheet->cairo);
    cairo_surface_destroy(surface);
    sheet->y += down * scale + 6;
    return true;
}
