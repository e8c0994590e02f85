/* settings.c - the figures of leads that the company or a branch can set. */
#include "leads.h"

const struct setting leads_settings[] = {
    {.name = "lead_limit",
     .number = 200,
     .min = 1,
     .max = 100000,
     .zh = "每人未成交线索上限（条）",
     .en = "open leads a person may have",
     .policy = "L3"},
    {.name = "protection_days",
     .number = 30,
     .min = 1,
     .max = 3650,
     .zh = "线索无跟进退回公海（天）",
     .en = "days without activity until a lead returns to the pool",
     .policy = "L3"},
    {.name = "warning_days",
     .number = 3,
     .min = 0,
     .max = 365,
     .zh = "退回公海前提醒（天）",
     .en = "days of warning before a lead returns to the pool",
     .policy = "L3"},
    {.name = "visit_report_hours",
     .number = 24,
     .min = 1,
     .max = 1000,
     .zh = "首次拜访报告期限（工作小时）",
     .en = "working hours for the report of a first visit",
     .policy = "L7"},
    {.name = "attempt_days",
     .number = 30,
     .min = 1,
     .max = 3650,
     .zh = "重复抢客统计期（天）",
     .en = "days in which attempts to take a taken customer count together",
     .policy = "L4"},
    {.name = NULL},
};
const struct setting *const lead_limit = &leads_settings[0];
const struct setting *const protection_days = &leads_settings[1];
const struct setting *const warning_days = &leads_settings[2];
const struct setting *const visit_report_hours = &leads_settings[3];
const struct setting *const attempt_days = &leads_settings[4];
