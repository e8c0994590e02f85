// records.mjs - one of everything that the demonstration has not, each of a customer with a hostile name: screens have something to show.
import { eventually } from "./api.mjs";

export const HOSTILE = "<img src=x onerror=window.hurt=1>";
const DAY = 86_400_000;

function day(later) {
  return new Date(Date.now() + 8 * 3_600_000 + later * DAY).toISOString().slice(0, 10);
}

/** Makes them; throws what was refused. */
export async function makeRecords(api) {
  const phone = `139${String(Date.now()).slice(-8)}`;
  const { customer_id } = await api.call("representative@SH01", "leads.customer.create", { name: HOSTILE, source: "call", phone, contact: HOSTILE });
  const soon = (who, operation, request) => eventually(operation, () => api.call(who, operation, request));
  const { visit_id } = await api.call("representative@SH01", "leads.visit.plan", { customer_id, planned_at: `${day(1)}T10:00:00+08:00`, purpose: HOSTILE });
  await api.call("representative@SH01", "leads.visit.check_in", { visit_id, place: HOSTILE });
  await api.call("representative@SH01", "leads.visit.check_out", { visit_id, result: HOSTILE });
  await soon("operator@SH01", "aftersales.case.open", { customer_id, class: "quality", priority: "urgent", summary: HOSTILE });
  await soon("cashier@SH01", "collection.receipt.record", { customer_id, amount: 10_000, method: "cash", note: HOSTILE });
  const { items } = await api.call("representative@SH01", "contracts.product.list", { search: "CJ-01" });
  const product = items[0] ?? (await api.call("representative@SH01", "contracts.product.list", { limit: 200 })).items.find((one) => one.code === "CJ-01");
  const lines = [{ product_id: product.product_id, quantity: 100_000, price: 45_000 }];
  const { quotation_id } = await soon("representative@SH01", "contracts.quotation.create", { customer_id, lines, valid_until: day(10) });
  await api.call("representative@SH01", "contracts.quotation.submit", { quotation_id });
  const colleague = (await api.call("supervisor@SH01", "staff.person.list", { function: "representative", limit: 200 })).items[0];
  const rules = await api.call("discipline_officer@SH01", "discipline.rule.list", { status: "in_force", limit: 200 });
  const rule = rules.items.find((one) => !one.code.startsWith("ladder-")); // a ladder says what follows, not what is wrong
  await api.call("supervisor@SH01", "discipline.case.open", {
    staff_id: colleague.staff_id, rule_code: rule.code, occurred_at: `${day(-1)}T10:00:00+08:00`, what: HOSTILE, evidence: [{ note: HOSTILE }],
  });
  return { customer_id };
}
