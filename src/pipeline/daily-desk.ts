import type { DailyInput } from "../bulletins/daily-input.ts";
import type { Analysis } from "../domain/analysis.ts";
import type { Sight } from "../domain/board.ts";
import { addDays, type Day, dayOf } from "../domain/calendar.ts";
import { SETTLING_DAYS } from "../domain/change.ts";
import { GROUPS, type Group, HEADLINES, isHeadline, TOTAL } from "../domain/indicator.ts";
import { drift, type PastIssue, remember } from "../domain/memory.ts";
import { type Period, parsePeriod, periodEnd, periodKey, periodOf, previousPeriod } from "../domain/period.ts";
import { PROVINCES } from "../domain/unit.ts";
import { type RegisteredUnit, rankedAlike, unitName } from "../domain/view.ts";
import type { WorkingCalendar } from "../domain/working-calendar.ts";
import { analyseSights } from "./analysis.ts";
import type { Context } from "./context.ts";
import type { Sights } from "./sight.ts";

/** Which day is composed, as the world stood at `asOf`. */
export type Issue = {
  readonly province: string;
  readonly day: Day;
  readonly asOf: Date;
  readonly nextIssue: Day;
  /** Without sound figures of the day the last complete ones are printed, with their date. */
  readonly older?: boolean /** Composes anew and ignores what exists (preview). */;
  readonly afresh?: boolean /** Composes this unit's digest alone. */;
  readonly only?: string;
};

export type Desk = {
  readonly ctx: Context;
  readonly issue: Issue;
  readonly sights: Sights;
  readonly year: string;
  readonly units: Sight | null;
  readonly provinces: Sight | null;
  readonly baselines: Map<string, Shared>;
  readonly months: Map<string, readonly Sight[]>;
  /** Recent issues by audience, newest first. */
  readonly past: ReadonlyMap<string, readonly PastIssue[]>;
  readonly calendar: WorkingCalendar;
  analyses(before: Sight, after: Sight): Promise<Analysis | null>;
  trends(scope: string): Promise<ReadonlyMap<string, number>>;
};

/** What all units with the same baseline share. */
type Shared = {
  readonly rankedAlike: boolean;
  readonly unchanged: boolean;
  /** Where nothing changed: when these very figures were first seen. */
  readonly refreshedAt: Date | null;
  readonly stalled: ReadonlySet<Group>;
  readonly analysis: Analysis | null;
};
export const NOTHING_SHARED: Shared = {
  ...{ rankedAlike: false, unchanged: false, refreshedAt: null, stalled: new Set<Group>(), analysis: null },
};

export async function shareOf(desk: Desk, unit: RegisteredUnit, [now, then]: readonly [Sight, Sight]): Promise<Shared> {
  const key = `${unit.level}|${now.snapshots.join()}|${then.snapshots.join()}`;
  const known = desk.baselines.get(key);
  if (known !== undefined) return known;
  const unchanged = isUnchanged(now, then);
  const shared = {
    rankedAlike: rankedAlike(then.view, now.view, unit.level),
    unchanged,
    refreshedAt: unchanged ? await firstSeen(desk, now, then) : null,
    stalled: stalledGroups(now, then),
    analysis: await desk.analyses(then, now),
  };
  desk.baselines.set(key, shared);
  return shared;
}

/** The portal has not refreshed when no unit's figure differs and every group is of today. */
function isUnchanged(now: Sight, then: Sight): boolean {
  if (now.dated.size > 0 || now.view.units.size !== then.view.units.size) return false;
  return [...now.view.units.keys()].every((unit) =>
    HEADLINES.every((code) => now.view.value(unit, code) === then.view.value(unit, code)),
  );
}

/** The moment of the oldest complete snapshot of the period with these figures: the last refresh that was seen. */
async function firstSeen({ ctx }: Desk, now: Sight, then: Sight): Promise<Date> {
  const { id, source, scope, period, takenAt } = now.view.snapshot;
  const { fingerprint } = await ctx.store.snapshots.verdict(id);
  const question = { source, scope, fingerprint: fingerprint ?? "", asOf: takenAt, except: id };
  const alike = (await ctx.store.snapshots.alike(question)).filter((snapshot) => snapshot.period === period);
  const moments = [then.view.snapshot.takenAt, ...alike.map((snapshot) => snapshot.takenAt)];
  return new Date(Math.min(...moments.map((moment) => moment.getTime())));
}

/** Groups without a single new figure, although the scope has new ones. */
function stalledGroups(now: Sight, then: Sight): ReadonlySet<Group> {
  const same = (group: Group) =>
    [...now.view.units.keys()].every((unit) => now.view.value(unit, group) === then.view.value(unit, group));
  return new Set(GROUPS.filter((group) => !now.dated.has(group) && !then.dated.has(group) && same(group)));
}

/** The running month and the last closed one, where something complete is known of them. */
export async function monthsOf(desk: Desk, scope: string): Promise<readonly Sight[]> {
  const known = desk.months.get(scope);
  if (known !== undefined) return known;
  const running = periodOf("month", desk.issue.day);
  const found: Sight[] = [];
  for (const month of [running, previousPeriod(running)]) {
    const sight = await desk.sights.latest({ scope, period: periodKey(month), asOf: desk.issue.asOf });
    if (sight !== null) found.push(sight);
  }
  desk.months.set(scope, found);
  return found;
}

/** For the province's own digest: its units that moved by the headline threshold since its last one, largest first. */
export async function moversOf(desk: Desk, scope: string, then: Sight | null): Promise<DailyInput["movers"]> {
  const { units } = desk;
  if (scope !== PROVINCES || units === null || then === null) return [];
  const analysis = await desk.analyses(then, units);
  return [...units.view.units.values()]
    .flatMap((unit) => {
      const [now, before] = [units.view.value(unit.code, TOTAL), then.view.value(unit.code, TOTAL)];
      return typeof now === "number" && typeof before === "number" && unit.standing !== "waiting"
        ? [
            {
              code: unit.code,
              name: unitName(unit),
              delta: analysis === null ? now - before : analysis.own(unit.code, TOTAL),
            },
          ]
        : [];
    })
    .flatMap(({ delta, ...unit }) => (delta === null ? [] : [{ ...unit, delta }]))
    .filter(({ delta }) => Math.abs(delta) >= desk.ctx.settings.floors.headline)
    .sort((a, b) => Math.abs(b.delta) - Math.abs(a.delta) || (a.code < b.code ? -1 : 1));
}

/** One analysis per pair of sights: all levels of a scope share it. */
export function analyser(ctx: Context, sights: Sights): Desk["analyses"] {
  const known = new Map<string, Promise<Analysis | null>>();
  return (before, after) => {
    const key = `${before.snapshots.join()}|${after.snapshots.join()}`;
    const made = known.get(key) ?? analyseSights(ctx, sights, [before, after]);
    known.set(key, made);
    return made;
  };
}

export function memoryOf(
  desk: Desk,
  unit: RegisteredUnit,
  at: { now: Sight; analysis: Analysis | null },
): DailyInput["memory"] {
  const { floors, thresholds } = desk.ctx.settings;
  const past = (desk.past.get(unit.code) ?? []).slice(0, thresholds.memory.issues);
  const { now, analysis } = at;
  const portal = (code: string) => (isHeadline(code) ? (analysis?.portal(unit.code, code) ?? null) : null);
  const state = { period: desk.year, value: (code: string) => now.view.value(unit.code, code) };
  return remember(past, analysis === null ? state : { ...state, portal }, floors.large);
}

/** P13: closed months whose total was rewritten after they had settled. */
export async function revisionsOf(
  desk: Desk,
  unit: RegisteredUnit,
  at: { scope: string; months: readonly Sight[]; last: readonly string[] },
): Promise<DailyInput["revised"]> {
  const revised: { period: Period; before: number; after: number }[] = [];
  for (const month of at.months) {
    const period = parsePeriod(month.view.snapshot.period);
    const then = await desk.sights.of(at.last, at.scope, month.view.snapshot.period);
    if (period === null || then === null) continue;
    const settled = addDays(periodEnd(period), SETTLING_DAYS);
    const [before, after] = [then.view.value(unit.code, TOTAL), month.view.value(unit.code, TOTAL)];
    if (dayOf(then.view.snapshot.takenAt) <= settled || before === after) continue;
    if (typeof before === "number" && typeof after === "number") revised.push({ period, before, after });
  }
  return revised;
}

export function driftOf(
  desk: Desk,
  unit: RegisteredUnit,
  [then, now]: readonly [Sight | null, Sight],
): DailyInput["drift"] {
  const [before, total] = [then?.view.value(unit.code, TOTAL), now.view.value(unit.code, TOTAL)];
  if (typeof before !== "number" || typeof total !== "number") return null;
  const state = { period: desk.year, total, delta: total - before };
  const { floors, thresholds } = desk.ctx.settings;
  return drift((desk.past.get(unit.code) ?? []).slice(0, thresholds.memory.issues), state, floors.noise);
}
