import { composeDaily } from "../bulletins/daily.ts";
import type { DailyBaseline, DailyInput } from "../bulletins/daily-input.ts";
import type { Analysis } from "../domain/analysis.ts";
import type { Sight } from "../domain/board.ts";
import { type Day, shortDate } from "../domain/calendar.ts";
import type { Edition } from "../domain/edition.ts";
import { HEADLINES, TOTAL } from "../domain/indicator.ts";
import { type PastIssue, remember } from "../domain/memory.ts";
import { periodKey, periodOf, previousPeriod } from "../domain/period.ts";
import type { Problem } from "../domain/run.ts";
import { PROVINCES } from "../domain/unit.ts";
import { activeUnits, type RegisteredUnit, rankedAlike, unitName } from "../domain/view.ts";
import { DEFAULT_SOURCE } from "../sources/index.ts";
import { analyseSights } from "./analysis.ts";
import type { Context } from "./context.ts";
import { openSights, type Sights } from "./sight.ts";

/** What composing came to: editions not yet frozen, keys that existed before, and what is missing. */
export type Composed = {
  readonly editions: readonly Edition[];
  readonly existing: readonly string[];
  readonly problems: readonly Problem[];
};

/** Which day is composed, as the world stood at `asOf`. */
export type Issue = {
  readonly province: string;
  readonly day: Day;
  readonly asOf: Date;
  readonly nextIssue: Day /** Composes anew and ignores what exists (preview). */;
  readonly afresh?: boolean /** Composes this unit's digest alone. */;
  readonly only?: string;
};

/**
 * Composes the digest of every unit and of the province for a day, from figures taken on that day only: a complete
 * snapshot, or a sound ranking with the failed groups dated. Without either nothing is composed and the problem says so.
 */
export async function composeDailies(ctx: Context, issue: Issue): Promise<Composed> {
  const sights = openSights(ctx, DEFAULT_SOURCE.name);
  const year = periodKey(periodOf("year", issue.day));
  const today = (scope: string) => sights.latest({ scope, period: year, asOf: issue.asOf, onDay: issue.day });
  const [units, provinces] = [await today(issue.province), await today(PROVINCES)];
  const severity = units === null && provinces === null ? "failed" : "partial";
  const problems = [
    ...(units === null ? [noData(issue, issue.province, severity)] : []),
    ...(provinces === null ? [noData(issue, PROVINCES, severity)] : []),
  ];
  const past = await ctx.store.editions.past("daily", issue.day, ctx.settings.thresholds.memory.issues);
  const shared = { baselines: new Map(), months: new Map(), past, analyses: analyser(ctx, sights) };
  const desk: Desk = { ctx, issue, sights, year, units, provinces, ...shared };
  const readers: (readonly [RegisteredUnit, Sight])[] = [];
  const province = provinces?.view.units.get(issue.province);
  if (provinces !== null && province !== undefined) readers.push([province, provinces]);
  if (units !== null)
    for (const level of ["agency", "commune"] as const)
      for (const unit of activeUnits(units.view, level)) readers.push([unit, units]);
  const editions: Edition[] = [];
  const existing: string[] = [];
  for (const [unit, now] of readers) {
    if (issue.only !== undefined && issue.only !== unit.code) continue;
    const key = `daily/${issue.day}/${unit.code}/r0`;
    if (issue.afresh !== true && (await ctx.store.editions.find(key)) !== null) existing.push(key);
    else {
      const edition = await composeOne(desk, unit, now);
      if (edition !== null) editions.push(edition);
    }
  }
  return { editions, existing, problems };
}

type Desk = {
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
  analyses(before: Sight, after: Sight): Promise<Analysis | null>;
};

/** What all units with the same baseline share. */
type Shared = { readonly rankedAlike: boolean; readonly unchanged: boolean; readonly analysis: Analysis | null };

function noData(issue: Issue, scope: string, severity: Problem["severity"]): Problem {
  const what = scope === PROVINCES ? "the provinces" : `the units of ${scope}`;
  return {
    cause: `compose/no-data/${scope}`,
    severity,
    message: `no sound service-results of ${what} taken on ${shortDate(issue.day)} (${DEFAULT_SOURCE.name}): their digests are not published; see "diemtin snapshots list", then "diemtin run collect" and publish again`,
  };
}

async function composeOne(desk: Desk, unit: RegisteredUnit, now: Sight): Promise<Edition | null> {
  const { ctx, issue } = desk;
  const { settings } = ctx;
  const last = await ctx.store.editions.last("daily", unit.code, issue.day);
  const scope = now.view.snapshot.scope;
  const then = last === null ? null : await desk.sights.of(last.snapshots, scope, desk.year);
  const shared =
    then === null ? { rankedAlike: false, unchanged: false, analysis: null } : await shareOf(desk, unit, [now, then]);
  if (shared.unchanged && settings.daily.whenUnchanged === "skip") return null;
  const counts = scope === PROVINCES ? desk.units : now;
  const countsThen =
    last === null || scope !== PROVINCES ? then : await desk.sights.of(last.snapshots, issue.province, desk.year);
  const before: DailyBaseline | null =
    then === null || last === null
      ? null
      : {
          sight: then,
          counts: countsThen,
          day: last.issue,
          rankedAlike: shared.rankedAlike,
          analysis: shared.analysis,
        };
  const months = await monthsOf(desk, scope);
  const input: DailyInput = {
    settings,
    day: issue.day,
    unit,
    now,
    before,
    counts,
    months,
    movers: moversOf(desk, scope, countsThen),
    unchanged: shared.unchanged,
    memory: memoryOf(desk, unit, now),
    nextIssue: issue.nextIssue,
  };
  const snapshots = new Set([now, ...(counts === null ? [] : [counts]), ...months].flatMap((sight) => sight.snapshots));
  return {
    bulletin: "daily",
    audience: unit.code,
    issue: issue.day,
    reissue: 0,
    asOf: now.view.snapshot.takenAt,
    composedAt: ctx.now(),
    snapshots: [...snapshots],
    baseline: last === null || then === null ? null : { edition: last.id, day: last.issue, snapshots: then.snapshots },
    content: composeDaily(input),
  };
}

async function shareOf(desk: Desk, unit: RegisteredUnit, [now, then]: readonly [Sight, Sight]): Promise<Shared> {
  const key = `${unit.level}|${now.snapshots.join()}|${then.snapshots.join()}`;
  const known = desk.baselines.get(key);
  if (known !== undefined) return known;
  const shared = {
    rankedAlike: rankedAlike(then.view, now.view, unit.level),
    unchanged: isUnchanged(now, then),
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

/** The running month and the last closed one, where something complete is known of them. */
async function monthsOf(desk: Desk, scope: string): Promise<readonly Sight[]> {
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
function moversOf(desk: Desk, scope: string, then: Sight | null): DailyInput["movers"] {
  const { units } = desk;
  if (scope !== PROVINCES || units === null || then === null) return [];
  return [...units.view.units.values()]
    .flatMap((unit) => {
      const [now, before] = [units.view.value(unit.code, TOTAL), then.view.value(unit.code, TOTAL)];
      return typeof now === "number" && typeof before === "number" && unit.standing !== "waiting"
        ? [{ code: unit.code, name: unitName(unit), delta: now - before }]
        : [];
    })
    .filter(({ delta }) => Math.abs(delta) >= desk.ctx.settings.floors.headline)
    .sort((a, b) => Math.abs(b.delta) - Math.abs(a.delta) || (a.code < b.code ? -1 : 1));
}

/** One analysis per pair of sights: all levels of a scope share it. */
function analyser(ctx: Context, sights: Sights): Desk["analyses"] {
  const known = new Map<string, Promise<Analysis | null>>();
  return (before, after) => {
    const key = `${before.snapshots.join()}|${after.snapshots.join()}`;
    const made = known.get(key) ?? analyseSights(ctx, sights, [before, after]);
    known.set(key, made);
    return made;
  };
}

function memoryOf(desk: Desk, unit: RegisteredUnit, now: Sight): DailyInput["memory"] {
  const { floors, thresholds } = desk.ctx.settings;
  const past = (desk.past.get(unit.code) ?? []).slice(0, thresholds.memory.issues);
  return remember(past, { period: desk.year, value: (code) => now.view.value(unit.code, code) }, floors.large);
}
