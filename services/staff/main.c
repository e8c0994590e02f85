/* main.c - staff: the company's branches and people, and who they are when they sign in. */
#include "staff.h"

int main(int argc, char **argv)
{
    return service_main(argc, argv,
                        &(struct service){
                            .name = "staff",
                            .operations = staff_operations,
                            .subscriptions = staff_subscriptions,
                            .statements = staff_statements,
                            .settings = staff_settings,
                            .jobs = staff_jobs,
                            .deadlines = staff_deadlines,
                        });
}
