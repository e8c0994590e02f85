import { afterEach, describe, expect, it } from "vitest";
import { addDays, clockOf, dayOf, formatAge, formatDate, formatMinutes, formatTime, timeOfWall, weekday } from "@/common/time";
import { label, language, t } from "@/common/words";

afterEach(() => (language.value = "zh"));

describe("times are Shanghai's", () => {
  it("shows the company's day and clock whatever the machine's zone is", () => {
    expect(formatTime("2026-11-20T17:30:00Z")).toBe("2026-11-21 01:30");
    expect(dayOf("2026-12-31T16:00:00Z")).toBe("2027-01-01");
    expect(clockOf("2026-11-20T01:05:00Z")).toBe("09:05");
    expect(formatTime(undefined)).toBe("");
    expect(formatTime("nonsense")).toBe("");
  });

  it("reads a typed wall clock", () => {
    expect(timeOfWall("2026-11-20T09:30")).toBe("2026-11-20T09:30:00+08:00");
    expect(timeOfWall("2026-02-30 09:30")).toBeUndefined();
    expect(timeOfWall("yesterday")).toBeUndefined();
  });

  it("counts days over months and years", () => {
    expect(addDays("2026-12-31", 1)).toBe("2027-01-01");
    expect(addDays("2028-03-01", -1)).toBe("2028-02-29");
    expect(weekday("2026-11-22")).toBe(7);
    expect(formatDate("2026-11-20", true)).toBe("2026-11-20 周五");
  });

  it("says working minutes in working days of nine hours", () => {
    expect(formatMinutes(0)).toBe("0 分钟");
    expect(formatMinutes(65)).toBe("1 小时 5 分钟");
    expect(formatMinutes(540 + 60)).toBe("1 个工作日 1 小时");
    expect(formatMinutes(-30)).toBe("-30 分钟");
    language.value = "en";
    expect(formatMinutes(1080)).toBe("2 working days");
  });

  it("says how old a figure is", () => {
    const now = Date.parse("2026-11-20T10:00:00Z");
    expect(formatAge("2026-11-20T09:59:58Z", now)).toBe("刚刚");
    expect(formatAge("2026-11-20T09:57:00Z", now)).toBe("3 分钟前");
  });
});

describe("words", () => {
  it("fill their values in order, also values with dollars", () => {
    expect(t({ zh: "{} 欠 {}", en: "" }, "$&店", 5)).toBe("$&店 欠 5");
  });

  it("switch the page's language", async () => {
    language.value = "en";
    await Promise.resolve();
    expect(document.documentElement.lang).toBe("en");
    expect(label({ zh: "金额", en: "amount" })).toBe("Amount");
  });
});
