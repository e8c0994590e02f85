import { describe, expect, it } from "vitest";
import { crc32, csv, csvText, xlsx, zip } from "@/common/sheet";

describe("files of tables", () => {
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

  it("knows the checksum of the standard's example", () => {
    expect(crc32(new TextEncoder().encode("123456789"))).toBe(0xcbf43926);
  });

  it("makes an archive whose directory says where each file is", () => {
    const one = zip([["a.txt", new TextEncoder().encode("hello")], ["b.txt", new TextEncoder().encode("送达")]]);
    const view = new DataView(one.buffer);
    const end = one.length - 22;
    expect(view.getUint32(end, true)).toBe(0x06054b50);
    expect(view.getUint16(end + 10, true)).toBe(2);
    const directory = view.getUint32(end + 16, true);
    expect(view.getUint32(directory, true)).toBe(0x02014b50);
    const second = view.getUint32(directory + 46 + 5 + 42, true);
    expect(view.getUint32(second, true)).toBe(0x04034b50);
    expect(new TextDecoder().decode(one.slice(second + 35, second + 41))).toBe("送达");
  });

  it("writes texts as texts and figures as figures into a sheet", async () => {
    const text = new TextDecoder().decode(new Uint8Array(await xlsx("订单/今日", [["客户", "金额"], ["<img src=x> & =1+1", 12.5], ["a\u0000b", undefined]]).arrayBuffer()));
    expect(text).toContain('<c r="A2" t="inlineStr"><is><t xml:space="preserve">&lt;img src=x&gt; &amp; =1+1</t></is></c><c r="B2"><v>12.5</v></c>');
    expect(text).toContain('<sheet name="订单 今日"');
    expect(text).not.toContain("<f>");
    expect(text).toContain(">ab</t>");
  });
});
