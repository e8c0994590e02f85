/* main.c - discipline: the rule book, and cases from the act to the record (P1 to P4). */
#include "discipline.h"

int main(int argc, char **argv)
{
    return service_main(argc, argv,
                        &(struct service){
                            .name = "discipline",
                            .operations = discipline_operations,
                            .subscriptions = discipline_subscriptions,
                            .statements = discipline_statements,
                            .settings = discipline_settings,
                            .jobs = discipline_jobs,
                            .approvals = discipline_approvals,
                            .deadlines = discipline_deadlines,
                        });
}
