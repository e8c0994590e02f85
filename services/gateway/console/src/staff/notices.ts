/** Short notices at the corner: what was done, what was refused. Read aloud, and gone by themselves. */
import { reactive } from "vue";

export interface Notice {
  number: number;
  type: "success" | "danger" | "info";
  text: string;
}

const SHOWN = 5000;
let number = 0;

export const notices = reactive<Notice[]>([]);

export function notice(type: Notice["type"], text: string): void {
  const one = { number: ++number, type, text };
  notices.push(one);
  if (notices.length > 4) notices.shift();
  setTimeout(() => dismiss(one.number), type === "danger" ? 2 * SHOWN : SHOWN);
}

export function dismiss(which: number): void {
  const at = notices.findIndex((one) => one.number === which);
  if (at >= 0) notices.splice(at, 1);
}

export const done = (text: string): void => notice("success", text);
export const failed = (text: string): void => notice("danger", text);
