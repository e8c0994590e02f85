/* travel_file.h - distances and times from a file (D4).
 *
 * The file is CSV with the header from,to,metres,seconds. from and to are either the id of an address or a depot, or a place as
 * "31.2000000 121.4300000" (latitude, longitude in degrees, WGS-84; equal to a metre is the same place). metres and seconds are whole numbers
 * from 0; the way back has a row of its own. Rows about other places than the plan's are read and left out.
 */
#ifndef SONGDA_DISPATCH_TRAVEL_FILE_H
#define SONGDA_DISPATCH_TRAVEL_FILE_H

#include "plan.h"

/* Puts the file's ways between the problem's sites into matrices (plan_sites()² cells); the other cells stay. False with a sentence naming
 * the line when the file is not in order: then the matrices are worthless. */
bool travel_file_take(struct arena *arena, const char *text, size_t len,
                      const struct plan_problem *problem, int32_t *metres, int32_t *seconds,
                      const char **wrong);

/* The file's size and time of change: another text when it is another file. "": it is not there. */
const char *travel_file_stamp(struct arena *arena, const char *path);

/* The file's bytes in the arena; false with a sentence when it cannot be read or is no plain file. */
bool travel_file_read(struct arena *arena, const char *path, const char **text, size_t *len,
                      const char **wrong);

#endif
