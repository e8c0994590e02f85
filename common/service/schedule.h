/* schedule.h - runs a service's jobs by themselves, one instance at a time (private to common/service). */
#ifndef SONGDA_SERVICE_SCHEDULE_H
#define SONGDA_SERVICE_SCHEDULE_H

#include "service/runtime.h"

struct schedule {
    const struct service *service;
    struct lane *lane;
    struct turn *turns; /* one for each job */
    size_t count;
};

/* A job's work; used again each time. */
struct turn {
    struct work work;
    struct schedule *schedule;
    const struct job *job;
    int64_t next; /* monotonic */
    bool is_running, is_declared, was_ours;
    int result;
};

void schedule_init(struct schedule *schedule, const struct service *service, struct lane *lane);
void schedule_release(struct schedule *schedule);
void schedule_tick(struct schedule *schedule, int64_t monotonic);
void schedule_finished(struct turn *turn);

#endif
