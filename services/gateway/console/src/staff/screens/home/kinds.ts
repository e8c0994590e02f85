/** What approvals and deadlines are called: their kinds are names that each service gives. */
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

function words(table: Record<string, Words>, name: string): string {
  const found = table[name];
  return found ? label(found) : name.replaceAll("_", " ");
}

export const approvalKind = (name: string): string => words(approvalKinds, name);
export const deadlineKind = (name: string): string => words(deadlineKinds, name);
export const serviceName = (name: string): string => words(services, name);
