/** What happens in the company, as it happens: one stream for the page, with its place kept, and a state that everybody can see. */
import { onScopeDispose, ref } from "vue";
import type { EventName, Events } from "../schema/types";
import { isExpired, person, waitForSignIn } from "./session";

export interface Happening<N extends EventName = EventName> {
  event: N;
  event_id: string;
  branch_id: string;
  number: number;
  occurred_at: string;
  body: Events[N];
}

export type Connection = "off" | "connecting" | "open" | "lost";

/** The live connection; `lost` is shown until it is found again. */
export const connection = ref<Connection>("off");

/** Counts each time the stream may have missed something: screens that show live things read again. */
export const gaps = ref(0);

type Listener = (happening: Happening) => void;

const listeners = new Set<{ wanted: (name: string) => boolean; tell: Listener }>();
const SILENCE = 45_000; // the server beats at least every 15 s
const RETRIES = [500, 1000, 2000, 4000, 8000];

let lastId = "";
let follows = ""; // whose place lastId is
let stop: AbortController | undefined;

/** Splits a stream's text into events; what is not complete stays. Exported for its tests. */
export class EventReader {
  private text = "";
  id = "";

  read(chunk: string): { event: string; data: string }[] {
    this.text += chunk;
    const found: { event: string; data: string }[] = [];
    for (;;) {
      const end = this.text.indexOf("\n\n");
      if (end < 0) return found;
      const one = this.take(this.text.slice(0, end));
      this.text = this.text.slice(end + 2);
      if (one) found.push(one);
    }
  }

  private take(block: string): { event: string; data: string } | undefined {
    let event = "message";
    const data: string[] = [];
    for (const line of block.split("\n")) {
      const colon = line.indexOf(":");
      const name = colon < 0 ? line : line.slice(0, colon);
      const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
      if (name === "id") this.id = value;
      else if (name === "event") event = value;
      else if (name === "data") data.push(value);
    }
    return data.length > 0 ? { event, data: data.join("\n") } : undefined;
  }
}

function tell(name: string, data: string): void {
  let happening: Happening;
  try {
    happening = JSON.parse(data) as Happening;
  } catch {
    return;
  }
  for (const listener of [...listeners]) if (listener.wanted(name)) listener.tell(happening);
}

/** Reads until the stream ends. Returns the HTTP status. */
async function listen(controller: AbortController): Promise<number> {
  const headers: Record<string, string> = { Accept: "text/event-stream", "X-Requested-With": "songda-console" };
  if (lastId) headers["Last-Event-ID"] = lastId;
  const response = await fetch("/api/v1/events", { headers, signal: controller.signal, cache: "no-store", credentials: "same-origin", priority: "low" });
  if (!response.ok || !response.body) return response.status;
  connection.value = "open";
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  const events = new EventReader();
  for (;;) {
    let patience: ReturnType<typeof setTimeout> | undefined;
    const silence = new Promise<never>((_, fail) => (patience = setTimeout(() => fail(new Error("silence")), SILENCE)));
    const { done, value } = await Promise.race([reader.read(), silence]).finally(() => clearTimeout(patience));
    if (done) return response.status;
    for (const one of events.read(decoder.decode(value, { stream: true }))) tell(one.event, one.data);
    lastId = events.id || lastId;
  }
}

function pause(milliseconds: number, controller: AbortController): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      window.removeEventListener("online", done);
      controller.signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    window.addEventListener("online", done);
    controller.signal.addEventListener("abort", done);
  });
}

async function follow(controller: AbortController): Promise<void> {
  let failures = 0;
  while (!controller.signal.aborted) {
    const inner = new AbortController();
    const pass = () => inner.abort();
    controller.signal.addEventListener("abort", pass);
    let status = 0;
    try {
      status = await listen(inner);
    } catch {
      inner.abort();
    }
    controller.signal.removeEventListener("abort", pass);
    if (controller.signal.aborted) return;
    if (status === 401 && person.value) {
      connection.value = "lost";
      try {
        await waitForSignIn();
      } catch {
        return;
      }
      continue;
    }
    if (status === 422) {
      lastId = ""; // the place is no longer known: begin now, and let screens read again
      gaps.value++;
    }
    failures = status === 200 ? 0 : failures + 1;
    if (failures > 0 || status === 0) connection.value = isExpired.value ? "lost" : failures > 1 ? "lost" : "connecting";
    await pause(RETRIES[Math.min(failures, RETRIES.length - 1)]! * (0.75 + Math.random() / 2), controller);
  }
}

/** Begins to listen for the person who is signed in: where they left off when they sign in again, else now. */
export function startEvents(): void {
  stopEvents();
  if (follows !== person.value?.staff_id) lastId = "";
  follows = person.value?.staff_id ?? "";
  stop = new AbortController();
  connection.value = "connecting";
  void follow(stop);
}

export function stopEvents(): void {
  stop?.abort();
  stop = undefined;
  connection.value = "off";
}

/** Tells of events by name; "dispatch.*" is all of a service, "*.approval.opened" that of every service. Returns how to stop. */
export function onEvents(names: readonly string[], listener: Listener): () => void {
  const wanted = (name: string) => names.some((one) => matches(one, name));
  const entry = { wanted, tell: listener };
  listeners.add(entry);
  return () => void listeners.delete(entry);
}

export function matches(pattern: string, name: string): boolean {
  if (pattern.endsWith(".*")) return name.startsWith(pattern.slice(0, -1));
  if (pattern.startsWith("*.")) return name.endsWith(pattern.slice(1));
  return pattern === name;
}

/** In a component: tells of events as long as it is there. */
export function useEvents(names: readonly string[], listener: Listener): void {
  onScopeDispose(onEvents(names, listener));
}

/** For tests and for what another channel brings. */
export const tellEvent = tell;
