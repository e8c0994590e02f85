/** The line to the server for what runs by itself: a queue's action goes out under its own person's name and its own key. */
import { call, type Reply, type Request } from "../common/call";
import { language } from "../common/words";
import { Client } from "../schema/client";
import type { OperationName } from "../schema/types";
import { outcomeOf, type Action, type Outcome } from "./queue";

/** A phone at the edge of the network: rather ask again than wait for ever. */
const PATIENCE_MS = 20_000;

/** The server refuses it when the session is another person's by now (another tab, another sign-in). */
function clientOf(person: string): Client {
  return new Client({
    language: () => language.value,
    attempts: 1,
    fetch: (address, options) => {
      const headers = new Headers(options?.headers);
      headers.set("X-Requested-With", "songda-console");
      headers.set("X-Songda-Person", person);
      return fetch(address, { ...options, headers, cache: "no-store" });
    },
  });
}

export async function send(action: Action): Promise<Outcome> {
  try {
    const reply = await clientOf(action.person).call(action.operation, action.request as unknown as Request<typeof action.operation>, {
      key: action.key,
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    return { kind: "done", reply: reply as unknown as Record<string, unknown> };
  } catch (thrown) {
    return outcomeOf(thrown);
  }
}

/** A reading that nobody waits for with a dialog. */
export function read<N extends OperationName>(name: N, request: Request<N>): Promise<Reply<N>> {
  return call(name, request, { quiet: true, signal: AbortSignal.timeout(PATIENCE_MS) });
}
