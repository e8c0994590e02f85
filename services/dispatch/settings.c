/* settings.c - the figures of dispatch that the company or a branch can set, its jobs and its approvals. */
#include "dispatch.h"

const struct setting dispatch_settings[] = {
    [SETTING_ORDER_CUTOFF] =
        {.name = "order_cutoff",
         .number = 1080,
         .max = 1439,
         .zh = "次日订单截单时间（零点起分钟，1080 = 18:00）",
         .en = "cut-off of orders for the next day (minutes from midnight, 1080 = 18:00)",
         .policy = "D2"},
    [SETTING_NO_CONTRACT_AMOUNT] =
        {.name = "no_contract_amount",
         .number = 1000000,
         .max = INT64_C(100000000000),
         .zh = "无合同订单须领导审批的金额（分）",
         .en = "an order without contract above this needs a leader too (fen)",
         .policy = "C9"},
    [SETTING_OUTLIER_PERCENT] =
        {.name = "outlier_percent",
         .number = 150,
         .min = 100,
         .max = 10000,
         .zh = "实送数量超过订货的百分之几须再次确认",
         .en = "percent of the ordered quantity above which a delivery needs a second confirmation",
         .policy = "B8"},
    {.name = NULL},
};

const struct job dispatch_jobs[] = {
    {.name = "lists", .period_seconds = 60, .run = lists_run},
    {.name = NULL},
};

const struct approval_kind dispatch_approvals[] = {
    {.name = "no_contract_order",
     .zh = "无合同订单",
     .en = "order without a contract",
     .picture = order_approval_picture,
     .granted = order_approval_granted,
     .rejected = order_approval_rejected},
    {.name = "early_installation",
     .zh = "提前安装",
     .en = "installation before the contract is in force",
     .picture = installation_approval_picture,
     .granted = installation_approval_granted,
     .rejected = installation_approval_rejected},
    {.name = NULL},
};
