/** Decimals without floats: text ↔ an integer of 10^-places, within what an int64 in JSON can carry exactly. */

/** "1,234.5" with 2 places → 123450; undefined when it is no such number or has too many decimals. */
export function parseFixed(text: string, places: number): number | undefined {
  const plain = text
    .trim()
    .replace(/[\uFF10-\uFF19]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xfee0))
    .replace(/[。．]/g, ".")
    .replace(/[,，\s¥￥]/g, "")
    .replace(/^－/, "-");
  const match = /^(-?)(\d*)(?:\.(\d*))?$/.exec(plain);
  if (!match || (!match[2] && !match[3])) return undefined;
  const decimals = (match[3] ?? "").replace(/0+$/, "");
  if (decimals.length > places) return undefined;
  const value = Number(BigInt((match[2] || "0") + decimals.padEnd(places, "0")));
  if (!Number.isSafeInteger(value)) return undefined;
  return match[1] && value !== 0 ? -value : value;
}

/** 123450 with 2 places → "1,234.50"; fewer decimals, down to `least`, when the last are zeros. */
export function formatFixed(value: number, places: number, least = places, grouped = true): string {
  const digits = String(Math.abs(value)).padStart(places + 1, "0");
  const whole = digits.slice(0, digits.length - places);
  let decimals = digits.slice(digits.length - places);
  while (decimals.length > least && decimals.endsWith("0")) decimals = decimals.slice(0, -1);
  const shown = grouped ? whole.replace(/\B(?=(\d{3})+$)/g, ",") : whole;
  return (value < 0 ? "-" : "") + shown + (decimals ? `.${decimals}` : "");
}

/** value × factor ÷ divisor, half away from zero, exact. */
export function scale(value: number, factor: number, divisor: number): number {
  const product = BigInt(value) * BigInt(factor);
  const by = BigInt(divisor);
  const half = by / 2n;
  const rounded = product < 0n ? -((-product + half) / by) : (product + half) / by;
  return Number(rounded);
}
