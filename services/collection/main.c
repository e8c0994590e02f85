/* main.c - collection: what customers owe, what they pay, and the cash on its way to the bank. */
#include "collection.h"

int main(int argc, char **argv)
{
    return service_main(argc, argv,
                        &(struct service){
                            .name = "collection",
                            .operations = collection_operations,
                            .subscriptions = collection_subscriptions,
                            .statements = collection_statements,
                            .settings = collection_settings,
                            .jobs = collection_jobs,
                        });
}
