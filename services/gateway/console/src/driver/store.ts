/** What the phone keeps: the queue's actions and the last known data, in IndexedDB; nothing of it leaves with the page's cache. */
import type { Action, Store } from "./queue";

const VERSION = 1;

function asked<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("IndexedDB"));
  });
}

/** Resolves when it is on the disk, not when it is said. */
function ended(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onerror = () => reject(transaction.error ?? new Error("IndexedDB"));
    transaction.onabort = () => reject(transaction.error ?? new Error("IndexedDB"));
  });
}

export class Phone implements Store {
  private opened: Promise<IDBDatabase> | undefined;
  private readonly name: string;

  constructor(name = "songda-driver") {
    this.name = name;
  }

  private database(): Promise<IDBDatabase> {
    this.opened ??= new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open(this.name, VERSION);
      request.onupgradeneeded = () => {
        const actions = request.result.createObjectStore("actions", { keyPath: "sequence", autoIncrement: true });
        actions.createIndex("person", "person");
        request.result.createObjectStore("kept");
      };
      request.onsuccess = () => {
        const database = request.result;
        database.onversionchange = () => database.close();
        database.onclose = () => (this.opened = undefined);
        resolve(database);
      };
      request.onerror = () => reject(request.error ?? new Error("IndexedDB"));
    }).catch((thrown: unknown) => {
      this.opened = undefined;
      throw thrown;
    });
    return this.opened;
  }

  private async write(store: string, work: (objects: IDBObjectStore) => void): Promise<void> {
    const transaction = (await this.database()).transaction(store, "readwrite", { durability: "strict" });
    work(transaction.objectStore(store));
    await ended(transaction);
  }

  private async read<T>(store: string, work: (objects: IDBObjectStore) => IDBRequest<T>): Promise<T> {
    return asked(work((await this.database()).transaction(store, "readonly").objectStore(store)));
  }

  all(person: string): Promise<Action[]> {
    return this.read<Action[]>("actions", (objects) => objects.index("person").getAll(person));
  }

  async add(action: Omit<Action, "sequence">): Promise<Action> {
    let sequence = 0;
    await this.write("actions", (objects) => {
      const request = objects.add(action);
      request.onsuccess = () => (sequence = Number(request.result));
    });
    return { ...action, sequence };
  }

  put(action: Action): Promise<void> {
    return this.write("actions", (objects) => void objects.put(action));
  }

  remove(sequence: number): Promise<void> {
    return this.write("actions", (objects) => void objects.delete(sequence));
  }

  async count(except: string): Promise<number> {
    const all = await this.read<Action[]>("actions", (objects) => objects.getAll());
    return all.filter((action) => action.person !== except && (action.state === "waiting" || action.state === "refused")).length;
  }

  /** The last known value under a person's name; undefined when nothing is kept. */
  async kept<T>(person: string, name: string): Promise<T | undefined> {
    return this.read<T | undefined>("kept", (objects) => objects.get(`${person}/${name}`) as IDBRequest<T | undefined>);
  }

  keep(person: string, name: string, value: unknown): Promise<void> {
    return this.write("kept", (objects) => void objects.put(value, `${person}/${name}`));
  }

  forget(person: string, name: string): Promise<void> {
    return this.write("kept", (objects) => void objects.delete(`${person}/${name}`));
  }

  /** All kept values of a person whose names begin so, by the rest of their names. */
  async keptAll<T>(person: string, start: string): Promise<Map<string, T>> {
    const range = IDBKeyRange.bound(`${person}/${start}`, `${person}/${start}\uffff`);
    const objects = (await this.database()).transaction("kept", "readonly").objectStore("kept");
    const [names, values] = await Promise.all([asked(objects.getAllKeys(range)), asked(objects.getAll(range) as IDBRequest<T[]>)]);
    return new Map(names.map((name, at) => [String(name).slice(person.length + 1 + start.length), values[at]!]));
  }

  /** Everything of a person but open actions. */
  async clear(person: string): Promise<void> {
    await this.write("kept", (objects) => void objects.delete(IDBKeyRange.bound(`${person}/`, `${person}/\uffff`)));
    const settled = (await this.all(person)).filter((action) => action.state === "done" || action.state === "given_up");
    await this.write("actions", (objects) => settled.forEach((action) => objects.delete(action.sequence)));
  }
}

/** One sender at a time over all tabs of this phone; without locks (no TLS) the keys alone keep doubles away. */
export function aloneOver(name: string): <T>(work: () => Promise<T>) => Promise<T> {
  const locks = (globalThis.navigator as Navigator | undefined)?.locks;
  if (!locks) return (work) => work();
  return <T>(work: () => Promise<T>) => locks.request(name, work) as Promise<T>;
}
