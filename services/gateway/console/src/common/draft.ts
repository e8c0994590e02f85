/** Nothing typed is lost: what stands in a form is kept in this tab until it was done or thrown away, one draft per person and form. */
import { newKey } from "../schema/client";
import { person } from "./session";

export interface Draft {
  values: Record<string, unknown>;
  key: string; // Idempotency-Key of these values
  open: boolean; // it was sent and the outcome is not known: it must be sent again as it is
  kept_at: number;
}

export function newDraft(values: Record<string, unknown> = {}): Draft {
  return { values, key: newKey(), open: false, kept_at: Date.now() };
}

function address(form: string): string {
  return `songda.draft.${person.value?.staff_id ?? "nobody"}.${form}`;
}

export function readDraft(form: string): Draft | undefined {
  try {
    const text = sessionStorage.getItem(address(form));
    return text ? (JSON.parse(text) as Draft) : undefined;
  } catch {
    return undefined;
  }
}

export function keepDraft(form: string, draft: Draft): void {
  try {
    sessionStorage.setItem(address(form), JSON.stringify({ ...draft, kept_at: Date.now() }));
  } catch {
    // full or forbidden: the form itself still has it
  }
}

export function dropDraft(form: string): void {
  try {
    sessionStorage.removeItem(address(form));
  } catch {
    // there was none
  }
}
