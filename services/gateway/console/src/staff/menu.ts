/** What a person finds in the menu: the areas in order, and in each what their functions permit, their daily work first. */
import type { Function } from "@/schema/types";
import { entries, isAllowed, isInMenu, type MenuEntry } from "./router";
import { areas, type Area } from "./screen";

export interface MenuGroup {
  area: Area;
  entries: MenuEntry[];
}

function isFirst(entry: MenuEntry, functions: readonly Function[]): boolean {
  return entry.first?.some((one) => functions.includes(one)) ?? false;
}

export function menuOf(functions: readonly Function[]): MenuGroup[] {
  const seen = entries.filter((entry) => isInMenu(entry) && isAllowed(entry));
  const groups = (Object.keys(areas) as Area[])
    .map((area) => ({ area, entries: seen.filter((entry) => entry.area === area) }))
    .filter((group) => group.entries.length > 0);
  for (const group of groups) group.entries.sort((one, other) => Number(isFirst(other, functions)) - Number(isFirst(one, functions)));
  const rank = (group: MenuGroup) => (group.area === "home" ? 0 : group.entries.some((entry) => isFirst(entry, functions)) ? 1 : 2);
  return groups.sort((one, other) => rank(one) - rank(other));
}
