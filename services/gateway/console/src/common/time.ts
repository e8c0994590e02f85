/** Times are the company's: Asia/Shanghai, whatever the browser's clock is set to. China has had no summer time since 1991. */
import { language } from "./words";

const OFFSET = 8 * 3_600_000;
const DAY = 86_400_000;

function two(value: number): string {
  return String(value).padStart(2, "0");
}

/** The wall clock in Shanghai as the UTC fields of a Date. */
function wall(time: string | number | Date): Date {
  return new Date(new Date(time).getTime() + OFFSET);
}

/** "2026-11-20", the day in Shanghai. */
export function dayOf(time: string | number | Date): string {
  const at = wall(time);
  return `${at.getUTCFullYear()}-${two(at.getUTCMonth() + 1)}-${two(at.getUTCDate())}`;
}

/** "09:30" in Shanghai. */
export function clockOf(time: string | number | Date): string {
  const at = wall(time);
  return `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`;
}

/** "2026-11-20 09:30" */
export function formatTime(time: string | number | Date | undefined): string {
  if (time === undefined || Number.isNaN(new Date(time).getTime())) return "";
  return `${dayOf(time)} ${clockOf(time)}`;
}

/** Wall clock typed in Shanghai ("2026-11-20 09:30", seconds allowed) → RFC 3339. */
export function timeOfWall(text: string): string | undefined {
  const match = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2})(:\d{2})?$/.exec(text.trim());
  if (!match) return undefined;
  const time = `${match[1]}T${match[2]}${match[3] ?? ":00"}+08:00`;
  return Number.isNaN(Date.parse(time)) || dayOf(time) !== match[1] ? undefined : time;
}

export function today(now: number = Date.now()): string {
  return dayOf(now);
}

/** date + days, e.g. addDays("2026-12-31", 1) = "2027-01-01". */
export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10);
}

/** Monday is 1, Sunday 7. */
export function weekday(date: string): number {
  return new Date(`${date}T00:00:00Z`).getUTCDay() || 7;
}

const DAYS = {
  zh: ["周一", "周二", "周三", "周四", "周五", "周六", "周日"],
  en: ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
};

/** "2026-11-20 周五" */
export function formatDate(date: string | undefined, withWeekday = false): string {
  if (!date) return "";
  return withWeekday ? `${date} ${DAYS[language.value][weekday(date) - 1]}` : date;
}

/** Working minutes that are left, as a person says it: a working day has nine hours (09:00 to 18:00). */
export function formatMinutes(minutes: number): string {
  const all = Math.abs(minutes);
  const days = Math.floor(all / 540);
  const hours = Math.floor((all % 540) / 60);
  const rest = all % 60;
  const zh = language.value === "zh";
  const parts = [
    days && (zh ? `${days} 个工作日` : `${days} working day${days > 1 ? "s" : ""}`),
    hours && (zh ? `${hours} 小时` : `${hours} h`),
    (rest || (!days && !hours)) && days === 0 && (zh ? `${rest} 分钟` : `${rest} min`),
  ].filter(Boolean);
  return (minutes < 0 ? "-" : "") + parts.join(" ");
}

/** How long ago, for the age of a figure: "3 分钟前". */
export function formatAge(time: string | number | Date, now: number = Date.now()): string {
  const seconds = Math.max(0, Math.round((now - new Date(time).getTime()) / 1000));
  const zh = language.value === "zh";
  if (seconds < 5) return zh ? "刚刚" : "just now";
  if (seconds < 60) return zh ? `${seconds} 秒前` : `${seconds} s ago`;
  if (seconds < 3600) return zh ? `${Math.floor(seconds / 60)} 分钟前` : `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86400) return zh ? `${Math.floor(seconds / 3600)} 小时前` : `${Math.floor(seconds / 3600)} h ago`;
  return formatTime(time);
}
