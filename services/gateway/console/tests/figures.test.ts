import { describe, expect, it } from "vitest";
import { formatFixed, parseFixed, scale } from "@/common/fixed";
import { amountOf, formatMoney, formatPrice, parseMoney, parsePrice, yuan } from "@/common/money";
import { formatQuantity, parseQuantity } from "@/common/quantity";

describe("figures are integers", () => {
  it("reads what people type", () => {
    expect(parseMoney("1,234.5")).toBe(123450);
    expect(parseMoney("¥ 0.07")).toBe(7);
    expect(parseMoney(".5")).toBe(50);
    expect(parseMoney("-3")).toBe(-300);
    expect(parseMoney("１２．３０")).toBe(1230);
    expect(parseMoney("12。3")).toBe(1230);
    expect(parseMoney("１，２００")).toBe(120000);
    expect(parsePrice("4.8001")).toBe(48001);
    expect(parseQuantity("0.125")).toBe(125);
  });

  it("refuses what is no such figure", () => {
    for (const text of ["", " ", "1.234", "1e3", "0x10", "1.2.3", "abc", "--1", ".", "99999999999999999"]) expect(parseMoney(text), text).toBeUndefined();
    expect(parseQuantity("1.0005")).toBeUndefined();
    expect(parseFixed("1.5", 0)).toBeUndefined();
  });

  it("takes zeros behind the last decimal that counts", () => {
    expect(parseMoney("5.1000")).toBe(510);
    expect(parseFixed("7.0", 0)).toBe(7);
  });

  it("writes them with groups and a fixed number of decimals", () => {
    expect(formatMoney(0)).toBe("0.00");
    expect(formatMoney(-5)).toBe("-0.05");
    expect(formatMoney(123456789)).toBe("1,234,567.89");
    expect(yuan(-150)).toBe("-¥1.50");
    expect(formatPrice(48000)).toBe("4.80");
    expect(formatPrice(48005)).toBe("4.8005");
    expect(formatQuantity(20000)).toBe("20");
    expect(formatQuantity(1500, "升")).toBe("1.5 升");
    expect(formatFixed(311832000, 7, 4, false)).toBe("31.1832");
  });

  it("keeps a figure through writing and reading", () => {
    for (const fen of [0, 1, -1, 10, 99, 100, 101, 123456789, Number.MAX_SAFE_INTEGER, -Number.MAX_SAFE_INTEGER]) expect(parseMoney(formatMoney(fen))).toBe(fen);
  });

  it("never makes minus zero", () => {
    expect(Object.is(parseMoney("-0"), 0)).toBe(true);
  });

  it("multiplies exactly and rounds half away from zero", () => {
    expect(amountOf(20000, 48000)).toBe(9600); // 20 litres at 4.80
    expect(amountOf(1, 50000)).toBe(1); // 0.5 fen
    expect(amountOf(1, 49999)).toBe(0);
    expect(scale(9007199254740991, 3, 3)).toBe(9007199254740991);
    expect(scale(-5, 1, 10)).toBe(-1);
  });
});
