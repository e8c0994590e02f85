/* routes.h - look-ups in what the gateway and the command line client know of every service (contract.gen.h). */
#ifndef SONGDA_WIRE_ROUTES_H
#define SONGDA_WIRE_ROUTES_H

#include "base/map.h"
#include "contract.gen.h"

struct routes {
    struct map operations; /* leads.lead.claim → struct contract_operation */
    struct map events;     /* leads.lead.assigned → struct event_type */
    const char **services; /* NULL-terminated names */
};

void routes_init(struct routes *routes);
void routes_release(struct routes *routes);

/* NULL when there is none. */
const struct contract_operation *routes_operation(const struct routes *routes, const char *name);
const struct event_type *routes_event(const struct routes *routes, const char *name);

/* An error of the service (NULL: of every service); NULL when it is not declared. */
const struct error *routes_error(const char *service, const char *name);

/* The sentence of an error in Chinese or English, its {} filled with the value (NULL: left out). */
const char *routes_sentence(const struct error *error, bool english, const char *value,
                            struct arena *arena);

#endif
