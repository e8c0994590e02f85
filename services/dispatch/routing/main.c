/* main.c - songda-route: the routing engine run by itself on a file. */
#include "read.h"
#include "write.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GUARD 2 /* the clock stops a search that takes this many times the seconds asked for */

struct command {
    const char *file;
    double seconds;
    uint64_t seed;
    int64_t effort; /* instead of seconds when not negative */
    bool json, help;
};

static const struct option options[] = {
    {"seconds", required_argument, NULL, 's'}, {"seed", required_argument, NULL, 'r'},
    {"effort", required_argument, NULL, 'e'},  {"json", no_argument, NULL, 'j'},
    {"help", no_argument, NULL, 'h'},          {NULL, 0, NULL, 0}};

static const char usage[] =
    "songda-route FILE [--seconds S] [--seed N] [--effort E] [--json]\n"
    "FILE is CVRPLIB .vrp, Solomon .txt or a JSON problem; \"-\" is not read.\n"
    "--seconds S  effort that takes about S seconds of one core (default 5)\n"
    "--effort E   effort in steps: the same plan on every machine for the same seed\n";

static bool read_seconds(const char *text, double *seconds)
{
    char *end;

    *seconds = strtod(text, &end);
    return end != text && !*end && *seconds >= 0 && *seconds <= 86400;
}

static bool read_whole(const char *text, int64_t *number)
{
    char *end;

    errno = 0;
    *number = strtoll(text, &end, 10);
    return end != text && !*end && *number >= 0 && !errno;
}

static bool read_command(int argc, char **argv, struct command *command)
{
    int64_t seed = 1;
    int option;

    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (option == 'j')
            command->json = true;
        else if (option == 'h')
            command->help = true;
        else if ((option == 's' && !read_seconds(optarg, &command->seconds)) ||
                 (option == 'r' && !read_whole(optarg, &seed)) ||
                 (option == 'e' && !read_whole(optarg, &command->effort)) || option == '?')
            return false;
    }
    command->seed = (uint64_t)seed;
    if (optind == argc - 1)
        command->file = argv[optind];
    return command->help || command->file;
}

int main(int argc, char **argv)
{
    struct command command = {.seconds = 5, .effort = -1};
    struct routing_error error;
    struct routing_options how = {.seed = 0};
    struct read_problem *read;
    struct routing_plan *plan;

    if (!read_command(argc, argv, &command) || command.help) {
        fputs(usage, command.help ? stdout : stderr);
        return command.help ? 0 : 2;
    }
    read = read_file(command.file, &error);
    if (!read) {
        fprintf(stderr, "songda-route: %s\n", error.text);
        return 1;
    }
    how.seed = command.seed;
    how.start = read->start.first ? &read->start : NULL;
    how.effort = command.effort;
    if (command.effort < 0) {
        how.effort = routing_effort(&read->problem, (int64_t)(command.seconds * 1000));
        how.limit_ms = (int64_t)(command.seconds * 1000 * GUARD) + 1000;
    }
    plan = routing_solve(&read->problem, &how, &error);
    if (!plan) {
        fprintf(stderr, "songda-route: %s\n", error.text);
        read_free(&read);
        return 1;
    }
    (command.json ? write_json : write_text)(stdout, read, plan);
    routing_plan_free(&plan);
    read_free(&read);
    return 0;
}
