/** What the board knows of a day: which event makes what old, what a route is called, how marks stand beside each other. */
import { describe, expect, it } from "vitest";
import type { DispatchMapPlace } from "@/schema/types";
import { concernedBy, isMovable, letterOf } from "@/staff/screens/dispatch/day";
import { brokenLimit, offerText } from "@/staff/screens/dispatch/offers";
import { spread } from "@/staff/screens/dispatch/spread";

const place = (order_id: string, route_id?: string): DispatchMapPlace => ({
  place_id: order_id, order_id, order_number: order_id, delivery_date: "2026-11-24", customer_id: "c", is_pinned: false, is_kept: false, is_held: false, is_urgent: false, is_excluded: false, load: 1000, amount: 100,
  ...(route_id ? { route_id, stop_id: `s${order_id}`, position: 1, status: "planned" as const } : {}),
});
const happening = (event: string, body: Record<string, unknown>) => ({ event, body }) as unknown as Parameters<typeof concernedBy>[0];
const routes = new Map([["r1", {}]]);
const places = [place("o1", "r1"), place("o2")];
const of = (event: string, body: Record<string, unknown>) => concernedBy(happening(event, body), places, routes, "2026-11-24");

describe("what an event makes old", () => {
  it("is the route it names and what waits, of this day only", () => {
    expect(of("dispatch.route.changed", { route_id: "r1", delivery_date: "2026-11-24" })).toEqual({ routes: ["r1"], waiting: true });
    expect(of("dispatch.route.changed", { route_id: "new", delivery_date: "2026-11-24" })).toEqual({ routes: ["new"], waiting: true });
    expect(of("dispatch.route.changed", { route_id: "new", delivery_date: "2026-11-25" })).toBeUndefined();
    expect(of("dispatch.delivery.failed", { route_id: "elsewhere", order_id: "o9" })).toBeUndefined();
  });

  it("is the route alone when a driver arrives or delivers", () => {
    expect(of("dispatch.stop.arrived", { route_id: "r1" })).toEqual({ routes: ["r1"], waiting: false });
    expect(of("dispatch.delivery.confirmed", { route_id: "r1" })).toEqual({ routes: ["r1"], waiting: false });
    expect(of("dispatch.delivery.failed", { route_id: "r1" })).toEqual({ routes: ["r1"], waiting: true });
  });

  it("is what waits, and the route an order is on, when an order changes", () => {
    expect(of("dispatch.order.cancelled", { order_id: "o1" })).toEqual({ routes: ["r1"], waiting: true });
    expect(of("dispatch.order.placed", { order_id: "o7" })).toEqual({ routes: [], waiting: true });
    expect(of("dispatch.list.closed", { list_id: "l" })).toEqual({ routes: [], waiting: true });
  });
});

describe("a route's letter", () => {
  it("goes on after Z", () => expect([0, 1, 25, 26, 27, 51, 52, 701, 702].map(letterOf)).toEqual(["A", "B", "Z", "AA", "AB", "AZ", "BA", "ZZ", "AAA"]));
});

describe("what may be moved", () => {
  it("waits, or is planned on a route that is not closed", () => {
    expect(isMovable(place("o2"))).toBe(true);
    expect(isMovable(place("o1", "r1"), { status: "draft" })).toBe(true);
    expect(isMovable(place("o1", "r1"), { status: "closed" })).toBe(false);
    expect(isMovable({ ...place("o1", "r1"), status: "delivered" }, { status: "started" })).toBe(false);
  });
});

describe("an offer", () => {
  const offer = { route_id: "r1", number: "PS-1", status: "draft" as const, position: 2, extra_distance_m: 3240, extra_minutes: 14, extra_cost: 1230, room: 5000, has_goods: true, fits: true };
  it("says cost, way and time, or why not", () => {
    expect(offerText(offer)).toBe("+¥12.30 · +3.2 km · +14 分钟");
    expect(offerText({ ...offer, fits: false, reason: "window", amount: 700 })).toBe("不合适：比客户的时间窗晚 12 分钟");
    expect(offerText({ ...offer, fits: false, reason: "property", missing: ["tail_lift"] })).toContain("不合适：车辆缺少：");
    expect(offerText({ ...offer, fits: false, has_goods: false })).toBe("不合适：车上没有这些货");
    expect(offerText({ ...offer, fits: false, compartment: "前罐 少 2" })).toBe("不合适：前罐 少 2");
    expect(offerText(undefined)).toBe("");
    expect(brokenLimit("distance 3200")).toBe("超出最长里程 3.2 公里");
    expect(brokenLimit("something new")).toBe("something new");
  });
});

describe("marks", () => {
  it("stand apart, and not far from where they belong", () => {
    const home = Array.from({ length: 5 }, () => ({ x: 100, y: 100 })).concat([{ x: 400, y: 50 }]);
    const found = spread(home, 20, 30);
    expect(found[5]).toEqual({ x: 400, y: 50 });
    for (const [index, one] of found.slice(0, 5).entries()) {
      expect(Math.hypot(one.x - 100, one.y - 100)).toBeLessThanOrEqual(30.001);
      for (const other of found.slice(0, index)) expect(Math.hypot(one.x - other.x, one.y - other.y)).toBeGreaterThan(8);
    }
  });

  it("stay where they are when nothing hides them, however many they are", () => {
    const home = Array.from({ length: 900 }, (_, index) => ({ x: (index % 30) * 21, y: Math.floor(index / 30) * 21 }));
    expect(spread(home, 20, 30)).toEqual(home);
  });
});
