/** A setting's figure as people read it and type it: by the unit that the contract gives it. */
import { defineWords, t, type Words } from "@/common/words";
import type { SettingListReply } from "@/schema/types";
import { textOf, type Field } from "../../fields";

export type Setting = SettingListReply["settings"][number];
type Figure = Pick<Setting, "unit" | "number" | "text">;

const words = defineWords({
  least: { zh: "不小于 {}", en: "at least {}" },
  empty: { zh: "（空）", en: "(empty)" },
});
const NO_TYPES = { shapes: {}, structs: {}, enums: {} };

function described(unit: Setting["unit"], number: number): string {
  return textOf({ name: "number", type: "int", unit }, number, NO_TYPES);
}

export function figureText(one: Figure): string {
  if (one.number !== undefined) return described(one.unit, one.number);
  return one.text === undefined || one.text === "" ? t(words.empty) : one.text;
}

/** What may be set. The greatest number that a program can hold is no limit to people. */
export function rangeText(one: Pick<Setting, "unit" | "min" | "max">): string {
  if (one.min === undefined || one.max === undefined || one.unit === "yes_no") return "";
  const least = described(one.unit, one.min);
  return Number.isSafeInteger(one.max) ? `${least} – ${described(one.unit, one.max)}` : t(words.least, least);
}

/** The form's field for its figure: what it is called, its unit, its limits. */
export function figureField(one: Setting): Record<string, Partial<Field>> {
  const called: { words: Words } = { words: { zh: one.zh, en: one.en } };
  if (one.number === undefined) return { text: called };
  const limits = { ...(one.min === undefined ? {} : { min: one.min }), ...(Number.isSafeInteger(one.max) ? { max: one.max } : {}) };
  return { number: { ...called, ...limits, unit: one.unit, optional: undefined } };
}
