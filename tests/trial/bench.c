/* bench.c - a lane on a private PostgreSQL, for tests. */
#include "bench.h"

#include <poll.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "service/service.h"
#include "store/migrate.h"

#include "base/banned.h"

extern const struct migration common_migrations[], service_migrations[];

const struct service trial_service = {
    .name = "trial",
    .operations = trial_operations,
    .subscriptions = trial_subscriptions,
    .statements = trial_statements,
};

static const char *environment(const char *name)
{
    const char *value = getenv(name);

    if (value == NULL)
        die("test", "%s is not set: run it with tests/lib/with_postgres", name);
    return value;
}

void bench_do(struct bench *bench, const char *sql)
{
    PGresult *result = PQexec(bench->admin, sql);

    if (PQresultStatus(result) != PGRES_COMMAND_OK && PQresultStatus(result) != PGRES_TUPLES_OK)
        die("test", "%s: %s", sql, PQerrorMessage(bench->admin));
    PQclear(result);
}

int64_t bench_count(struct bench *bench, const char *sql)
{
    PGresult *result = PQexec(bench->admin, sql);

    if (PQresultStatus(result) != PGRES_TUPLES_OK)
        die("test", "%s: %s", sql, PQerrorMessage(bench->admin));
    int64_t number = PQntuples(result) == 0 ? -1 : strtoll(PQgetvalue(result, 0, 0), NULL, 10);
    PQclear(result);
    return number;
}

void bench_open(struct bench *bench)
{
    const struct migration *const tables[] = {common_migrations, service_migrations};
    const struct statement *const *const lists[] = {trial_statements};
    PGconn *owner = owner_connect(environment("POSTGRES_OWNER"));

    *bench = (struct bench){.branch_id = id_make(clock_now()), .company_id = id_make(clock_now())};
    if (owner == NULL || !migrate(owner, "trial", "test_service", tables, 2) ||
        !database_open(&bench->database, environment("POSTGRES_SERVICE"), "trial", "bench",
                       STATEMENT_TIMEOUT) ||
        !database_prepare(&bench->database, lists, 1))
        die("test", "no database");
    PQfinish(owner);
    lane_init(&bench->lane, &bench->database);
    bench->admin = PQconnectdb(environment("POSTGRES_ADMIN"));
    bench_do(bench, "SET search_path = trial");
    bench_do(bench, "TRUNCATE account, payment, effect, trace, outbox, outbox_counter, "
                    "idempotency, audit, audit_seal, "
                    "inbox_position, inbox_parked, job, setting, outbox_consumer");
}

void bench_close(struct bench *bench)
{
    lane_release(&bench->lane);
    database_close(&bench->database);
    PQfinish(bench->admin);
}

static void run_probe(struct work *work)
{
    struct probe *probe = (struct probe *)(void *)work;

    probe->runs++;
    probe->batch = work->lane->counters.batches;
    probe->company = work->lane->batch_count;
    probe->body(&work->call, probe);
}

static void settle_probe(struct work *work)
{
    if (has_failed(&work->call) && !work->is_recording)
        work_drop(work);
}

static struct actor actor_of(const struct bench *bench, struct arena *arena)
{
    struct id *scope = arena_array(arena, struct id, 1);

    *scope = bench->branch_id;
    return (struct actor){
        .staff_id = bench->company_id,
        .branch_id = bench->branch_id,
        .company_id = bench->company_id,
        .scope = {scope, 1},
        .functions = UINT64_C(1) << FUNCTION_OPERATOR | UINT64_C(1) << FUNCTION_IT_ADMINISTRATOR,
    };
}

void probe_add(struct bench *bench, struct probe *probe)
{
    struct work *work = &probe->work;

    work->run = run_probe;
    work->settle = settle_probe;
    work->call.actor = actor_of(bench, &work->arena);
    work->call.branch_id = bench->branch_id;
    if (work->call.now == 0)
        work->call.now = clock_now();
    work->call.today = date_of(work->call.now);
    work_init(work, &trial_service);
    lane_add(&bench->lane, work);
}

void bench_turn(struct bench *bench, void (*finished)(struct bench *bench, struct work *work))
{
    struct work *work;

    for (;;) {
        lane_step(&bench->lane);
        while ((work = lane_finished(&bench->lane)) != NULL)
            if (finished != NULL)
                finished(bench, work);
        if (lane_is_idle(&bench->lane) || lane_is_lost(&bench->lane))
            return;
        if (bench->lane.state == LANE_IDLE)
            continue; /* `finished` added some */
        struct pollfd item = {.fd = lane_socket(&bench->lane), .events = POLLIN};
        if (lane_wants_to_write(&bench->lane))
            item.events = POLLIN | POLLOUT;
        if (poll(&item, 1, 10000) == 0)
            die("test", "the database says nothing for 10 s");
    }
}

struct request *bench_request(struct bench *bench, const char *operation, struct id key,
                              const struct shape *shape, const void *value)
{
    struct request *request = memory_new(sizeof(*request));
    const struct operation *found = NULL;
    struct buffer body = {0};

    shape_pack(shape, value, false, &body);
    struct arena *arena = &request->work.arena;
    struct actor actor = actor_of(bench, arena);
    request->envelope = (struct envelope){
        .kind = ENVELOPE_REQUEST,
        .operation = operation,
        .has_actor = true,
        .actor = {.staff_id = actor.staff_id,
                  .branch_id = actor.branch_id,
                  .company_id = actor.company_id,
                  .scope = actor.scope,
                  .functions = actor.functions},
        .key = key,
        .trace = "",
        .body = {arena_copy(arena, body.data, body.len), body.len},
    };
    buffer_release(&body);
    request->received = clock_monotonic();
    request->work.lane = &bench->lane;
    for (const struct operation *o = trial_operations; o->name != NULL; o++)
        if (text_equal(o->name, operation))
            found = o;
    if (request_accept(request, &trial_service, found))
        lane_add(&bench->lane, &request->work);
    return request;
}

void request_free(struct request **request)
{
    arena_release(&(*request)->work.arena);
    memory_free(request);
}

struct id bench_account(struct bench *bench, int64_t balance)
{
    struct id account_id = id_make(clock_now());
    char branch[ID_TEXT_SIZE], account[ID_TEXT_SIZE], sql[256];

    id_format(bench->branch_id, branch);
    id_format(account_id, account);
    snprintf(sql, sizeof(sql), "INSERT INTO account VALUES ('%s', '%s', %lld, '13812345678')",
             branch, account, (long long)balance);
    bench_do(bench, sql);
    return account_id;
}
