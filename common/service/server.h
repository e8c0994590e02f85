/* server.h - a running service: its parts, tied together by the main loop (private to common/service). */
#ifndef SONGDA_SERVICE_SERVER_H
#define SONGDA_SERVICE_SERVER_H

#include "service/inbox.h"
#include "service/metrics.h"
#include "service/options.h"
#include "service/request.h"
#include "service/schedule.h"

struct server {
    const struct service *service;
    struct options options;
    struct arena settings; /* the options' texts */
    struct database database;
    struct lane lane;
    struct compute compute;
    struct peer *peer;
    struct inbox inbox;
    struct schedule schedule;
    struct metrics metrics;
    struct health *health;
    struct map operations; /* name → struct operation */
    struct request *free;  /* to use again, by work.link.next */
    size_t free_count;
    int signals; /* signalfd of SIGTERM and SIGINT */
    bool runs_jobs, is_leaving;
    bool is_signalled, is_lane_ready, is_visited, has_computed; /* what poll(2) found */
    int64_t next_tick, log_flushed_at;
    int64_t looked,
        empty_since; /* monotonic: the last poll(2), and the one before: what comes now came after that */
    int64_t leave_by, idle_since; /* monotonic, while leaving */
};

bool server_open(struct server *server, const struct service *service, int argc, char **argv);
void server_close(struct server *server);

/* Serves until SIGTERM (0) or until the database is lost (1). */
int server_run(struct server *server);

#endif
