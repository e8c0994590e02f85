/* mechanisms.c - the settings and kinds of deadline that every service has. */
#include "service/mechanisms.h"
#include "words.gen.h"

#include "base/banned.h"

const struct setting mechanism_settings[] = {
    {
        .name = "approval_minutes",
        .number = 1080,
        .min = 1,
        .max = 54000,
        .unit = SETTING_UNIT_WORKING_MINUTES,
        .zh = "每个审批步骤的时限",
        .en = "how long a step of an approval may wait",
        .policy = "B15",
    },
    {.name = NULL},
};

const struct deadline_kind mechanism_deadlines[] = {
    {
        .name = "approval",
        .zh = "待审批",
        .en = "a step of an approval waits",
        .policy = "B15",
        .remind_minutes = 120,
        .escalate_minutes = 540,
    },
    {.name = NULL},
};
