import { describe, expect, it } from "vitest";
import { cashInHand, goodsView, nextStop, viewOf, type Day } from "../src/driver/day";
import { distanceOf, distanceText, isShifted, linksTo, sketch, spread, toGcj02 } from "../src/driver/ground";
import type { Action } from "../src/driver/queue";
import type { DispatchDayStop } from "../src/schema/types";

const stop = (id: string, more: Partial<DispatchDayStop> = {}): DispatchDayStop => ({
  stop_id: id,
  order_id: `o-${id}`,
  order_number: id,
  customer_id: `c-${id}`,
  customer: id,
  position: 1,
  status: "planned",
  is_held: false,
  service_minutes: 10,
  due: 10_000,
  balance: 10_000,
  credit: 0,
  amount: 5_000,
  payment_term: "next_delivery",
  goods: "气×2",
  ...more,
});

const day: Day = {
  at: 1_000_000,
  routes: [{ route_id: "r", number: "PS-1", delivery_date: "2026-11-23", status: "loaded", depot_id: "d", distance_m: 1, stops: [stop("a"), stop("b")] }],
};

let count = 0;
const action = (operation: Action["operation"], stop_id: string, more: Partial<Action> = {}): Action => ({
  sequence: ++count,
  key: String(count),
  person: "p",
  operation,
  request: {},
  subject: { route_id: "r", stop_id, customer_id: `c-${stop_id}`, label: stop_id },
  made_at: 0,
  state: "waiting",
  attempts: 0,
  answered: 0,
  not_before: 0,
  ...more,
});
const paid = (stop_id: string, amount: number, due_left: number, more: Partial<Action> = {}): Action =>
  action("collection.receipt.record", stop_id, { request: { amount, method: "cash" }, subject: { route_id: "r", stop_id, customer_id: `c-${stop_id}`, label: "", due_left }, ...more });

describe("the day over which the queue lies", () => {
  it("is what the server said when nothing was done", () => {
    const [route] = viewOf(day, []);
    expect(route).toMatchObject({ status: "loaded", open: 2, pending: 0 });
    expect(nextStop(route!)!.stop_id).toBe("a");
  });

  it("shows at once what was done, and that it is not sent", () => {
    const [route] = viewOf(day, [action("dispatch.route.start", ""), action("dispatch.stop.arrive", "b"), action("dispatch.delivery.fail", "a", { state: "done", settled_at: 5 })]);
    expect(route).toMatchObject({ status: "started", open: 1, pending: 2 });
    expect(route!.stops.map((one) => [one.status, one.pending])).toEqual([
      ["failed", 0],
      ["arrived", 1],
    ]);
    expect(nextStop(route!)!.stop_id).toBe("b");
  });

  it("takes back what was refused or given up", () => {
    const [route] = viewOf(day, [action("dispatch.delivery.confirm", "a", { state: "refused" }), action("dispatch.delivery.confirm", "b", { state: "given_up" })]);
    expect(route!.stops.map((one) => [one.status, one.refused])).toEqual([
      ["planned", 1],
      ["planned", 0],
    ]);
  });

  it("never says less than the server", () => {
    const later: Day = { ...day, routes: [{ ...day.routes[0]!, status: "started", stops: [stop("a", { status: "delivered" })] }] };
    expect(viewOf(later, [action("dispatch.stop.arrive", "a")])[0]!.stops[0]!.status).toBe("delivered");
  });

  it("takes a payment off what is due, once", () => {
    const due = (at: number, ...actions: Action[]) => viewOf({ ...day, at }, actions)[0]!.stops[0]!.due_left;
    expect(due(day.at, paid("a", 4_000, 6_000))).toBe(6_000);
    expect(due(day.at, paid("a", 4_000, 6_000), paid("a", 7_000, 0))).toBe(0);
    expect(due(day.at, paid("a", 4_000, 6_000, { state: "refused" }))).toBe(10_000);
    expect(due(day.at + 10_000, paid("a", 4_000, 6_000, { state: "done", settled_at: day.at }))).toBe(6_000);
    expect(due(day.at + 600_000, paid("a", 4_000, 6_000, { state: "done", settled_at: day.at }))).toBe(10_000);
    expect(viewOf(day, [paid("a", 4_000, 6_000)])[0]!.stops[0]!.taken).toBe(4_000);
  });
});

describe("goods and cash", () => {
  const goods = [{ product_id: "p", product: "气", unit: "瓶", loaded: 10_000, delivered: 2_000, taken_back: 0, handed_back: 0, difference: 0 }];

  it("counts what the server has not heard of", () => {
    const delivered = action("dispatch.delivery.confirm", "a", { request: { lines: [{ product_id: "p", quantity: 3_000 }] } });
    const back = action("dispatch.goods.return", "a", { request: { lines: [{ product_id: "p", quantity: 1_000 }] } });
    const known = action("dispatch.delivery.confirm", "b", { state: "done", settled_at: 900, request: { lines: [{ product_id: "p", quantity: 2_000 }] } });
    expect(goodsView(goods, 1_000, "r", [known, delivered, back])).toEqual([
      { product_id: "p", product: "气", unit: "瓶", loaded: 10_000, delivered: 5_000, taken_back: 1_000, on_truck: 6_000 },
    ]);
    expect(goodsView(goods, 1_000, "other", [delivered])[0]!.on_truck).toBe(8_000);
  });

  it("adds receipts that are not sent, and starts anew after a remittance", () => {
    const known = { cash: 5_000, cheques: 0, receipts: 1, at: 1_000 };
    const old = paid("a", 5_000, 0, { state: "done", settled_at: 900 });
    const fresh = paid("b", 700, 0);
    const wechat = action("collection.receipt.record", "b", { request: { amount: 300, method: "wechat" } });
    expect(cashInHand(known, [old, fresh, wechat])).toEqual({ cash: 5_700, cheques: 0, receipts: 2 });
    const handed = action("collection.remittance.hand", "", { state: "waiting" });
    expect(cashInHand(known, [old, fresh, handed])).toEqual({ cash: 0, cheques: 0, receipts: 0 });
    const later = paid("a", 100, 0);
    expect(cashInHand(known, [old, fresh, handed, later])).toEqual({ cash: 100, cheques: 0, receipts: 1 });
    expect(cashInHand({ cash: 100, cheques: 0, receipts: 1, at: 9_000 }, [{ ...handed, state: "done", settled_at: 5_000 }, { ...later, state: "done", settled_at: 6_000 }])).toEqual({
      cash: 100,
      cheques: 0,
      receipts: 1,
    });
    expect(cashInHand(undefined, [])).toEqual({ cash: 0, cheques: 0, receipts: 0 });
  });
});

describe("the ground", () => {
  it("moves WGS-84 to where Chinese maps draw it", () => {
    const moved = toGcj02(31.1774276, 121.5272106);
    expect(moved.latitude).toBeCloseTo(31.17530398364597, 7);
    expect(moved.longitude).toBeCloseTo(121.531541859215, 7);
    expect(toGcj02(48.8566, 2.3522)).toEqual({ latitude: 48.8566, longitude: 2.3522 });
    expect(isShifted(31, 121)).toBe(true);
  });

  it("links into map apps, each with the coordinates it wants", () => {
    const links = linksTo({ latitude_e7: 311774276, longitude_e7: 1215272106 }, "晨光, 餐厅");
    expect(links.amap).toBe(`https://uri.amap.com/navigation?to=121.531542,31.175304,${encodeURIComponent("晨光  餐厅")}&mode=car&coordinate=gaode&callnative=1&src=songda`);
    expect(links.baidu).toContain("latlng:31.175304,121.531542&coord_type=gcj02");
    expect(links.geo).toMatch(/^geo:31\.177428,121\.527211\?q=31\.177428,121\.527211\(/);
  });

  it("measures", () => {
    const metres = distanceOf({ latitude_e7: 312304000, longitude_e7: 1214737000 }, { latitude_e7: 302741000, longitude_e7: 1201551000 });
    expect(metres).toBeGreaterThan(163_000);
    expect(metres).toBeLessThan(166_000);
    expect([distanceText(44), distanceText(995), distanceText(1_240), distanceText(18_400)]).toEqual(["40 m", "1000 m", "1.2 km", "18 km"]);
  });

  it("draws everything inside the sheet, north up, also a single stop", () => {
    const points = sketch([{ latitude_e7: 310000000, longitude_e7: 1210000000 }, { latitude_e7: 311000000, longitude_e7: 1212000000 }], 340, 220, 26);
    expect(points[0]!.x).toBeLessThan(points[1]!.x);
    expect(points[0]!.y).toBeGreaterThan(points[1]!.y);
    for (const point of points) {
      expect(point.x).toBeGreaterThanOrEqual(25.9);
      expect(point.x).toBeLessThanOrEqual(314.1);
    }
    expect(sketch([{ latitude_e7: 310000000, longitude_e7: 1210000000 }], 340, 220, 26)).toEqual([{ x: 170, y: 110 }]);
    expect(sketch([], 340, 220, 26)).toEqual([]);
  });

  it("moves apart what would hide each other", () => {
    const moved = spread(Array.from({ length: 4 }, () => ({ x: 100, y: 100 })), 26, 340, 220);
    for (let i = 0; i < 4; i++) for (let k = i + 1; k < 4; k++) expect(Math.hypot(moved[i]!.x - moved[k]!.x, moved[i]!.y - moved[k]!.y)).toBeGreaterThan(20);
  });
});

describe("the driver's own count", () => {
  it("is the last one, from the queue before the server's", () => {
    const goods = [{ product_id: "p", product: "气", unit: "瓶", loaded: 10_000, delivered: 2_000, taken_back: 0, handed_back: 0, difference: 0, counted: 7_000 }];
    const count = (quantity: number, more: Partial<Action> = {}) => action("dispatch.route.count", "", { request: { counted: [{ product_id: "p", quantity }] }, ...more });
    expect(goodsView(goods, 1_000, "r", [])[0]!.counted).toBe(7_000);
    expect(goodsView(goods, 1_000, "r", [count(6_000), count(8_000)])[0]!.counted).toBe(8_000);
    expect(goodsView(goods, 1_000, "r", [count(6_000, { state: "refused" })])[0]!.counted).toBe(7_000);
  });
});
