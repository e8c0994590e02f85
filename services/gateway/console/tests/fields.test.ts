import { describe, expect, it } from "vitest";
import { check, cleaned, fieldOfError, formatClock, initialValues, listColumns, lookOf, parseClock, readable, textOf, titleOf, type Field, type Shapes } from "@/staff/fields";
import { kindOf } from "@/staff/kinds";

const words = { zh: "字段", en: "field" };
const types: Shapes = {
  shapes: {},
  enums: { method: { words, values: { cash: { zh: "现金", en: "cash" }, transfer: { zh: "转账", en: "transfer" } } } },
  structs: {
    line: { words, fields: [{ name: "product_id", words, type: "id" }, { name: "quantity", words, type: "quantity", min: 1 }, { name: "note", words, type: "text", of: "note", optional: true }] },
    window: { words, fields: [{ name: "from_minute", words, type: "int", min: 0, max: 1440 }, { name: "to_minute", words, type: "int", min: 0, max: 1440 }] },
  },
};
const fields: Field[] = [
  { name: "customer_id", words, type: "id" },
  { name: "amount", words, type: "money", min: 1, max: 100_000 },
  { name: "method", words, type: "enum", of: "method" },
  { name: "lines", words, type: "struct", of: "line", list: true, min: 1, max: 2 },
  { name: "window", words, type: "struct", of: "window", optional: true },
  { name: "reason", words, type: "text", of: "reason", optional: true, max: 5 },
  { name: "is_urgent", words, type: "bool" },
];
const good = { customer_id: "c", amount: 500, method: "cash", lines: [{ product_id: "p", quantity: 2000 }], is_urgent: false };

describe("a form of the contract's shape", () => {
  it("begins with what every request has", () => {
    expect(initialValues(fields, types)).toEqual({ lines: [{}], is_urgent: false });
  });

  it("accepts what is right", () => {
    expect(check(fields, good, types)).toEqual({});
    expect(check(fields, { ...good, window: {} }, types)).toEqual({});
  });

  it("names every mistake by the path the server would use", () => {
    const wrong = check(fields, { amount: "12,5x", lines: [{ product_id: "p", quantity: 0 }, {}], window: { from_minute: 5 }, reason: "六个字太长了" }, types);
    expect(Object.keys(wrong).sort()).toEqual(["amount", "customer_id", "lines[0].quantity", "lines[1].product_id", "lines[1].quantity", "method", "reason", "window.to_minute"]);
    expect(wrong["amount"]).toBe("金额应为元，最多两位小数");
    expect(wrong["lines[0].quantity"]).toBe("不能小于 0.001");
  });

  it("says that a list has too few or too many", () => {
    expect(check(fields, { ...good, lines: [] }, types)).toEqual({ lines: "必须填写" });
    expect(check(fields, { ...good, lines: [1, 2, 3].map(() => ({ product_id: "p", quantity: 1 })) }, types)).toEqual({ lines: "最多 2 项" });
    expect(check(fields, { ...good, amount: 100_001 }, types)).toEqual({ amount: "不能大于 1000.00" });
  });

  it("counts characters, not halves of them", () => {
    expect(check([{ name: "reason", words, type: "text", max: 2 }], { reason: "𠮷𠮷" }, types)).toEqual({});
  });

  it("sends nothing that was left empty, and no blanks around texts", () => {
    expect(cleaned(fields, { ...good, reason: "  ", window: {}, lines: [{ product_id: "p", quantity: 2000, note: "" }] }, types)).toEqual({ ...good });
    expect(cleaned(fields, { ...good, reason: " 急 " }, types)["reason"]).toBe("急");
    expect(cleaned([{ name: "new_password", words, type: "text" }], { new_password: " a " }, types)).toEqual({ new_password: " a " });
  });

  it("finds the field of a refusal that names none", () => {
    expect(fieldOfError("customer_unknown", fields)).toBe("customer_id");
    expect(fieldOfError("reason_missing", fields)).toBe("reason");
    expect(fieldOfError("credit_exceeded", fields)).toBeUndefined();
  });
});

describe("a value on a page", () => {
  it("stands as people read it", () => {
    expect(textOf({ name: "amount", type: "money" }, 12345600, types)).toBe("123,456.00");
    expect(textOf({ name: "price", type: "price" }, 48000, types)).toBe("4.80");
    expect(textOf({ name: "tax_permille", type: "int" }, 90, types)).toBe("9%");
    expect(textOf({ name: "tax_permille", type: "int" }, 95, types)).toBe("9.5%");
    expect(textOf({ name: "distance_m", type: "int" }, 12345, types)).toBe("12.3 km");
    expect(textOf({ name: "method", type: "enum", of: "method" }, "cash", types)).toBe("现金");
    expect(textOf({ name: "method", type: "enum", of: "method" }, "barter", types)).toBe("barter");
    expect(textOf({ name: "is_urgent", type: "bool" }, true, types)).toBe("是");
    expect(textOf({ name: "window", type: "struct", of: "window" }, { from_minute: 360, to_minute: 600 }, types)).toBe("06:00–10:00");
    expect(textOf({ name: "functions", type: "text", list: true }, ["a", "b"], types)).toBe("a、b");
    expect(textOf({ name: "note", type: "text" }, "<img src=x>", types)).toBe("<img src=x>");
  });

  it("has the look that its name and type say", () => {
    expect(lookOf({ name: "old_password", type: "text" })).toBe("password");
    expect(lookOf({ name: "latitude_e7", type: "int" })).toBe("degrees");
    expect(lookOf({ name: "phone", type: "text", of: "phone" })).toBe("phone");
    expect(parseClock("9:30")).toBe(570);
    expect(parseClock("24:01")).toBeUndefined();
    expect(formatClock(1440)).toBe("24:00");
  });

  it("shows names, not ids", () => {
    expect(listColumns([{ name: "order_id", words, type: "id" }, { name: "customer_id", words, type: "id" }, { name: "customer", words, type: "text" }, { name: "route_id", words, type: "id" }, { name: "lines", words, type: "struct", list: true }])).toEqual(["order_id", "customer", "route_id"]);
    expect(kindOf("successor_id")).toBe("person");
    expect(kindOf("address_ids")).toBe("address");
    expect(kindOf("case_id", "aftersales")).toBe("service_case");
    expect(kindOf("line_id")).toBeUndefined();
  });
});

describe("what of a record within another is shown", () => {
  const record: Field[] = [
    { name: "stop_id", words, type: "id" },
    { name: "customer_id", words, type: "id" },
    { name: "customer", words, type: "text" },
    { name: "order_id", words, type: "id" },
    { name: "order_number", words, type: "text" },
    { name: "opened_by", words, type: "id" },
    { name: "picture", words, type: "bytes" },
    { name: "amount", words, type: "money" },
  ];
  const names = (fields: Field[]): string[] => fields.map((one) => one.name);

  it("is no id without a name, and nothing twice", () => {
    expect(names(readable(record))).toEqual(["customer_id", "order_id", "opened_by", "amount"]);
  });

  it("keeps the name where the id is missing", () => {
    expect(names(readable(record, "dispatch", { customer: "晨光餐厅", order_id: "o" }))).toEqual(["customer_id", "customer", "order_id", "opened_by", "amount"]);
  });

  it("is everything when nothing of it has a name", () => {
    expect(names(readable([{ name: "stop_id", words, type: "id" }]))).toEqual(["stop_id"]);
  });

  it("is called without the unit of the contract where it is shown in another", () => {
    expect(titleOf({ name: "tax_permille", type: "int", words: { zh: "税率（千分比）", en: "tax (thousandths)" } })).toBe("税率");
    expect(titleOf({ name: "from_minute", type: "int", words: { zh: "最早（当日第几分钟）", en: "from (minutes from midnight)" } })).toBe("最早");
    expect(titleOf({ name: "payment_days", type: "int", words: { zh: "账期（天）", en: "days to pay" } })).toBe("账期（天）");
  });
});
