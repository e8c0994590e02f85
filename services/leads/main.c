/* main.c - leads: customers from the first call to the contract, and their whole course. */
#include "leads.gen.h"

#include "leads.h"
#include "service/service.h"

int main(int argc, char **argv)
{
    return service_main(argc, argv,
                        &(struct service){
                            .name = "leads",
                            .operations = leads_operations,
                            .subscriptions = leads_subscriptions,
                            .statements = leads_statements,
                            .settings = leads_settings,
                            .jobs = leads_jobs,
                            .deadlines = leads_deadlines,
                        });
}
