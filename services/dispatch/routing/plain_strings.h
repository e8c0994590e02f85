/* plain_strings.h - the state of ruin and recreate on the plain form. */
#ifndef SONGDA_ROUTING_PLAIN_STRINGS_H
#define SONGDA_ROUTING_PLAIN_STRINGS_H

#include "plain.h"

/* A stop in its route. Ids above n are the depot ends of routes: n + 1 + r closes route r into a
 * ring; what is left out hangs on no route (route == routes: a route that is always full). */
struct node {
    int32_t next, prev, pos;
    int32_t cost_next, cost_prev; /* of the arcs to and from the neighbours */
    int32_t begin, latest; /* earliest begin of service; latest that keeps the rest in time */
};

struct tour {
    int32_t load, length;
    uint32_t version; /* of the sequence of stops: another number whenever it is another */
    bool saved;
};

/* The cheapest place for a stop in a route, as long as the route has this version. */
struct cached {
    uint32_t version;
    int32_t delta, after;
};

struct place {
    int32_t delta, after; /* after: node id; 0: nowhere */
};

struct strings {
    const struct plain *p;
    struct random *random;
    int routes; /* slots; tours[routes] is the full one of the left out */
    int used;   /* routes that serve somebody */
    struct node *nodes;
    int32_t *route_of; /* of every node, the ends of routes too */
    struct tour *tours;
    uint32_t version;     /* the last one given out */
    struct cached *cache; /* row per stop, one for each route */
    uint32_t *looked_at;  /* per route: the last `look` that met it */
    uint32_t look;
    int64_t cost;
    /* undo: nodes and tours as they were before this turn */
    struct node *saved_nodes;
    int32_t *saved_ids;
    int saved_count;
    struct tour *saved_tours;
    int32_t *saved_routes;
    int saved_route_count;
    int32_t *removed;
    int64_t *keys;
    int removed_count, absent_count, saved_absent_count;
    int32_t *absent, *saved_absent; /* left out now; at the start of the turn */
    int32_t *often;                 /* how often each was left out: those go first when many are */
    int64_t work;
};

static inline int site_of_node(const struct strings *s, int node)
{
    return node > s->p->n ? 0 : node;
}

/* `routes`: slots, at most the vehicles; a few more than a good plan needs. */
void strings_init(struct strings *s, const struct plain *plain, struct random *random, int routes);
void strings_release(struct strings *s);
void strings_load(struct strings *s, const struct plain_plan *plan);
void strings_store(const struct strings *s, struct plain_plan *plan);

/* Keeps the route as it is now, once per turn, so that strings_undo() can bring it back. */
void strings_save(struct strings *s, int route);
void strings_undo(struct strings *s);
void strings_commit(struct strings *s);
void strings_unlink(struct strings *s, int node);
void strings_link(struct strings *s, int node, const struct place *place);
/* Positions, load and times of a route after unlinking. */
void strings_refresh(struct strings *s, int route);

void strings_ruin(struct strings *s);
void strings_recreate(struct strings *s);

#endif
