/* settings.h - what the gateway is told by its settings file: lines `name = value`, # begins a remark. */
#ifndef GATEWAY_SETTINGS_H
#define GATEWAY_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SETTINGS_ORIGIN_MAX 300

struct settings {
    char *instance;
    char *mode;         /* production, demonstration, test */
    char *clock;        /* system; request: X-Songda-Clock is obeyed (never in production) */
    char *http;         /* address:port */
    char *clients;      /* where ZeroMQ clients connect, space separated; "": nowhere */
    char *workers;      /* where services dial in, space separated */
    char *wakeups_in;   /* where services publish wake-ups, space separated */
    char *wakeups_out;  /* where they hear them, space separated */
    char *redis;        /* unix:PATH or address:port; "": none */
    char *key_file;     /* of the gateways' secret key for tcp:// (wire/curve.h); "": none */
    char *allowed_file; /* whose keys may connect (allowed.h) */
    char *client_keys;  /* of clients on tcp://: loopback, required, network */
    char *
        session_key_file; /* of the key that seals sessions in Redis; "": they are not kept there */
    char *metrics_file;   /* what stands there is added to /metrics; "": nothing */
    char *console;        /* folder of the console's files; "": none */
    char *
        map_tiles; /* https://HOST/…{z}…{x}…{y}…: another server's map below the console's; "": none */
    char *map_attribution; /* whose map that is, to be shown on it */
    char *services;        /* which must be there for /readyz, space separated; all */
    char *proxies;         /* addresses whose X-Forwarded-For is believed, space separated */
    char *origins; /* further origins whose pages may write with the cookie, space separated */
    char *tls;     /* none; proxy: TLS ends in front of the gateway */
    char *log;     /* debug, info, warn, error */
    int64_t connections;         /* HTTP, at once */
    int64_t connections_address; /* of one address; 0: no limit */
    int64_t listeners;           /* event streams at once */
    int64_t rate, burst;         /* requests a second of one address; loopback is free */
    int64_t sign_in_rate;        /* sign-ins a minute of one address; loopback is free */
};

/* False: a line on standard error says what is wrong. */
bool settings_load(struct settings *settings, const char *path);
void settings_release(struct settings *settings);

/* The origin of a tile address, "https://host" or "https://host:port", which the console's page may load pictures from; false: the address
 * is not one, or lacks {z}, {x} or {y}. */
bool settings_origin(const char *address, char *origin, size_t size);

bool settings_has_word(const char *words, const char *word);

/* Prints all settings with their defaults and meanings. */
void settings_help(void);

#endif
