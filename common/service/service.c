/* service.c - starts a service: options, schema, statements, gateways. */
#include "service/service.h"

#include <signal.h>
#include <sodium.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "service/server.h"
#include "store/migrate.h"

#include "base/banned.h"

extern const struct migration common_migrations[];
/* Of services/<name>/migrations, linked into the program; a program without any has none. */
extern const struct migration service_migrations[] __attribute__((weak));

static bool migrate_schema(const struct server *server)
{
    enum { TABLES = 2 };
    const struct migration *const tables[TABLES] = {common_migrations, service_migrations};
    PGconn *owner = owner_connect(server->options.database_owner);

    if (owner == NULL)
        return false;
    bool is_done =
        migrate(owner, server->service->name, PQuser(server->database.connection), tables, TABLES);
    PQfinish(owner);
    return is_done;
}

static bool open_database(struct server *server)
{
    const struct statement *const *const lists[] = {server->service->statements};
    char application[128];

    snprintf(application, sizeof(application), "songda %s %s", server->service->name,
             server->options.instance);
    return database_open(&server->database, server->options.database, server->service->name,
                         application, (int)strtol(server->options.statement_timeout, NULL, 10)) &&
           migrate_schema(server) && database_prepare(&server->database, lists, 1);
}

/* SIGTERM comes through the loop like everything else. */
static int open_signals(void)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigprocmask(SIG_BLOCK, &set, NULL);
    signal(SIGPIPE, SIG_IGN);
    return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static void index_operations(struct server *server)
{
    union {
        const struct operation *constant;
        void *value;
    } entry;

    map_init(&server->operations);
    for (const struct operation *o = server->service->operations; o != NULL && o->name != NULL;
         o++) {
        entry.constant = o;
        map_put_text(&server->operations, o->name, entry.value);
    }
}

static struct peer *open_peer(const struct server *server)
{
    const struct options *options = &server->options;

    return peer_new(&(struct peer_options){
        .service = server->service->name,
        .instance = options->instance,
        .gateways = options->gateway,
        .wakeups_in = options->wakeups_in,
        .wakeups_out = options->wakeups_out,
        .credit = (int)strtol(options->credit, NULL, 10),
        .keys = &options->keys,
    });
}

bool server_open(struct server *server, const struct service *service, int argc, char **argv)
{
    *server = (struct server){.service = service, .signals = -1};
    if (!options_read(&server->options, argc, argv, &server->settings))
        return false;
    log_open(service->name, server->options.instance);
    if (sodium_init() < 0)
        die("sodium", "does not start");
    server->signals = open_signals();
    if (!open_database(server))
        return false;
    lane_init(&server->lane, &server->database);
    compute_init(&server->compute);
    server->lane.compute = &server->compute;
    server->peer = open_peer(server);
    inbox_init(&server->inbox, service, &server->lane, server->peer);
    schedule_init(&server->schedule, service, &server->lane);
    metrics_init(&server->metrics, &server->lane, &server->inbox, server->peer);
    server->health = health_new(server->options.health, &server->metrics);
    server->runs_jobs = text_equal(server->options.clock, "system");
    index_operations(server);
    return true;
}

static void free_requests(struct server *server)
{
    while (server->free != NULL) {
        struct request *request = server->free;
        server->free = (struct request *)(void *)request->work.link.next;
        arena_release(&request->work.arena);
        memory_free(&request);
    }
}

void server_close(struct server *server)
{
    if (server->peer != NULL) {
        free_requests(server);
        health_free(&server->health);
        metrics_release(&server->metrics);
        schedule_release(&server->schedule);
        inbox_release(&server->inbox);
        peer_free(&server->peer);
        map_release(&server->operations);
        compute_release(&server->compute);
        lane_release(&server->lane);
    }
    database_close(&server->database);
    arena_release(&server->settings);
    if (server->signals >= 0)
        close(server->signals);
}

int service_main(int argc, char **argv, const struct service *service)
{
    struct server server;
    int code = 1;

    if (argc == 2 && text_equal(argv[1], "--help"))
        code = 0;
    if (server_open(&server, service, argc, argv)) {
        log_info("started", log_int("statements", (int64_t)server.database.count),
                 log_text("mode", server.options.mode), log_text("clock", server.options.clock));
        memory_settle();
        code = server_run(&server);
        log_info("stopped", log_int("code", code));
        if (!lane_is_idle(&server.lane)) {
            log_warn("unfinished", log_int("waiting", (int64_t)server.lane.waiting_count));
            _exit(code); /* calls are in the middle of their handlers: there is no tidy end */
        }
    }
    server_close(&server);
    return code;
}
