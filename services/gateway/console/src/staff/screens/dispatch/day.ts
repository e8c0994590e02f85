/** A day of routes as its map reads it: what waits, who drives what in which order. After an event only what it concerns is read again. */
import { computed, onMounted, ref, shallowRef, watch, type ComputedRef, type Ref } from "vue";
import { pages, refusalOf, type Refusal } from "@/common/call";
import { gaps, type Happening } from "@/common/events";
import type { DispatchMapDepot, DispatchMapPlace, DispatchMapRoute } from "@/schema/types";
import { useNews } from "../../news";

/** A route with its stops in order, and how it is told apart from the others of its day: a letter, a colour and a pattern of its line. */
export interface DayRoute extends DispatchMapRoute {
  stops: DispatchMapPlace[];
  letter: string;
  colour: string;
  pattern: string;
}

export interface Day {
  routes: ComputedRef<DayRoute[]>;
  waiting: ComputedRef<DispatchMapPlace[]>;
  depots: Ref<DispatchMapDepot[]>;
  hasRead: Ref<boolean>;
  refusal: Ref<Refusal | undefined>;
  placeOf: (order: string | undefined) => DispatchMapPlace | undefined;
  reload: (concerned?: Partial<Concerned>) => Promise<void>;
}

/** What is to be read again. */
export interface Concerned {
  all: boolean;
  waiting: boolean;
  routes: string[];
}

/** White writing is read on each of them. */
const COLOURS = ["#1f4e79", "#b3261e", "#1f7a3d", "#7b3fa0", "#8a5300", "#0b6e75", "#a3195b", "#2f4bd6", "#5b5b00", "#4b5563"];
const PATTERNS = ["", "9 6", "2 6", "14 5 2 5", "4 4"];
const MOST_SINGLY = 5;

/** A, B, … Z, AA, AB, … */
export function letterOf(index: number): string {
  const last = String.fromCharCode(65 + (index % 26));
  return index < 26 ? last : letterOf(Math.floor(index / 26) - 1) + last;
}

export function isOpen(route: { status: DispatchMapRoute["status"] }): boolean {
  return route.status === "draft" || route.status === "published" || route.status === "loaded" || route.status === "started";
}

/** What can still be put elsewhere. */
export function isMovable(place: DispatchMapPlace, route?: { status: DispatchMapRoute["status"] }): boolean {
  return route === undefined || (place.status === "planned" && isOpen(route));
}

/** What an event makes old; undefined: nothing of this day. */
export function concernedBy(happening: Pick<Happening, "event" | "body">, known: readonly DispatchMapPlace[], routes: ReadonlyMap<string, unknown>, date: string): Partial<Concerned> | undefined {
  const body = happening.body as { route_id?: string; order_id?: string; delivery_date?: string };
  if (!body.route_id && /^dispatch\.(order|list)\./.test(happening.event)) {
    const on = known.filter((one) => one.order_id === body.order_id && one.route_id).map((one) => one.route_id!);
    return { waiting: true, routes: on };
  }
  if (!body.route_id) return undefined;
  if (!routes.has(body.route_id) && body.delivery_date !== date) return undefined; // another day's
  const isStopOnly = happening.event === "dispatch.stop.arrived" || happening.event === "dispatch.delivery.confirmed";
  return { routes: [body.route_id], waiting: !isStopOnly };
}

export function useDay(date: () => string, only?: () => string | undefined): Day {
  const frames = shallowRef<ReadonlyMap<string, DispatchMapRoute>>(new Map());
  const places = shallowRef<readonly DispatchMapPlace[]>([]);
  const depots = ref<DispatchMapDepot[]>([]);
  const hasRead = ref(false);
  const refusal = ref<Refusal>();
  let old: Concerned = { all: false, waiting: false, routes: [] };
  let reading: Promise<unknown> | undefined;

  function note(concerned: Partial<Concerned>): void {
    old = { all: old.all || concerned.all === true, waiting: old.waiting || concerned.waiting === true, routes: [...new Set([...old.routes, ...(concerned.routes ?? [])])] };
  }

  const isOld = (): boolean => old.all || old.waiting || old.routes.length > 0;

  async function read(request: { route_id?: string; waiting_only?: boolean }): Promise<{ depots: DispatchMapDepot[]; routes: DispatchMapRoute[]; items: DispatchMapPlace[]; date: string }> {
    const found = { depots: [] as DispatchMapDepot[], routes: [] as DispatchMapRoute[], items: [] as DispatchMapPlace[], date: date() };
    for await (const page of pages("dispatch.map.read", { delivery_date: found.date, limit: 200, ...request })) {
      found.depots.push(...page.depots);
      found.routes.push(...page.routes);
      found.items.push(...page.items);
    }
    return found;
  }

  async function readAll(): Promise<void> {
    const route_id = only?.();
    const found = await read(route_id ? { route_id } : {});
    if (found.date !== date()) return;
    depots.value = found.depots;
    frames.value = new Map(found.routes.map((one) => [one.route_id, one]));
    places.value = found.items;
    hasRead.value = true;
  }

  async function readRoute(route_id: string): Promise<void> {
    const found = await read({ route_id });
    if (found.date !== date()) return;
    const kept = new Map(frames.value);
    kept.delete(route_id);
    for (const one of found.routes) kept.set(one.route_id, one);
    frames.value = kept;
    places.value = [...places.value.filter((one) => one.route_id !== route_id), ...found.items];
    for (const one of found.depots) if (!depots.value.some((other) => other.depot_id === one.depot_id)) depots.value.push(one);
  }

  async function readWaiting(): Promise<void> {
    const found = await read({ waiting_only: true });
    if (found.date === date()) places.value = [...places.value.filter((one) => one.route_id), ...found.items];
  }

  async function catchUp(): Promise<void> {
    while (isOld()) {
      const now = old;
      old = { all: false, waiting: false, routes: [] };
      if (now.all || !hasRead.value || now.routes.length > MOST_SINGLY) {
        await readAll();
        continue;
      }
      for (const route of now.routes.filter((one) => !only?.() || one === only())) await readRoute(route);
      if (now.waiting && !only?.()) await readWaiting();
    }
  }

  /** One reading at a time, so that an older answer never covers a newer one; done when nothing noted is old any more. */
  async function reload(concerned: Partial<Concerned> = { all: true }): Promise<void> {
    note(concerned);
    do {
      reading ??= catchUp()
        .then(() => (refusal.value = undefined))
        .catch((thrown: unknown) => {
          note({ all: true });
          refusal.value = refusalOf(thrown);
        })
        .then(() => (reading = undefined));
      await reading;
    } while (isOld() && !refusal.value);
  }

  onMounted(() => reload());
  watch([date, () => only?.()], () => {
    hasRead.value = false;
    frames.value = new Map();
    places.value = [];
    void reload();
  });
  watch(gaps, () => note({ all: true })); // something was missed
  useNews(["dispatch.route.*", "dispatch.order.*", "dispatch.stop.*", "dispatch.list.closed", "dispatch.delivery.*", "dispatch.slip.checked_out"], () => reload({}), {
    concerns: (happening) => {
      const concerned = concernedBy(happening, places.value, frames.value, date());
      if (concerned) note(concerned);
      return concerned !== undefined;
    },
  });

  const routes = computed<DayRoute[]>(() => {
    const stops = new Map<string, DispatchMapPlace[]>();
    for (const place of places.value) if (place.route_id) stops.set(place.route_id, [...(stops.get(place.route_id) ?? []), place]);
    return [...frames.value.values()]
      .sort((one, other) => one.number.localeCompare(other.number))
      .map((route, index) => ({
        ...route,
        letter: letterOf(index),
        colour: COLOURS[index % COLOURS.length]!,
        pattern: PATTERNS[(index + Math.floor(index / COLOURS.length)) % PATTERNS.length]!,
        stops: (stops.get(route.route_id) ?? []).sort((one, other) => (one.position ?? 0) - (other.position ?? 0) || one.place_id.localeCompare(other.place_id)),
      }));
  });
  const waiting = computed(() => places.value.filter((one) => !one.route_id).sort((one, other) => one.delivery_date.localeCompare(other.delivery_date) || one.order_number.localeCompare(other.order_number)));
  const placeOf = (order: string | undefined): DispatchMapPlace | undefined => {
    const found = places.value.filter((one) => one.order_id === order);
    return found.find((one) => one.status !== "failed") ?? found[0];
  };
  return { routes, waiting, depots, hasRead, refusal, placeOf, reload };
}
