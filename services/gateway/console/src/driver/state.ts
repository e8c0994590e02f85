/** The one state of the page: who drives, what is kept, what is queued, and how it is refreshed. */
import { computed, reactive, ref, shallowRef, watch } from "vue";
import { Problem, newKey } from "../common/call";
import { connection, gaps, onEvents, startEvents, stopEvents } from "../common/events";
import { isExpired, may, person, signedOut } from "../common/session";
import type { DispatchDepotView, DispatchRouteGoods } from "../schema/types";
import { viewOf, type Card, type Day, type RouteView, type StopView } from "./day";
import { read, send } from "./link";
import { go } from "./place";
import { Queue, isOpen, type Action, type NewAction } from "./queue";
import { Phone, aloneOver } from "./store";

export interface KeptGoods {
  at: number;
  items: DispatchRouteGoods[];
}

export interface KeptCash {
  at: number;
  cash: number;
  cheques: number;
  receipts: number;
}

export const phone = new Phone();
const tabs = typeof BroadcastChannel === "undefined" ? undefined : new BroadcastChannel("songda-driver");

export const actions = shallowRef<Action[]>([]);
export const day = shallowRef<Day | undefined>();
export const cards = reactive(new Map<string, Card>());
export const goods = reactive(new Map<string, KeptGoods>());
export const depots = shallowRef<DispatchDepotView[]>([]);
export const cash = shallowRef<KeptCash | undefined>();
export const isOnline = ref(typeof navigator === "undefined" ? true : navigator.onLine);
export const isReading = ref(false);
export const isLoaded = ref(false); // what is kept has been read
export const others = ref(0); // open actions of other people on this phone
export const storageFails = ref(false);
export const now = ref(Date.now());

/** The last answer of the server of any kind: a phone may think itself online in a dead spot. */
export const reached = ref(0);

export const routes = computed<RouteView[]>(() => (day.value ? viewOf(day.value, actions.value) : []));
export const openActions = computed(() => actions.value.filter(isOpen));
export const refusedActions = computed(() => actions.value.filter((action) => action.state === "refused"));

export function routeOf(route_id: string): RouteView | undefined {
  return routes.value.find((route) => route.route_id === route_id);
}

export function stopOf(stop_id: string): StopView | undefined {
  for (const route of routes.value) {
    const found = route.stops.find((stop) => stop.stop_id === stop_id);
    if (found) return found;
  }
  return undefined;
}

export function actionOf(sequence: number | undefined): Action | undefined {
  return sequence === undefined ? undefined : actions.value.find((action) => action.sequence === sequence);
}

let settled = ""; // the actions that are over
let told = ""; // what the other tabs know

export const queue = new Queue({
  store: phone,
  key: newKey,
  person: () => person.value?.staff_id,
  alone: aloneOver("songda-driver-queue"),
  signedOut: () => (isExpired.value = true),
  isCut: () => !navigator.onLine || isExpired.value || person.value?.must_change_password === true,
  send: async (action) => {
    const outcome = await send(action);
    isOnline.value = outcome.kind !== "later" || outcome.answered;
    if (isOnline.value) reached.value = Date.now();
    return outcome;
  },
  changed: (list) => {
    actions.value = list;
    const done = list.filter((action) => !isOpen(action)).map((action) => action.sequence).join();
    if (settled && done !== settled) soon();
    settled = done || "none";
    const shown = list.map((action) => `${action.sequence}${action.state}${action.attempts}`).join();
    if (shown !== told) tabs?.postMessage((told = shown));
  },
});

/** Keeps an action, and the phone's promise not to throw it away. */
export async function act(made: NewAction): Promise<Action> {
  void navigator.storage?.persist?.();
  return queue.add(made);
}

let reading: Promise<void> | undefined;
let later: ReturnType<typeof setTimeout> | undefined;

/** Something has happened: reads again in a moment, once for many happenings. */
export function soon(milliseconds = 700): void {
  clearTimeout(later);
  later = setTimeout(() => void refresh(), milliseconds);
}

export function refresh(): Promise<void> {
  reading ??= readAll()
    .catch((thrown: unknown) => {
      if (thrown instanceof Problem && thrown.error === "not_signed_in") isExpired.value = true;
      if (thrown instanceof Problem) isOnline.value = thrown.status > 0;
      else storageFails.value = true;
    })
    .finally(() => {
      reading = undefined;
      isReading.value = false;
    });
  return reading;
}

async function readAll(): Promise<void> {
  const who = person.value?.staff_id;
  if (!who || isExpired.value || !may("dispatch.driver.day")) return;
  isReading.value = true;
  const said = await read("dispatch.driver.day", { driver_id: who });
  if (person.value?.staff_id !== who) return;
  isOnline.value = true;
  reached.value = Date.now();
  day.value = { at: Date.now(), routes: said.routes };
  await phone.keep(who, "day", day.value);
  await Promise.all([readDepots(who), readCash(who), ...said.routes.map((route) => readGoods(who, route.route_id))]);
  await readCards(who, said.routes.flatMap((route) => route.stops));
  await forgetOld(who);
}

async function readDepots(who: string): Promise<void> {
  const wanted = new Set(day.value?.routes.map((route) => route.depot_id));
  if ([...wanted].every((id) => depots.value.some((depot) => depot.depot_id === id))) return;
  const said = await read("dispatch.depot.list", {});
  depots.value = said.items.filter((depot) => wanted.has(depot.depot_id));
  await phone.keep(who, "depots", depots.value);
}

async function readCash(who: string): Promise<void> {
  const said = await read("collection.cash.due", {});
  cash.value = { at: Date.now(), cash: said.cash, cheques: said.cheques, receipts: said.receipts };
  await phone.keep(who, "cash", cash.value);
}

async function readGoods(who: string, route_id: string): Promise<void> {
  const said = await read("dispatch.route.goods", { route_id, limit: 200 });
  goods.set(route_id, { at: Date.now(), items: said.items });
  await phone.keep(who, `goods/${route_id}`, { at: Date.now(), items: said.items });
}

/** The lines of all stops that are still to be done, three at a time, so that they are there in a dead spot. */
async function readCards(who: string, stops: Day["routes"][number]["stops"]): Promise<void> {
  const wanted = stops.filter((stop) => {
    const card = cards.get(stop.stop_id);
    return (stop.status === "planned" || stop.status === "arrived") && (!card || card.goods !== stop.goods || card.amount !== stop.amount);
  });
  const one = async (): Promise<void> => {
    for (let stop = wanted.shift(); stop; stop = wanted.shift()) {
      const said = await read("dispatch.stop.read", { stop_id: stop.stop_id });
      const card: Card = { goods: stop.goods, amount: stop.amount, lines: said.lines };
      cards.set(stop.stop_id, card);
      await phone.keep(who, `card/${stop.stop_id}`, card);
    }
  };
  await Promise.all([one(), one(), one()]);
}

/** What belongs to routes that are over is not kept. */
async function forgetOld(who: string): Promise<void> {
  const routeIds = new Set(day.value?.routes.map((route) => route.route_id));
  const stopIds = new Set(day.value?.routes.flatMap((route) => route.stops.map((stop) => stop.stop_id)));
  for (const id of [...cards.keys()]) {
    if (stopIds.has(id)) continue;
    cards.delete(id);
    await phone.forget(who, `card/${id}`);
  }
  for (const id of [...goods.keys()]) {
    if (routeIds.has(id)) continue;
    goods.delete(id);
    await phone.forget(who, `goods/${id}`);
  }
}

/** What is kept of a person, before the server is asked. */
async function loadKept(who: string | undefined): Promise<void> {
  day.value = undefined;
  cash.value = undefined;
  depots.value = [];
  cards.clear();
  goods.clear();
  settled = "";
  others.value = await phone.count(who ?? "");
  if (!who) {
    await queue.load();
    return;
  }
  day.value = await phone.kept<Day>(who, "day");
  reached.value = day.value?.at ?? 0;
  cash.value = await phone.kept<KeptCash>(who, "cash");
  depots.value = (await phone.kept<DispatchDepotView[]>(who, "depots")) ?? [];
  for (const [id, card] of await phone.keptAll<Card>(who, "card/")) cards.set(id, card);
  for (const [id, one] of await phone.keptAll<KeptGoods>(who, "goods/")) goods.set(id, one);
  await queue.load();
}

const EVENTS = [
  "dispatch.route.*",
  "dispatch.slip.checked_out",
  "dispatch.order.*",
  "dispatch.stop.arrived",
  "dispatch.delivery.*",
  "dispatch.goods.returned",
  "collection.receipt.*",
  "collection.remittance.*",
  "collection.balance.changed",
];

/** How often to read when the event stream is not open. */
const POLL = 60_000;

/** Begins the page's life: reads what is kept, follows who is signed in, the line, the other tabs and the events. */
export async function begin(): Promise<void> {
  try {
    await loadKept(person.value?.staff_id);
  } catch {
    storageFails.value = true;
  }
  isLoaded.value = true;
  watch(
    () => person.value?.staff_id,
    async (who, before) => {
      isLoaded.value = false;
      if (before) go({ screen: "today" }, true); // what the other one looked at is not for this one
      if (before) await forget(before).catch(() => undefined);
      await loadKept(who).catch(() => (storageFails.value = true));
      isLoaded.value = true;
      isExpired.value = false;
      if (who) resume();
      else stopEvents();
    },
  );
  watch(isExpired, (over) => !over && person.value && resume());
  watch(gaps, () => soon());
  window.addEventListener("online", () => resume());
  window.addEventListener("offline", () => (isOnline.value = false));
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && person.value && resume());
  tabs?.addEventListener("message", (event: MessageEvent<string>) => {
    told = event.data;
    void queue.load().then(() => queue.drain());
  });
  onEvents(EVENTS, () => soon());
  setInterval(() => (now.value = Date.now()), 10_000);
  setInterval(() => person.value && !isExpired.value && (connection.value !== "open" || now.value - (day.value?.at ?? 0) > 5 * POLL) && void refresh(), POLL);
  if (person.value) resume();
}

function resume(): void {
  if (connection.value === "off") startEvents();
  void queue.sendNow();
  void refresh();
}

/** Nothing personal stays but what is still to be sent. */
async function forget(who: string): Promise<void> {
  for (const name of Object.keys(sessionStorage)) if (name.startsWith(`songda.draft.${who}.`)) sessionStorage.removeItem(name);
  await phone.clear(who);
}

export type Leaving = "left" | "queue" | "offline";

/** Signs out when nothing would be lost by it, and clears what is personal. */
export async function leave(): Promise<Leaving> {
  const who = person.value?.staff_id;
  if (!who) return "left";
  await queue.load();
  if (openActions.value.length > 0) return "queue";
  try {
    await read("staff.session.close", {});
  } catch (thrown) {
    if (!(thrown instanceof Problem && thrown.error === "not_signed_in")) return "offline";
  }
  stopEvents();
  await forget(who);
  signedOut();
  return "left";
}
