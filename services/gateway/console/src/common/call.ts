/** Asks the server. An expired session asks for the password and sends again; a refusal has a sentence and the field it belongs to. */
import { Client, newKey, Problem } from "../schema/client";
import type { OperationName, Operations } from "../schema/types";
import { personOf, person, signedIn, signedOut, waitForSignIn } from "./session";
import { language, t } from "./words";

export { newKey, Problem };

export type Request<N extends OperationName> = Operations[N]["request"];
export type Reply<N extends OperationName> = Operations[N]["reply"];

/** What a person is told of a request that was not done. */
export interface Refusal {
  error: string; // "" when there was no answer
  sentence: string;
  policy?: string; // the rule's number
  field?: string; // path: lines[3].quantity
  value?: string;
  isKnown: boolean; // it was certainly not done; else ask again with the same key
  status: number;
  trace?: string;
}

const ask: typeof fetch = (address, options) => {
  const headers = new Headers(options?.headers);
  headers.set("X-Requested-With", "songda-console");
  return fetch(address, { ...options, headers, cache: "no-store" });
};

const client = new Client({ language: () => language.value, fetch: ask });

export interface CallOptions {
  key?: string; // of a write; kept by the form until the outcome is known
  signal?: AbortSignal;
  quiet?: boolean; // an expired session is a refusal, no dialog: for what runs by itself
}

export async function call<N extends OperationName>(name: N, request: Request<N>, options: CallOptions = {}): Promise<Reply<N>> {
  const key = options.key ?? newKey();
  return whileSignedIn(() => client.call(name, request, { key, ...(options.signal ? { signal: options.signal } : {}) }), options.quiet);
}

/** When the session is over the person signs in again, and it goes on. */
async function whileSignedIn<T>(attempt: () => Promise<T>, quiet = false): Promise<T> {
  for (;;) {
    try {
      return await attempt();
    } catch (thrown) {
      const isOver = thrown instanceof Problem && thrown.error === "not_signed_in";
      if (!isOver || quiet || !person.value) throw thrown;
      await waitForSignIn();
    }
  }
}

/** All rows of a list as a file that the server makes. Throws Problem. */
export function listFile<N extends OperationName>(name: N, form: "csv" | "xlsx", request: Request<N>, signal: AbortSignal): Promise<Blob> {
  return whileSignedIn(() => client.file(name, form, request, { signal }));
}

const words = {
  unreachable: {
    zh: "与服务器的连接中断，结果未知。内容已保留，请再次提交，不会重复办理。",
    en: "The connection to the server was lost and the outcome is unknown. What you typed is kept; send it again, it will not be done twice.",
  },
  unknown: { zh: "没有及时得到答复，结果未知。请再次提交，不会重复办理。", en: "There was no answer in time and the outcome is unknown. Send it again, it will not be done twice." },
  broken: { zh: "页面出错，请重试；如仍出错，请告知系统管理员。", en: "The page made a mistake. Try again; if it stays, tell the administrator." },
};

export function refusalOf(thrown: unknown): Refusal {
  if (!(thrown instanceof Problem)) return { error: "broken", sentence: t(words.broken), isKnown: true, status: 0 };
  const isKnown = thrown.class !== "unknown";
  const silent = thrown.error === "";
  return {
    error: thrown.error,
    sentence: silent ? t(words.unreachable) : thrown.class === "unknown" ? t(words.unknown) : thrown.message,
    isKnown,
    status: thrown.status,
    ...(thrown.policy ? { policy: thrown.policy } : {}),
    ...(thrown.field ? { field: thrown.field } : {}),
    ...(thrown.value ? { value: thrown.value } : {}),
    ...(thrown.trace ? { trace: thrown.trace } : {}),
  };
}

export function isAborted(thrown: unknown, signal?: AbortSignal): boolean {
  return signal?.aborted === true || (thrown instanceof DOMException && thrown.name === "AbortError");
}

export async function signIn(name: string, password: string, key: string = newKey()): Promise<void> {
  const reply = await call("staff.session.open", { sign_in_name: name, password }, { key, quiet: true });
  signedIn(personOf(reply, name));
}

/** Also when the server cannot be reached: nothing of the person stays on the screen. */
export async function signOut(): Promise<void> {
  try {
    await call("staff.session.close", {}, { quiet: true });
  } finally {
    signedOut();
  }
}

/** All pages of a list. Stops at `most` rows. */
export async function* pages<N extends OperationName>(
  name: N,
  request: Request<N>,
  take = "after",
  give = "next",
  signal?: AbortSignal,
): AsyncGenerator<Reply<N>> {
  let at: unknown;
  do {
    const asked = at === undefined ? request : { ...request, [take]: at };
    const reply: Reply<N> = await call(name, asked, signal ? { signal } : {});
    yield reply;
    at = (reply as unknown as Record<string, unknown>)[give];
  } while (at !== undefined && at !== null && at !== "");
}
