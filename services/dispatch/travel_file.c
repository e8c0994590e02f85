/* travel_file.c - reads a matrix of distances and times, row by row, and refuses it by line. */
#include "travel_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/coordinates.h"
#include "base/csv.h"
#include "base/text.h"

#include "base/banned.h"

enum { FIGURE_MOST = 1 << 27, FILE_MOST = 256 << 20, ROWS_A_RESET = 512 };

/* What a row may name: a site's id, or its place. Several sites may be one. */
struct name {
    bool is_place;
    struct id id;
    int64_t place; /* plan_place_key() */
    size_t site;
};

struct reading {
    struct arena *arena;
    struct name *names; /* in order */
    size_t name_count, sites;
    int32_t *metres, *seconds;
    bool *is_given;
    const char *wrong;
};

static int by_name(const void *a, const void *b)
{
    const struct name *left = a, *right = b;

    if (left->is_place != right->is_place)
        return left->is_place ? 1 : -1;
    if (!left->is_place)
        return id_compare(left->id, right->id);
    return (left->place > right->place) - (left->place < right->place);
}

static void collect_names(struct reading *r, const struct plan_problem *problem)
{
    r->names = arena_array(r->arena, struct name, r->sites * 2);
    for (size_t i = 0; i < r->sites; i++) {
        const struct plan_place *place = plan_site(problem, i);

        r->names[r->name_count++] = (struct name){.id = place->id, .site = i};
        if (place->is_known)
            r->names[r->name_count++] =
                (struct name){.is_place = true, .place = plan_place_key(place), .site = i};
    }
    qsort(r->names, r->name_count, sizeof(*r->names), by_name);
}

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

static bool take_name(const char *text, struct name *name)
{
    struct plan_place place = {.is_known = true};

    *name = (struct name){.is_place = false};
    if (id_parse(text, &name->id))
        return true;
    text = coordinates_read(text, &place.latitude_e7);
    if (text == NULL || *text++ != ' ')
        return false;
    text = coordinates_read(text, &place.longitude_e7);
    *name = (struct name){.is_place = true, .place = plan_place_key(&place)};
    return text != NULL && *text == '\0';
}

/* The sites a name stands for: `count` of them from the one given back. */
static const struct name *find(const struct reading *r, const struct name *name, size_t *count)
{
    size_t low = 0, high = r->name_count;

    while (low < high) {
        size_t middle = (low + high) / 2;

        if (by_name(&r->names[middle], name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (*count = 0; low + *count < r->name_count && by_name(&r->names[low + *count], name) == 0;)
        ++*count;
    return &r->names[low];
}

static bool refuse_row(struct reading *r, size_t line, const char *what)
{
    r->wrong = arena_print(r->arena, "line %zu: %s", line, what);
    return false;
}

static bool take_figure(struct reading *r, size_t line, const char *name, const char *text,
                        int32_t *figure)
{
    int64_t value = 0;

    if (*text == '-')
        return refuse_row(r, line, arena_print(r->arena, "%s is negative", name));
    for (const char *at = text; *at != '\0'; at++) {
        if (!is_digit(*at))
            return refuse_row(r, line, arena_print(r->arena, "%s is no whole number", name));
        value = value * 10 + (*at - '0');
        if (value > FIGURE_MOST)
            return refuse_row(r, line, arena_print(r->arena, "%s is too large", name));
    }
    if (*text == '\0')
        return refuse_row(r, line, arena_print(r->arena, "%s is missing", name));
    *figure = (int32_t)value;
    return true;
}

static bool put_way(struct reading *r, size_t line, size_t from, size_t to, int32_t metres,
                    int32_t seconds)
{
    size_t cell = from * r->sites + to;

    if (from == to)
        return true;
    if (r->is_given[cell] && (r->metres[cell] != metres || r->seconds[cell] != seconds))
        return refuse_row(r, line, "another row says otherwise of the same way");
    r->is_given[cell] = true;
    r->metres[cell] = metres;
    r->seconds[cell] = seconds;
    return true;
}

static bool take_row(struct reading *r, size_t line, const struct text_list *row)
{
    struct name from, to;
    const struct name *first, *second;
    size_t from_count, to_count;
    int32_t metres, seconds;

    if (row->count != 4)
        return refuse_row(r, line, arena_print(r->arena, "%zu fields instead of 4", row->count));
    if (!take_name(row->items[0], &from))
        return refuse_row(r, line, "from is neither an id nor a place");
    if (!take_name(row->items[1], &to))
        return refuse_row(r, line, "to is neither an id nor a place");
    if (!take_figure(r, line, "metres", row->items[2], &metres) ||
        !take_figure(r, line, "seconds", row->items[3], &seconds))
        return false;
    first = find(r, &from, &from_count);
    second = find(r, &to, &to_count);
    for (size_t i = 0; i < from_count; i++)
        for (size_t k = 0; k < to_count; k++)
            if (!put_way(r, line, first[i].site, second[k].site, metres, seconds))
                return false;
    return true;
}

static bool is_header(const struct text_list *row)
{
    static const char *const names[] = {"from", "to", "metres", "seconds"};

    if (row->count != 4)
        return false;
    for (size_t i = 0; i < 4; i++)
        if (!text_equal(row->items[i], names[i]))
            return false;
    return true;
}

static bool take_rows(struct reading *r, const char *text, size_t len)
{
    struct arena scratch;
    struct text_list row;
    struct csv csv;
    size_t rows = 0;
    int got;
    bool is_right;

    arena_init(&scratch);
    csv_init(&csv, text, len);
    got = csv_next(&csv, &scratch, &row);
    is_right = got == 1 && is_header(&row);
    if (!is_right)
        refuse_row(r, csv.line == 0 ? 1 : csv.line, "not from,to,metres,seconds");
    while (is_right && (got = csv_next(&csv, &scratch, &row)) == 1) {
        is_right = take_row(r, csv.line, &row);
        if (++rows % ROWS_A_RESET == 0)
            arena_reset(&scratch);
    }
    if (is_right && got < 0)
        is_right = refuse_row(r, csv.line, csv.error);
    arena_release(&scratch);
    return is_right;
}

bool travel_file_take(struct arena *arena, const char *text, size_t len,
                      const struct plan_problem *problem, int32_t *metres, int32_t *seconds,
                      const char **wrong)
{
    size_t count = plan_sites(problem);
    struct reading r = {.arena = arena,
                        .sites = count,
                        .metres = metres,
                        .seconds = seconds,
                        .is_given = arena_array(arena, bool, count *count)};

    collect_names(&r, problem);
    if (take_rows(&r, text, len))
        return true;
    *wrong = r.wrong;
    return false;
}

static bool read_all(int file, char *bytes, size_t len)
{
    for (size_t got = 0; got < len;) {
        ssize_t some = read(file, bytes + got, len - got);

        if (some <= 0 && !(some < 0 && errno == EINTR))
            return false;
        got += some > 0 ? (size_t)some : 0;
    }
    return true;
}

const char *travel_file_stamp(struct arena *arena, const char *path)
{
    struct stat about;

    if (stat(path, &about) != 0)
        return "";
    return arena_print(arena, "%jd %jd.%09ld", (intmax_t)about.st_size,
                       (intmax_t)about.st_mtim.tv_sec, about.st_mtim.tv_nsec);
}

bool travel_file_read(struct arena *arena, const char *path, const char **text, size_t *len,
                      const char **wrong)
{
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat about;
    char *bytes = NULL;

    *wrong = file < 0 ? "cannot be opened" : NULL;
    if (*wrong == NULL && (fstat(file, &about) != 0 || !S_ISREG(about.st_mode)))
        *wrong = "no plain file";
    if (*wrong == NULL && about.st_size > FILE_MOST)
        *wrong = "larger than 256 MiB";
    if (*wrong == NULL) {
        *len = (size_t)about.st_size;
        bytes = arena_alloc(arena, *len + 1);
        if (!read_all(file, bytes, *len))
            *wrong = "cannot be read";
    }
    if (file >= 0)
        close(file);
    *text = bytes;
    return *wrong == NULL;
}
