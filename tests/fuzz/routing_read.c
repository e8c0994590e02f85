/* routing_read.c - any bytes as a problem file: refused with a sentence, or planned validly. */
#include "checker.h"
#include "read.h"

#include <stdio.h>
#include <stdlib.h>

#define STOPS_PLANNED 60 /* larger problems are only read */
#define SITES_PLANNED 200

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct routing_error error = {""};
    struct read_problem *read = read_text((const char *)data, size, &error);
    struct routing_options how = {.seed = size, .effort = 2000};
    struct routing_plan *plan;

    if (!read) {
        if (!error.text[0])
            abort(); /* refused without a word */
        return 0;
    }
    if (read->problem.stop_count <= STOPS_PLANNED && read->problem.travel.sites <= SITES_PLANNED &&
        read->problem.vehicle_count <= STOPS_PLANNED) {
        how.start = read->start.first ? &read->start : NULL;
        plan = routing_solve(&read->problem, &how, &error);
        if (!plan || !checker_accepts(&read->problem, plan, &error)) {
            fprintf(stderr, "%s\n", error.text);
            abort();
        }
        routing_plan_free(&plan);
    }
    read_free(&read);
    return 0;
}
