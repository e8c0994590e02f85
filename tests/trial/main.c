/* main.c - a service for tests only, with everything a service has. */
#include "service/service.h"
#include "trial.gen.h"

static int count_accounts(struct call *c)
{
    if (!call_enter_branch(c, call_id(c)))
        return -1;
    db_trace_add(c, .word = id_print(c->arena, call_id(c)));
    return 0;
}

static const struct job jobs[] = {{"count_accounts", 3600, count_accounts}, {.name = NULL}};

static const struct setting settings[] = {
    {.name = "trial_limit",
     .number = 5,
     .min = 1,
     .max = 10,
     .zh = "上限",
     .en = "limit",
     .policy = "S1"},
    {.name = NULL},
};

int main(int argc, char **argv)
{
    return service_main(argc, argv,
                        &(struct service){
                            .name = "trial",
                            .operations = trial_operations,
                            .subscriptions = trial_subscriptions,
                            .statements = trial_statements,
                            .settings = settings,
                            .jobs = jobs,
                        });
}
