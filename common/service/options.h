/* options.h - what a process is started with: a file of `name = value` lines and --name=value, the latter first (private to common/service). */
#ifndef SONGDA_SERVICE_OPTIONS_H
#define SONGDA_SERVICE_OPTIONS_H

#include <stdbool.h>

#include "base/arena.h"
#include "wire/curve.h"

struct options {
    const char *instance; /* 1 */
    const char *mode;     /* production, demonstration, test */
    const char *
        clock; /* system; request: the request's instant, jobs only by hand. Refused in production */
    const char *database;       /* conninfo of the service's own role */
    const char *database_owner; /* conninfo of the schema's owner, for migrations */
    const char *gateway;        /* worker addresses, space separated */
    const char *wakeups_in, *wakeups_out;
    const char *health;            /* port on 127.0.0.1; 0: none */
    const char *statement_timeout; /* milliseconds; longer for an instance that serves reports */
    const char *credit;            /* requests per gateway */
    const char
        *founding_code_file; /* what it holds is demanded to found the company in production */
    const char *key_file, *gateway_key_file; /* for tcp:// (curve.h); "": none */
    struct curve_client keys;                /* what is in them */
};

/* What this process was started with. */
const struct options *service_options(void);

/* False: said on standard error what is wrong, or the help that was asked for. */
bool options_read(struct options *options, int argc, char **argv, struct arena *arena);

#endif
