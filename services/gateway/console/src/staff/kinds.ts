/** The things that ids stand for: how one is found by a fragment of what people call it, and what it is called. */
import { call, pages } from "@/common/call";
import { yuan } from "@/common/money";
import { formatDate, formatTime } from "@/common/time";
import { defineWords, language, type Words } from "@/common/words";
import type { OperationName } from "@/schema/types";

export type Row = Record<string, unknown>;

export interface Choice {
  id: string;
  label: string;
  note?: string;
  row: Row;
}

export interface Source {
  words: Words;
  address?: (id: string) => string; // its screen
  needs: OperationName; // whoever may not call it sees no names
  find: (search: string, context: Row, request: Row, signal?: AbortSignal) => Promise<Choice[]>;
  name: (id: string) => Promise<string | undefined>;
}

type Ask = (request: Row, signal?: AbortSignal) => Promise<Row>;

function asking(operation: OperationName): Ask {
  return (request, signal) => call(operation, request as never, { quiet: true, ...(signal ? { signal } : {}) }) as unknown as Promise<Row>;
}

function text(value: unknown): string {
  return value === undefined || value === null ? "" : String(value);
}

interface Listed {
  operation: OperationName;
  id: string;
  label: (row: Row) => string;
  note?: (row: Row) => string;
  search?: string; // the request's field for a fragment; without it everything is loaded once and looked through here
  least?: number; // characters that a fragment needs
  usual?: Row; // asked when nothing else is
  isShort?: boolean; // the list has no pages
  read?: { operation: OperationName; id: string; label: (reply: Row) => string };
  one?: { operation: OperationName; label: (reply: Row) => string }; // asked for what the list has not: it is longer, or newer
  address?: (id: string) => string;
  words: Words;
}

const MOST = 1000;
const FRESH = 60_000;

function listed(of: Listed): Source {
  const kept = new Map<string, { at: number; choices: Promise<Choice[]> }>();
  const choice = (row: Row): Choice => ({ id: text(row[of.id]), label: of.label(row), note: of.note?.(row), row });

  async function load(request: Row): Promise<Choice[]> {
    const rows: Row[] = [];
    for await (const page of pages(of.operation, { ...(of.isShort ? {} : { limit: 200 }), ...request } as never)) {
      rows.push(...((page as unknown as { items: Row[] }).items ?? []));
      if (rows.length >= MOST) break;
    }
    return rows.map(choice);
  }

  function all(request: Row): Promise<Choice[]> {
    const key = JSON.stringify(request);
    const before = kept.get(key);
    if (before && Date.now() - before.at < FRESH) return before.choices;
    const choices = load(request);
    kept.set(key, { at: Date.now(), choices });
    choices.catch(() => kept.delete(key));
    return choices;
  }

  return {
    words: of.words,
    needs: of.read?.operation ?? of.operation,
    ...(of.address ? { address: of.address } : {}),
    async find(search, _context, request, signal) {
      const wanted = search.trim();
      const asked = { ...of.usual, ...request };
      if (of.search) {
        const narrowed = [...wanted].length >= (of.least ?? 1) ? { ...asked, [of.search]: wanted } : asked;
        const reply = await asking(of.operation)({ ...narrowed, limit: 20 }, signal);
        return ((reply["items"] as Row[] | undefined) ?? []).map(choice);
      }
      const every = await all(asked);
      const small = wanted.toLowerCase();
      return every.filter((one) => `${one.label} ${one.note ?? ""}`.toLowerCase().includes(small)).slice(0, 100);
    },
    async name(id) {
      if (of.read) return of.read.label(await asking(of.read.operation)({ [of.read.id]: id }));
      const known = (await all({ ...of.usual })).find((one) => one.id === id)?.label;
      return known ?? (of.one ? of.one.label(await asking(of.one.operation)({ [of.id]: id })) : undefined);
    },
  };
}

const words = defineWords({
  customer: { zh: "客户", en: "customer" },
  person: { zh: "人员", en: "person" },
  product: { zh: "产品", en: "product" },
  branch: { zh: "机构", en: "branch" },
  depot: { zh: "仓库", en: "depot" },
  vehicle: { zh: "车辆", en: "vehicle" },
  driver: { zh: "配送员", en: "driver" },
  address: { zh: "配送地址", en: "delivery address" },
  contract: { zh: "合同", en: "contract" },
  template: { zh: "合同模板", en: "contract template" },
  order: { zh: "订单", en: "order" },
  route: { zh: "路线", en: "route" },
  rule: { zh: "规则", en: "rule" },
  quotation: { zh: "报价", en: "quotation" },
  policy: { zh: "价格政策", en: "price policy" },
  visit: { zh: "拜访", en: "visit" },
  delivery: { zh: "送货", en: "delivery" },
  slip: { zh: "出库单", en: "outbound slip" },
  case: { zh: "纪律案件", en: "discipline case" },
  service_case: { zh: "售后单", en: "service case" },
  installation: { zh: "安装", en: "installation" },
  remittance: { zh: "缴款", en: "remittance" },
  receivable: { zh: "应收款", en: "receivable" },
  list: { zh: "配送清单", en: "delivery list" },
  receipt: { zh: "收款", en: "receipt" },
});

function personListed(name: Words, usual: Row = {}): Source {
  return listed({
    words: name,
    operation: "staff.person.list",
    id: "staff_id",
    label: (row) => text(row["name"]),
    note: (row) => [row["number"], row["position"], row["department"]].filter(Boolean).join(" "),
    search: "search",
    usual,
    read: { operation: "staff.person.read", id: "staff_id", label: (reply) => text((reply["person"] as Row)["name"]) },
  });
}

const ruleName = (row: Row): string => text(row[language.value === "zh" ? "name_zh" : "name_en"]);

/** A delivery address is one of its customer's. */
const addressSource: Source = {
  words: words.address,
  needs: "leads.customer.read",
  async find(search, context) {
    const customer = context["customer_id"];
    if (typeof customer !== "string" || !customer) return [];
    const reply = await asking("leads.customer.read")({ customer_id: customer });
    const small = search.trim().toLowerCase();
    return ((reply["addresses"] as Row[] | undefined) ?? [])
      .map((row) => ({ id: text(row["address_id"]), label: text(row["label"]), note: text(row["address"]), row }))
      .filter((one) => `${one.label} ${one.note}`.toLowerCase().includes(small));
  },
  name: () => Promise.resolve(undefined),
};

/** What a customer owes is chosen, and named, by its day and what is open of it. */
const receivableSource: Source = {
  words: words.receivable,
  needs: "collection.receivable.list",
  async find(search, context) {
    const customer = context["customer_id"];
    if (typeof customer !== "string" || !customer) return [];
    const reply = await asking("collection.receivable.list")({ customer_id: customer, is_open: true, limit: 200 });
    return ((reply["items"] as Row[] | undefined) ?? [])
      .map((row) => ({ id: text(row["receivable_id"]), label: `${formatDate(text(row["business_date"]))} ${yuan(Number(row["open_amount"]))}`, row }))
      .filter((one) => one.label.includes(search.trim()));
  },
  name: () => Promise.resolve(undefined),
};

export const kinds = {
  customer: listed({
    words: words.customer,
    operation: "leads.customer.list",
    id: "customer_id",
    label: (row) => text(row["name"]),
    note: (row) => [row["number"], row["contact"], row["phone"]].filter(Boolean).join(" "),
    search: "search",
    least: 2,
    read: { operation: "leads.customer.read", id: "customer_id", label: (reply) => text(reply["name"]) },
    address: (id) => `/customers/${id}`,
  }),
  person: { ...personListed(words.person), address: (id) => `/people/${id}` },
  technician: personListed(words.person, { function: "technician" }),
  installer: personListed(words.person, { function: "installer" }),
  driver: listed({
    words: words.driver,
    operation: "dispatch.driver.list",
    id: "driver_id",
    label: (row) => text(row["name"]) || text(row["licence"]),
    note: (row) => text(row["licence"]),
    read: { operation: "staff.person.read", id: "staff_id", label: (reply) => text((reply["person"] as Row)["name"]) },
  }),
  product: listed({
    words: words.product,
    operation: "contracts.product.list",
    id: "product_id",
    label: (row) => [row["name"], row["specification"]].filter(Boolean).join(" "),
    note: (row) => `${text(row["code"])} · ${text(row["unit"])}`,
    usual: {},
    one: { operation: "contracts.product.read", label: (reply) => [reply["name"], reply["specification"]].filter(Boolean).join(" ") },
  }),
  branch: listed({
    words: words.branch,
    operation: "staff.branch.list",
    id: "branch_id",
    label: (row) => text(row["name"]),
    note: (row) => text(row["code"]),
    isShort: true,
    one: { operation: "staff.branch.read", label: (reply) => text((reply["branch"] as Row)["name"]) },
  }),
  depot: listed({ words: words.depot, operation: "dispatch.depot.list", id: "depot_id", label: (row) => text(row["name"]), note: (row) => text(row["code"]) }),
  vehicle: listed({
    words: words.vehicle,
    operation: "dispatch.vehicle.list",
    id: "vehicle_id",
    label: (row) => text(row["plate"]),
    one: { operation: "dispatch.vehicle.read", label: (reply) => text((reply["vehicle"] as Row)["plate"]) },
  }),
  address: addressSource,
  receivable: receivableSource,
  list: listed({
    words: words.list,
    operation: "dispatch.list.list",
    id: "list_id",
    label: (row) => formatDate(text(row["delivery_date"])),
    address: (id) => `/lists/${id}`,
  }),
  contract: listed({
    words: words.contract,
    operation: "contracts.contract.list",
    id: "contract_id",
    label: (row) => text(row["number"]),
    note: (row) => text(row["customer_name"]),
    read: { operation: "contracts.contract.read", id: "contract_id", label: (reply) => text(reply["number"] ?? (reply["contract"] as Row | undefined)?.["number"]) },
    address: (id) => `/contracts/${id}`,
  }),
  template: listed({ words: words.template, operation: "contracts.template.list", id: "template_id", label: (row) => text(row["name"]), note: (row) => text(row["code"]) }),
  quotation: listed({ words: words.quotation, operation: "contracts.quotation.list", id: "quotation_id", label: (row) => text(row["number"]), note: (row) => text(row["customer_name"]), address: (id) => `/quotations/${id}` }),
  policy: listed({ words: words.policy, operation: "contracts.price_policy.list", id: "policy_id", label: (row) => `${text(row["name"])} v${text(row["version"])}`, address: (id) => `/prices/${id}` }),
  order: listed({
    words: words.order,
    operation: "dispatch.order.list",
    id: "order_id",
    label: (row) => text(row["number"]),
    note: (row) => `${text(row["customer"])} ${formatDate(text(row["delivery_date"]))}`,
    read: { operation: "dispatch.order.read", id: "order_id", label: (reply) => text(reply["number"] ?? (reply["order"] as Row | undefined)?.["number"]) },
    address: (id) => `/orders/${id}`,
  }),
  route: listed({
    words: words.route,
    operation: "dispatch.route.list",
    id: "route_id",
    label: (row) => text(row["number"]),
    note: (row) => `${formatDate(text(row["delivery_date"]))} ${text(row["plate"])}`,
    read: { operation: "dispatch.route.read", id: "route_id", label: (reply) => text(reply["number"] ?? (reply["route"] as Row | undefined)?.["number"]) },
    address: (id) => `/routes/${id}`,
  }),
  delivery: listed({
    words: words.delivery,
    operation: "dispatch.delivery.list",
    id: "delivery_id",
    label: (row) => text(row["order_number"]),
    note: (row) => `${text(row["customer"])} ${formatDate(text(row["delivered_on"]))}`,
    read: { operation: "dispatch.delivery.read", id: "delivery_id", label: (reply) => text(reply["order_number"]) },
    address: (id) => `/deliveries/${id}`,
  }),
  slip: listed({ words: words.slip, operation: "dispatch.slip.list", id: "slip_id", label: (row) => text(row["number"]), address: (id) => `/slips/${id}` }),
  rule: listed({ words: words.rule, operation: "discipline.rule.list", id: "rule_id", label: ruleName, note: (row) => `${text(row["code"])} v${text(row["version"])}`, address: (id) => `/rules/${id}` }),
  rule_code: listed({
    words: words.rule,
    operation: "discipline.rule.list",
    id: "code",
    label: ruleName,
    note: (row) => text(row["code"]),
    usual: { status: "in_force" },
  }),
  case: listed({ words: words.case, operation: "discipline.case.list", id: "case_id", label: (row) => text(row["number"]), note: (row) => text(row["staff_name"]), address: (id) => `/discipline/cases/${id}` }),
  service_case: listed({ words: words.service_case, operation: "aftersales.case.list", id: "case_id", label: (row) => text(row["number"]), note: (row) => text(row["customer_name"]), address: (id) => `/cases/${id}` }),
  visit: listed({ words: words.visit, operation: "leads.visit.list", id: "visit_id", label: (row) => formatTime(text(row["planned_at"])), note: (row) => text(row["purpose"]) }),
  installation: listed({ words: words.installation, operation: "dispatch.installation.list", id: "installation_id", label: (row) => text(row["number"] ?? row["installation_id"]), note: (row) => text(row["customer"]) }),
  remittance: listed({ words: words.remittance, operation: "collection.remittance.list", id: "remittance_id", label: (row) => formatDate(text(row["business_date"])) }),
  receipt: listed({ words: words.receipt, operation: "collection.receipt.list", id: "receipt_id", label: (row) => text(row["number"]), address: (id) => `/receipts/${id}` }),
} satisfies Record<string, Source>;

export type Kind = keyof typeof kinds;

export function sourceOf(kind: Kind): Source {
  return kinds[kind];
}

const PEOPLE = new Set([
  "staff_id", "superior_id", "to_superior_id", "successor_id", "deputy_id", "deputy_for_id", "owner_id", "author_id", "collector_id", "cashier_id",
  "holder_id", "signer_id", "about_staff_id", "told_id", "actor_id", "from_id", "reviewer_id", "decider_id", "person_id",
]);
const BRANCHES = new Set(["branch_id", "home_branch_id", "for_branch_id", "to_branch_id", "parent_id", "department_id", "to_department_id", "company_id"]);

/** The kind of thing that a field's id stands for, or its ids, by its name. */
export function kindOf(name: string, service = ""): Kind | undefined {
  if (PEOPLE.has(name) || name.endsWith("_by")) return "person";
  if (name.endsWith("_depot_id")) return "depot";
  if (BRANCHES.has(name)) return "branch";
  if (name === "other_route_id") return "route";
  if (name === "rule_code") return "rule_code";
  if (name === "case_id") return service === "aftersales" ? "service_case" : service === "discipline" ? "case" : undefined;
  const stem = name.replace(/_ids?$/, "");
  return stem !== name && stem in kinds && stem !== "service_case" ? (stem as Kind) : undefined;
}
