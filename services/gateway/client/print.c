/* print.c - replies for programs (JSON) and for people (lines, and a table of each list). */
#include <jansson.h>
#include <string.h>
#include <utf8proc.h>

#include "songda.h"

#include "base/banned.h"

#define COLUMNS_MAX 64
#define CELL_MAX 40 /* places on the screen */

/* Places that a text takes on the screen: Chinese characters take two. */
static int width(const char *text)
{
    const utf8proc_uint8_t *at = (const utf8proc_uint8_t *)text;
    utf8proc_int32_t point;
    utf8proc_ssize_t len;
    int places = 0;

    for (; (len = utf8proc_iterate(at, -1, &point)) > 0 && point != 0; at += len)
        places += utf8proc_charwidth(point);
    return places;
}

/* A value on one line; the text is in the arena. */
static const char *cell(struct arena *arena, const json_t *value)
{
    char *text, *copy;

    if (!value || json_is_null(value))
        return "";
    if (json_is_string(value)) {
        copy = arena_text(arena, json_string_value(value));
    } else {
        text = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
        copy = arena_text(arena, text ? text : "");
        free(text);
    }
    for (char *at = copy; *at; at++) {
        if (*at == '\n' || *at == '\r' || *at == '\t' || (unsigned char)*at < 0x20 || *at == 0x7f)
            *at = ' '; /* nor does a name reach the terminal as a command */
    }
    return copy;
}

static bool is_table(const json_t *value)
{
    return json_is_array(value) && json_array_size(value) > 0 &&
           json_is_object(json_array_get(value, 0));
}

static size_t find_columns(const json_t *rows, const char *names[COLUMNS_MAX])
{
    size_t count = 0;

    for (size_t row = 0; row < json_array_size(rows); row++) {
        json_t *item = json_array_get(rows, row);

        for (void *pair = json_object_iter(item); pair; pair = json_object_iter_next(item, pair)) {
            const char *name = json_object_iter_key(pair);
            size_t i = 0;

            while (i < count && strcmp(names[i], name) != 0)
                i++;
            if (i == count && count < COLUMNS_MAX)
                names[count++] = name;
        }
    }
    return count;
}

static void print_cell(const char *text, int places, bool is_last)
{
    int pad = places - width(text);

    printf("%s%*s", text, is_last || pad < 0 ? 0 : pad + 2, "");
}

static void print_table(const json_t *rows)
{
    const char *names[COLUMNS_MAX];
    int widths[COLUMNS_MAX];
    size_t count = find_columns(rows, names);
    struct arena arena = {0};

    for (size_t i = 0; i < count; i++) {
        widths[i] = width(names[i]);
        for (size_t row = 0; row < json_array_size(rows); row++) {
            int places = width(cell(&arena, json_object_get(json_array_get(rows, row), names[i])));

            widths[i] = places > widths[i] ? places : widths[i];
        }
        widths[i] = widths[i] > CELL_MAX ? CELL_MAX : widths[i];
    }
    for (size_t i = 0; i < count; i++)
        print_cell(names[i], widths[i], i + 1 == count);
    printf("\n");
    for (size_t row = 0; row < json_array_size(rows); row++) {
        for (size_t i = 0; i < count; i++)
            print_cell(cell(&arena, json_object_get(json_array_get(rows, row), names[i])),
                       widths[i], i + 1 == count);
        printf("\n");
    }
    arena_release(&arena);
}

static void print_object(json_t *object)
{
    struct arena arena = {0};

    for (void *pair = json_object_iter(object); pair; pair = json_object_iter_next(object, pair)) {
        if (!is_table(json_object_iter_value(pair)))
            printf("%-24s %s\n", json_object_iter_key(pair),
                   cell(&arena, json_object_iter_value(pair)));
    }
    for (void *pair = json_object_iter(object); pair; pair = json_object_iter_next(object, pair)) {
        if (!is_table(json_object_iter_value(pair)))
            continue;
        printf("\n%s\n", json_object_iter_key(pair));
        print_table(json_object_iter_value(pair));
    }
    arena_release(&arena);
}

void print_reply(const struct songda *songda, const struct shape *shape, struct bytes packed)
{
    struct arena arena = {0};
    struct buffer json = {0};
    json_t *object;

    if (!shape_json_of_packed(shape, packed, false, &arena, &json)) {
        fprintf(stderr, "songda: the answer cannot be read; is the gateway of another version?\n");
    } else if (songda->as_json) {
        printf("%s\n", buffer_text(&json));
    } else {
        object = json_loadb((const char *)json.data, json.len, 0, NULL);
        if (object)
            print_object(object);
        json_decref(object);
    }
    buffer_release(&json);
    arena_release(&arena);
}
