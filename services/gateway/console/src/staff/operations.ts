/** What an operation, and what came of it, is called: in the contract's words. */
import { defineWords, label, t } from "@/common/words";
import { routes } from "@/schema/client";
import { errorWords } from "@/schema/errors";
import { eventWords } from "@/schema/events";
import type { ErrorName, EventName, OperationName } from "@/schema/types";
import type { Shapes } from "@/schema/shapes/shape";
import type { Field } from "./fields";

const words = defineWords({ ok: { zh: "成功", en: "done" } });

/** Its words; of what only programs ask each other, its name. */
export function operationText(name: string): string {
  const route = routes[name as OperationName];
  return route ? label(route) : name;
}

/** The operations of a service that the audit log has: what changes something, then what reads confidential things. */
export function operationsOf(service: string): { name: string; text: string }[] {
  return Object.entries(routes)
    .filter(([name]) => name.startsWith(`${service}.`))
    .sort(([, one], [, other]) => Number(other.write) - Number(one.write))
    .map(([name, route]) => ({ name, text: label(route) }));
}

export function eventText(name: string): string {
  const found = eventWords[name as EventName];
  return found ? label(found) : name;
}

export function events(): { name: string; text: string }[] {
  return Object.entries(eventWords).map(([name, words]) => ({ name, text: label(words) }));
}

export function outcomeText(outcome: string): string {
  if (outcome === "ok") return t(words.ok);
  const found = errorWords[outcome as ErrorName];
  return found ? label(found).replaceAll("{}", "…") : outcome;
}

/** The field of this name that an operation of a service has, or a record of it. */
export function fieldCalled(name: string, operation: string, types: Shapes): Field | undefined {
  const shape = types.shapes[operation.split(".").slice(1).join(".")];
  const fields = [...(shape?.request ?? []), ...(shape?.reply ?? []), ...Object.values(types.structs).flatMap((one) => one.fields)];
  return fields.find((one) => one.name === name);
}
