/* routes.h - what the gateway and the command line client know of every service: one table for all of schemas/.
 *
 * The generator makes contract.gen.c from schemas/: the tables below, with the shapes of all requests, replies and events and the structs
 * behind them (contract.gen.h; names carry the service: struct staff_session_read_request). Nothing of it is written by hand.
 */
#ifndef SONGDA_WIRE_ROUTES_H
#define SONGDA_WIRE_ROUTES_H

#include "base/bytes.h"
#include "wire/contract.h"

enum cache_scope { CACHE_BY_BRANCH = 1, CACHE_BY_ACTOR, CACHE_BY_COMPANY };

/* An event that makes kept answers old: those whose request has, in `fields`, the values that the event's body has there. */
struct cache_drop {
    const char *event;         /* leads.customer.changed */
    const char *const *fields; /* NULL-terminated; the same name in the request and in the event; empty: all answers of the operation */
};

struct cache_rule {
    const char *const *key; /* NULL-terminated request fields */
    int seconds;
    enum cache_scope by;
    const struct cache_drop *drops;
    size_t drop_count;
};

struct route {
    const struct operation *operation; /* handle is NULL here */
    const char *service;               /* collection */
    const char *method;                /* GET, POST, PUT, PATCH, DELETE; NULL: not reachable over HTTP (permission service) */
    const char *path;                  /* /api/v1/collection/receipts/{receipt_id} */
    const struct cache_rule *cache;    /* NULL: never kept */
    const char *summary_zh, *summary_en;
    const char *const *policy; /* NULL-terminated requirement numbers */
    const char *const *errors; /* NULL-terminated names, besides those that every operation may give */
    const char *const *events; /* NULL-terminated names of what it emits */
};

struct event_route {
    const struct event_type *type;
    const char *service;
    const char *summary_zh, *summary_en;
};

/* Each ordered by name (strcmp), ended by an element whose first member is NULL. */
extern const struct route contract_routes[];
extern const struct event_route contract_events[];
extern const struct error *const contract_errors[]; /* of schemas/errors.json and of every service */
extern const char *const contract_services[];       /* every folder of schemas/ that has operations, besides common */

/* OpenAPI 3.1, JSON. */
extern const struct bytes contract_openapi;

/* route.c: look-ups in these tables; NULL when there is none. */
const struct route *route_find(const char *operation);
const struct event_route *event_route_find(const char *event);
const struct error *error_find(const char *name);

#endif
