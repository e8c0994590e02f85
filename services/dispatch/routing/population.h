/* population.h - plans kept for their cost and for being unlike the others. */
#ifndef SONGDA_ROUTING_POPULATION_H
#define SONGDA_ROUTING_POPULATION_H

#include "plain_local.h"

#define MEMBERS_KEPT 25 /* with windows; half without, where annealing keeps them apart */
#define MEMBERS_BORN 40 /* until the worst are dropped again; the same */
#define ELITE 4
#define CLOSE 5 /* the so many nearest count for being unlike */

struct member {
    struct plain_plan *plan;
    struct local_cost cost;
    int32_t *next, *prev; /* per stop, 0 the depot */
    int64_t fitness;
    int slot; /* its row in the herd's distances */
};

#define SLOTS (MEMBERS_KEPT + MEMBERS_BORN + 1)

struct herd { /* the valid ones, or the others */
    struct member *members[SLOTS];
    int32_t distances[SLOTS][SLOTS];
    bool taken[SLOTS];
    int count;
};

struct population {
    const struct plain *p;
    struct random *random;
    struct effort *effort;
    struct local local;
    struct herd valid, invalid;
    int kept, born;
    struct plain_plan *best, *child;
    int births, births_in_load, births_in_time; /* since the prices were looked at */
    int since_annealed;                         /* births */
    int fruitless;                              /* births since the best was improved */
    int32_t *mark;
    int mark_now;
};

/* herd.c */
struct member *member_new(const struct plain *plain, const struct plain_plan *plan,
                          struct local_cost cost);
void member_free(struct member **member);
/* Takes the member over; drops the worst when there are too many. */
void herd_add(struct population *population, struct herd *herd, struct member *member);
void herd_rank(struct population *population, struct herd *herd);
void herd_clear(struct herd *herd);
int64_t member_price(const struct population *population, const struct member *member);

/* cross.c: a child of two parents, its stops on no route put in by the local search. */
void population_cross(struct population *population, const struct member *a,
                      const struct member *b);

#endif
