import type { ClosedPeriod } from "../bulletins/weekly-input.ts";
import { type Day, dayOf } from "../domain/calendar.ts";
import { TOTAL } from "../domain/indicator.ts";
import { type Period, periodEnd, periodKey, periodOf, previousPeriod } from "../domain/period.ts";
import { PROVINCES } from "../domain/unit.ts";
import type { Sights } from "./sight.ts";

/** So many closed months are asked again every week, and with them the last closed quarter. */
const MONTHS = 3;

/** At which issue closed periods are looked at. */
export type ClosedQuestion = {
  readonly province: string;
  readonly day: Day;
  readonly asOf: Date;
  /** The day the last bulletin was due: what ended on it or later is new. */
  readonly since: Day;
  /** The moment of the last bulletin's figures; null when nothing is compared. */
  readonly last: Date | null;
};

/**
 * Months and quarters over by the day of issue with complete figures taken after their end: those that ended since the last bulletin,
 * and those whose total of the province stands otherwise than at its moment. Nothing of a period the portal was not asked about.
 */
export async function closedPeriodsAt(sights: Sights, at: ClosedQuestion): Promise<readonly ClosedPeriod[]> {
  const found: ClosedPeriod[] = [];
  for (const period of lastPeriods(at.day)) {
    const isNew = periodEnd(period) >= at.since;
    const provinces = await statedAt(sights, period, at.asOf);
    if (provinces === null || (!isNew && at.last === null)) continue;
    const earlier = isNew ? new Date(provinces.view.snapshot.takenAt.getTime() - 1) : at.last;
    const before = at.last === null || earlier === null ? null : await statedAt(sights, period, earlier);
    const closed = { period, provinces, before, isNew };
    if (isNew || isRewritten(closed, at.province)) found.push(closed);
  }
  return found;
}

function lastPeriods(day: Day): readonly Period[] {
  const months: Period[] = [];
  let month = periodOf("month", day);
  while (months.length < MONTHS) {
    month = previousPeriod(month);
    months.push(month);
  }
  return [...months, previousPeriod(periodOf("quarter", day))];
}

/** What the portal stated of a period once it was over; null when it was not asked by then. */
async function statedAt(sights: Sights, period: Period, asOf: Date) {
  const sight = await sights.latest({ scope: PROVINCES, period: periodKey(period), asOf, completeOnly: true });
  return sight !== null && dayOf(sight.view.snapshot.takenAt) > periodEnd(period) ? sight : null;
}

function isRewritten({ provinces, before }: Pick<ClosedPeriod, "provinces" | "before">, province: string): boolean {
  const [then, now] = [before?.view.value(province, TOTAL), provinces.view.value(province, TOTAL)];
  return typeof then === "number" && typeof now === "number" && then !== now;
}
