import "fake-indexeddb/auto";
import { describe, expect, it } from "vitest";
import { filesOf } from "../src/driver/offline/plugin";
import { firstSmall } from "../src/driver/picture";
import { above, hashOf, placeOf, type Place } from "../src/driver/place";
import type { Action } from "../src/driver/queue";
import { Phone } from "../src/driver/store";
import { numberAfter } from "../src/driver/book";

const action = (person: string, more: Partial<Action> = {}): Omit<Action, "sequence"> => ({
  key: "k",
  person,
  operation: "dispatch.stop.arrive",
  request: { stop_id: "s" },
  subject: { stop_id: "s", label: "s" },
  made_at: 1,
  state: "waiting",
  attempts: 0,
  answered: 0,
  not_before: 0,
  ...more,
});

describe("what the phone keeps", () => {
  it("keeps actions in their order, each person's apart, over a reload", async () => {
    const phone = new Phone("one");
    await phone.add(action("a", { key: "1" }));
    await phone.add(action("b", { key: "2" }));
    const third = await phone.add(action("a", { key: "3" }));
    await phone.put({ ...third, state: "refused" });
    const again = new Phone("one");
    expect((await again.all("a")).map((one) => [one.key, one.state])).toEqual([
      ["1", "waiting"],
      ["3", "refused"],
    ]);
    expect(await again.count("a")).toBe(1);
    expect(await again.count("b")).toBe(2);
  });

  it("clears a person's data, and neither open actions nor anything of somebody else", async () => {
    const phone = new Phone("two");
    await phone.keep("a", "day", { at: 1 });
    await phone.keep("a", "card/x", 7);
    await phone.keep("ab", "day", { at: 2 });
    await phone.add(action("a"));
    await phone.add(action("a", { state: "done" }));
    expect(await phone.keptAll("a", "card/")).toEqual(new Map([["x", 7]]));
    await phone.clear("a");
    expect(await phone.kept("a", "day")).toBeUndefined();
    expect((await phone.keptAll("a", "card/")).size).toBe(0);
    expect(await phone.kept("ab", "day")).toEqual({ at: 2 });
    expect((await phone.all("a")).map((one) => one.state)).toEqual(["waiting"]);
    await phone.forget("ab", "day");
    expect(await phone.kept("ab", "day")).toBeUndefined();
  });
});

describe("the receipt book", () => {
  it("counts the last digits up, as wide as they were", () => {
    expect(numberAfter("SH01-SJ-2026-000009")).toBe("SH01-SJ-2026-000010");
    expect(numberAfter("SJ999")).toBe("SJ1000");
    expect(numberAfter(" A007b ")).toBe("A008b");
    expect(numberAfter("none")).toBeUndefined();
    expect(numberAfter("00999999999999999999")).toBe("01000000000000000000");
  });
});

describe("addresses of screens", () => {
  const places: Place[] = [
    { screen: "today" },
    { screen: "today", route: "r" },
    { screen: "stop", stop: "s" },
    { screen: "deliver", stop: "s" },
    { screen: "collect", stop: "s", correct: 12 },
    { screen: "fail", stop: "s" },
    { screen: "return", stop: "s" },
    { screen: "end", route: "r" },
    { screen: "cash" },
    { screen: "cash", correct: 3 },
    { screen: "queue" },
    { screen: "me" },
  ];

  it.each(places)("%o comes back from its address", (place) => {
    expect(placeOf(hashOf(place))).toEqual(place);
  });

  it("leads nowhere strange", () => {
    expect(placeOf("#/nonsense/1/2")).toEqual({ screen: "today" });
    expect(above({ screen: "deliver", stop: "s" })).toEqual({ screen: "stop", stop: "s" });
    expect(above({ screen: "queue" })).toEqual({ screen: "today" });
  });
});

describe("pictures", () => {
  it("takes the first that is small enough, and says when none is", async () => {
    const sizes = [90_000, 61_000, 59_000, 100];
    const attempts = sizes.map((size) => () => Promise.resolve(new Blob([new Uint8Array(size)])));
    expect((await firstSmall(attempts)).size).toBe(59_000);
    await expect(firstSmall(attempts.slice(0, 2))).rejects.toThrow();
    await expect(firstSmall([() => Promise.resolve(new Blob([]))])).rejects.toThrow();
  });
});

describe("the worker's list", () => {
  it("has everything that the page needs and nothing of the other entry", () => {
    const chunk = (fileName: string, imports: string[], css: string[] = []) => ({
      type: "chunk" as const,
      fileName,
      imports,
      dynamicImports: [],
      viteMetadata: { importedCss: new Set(css), importedAssets: new Set<string>() },
    });
    const bundle = {
      "driver.js": chunk("driver.js", ["shared.js"], ["driver.css"]),
      "shared.js": chunk("shared.js", ["driver.js"], ["shared.css"]),
      "staff.js": chunk("staff.js", ["shared.js"], ["staff.css"]),
    };
    expect(filesOf(bundle, "driver.js")).toEqual(["driver.css", "driver.js", "shared.css", "shared.js"]);
  });
});
