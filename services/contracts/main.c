/* main.c - contracts: products, prices, quotations, credit reports, and contracts from the template
 * to the archive. */
#include "contracts.h"

int main(int argc, char **argv)
{
    return service_main(argc, argv,
                        &(struct service){
                            .name = "contracts",
                            .operations = contracts_operations,
                            .subscriptions = contracts_subscriptions,
                            .statements = contracts_statements,
                            .settings = contracts_settings,
                            .jobs = contracts_jobs,
                            .approvals = contracts_approvals,
                            .deadlines = contracts_deadlines,
                        });
}
