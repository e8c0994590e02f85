/* companion.c - keeps a process beside a service, and gives it a lane of its own. */
#include "service/companion.h"

#include <signal.h>
#include <sodium.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zmq.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "service/options.h"
#include "service/runtime.h"
#include "wire/peer.h"

#include "base/banned.h"

enum { NICENESS = 5, NAME_SIZE = 128, MIGRATION_SECONDS = 3 };

struct companion {
    const struct service *service;
    struct options options;
    struct arena settings;
    struct database database;
    struct lane lane;
    struct peer *peer; /* says that there are events; takes no requests */
    char name[NAME_SIZE];
};

/* A step on its way through the lane. */
struct task {
    struct work work;
    int (*step)(struct call *c, void *context);
    void *context;
};

static void run_task(struct work *work)
{
    struct task *task = (struct task *)(void *)work;

    call_as_system(&work->call, (struct id){{0}}, work->call.now, "");
    if (task->step(&work->call, task->context) < 0 && !has_failed(&work->call))
        fail(&work->call, ERROR_INTERNAL, NULL);
}

static void wait_for_database(struct companion *companion)
{
    zmq_pollitem_t item = {
        .fd = lane_socket(&companion->lane),
        .events = (short)(ZMQ_POLLIN | (lane_wants_to_write(&companion->lane) ? ZMQ_POLLOUT : 0))};

    zmq_poll(&item, 1, 100);
}

bool companion_call(struct companion *companion, struct arena *arena,
                    int (*step)(struct call *c, void *context), void *context)
{
    struct task task = {
        .work = {.is_alone = true, .sees_all = true, .run = run_task, .arena = *arena},
        .step = step,
        .context = context};
    struct work *work = &task.work;
    bool is_done;

    work->call.now = clock_now();
    work->call.today = date_of(work->call.now);
    work_init(work, companion->service);
    lane_add(&companion->lane, work);
    while (lane_finished(&companion->lane) == NULL) {
        lane_step(&companion->lane);
        if (lane_is_lost(&companion->lane))
            _exit(1); /* in the middle of a handler: there is no tidy end */
        if (!lane_is_idle(&companion->lane))
            wait_for_database(companion);
    }
    *arena = work->arena;
    is_done = !has_failed(&work->call);
    if (!is_done)
        log_warn("companion_failed", log_text("error", work->call.failure.error->name));
    for (const struct emitted *e = work->events; is_done && e != NULL; e = e->next)
        peer_wake(companion->peer, companion->service->name, e->branch_id);
    return is_done;
}

bool companion_keeps_request_time(const struct companion *companion)
{
    return text_equal(companion->options.clock, "request");
}

const char *companion_name(const struct companion *companion)
{
    return companion->name;
}

/* False while the service has not brought the schema to its form yet. */
static bool open_companion(struct companion *companion, int argc, char **argv, const char *name)
{
    const struct statement *const *const lists[] = {companion->service->statements};
    char host[64] = "";

    if (!options_read(&companion->options, argc, argv, &companion->settings))
        return false;
    log_open(name, companion->options.instance);
    if (sodium_init() < 0)
        die("sodium", "does not start");
    gethostname(host, sizeof(host) - 1);
    snprintf(companion->name, sizeof(companion->name), "%s %s:%d", name, host, (int)getpid());
    if (!database_open(&companion->database, companion->options.database, companion->service->name,
                       companion->name, STATEMENT_TIMEOUT) ||
        !database_prepare(&companion->database, lists, 1))
        return false;
    lane_init(&companion->lane, &companion->database);
    companion->peer = peer_new(&(struct peer_options){.service = companion->service->name,
                                                      .instance = companion->name,
                                                      .gateways = "",
                                                      .wakeups_in = companion->options.wakeups_in,
                                                      .wakeups_out = "",
                                                      .credit = 1,
                                                      .keys = &companion->options.keys});
    return true;
}

/* Dies with whoever started this process. */
static void follow(pid_t parent)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(1);
}

static void keeper_lost(int signal_number)
{
    (void)signal_number;
    _exit(1); /* our supervisor starts both again */
}

void companion_start(int argc, char **argv, const struct service *service, const char *name,
                     void (*run)(struct companion *companion))
{
    pid_t program = getpid(), keeper = fork();

    if (keeper < 0)
        die("fork", "%s", name);
    if (keeper > 0) {
        sigaction(SIGCHLD, &(struct sigaction){.sa_handler = keeper_lost, .sa_flags = SA_NOCLDSTOP},
                  NULL);
        return;
    }
    follow(program);
    setpriority(PRIO_PROCESS, 0, NICENESS);
    sleep(MIGRATION_SECONDS); /* the service brings the schema to its form first */
    for (;;) {
        pid_t self = getpid(), worker = fork();

        if (worker == 0) {
            struct companion companion = {.service = service};

            follow(self);
            if (open_companion(&companion, argc, argv, name))
                run(&companion);
            _exit(1);
        }
        while (worker > 0 && waitpid(worker, NULL, 0) != worker) {
        }
        sleep(1);
    }
}
