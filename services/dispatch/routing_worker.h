/* routing_worker.h - a planning run while a worker carries it out: what the worker's files share (D4). */
#ifndef SONGDA_DISPATCH_ROUTING_WORKER_H
#define SONGDA_DISPATCH_ROUTING_WORKER_H

#include "dispatch.h"
#include "service/companion.h"

/* What it points to lies in its arena. */
struct assignment {
    struct companion *companion;
    struct arena arena;
    struct routing_take run;
    struct routing_load_crews_list crews;
    struct routing_load_stops_list stops;
    struct plan_problem problem;
    struct id *
        sites; /* whose places the problem's sites are: the depot, the stops' addresses, the other depots */
    struct plan plan;
    const char *server;      /* of distances; "": none */
    const char *file;        /* of distances; "": none */
    const char *travel;      /* where distances came from */
    const char *travel_note; /* what the source lacked, or why it was refused; NULL: nothing */
    const char *wrong;       /* why there is no plan */
    int64_t effort;          /* of the whole search */
    int64_t share, cost;     /* so far */
    int64_t next_beat;       /* monotonic */
    bool is_ours;
};

/* Into the run's branch; where requests bring their own instant, at that of the request. */
bool assignment_enter(struct call *c, const struct assignment *work);

/* routing_load.c: reads the run's orders, crews and figures as a problem. */
int assignment_load(struct call *c, void *work);

/* Whether a stop failed: its vehicle has been there, its order is not the route's any more. */
bool assignment_is_left(const struct assignment *work, size_t stop);

/* routing_write.c: writes the plan, unless the run is another's by now. */
int assignment_finish(struct call *c, void *work);

/* routing_ways.c: the matrices of distances, from a file, a server or coordinates; `waits` is asked now and then. */
void assignment_find_ways(struct assignment *work, bool (*waits)(void *work));

#endif
