import { composeDaily } from "../bulletins/daily.ts";
import type { DailyBaseline, DailyInput } from "../bulletins/daily-input.ts";
import type { Sight } from "../domain/board.ts";
import { shortDate } from "../domain/calendar.ts";
import type { Edition } from "../domain/edition.ts";
import { periodKey, periodOf } from "../domain/period.ts";
import type { Problem } from "../domain/run.ts";
import { PROVINCES } from "../domain/unit.ts";
import { activeUnits, type RegisteredUnit } from "../domain/view.ts";
import { DEFAULT_SOURCE } from "../sources/index.ts";
import type { Context } from "./context.ts";
import {
  analyser,
  type Desk,
  driftOf,
  type Issue,
  memoryOf,
  monthsOf,
  moversOf,
  NOTHING_SHARED,
  revisionsOf,
  shareOf,
} from "./daily-desk.ts";
import { openSights } from "./sight.ts";
import { trendReader } from "./trends.ts";

/** What composing came to: editions not yet frozen, keys that existed before, and what is missing. */
export type Composed = {
  readonly editions: readonly Edition[];
  readonly existing: readonly string[];
  readonly problems: readonly Problem[];
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
  const shared = {
    baselines: new Map(),
    months: new Map(),
    past,
    analyses: analyser(ctx, sights),
    trends: trendReader(ctx, { period: year, asOf: issue.asOf }),
  };
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
  const shared = then === null ? NOTHING_SHARED : await shareOf(desk, unit, [now, then]);
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
    stalled: shared.stalled,
    revised: await revisionsOf(desk, unit, { scope, months, last: last?.snapshots ?? [] }),
    drift: driftOf(desk, unit, [then, now]),
    trend: (await desk.trends(scope)).get(unit.code) ?? null,
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
