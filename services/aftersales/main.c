/* main.c - after-sales: requests from the telephone call to the satisfied customer. */
#include "aftersales.h"

int main(int argc, char **argv)
{
    return service_main(argc, argv,
                        &(struct service){
                            .name = "aftersales",
                            .operations = aftersales_operations,
                            .subscriptions = aftersales_subscriptions,
                            .statements = aftersales_statements,
                            .settings = aftersales_settings,
                            .deadlines = aftersales_deadlines,
                        });
}
