/* songda.h - the command line client: what its commands share. */
#ifndef SONGDA_CLIENT_H
#define SONGDA_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "wire/client.h"
#include "wire/routes.h"

enum exit_code {
    EXIT_DONE = 0,
    EXIT_REFUSED = 1, /* not done, do not repeat */
    EXIT_USAGE = 2,
    EXIT_NOT_SIGNED_IN = 3,
    EXIT_TRY_LATER = 4, /* not done */
    EXIT_UNKNOWN = 5,   /* maybe done: ask again with the same key */
    EXIT_NO_ANSWER = 6, /* the gateway is not there, or gone */
};

struct songda {
    struct arena arena;
    struct routes routes;
    struct client *client;                   /* opened by the first question */
    const char *http;                        /* host:port, for the event stream */
    const char *front;                       /* ZeroMQ address */
    const char *session;                     /* file */
    const char *token;                       /* NULL: not signed in */
    const char *person;                      /* who is */
    const char *key_file, *gateway_key_file; /* for a front that asks for keys; NULL: none */
    struct curve_client keys;
    bool as_json, english;
    /* of single commands */
    const char *key, *at, *json, *password_file, *source, *services, *branch, *after;
    bool preview, follow;
};

/* One command; `words` are what stands behind its name. */
struct command {
    const char *name, *arguments, *meaning;
    int (*run)(struct songda *songda, char **words, int count);
};

/* session.c: the session lives in a file that only its owner can read. */
void session_load(struct songda *songda);
bool session_save(const struct songda *songda);
void session_forget(const struct songda *songda);

/* call.c */
int command_call(struct songda *songda, char **words, int count);
int command_sign_in(struct songda *songda, char **words, int count);
int command_sign_out(struct songda *songda, char **words, int count);
/* Asks with this body; EXIT_DONE: *reply is the answer. Otherwise the reason is on standard error. */
int ask(struct songda *songda, const struct contract_operation *route, struct bytes body,
        struct id key, struct envelope *reply);
/* The whole of a file, "-" is standard input; NULL: it says why not. */
char *read_all(struct arena *arena, const char *path, size_t *len);

/* keys.c */
int command_new_key(struct songda *songda, char **words, int count);
bool keys_load(struct songda *songda); /* false: it says what is wrong */

/* describe.c */
int command_operations(struct songda *songda, char **words, int count);
int command_describe(struct songda *songda, char **words, int count);

/* import.c */
int command_import(struct songda *songda, char **words, int count);

/* events.c */
int command_events(struct songda *songda, char **words, int count);

/* print.c: a reply as JSON, or as lines and tables for people. */
void print_reply(const struct songda *songda, const struct shape *shape, struct bytes packed);

int complain(const char *format, ...) __attribute__((format(printf, 1, 2))); /* EXIT_USAGE */

#endif
