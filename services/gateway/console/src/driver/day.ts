/** The day as it is on the phone: what the server said last, and over it what the driver has done since (optimistic). */
import type { DispatchDayRoute, DispatchDayStop, DispatchRouteGoods, DispatchStopLine, DispatchStopStatus } from "../schema/types";
import type { Action } from "./queue";

export interface Day {
  at: number; // when the server said it, milliseconds
  routes: DispatchDayRoute[];
}

/** The lines of a stop, and what they were read for: they are read again when the order has changed. */
export interface Card {
  goods: string;
  amount: number;
  lines: DispatchStopLine[];
}

/** Bottles of 15 kg and of 50 kg may have one name: what a product is called, with its specification. */
export const productName = (line: { product?: string; specification?: string }): string => [line.product ?? "?", line.specification].filter(Boolean).join(" ");

export interface StopView extends DispatchDayStop {
  route_id: string;
  pending: number; // actions not answered yet
  refused: number;
  due_left: number; // of what was due, after what was taken
  taken: number; // money taken at this stop, sent or not
  given_back: boolean;
}

export interface RouteView extends Omit<DispatchDayRoute, "stops"> {
  stops: StopView[];
  pending: number;
  refused: number;
  open: number; // stops to be done
}

/** How long an answer may not have reached what the next reading says. */
const SETTLING = 180_000;
const RANK: Record<DispatchStopStatus, number> = { planned: 0, arrived: 1, delivered: 2, failed: 2 };
const RESULT: Partial<Record<Action["operation"], DispatchStopStatus>> = {
  "dispatch.stop.arrive": "arrived",
  "dispatch.delivery.confirm": "delivered",
  "dispatch.delivery.fail": "failed",
};

const counts = (action: Action): boolean => action.state === "waiting" || action.state === "done";

/** Done not long before the server's word, so that the word may be older. */
const isFresh = (action: Action, at: number): boolean => action.state === "waiting" || (action.state === "done" && (action.settled_at ?? 0) > at - SETTLING);

function stopView(route_id: string, stop: DispatchDayStop, day: Day, actions: readonly Action[]): StopView {
  const own = actions.filter((action) => action.subject.stop_id === stop.stop_id);
  let status = stop.status;
  for (const action of own) {
    const result = RESULT[action.operation];
    if (counts(action) && result && RANK[result] > RANK[status]) status = result;
  }
  const receipts = actions.filter((action) => action.operation === "collection.receipt.record" && counts(action));
  const left = receipts
    .filter((action) => action.subject.customer_id === stop.customer_id && isFresh(action, day.at))
    .map((action) => action.subject.due_left ?? Infinity);
  return {
    ...stop,
    route_id,
    status,
    pending: own.filter((action) => action.state === "waiting").length,
    refused: own.filter((action) => action.state === "refused").length,
    due_left: Math.max(0, Math.min(stop.due, ...left)),
    taken: receipts.filter((action) => action.subject.stop_id === stop.stop_id).reduce((sum, action) => sum + Number(action.request["amount"]), 0),
    given_back: own.some((action) => action.operation === "dispatch.goods.return" && counts(action)),
  };
}

export function viewOf(day: Day, actions: readonly Action[]): RouteView[] {
  return day.routes.map((route) => {
    const stops = route.stops.map((stop) => stopView(route.route_id, stop, day, actions));
    const own = actions.filter((action) => action.subject.route_id === route.route_id);
    const started = own.some((action) => action.operation === "dispatch.route.start" && counts(action));
    return {
      ...route,
      stops,
      status: started && (route.status === "loaded" || route.status === "published") ? "started" : route.status,
      pending: own.filter((action) => action.state === "waiting").length,
      refused: own.filter((action) => action.state === "refused").length,
      open: stops.filter((stop) => RANK[stop.status] < 2).length,
    };
  });
}

/** The stop to drive to: the first that is not done, the one where the driver is before all others. */
export function nextStop(route: RouteView): StopView | undefined {
  return route.stops.find((stop) => stop.status === "arrived") ?? route.stops.find((stop) => stop.status === "planned");
}

export interface GoodsView {
  product_id: string;
  product: string;
  unit: string;
  loaded: number;
  delivered: number;
  taken_back: number;
  on_truck: number; // what is to be handed back at the end
  counted?: number; // by the driver, as the server or the queue knows it
}

/** What is on the truck, as far as the phone knows: the server's count and what it has not heard of. */
export function goodsView(goods: readonly DispatchRouteGoods[], read_at: number, route_id: string, actions: readonly Action[]): GoodsView[] {
  const later = actions.filter(
    (action) => action.subject.route_id === route_id && (action.state === "waiting" || (action.state === "done" && (action.settled_at ?? 0) > read_at)),
  );
  const sum = (operation: Action["operation"], product_id: string): number =>
    later
      .filter((action) => action.operation === operation)
      .flatMap((action) => action.request["lines"] as { product_id: string; quantity: number }[])
      .reduce((total, line) => total + (line.product_id === product_id ? line.quantity : 0), 0);
  const counts = later
    .filter((action) => action.operation === "dispatch.route.count")
    .flatMap((action) => action.request["counted"] as { product_id: string; quantity: number }[]);
  return goods.map((line) => {
    const delivered = line.delivered + sum("dispatch.delivery.confirm", line.product_id);
    const taken_back = line.taken_back + sum("dispatch.goods.return", line.product_id);
    return {
      product_id: line.product_id,
      product: productName(line),
      unit: line.unit ?? "",
      loaded: line.loaded,
      delivered,
      taken_back,
      on_truck: line.loaded - delivered + taken_back - line.handed_back,
      counted: counts.findLast((one) => one.product_id === line.product_id)?.quantity ?? line.counted,
    };
  });
}

/** Cash and cheques that the driver holds: what the server counted, and receipts it has not heard of. */
export function cashInHand(
  known: { cash: number; cheques: number; receipts: number; at: number } | undefined,
  actions: readonly Action[],
): { cash: number; cheques: number; receipts: number } {
  const handed = Math.max(0, ...actions.filter((action) => action.operation === "collection.remittance.hand" && counts(action)).map((action) => action.sequence));
  const wasHanded = actions.some((action) => action.sequence === handed && isAfter(action, known?.at ?? 0));
  const later = actions.filter(
    (action) => action.operation === "collection.receipt.record" && counts(action) && isAfter(action, known?.at ?? 0) && action.sequence > (wasHanded ? handed : 0),
  );
  const sum = (method: string): number => later.filter((action) => action.request["method"] === method).reduce((total, action) => total + Number(action.request["amount"]), 0);
  const start = known && !wasHanded ? known : { cash: 0, cheques: 0, receipts: 0 };
  return {
    cash: start.cash + sum("cash"),
    cheques: start.cheques + sum("cheque"),
    receipts: start.receipts + later.filter((action) => action.request["method"] === "cash" || action.request["method"] === "cheque").length,
  };
}

function isAfter(action: Action, at: number): boolean {
  return action.state === "waiting" || (action.settled_at ?? 0) > at;
}

