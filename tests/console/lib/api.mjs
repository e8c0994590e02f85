// api.mjs - asks the server as a person does, past the browser: to prepare what a test needs, and to do what somebody else does meanwhile.
import { randomBytes } from "node:crypto";

export const PASSWORD = "songda-demo-2026";

export class Api {
  constructor(origin, routes) {
    this.origin = origin;
    this.routes = routes;
    this.tokens = new Map();
  }

  async signIn(name, password = PASSWORD) {
    if (!this.tokens.has(name)) this.tokens.set(name, this.ask(undefined, "staff.session.open", { sign_in_name: name, password }));
    return this.tokens.get(name);
  }

  /** The reply; throws the problem's sentence. */
  async call(name, operation, request = {}) {
    const session = await this.signIn(name);
    return this.ask(session.token, operation, request);
  }

  async ask(token, operation, request) {
    const route = this.routes[operation];
    const left = { ...request };
    const path = route.path.replace(/\{([a-z0-9_]+)\}/g, (_, field) => {
      const value = left[field];
      delete left[field];
      return encodeURIComponent(value);
    });
    const isGet = route.method === "GET";
    const query = isGet ? new URLSearchParams(left).toString() : "";
    const response = await fetch(this.origin + path + (query ? `?${query}` : ""), {
      method: route.method,
      headers: { "Content-Type": "application/json", "Accept-Language": "zh", "Idempotency-Key": newKey(), ...(token ? { Authorization: `Bearer ${token}` } : {}) },
      ...(isGet ? {} : { body: JSON.stringify(left) }),
    });
    const reply = await response.json();
    if (!response.ok) throw new Error(`${operation}: ${response.status} ${reply.error} ${reply.detail} ${reply.field ?? ""}`);
    return reply;
  }
}

export function newKey() {
  const hex = Date.now().toString(16).padStart(12, "0") + randomBytes(10).toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** Asks until it is so: events need a moment from one service to another. */
export async function eventually(what, work, seconds = 20) {
  const until = Date.now() + seconds * 1000;
  for (;;) {
    try {
      const found = await work();
      if (found) return found;
    } catch (error) {
      if (Date.now() > until) throw error;
    }
    if (Date.now() > until) throw new Error(`not within ${seconds} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
}
