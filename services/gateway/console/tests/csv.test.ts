import { describe, expect, it } from "vitest";
import { csv, csvText } from "@/common/csv";

describe("tables as CSV", () => {
  it("has no formula in a CSV, whatever somebody is called", () => {
    for (const name of ["=1+1", "+86 138", "-cmd|'/C calc'!A0", "@SUM(A1)", "\t=1"]) expect(csvText(name).replace(/^"/, "").startsWith("'")).toBe(true);
    expect(csvText("-12.50")).toBe("-12.50");
    expect(csvText(-5)).toBe("-5");
  });

  it("quotes what separates cells", () => {
    expect(csvText('a,"b"')).toBe('"a,""b"""');
    expect(csvText("two\nlines")).toBe('"two\nlines"');
    expect(csvText(undefined)).toBe("");
  });

  it("begins with the mark of UTF-8", async () => {
    const bytes = new Uint8Array(await csv([["客户"], ["晨光餐厅"]]).arrayBuffer());
    expect([...bytes.slice(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    expect(new TextDecoder().decode(bytes)).toBe("客户\r\n晨光餐厅\r\n");
  });
});
