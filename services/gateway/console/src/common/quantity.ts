/** A quantity is an integer of 1/1,000 of the unit. */
import { formatFixed, parseFixed } from "./fixed";

export function formatQuantity(quantity: number, unit = ""): string {
  return formatFixed(quantity, 3, 0) + (unit ? ` ${unit}` : "");
}

export function parseQuantity(text: string): number | undefined {
  return parseFixed(text, 3);
}
