/** Money is integer fen, a price integer 1/10,000 yuan per unit; people read and type yuan. */
import { formatFixed, parseFixed, scale } from "./fixed";

/** The notes and coins that are counted, in fen. */
export const DENOMINATIONS = [10000, 5000, 2000, 1000, 500, 100, 50, 10];

export function formatMoney(fen: number): string {
  return formatFixed(fen, 2);
}

/** With the sign of the yuan, for running text and figures. */
export function yuan(fen: number): string {
  return fen < 0 ? `-¥${formatFixed(-fen, 2)}` : `¥${formatFixed(fen, 2)}`;
}

export function parseMoney(text: string): number | undefined {
  return parseFixed(text, 2);
}

export function formatPrice(price: number): string {
  return formatFixed(price, 4, 2);
}

export function parsePrice(text: string): number | undefined {
  return parseFixed(text, 4);
}

/** What a quantity (1/1,000) costs at a price (1/10,000 yuan), in fen: as the server rounds. */
export function amountOf(quantity: number, price: number): number {
  return scale(quantity, price, 100_000);
}
