/* routing_ways.c - where a plan's distances come from: a file, a server of roads, or coordinates; the plan says which (D4). */
#include "base/text.h"
#include "routing_travel.h"
#include "routing_worker.h"
#include "travel_file.h"

static bool use_file(struct assignment *work, int32_t *metres, int32_t *seconds)
{
    size_t sites = plan_sites(&work->problem), len, missing;
    const char *text, *wrong;

    if (!travel_file_read(&work->arena, work->file, &text, &len, &wrong) ||
        !travel_file_take(&work->arena, text, len, &work->problem, work->sites, metres, seconds,
                          &missing, &wrong)) {
        work->travel_note = wrong;
        return false;
    }
    if (missing > 0)
        work->travel_note =
            arena_print(&work->arena, "%zu/%zu: %s", missing, sites * (sites - 1), work->travel);
    return true;
}

/* Over what there is without it; a file that is not in order is not used at all, and the plan says why. */
static void add_file(struct assignment *work)
{
    size_t cells = plan_sites(&work->problem) * plan_sites(&work->problem);
    int32_t *metres = arena_array(&work->arena, int32_t, cells),
            *seconds = arena_array(&work->arena, int32_t, cells);
    const struct plan_travel *before = work->problem.travel;
    struct plan_travel *travel = arena_new(&work->arena, struct plan_travel);

    if (before == NULL)
        plan_measure(&work->problem, metres, seconds);
    for (size_t i = 0; before != NULL && i < cells; i++) {
        metres[i] = before->metres[i];
        seconds[i] = before->seconds[i];
    }
    *travel = (struct plan_travel){metres, seconds};
    if (use_file(work, metres, seconds)) {
        work->travel = "file";
        work->problem.travel = travel;
    } else if (before == NULL) {
        work->travel = "file_failed";
    }
}

void assignment_find_ways(struct assignment *work, bool (*waits)(void *work))
{
    struct plan_travel *travel = arena_new(&work->arena, struct plan_travel);

    work->travel = "great_circle";
    if (!text_equal(work->server, "")) {
        work->travel = "server_failed";
        if (travel_ask(&work->arena, work->server, &work->problem, waits, work, travel)) {
            work->travel = "server";
            work->problem.travel = travel;
        }
    }
    if (!text_equal(work->file, ""))
        add_file(work);
}
