import { addDays, type Day } from "./calendar.ts";
import { schemeOfFigure } from "./edition.ts";
import { TOTAL } from "./indicator.ts";
import type { PastIssue } from "./memory.ts";
import { isWorkingDay, type WorkingCalendar } from "./working-calendar.ts";

/** A unit's total as one issue printed it, in hundredths; null on a working day without an issue or without a total. */
export type RecentTotal = { readonly day: Day; readonly value: number | null };

/** A line of issues shows at most so many, and is drawn from so many comparable ones on. */
export const RECENT_ISSUES = { most: 13, least: 8 } as const;

/**
 * The totals of the last issues up to this one, oldest first: one per issue and, as a gap, one per working day without. Only issues of
 * the same period and scheme are comparable: a new year counts from nothing, a new scheme otherwise, so the line ends there. Empty when fewer than eight can be compared.
 */
export function recentTotals(
  past: readonly PastIssue[],
  now: { readonly day: Day; readonly period: string; readonly value: number | null; readonly scheme?: string | null },
  calendar: WorkingCalendar,
): readonly RecentTotal[] {
  const printed = new Map<Day, number | null>([[now.day, now.value]]);
  for (const { issue, figures } of past) {
    const total = figures.find(({ indicator }) => indicator === TOTAL);
    if (total?.period === now.period && schemeOfFigure(total) === (now.scheme ?? schemeOfFigure({})))
      printed.set(issue, total.value);
  }
  const [oldest = now.day] = [...printed.keys()].sort();
  const points: RecentTotal[] = [];
  for (let day = now.day; day >= oldest && points.length < RECENT_ISSUES.most; day = addDays(day, -1)) {
    const value = printed.get(day);
    if (value !== undefined || isWorkingDay(calendar, day)) points.unshift({ day, value: value ?? null });
  }
  while (points[0]?.value === null) points.shift();
  return points.filter(({ value }) => value !== null).length < RECENT_ISSUES.least ? [] : points;
}
