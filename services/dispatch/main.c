/* main.c - dispatch: from the order to the customer's signature, with the goods accounted for on the way. */
#include "dispatch.h"

int main(int argc, char **argv)
{
    return service_main(argc, argv,
                        &(struct service){
                            .name = "dispatch",
                            .operations = dispatch_operations,
                            .subscriptions = dispatch_subscriptions,
                            .statements = dispatch_statements,
                            .settings = dispatch_settings,
                            .jobs = dispatch_jobs,
                            .approvals = dispatch_approvals,
                        });
}
