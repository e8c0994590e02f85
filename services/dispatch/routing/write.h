/* write.h - plans as text: CVRPLIB's solution format, or JSON with times, loads and reasons. */
#ifndef SONGDA_ROUTING_WRITE_H
#define SONGDA_ROUTING_WRITE_H

#include "read.h"

#include <stdio.h>

/* "Route #1: 3 5 ..." by node numbers (benchmarks) or ids (JSON), then "Cost C". What was left out
 * stands between them as "Left out: ..." lines, and an early stop as "Stopped early". */
void write_text(FILE *file, const struct read_problem *read, const struct routing_plan *plan);
void write_json(FILE *file, const struct read_problem *read, const struct routing_plan *plan);

#endif
