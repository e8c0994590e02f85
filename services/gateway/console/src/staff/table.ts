/** All screens, gathered from the areas; the router and the menu are made of it, and the tests go through it. */
import type { Area, AreaScreens, ScreenEntry } from "./screen";

const found = import.meta.glob<{ default: AreaScreens }>("./screens/*/screens.ts", { eager: true });

const table: AreaScreens[] = Object.values(found).map((one) => one.default);

export interface MenuEntry extends ScreenEntry {
  area: Area;
}

export const entries: MenuEntry[] = table.flatMap((one) => one.screens.map((screen) => ({ ...screen, area: one.area })));

export function isInMenu(entry: ScreenEntry): boolean {
  return entry.menu ?? !entry.path.includes(":");
}
