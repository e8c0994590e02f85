/** How a field of the contract looks in a form and on a page, what may stand in it, and what of it is sent. */
import { formatFixed, parseFixed, scale } from "@/common/fixed";
import { formatMoney, formatPrice, parseMoney, parsePrice } from "@/common/money";
import { formatQuantity, parseQuantity } from "@/common/quantity";
import { formatDate, formatTime } from "@/common/time";
import { defineWords, label, t, type Words } from "@/common/words";
import { settingUnitWords } from "@/schema/enums/common";
import type { Field as ContractField, Shapes } from "@/schema/shapes/shape";
import type { SettingUnit } from "@/schema/types";
import { kindOf } from "./kinds";

/** A field of the contract; of a setting's figure the unit comes with the setting. parts: of a struct just these are asked for. */
export type Field = ContractField & { unit?: SettingUnit; parts?: string[] };
export type { Shapes };
export type Values = Record<string, unknown>;

export type Look =
  | "text" | "long" | "password" | "phone" | "int" | "clock" | "working" | "yes_no" | "permille" | "degrees" | "metres" | "hundredths"
  | "money" | "price" | "quantity" | "bool" | "date" | "time" | "enum" | "id" | "struct" | "bytes";

type Described = Pick<Field, "name" | "type"> & Partial<Field>;

const words = defineWords({
  required: { zh: "必须填写", en: "This field is required" },
  number: { zh: "不是有效的数字", en: "This is no number" },
  whole: { zh: "应为整数", en: "A whole number" },
  money: { zh: "金额应为元，最多两位小数", en: "An amount in yuan with at most two decimals" },
  price: { zh: "单价应为元，最多四位小数", en: "A price in yuan with at most four decimals" },
  quantity: { zh: "数量最多三位小数", en: "A quantity has at most three decimals" },
  clock: { zh: "时间应为 时:分", en: "The time must be hours:minutes" },
  working: { zh: "应为 时:分，例如 18:00", en: "Hours:minutes, like 18:00" },
  minutes: { zh: "{} 工作分钟", en: "{} working minutes" },
  hours: { zh: "{} 工作小时", en: "{} working hours" },
  hoursMinutes: { zh: "{} 工作小时 {} 分钟", en: "{} working hours {} minutes" },
  least: { zh: "不能小于 {}", en: "At least {}" },
  most: { zh: "不能大于 {}", en: "At most {}" },
  short: { zh: "至少 {} 个字", en: "At least {} characters" },
  long: { zh: "最多 {} 个字", en: "At most {} characters" },
  few: { zh: "至少 {} 项", en: "At least {} entries" },
  many: { zh: "最多 {} 项", en: "At most {} entries" },
  yes: { zh: "是", en: "yes" },
  no: { zh: "否", en: "no" },
});

export const yesNo = { yes: words.yes, no: words.no };

const LOOKS: Partial<Record<SettingUnit, Look>> = { money: "money", clock: "clock", working_minutes: "working", yes_no: "yes_no" };

export function lookOf(field: Described): Look {
  const { name, type } = field;
  if (type === "int" && field.unit) return LOOKS[field.unit] ?? "int";
  if (type === "text") {
    if (name.includes("password")) return "password";
    if (field.privacy === "phone" || field.of === "phone") return "phone";
    if (field.of === "note" || field.of === "reason" || (field.max ?? 0) > 200) return "long";
    return "text";
  }
  if (type === "int") {
    if (/_minute$/.test(name) || /^(shift|rest)_(from|to)$/.test(name)) return "clock";
    if (name.endsWith("_permille")) return "permille";
    if (name.endsWith("_e7")) return "degrees";
    if (name.endsWith("_m")) return "metres";
    if (name.endsWith("_x100")) return "hundredths";
    return "int";
  }
  return type;
}

/** What a field is called where its value is shown in people's units: the contract's unit in brackets is not theirs. */
export function titleOf(field: Described & { words: Words }): string {
  const title = label(field.words);
  return ["clock", "permille", "metres", "degrees", "hundredths"].includes(lookOf(field)) ? title.replace(/（[^（）]*）$|\s*\([^()]*\)$/, "") : title;
}

/** 570 → "09:30" */
export function formatClock(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
}

export function parseClock(text: string): number | undefined {
  const match = /^(\d{1,2}):(\d{2})$/.exec(text.trim().replace("：", ":"));
  if (!match) return undefined;
  const minutes = Number(match[1]) * 60 + Number(match[2]);
  return Number(match[2]) < 60 && minutes <= 1440 ? minutes : undefined;
}

/** Working time, hours first: "18:00" or "18" → 1080 */
export function parseWorking(text: string): number | undefined {
  const match = /^(\d{1,6})(?::([0-5]\d))?$/.exec(text.trim().replace("：", ":"));
  return match ? Number(match[1]) * 60 + Number(match[2] ?? 0) : undefined;
}

/** A number as it stands in an input. */
export function numberText(look: Look, value: number): string {
  switch (look) {
    case "money": return formatMoney(value).replaceAll(",", "");
    case "price": return formatPrice(value).replaceAll(",", "");
    case "quantity": return formatQuantity(value).replaceAll(",", "");
    case "permille": return formatFixed(value, 1, 0);
    case "degrees": return formatFixed(value, 7, 4, false);
    case "hundredths": return formatFixed(value, 2, 0);
    case "clock":
    case "working": return formatClock(value);
    default: return String(value);
  }
}

/** What stands in an input as a number; undefined: it is none. */
export function parseNumber(look: Look, text: string): number | undefined {
  switch (look) {
    case "money": return parseMoney(text);
    case "price": return parsePrice(text);
    case "quantity": return parseQuantity(text);
    case "permille": return parseFixed(text.replace(/[%％]/g, ""), 1);
    case "degrees": return parseFixed(text, 7);
    case "hundredths": return parseFixed(text, 2);
    case "clock": return parseClock(text);
    case "working": return parseWorking(text);
    default: return parseFixed(text, 0);
  }
}

/** What stands behind a number in an input. */
export function unitOf(field: Described): Words | undefined {
  if (field.unit && field.unit !== "text") return settingUnitWords[field.unit];
  const units: Partial<Record<Look, Words>> = {
    money: { zh: "元", en: "yuan" },
    price: { zh: "元", en: "yuan" },
    permille: { zh: "%", en: "%" },
    degrees: { zh: "度", en: "degrees" },
    metres: { zh: "米", en: "m" },
  };
  return units[lookOf(field)];
}

export function isNumeric(look: Look): boolean {
  return ["int", "clock", "working", "permille", "degrees", "metres", "hundredths", "money", "price", "quantity"].includes(look);
}

function isBlank(value: unknown): boolean {
  return value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0);
}

export function enumText(types: Shapes, of: string | undefined, value: unknown): string {
  const found = of ? types.enums[of]?.values[String(value)] : undefined;
  return found ? label(found) : String(value);
}

/** A value as people read it: on pages, in exports. Ids are shown by IdName; here they stay what they are. */
export function textOf(field: Described, value: unknown, types: Shapes): string {
  if (isBlank(value)) return "";
  if (Array.isArray(value)) return value.map((one) => textOf({ ...field, list: undefined }, one, types)).join(t({ zh: "、", en: ", " }));
  const look = lookOf(field);
  switch (look) {
    case "money": return field.unit ? withUnit(field, formatMoney(value as number)) : formatMoney(value as number);
    case "price": return formatPrice(value as number);
    case "quantity": return formatQuantity(value as number);
    case "permille": return `${numberText(look, value as number)}%`;
    case "degrees":
    case "hundredths":
    case "clock": return numberText(look, value as number);
    case "metres": return `${formatFixed(scale(value as number, 1, 100), 1)} km`;
    case "int": return field.unit ? withUnit(field, formatFixed(value as number, 0)) : String(value);
    case "working": return workingText(value as number);
    case "yes_no":
    case "bool": return t(value ? words.yes : words.no);
    case "time": return formatTime(value as string);
    case "date": return formatDate(value as string);
    case "enum": return enumText(types, field.of, value);
    case "struct": return structText(field.of, value as Values, types);
    default: return String(value);
  }
}

function withUnit(field: Described, figure: string): string {
  return `${figure}${field.unit === "percent" ? "" : " "}${t(unitOf(field)!)}`;
}

function workingText(minutes: number): string {
  const hours = Math.floor(minutes / 60);
  if (hours === 0) return t(words.minutes, minutes);
  return minutes % 60 === 0 ? t(words.hours, hours) : t(words.hoursMinutes, hours, minutes % 60);
}

function structText(of: string | undefined, value: Values, types: Shapes): string {
  const fields = of ? (types.structs[of]?.fields ?? []) : [];
  const shown = fields.filter((one) => one.type !== "id" && !isBlank(value[one.name]));
  if (shown.length === 2 && shown.every((one) => lookOf(one) === "clock"))
    return shown.map((one) => textOf(one, value[one.name], types)).join("–");
  return shown.map((one) => `${titleOf(one)} ${textOf(one, value[one.name], types)}`).join(t({ zh: "，", en: ", " }));
}

/** What a new form of these fields begins with. */
export function initialValues(fields: readonly Field[], types: Shapes): Values {
  const values: Values = {};
  for (const field of fields) {
    if (field.list) values[field.name] = !field.optional && (field.min ?? 0) > 0 && field.type === "struct" ? [newRow(field, types)] : [];
    else if (field.type === "struct" && !field.optional) values[field.name] = newRow(field, types);
    else if (field.type === "bool" && !field.optional) values[field.name] = false;
  }
  return values;
}

export function newRow(field: Field, types: Shapes): Values {
  return initialValues(structFields(field, types), types);
}

export function structFields(field: Pick<Field, "of">, types: Shapes): Field[] {
  return field.of ? (types.structs[field.of]?.fields ?? []) : [];
}

/** What is sent: no empty optional fields, texts without blanks around them. */
export function cleaned(fields: readonly Field[], values: Values, types: Shapes): Values {
  const sent: Values = {};
  for (const field of fields) {
    const value = cleanedValue(field, values[field.name], types);
    if (value !== undefined) sent[field.name] = value;
  }
  return sent;
}

function cleanedValue(field: Field, value: unknown, types: Shapes): unknown {
  if (field.type === "bool" && !field.list) return value ?? (field.optional ? undefined : false);
  if (field.list) {
    const rows = (Array.isArray(value) ? value : []).map((one) => cleanedValue({ ...field, list: undefined, optional: undefined }, one, types));
    const full = rows.filter((one) => !isBlank(one));
    return full.length === 0 && field.optional ? undefined : full;
  }
  if (field.type === "struct") {
    const inner = cleaned(structFields(field, types), (value as Values | undefined) ?? {}, types);
    return Object.values(inner).every((one) => isBlank(one) || one === false) && field.optional ? undefined : inner;
  }
  if (typeof value === "string" && lookOf(field) !== "password") {
    const text = value.trim();
    return text === "" && (field.optional || field.type !== "text") ? undefined : text;
  }
  return isBlank(value) ? undefined : value;
}

/** path → what is wrong there, in words. Empty: it can be sent. */
export function check(fields: readonly Field[], values: Values, types: Shapes, start = ""): Record<string, string> {
  const wrong: Record<string, string> = {};
  for (const field of fields) checkField(field, values[field.name], types, start + field.name, wrong);
  return wrong;
}

function checkField(field: Field, value: unknown, types: Shapes, path: string, wrong: Record<string, string>): void {
  if (field.type === "bool" && !field.list) return; // what is not ticked is a no
  if (isBlank(value) && !(field.list && !field.optional)) {
    if (!field.optional) wrong[path] = t(words.required);
    return;
  }
  if (field.list) {
    const rows = Array.isArray(value) ? value : [];
    if (rows.length < (field.min ?? 0)) wrong[path] = rows.length === 0 ? t(words.required) : t(words.few, field.min!);
    else if (field.max !== undefined && rows.length > field.max) wrong[path] = t(words.many, field.max);
    rows.forEach((one, index) => checkField({ ...field, list: undefined, optional: undefined, min: undefined, max: undefined }, one, types, `${path}[${index}]`, wrong));
    return;
  }
  if (field.type === "struct") {
    if (field.optional && cleanedValue(field, value, types) === undefined) return;
    Object.assign(wrong, check(structFields(field, types), value as Values, types, `${path}.`));
    return;
  }
  const sentence = mistake(field, value);
  if (sentence) wrong[path] = sentence;
}

const NOTHING: Shapes = { shapes: {}, structs: {}, enums: {} };

function mistake(field: Field, value: unknown): string | undefined {
  const look = lookOf(field);
  if (isNumeric(look)) {
    const rules: Partial<Record<Look, Words>> = { money: words.money, price: words.price, quantity: words.quantity, clock: words.clock, working: words.working, int: words.whole };
    if (typeof value !== "number" || !Number.isSafeInteger(value)) return t(rules[look] ?? words.number);
    const shown = (limit: number): string => (field.unit ? textOf(field, limit, NOTHING) : numberText(look, limit));
    if (field.min !== undefined && value < field.min) return t(words.least, shown(field.min));
    if (field.max !== undefined && value > field.max) return t(words.most, shown(field.max));
    return undefined;
  }
  if (field.type !== "text" || typeof value !== "string") return undefined;
  const text = look === "password" ? value : value.trim();
  const length = [...text].length;
  if (length === 0) return field.optional || field.min === 0 ? undefined : t(words.required);
  if (field.min !== undefined && length < field.min) return t(words.short, field.min);
  if (field.max !== undefined && length > field.max) return t(words.long, field.max);
  return undefined;
}

/** The field that a refusal without a path belongs to: customer_unknown → customer_id. Undefined: the whole form. */
export function fieldOfError(error: string, fields: readonly Field[]): string | undefined {
  let best: { name: string; length: number } | undefined;
  for (const field of fields) {
    const stem = field.name.replace(/_(id|on|at)$/, "");
    const fits = error === stem || error.startsWith(`${stem}_`) || error.endsWith(`_${stem}`);
    if (fits && (!best || stem.length > best.length)) best = { name: field.name, length: stem.length };
  }
  return best?.name;
}

/** The field that names what an id stands for: customer of customer_id, order_number of order_id. */
export function namedBy(id: Pick<Field, "name" | "type">, fields: readonly Field[]): Field | undefined {
  if (id.type !== "id" || !id.name.endsWith("_id")) return undefined;
  const stem = id.name.replace(/_id$/, "");
  return [stem, `${stem}_name`, `${stem}_number`].map((name) => fields.find((one) => one.name === name && one.type === "text")).find((one) => one !== undefined);
}

/** What of a record within another people can read: no ids that no name stands behind, and an id and its name only once. */
export function readable(fields: readonly Field[], service?: string, record?: Values): Field[] {
  const isKnown = (field: Field): boolean => {
    const kind = kindOf(field.name, service);
    return kind !== undefined && kind !== "address" && kind !== "receivable"; // these have no names of their own
  };
  const names = new Set(fields.filter((field) => isKnown(field) && (!record || !isBlank(record[field.name]))).map((field) => namedBy(field, fields)?.name));
  const shown = fields.filter((field) => field.type !== "bytes" && !names.has(field.name) && (field.type !== "id" || isKnown(field)));
  return shown.length > 0 ? shown : [...fields];
}

/** What a list shows when nothing else is said: no ids but those with names, no long texts, no lists of structs. */
export function listColumns(fields: readonly Field[]): string[] {
  const names = new Set(fields.map((field) => field.name));
  return fields
    .filter((field) => {
      if (field.type === "bytes" || field.type === "struct" || (field.list && field.type !== "enum")) return false;
      if (field.type !== "id") return true;
      const stem = field.name.replace(/_id$/, "");
      return kindOf(field.name) !== undefined && !names.has(stem) && !names.has(`${stem}_name`) && !["branch_id", "company_id"].includes(field.name);
    })
    .map((field) => field.name)
    .slice(0, 8);
}
