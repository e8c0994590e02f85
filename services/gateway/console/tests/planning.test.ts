import { describe, expect, it } from "vitest";
import { driveText, leftOutText, limitText, reasonText, shortageText, travelText } from "../src/staff/screens/dispatch/planning";

const order = { order_id: "1", order_number: "DD1", reason: "fits" as const, amount: 100 };

describe("a plan in words", () => {
  it("says what serving an order would have cost", () => {
    const text = leftOutText({ ...order, serve_cost: 4500, leave_out_price: 3000 });
    expect(text).toContain("45.00");
    expect(text).toContain("30.00");
  });
  it("says by how much a limit is broken, in minutes and kilometres", () => {
    expect(leftOutText({ ...order, reason: "window", amount: 5399 })).toContain("1");
    expect(limitText("distance", 12345)).toContain("12.3");
    expect(limitText("capacity", 12500)).toContain("12.5");
    expect(limitText("stops", 2)).toContain("2");
  });
  it("names what a vehicle lacks and what an address forbids", () => {
    expect(leftOutText({ ...order, reason: "property", missing: ["pump"], unwanted: ["large"] })).toMatch(/车载泵.*大型车|pump.*large/);
    expect(reasonText({ reason: "property", missing: [], unwanted: [] })).toMatch(/隔舱|compartment/);
  });
  it("says by how many days a paper ends too early, and what a depot lacks", () => {
    expect(limitText("inspection", 6)).toContain("6");
    expect(limitText("licence", 3)).toContain("3");
    expect(shortageText({ depot_id: "1", depot: "西库", product_id: "2", product: "氮气", unit: "瓶", quantity: 5000 })).toMatch(/西库.*氮气.*5/);
  });
  it("counts hours of the clock, not of a working day", () => {
    expect(driveText(11 * 3600 + 5 * 60)).toMatch(/^11\D+5\D+$/);
    expect(driveText(59)).toMatch(/^1\D+$/);
  });
  it("warns where the server of distances did not answer", () => {
    expect(travelText("server_failed", undefined).is_bad).toBe(true);
    expect(travelText("great_circle", "2/30").text).toContain("2/30");
    expect(travelText(undefined, undefined)).toEqual({ text: "", is_bad: false });
  });
});
