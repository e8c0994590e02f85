/* discipline.h - what the files of this service share: the ladder of measures, rules, acts and
 * cases (policy P1 to P4). */
#ifndef SONGDA_DISCIPLINE_H
#define SONGDA_DISCIPLINE_H

#include "discipline.gen.h"
#include "service/approval.h"
#include "service/call.h"
#include "service/deadline.h"
#include "service/people.h"
#include "service/service.h"

extern const struct setting discipline_settings[];
extern const struct setting *const notice_days, *const statement_days, *const objection_days;
extern const struct setting *const money_measures, *const fine_cap_percent, *const minimum_wage;
extern const struct setting *const points_per_yuan;
extern const struct job discipline_jobs[];
extern const struct deadline_kind discipline_deadlines[];
extern const struct approval_kind discipline_approvals[];

/* ladder.c: pure rules of P2; money in fen. */

/* What the system proposes. Money is the range of the fine, 0 to 0 for any other measure. */
struct proposal {
    int64_t offence; /* 1: the first inside the window */
    enum measure measure;
    int64_t points;
    int64_t money_min, money_max;
    bool is_particular; /* from the rule's own steps, not the general ladder */
};

/* The number of the offence at `at`: one more than the entries that stand and happened less than
 * `window_days` before. */
int64_t ladder_offence(const struct record_item_list *record, int64_t at, int64_t window_days);

/* The step for an offence: the highest of the particular ones that is not above it, else of the
 * general ladder; of a ladder without any the measure is none. */
struct proposal ladder_propose(const struct rule_step_list *particular,
                               const struct rule_step_list *general, int64_t offence);

/* A measure as somebody chose it: `money` is the fine, 0 for any other measure. */
struct choice {
    enum measure measure;
    int64_t money, points;
};

/* Whether a choice has the figures its measure needs and no others: a fine money, points points. */
bool choice_is_whole(const struct choice *choice);

/* Whether a choice leaves the proposal: another measure, a fine outside the range, other points. */
bool choice_deviates(const struct choice *choice, const struct proposal *proposal);

bool choice_equals(const struct choice *a, const struct choice *b);

/* Fines and dismissal need two deciders (P3). */
bool measure_needs_two(enum measure measure);

/* Where measures in money are off, a fine is recorded as points, rounded once (ruling); false on
 * overflow. */
struct settlement {
    int64_t points, money;
};
bool choice_settle(const struct choice *choice, bool takes_money, int64_t yuan_points,
                   struct settlement *settlement);

/* How much more can be taken in a month: the cap's part of the wage, and never what would leave
 * less than the minimum wage; at least 0. */
int64_t fine_room(int64_t monthly_wage, int64_t cap_percent, int64_t minimum, int64_t taken);

/* The index of the first step that is wrong, the count when all are right: offence numbers rise,
 * only a fine has money, least <= most. */
size_t steps_check(const struct rule_step_list *steps);

/* What keeps a rule out of force: the name of the field with an open figure or with an "[X]" in its
 * text; NULL: none. */
struct figures {
    const char *text_zh, *text_en, *requires;
    bool has_repeat_days;
    const struct rule_step_list *steps;
};
const char *open_figure(const struct figures *figures);

/* rule.c */
/* Reads and locks a version of a rule and goes to headquarters; fails with not_found. */
bool rule_take(struct call *c, struct id rule_id, struct rule_lock *rule);
const char *rule_open_figure(struct call *c, const struct rule_lock *rule);
/* The whole version as rule.read shows it; false: there is none. */
bool rule_show(struct call *c, struct id rule_id, struct rule_read_reply *shown);

/* The general ladders are rules too: ladder-minor, ladder-serious, ladder-grave. No case is opened
 * under them. */
bool rule_is_ladder(const char *code);

/* act.c: judges again the acts whose person or branch was not known yet. */
int acts_run(struct call *c);

/* case.c */
/* The first evidence of a case: the event, when it was opened by one. */
struct exhibit {
    const char *producer, *event, *body, *note;
    struct id event_id, event_branch_id, audit_id;
    int64_t number, occurred_at; /* of the event; has_number: they are known */
    bool has_number;
};
struct new_case {
    struct id case_id;
    const char *number;
    int64_t statement_due_at;
};
struct case_about {
    struct id staff_id, opened_by;
    const struct rule_triggered *rule;
    int64_t occurred_at;
    const char *what;
    struct exhibit event; /* event NULL: by hand */
};
/* Opens a case in the person's branch, which the call must be in. False: this event has its case
 * already, or the call failed. */
bool case_begin(struct call *c, const struct case_about *about, struct new_case *made);
struct id evidence_put(struct call *c, struct id case_id, const struct exhibit *exhibit);

/* Whether a version binds somebody with these functions. */
bool rule_binds(const struct rule_triggered *rule, int64_t functions);

/* May the actor see the case: it is theirs, about their direct subordinate, or they handle cases.
 */
bool case_is_visible(struct call *c, struct id staff_id);

/* Takes a case for work: locked, its branch entered, the actor not the person concerned; fails with
 * not_found, case_own, case_state. */
bool case_take(struct call *c, struct id case_id, enum case_status from, enum case_status until,
               struct case_lock *taken);
/* The same for what only the person concerned does; fails with not_found, case_not_accused,
 * case_state. */
bool case_take_own(struct call *c, struct id case_id, enum case_status from, enum case_status until,
                   struct case_lock *taken);

/* procedure.c: what the system proposes for a case, from the rule's version and the record. */
struct proposal case_proposal(struct call *c, const struct case_lock *of,
                              struct record_item_list *record);
/* Figures that were left out become those of the proposal; fails with measure_figure, or
 * deviation_reason where another step than the proposed one has no reason (P2). */
bool case_choose(struct call *c, const struct proposal *proposal, struct choice *choice,
                 const char *reason);

#endif
