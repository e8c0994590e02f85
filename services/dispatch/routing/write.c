/* write.c - prints a plan for people and benchmarks, or as JSON for programs. */
#include "write.h"

#include <inttypes.h>

static void write_cost(FILE *file, const struct read_problem *read, int64_t cost)
{
    if (read->decimals)
        fprintf(file, "%" PRId64 ".%" PRId64, cost / 10, cost % 10);
    else
        fprintf(file, "%" PRId64, cost);
}

static void write_stop(FILE *file, const struct read_problem *read, int stop)
{
    if (read->stop_names)
        fprintf(file, "%s", read->stop_names[stop]);
    else
        fprintf(file, "%d", stop + 1);
}

void write_text(FILE *file, const struct read_problem *read, const struct routing_plan *plan)
{
    for (int r = 0; r < plan->route_count; r++) {
        fprintf(file, "Route #%d:", r + 1);
        for (int k = 0; k < plan->routes[r].visit_count; k++) {
            fputc(' ', file);
            write_stop(file, read, plan->routes[r].visits[k].stop);
        }
        fputc('\n', file);
    }
    for (int k = 0; k < plan->left_out_count; k++) {
        fputs("Left out: ", file);
        write_stop(file, read, plan->left_out[k].stop);
        fprintf(file, " (%s %" PRId64 ")\n", routing_reason_name(plan->left_out[k].reason),
                plan->left_out[k].amount);
    }
    for (int k = 0; k < plan->broken_count; k++)
        fprintf(file, "Lock broken: vehicle %d (%s %" PRId64 ")\n", plan->broken[k].vehicle + 1,
                routing_reason_name(plan->broken[k].reason), plan->broken[k].amount);
    if (plan->stopped_early)
        fputs("Stopped early\n", file);
    fputs("Cost ", file);
    write_cost(file, read, plan->cost);
    fputc('\n', file);
}

static void write_string(FILE *file, const char *text)
{
    fputc('"', file);
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            fprintf(file, "\\%c", *text);
        else if ((unsigned char)*text < 0x20)
            fprintf(file, "\\u%04x", (unsigned)*text);
        else
            fputc(*text, file);
    }
    fputc('"', file);
}

static void write_id(FILE *file, char *const *names, int index)
{
    if (names)
        write_string(file, names[index]);
    else
        fprintf(file, "\"%d\"", index + 1);
}

static void write_visit(FILE *file, const struct read_problem *read,
                        const struct routing_visit *visit)
{
    fputs("{\"stop\":", file);
    write_id(file, read->stop_names, visit->stop);
    fprintf(file,
            ",\"arrival\":%" PRId64 ",\"wait\":%" PRId64 ",\"begin\":%" PRId64
            ",\"departure\":%" PRId64 ",\"slack\":%" PRId64,
            visit->arrival, visit->wait, visit->begin, visit->departure, visit->slack);
    fprintf(file, ",\"reload_before\":%s,\"break_before\":%s}",
            visit->reload_before ? "true" : "false", visit->break_before ? "true" : "false");
}

static void write_route(FILE *file, const struct read_problem *read,
                        const struct routing_route *route)
{
    fputs("{\"vehicle\":", file);
    write_id(file, read->vehicle_names, route->vehicle);
    fprintf(file,
            ",\"start\":%" PRId64 ",\"end\":%" PRId64 ",\"distance\":%" PRId64
            ",\"duration\":%" PRId64 ",\"waiting\":%" PRId64 ",\"reloads\":%d,\"break\":",
            route->start, route->end, route->distance, route->duration, route->waiting,
            route->reloads);
    if (route->has_break)
        fprintf(file, "%" PRId64, route->break_begin);
    else
        fputs("null", file);
    fputs(",\"load\":[", file);
    for (int d = 0; d < read->problem.products; d++)
        fprintf(file, "%s%" PRId64, d ? "," : "", route->load[d]);
    fprintf(file, "],\"exact_cost\":%" PRId64 ",\"visits\":[", route->exact_cost);
    for (int k = 0; k < route->visit_count; k++) {
        fputs(k ? "," : "", file);
        write_visit(file, read, &route->visits[k]);
    }
    fputs("]}", file);
}

static void write_finding(FILE *file, const struct read_problem *read, int stop, int vehicle,
                          enum routing_reason reason, int64_t amount)
{
    fputs("{\"stop\":", file);
    if (stop == ROUTING_NONE)
        fputs("null", file);
    else
        write_id(file, read->stop_names, stop);
    fputs(",\"vehicle\":", file);
    if (vehicle == ROUTING_NONE)
        fputs("null", file);
    else
        write_id(file, read->vehicle_names, vehicle);
    fprintf(file, ",\"reason\":\"%s\",\"amount\":%" PRId64 "}", routing_reason_name(reason),
            amount);
}

void write_json(FILE *file, const struct read_problem *read, const struct routing_plan *plan)
{
    fputs("{\"cost\":", file);
    write_cost(file, read, plan->cost);
    fprintf(file, ",\"exact_cost\":%" PRId64 ",\"effort\":%" PRId64 ",\"stopped_early\":%s",
            plan->exact_cost, plan->effort_used, plan->stopped_early ? "true" : "false");
    fputs(",\"routes\":[", file);
    for (int r = 0; r < plan->route_count; r++) {
        fputs(r ? "," : "", file);
        write_route(file, read, &plan->routes[r]);
    }
    fputs("],\"left_out\":[", file);
    for (int k = 0; k < plan->left_out_count; k++) {
        const struct routing_left_out *out = &plan->left_out[k];

        fputs(k ? "," : "", file);
        write_finding(file, read, out->stop, out->vehicle, out->reason, out->amount);
    }
    fputs("],\"broken_locks\":[", file);
    for (int k = 0; k < plan->broken_count; k++) {
        const struct routing_broken_lock *lock = &plan->broken[k];

        fputs(k ? "," : "", file);
        write_finding(file, read, lock->stop, lock->vehicle, lock->reason, lock->amount);
    }
    fputs("]}\n", file);
}
