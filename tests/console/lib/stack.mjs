// stack.mjs - the stack that is played on: its programs stopped and started again, as a machine's fault or an administrator does.
import { execFileSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { eventually } from "./api.mjs";

export const STACK = process.env.SONGDA_STACK ?? ""; // its folder

export function stack(command, ...names) {
  if (!STACK) throw new Error("SONGDA_STACK must name the stack's folder");
  execFileSync(join(dirname(fileURLToPath(import.meta.url)), "../../../ops/stack"), [command, "--dir", STACK, ...names], { stdio: "ignore" });
}

export function isReady(origin) {
  return eventually("the gateway is ready", () => fetch(`${origin}/readyz`).then((one) => one.status === 200, () => false), 60);
}
