/** The screen of what an approval or a deadline is about, by its service and kind. */
const places: Record<string, (id: string) => string> = {
  "contracts contract": (id) => `/contracts/${id}`,
  "contracts contract_major": (id) => `/contracts/${id}`,
  "contracts contract_filing": (id) => `/contracts/${id}`,
  "contracts price_policy": (id) => `/prices/${id}`,
  "contracts quotation_discount": (id) => `/quotations/${id}`,
  "contracts quotation_floor": (id) => `/quotations/${id}`,
  "dispatch early_installation": (id) => `/installations/${id}`,
  "dispatch no_contract_order": (id) => `/orders/${id}`,
  "discipline rule": (id) => `/rules/${id}`,
  "discipline case_statement": (id) => `/discipline/cases/${id}`,
  "discipline case_objection": (id) => `/discipline/cases/${id}`,
  "leads visit_report": (id) => `/visits/${id}/report`,
  "staff onboarding": (id) => `/people/${id}`,
};

export function subjectPlace(service: string, kind: string, id: string): string | undefined {
  const place = places[`${service} ${kind}`];
  if (place) return place(id);
  return service === "aftersales" && kind !== "approval" ? `/cases/${id}` : kind === "approval" ? `/approvals/${service}/${id}` : undefined;
}
