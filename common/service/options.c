/* options.c - reads what a process is started with. */
#include "service/options.h"

#include <ctype.h>

#include "base/bytes.h"
#include "base/text.h"

#include "base/banned.h"

struct option {
    const char *name;
    size_t offset;
    const char *default_value; /* NULL: must be given */
    const char *meaning;
};

static const struct option known[] = {
    {"instance", offsetof(struct options, instance), "1",
     "which of the service's processes this is"},
    {"mode", offsetof(struct options, mode), "production", "production, demonstration or test"},
    {"clock", offsetof(struct options, clock), "system",
     "system, or request (refused in production)"},
    {"database", offsetof(struct options, database), NULL, "PostgreSQL connection of the service"},
    {"database_owner", offsetof(struct options, database_owner), NULL,
     "the same, as the owner of the schema"},
    {"gateway", offsetof(struct options, gateway), NULL,
     "addresses of the gateways' worker sockets"},
    {"wakeups_in", offsetof(struct options, wakeups_in), "", "where wake-ups are published"},
    {"wakeups_out", offsetof(struct options, wakeups_out), "", "where wake-ups are heard"},
    {"health", offsetof(struct options, health), "",
     "HOST:PORT of /healthz, /readyz, /metrics; empty: none"},
    {"statement_timeout", offsetof(struct options, statement_timeout), "2000",
     "milliseconds a statement may take"},
    {"credit", offsetof(struct options, credit), "256", "requests taken from a gateway at once"},
    {"founding_code_file", offsetof(struct options, founding_code_file), "",
     "staff: what this file holds is demanded to found the company in production"},
    {"key_file", offsetof(struct options, key_file), "",
     "this service's secret key for tcp:// addresses (songda new-key)"},
    {"gateway_key_file", offsetof(struct options, gateway_key_file), "",
     "the gateways' public key; both or neither"},
};

static const struct options *in_force; /* the process's settings, read once at its start */

const struct options *service_options(void)
{
    return in_force;
}

enum { KNOWN = sizeof(known) / sizeof(*known) };

static const char **place_of(struct options *options, const struct option *option)
{
    return (const char **)(void *)((char *)options + option->offset);
}

static bool set(struct options *options, const char *name, size_t len, const char *value)
{
    for (size_t i = 0; i < KNOWN; i++)
        if (strlen(known[i].name) == len && strncmp(known[i].name, name, len) == 0) {
            *place_of(options, &known[i]) = value;
            return true;
        }
    fprintf(stderr, "there is no setting %.*s\n", (int)len, name);
    return false;
}

static char *trim(char *text)
{
    while (isspace((unsigned char)*text))
        text++;
    for (size_t len = strlen(text); len > 0 && isspace((unsigned char)text[len - 1]);)
        text[--len] = '\0';
    return text;
}

/* `name = value`; empty lines and those that begin with # say nothing. */
static bool read_line(struct options *options, char *line, struct arena *arena)
{
    char *text = trim(line);
    char *equals = strchr(text, '=');

    if (*text == '\0' || *text == '#')
        return true;
    if (equals == NULL) {
        fprintf(stderr, "settings: no = in `%s`\n", text);
        return false;
    }
    *equals = '\0';
    char *name = trim(text);
    return set(options, name, strlen(name), arena_text(arena, trim(equals + 1)));
}

static bool read_file(struct options *options, const char *path, struct arena *arena)
{
    char line[4096];
    FILE *file = fopen(path, "re");
    bool is_right = file != NULL;

    if (file == NULL)
        perror(path);
    while (is_right && fgets(line, sizeof(line), file) != NULL)
        is_right = read_line(options, line, arena);
    if (file != NULL)
        fclose(file);
    return is_right;
}

static void help(const char *program)
{
    printf("%s [--settings FILE] [--name=value ...]\n\nSettings, in the file as `name = value`:\n",
           program);
    for (size_t i = 0; i < KNOWN; i++)
        printf("  %-18s %s%s%s\n", known[i].name, known[i].meaning,
               known[i].default_value == NULL ? " (required)" : "; default ",
               known[i].default_value == NULL ? "" : known[i].default_value);
}

static bool read_argument(struct options *options, const char *argument)
{
    const char *equals = strchr(argument, '=');

    if (strncmp(argument, "--", 2) != 0 || equals == NULL) {
        fprintf(stderr, "%s is not --name=value\n", argument);
        return false;
    }
    return set(options, argument + 2, (size_t)(equals - argument - 2), equals + 1);
}

/* What leaves the machine is encrypted, in every mode. */
static bool check_keys(struct options *options)
{
    const char *lists[] = {options->gateway, options->wakeups_in, options->wakeups_out}, *problem;
    char address[CURVE_ADDRESS];

    if (!curve_load_client(&options->keys, options->key_file, options->gateway_key_file,
                           &problem)) {
        fprintf(stderr, "key_file %s, gateway_key_file %s: %s\n", options->key_file,
                options->gateway_key_file, problem);
        return false;
    }
    for (size_t i = 0; i < sizeof(lists) / sizeof(*lists) && !options->keys.own.is_set; i++) {
        if (curve_open_address(lists[i], address) == NULL)
            continue;
        fprintf(stderr, "%s leaves this machine: key_file and gateway_key_file are missing\n",
                address);
        return false;
    }
    return true;
}

static bool check(struct options *options)
{
    for (size_t i = 0; i < KNOWN; i++) {
        const char **place = place_of(options, &known[i]);
        if (*place == NULL)
            *place = known[i].default_value;
        if (*place != NULL)
            continue;
        fprintf(stderr, "the setting %s is missing\n", known[i].name);
        return false;
    }
    if (!text_equal(options->clock, "system") && !text_equal(options->clock, "request")) {
        fprintf(stderr, "clock is system or request\n");
        return false;
    }
    if (text_equal(options->clock, "request") && text_equal(options->mode, "production")) {
        fprintf(stderr, "clock = request is refused in production\n");
        return false;
    }
    return check_keys(options);
}

bool options_read(struct options *options, int argc, char **argv, struct arena *arena)
{
    *options = (struct options){.instance = NULL};
    in_force = options;
    for (int i = 1; i < argc; i++) {
        if (text_equal(argv[i], "--help")) {
            help(argv[0]);
            return false;
        }
        if (text_equal(argv[i], "--settings") && i + 1 < argc) {
            if (!read_file(options, argv[++i], arena))
                return false;
        } else if (strncmp(argv[i], "--settings=", 11) == 0) {
            if (!read_file(options, argv[i] + 11, arena))
                return false;
        }
    }
    for (int i = 1; i < argc; i++) {
        if (text_equal(argv[i], "--settings"))
            i++;
        else if (strncmp(argv[i], "--settings=", 11) != 0 && !read_argument(options, argv[i]))
            return false;
    }
    return check(options);
}
