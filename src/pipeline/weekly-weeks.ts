import type { WeekPoint } from "../bulletins/weekly-input.ts";
import type { Sight } from "../domain/board.ts";
import { addDays, type Day, dayOf, instantAt, mondayOf } from "../domain/calendar.ts";
import { periodKey, periodOf } from "../domain/period.ts";
import { PROVINCES } from "../domain/unit.ts";
import type { Sights } from "./sight.ts";

/** The hour of the Monday at which a week's figures are taken as known. */
export const MONDAY_HOUR = "07:00";
/** So many weeks with this one: a quarter. */
const WEEKS = 13;

/**
 * What was known of the provinces at 07:00 on the Monday of each of the last thirteen weeks, oldest first, this issue's own figures last.
 * From the archive, read by today's reader, so that the weeks before the first bulletin count too. A week without a complete snapshot
 * of its own is null, never the week before again; where the last bulletin came out later than its Monday, its own figures stand for it.
 */
export async function weeksUpTo(
  sights: Sights,
  now: {
    readonly day: Day;
    readonly provinces: Sight;
    /** The last bulletin's Monday, and the figures this one is compared with. */
    readonly last: { readonly monday: Day | null; readonly provinces: Sight | null };
  },
): Promise<readonly WeekPoint[]> {
  const monday = mondayOf(now.day);
  const weeks: WeekPoint[] = [{ day: dayOf(now.provinces.view.snapshot.takenAt), provinces: now.provinces }];
  for (let back = 1; back < WEEKS; back += 1) {
    const day = addDays(monday, -7 * back);
    const provinces = await weekOf(sights, day, day === now.last.monday ? now.last.provinces : null);
    weeks.unshift({ day: provinces === null ? day : dayOf(provinces.view.snapshot.takenAt), provinces });
  }
  const own = withoutRepeats(weeks);
  while (own[0]?.provinces === null) own.shift();
  return own;
}

/** A snapshot stands for one week only: this may be the one the last bulletin was late with. */
function withoutRepeats(weeks: readonly WeekPoint[]): WeekPoint[] {
  const seen = new Set<string>();
  return weeks.map((week) => {
    const id = week.provinces?.view.snapshot.id;
    const repeats = id !== undefined && seen.has(id);
    if (id !== undefined) seen.add(id);
    return repeats ? { day: week.day, provinces: null } : week;
  });
}

async function weekOf(sights: Sights, monday: Day, late: Sight | null): Promise<Sight | null> {
  const period = periodKey(periodOf("year", monday));
  const asOf = instantAt(monday, MONDAY_HOUR);
  if (late !== null && late.view.snapshot.period === period && late.view.snapshot.takenAt > asOf) return late;
  const sight = await sights.latest({ scope: PROVINCES, period, asOf, completeOnly: true });
  return sight !== null && sight.view.snapshot.takenAt > instantAt(addDays(monday, -7), MONDAY_HOUR) ? sight : null;
}
