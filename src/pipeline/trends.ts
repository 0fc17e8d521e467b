import { blockMedian } from "../domain/advice.ts";
import { dayOf, instantAt } from "../domain/calendar.ts";
import { indicatorId, TOTAL } from "../domain/indicator.ts";
import { type Step, trendOf } from "../domain/trend.ts";
import { isWorkingDay, type WorkingCalendar, workingCalendar, workingDayBefore } from "../domain/working-calendar.ts";
import { DEFAULT_SOURCE } from "../sources/index.ts";
import type { Context } from "./context.ts";
import type { TotalRow } from "./store.ts";

/** Working days looked back beyond the steps: mornings on which nothing complete could be had leave no step. */
const SPARE_DAYS = 6;

/** Loads each scope's trends once: by unit, hundredths against the median of its block; units without one are absent. */
export function trendReader(
  ctx: Pick<Context, "store" | "settings">,
  at: { period: string; asOf: Date },
): (scope: string) => Promise<ReadonlyMap<string, number>> {
  const known = new Map<string, Promise<ReadonlyMap<string, number>>>();
  return (scope) => {
    const made = known.get(scope) ?? trendsOf(ctx, { ...at, scope });
    known.set(scope, made);
    return made;
  };
}

async function trendsOf(
  ctx: Pick<Context, "store" | "settings">,
  at: { period: string; asOf: Date; scope: string },
): Promise<ReadonlyMap<string, number>> {
  const { thresholds } = ctx.settings;
  const calendar = workingCalendar(await ctx.store.calendar.list());
  const from = instantAt(workingDayBefore(calendar, dayOf(at.asOf), thresholds.trend.steps + SPARE_DAYS));
  const indicator = indicatorId(DEFAULT_SOURCE.scheme, TOTAL);
  const [rows, register] = await Promise.all([
    ctx.store.observations.totals({
      source: DEFAULT_SOURCE.name,
      scope: at.scope,
      period: at.period,
      indicator,
      from,
      to: at.asOf,
    }),
    ctx.store.units.list(at.scope),
  ]);
  const days = workingDays(rows, calendar);
  const trends = new Map<string, number>();
  for (const level of new Set(register.map((unit) => unit.level))) {
    const units = register.filter((unit) => unit.level === level).map(({ code }) => code);
    const steps = new Map<string, Step[]>(units.map((unit) => [unit, []]));
    for (const [index, day] of days.entries()) {
      const before = days[index - 1];
      if (before === undefined) continue;
      const deltas = units.flatMap((unit) => deltaOf(before, day, unit) ?? []);
      const middle = blockMedian(deltas) ?? 0;
      for (const unit of units) {
        const delta = deltaOf(before, day, unit);
        // A missing day breaks the run; a jump or a shift is no trend either.
        const net = delta === null ? 0 : delta - middle;
        steps.get(unit)?.push({ delta: net, flagged: delta === null || Math.abs(delta) >= thresholds.jump.from });
      }
    }
    for (const [unit, own] of steps) {
      const trend = trendOf(own, thresholds.trend);
      if (trend !== null) trends.set(unit, trend);
    }
  }
  return trends;
}

/** The last complete snapshot of each working day, holidays and worked Saturdays counted: totals by unit, oldest day first. */
function workingDays(rows: readonly TotalRow[], calendar: WorkingCalendar): readonly ReadonlyMap<string, number>[] {
  const byDay = new Map<string, { takenAt: number; totals: Map<string, number> }>();
  for (const { takenAt, unit, value } of rows) {
    const day = dayOf(takenAt);
    if (value === null || !isWorkingDay(calendar, day)) continue;
    const moment = takenAt.getTime();
    const known = byDay.get(day);
    if (known === undefined || known.takenAt < moment)
      byDay.set(day, { takenAt: moment, totals: new Map([[unit, value]]) });
    else if (known.takenAt === moment) known.totals.set(unit, value);
  }
  return [...byDay].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, { totals }]) => totals);
}

function deltaOf(before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>, unit: string): number | null {
  const [then, now] = [before.get(unit), after.get(unit)];
  return then === undefined || now === undefined ? null : now - then;
}
