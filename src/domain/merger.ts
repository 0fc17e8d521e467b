import { type Day, dayOf } from "./calendar.ts";

/** The day 63 provinces became 34 and districts ended (Nghị quyết 202/2025/QH15): a break in nearly every series. */
export const MERGER_DAY: Day = "2025-07-01";

/** Provinces since the merger. */
export const PROVINCES_SINCE_MERGER = 34;

/** The eleven provinces that were not merged on that day. */
const UNCHANGED: ReadonlySet<string> = new Set([
  "H14",
  "H18",
  "H26",
  "H27",
  "H35",
  "H37",
  "H41",
  "H49",
  "H52",
  "H56",
  "H57",
]);

/** False when a unit's figures before and after lie on both sides of the merger and the unit is not listed as unchanged. */
export function comparableAcrossMerger(unit: string, before: Date, after: Date): boolean {
  const crosses = dayOf(before) < MERGER_DAY !== dayOf(after) < MERGER_DAY;
  return !crosses || UNCHANGED.has(unit);
}
