/* settings.c - the figures of staff that the company can set, its jobs and its clocks. */
#include "staff.h"

#include "sign_in.h"

const struct setting staff_settings[] = {
    {.name = "onboarding_days",
     .number = 3,
     .min = 1,
     .max = 60,
     .policy = "S3",
     .unit = SETTING_UNIT_WORKING_DAYS,
     .zh = "入职手续期限",
     .en = "time until a new person must be ready"},
    {.name = "password_days",
     .number = 90,
     .min = 1,
     .max = 3650,
     .policy = "S5",
     .unit = SETTING_UNIT_DAYS,
     .zh = "密码有效期",
     .en = "days until a password must be changed"},
    {.name = "sign_in_attempts",
     .number = 5,
     .min = 3,
     .max = 100,
     .policy = "S5",
     .unit = SETTING_UNIT_TIMES,
     .zh = "锁定前允许的登录失败次数",
     .en = "failed sign-ins until a name is locked for a growing time"},
    {.name = "session_idle_hours",
     .number = 12,
     .min = 1,
     .max = 168,
     .policy = "S5",
     .unit = SETTING_UNIT_HOURS,
     .zh = "会话闲置多久失效",
     .en = "hours after which an unused session ends"},
    {.name = "session_days",
     .number = 7,
     .min = 1,
     .max = 90,
     .policy = "S5",
     .unit = SETTING_UNIT_DAYS,
     .zh = "会话最长有效期",
     .en = "days after which a session ends however much it is used"},
    {.name = NULL},
};
const struct setting *const onboarding_days = &staff_settings[0];
const struct setting *const password_days = &staff_settings[1];
const struct setting *const sign_in_attempts = &staff_settings[2];
const struct setting *const session_idle_hours = &staff_settings[3];
const struct setting *const session_days = &staff_settings[4];

const struct job staff_jobs[] = {
    {.name = "sign_in_failures", .period_seconds = 600, .run = sign_in_failures_run},
    {.name = "sessions_prune", .period_seconds = 3600, .run = sessions_prune_run},
    {.name = NULL},
};

/* Overdue: first the head is told, a working day later the head's superior. */
const struct deadline_kind staff_deadlines[] = {
    {.name = "onboarding",
     .zh = "入职手续",
     .en = "a new person is not ready",
     .policy = "S3",
     .escalate_minutes = 540},
    {.name = NULL},
};
