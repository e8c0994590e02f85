import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { call, listFile, pages, Problem, refusalOf, signIn, signOut } from "@/common/call";
import { dropDraft, keepDraft, newDraft, readDraft } from "@/common/draft";
import { isExpired, may, person, signedIn, signedOut, type Person } from "@/common/session";

const someone: Person = {
  staff_id: "s1", session_id: "x1", name: "高明", sign_in_name: "operator@SH01", branch_id: "b", branch: "上海一分公司", branch_kind: "branch", company_id: "c",
  functions: ["operator"], must_change_password: false, expires_at: "2026-11-20T09:30:00+08:00",
};
const opened = { token: "t", expires_at: "2026-11-20T19:30:00+08:00", session_id: "x2", staff_id: "s1", name: "高明", branch_id: "b", branch: { name: "上海一分公司", kind: "branch", company_id: "c" }, functions: ["operator"], must_change_password: false };

interface Sent {
  path: string;
  method: string;
  headers: Headers;
  body: unknown;
}
let sent: Sent[];
let answers: ((one: Sent) => Response | Promise<Response>)[];

const reply = (body: unknown, status = 200) => () => new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json" } });
const problem = (status: number, error: string, rest: object = {}) => reply({ status, error, class: "no", detail: `sentence of ${error}`, ...rest }, status);

beforeEach(() => {
  sent = [];
  answers = [];
  localStorage.clear();
  sessionStorage.clear();
  person.value = undefined;
  isExpired.value = false;
  signedIn(someone);
  vi.stubGlobal("fetch", async (path: string, options: RequestInit) => {
    const one = { path, method: options.method!, headers: new Headers(options.headers), body: options.body ? JSON.parse(String(options.body)) : undefined };
    sent.push(one);
    const answer = answers.shift();
    if (!answer) throw new TypeError("no network");
    return answer(one);
  });
});

afterEach(() => vi.unstubAllGlobals());

describe("a file of a list", () => {
  const signal = new AbortController().signal;

  it("is asked for with the list's own filters, in the screen's language", async () => {
    answers = [() => new Response("编号\n1")];
    expect(await (await listFile("dispatch.order.list", "csv", { delivery_date: "2026-11-20" }, signal)).text()).toBe("编号\n1");
    expect(sent[0]!.path).toBe("/papers/lists/dispatch.order.list.csv?delivery_date=2026-11-20");
    expect(sent[0]!.headers.get("Accept-Language")).toBe("zh");
    expect(sent[0]!.headers.get("X-Requested-With")).toBe("songda-console");
  });

  it("is refused in the server's words, and lost when there is no answer", async () => {
    answers = [problem(403, "forbidden")];
    await expect(listFile("dispatch.order.list", "xlsx", {}, signal)).rejects.toMatchObject({ error: "forbidden", status: 403, class: "no" });
    const gone = await listFile("dispatch.order.list", "xlsx", {}, signal).catch((thrown: unknown) => thrown);
    expect(gone).toBeInstanceOf(Problem);
    expect(gone).toMatchObject({ error: "", class: "unknown" });
  });
});

describe("a call", () => {
  it("says that it comes from the page, in the screen's language, with a key when it writes", async () => {
    answers = [reply({ items: [] }), reply({ session_id: "x1" })];
    await call("staff.branch.list", {});
    await call("staff.session.close", {});
    expect(sent[0]!.headers.get("X-Requested-With")).toBe("songda-console");
    expect(sent[0]!.headers.get("Accept-Language")).toBe("zh");
    expect(sent[0]!.headers.get("Idempotency-Key")).toBeNull();
    expect(sent[1]!.headers.get("Idempotency-Key")).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("sends again with the same key when the outcome is unknown", async () => {
    answers = [problem(504, "deadline_exceeded", { class: "unknown" }), reply({ session_id: "x1" })];
    await call("staff.session.close", {}, { key: "01976f2a-7c00-7000-8000-000000000001" });
    expect(sent.map((one) => one.headers.get("Idempotency-Key"))).toEqual(Array(2).fill("01976f2a-7c00-7000-8000-000000000001"));
  });

  it("waits for the password when the session is over, and then sends the same with the same key", async () => {
    answers = [problem(401, "not_signed_in"), reply(opened), reply({ session_id: "x2" })];
    const waiting = call("staff.session.revoke", { session_id: "x9" });
    await vi.waitFor(() => expect(isExpired.value).toBe(true));
    await signIn("operator@SH01", "secret");
    await waiting;
    expect(isExpired.value).toBe(false);
    expect([sent[0]!.path, sent[2]!.path]).toEqual(Array(2).fill("/api/v1/staff/sessions/x9"));
    expect(sent[2]!.headers.get("Idempotency-Key")).toBe(sent[0]!.headers.get("Idempotency-Key"));
  });

  it("fails when the person leaves instead", async () => {
    answers = [problem(401, "not_signed_in")];
    const waiting = call("staff.branch.list", {});
    await vi.waitFor(() => expect(isExpired.value).toBe(true));
    signedOut();
    await expect(waiting).rejects.toMatchObject({ error: "not_signed_in" });
    expect(person.value).toBeUndefined();
  });

  it("does not ask for a password for what runs by itself", async () => {
    answers = [problem(401, "not_signed_in")];
    await expect(call("staff.branch.list", {}, { quiet: true })).rejects.toMatchObject({ status: 401 });
    expect(isExpired.value).toBe(false);
  });

  it("reads all pages of a list", async () => {
    answers = [reply({ items: [1], next: "n" }), reply({ items: [2] })];
    const found: unknown[] = [];
    for await (const page of pages("dispatch.order.list", { status: "ready" })) found.push(...page.items);
    expect(found).toEqual([1, 2]);
    expect(sent[1]!.path).toBe("/api/v1/dispatch/orders?status=ready&after=n");
  });

  it("signs out even when nobody answers", async () => {
    await expect(signOut()).rejects.toBeDefined();
    expect(person.value).toBeUndefined();
    expect(localStorage.getItem("songda.person")).toBeNull();
  }, 10_000);
});

describe("a refusal", () => {
  it("has the rule's sentence, its number and the field", async () => {
    answers = [problem(422, "field_range", { field: "lines[3].quantity", policy: "D2" })];
    const thrown = await call("staff.branch.list", {}).catch((error: unknown) => error);
    expect(refusalOf(thrown)).toMatchObject({ sentence: "sentence of field_range", field: "lines[3].quantity", policy: "D2", isKnown: true });
  });

  it("is no refusal when nothing is known", async () => {
    const thrown = await call("staff.branch.list", {}).catch((error: unknown) => error);
    expect(refusalOf(thrown)).toMatchObject({ error: "", isKnown: false, status: 0 });
    expect(refusalOf(new Error("a mistake"))).toMatchObject({ error: "broken", isKnown: true });
  }, 10_000);
});

describe("a person", () => {
  it("may what the functions permit", () => {
    expect(may("dispatch.order.place")).toBe(true);
    expect(may("staff.password.set")).toBe(false);
    expect(may("staff.branch.list")).toBe(true);
  });

  it("finds their own drafts and nobody else's", () => {
    keepDraft("form", newDraft({ name: "晨光餐厅" }));
    expect(readDraft("form")?.values).toEqual({ name: "晨光餐厅" });
    signedIn({ ...someone, staff_id: "s2" });
    expect(readDraft("form")).toBeUndefined();
    signedIn(someone);
    dropDraft("form");
    expect(readDraft("form")).toBeUndefined();
  });

  it("survives a broken memory", () => {
    sessionStorage.setItem("songda.draft.s1.form", "{broken");
    expect(readDraft("form")).toBeUndefined();
  });
});
