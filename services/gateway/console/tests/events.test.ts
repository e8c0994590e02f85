import { effectScope } from "vue";
import { afterEach, describe, expect, it, vi } from "vitest";
import { connection, EventReader, matches, startEvents, stopEvents, tellEvent, useEvents } from "@/common/events";
import { signedIn, type Person } from "@/common/session";

afterEach(() => vi.unstubAllGlobals());

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

  it("goes on where a person left off who signs in again, and begins anew for another", async () => {
    const asked: (string | null)[] = [];
    vi.stubGlobal("fetch", async (_path: string, options: RequestInit) => {
      asked.push(new Headers(options.headers).get("Last-Event-ID"));
      const body = new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode(`id: place${asked.length}\n\n`)) });
      return new Response(body, { status: 200 });
    });
    const begin = async (staff_id: string) => {
      signedIn({ staff_id, session_id: String(asked.length), functions: [] as Person["functions"] } as Person);
      const before = asked.length;
      startEvents();
      await vi.waitFor(() => expect(asked.length).toBe(before + 1));
      await vi.waitFor(() => expect(connection.value).toBe("open"));
      await new Promise((resolve) => setTimeout(resolve));
    };
    await begin("s1");
    await begin("s1");
    await begin("s2");
    stopEvents();
    expect(connection.value).toBe("off");
    expect(asked).toEqual([null, "place1", null]);
  });

  it("knows names by their pattern", () => {
    expect(matches("dispatch.*", "dispatch.order.placed")).toBe(true);
    expect(matches("dispatch.*", "dispatches.order.placed")).toBe(false);
    expect(matches("*.approval.opened", "contracts.approval.opened")).toBe(true);
    expect(matches("a.b.c", "a.b.d")).toBe(false);
  });
});
