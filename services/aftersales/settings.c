/* settings.c - the figures of after-sales that the company or a branch can set, and its clocks. */
#include "aftersales.h"

const struct setting aftersales_settings[] = {
    {.name = "reply_hours",
     .number = 4,
     .min = 1,
     .max = 1000,
     .unit = SETTING_UNIT_WORKING_HOURS,
     .zh = "首次答复期限",
     .en = "time until the first answer",
     .policy = "A2"},
    {.name = "solve_days",
     .number = 2,
     .min = 1,
     .max = 365,
     .unit = SETTING_UNIT_WORKING_DAYS,
     .zh = "简单问题解决期限",
     .en = "time until a simple case is solved",
     .policy = "A2"},
    {.name = "progress_days",
     .number = 2,
     .min = 1,
     .max = 365,
     .unit = SETTING_UNIT_WORKING_DAYS,
     .zh = "复杂问题进度间隔",
     .en = "time between progress notes of a complex case",
     .policy = "A2"},
    {.name = "low_score",
     .number = 2,
     .min = 1,
     .max = 4,
     .unit = SETTING_UNIT_POINTS,
     .zh = "低于等于此分须回电",
     .en = "a score up to this one asks for a call back",
     .policy = "A4"},
    {.name = NULL},
};
const struct setting *const reply_hours = &aftersales_settings[0];
const struct setting *const solve_days = &aftersales_settings[1];
const struct setting *const progress_days = &aftersales_settings[2];
const struct setting *const low_score = &aftersales_settings[3];

static int overdue(struct call *c, const struct deadline *deadline)
{
    struct case_set_overdue found;

    if (db_case_set_overdue(c, &found, .case_id = deadline->subject_id))
        emit_case_overdue(c, .case_id = deadline->subject_id, .customer_id = found.customer_id,
                          .clock = deadline->kind, .technician_id = found.technician_id,
                          .due_at = deadline->due_at, .level = deadline->level);
    return 0;
}

const struct deadline_kind aftersales_deadlines[] = {
    {.name = "first_answer",
     .zh = "首次答复",
     .en = "first answer",
     .policy = "A2",
     .remind_minutes = 60,
     .escalate_minutes = 240,
     .passed = overdue},
    {.name = "solution",
     .zh = "解决问题",
     .en = "solution",
     .policy = "A2",
     .remind_minutes = 240,
     .escalate_minutes = 540,
     .passed = overdue},
    {.name = "progress",
     .zh = "进度说明",
     .en = "progress note",
     .policy = "A2",
     .remind_minutes = 240,
     .escalate_minutes = 540,
     .passed = overdue},
    {.name = "survey",
     .zh = "满意度回访",
     .en = "satisfaction survey",
     .policy = "A4",
     .remind_minutes = 240,
     .escalate_minutes = 540,
     .passed = overdue},
    {.name = "call_back",
     .zh = "低分回电",
     .en = "call back",
     .policy = "A4",
     .remind_minutes = 120,
     .escalate_minutes = 540,
     .passed = overdue},
    {.name = NULL},
};
