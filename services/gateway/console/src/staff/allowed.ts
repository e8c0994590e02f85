/** Whether the person's functions let them use a screen. */
import type { Router } from "vue-router";
import { may, person } from "@/common/session";
import type { ScreenEntry } from "./screen";

export function isAllowed(entry: ScreenEntry): boolean {
  const functions = person.value?.functions ?? [];
  if (entry.functions && !entry.functions.some((one) => functions.includes(one))) return false;
  return !entry.needs || entry.needs.some((one) => may(one));
}

/** An address only where a screen is that the person may see. */
export function screenAt(router: Router | undefined, address: string | undefined): string | undefined {
  const entry = address ? router?.resolve(address).meta.entry : undefined;
  return entry && isAllowed(entry) ? address : undefined;
}
