/** The driver's outbox: every action is kept before it is sent, is sent in order, and with the same key until its outcome is known (D6). */

export type ActionOperation =
  | "dispatch.route.start"
  | "dispatch.stop.arrive"
  | "dispatch.delivery.confirm"
  | "dispatch.delivery.fail"
  | "dispatch.goods.return"
  | "dispatch.route.count"
  | "collection.receipt.record"
  | "collection.remittance.hand";

/**
 * waiting: kept, not answered yet (when `attempts` > 0 it may have been done already);
 * done: the server said so; refused: it said no, the driver must deal with it; given_up: the driver did.
 */
export type ActionState = "waiting" | "done" | "refused" | "given_up";

/** What an action is about; decides what depends on what. */
export interface Subject {
  route_id?: string;
  stop_id?: string;
  customer_id?: string;
  due_left?: number; // of a receipt: what of the debt was left after it, in fen
  label: string; // what the driver knows it by: the customer, the route
}

export interface Refusal {
  error: string;
  detail: string;
  policy?: string;
  field?: string;
  status: number;
  at: number;
}

export interface Action {
  sequence: number; // the order in which things were done; a corrected action keeps its place
  key: string; // Idempotency-Key
  person: string; // staff_id
  operation: ActionOperation;
  request: Record<string, unknown>;
  subject: Subject;
  made_at: number; // milliseconds, the phone's clock
  state: ActionState;
  attempts: number;
  answered: number; // attempts that a server answered without doing it
  not_before: number; // milliseconds
  settled_at?: number;
  refusal?: Refusal;
  reply?: Record<string, unknown>;
}

export type NewAction = Pick<Action, "operation" | "request" | "subject">;

/** What came of sending once. */
export type Outcome =
  | { kind: "done"; reply: Record<string, unknown> }
  | { kind: "refused"; refusal: Omit<Refusal, "at"> }
  | { kind: "later"; answered: boolean; after?: number } // not known, or not now: the same key again
  | { kind: "signed_out" };

export interface Store {
  all(person: string): Promise<Action[]>; // by sequence
  add(action: Omit<Action, "sequence">): Promise<Action>;
  put(action: Action): Promise<void>;
  remove(sequence: number): Promise<void>;
  count(except: string): Promise<number>; // open actions of other people
}

export interface QueueOptions {
  store: Store;
  send: (action: Action) => Promise<Outcome>;
  person: () => string | undefined; // who is signed in now; nobody else's actions are sent
  key: () => string;
  now?: () => number;
  random?: () => number;
  /** Runs one sender at a time over all tabs. */
  alone?: <T>(work: () => Promise<T>) => Promise<T>;
  isCut?: () => boolean; // there is certainly no network: nothing is tried, so that it can still be changed
  changed?: (actions: Action[]) => void;
  signedOut?: () => void;
}

export const FIRST_WAIT = 1_000;
export const LONGEST_WAIT = 60_000;
/** An action that a server answered this often without doing it no longer keeps back what does not depend on it. */
export const PATIENCE = 4;
/** What is settled stays visible this long. */
export const KEPT = 36 * 3_600_000;

/** How long to wait after so many attempts: doubling, with a quarter of chance, so that phones do not come back together. */
export function waitAfter(attempts: number, random: number): number {
  const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.max(0, attempts - 1));
  return Math.round(wait * (0.75 + 0.5 * random));
}

export function isOpen(action: Action): boolean {
  return action.state === "waiting" || action.state === "refused";
}

const isOfDispatch = (action: Action): boolean => action.operation.startsWith("dispatch.");

/** Whether `later` makes sense only after `earlier`. */
export function dependsOn(later: Action, earlier: Action): boolean {
  if (earlier.sequence >= later.sequence || earlier.person !== later.person) return false;
  if (later.operation === "collection.remittance.hand") return earlier.operation === "collection.receipt.record";
  if (!isOfDispatch(later) || !isOfDispatch(earlier)) return false;
  if (earlier.operation === "dispatch.route.start") return earlier.subject.route_id === later.subject.route_id;
  if (later.operation === "dispatch.route.count") return false;
  return earlier.subject.stop_id !== undefined && earlier.subject.stop_id === later.subject.stop_id;
}

/** The refused action that this one waits for. */
export function waitsFor(action: Action, actions: readonly Action[]): Action | undefined {
  return actions.find(
    (earlier) => dependsOn(action, earlier) && (earlier.state === "refused" || (earlier.state === "waiting" && waitsFor(earlier, actions) !== undefined)),
  );
}

/** What to send next, or when to look again; neither: nothing can be sent until the driver has dealt with a refusal. */
export function nextOf(actions: readonly Action[], now: number): { action?: Action; at?: number } {
  let at: number | undefined;
  const inOrder: Action[] = []; // all later ones wait for these
  const stuck: Action[] = []; // only what depends on them does
  for (const action of [...actions].sort((a, b) => a.sequence - b.sequence)) {
    if (action.state !== "waiting" || waitsFor(action, actions)) continue;
    const isHeld = stuck.some((earlier) => dependsOn(action, earlier));
    if (!isHeld && inOrder.length === 0) {
      if (action.not_before <= now) return { action };
      at = Math.min(at ?? action.not_before, action.not_before);
    }
    (isHeld || action.answered >= PATIENCE ? stuck : inOrder).push(action);
  }
  return at === undefined ? {} : { at };
}

/** Whether an action may be changed or withdrawn: it was never sent, or was refused. Otherwise it may have been done. */
export function mayChange(action: Action): boolean {
  return action.state === "refused" || (action.state === "waiting" && action.attempts === 0);
}

export class Queue {
  private actions: Action[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;
  private draining: Promise<void> | undefined;
  private again = false;
  private tail: Promise<unknown> = Promise.resolve();
  private stopped = false;
  private readonly options: Required<Omit<QueueOptions, "signedOut" | "changed">> & Pick<QueueOptions, "signedOut" | "changed">;

  constructor(options: QueueOptions) {
    this.options = { now: Date.now, random: Math.random, alone: (work) => work(), isCut: () => false, ...options };
  }

  list(): Action[] {
    return this.actions;
  }

  /** Reads what is kept for whoever is signed in, and forgets what was settled long ago. */
  async load(): Promise<void> {
    const person = this.options.person();
    const kept = person ? await this.options.store.all(person) : [];
    const old = this.options.now() - KEPT;
    for (const action of kept) {
      if (!isOpen(action) && (action.settled_at ?? 0) < old) await this.options.store.remove(action.sequence);
    }
    this.actions = kept.filter((action) => isOpen(action) || (action.settled_at ?? 0) >= old);
    this.options.changed?.(this.actions);
  }

  /** Keeps an action; it is safe when this returns. Then it is sent as soon as it can be. */
  async add(made: NewAction): Promise<Action> {
    const person = this.options.person();
    if (!person) throw new Error("nobody is signed in");
    const action = await this.options.store.add({
      ...made,
      request: JSON.parse(JSON.stringify(made.request)) as Record<string, unknown>,
      subject: { ...made.subject },
      key: this.options.key(),
      person,
      made_at: this.options.now(),
      state: "waiting",
      attempts: 0,
      answered: 0,
      not_before: 0,
    });
    await this.load();
    void this.drain();
    return action;
  }

  /** A corrected request in the place of a refused or never sent one, under a key of its own. False: too late, it was sent. */
  async correct(sequence: number, request: Record<string, unknown>, subject?: Subject): Promise<boolean> {
    return this.change(sequence, (action) => {
      const { refusal: _, settled_at: __, ...rest } = action;
      return {
        ...rest,
        subject: { ...(subject ?? rest.subject) },
        request: JSON.parse(JSON.stringify(request)) as Record<string, unknown>,
        key: this.options.key(),
        made_at: this.options.now(),
        state: "waiting",
        attempts: 0,
        answered: 0,
        not_before: 0,
      };
    });
  }

  /** The driver does without a refused or never sent action. False: too late, it was sent. */
  async giveUp(sequence: number): Promise<boolean> {
    return this.change(sequence, (action) => ({ ...action, state: "given_up", settled_at: this.options.now() }));
  }

  /** The line is back, or the driver asks for it: nothing waits any longer. */
  async sendNow(): Promise<void> {
    await this.exclusive(async () => {
      await this.load();
      for (const action of this.actions) if (action.state === "waiting" && action.not_before > 0) await this.options.store.put({ ...action, not_before: 0 });
    });
    await this.drain();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  /** Sends whatever can be sent. Calls meanwhile are one more look. */
  drain(): Promise<void> {
    this.again = true;
    this.draining ??= this.lookAgain().finally(() => (this.draining = undefined));
    return this.draining;
  }

  /** One after the other in this tab, and over all tabs where there are locks. */
  private exclusive<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.tail.then(() => this.options.alone(work));
    this.tail = mine.catch(() => undefined);
    return mine;
  }

  private async lookAgain(): Promise<void> {
    while (this.again) {
      this.again = false;
      await this.exclusive(() => this.work());
    }
  }

  private async change(sequence: number, made: (action: Action) => Action): Promise<boolean> {
    const changed = await this.exclusive(async () => {
      await this.load();
      const action = this.actions.find((one) => one.sequence === sequence);
      if (!action || !mayChange(action)) return false;
      await this.options.store.put(made(action));
      await this.load();
      return true;
    });
    void this.drain();
    return changed;
  }

  private async work(): Promise<void> {
    clearTimeout(this.timer);
    for (;;) {
      await this.load();
      const person = this.options.person();
      const { action, at } = nextOf(this.actions, this.options.now());
      if (this.stopped || !person || this.options.isCut()) return;
      if (!action) {
        if (at !== undefined) this.timer = setTimeout(() => void this.drain(), Math.max(50, at - this.options.now()));
        return;
      }
      if (action.person !== person || !(await this.sendOne(action))) return;
    }
  }

  /** False: nobody is signed in any more, so there is nothing to go on with. */
  private async sendOne(action: Action): Promise<boolean> {
    // Written before it is sent: after a crash it counts as sent, and may be done.
    const sent: Action = { ...action, attempts: action.attempts + 1, not_before: this.options.now() + waitAfter(action.attempts + 1, this.options.random()) };
    await this.options.store.put(sent);
    const outcome = await this.options.send(sent);
    if (outcome.kind === "signed_out") {
      await this.options.store.put(action); // refused at the door: not sent at all
      await this.load();
      this.again = false;
      this.options.signedOut?.();
      return false;
    }
    await this.options.store.put(this.settle(sent, outcome));
    return true;
  }

  private settle(action: Action, outcome: Exclude<Outcome, { kind: "signed_out" }>): Action {
    const now = this.options.now();
    switch (outcome.kind) {
      case "done":
        return { ...withoutPictures(action), state: "done", settled_at: now, reply: outcome.reply };
      case "refused":
        return { ...action, state: "refused", settled_at: now, refusal: { ...outcome.refusal, at: now } };
      case "later": {
        const wait = Math.max(outcome.after ?? 0, waitAfter(action.attempts, this.options.random()));
        return { ...action, answered: action.answered + (outcome.answered ? 1 : 0), not_before: now + wait };
      }
    }
  }
}

/** A signature that has arrived needs no copy on the phone. */
function withoutPictures(action: Action): Action {
  const proof = action.request["proof"] as Record<string, unknown> | undefined;
  if (!proof || proof["data"] === undefined) return action;
  const { data: _, ...rest } = proof;
  return { ...action, request: { ...action.request, proof: rest } };
}

interface ProblemLike {
  status?: number;
  error?: string;
  class?: "no" | "retry" | "unknown";
  field?: string;
  policy?: string;
  message?: string;
}

/** What a thrown problem means for the queue. Anything that is no clear answer of our server may have been done. */
export function outcomeOf(thrown: unknown): Outcome {
  const problem = (typeof thrown === "object" && thrown !== null ? thrown : {}) as ProblemLike;
  const status = problem.status ?? 0;
  if (problem.error === "not_signed_in") return { kind: "signed_out" };
  if (problem.class === "no" && problem.error) {
    return {
      kind: "refused",
      refusal: {
        error: problem.error,
        detail: problem.message ?? "",
        status,
        ...(problem.policy ? { policy: problem.policy } : {}),
        ...(problem.field ? { field: problem.field } : {}),
      },
    };
  }
  return { kind: "later", answered: status >= 400 && problem.error !== undefined && problem.error !== "" };
}
