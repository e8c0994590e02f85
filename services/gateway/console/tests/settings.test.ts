import { describe, expect, it } from "vitest";
import { check, lookOf, numberText, parseNumber, unitOf, type Field } from "@/staff/fields";
import { figureField, figureText, rangeText, type Setting } from "@/staff/screens/administration/settings";
import { settingUnitWords } from "@/schema/enums/common";
import type { SettingUnit } from "@/schema/types";

const types = { shapes: {}, structs: {}, enums: {} };
const setting = (unit: SettingUnit, number: number, min = 0, max = 100_000): Setting => ({ name: "one", zh: "设置项", en: "setting", unit, number, min, max, is_default: true });
const field = (one: Setting): Field => ({ name: "number", words: { zh: "编号", en: "number" }, type: "int", optional: true, ...figureField(one)["number"] });

/** As it is typed, and as it is read. */
const figures: [SettingUnit, number, string, string][] = [
  ["money", 1_000_050, "10000.50", "10,000.50 元"],
  ["clock", 1080, "18:00", "18:00"],
  ["working_minutes", 1080, "18:00", "18 工作小时"],
  ["working_minutes", 95, "01:35", "1 工作小时 35 分钟"],
  ["working_minutes", 45, "00:45", "45 工作分钟"],
  ["percent", 150, "150", "150%"],
  ["days", 3650, "3650", "3,650 天"],
  ["kmh", 30, "30", "30 公里/小时"],
  ["yes_no", 1, "1", "是"],
];

describe("a setting", () => {
  it.each(figures)("in %s: %d is typed as %s and read as %s", (unit, number, typed, read) => {
    const look = lookOf(field(setting(unit, number)));
    expect(numberText(look, number)).toBe(typed);
    expect(parseNumber(look, typed)).toBe(number);
    expect(figureText(setting(unit, number))).toBe(read);
  });

  it("has words for its unit, whichever it is", () => {
    for (const unit of Object.keys(settingUnitWords) as SettingUnit[])
      if (unit !== "text") expect(unitOf(field(setting(unit, 1)))).toBe(settingUnitWords[unit]);
  });

  it("takes working time by hours, too", () => {
    expect(parseNumber("working", "18")).toBe(1080);
    expect(parseNumber("working", "100：30")).toBe(6030);
    expect(parseNumber("working", "1:60")).toBeUndefined();
  });

  it("says its rule where it is typed wrongly", () => {
    const mistake = (one: Setting, value: unknown): string | undefined => check([field(one)], { number: value }, types)["number"];
    expect(mistake(setting("money", 0, 100, 100_000), "1.234")).toBe("金额应为元，最多两位小数");
    expect(mistake(setting("money", 0, 100, 100_000), 99)).toBe("不能小于 1.00 元");
    expect(mistake(setting("clock", 0, 0, 1439), 1440)).toBe("不能大于 23:59");
    expect(mistake(setting("clock", 0, 0, 1439), "25:10")).toBe("时间应为 时:分");
    expect(mistake(setting("working_minutes", 0, 1, 54_000), "八小时")).toBe("应为 时:分，例如 18:00");
    expect(mistake(setting("days", 0, 1, 365), "1.5")).toBe("应为整数");
    expect(mistake(setting("days", 0, 1, 365), 366)).toBe("不能大于 365 天");
    expect(mistake(setting("days", 0, 1, 365), undefined)).toBe("必须填写");
    expect(mistake(setting("days", 0, 1, 365), 30)).toBeUndefined();
  });

  it("shows its range in its unit; what no program can exceed is no limit", () => {
    expect(rangeText(setting("money", 0, 1, 100_000))).toBe("0.01 元 – 1,000.00 元");
    expect(rangeText(setting("money", 0, 1, 2 ** 63))).toBe("不小于 0.01 元");
    expect(figureField(setting("money", 0, 1, 2 ** 63))["number"]).not.toHaveProperty("max");
    expect(rangeText(setting("yes_no", 0, 0, 1))).toBe("");
  });

  it("may be a text", () => {
    const text: Setting = { name: "one", zh: "服务", en: "server", unit: "text", text: "", is_default: true };
    expect([figureText(text), rangeText(text), figureText({ ...text, text: "http://127.0.0.1:5000" })]).toEqual(["（空）", "", "http://127.0.0.1:5000"]);
  });
});
