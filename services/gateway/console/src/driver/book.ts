/** The driver's leased receipt book: the next number on paper (B1). */

/** The number after this one: the last run of digits counted up, as wide as it was. Undefined: there is nothing to count. */
export function numberAfter(number: string): string | undefined {
  const found = /^(.*?)(\d+)(\D*)$/u.exec(number.trim());
  if (!found) return undefined;
  const [, head, digits, tail] = found as unknown as [string, string, string, string];
  return head + (BigInt(digits) + 1n).toString().padStart(digits.length, "0") + tail;
}
