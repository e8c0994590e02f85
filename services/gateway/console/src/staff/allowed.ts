/** Whether the person's functions let them use a screen. */
import { may, person } from "@/common/session";
import type { ScreenEntry } from "./screen";

export function isAllowed(entry: ScreenEntry): boolean {
  const functions = person.value?.functions ?? [];
  if (entry.functions && !entry.functions.some((one) => functions.includes(one))) return false;
  return !entry.needs || entry.needs.some((one) => may(one));
}
