import { describe, expect, it } from "vitest";
import { loadShapes } from "@/schema/shapes/shape";
import { changeOf, pictureOf } from "@/staff/screens/approvals/picture";

const types = await loadShapes("contracts");

describe("a picture of what is to be signed", () => {
  it("has the contract's words and figures", () => {
    const picture = pictureOf(JSON.stringify({ number: "SH01-HT-1", customer: "江边饭店", amount: 1_440_000, addresses: 2, note: null, fields: { delivery_place: "后门" } }), types);
    expect(picture.facts.map(({ field, value }) => [field.words.zh, field.type, value])).toEqual([
      ["编号", "text", "SH01-HT-1"],
      ["客户", "text", "江边饭店"],
      [expect.stringContaining("金额"), "money", 1_440_000],
      ["配送地址数", "int", 2],
      ["填空项：delivery place", "text", "后门"],
    ]);
    expect(picture.tables).toEqual([]);
  });

  it("keeps days and moments apart", () => {
    const { facts } = pictureOf(JSON.stringify({ valid_from: "2026-11-24", valid_until: "2027-11-23" }), types);
    expect(facts.map(({ field }) => field.type)).toEqual(["date", "date"]);
  });

  it("shows lines as a table without empty columns", () => {
    const { tables } = pictureOf(JSON.stringify({ lines: [{ product: "LPG15", name: "瓶装气", class: null, list_price: 68000 }] }), types);
    expect(tables).toHaveLength(1);
    expect(tables[0]!.field.words.zh).toBe("明细");
    expect(tables[0]!.columns.map((one) => [one.name, one.type])).toEqual([["product", "text"], ["name", "text"], ["list_price", "price"]]);
  });

  it("is empty when it is no JSON", () => {
    expect(pictureOf("not JSON", types)).toEqual({ facts: [], tables: [] });
    expect(pictureOf(undefined, types)).toEqual({ facts: [], tables: [] });
  });
});

describe("a change", () => {
  it("names the line and the field, and shows both figures", () => {
    expect(changeOf({ path: "lines[3].list_price", before: "68000", now: "67000" }, types)).toEqual({ what: expect.stringMatching(/^明细 4 · /), before: "6.80", now: "6.70" });
  });

  it("may be something new or something gone", () => {
    expect(changeOf({ path: "valid_until", now: "2027-01-01" }, types)).toMatchObject({ before: "", now: "2027-01-01" });
    expect(changeOf({ path: "credit_limit", before: "6000000" }, types)).toMatchObject({ before: "60,000.00", now: "" });
  });
});
