import { beforeEach, describe, expect, it, vi } from "vitest";
import {
  dependsOn,
  isOpen,
  LONGEST_WAIT,
  mayChange,
  nextOf,
  outcomeOf,
  PATIENCE,
  Queue,
  waitAfter,
  waitsFor,
  type Action,
  type NewAction,
  type Outcome,
  type Store,
} from "../src/driver/queue";

class Memory implements Store {
  kept = new Map<number, Action>();
  last = 0;
  all(person: string): Promise<Action[]> {
    return Promise.resolve([...this.kept.values()].filter((one) => one.person === person).map((one) => structuredClone(one)));
  }
  add(action: Omit<Action, "sequence">): Promise<Action> {
    const kept = { ...structuredClone(action), sequence: ++this.last };
    this.kept.set(kept.sequence, kept);
    return Promise.resolve(structuredClone(kept));
  }
  put(action: Action): Promise<void> {
    this.kept.set(action.sequence, structuredClone(action));
    return Promise.resolve();
  }
  remove(sequence: number): Promise<void> {
    this.kept.delete(sequence);
    return Promise.resolve();
  }
  count(except: string): Promise<number> {
    return Promise.resolve([...this.kept.values()].filter((one) => one.person !== except && isOpen(one)).length);
  }
}

const done: Outcome = { kind: "done", reply: {} };
const silence: Outcome = { kind: "later", answered: false };
const busy: Outcome = { kind: "later", answered: true };
const refused: Outcome = { kind: "refused", refusal: { error: "stop_done", detail: "站点已完成", policy: "D6", status: 409 } };

const start = (route_id = "r1"): NewAction => ({ operation: "dispatch.route.start", request: { route_id }, subject: { route_id, label: route_id } });
const at = (operation: NewAction["operation"], stop_id: string, route_id = "r1"): NewAction => ({
  operation,
  request: { stop_id },
  subject: { route_id, stop_id, customer_id: `c-${stop_id}`, label: stop_id },
});
const arrive = (stop: string): NewAction => at("dispatch.stop.arrive", stop);
const confirm = (stop: string): NewAction => at("dispatch.delivery.confirm", stop);
const receipt = (stop: string): NewAction => at("collection.receipt.record", stop);
const hand: NewAction = { operation: "collection.remittance.hand", request: { lines: [] }, subject: { label: "cash" } };

let store: Memory;
let sent: { key: string; operation: string; label: string; person: string }[];
let answers: (Outcome | ((action: Action) => Outcome | Promise<Outcome>))[];
let time: number;
let person: string | undefined;
let keys: number;

/** One telephone's queue; answers are taken in turn, then everything is done. */
function queueOf(more: Partial<ConstructorParameters<typeof Queue>[0]> = {}): Queue {
  return new Queue({
    store,
    person: () => person,
    key: () => `key-${++keys}`,
    now: () => time,
    random: () => 0.5,
    send: async (action) => {
      sent.push({ key: action.key, operation: action.operation, label: action.subject.label, person: action.person });
      const answer = answers.shift() ?? done;
      return typeof answer === "function" ? answer(action) : answer;
    },
    ...more,
  });
}

const labels = (): string[] => sent.map((one) => `${one.operation.split(".").at(-1)} ${one.label}`);
const states = (queue: Queue): string[] => queue.list().map((one) => one.state);

beforeEach(() => {
  vi.useFakeTimers();
  store = new Memory();
  sent = [];
  answers = [];
  time = 1_000_000;
  person = "driver-1";
  keys = 0;
});

describe("the queue", () => {
  it("keeps an action before it is sent", async () => {
    const seen: number[] = [];
    const queue = queueOf({
      send: async () => {
        seen.push(store.kept.size);
        return done;
      },
    });
    await queue.add(start());
    await queue.drain();
    expect(seen).toEqual([1]);
  });

  it("writes that it may have been sent before it is sent", async () => {
    const attempts: number[] = [];
    answers = [(action) => (attempts.push(store.kept.get(action.sequence)!.attempts), done)];
    const queue = queueOf();
    await queue.add(start());
    await queue.drain();
    expect(attempts).toEqual([1]);
  });

  it("sends in the order in which things were done", async () => {
    answers = [silence];
    const queue = queueOf();
    await queue.add(start());
    await queue.drain();
    await queue.add(arrive("a"));
    await queue.add(receipt("a"));
    await queue.add(confirm("a"));
    expect(labels()).toEqual(["start r1"]);
    await queue.sendNow();
    await queue.drain();
    expect(labels()).toEqual(["start r1", "start r1", "arrive a", "record a", "confirm a"]);
    expect(states(queue)).toEqual(["done", "done", "done", "done"]);
  });

  it("asks again with the same key when the outcome is not known", async () => {
    answers = [silence, silence, busy];
    const queue = queueOf();
    await queue.add(receipt("a"));
    for (let round = 0; round < 3; round++) await queue.sendNow();
    expect(sent.map((one) => one.key)).toEqual(["key-1", "key-1", "key-1", "key-1"]);
    expect(states(queue)).toEqual(["done"]);
  });

  it("waits longer after each attempt, and never longer than a minute", () => {
    const waits = [1, 2, 3, 4, 5, 6, 7, 8, 20].map((attempts) => waitAfter(attempts, 0.5));
    expect(waits).toEqual([1000, 2000, 4000, 8000, 16000, 32000, 60000, 60000, LONGEST_WAIT]);
    expect(waitAfter(1, 0)).toBe(750);
    expect(waitAfter(1, 1)).toBe(1250);
  });

  it("tries again by itself when the wait is over", async () => {
    answers = [silence];
    const queue = queueOf();
    await queue.add(start());
    await queue.drain();
    expect(sent).toHaveLength(1);
    time += 1_100;
    await vi.advanceTimersByTimeAsync(1_100);
    expect(sent).toHaveLength(2);
    expect(states(queue)).toEqual(["done"]);
  });

  it("waits as long as the server says", async () => {
    answers = [{ kind: "later", answered: true, after: 30_000 }];
    const queue = queueOf();
    await queue.add(start());
    await queue.drain();
    expect(queue.list()[0]!.not_before).toBe(time + 30_000);
  });

  it("keeps a refusal with its rule, and sends what does not depend on it", async () => {
    answers = [done, refused];
    const queue = queueOf();
    await queue.add(arrive("a"));
    await queue.drain();
    await queue.add(confirm("a"));
    await queue.drain();
    await queue.add(at("dispatch.goods.return", "a"));
    await queue.add(receipt("a"));
    await queue.add(confirm("b"));
    await queue.drain();
    expect(states(queue)).toEqual(["done", "refused", "waiting", "done", "done"]);
    expect(queue.list()[1]!.refusal).toMatchObject({ error: "stop_done", policy: "D6", at: time });
    expect(waitsFor(queue.list()[2]!, queue.list())?.sequence).toBe(2);
    expect(labels()).toEqual(["arrive a", "confirm a", "record a", "confirm b"]);
  });

  it("sends a corrected action in its old place under a new key, and then what waited for it", async () => {
    answers = [refused];
    const queue = queueOf();
    await queue.add(confirm("a"));
    await queue.drain();
    await queue.add(at("dispatch.goods.return", "a"));
    await queue.drain();
    expect(await queue.correct(1, { stop_id: "a", right: true })).toBe(true);
    await queue.drain();
    expect(sent.map((one) => one.key)).toEqual(["key-1", "key-3", "key-2"]);
    expect(states(queue)).toEqual(["done", "done"]);
    expect(queue.list()[0]!.refusal).toBeUndefined();
  });

  it("lets go of what waited for an action that is given up", async () => {
    answers = [refused];
    const queue = queueOf();
    await queue.add(start());
    await queue.drain();
    await queue.add(arrive("a"));
    await queue.drain();
    expect(sent).toHaveLength(1);
    expect(await queue.giveUp(1)).toBe(true);
    await queue.drain();
    expect(states(queue)).toEqual(["given_up", "done"]);
  });

  it("does not change or give up what may have been done", async () => {
    answers = [silence];
    const queue = queueOf();
    await queue.add(receipt("a"));
    await queue.drain();
    expect(mayChange(queue.list()[0]!)).toBe(false);
    expect(await queue.correct(1, {})).toBe(false);
    expect(await queue.giveUp(1)).toBe(false);
    expect(queue.list()[0]!.state).toBe("waiting");
  });

  it("tries nothing while there is certainly no network, so that it can still be changed", async () => {
    let cut = true;
    const queue = queueOf({ isCut: () => cut });
    await queue.add(receipt("a"));
    await queue.drain();
    expect(sent).toEqual([]);
    expect(mayChange(queue.list()[0]!)).toBe(true);
    cut = false;
    await queue.sendNow();
    expect(states(queue)).toEqual(["done"]);
  });

  it("goes past what a server cannot do for long, but not past what depends on it", async () => {
    answers = Array.from({ length: PATIENCE }, () => busy);
    const queue = queueOf();
    await queue.add(confirm("a"));
    await queue.drain();
    for (let round = 1; round < PATIENCE; round++) await queue.sendNow();
    expect(queue.list()[0]!.answered).toBe(PATIENCE);
    await queue.add(at("dispatch.goods.return", "a"));
    await queue.add(confirm("b"));
    await queue.drain();
    expect(states(queue)).toEqual(["waiting", "waiting", "done"]);
  });

  it("stops when the session has ended, without counting it as sent, and goes on afterwards", async () => {
    answers = [{ kind: "signed_out" }];
    const signedOut = vi.fn();
    const queue = queueOf({ signedOut });
    await queue.add(start());
    await queue.drain();
    expect(signedOut).toHaveBeenCalledOnce();
    expect(queue.list()[0]).toMatchObject({ state: "waiting", attempts: 0, key: "key-1" });
    await queue.sendNow();
    expect(states(queue)).toEqual(["done"]);
    expect(sent.map((one) => one.key)).toEqual(["key-1", "key-1"]);
  });

  it("never sends one person's actions for another", async () => {
    answers = [silence];
    const queue = queueOf();
    await queue.add(receipt("a"));
    await queue.drain();
    person = "driver-2";
    await queue.sendNow();
    await queue.add(receipt("b"));
    await queue.drain();
    expect(sent.map((one) => `${one.person} ${one.label}`)).toEqual(["driver-1 a", "driver-2 b"]);
    expect(await store.count("driver-2")).toBe(1);
    person = "driver-1";
    await queue.sendNow();
    expect(sent.at(-1)).toMatchObject({ person: "driver-1", label: "a", key: "key-1" });
  });

  it("stops in the middle when somebody else has signed in", async () => {
    answers = [() => ((person = "driver-2"), done)];
    let cut = true;
    const queue = queueOf({ isCut: () => cut });
    await queue.add(receipt("a"));
    await queue.add(receipt("b"));
    cut = false;
    await queue.sendNow();
    expect(sent.map((one) => one.label)).toEqual(["a"]);
  });

  it("resumes after a reload with what was kept, also when it was cut off while sending", async () => {
    const hang = queueOf({ send: () => new Promise(() => undefined) });
    await hang.add(start());
    await vi.advanceTimersByTimeAsync(10);
    expect(store.kept.get(1)).toMatchObject({ state: "waiting", attempts: 1 });
    const next = queueOf();
    time += LONGEST_WAIT;
    await next.drain();
    expect(sent.map((one) => one.key)).toEqual(["key-1"]);
    expect(states(next)).toEqual(["done"]);
  });

  it("has one sender in two tabs, and nothing is sent twice", async () => {
    let tail: Promise<unknown> = Promise.resolve();
    const alone = <T>(work: () => Promise<T>): Promise<T> => {
      const mine = tail.then(work);
      tail = mine.catch(() => undefined);
      return mine;
    };
    let inside = 0;
    const send = async (action: Action): Promise<Outcome> => {
      expect(++inside).toBe(1);
      sent.push({ key: action.key, operation: action.operation, label: action.subject.label, person: action.person });
      await Promise.resolve();
      inside--;
      return done;
    };
    const [one, two] = [queueOf({ alone, send }), queueOf({ alone, send })];
    await Promise.all([one.add(receipt("a")), two.add(receipt("b")), one.add(receipt("c"))]);
    await Promise.all([one.drain(), two.drain()]);
    await vi.advanceTimersByTimeAsync(100);
    expect(sent.map((action) => action.label).sort()).toEqual(["a", "b", "c"]);
    await two.load();
    expect(states(two)).toEqual(["done", "done", "done"]);
  });

  it("does not keep a signature that has arrived", async () => {
    const queue = queueOf();
    await queue.add({ ...confirm("a"), request: { stop_id: "a", proof: { kind: "signature", data: "AAAA", signer: "王" } } });
    await queue.drain();
    expect(queue.list()[0]!.request["proof"]).toEqual({ kind: "signature", signer: "王" });
  });

  it("forgets what was settled long ago, and nothing that is open", async () => {
    answers = [done, refused];
    const queue = queueOf();
    await queue.add(arrive("a"));
    await queue.drain();
    await queue.add(confirm("b"));
    await queue.drain();
    time += 40 * 3_600_000;
    await queue.load();
    expect(queue.list().map((one) => one.state)).toEqual(["refused"]);
    expect(store.kept.size).toBe(1);
  });
});

describe("what depends on what", () => {
  const all = (made: NewAction[]): Action[] =>
    made.map((one, sequence) => ({ ...one, sequence, key: "", person: "p", made_at: 0, state: "waiting", attempts: 0, answered: 0, not_before: 0 }));

  it("a route's stops on its start, a stop's steps on each other, a remittance on receipts", () => {
    const [started, other, arrived, confirmed, paid, handed] = all([start("r1"), start("r2"), arrive("a"), confirm("a"), receipt("a"), hand]) as [Action, Action, Action, Action, Action, Action];
    expect(dependsOn(arrived, started)).toBe(true);
    expect(dependsOn(arrived, other)).toBe(false);
    expect(dependsOn(confirmed, arrived)).toBe(true);
    expect(dependsOn(arrived, confirmed)).toBe(false);
    expect(dependsOn(paid, confirmed)).toBe(false);
    expect(dependsOn(handed, paid)).toBe(true);
    expect(dependsOn(handed, confirmed)).toBe(false);
  });

  it("waits through a chain", () => {
    const chain = all([start("r1"), arrive("a"), confirm("a")]);
    chain[0]!.state = "refused";
    expect(nextOf(chain, 0)).toEqual({});
    expect(waitsFor(chain[2]!, chain)).toBe(chain[0]);
  });

  it("says when to look again", () => {
    const two = all([arrive("a"), arrive("b")]);
    two[0]!.not_before = 500;
    expect(nextOf(two, 100)).toEqual({ at: 500 });
    expect(nextOf(two, 500).action).toBe(two[0]);
  });
});

describe("what an answer means", () => {
  it("a clear no is a refusal with its rule", () => {
    expect(outcomeOf({ status: 409, error: "stop_done", class: "no", policy: "D6", message: "站点已完成", field: "stop_id" })).toEqual({
      kind: "refused",
      refusal: { error: "stop_done", detail: "站点已完成", policy: "D6", field: "stop_id", status: 409 },
    });
  });

  it("an ended session is no refusal", () => {
    expect(outcomeOf({ status: 401, error: "not_signed_in", class: "no" })).toEqual({ kind: "signed_out" });
  });

  it.each([
    ["no answer", { status: 0, error: "", class: "unknown" }, false],
    ["a page of a hotel's network", { status: 200, class: "unknown" }, false],
    ["a proxy's error", { status: 502, error: "", class: "unknown" }, false],
    ["a deadline", { status: 504, error: "deadline_exceeded", class: "unknown" }, true],
    ["a busy server", { status: 503, error: "busy", class: "retry" }, true],
    ["something else", new Error("?"), false],
    ["nothing", undefined, false],
  ])("%s is asked again", (_, thrown, answered) => {
    expect(outcomeOf(thrown)).toEqual({ kind: "later", answered });
  });
});
