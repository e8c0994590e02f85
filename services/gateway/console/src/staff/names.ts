/** Names behind ids, asked for once and kept for a while; who may not know the name sees the id's end. */
import { reactive, watch } from "vue";
import { may, person } from "@/common/session";
import { sourceOf, type Kind } from "./kinds";

const MOST = 2000;
const AT_ONCE = 6;
const names = reactive(new Map<string, string>());
const asked = new Set<string>();
const queue: (() => Promise<void>)[] = [];
let running = 0;

watch(
  () => person.value?.staff_id,
  () => {
    names.clear();
    asked.clear();
  },
);

export function shortId(id: string): string {
  return `…${id.slice(-6)}`;
}

export function noteName(kind: Kind, id: string, name: string): void {
  if (names.size > MOST) names.clear();
  asked.add(`${kind} ${id}`);
  names.set(`${kind} ${id}`, name);
}

/** The name as far as it is known now; it comes by itself when it is read in a template. */
export function nameOf(kind: Kind, id: string): string {
  const key = `${kind} ${id}`;
  const known = names.get(key);
  if (known !== undefined) return known;
  if (!asked.has(key) && may(sourceOf(kind).needs)) {
    asked.add(key);
    queue.push(() => ask(kind, id));
    void run();
  }
  return shortId(id);
}

async function ask(kind: Kind, id: string): Promise<void> {
  try {
    const name = await sourceOf(kind).name(id);
    if (name) noteName(kind, id, name);
  } catch {
    // the id's end stays
  }
}

async function run(): Promise<void> {
  if (running >= AT_ONCE) return;
  running++;
  for (let next = queue.shift(); next; next = queue.shift()) await next();
  running--;
}
