/** The list that each function's day begins with, and the things it does most. */
import { addDays, today } from "@/common/time";
import { defineWords, type Words } from "@/common/words";
import type { Function, OperationName } from "@/schema/types";

export interface Work {
  words: Words;
  operation: OperationName;
  request?: Record<string, unknown>;
  columns: string[];
  link?: (row: Record<string, unknown>) => string | undefined;
  empty: Words;
  events?: string[];
}

const words = defineWords({
  leads: { zh: "我的客户", en: "My customers" },
  noLeads: { zh: "您名下还没有客户。到公海领取，或登记新客户。", en: "You have no customers yet. Claim some from the pool, or register a new one." },
  visits: { zh: "今日拜访", en: "Visits of today" },
  noVisits: { zh: "今天没有计划拜访。在“拜访计划”中安排。", en: "No visits are planned for today. Plan them under Visits." },
  reports: { zh: "待写的拜访报告", en: "Visits that need their report" },
  noReports: { zh: "拜访报告都已写好。", en: "Every visit has its report." },
  orders: { zh: "明日配送的订单", en: "Orders for tomorrow" },
  noOrders: { zh: "明日还没有订单。接到电话后在“订单”中登记。", en: "No orders for tomorrow yet. Enter them under Orders when the telephone rings." },
  acceptance: { zh: "待受理的加急订单", en: "Urgent orders to accept" },
  noAcceptance: { zh: "没有待受理的加急订单。", en: "No urgent order waits." },
  waiting: { zh: "明日待排的订单", en: "Orders of tomorrow to be planned" },
  noWaiting: { zh: "没有待排的订单。截单后，清单上的订单在这里。", en: "No order waits. When the list has closed its orders stand here." },
  pool: { zh: "公海客户", en: "Customers in the pool" },
  noPool: { zh: "公海没有客户。", en: "The pool is empty." },
  routes: { zh: "明日路线", en: "Routes of tomorrow" },
  noRoutes: { zh: "明日还没有路线。清单截止后排线。", en: "No routes for tomorrow yet. Plan them when the list has closed." },
  slips: { zh: "待出库的出库单", en: "Slips to check out" },
  noSlips: { zh: "没有待出库的出库单。", en: "No slip waits to be checked out." },
  remittances: { zh: "待验收的缴款", en: "Remittances to accept" },
  noRemittances: { zh: "没有待验收的缴款。", en: "No remittance waits." },
  accounts: { zh: "欠款客户", en: "Customers who owe" },
  noAccounts: { zh: "没有客户欠款。", en: "Nobody owes anything." },
  filing: { zh: "今日待归档的合同", en: "Contracts to file today" },
  noFiling: { zh: "没有待归档的合同。", en: "No contract waits to be filed." },
  cases: { zh: "我处理的售后单", en: "My service cases" },
  noCases: { zh: "没有分派给您的售后单。", en: "No case is assigned to you." },
  requests: { zh: "待确认的售后申请", en: "Requests to confirm" },
  noRequests: { zh: "没有待确认的售后申请。", en: "No request waits to be confirmed." },
  installations: { zh: "我的安装", en: "My installations" },
  noInstallations: { zh: "没有派给您的安装。", en: "No installation is scheduled for you." },
  discipline: { zh: "新立案的案件", en: "Cases newly opened" },
  noDiscipline: { zh: "没有新案件。", en: "No new cases." },
  joining: { zh: "入职中的人员", en: "People who are joining" },
  noJoining: { zh: "没有人员正在办理入职。", en: "Nobody is joining now." },
  contracts: { zh: "审批中的合同", en: "Contracts being signed" },
  noContracts: { zh: "没有审批中的合同。", en: "No contract is being signed." },
});

const orderColumns = ["number", "customer", "status", "is_urgent", "amount"];

/** By function, in the order of importance; a person of several functions sees each list once. */
export function workOf(functions: readonly Function[], staffId: string): Work[] {
  const tomorrow = addDays(today(), 1);
  const leads: Work = { words: words.leads, operation: "leads.customer.list", request: { owner_id: staffId }, columns: ["name", "class", "stage", "contact", "last_activity_at"], link: (row) => `/customers/${row["customer_id"]}`, empty: words.noLeads, events: ["leads.lead.*", "leads.customer.changed"] };
  const reports: Work = { words: words.reports, operation: "leads.visit.list", request: { needs_report: true, staff_id: staffId }, columns: ["planned_at", "customer_id", "purpose", "status"], link: (row) => `/visits/${row["visit_id"]}/report`, empty: words.noReports, events: ["leads.visit.completed"] };
  const visits: Work = { words: words.visits, operation: "leads.visit.list", request: { from_date: today(), until_date: today(), staff_id: staffId }, columns: ["planned_at", "customer_id", "purpose", "is_key", "status"], link: () => "/visits", empty: words.noVisits, events: ["leads.visit.*"] };
  const orders: Work = { words: words.orders, operation: "dispatch.order.list", request: { delivery_date: tomorrow }, columns: orderColumns, link: (row) => `/orders/${row["order_id"]}`, empty: words.noOrders, events: ["dispatch.order.*"] };
  const acceptance: Work = { words: words.acceptance, operation: "dispatch.order.list", request: { status: "awaiting_acceptance" }, columns: ["number", "customer", "delivery_date", "amount"], link: (row) => `/orders/${row["order_id"]}`, empty: words.noAcceptance, events: ["dispatch.order.*"] };
  const waiting: Work = { words: words.waiting, operation: "dispatch.order.list", request: { delivery_date: tomorrow, status: "listed" }, columns: ["number", "customer", "amount", "attempts"], link: (row) => `/orders/${row["order_id"]}`, empty: words.noWaiting, events: ["dispatch.order.*", "dispatch.stop.*", "dispatch.route.*"] };
  const joining: Work = { words: words.joining, operation: "staff.onboarding.list", columns: ["name", "agreement_on", "induction_on", "groups_on", "due_at"], empty: words.noJoining, events: ["staff.*"] };
  const routes: Work = { words: words.routes, operation: "dispatch.route.list", request: { delivery_date: tomorrow }, columns: ["number", "status", "plate", "driver_id", "stops"], link: (row) => `/routes/${row["route_id"]}`, empty: words.noRoutes, events: ["dispatch.route.*"] };
  const accounts: Work = { words: words.accounts, operation: "collection.account.list", request: { owes: true, sort: "due", is_descending: true }, columns: ["name", "balance", "due", "credit_limit", "is_held"], link: (row) => `/accounts/${row["customer_id"]}`, empty: words.noAccounts, events: ["collection.balance.changed"] };
  const contracts: Work = { words: words.contracts, operation: "contracts.contract.list", request: { status: "submitted" }, columns: ["number", "customer_name", "amount", "owner_id", "created_at"], link: (row) => `/contracts/${row["contract_id"]}`, empty: words.noContracts, events: ["contracts.*"] };
  const table: Partial<Record<Function, Work[]>> = {
    representative: [visits, reports, leads],
    telesales: [leads],
    supervisor: [orders],
    sales_manager: [contracts],
    department_head: [contracts],
    director: [contracts],
    deputy_general_manager: [contracts],
    general_manager: [contracts],
    operator: [orders],
    dispatcher: [acceptance, waiting, routes],
    warehouse: [{ words: words.slips, operation: "dispatch.slip.list", request: { status: "made" }, columns: ["number", "route_id", "depot_id", "made_at"], link: (row) => `/slips/${row["slip_id"]}`, empty: words.noSlips, events: ["dispatch.slip.*", "dispatch.route.published"] }],
    cashier: [{ words: words.remittances, operation: "collection.remittance.list", request: { status: "handed" }, columns: ["business_date", "driver_id", "expected", "handed", "status"], link: () => "/cash", empty: words.noRemittances, events: ["collection.remittance.*"] }],
    finance: [accounts],
    clerk: [{ words: words.filing, operation: "contracts.contract.list", request: { is_unfiled: true }, columns: ["number", "customer_name", "amount", "valid_from"], link: (row) => `/contracts/${row["contract_id"]}`, empty: words.noFiling, events: ["contracts.*"] }],
    technician: [{ words: words.cases, operation: "aftersales.case.list", request: { technician_id: staffId, status: "working" }, columns: ["number", "customer_name", "priority", "status", "due_at"], link: (row) => `/cases/${row["case_id"]}`, empty: words.noCases, events: ["aftersales.*"] }],
    sales_support: [{ words: words.requests, operation: "aftersales.case.list", request: { status: "requested" }, columns: ["number", "customer_name", "priority", "opened_at", "due_at"], link: (row) => `/cases/${row["case_id"]}`, empty: words.noRequests, events: ["aftersales.*"] }],
    installer: [{ words: words.installations, operation: "dispatch.installation.list", request: { installer_id: staffId, status: "scheduled" }, columns: ["customer_id", "address", "scheduled_on"], link: (row) => `/installations/${row["installation_id"]}`, empty: words.noInstallations, events: ["dispatch.installation.*"] }],
    discipline_officer: [{ words: words.discipline, operation: "discipline.case.list", request: { status: "opened" }, columns: ["number", "staff_name", "rule_code", "opened_at", "status"], link: (row) => `/discipline/cases/${row["case_id"]}`, empty: words.noDiscipline, events: ["discipline.*"] }],
    it_administrator: [joining],
    group_administrator: [joining],
    marketing: [{ words: words.pool, operation: "leads.customer.list", request: { is_pool: true }, columns: ["name", "class", "stage", "contact", "last_activity_at"], link: (row) => `/customers/${row["customer_id"]}`, empty: words.noPool, events: ["leads.lead.*", "leads.customer.changed"] }],
  };
  const found = functions.flatMap((one) => table[one] ?? []);
  return found.filter((one, index) => found.findIndex((other) => other.words === one.words) === index);
}
