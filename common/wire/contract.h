/* contract.h - the tables that the generator makes of schemas/: operations, events, errors, permissions. */
#ifndef SONGDA_WIRE_CONTRACT_H
#define SONGDA_WIRE_CONTRACT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wire/shape.h"

enum error_class { ERROR_CLASS_NO = 1, ERROR_CLASS_RETRY, ERROR_CLASS_UNKNOWN };

/* A refusal; its sentences are in the table of the gateway (`{}` stands for the value the handler gives). */
struct error {
    const char *name;
    int status; /* HTTP */
    enum error_class class;
    const char *policy; /* requirement number or NULL */
    const char *zh, *en;
};

enum effect { EFFECT_READ = 1, EFFECT_WRITE };

/* Who may call: a set of functions (bit = enum function of schemas/types.json), or one of the special ones. */
enum access_kind { ACCESS_FUNCTIONS = 1, ACCESS_PUBLIC, ACCESS_SIGNED_IN, ACCESS_SERVICE };

struct permission {
    const char *name;
    enum access_kind kind;
    uint64_t functions;
};

struct call;

struct operation {
    const char *name; /* collection.receipt.record */
    enum effect effect;
    const struct permission *permission;
    const struct shape *request, *reply;
    const char *const *serialize; /* NULL-terminated request fields, or NULL */
    const char *object;           /* field of request or reply named in the audit log, or NULL */
    bool unmasked, confidential;
    int (*handle)(struct call *c, const void *request,
                  void *reply); /* NULL in the gateway's table */
};

struct event_type {
    const char *name; /* collection.receipt.recorded */
    const struct permission *permission;
    const struct shape *body;
    const char *aggregate; /* field of body, or NULL */
};

/* Another service's event and what this service does with it. */
struct subscription {
    const struct event_type *event;
    int (*handle)(struct call *c, const void *event);
};

#endif
