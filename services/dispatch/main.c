/* main.c - dispatch: from the order to the customer's signature, with the goods accounted for on the way. */
#include "base/text.h"
#include "dispatch.h"
#include "service/companion.h"

int main(int argc, char **argv)
{
    const struct service dispatch = {
        .name = "dispatch",
        .operations = dispatch_operations,
        .subscriptions = dispatch_subscriptions,
        .statements = dispatch_statements,
        .settings = dispatch_settings,
        .jobs = dispatch_jobs,
        .approvals = dispatch_approvals,
    };

    if (argc > 1 && !text_equal(argv[1], "--help"))
        companion_start(argc, argv, &dispatch, "route-worker", routing_work);
    return service_main(argc, argv, &dispatch);
}
