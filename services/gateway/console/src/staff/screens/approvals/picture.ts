/** What an approver signs: the JSON that a service keeps of its subject, in the words and figures of the contract. */
import { label, type Words } from "@/common/words";
import type { Field, Shapes } from "@/schema/shapes/shape";
import { textOf, type Values } from "../../fields";

export interface Picture {
  facts: { field: Field; value: unknown }[];
  tables: { field: Field; columns: Field[]; rows: Values[] }[];
}

/** Names that pictures give to what the contract calls otherwise. */
const own: Record<string, Words> = {
  addresses: { zh: "配送地址数", en: "delivery addresses" },
  customer: { zh: "客户", en: "customer" },
  equipment: { zh: "设备", en: "equipment" },
  fields: { zh: "填空项", en: "blanks" },
  lines: { zh: "明细", en: "lines" },
  product: { zh: "产品", en: "product" },
};

function fits(field: Field, value: unknown): boolean {
  if (Array.isArray(value)) return field.list === true;
  if (field.list || field.type === "struct") return false;
  if (typeof value === "boolean") return field.type === "bool";
  if (typeof value === "number") return ["int", "money", "price", "quantity"].includes(field.type);
  if (field.type === "date") return /^\d{4}-\d\d-\d\d$/.test(String(value));
  if (field.type === "time") return /^\d{4}-\d\d-\d\dT/.test(String(value));
  return !["int", "money", "price", "quantity", "bool", "struct"].includes(field.type);
}

/** The contract's fields by their names: in objects first, then in requests and replies. */
function vocabulary(types: Shapes): (name: string, value: unknown) => Field {
  const known = new Map<string, Field[]>();
  const add = (field: Field): void => void known.set(field.name, [...(known.get(field.name) ?? []), field]);
  for (const struct of Object.values(types.structs)) for (const field of struct.fields) add(field);
  for (const shape of Object.values(types.shapes)) for (const field of [...shape.reply, ...shape.request]) add(field);
  return (name, value) => {
    const found = (known.get(name) ?? []).find((one) => fits(one, value));
    const text = name.replaceAll("_", " ");
    const words = own[name] ?? found?.words ?? known.get(name)?.[0]?.words ?? { zh: text, en: text };
    if (found && !(name in own)) return found;
    return { name, words, type: typeof value === "number" ? "int" : typeof value === "boolean" ? "bool" : "text" };
  };
}

function parsed(json: string | undefined): Values {
  try {
    const value: unknown = JSON.parse(json ?? "{}");
    return value !== null && typeof value === "object" ? (value as Values) : {};
  } catch {
    return {};
  }
}

const isNothing = (value: unknown): boolean => value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0);
const isObject = (value: unknown): value is Values => value !== null && typeof value === "object" && !Array.isArray(value);

export function pictureOf(json: string | undefined, types: Shapes): Picture {
  const field = vocabulary(types);
  const picture: Picture = { facts: [], tables: [] };
  const walk = (values: Values, before?: Words): void => {
    for (const [name, value] of Object.entries(values)) {
      if (isNothing(value)) continue;
      const one = field(name, value);
      const words = before ? { zh: `${before.zh}：${one.words.zh}`, en: `${before.en}: ${one.words.en}` } : one.words;
      if (Array.isArray(value) && value.every(isObject)) {
        const names = [...new Set(value.flatMap((row) => Object.keys(row)))];
        const columns = names.map((column) => field(column, value.find((row) => !isNothing(row[column]))?.[column]));
        picture.tables.push({ field: { ...one, words }, columns: columns.filter((column) => value.some((row) => !isNothing(row[column.name]))), rows: value });
      } else if (isObject(value)) walk(value, words);
      else picture.facts.push({ field: { ...one, words, ...(Array.isArray(value) ? { list: true } : {}) }, value });
    }
  };
  walk(parsed(json));
  return picture;
}

export interface Change {
  what: string;
  before: string;
  now: string;
}

/** "lines[3].price" 68000 → 67000: 明细 4 · 单价, 6.80 → 6.70. */
export function changeOf(change: { path: string; before?: string; now?: string }, types: Shapes): Change {
  const field = vocabulary(types);
  const given = change.now ?? change.before ?? "";
  const value = /^-?\d+$/.test(given) ? Number(given) : given === "true" || given === "false" ? given === "true" : given;
  const pieces = change.path.split(".").map((piece) => /^(.*?)(?:\[(\d+)\])?$/.exec(piece)!);
  const last = field(pieces.at(-1)![1]!, value);
  const text = (one: string | undefined): string => {
    if (one === undefined) return "";
    return textOf(last, typeof value === "number" && /^-?\d+$/.test(one) ? Number(one) : typeof value === "boolean" ? one === "true" : one, types);
  };
  const what = pieces.map(([, name, row], index) => label(index === pieces.length - 1 ? last.words : field(name!, []).words) + (row === undefined ? "" : ` ${Number(row) + 1}`));
  return { what: what.join(" · "), before: text(change.before), now: text(change.now) };
}
