/** The screens' addresses, gathered from the areas. */
import { createRouter, createWebHistory, type RouteRecordRaw } from "vue-router";
import { person } from "@/common/session";
import { entries, type MenuEntry } from "./table";

export { isAllowed } from "./allowed";
export { entries, isInMenu, type MenuEntry } from "./table";

/** Where somebody comes to after signing in: where they wanted to go, but never another site. */
export function wantedAddress(value: unknown): string {
  return typeof value === "string" && value.startsWith("/") && !value.startsWith("//") && !value.includes("\\") ? value : "/";
}

declare module "vue-router" {
  interface RouteMeta {
    entry?: MenuEntry;
    isOpen?: boolean;
  }
}

const routes: RouteRecordRaw[] = [
  { path: "/sign-in", component: () => import("./screens/SignIn.vue"), meta: { isOpen: true } },
  { path: "/first-password", component: () => import("./screens/FirstPassword.vue") },
  ...entries.map((entry) => ({ path: entry.path, component: entry.component as () => Promise<never>, meta: { entry } })),
  { path: "/:rest(.*)*", component: () => import("./screens/NotFound.vue") },
];

export const router = createRouter({
  history: createWebHistory(),
  routes,
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
});

router.beforeEach((to) => {
  if (to.meta.isOpen) return true;
  if (!person.value) return { path: "/sign-in", query: to.fullPath === "/" ? {} : { to: to.fullPath } };
  if (person.value.must_change_password && to.path !== "/first-password") return { path: "/first-password", query: { to: to.fullPath } };
  return true;
});

/** A new version was installed: the files of the old one are gone, so the page is fetched anew, once. */
router.onError((error, to) => {
  const isMissing = /dynamically imported module|Importing a module script failed|Failed to fetch|preload CSS/i.test(String(error));
  if (!isMissing || sessionStorage.getItem("songda.reloaded") === to.fullPath) return;
  sessionStorage.setItem("songda.reloaded", to.fullPath);
  location.assign(to.fullPath);
});
