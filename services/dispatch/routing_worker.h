/* routing_worker.h - a planning run while a worker carries it out: what the worker's files share (D4). */
#ifndef SONGDA_DISPATCH_ROUTING_WORKER_H
#define SONGDA_DISPATCH_ROUTING_WORKER_H

#include "dispatch.h"
#include "routing_travel.h"
#include "service/companion.h"

/* What it points to lies in its arena. */
struct assignment {
    struct companion *companion;
    struct arena arena;
    struct routing_take run;
    struct routing_load_crews_list crews;
    struct routing_load_stops_list stops;
    struct plan_problem problem;
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

/* Places between which ways are wanted, and what is known of those: in the tables, or else by the branch's file and server, which is then
 * written down for everything else that reckons ways. What it points to lies in its arena. */
struct finding {
    struct companion *companion;
    struct arena *arena;
    struct id branch_id;
    const char *server, *file; /* the settings; "": none */
    const struct plan_problem *problem;
    bool (*goes_on)(void *context); /* asked now and then */
    void *context;
    int32_t forget_before; /* what was found out before that day is asked again; 0: nothing is */
    /* found */
    struct travel_cells cells;
    struct plan_travel *ways; /* NULL: all from coordinates */
    const char *travel, *note;
    bool is_lost; /* the server gave no answer */
    /* meanwhile */
    const char *stamp, *wrong;
    int64_t revision;
    int64_t *keys; /* site by site: plan_place_key() */
    bool *was_asked, is_stopped;
};

/* routing_ways.c */
void ways_find(struct finding *finding);

/* routing_survey.c: keeps the ways of all branches known between the places of these days. */
struct survey {
    struct arena arena;
    struct surveyed *branches;
    size_t count, room;
    int64_t next; /* monotonic */
};

/* Every few seconds looks whether there is anything new; false when it was not time. */
bool survey_look(struct companion *companion, struct survey *survey);

#endif
