import { effectScope } from "vue";
import { describe, expect, it } from "vitest";
import { EventReader, matches, tellEvent, useEvents } from "@/common/events";

describe("the event stream", () => {
  it("is read however it is cut into pieces", () => {
    const text = 'retry: 500\nid: A\n\nid: B\nevent: dispatch.order.placed\ndata: {"a":1}\n\n: still here\nid: C\n\nevent: x\ndata: one\ndata: two\n\n';
    for (const size of [1, 2, 7, 1000]) {
      const reader = new EventReader();
      const found = [];
      for (let at = 0; at < text.length; at += size) found.push(...reader.read(text.slice(at, at + size)));
      expect(found).toEqual([{ event: "dispatch.order.placed", data: '{"a":1}' }, { event: "x", data: "one\ntwo" }]);
      expect(reader.id).toBe("C");
    }
  });

  it("is told to those who want it, as long as they are there", () => {
    const heard: string[] = [];
    const scope = effectScope();
    scope.run(() => useEvents(["dispatch.*", "*.approval.opened"], (one) => heard.push(one.event)));
    for (const event of ["dispatch.order.placed", "collection.approval.opened", "leads.lead.assigned"]) tellEvent(event, JSON.stringify({ event }));
    tellEvent("dispatch.order.placed", "{broken");
    scope.stop();
    tellEvent("dispatch.order.placed", '{"event":"late"}');
    expect(heard).toEqual(["dispatch.order.placed", "collection.approval.opened"]);
  });

  it("knows names by their pattern", () => {
    expect(matches("dispatch.*", "dispatch.order.placed")).toBe(true);
    expect(matches("dispatch.*", "dispatches.order.placed")).toBe(false);
    expect(matches("*.approval.opened", "contracts.approval.opened")).toBe(true);
    expect(matches("a.b.c", "a.b.d")).toBe(false);
  });
});
