/**
 * Days, weeks and clock times in Việt Nam. The zone is Asia/Ho_Chi_Minh: UTC+7 all year, no daylight saving since 1975,
 * so the arithmetic is exact whatever zone the machine runs in. Days are ISO strings; `Date` only for instants.
 */

/** A calendar day in Việt Nam, "2026-10-12". */
export type Day = string;

/** The one zone the portal, the law and the readers use. */
export const TIME_ZONE = "Asia/Ho_Chi_Minh";
const OFFSET_MS = 7 * 3_600_000;
const DAY_MS = 86_400_000;
const WEEKDAYS = ["Chủ nhật", "thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy"] as const;

/** The day in Việt Nam at an instant. */
export function dayOf(instant: Date): Day {
  return new Date(instant.getTime() + OFFSET_MS).toISOString().slice(0, 10);
}

/** The clock time in Việt Nam at an instant, "06:00". */
export function timeOf(instant: Date): string {
  return new Date(instant.getTime() + OFFSET_MS).toISOString().slice(11, 16);
}

/** The instant of a clock time on a day in Việt Nam. */
export function instantAt(day: Day, time = "00:00"): Date {
  return new Date(`${day}T${time}:00+07:00`);
}

/** The last millisecond of a day in Việt Nam. */
export function endOfDay(day: Day): Date {
  return new Date(instantAt(day).getTime() + DAY_MS - 1);
}

/** True for a real calendar day written "YYYY-MM-DD". */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const parsed = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().slice(0, 10) === text;
}

/** The day a number of days later (earlier when negative). */
export function addDays(day: Day, days: number): Day {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** Whole days from one day to another. */
export function daysBetween(from: Day, to: Day): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS);
}

/** 1 is Monday, 7 is Sunday. */
export function isoWeekday(day: Day): number {
  const index = new Date(`${day}T00:00:00Z`).getUTCDay();
  return index === 0 ? 7 : index;
}

/** The Monday of the day's week. */
export function mondayOf(day: Day): Day {
  return addDays(day, 1 - isoWeekday(day));
}

/** The ISO week of a day: the year it belongs to and its number. */
export function isoWeek(day: Day): { readonly year: number; readonly week: number } {
  const thursday = addDays(mondayOf(day), 3);
  const year = Number(thursday.slice(0, 4));
  return { year, week: Math.floor(daysBetween(`${year}-01-01`, thursday) / 7) + 1 };
}

/** The Monday of an ISO week. */
export function mondayOfWeek(year: number, week: number): Day {
  return addDays(mondayOf(`${year}-01-04`), (week - 1) * 7);
}

/** "thứ Hai" … "Chủ nhật". */
export function weekdayName(day: Day): string {
  return WEEKDAYS[isoWeekday(day) % 7] ?? "";
}

/** "12/10/2026". */
export function shortDate(day: Day): string {
  return `${day.slice(8, 10)}/${day.slice(5, 7)}/${day.slice(0, 4)}`;
}

/** "12/10". */
export function dayAndMonth(day: Day): string {
  return `${day.slice(8, 10)}/${day.slice(5, 7)}`;
}

/** The form of NĐ 30/2020: a leading zero for days below 10 and for January and February only. */
export function officialDate(day: Day): string {
  const month = Number(day.slice(5, 7));
  return `ngày ${day.slice(8, 10)} tháng ${month <= 2 ? `0${month}` : month} năm ${day.slice(0, 4)}`;
}
