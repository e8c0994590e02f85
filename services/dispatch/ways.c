/* ways.c - how far it is, for whatever is answered at once: as the workers found it out, or else from coordinates (D4). */
#include <inttypes.h>
#include <stdlib.h>

#include "base/text.h"
#include "dispatch.h"

/* The sites of a problem by the keys of their places, in order; several may be one place. */
struct site_name {
    int64_t key;
    size_t site;
};

struct putting {
    const struct plan_problem *problem;
    struct site_name *names;
    size_t sites;
    int32_t *metres, *seconds;
    bool *is_given;
};

static const char *source_of(const struct ways *ways, bool is_lost)
{
    if (!text_equal(ways->file, "") && ways->wrong == NULL)
        return "file";
    if (text_equal(ways->server, ""))
        return "file_failed";
    return is_lost ? "server_failed" : "server";
}

struct ways *ways_of(struct call *c, const char *server, const char *file,
                     const struct way_source *source)
{
    struct ways *ways = arena_new(c->arena, struct ways);

    if (text_equal(server, "") && text_equal(file, ""))
        return NULL;
    *ways =
        (struct ways){.server = server,
                      .file = file,
                      .is_found = source->server != NULL && text_equal(source->server, server) &&
                                  text_equal(source->file, file)};
    ways->wrong = ways->is_found ? source->wrong : NULL;
    ways->travel = source_of(ways, ways->is_found && source->is_lost);
    return ways;
}

const char *ways_travel(const struct ways *ways)
{
    return ways == NULL || ways->travel == NULL ? "great_circle" : ways->travel;
}

const char *ways_note(struct call *c, const struct ways *ways)
{
    if (ways == NULL || ways->wrong != NULL || ways->lacking == 0)
        return ways == NULL ? NULL : ways->wrong;
    return call_print(c, "%" PRId64 "/%" PRId64 ": great_circle", ways->lacking, ways->asked);
}

static int by_key(const void *a, const void *b)
{
    const struct site_name *left = a, *right = b;

    if (left->key != right->key)
        return left->key < right->key ? -1 : 1;
    return (left->site > right->site) - (left->site < right->site);
}

/* The first of the names with that key, if there is one. */
static size_t first_of(const struct putting *p, int64_t key)
{
    size_t low = 0, high = p->sites;

    while (low < high) {
        size_t middle = (low + high) / 2;

        if (p->names[middle].key < key)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void put(const struct putting *p, int64_t from, int64_t to, int64_t metres, int64_t seconds)
{
    for (size_t i = first_of(p, from); i < p->sites && p->names[i].key == from; i++)
        for (size_t k = first_of(p, to); k < p->sites && p->names[k].key == to; k++) {
            size_t cell = p->names[i].site * p->sites + p->names[k].site;

            p->metres[cell] = (int32_t)metres;
            p->seconds[cell] = (int32_t)seconds;
            p->is_given[cell] = true;
        }
}

/* The ways that are wanted, as pairs of sites; there is room for twice as many as sites and a way home for each. */
static size_t pairs_of(const struct plan_problem *problem, enum ways_wanted wanted, size_t *from,
                       size_t *to)
{
    size_t at = 0, count = 0, stops = problem->stop_count - (wanted == WAYS_TO_LAST ? 1 : 0),
           last = problem->stop_count;

    for (size_t i = 0; i <= stops; i++) {
        from[count] = at;
        to[count++] = i < stops ? i + 1 : plan_depot_site(problem, problem->more_count);
        at = i + 1;
    }
    for (size_t i = 0; wanted == WAYS_TO_LAST && i < plan_sites(problem); i++)
        if (i != last) {
            from[count] = to[count + 1] = i;
            to[count] = from[count + 1] = last;
            count += 2;
        }
    return count;
}

static void count_way(struct ways *ways, const struct putting *p, size_t from, size_t to)
{
    const struct plan_place *here = plan_site(p->problem, from), *there = plan_site(p->problem, to);

    if (!here->is_known || !there->is_known || plan_place_key(here) == plan_place_key(there))
        return;
    ways->asked++;
    ways->lacking += !p->is_given[from * p->sites + to];
}

static void put_pairs(struct call *c, enum ways_wanted wanted, struct putting *p)
{
    struct ways *ways = p->problem->rates.ways;
    size_t *from = arena_array(c->arena, size_t, p->sites * 3 + 1),
           *to = arena_array(c->arena, size_t, p->sites * 3 + 1);
    size_t count = pairs_of(p->problem, wanted, from, to);
    struct int_list from_places = {arena_array(c->arena, int64_t, count), count},
                    to_places = {arena_array(c->arena, int64_t, count), count};
    struct ways_along_list rows = {.count = 0};

    for (size_t i = 0; i < count; i++) {
        from_places.items[i] = plan_place_key(plan_site(p->problem, from[i]));
        to_places.items[i] = plan_place_key(plan_site(p->problem, to[i]));
    }
    if (ways->is_found)
        rows = db_ways_along(c, .from_places = from_places, .to_places = to_places);
    for (size_t i = 0; i < rows.count; i++)
        put(p, rows.items[i].from_place, rows.items[i].to_place, rows.items[i].metres,
            rows.items[i].seconds);
    for (size_t i = 0; i < count; i++)
        count_way(ways, p, from[i], to[i]);
}

static void put_all(struct call *c, struct putting *p)
{
    struct ways *ways = p->problem->rates.ways;
    struct int_list places = {arena_array(c->arena, int64_t, p->sites), p->sites};
    struct ways_between_list rows = {.count = 0};

    for (size_t i = 0; i < p->sites; i++)
        places.items[i] = plan_place_key(plan_site(p->problem, i));
    if (ways->is_found)
        rows = db_ways_between(c, .places = places);
    for (size_t i = 0; i < rows.count; i++)
        if (rows.items[i].metres >= 0)
            put(p, rows.items[i].from_place, rows.items[i].to_place, rows.items[i].metres,
                rows.items[i].seconds);
    for (size_t from = 0; from < p->sites; from++)
        for (size_t to = 0; to < p->sites; to++)
            if (from != to)
                count_way(ways, p, from, to);
}

void ways_put(struct call *c, enum ways_wanted wanted, struct plan_problem *problem)
{
    size_t sites = plan_sites(problem);
    struct putting p = {.problem = problem, .sites = sites};
    struct plan_travel *travel;

    if (problem->rates.ways == NULL || problem->stop_count == 0 || has_failed(c))
        return;
    p.names = arena_array(c->arena, struct site_name, sites);
    for (size_t i = 0; i < sites; i++)
        p.names[i] = (struct site_name){plan_place_key(plan_site(problem, i)), i};
    qsort(p.names, sites, sizeof(*p.names), by_key);
    p.metres = arena_array(c->arena, int32_t, sites * sites);
    p.seconds = arena_array(c->arena, int32_t, sites * sites);
    p.is_given = arena_array(c->arena, bool, sites *sites);
    plan_measure(problem, p.metres, p.seconds);
    if (wanted == WAYS_ALL)
        put_all(c, &p);
    else
        put_pairs(c, wanted, &p);
    travel = arena_new(c->arena, struct plan_travel);
    *travel = (struct plan_travel){p.metres, p.seconds};
    problem->travel = travel;
}
