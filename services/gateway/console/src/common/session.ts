/** Who is signed in. The token is a cookie that no script can read; here is only what a screen needs to know of the person. */
import { computed, ref } from "vue";
import { mayCall, Problem } from "../schema/client";
import type { Function, OperationName, StaffSessionOpenReply } from "../schema/types";

export interface Person {
  staff_id: string;
  session_id: string;
  name: string;
  sign_in_name: string;
  branch_id: string;
  branch: string; // its name
  branch_kind: string;
  company_id: string;
  functions: Function[];
  must_change_password: boolean;
  expires_at: string;
}

const KEPT = "songda.person";

function remembered(): Person | undefined {
  try {
    return JSON.parse(localStorage.getItem(KEPT) ?? "null") ?? undefined;
  } catch {
    return undefined;
  }
}

export const person = ref<Person | undefined>(remembered());

/** The session has run out while somebody works: a sign-in dialog stands over the page, and requests wait for it. */
export const isExpired = ref(false);

export const isSignedIn = computed(() => person.value !== undefined);

function keep(value: Person | undefined): void {
  person.value = value;
  try {
    if (value) localStorage.setItem(KEPT, JSON.stringify(value));
    else localStorage.removeItem(KEPT);
  } catch {
    // known until the page is left
  }
}

export function personOf(reply: StaffSessionOpenReply, signInName: string): Person {
  return {
    staff_id: reply.staff_id,
    session_id: reply.session_id,
    name: reply.name,
    sign_in_name: signInName,
    branch_id: reply.branch_id,
    branch: reply.branch.name,
    branch_kind: reply.branch.kind,
    company_id: reply.branch.company_id,
    functions: reply.functions,
    must_change_password: reply.must_change_password,
    expires_at: reply.expires_at,
  };
}

/** Requests that wait until somebody has signed in again. */
let waiting: { go: () => void; stop: (problem: Problem) => void }[] = [];

export function waitForSignIn(): Promise<void> {
  isExpired.value = true;
  return new Promise((go, stop) => waiting.push({ go, stop }));
}

function letGo(): typeof waiting {
  const let_go = waiting;
  waiting = [];
  isExpired.value = false;
  return let_go;
}

/** Somebody has signed in. What waited goes on if it is the same person; another one's page begins afresh. */
export function signedIn(value: Person): void {
  const isOther = person.value !== undefined && person.value.staff_id !== value.staff_id;
  keep(value);
  const waited = letGo();
  if (isOther && waited.length > 0) location.assign(location.pathname.startsWith("/driver") ? "/driver" : "/");
  else for (const one of waited) one.go();
}

export function signedOut(): void {
  keep(undefined);
  const problem = new Problem({ status: 401, error: "not_signed_in", class: "no" });
  for (const one of letGo()) one.stop(problem);
}

export function passwordChanged(): void {
  if (person.value) keep({ ...person.value, must_change_password: false });
}

/** Whether the person's functions permit an operation. The server decides; this only spares a refusal. */
export function may(operation: OperationName): boolean {
  return mayCall(operation, person.value?.functions ?? []);
}

/** Another tab signed in or out: this one shows it. */
if (typeof window !== "undefined") {
  window.addEventListener("storage", (event) => {
    if (event.key !== KEPT) return;
    const now = remembered();
    if (now?.staff_id === person.value?.staff_id) {
      person.value = now;
      if (now && isExpired.value) for (const one of letGo()) one.go();
    } else {
      location.reload();
    }
  });
}
