/* aftersales.h - what the files of this service share. */
#ifndef SONGDA_AFTERSALES_H
#define SONGDA_AFTERSALES_H

#include "aftersales.gen.h"
#include "service/call.h"
#include "service/deadline.h"
#include "service/service.h"

extern const struct setting aftersales_settings[];
extern const struct setting *const reply_hours, *const solve_days, *const progress_days,
                                                                       *const low_score;
extern const struct deadline_kind aftersales_deadlines[];

/* Reads and locks a request in the actor's scope, enters its branch, and checks that its state is one of from…until (in the order of the
 * enum) and that the actor is not who it complains about (A7). */
bool case_take(struct call *c, struct id case_id, enum case_status from, enum case_status until,
               struct case_lock *found);

/* One line of the request's course. */
void case_note_add(struct call *c, struct id case_id, const char *kind, const char *note);

#endif
