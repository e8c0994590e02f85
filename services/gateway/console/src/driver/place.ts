/** Which screen is shown: the part of the address behind #, so that the page itself is one file that needs no network. */
import { shallowRef } from "vue";

export type Place =
  | { screen: "today"; route?: string }
  | { screen: "stop"; stop: string }
  | { screen: "deliver" | "collect" | "fail" | "return"; stop: string; correct?: number }
  | { screen: "end"; route: string }
  | { screen: "cash"; correct?: number }
  | { screen: "queue" }
  | { screen: "me" };

const FORMS = ["deliver", "collect", "fail", "return"] as const;

export function placeOf(hash: string): Place {
  const [screen, id, form, at] = hash.replace(/^#\/?/, "").split("/").map(decodeURIComponent);
  const correct = at && /^\d+$/.test(at) ? { correct: Number(at) } : {};
  if (screen === "route" && id) return { screen: "today", route: id };
  if (screen === "stop" && id && form) return { screen: FORMS.find((one) => one === form) ?? "deliver", stop: id, ...correct };
  if (screen === "stop" && id) return { screen: "stop", stop: id };
  if (screen === "end" && id) return { screen: "end", route: id };
  if (screen === "cash") return { screen: "cash", ...(id && /^\d+$/.test(id) ? { correct: Number(id) } : {}) };
  if (screen === "queue" || screen === "me") return { screen };
  return { screen: "today" };
}

export function hashOf(place: Place): string {
  switch (place.screen) {
    case "today":
      return place.route ? `#/route/${place.route}` : "#/";
    case "stop":
      return `#/stop/${place.stop}`;
    case "deliver":
    case "collect":
    case "fail":
    case "return":
      return `#/stop/${place.stop}/${place.screen}${place.correct === undefined ? "" : `/${place.correct}`}`;
    case "end":
      return `#/end/${place.route}`;
    case "cash":
      return place.correct === undefined ? "#/cash" : `#/cash/${place.correct}`;
    case "queue":
    case "me":
      return `#/${place.screen}`;
  }
}

/** Where "back" leads when there is nothing behind: one step nearer to the list. */
export function above(place: Place): Place {
  if ("stop" in place && place.screen !== "stop") return { screen: "stop", stop: place.stop };
  return { screen: "today" };
}

export const place = shallowRef<Place>(placeOf(typeof location === "undefined" ? "" : location.hash));

/** How many steps of ours lie behind. */
let depth = 0;

export function go(to: Place, replace = false): void {
  const hash = hashOf(to);
  if (replace) history.replaceState({ depth }, "", hash);
  else history.pushState({ depth: ++depth }, "", hash);
  place.value = to;
  window.scrollTo(0, 0);
}

export function back(): void {
  if (depth > 0) history.back();
  else go(above(place.value), true);
}

export function followHistory(): void {
  depth = Number((history.state as { depth?: number } | null)?.depth ?? 0);
  window.addEventListener("popstate", (event) => {
    depth = Number((event.state as { depth?: number } | null)?.depth ?? 0);
    place.value = placeOf(location.hash);
  });
}
