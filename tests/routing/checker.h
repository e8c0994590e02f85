/* checker.h - prices and verifies plans without any of the solver's code. */
#ifndef SONGDA_TESTS_ROUTING_CHECKER_H
#define SONGDA_TESTS_ROUTING_CHECKER_H

#include "routing.h"

/* True when the plan serves each stop at most once, lists the others as left out, keeps locks and
 * frozen stops, holds every limit that no reported lock breaks, has times that follow from the
 * travel times, and costs what it says. Else false with the first fault in `fault`. */
bool checker_accepts(const struct routing_problem *problem, const struct routing_plan *plan,
                     struct routing_error *fault);

#endif
