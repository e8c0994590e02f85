/* routing_ways.c - finds out how far it is between places, and writes it down: what is not known yet is asked of the branch's file and
 * server; the rest is reckoned from coordinates, and whoever wanted to know is told so (D4). */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "routing_worker.h"
#include "travel_file.h"

#include "base/banned.h"

enum { NOT_KNOWN = -1, KEPT_NEAREST = 1000 };

/* The first site of each place, by its key. */
struct way_place {
    int64_t key;
    size_t site;
    int32_t metres; /* from where the ways begin that are being written */
};

/* A file or a server that is another than what was found out came from makes it worthless. */
static int take_source(struct call *c, void *context)
{
    struct finding *f = context;
    struct way_source_lock source;

    if (!call_enter_branch(c, f->branch_id))
        return -1;
    db_way_source_start(c);
    if (!db_way_source_lock(c, &source))
        return -1;
    f->revision = source.revision;
    if (f->forget_before != 0)
        db_ways_forget(c, .before = f->forget_before);
    if (text_equal(source.server, f->server) && text_equal(source.file, f->file) &&
        text_equal(source.stamp, f->stamp))
        return has_failed(c) ? -1 : 0;
    f->revision++;
    db_ways_drop(c);
    db_way_source_change(c, .revision = f->revision, .server = f->server, .file = f->file,
                         .stamp = f->stamp);
    return has_failed(c) ? -1 : 0;
}

static int by_key(const void *a, const void *b)
{
    const struct way_place *left = a, *right = b;

    if (left->key != right->key)
        return left->key < right->key ? -1 : 1;
    return (left->site > right->site) - (left->site < right->site);
}

static struct way_place *places_of(const struct finding *f, size_t *count)
{
    size_t sites = plan_sites(f->problem);
    struct way_place *places = arena_array(f->arena, struct way_place, sites);

    for (size_t i = 0; i < sites; i++)
        places[i] = (struct way_place){.key = plan_place_key(plan_site(f->problem, i)), .site = i};
    qsort(places, sites, sizeof(*places), by_key);
    *count = sites;
    return places;
}

static size_t first_of(const struct way_place *places, size_t count, int64_t key)
{
    size_t low = 0, high = count;

    while (low < high) {
        size_t middle = (low + high) / 2;

        if (places[middle].key < key)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* What the tables know, for every pair of sites that are those places. */
static int read_known(struct call *c, void *context)
{
    struct finding *f = context;
    size_t sites = plan_sites(f->problem), count;
    struct way_place *places = places_of(f, &count);
    struct int_list keys = {arena_array(c->arena, int64_t, sites), sites};
    struct ways_between_list rows;

    if (!call_enter_branch(c, f->branch_id))
        return -1;
    for (size_t i = 0; i < sites; i++)
        keys.items[i] = places[i].key;
    rows = db_ways_between(c, .places = keys);
    for (size_t r = 0; r < rows.count; r++) {
        const struct ways_between *row = &rows.items[r];

        for (size_t i = first_of(places, count, row->from_place);
             i < count && places[i].key == row->from_place; i++)
            for (size_t k = first_of(places, count, row->to_place);
                 k < count && places[k].key == row->to_place; k++) {
                size_t cell = places[i].site * sites + places[k].site;

                f->cells.metres[cell] = (int32_t)row->metres;
                f->cells.seconds[cell] = (int32_t)row->seconds;
                f->cells.is_asked[cell] = true;
            }
    }
    return has_failed(c) ? -1 : 0;
}

/* Nothing leads from a place to itself, however many sites it is. */
static void begin_cells(struct finding *f)
{
    size_t sites = plan_sites(f->problem), cells = sites * sites;

    f->keys = arena_array(f->arena, int64_t, sites);
    f->cells = (struct travel_cells){arena_array(f->arena, int32_t, cells),
                                     arena_array(f->arena, int32_t, cells),
                                     arena_array(f->arena, bool, cells)};
    for (size_t i = 0; i < sites; i++)
        f->keys[i] = plan_place_key(plan_site(f->problem, i));
    for (size_t cell = 0; cell < cells; cell++) {
        bool is_none = f->keys[cell / sites] == f->keys[cell % sites];

        f->cells.metres[cell] = f->cells.seconds[cell] = is_none ? 0 : NOT_KNOWN;
        f->cells.is_asked[cell] = is_none;
    }
}

static bool is_all_asked(const struct finding *f)
{
    size_t cells = plan_sites(f->problem) * plan_sites(f->problem);

    return memchr(f->cells.is_asked, false, cells) == NULL;
}

/* Over what there is without it; a file that is not in order is not used at all. */
static bool add_file(struct finding *f)
{
    size_t cells = plan_sites(f->problem) * plan_sites(f->problem), len;
    int32_t *metres = arena_copy(f->arena, f->cells.metres, cells * sizeof(*metres)),
            *seconds = arena_copy(f->arena, f->cells.seconds, cells * sizeof(*seconds));
    const char *text;

    if (!travel_file_read(f->arena, f->file, &text, &len, &f->wrong) ||
        !travel_file_take(f->arena, text, len, f->problem, metres, seconds, &f->wrong))
        return false;
    f->cells.metres = metres;
    f->cells.seconds = seconds;
    return true;
}

/* Sites at one place are as far from everywhere: what is known of one holds for all, the first of them before the others. */
static void unite_sites(struct finding *f)
{
    size_t sites = plan_sites(f->problem), count;
    const struct way_place *places = places_of(f, &count);
    size_t *first = arena_array(f->arena, size_t, sites);
    struct travel_cells *cells = &f->cells;

    for (size_t i = 0; i < count; i++)
        first[places[i].site] = i > 0 && places[i].key == places[i - 1].key
                                    ? first[places[i - 1].site]
                                    : places[i].site;
    for (size_t cell = 0; cell < sites * sites; cell++) {
        size_t one = first[cell / sites] * sites + first[cell % sites];

        if (cells->metres[one] < 0 && cells->metres[cell] >= 0) {
            cells->metres[one] = cells->metres[cell];
            cells->seconds[one] = cells->seconds[cell];
        }
    }
    for (size_t cell = 0; cell < sites * sites; cell++) {
        size_t one = first[cell / sites] * sites + first[cell % sites];

        cells->metres[cell] = cells->metres[one];
        cells->seconds[cell] = cells->seconds[one];
    }
}

/* A way that nobody is left to ask for is known, or known to be unknown. */
static void close_cells(struct finding *f, bool has_answered)
{
    size_t sites = plan_sites(f->problem);
    bool is_over = has_answered && !f->is_lost && !f->is_stopped;

    for (size_t cell = 0; cell < sites * sites; cell++) {
        if (f->cells.metres[cell] < 0 || f->cells.seconds[cell] < 0)
            f->cells.metres[cell] = f->cells.seconds[cell] = NOT_KNOWN;
        if (f->keys[cell / sites] == f->keys[cell % sites])
            f->cells.metres[cell] = f->cells.seconds[cell] = 0;
    }
    unite_sites(f);
    for (size_t cell = 0; cell < sites * sites; cell++)
        f->cells.is_asked[cell] |= is_over || f->cells.metres[cell] >= 0;
}

static void ask_all(struct finding *f)
{
    bool has_file = false;

    if (!text_equal(f->server, "") &&
        !travel_ask(f->arena, f->server, f->problem, f->goes_on, f->context, &f->cells)) {
        f->is_stopped = !f->goes_on(f->context);
        f->is_lost = !f->is_stopped;
    }
    if (!text_equal(f->file, "") && !f->is_stopped)
        has_file = add_file(f);
    close_cells(f, has_file || !text_equal(f->server, ""));
}

static int by_metres(const void *a, const void *b)
{
    const struct way_place *left = a, *right = b;

    if (left->metres != right->metres)
        return left->metres < right->metres ? -1 : 1;
    return by_key(a, b);
}

/* What was found out of the ways from one place; where there are very many, those to the nearest. */
static void write_from(struct call *c, const struct finding *f, const struct way_place *from,
                       const struct way_place *places, size_t count)
{
    size_t sites = plan_sites(f->problem), new = 0;
    struct way_place *near = arena_array(c->arena, struct way_place, count);
    struct int_list to = {arena_array(c->arena, int64_t, count), 0},
                    metres = {arena_array(c->arena, int64_t, count), 0},
                    seconds = {arena_array(c->arena, int64_t, count), 0};

    for (size_t i = 0; i < count; i++) {
        size_t cell = from->site * sites + places[i].site;

        if (!f->cells.is_asked[cell] || f->was_asked[cell] || places[i].key == from->key ||
            (i > 0 && places[i].key == places[i - 1].key))
            continue;
        near[new] = places[i];
        near[new ++].metres = f->cells.metres[cell];
    }
    if (new > KEPT_NEAREST)
        qsort(near, new, sizeof(*near), by_metres);
    for (size_t i = 0; i < new &&i < KEPT_NEAREST; i++) {
        size_t cell = from->site * sites + near[i].site;

        to.items[to.count++] = near[i].key;
        metres.items[metres.count++] = f->cells.metres[cell];
        seconds.items[seconds.count++] = f->cells.seconds[cell];
    }
    if (to.count > 0)
        db_way_put(c, .from_place = from->key, .to_places = to, .metres = metres,
                   .seconds = seconds);
}

static int write_found(struct call *c, void *context)
{
    struct finding *f = context;
    struct way_source_lock source;
    struct way_place *places;
    size_t count;

    if (!call_enter_branch(c, f->branch_id))
        return -1;
    if (!db_way_source_lock(c, &source) || source.revision != f->revision)
        return has_failed(c) ? -1 : 0; /* found out from what is not the source any more */
    db_way_source_tell(c, .wrong = f->wrong, .is_lost = f->is_lost);
    places = places_of(f, &count);
    for (size_t i = 0; i < count && !has_failed(c); i++)
        if (i == 0 || places[i].key != places[i - 1].key)
            write_from(c, f, &places[i], places, count);
    return has_failed(c) ? -1 : 0;
}

/* Ways that are not known are reckoned from coordinates; what is said of them. */
static void fill_cells(struct finding *f)
{
    size_t sites = plan_sites(f->problem), asked = 0, lacking = 0;
    int32_t *metres = arena_array(f->arena, int32_t, sites * sites),
            *seconds = arena_array(f->arena, int32_t, sites * sites);

    plan_measure(f->problem, metres, seconds);
    for (size_t cell = 0; cell < sites * sites; cell++) {
        size_t from = cell / sites, to = cell % sites;

        if (f->keys[from] != f->keys[to] && f->keys[from] >= 0 && f->keys[to] >= 0) {
            asked++;
            lacking += f->cells.metres[cell] < 0;
        }
        if (f->cells.metres[cell] >= 0) {
            metres[cell] = f->cells.metres[cell];
            seconds[cell] = f->cells.seconds[cell];
        }
    }
    f->ways = arena_new(f->arena, struct plan_travel);
    *f->ways = (struct plan_travel){metres, seconds};
    f->note = f->wrong;
    if (f->note == NULL && lacking > 0)
        f->note = arena_print(f->arena, "%zu/%zu: great_circle", lacking, asked);
}

static const char *source_name(const struct finding *f)
{
    if (!text_equal(f->file, "") && f->wrong == NULL)
        return "file";
    if (text_equal(f->server, ""))
        return "file_failed";
    return f->is_lost ? "server_failed" : "server";
}

void ways_find(struct finding *f)
{
    size_t cells = plan_sites(f->problem) * plan_sites(f->problem);

    f->travel = "great_circle";
    if (text_equal(f->server, "") && text_equal(f->file, ""))
        return;
    f->stamp = text_equal(f->file, "") ? "" : travel_file_stamp(f->arena, f->file);
    begin_cells(f);
    if (!companion_call(f->companion, f->arena, take_source, f) ||
        !companion_call(f->companion, f->arena, read_known, f))
        return;
    f->was_asked = arena_copy(f->arena, f->cells.is_asked, cells);
    if (!is_all_asked(f)) {
        ask_all(f);
        companion_call(f->companion, f->arena, write_found, f);
    }
    fill_cells(f);
    f->travel = source_name(f);
}
