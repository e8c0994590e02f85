/* routing_survey.c - what a worker does when no plan is wanted: it finds out the ways between the places of these days, so that what is
 * answered at once reckons with the same ways as plans do (D4). */
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "routing_worker.h"
#include "travel_file.h"

#include "base/banned.h"

#define PERIOD (2 * CLOCK_SECOND)
#define PERIOD_LOST (30 * CLOCK_SECOND)

enum { PLACES_MOST = 2000, DAYS_BACK = 7, DAYS_KEPT = 7 };

/* A branch as it was when its ways were found out. */
struct surveyed {
    struct id branch_id;
    uint64_t sight; /* of everything that ways depend on */
    int64_t again;  /* monotonic: when to try once more; 0: not before something is new */
};

/* A branch whose ways come from a file or a server. */
struct district {
    struct id branch_id;
    const char *server, *file;
    struct way_places_list places;
};

struct looking {
    struct district *districts;
    size_t count;
};

static int look(struct call *c, void *context)
{
    struct looking *looking = context;
    struct way_branches_list branches = db_way_branches(c);

    looking->districts = arena_array(c->arena, struct district, branches.count + 1);
    for (size_t i = 0; i < branches.count; i++) {
        struct district *district = &looking->districts[looking->count];

        if (!call_enter_branch(c, branches.items[i].branch_id))
            return -1;
        *district =
            (struct district){.branch_id = branches.items[i].branch_id,
                              .server = setting_text(c, &dispatch_settings[SETTING_TRAVEL_SERVER]),
                              .file = setting_text(c, &dispatch_settings[SETTING_TRAVEL_FILE])};
        if (text_equal(district->server, "") && text_equal(district->file, "")) {
            db_ways_drop(c);
            continue;
        }
        district->places = db_way_places(c, .since = c->today - DAYS_BACK, .limit = PLACES_MOST);
        looking->count++;
    }
    return has_failed(c) ? -1 : 0;
}

static uint64_t mixed(uint64_t sight, const void *bytes, size_t len)
{
    const unsigned char *byte = bytes;

    for (size_t i = 0; i < len; i++)
        sight = (sight ^ byte[i]) * 1099511628211U;
    return sight;
}

static uint64_t sight_of(struct arena *arena, const struct district *district)
{
    const char *stamp =
        text_equal(district->file, "") ? "" : travel_file_stamp(arena, district->file);
    int32_t today = date_of(clock_now());
    uint64_t sight = mixed(14695981039346656037U, &today, sizeof(today));

    sight = mixed(sight, district->server, strlen(district->server) + 1);
    sight = mixed(sight, district->file, strlen(district->file) + 1);
    sight = mixed(sight, stamp, strlen(stamp) + 1);
    for (size_t i = 0; i < district->places.count; i++) {
        const struct way_places *place = &district->places.items[i];

        sight = mixed(sight, place->site_id.bytes, sizeof(place->site_id.bytes));
        sight = mixed(sight, &place->latitude_e7, sizeof(place->latitude_e7));
        sight = mixed(sight, &place->longitude_e7, sizeof(place->longitude_e7));
    }
    return sight;
}

static struct surveyed *surveyed_of(struct survey *survey, struct id branch_id)
{
    for (size_t i = 0; i < survey->count; i++)
        if (id_equal(survey->branches[i].branch_id, branch_id))
            return &survey->branches[i];
    if (survey->count == survey->room) {
        struct surveyed *more = arena_array(&survey->arena, struct surveyed, survey->room * 2 + 8);

        for (size_t i = 0; i < survey->count; i++)
            more[i] = survey->branches[i];
        survey->branches = more;
        survey->room = survey->room * 2 + 8;
    }
    survey->branches[survey->count] = (struct surveyed){.branch_id = branch_id};
    return &survey->branches[survey->count++];
}

static int look_for_run(struct call *c, void *context)
{
    struct routing_queued queued;

    *(bool *)context = db_routing_queued(c, &queued);
    return has_failed(c) ? -1 : 0;
}

/* Whoever waits for a plan goes first. */
static bool nobody_waits(void *context)
{
    struct arena arena;
    bool is_queued = false;

    arena_init(&arena);
    companion_call(context, &arena, look_for_run, &is_queued);
    arena_release(&arena);
    return !is_queued;
}

/* The places as the sites of a problem that has nothing else: the first is its depot. */
static void find_out(struct companion *companion, struct arena *arena,
                     const struct district *district, struct surveyed *surveyed)
{
    size_t count = district->places.count;
    struct plan_stop *stops = arena_array(arena, struct plan_stop, count + 1);
    struct plan_problem problem = {.stops = &stops[1],
                                   .stop_count = count - 1,
                                   .rates = {.detour_percent = 100, .speed_kmh = 1}};
    struct finding finding = {.companion = companion,
                              .arena = arena,
                              .branch_id = district->branch_id,
                              .server = district->server,
                              .file = district->file,
                              .problem = &problem,
                              .goes_on = nobody_waits,
                              .context = companion,
                              .forget_before = date_of(clock_now()) - DAYS_KEPT};

    for (size_t i = 0; i < count; i++) {
        const struct way_places *row = &district->places.items[i];

        stops[i].place = (struct plan_place){row->has_latitude_e7 && row->has_longitude_e7,
                                             row->latitude_e7, row->longitude_e7, row->site_id};
    }
    problem.depot = stops[0].place;
    ways_find(&finding);
    surveyed->again = 0;
    if (finding.is_stopped)
        surveyed->again = clock_monotonic();
    else if (finding.is_lost || finding.ways == NULL)
        surveyed->again = clock_monotonic() + PERIOD_LOST;
}

bool survey_look(struct companion *companion, struct survey *survey)
{
    struct looking looking = {.count = 0};
    struct arena arena;
    int64_t now = clock_monotonic();

    if (now < survey->next)
        return false;
    survey->next = now + PERIOD;
    arena_init(&arena);
    if (!companion_call(companion, &arena, look, &looking))
        looking.count = 0;
    for (size_t i = 0; i < looking.count; i++) {
        const struct district *district = &looking.districts[i];
        struct surveyed *surveyed = surveyed_of(survey, district->branch_id);
        uint64_t sight = sight_of(&arena, district);

        if (district->places.count == 0 ||
            (sight == surveyed->sight && (surveyed->again == 0 || now < surveyed->again)))
            continue;
        surveyed->sight = sight;
        find_out(companion, &arena, district, surveyed);
    }
    arena_release(&arena);
    return true;
}
