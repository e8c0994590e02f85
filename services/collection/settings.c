/* settings.c - the figures of collection that the company or a branch can set. */
#include "collection.h"

const struct setting collection_settings[] = {
    {.name = "hold_days",
     .number = 45,
     .min = 1,
     .max = 3650,
     .unit = SETTING_UNIT_DAYS,
     .zh = "逾期多少天后信用冻结",
     .en = "days after which an open receivable puts the customer on hold",
     .policy = "R6"},
    {.name = "remittance_tolerance",
     .number = 1000,
     .min = 0,
     .max = 100000000,
     .unit = SETTING_UNIT_MONEY,
     .zh = "缴款短缺容忍额",
     .en = "shortage of a remittance that opens no case",
     .policy = "R3"},
    {.name = "release_days",
     .number = 7,
     .min = 1,
     .max = 365,
     .unit = SETTING_UNIT_DAYS,
     .zh = "解除冻结后多少天内不再自动冻结",
     .en = "days after a release in which no hold comes by itself",
     .policy = "R6"},
    {.name = NULL},
};
const struct setting *const hold_days = &collection_settings[0];
const struct setting *const remittance_tolerance = &collection_settings[1];
const struct setting *const release_days = &collection_settings[2];
