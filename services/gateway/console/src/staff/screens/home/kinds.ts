/** What approvals, deadlines, jobs and kinds of documents are called: they are names that each service gives. */
import { label, type Words } from "@/common/words";

const approvalKinds: Record<string, Words> = {
  contract: { zh: "合同", en: "contract" },
  contract_major: { zh: "重大合同事前同意", en: "consent to a major contract" },
  early_installation: { zh: "合同生效前安装", en: "installation before the contract" },
  no_contract_order: { zh: "无合同订单", en: "order without a contract" },
  price_policy: { zh: "价格政策", en: "price policy" },
  quotation_discount: { zh: "低于定价的报价", en: "quotation below the list price" },
  quotation_floor: { zh: "低于底价的报价", en: "quotation below the floor price" },
  rule: { zh: "纪律规则", en: "rule of discipline" },
};

const APPROVED: Record<string, string[]> = {
  contracts: ["contract", "contract_major", "price_policy", "quotation_discount", "quotation_floor"],
  dispatch: ["no_contract_order", "early_installation"],
  discipline: ["rule"],
};

const deadlineKinds: Record<string, Words> = {
  approval: { zh: "审批", en: "approval" },
  call_back: { zh: "回电", en: "call back" },
  case_statement: { zh: "本人陈述", en: "statement" },
  case_objection: { zh: "申诉", en: "objection" },
  contract_filing: { zh: "合同归档", en: "filing of a contract" },
  first_answer: { zh: "首次答复", en: "first answer" },
  onboarding: { zh: "入职手续", en: "joining" },
  progress: { zh: "进展反馈", en: "report of progress" },
  solution: { zh: "解决售后", en: "solution" },
  survey: { zh: "满意度回访", en: "survey" },
  visit_report: { zh: "拜访报告", en: "visit report" },
};

const services: Record<string, Words> = {
  leads: { zh: "客户", en: "customers" },
  contracts: { zh: "合同", en: "contracts" },
  dispatch: { zh: "配送", en: "dispatch" },
  collection: { zh: "收款", en: "collection" },
  aftersales: { zh: "售后", en: "after-sales" },
  discipline: { zh: "纪律", en: "discipline" },
  staff: { zh: "人员", en: "staff" },
};

const jobs: Record<string, Words> = {
  deadlines: { zh: "时限提醒与升级", en: "deadlines: reminders and escalation" },
  numbers: { zh: "查找缺号", en: "missing document numbers" },
  audit_seal: { zh: "审计记录上链", en: "sealing of the audit log" },
  idempotency_prune: { zh: "清理过期的请求凭据", en: "old idempotency keys" },
  outbox_prune: { zh: "清理已送达的事件", en: "old events" },
  lead_protection: { zh: "线索保护期与退回公海", en: "protection of leads" },
  contract_expiry: { zh: "合同到期提醒", en: "contracts that end" },
  lists: { zh: "到点截单", en: "closing of delivery lists" },
  hold_overdue: { zh: "逾期冻结", en: "holds of overdue customers" },
  cash_overnight: { zh: "隔夜未缴现金", en: "cash kept overnight" },
  rule_course: { zh: "规章的公示与生效", en: "course of rules" },
  acts: { zh: "按事件立案", en: "cases opened by events" },
  case_expiry: { zh: "处分到期", en: "measures that end" },
  sign_in_failures: { zh: "清理登录失败记录", en: "old failures of sign-in" },
  sessions_prune: { zh: "清理失效会话", en: "sessions that ended" },
};
const EVERY = ["deadlines", "numbers", "audit_seal", "idempotency_prune", "outbox_prune"];
const OWN: Record<string, string[]> = {
  leads: ["lead_protection"],
  contracts: ["contract_expiry"],
  dispatch: ["lists"],
  collection: ["hold_overdue", "cash_overnight"],
  discipline: ["rule_course", "acts", "case_expiry"],
  staff: ["sign_in_failures", "sessions_prune"],
};

const numbers: Record<string, Words> = {
  KH: { zh: "客户", en: "customers" },
  BJ: { zh: "报价", en: "quotations" },
  HT: { zh: "合同", en: "contracts" },
  PS: { zh: "配送路线", en: "routes" },
  CK: { zh: "出库单", en: "outbound slips" },
  SJ: { zh: "收据", en: "receipts" },
  FW: { zh: "售后单", en: "service cases" },
  JL: { zh: "纪律案件", en: "discipline cases" },
  RY: { zh: "人员", en: "people" },
};
const NUMBERED: Record<string, string[]> = { leads: ["KH"], contracts: ["BJ", "HT"], dispatch: ["PS", "CK"], collection: ["SJ"], aftersales: ["FW"], discipline: ["JL"], staff: ["RY"] };

function words(table: Record<string, Words>, name: string): string {
  const found = table[name];
  return found ? label(found) : name.replaceAll("_", " ");
}

export const approvalKind = (name: string): string => words(approvalKinds, name);
export const deadlineKind = (name: string): string => words(deadlineKinds, name);
export const serviceName = (name: string): string => words(services, name);

const named = (table: Record<string, Words>, names: string[]): { name: string; text: string }[] => names.map((name) => ({ name, text: words(table, name) }));
/** The jobs of a service, its own first. */
export const jobsOf = (service: string): { name: string; text: string }[] => named(jobs, [...(OWN[service] ?? []), ...EVERY]);
/** What is signed in a service. */
export const approvalsOf = (service: string): { name: string; text: string }[] => named(approvalKinds, APPROVED[service] ?? []);
/** The kinds of documents that a service numbers. */
export const numberedBy = (service: string): { name: string; text: string }[] => named(numbers, NUMBERED[service] ?? []);
