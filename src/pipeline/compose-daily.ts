import { composeDaily } from "../bulletins/daily.ts";
import type { DailyBaseline, DailyInput } from "../bulletins/daily-input.ts";
import type { Sight } from "../domain/board.ts";
import { dayOf, shortDate } from "../domain/calendar.ts";
import type { Edition } from "../domain/edition.ts";
import { TOTAL } from "../domain/indicator.ts";
import { periodKey, periodOf } from "../domain/period.ts";
import { RECENT_ISSUES, recentTotals } from "../domain/recent.ts";
import type { Problem } from "../domain/run.ts";
import { PROVINCES } from "../domain/unit.ts";
import { activeUnits, type RegisteredUnit } from "../domain/view.ts";
import { workingCalendar } from "../domain/working-calendar.ts";
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
import { openSights, type Sights } from "./sight.ts";
import { trendReader } from "./trends.ts";

/** What composing came to: editions not yet frozen, keys that existed before, and what is missing. */
export type Composed = {
  readonly editions: readonly Edition[];
  readonly existing: readonly string[];
  readonly problems: readonly Problem[];
};

/**
 * Composes the digest of every unit and of the province for a day from figures taken on that day: a complete snapshot, or a
 * sound ranking with the failed groups dated. Without either, and with `older`, from the last figures there were, with their date;
 * otherwise nothing is composed. Either way a problem says so.
 */
export async function composeDailies(ctx: Context, issue: Issue): Promise<Composed> {
  const sights = openSights(ctx, DEFAULT_SOURCE.name);
  const year = periodKey(periodOf("year", issue.day));
  const today = (scope: string) => sights.latest({ scope, period: year, asOf: issue.asOf, onDay: issue.day });
  const [units, provinces] = [await today(issue.province), await today(PROVINCES)];
  const shown = {
    units: units ?? (await olderSight(ctx, sights, { issue, scope: issue.province })),
    provinces: provinces ?? (await olderSight(ctx, sights, { issue, scope: PROVINCES })),
  };
  const severity = shown.units === null && shown.provinces === null ? "failed" : "partial";
  const problems = [
    ...(units === null ? [noData(issue, { scope: issue.province, severity, used: shown.units })] : []),
    ...(provinces === null ? [noData(issue, { scope: PROVINCES, severity, used: shown.provinces })] : []),
  ];
  const remembered = Math.max(ctx.settings.thresholds.memory.issues, RECENT_ISSUES.most - 1);
  const past = await ctx.store.editions.past("daily", issue.day, remembered);
  const calendar = workingCalendar(await ctx.store.calendar.list());
  const shared = {
    baselines: new Map(),
    months: new Map(),
    past,
    calendar,
    analyses: analyser(ctx, sights),
    trends: trendReader(ctx, { period: year, asOf: issue.asOf }),
  };
  const desk: Desk = { ctx, issue, sights, year, units, provinces, ...shared };
  const readers: (readonly [RegisteredUnit, Sight])[] = [];
  const province = shown.provinces?.view.units.get(issue.province);
  if (shown.provinces !== null && province !== undefined) readers.push([province, shown.provinces]);
  if (shown.units !== null)
    for (const level of ["agency", "commune"] as const)
      for (const unit of activeUnits(shown.units.view, level)) readers.push([unit, shown.units]);
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

/**
 * The last complete figures of a scope, or what its last digests were made from where that is newer: a digest never goes back
 * behind the one before. Null unless the issue may use older figures.
 */
async function olderSight(
  ctx: Context,
  sights: Sights,
  { issue, scope }: { issue: Issue; scope: string },
): Promise<Sight | null> {
  if (issue.older !== true) return null;
  const period = periodKey(periodOf("year", issue.day));
  const complete = await sights.latest({ scope, period, asOf: issue.asOf, completeOnly: true });
  const last = await ctx.store.editions.last("daily", issue.province, issue.day);
  const printed = last === null ? null : await sights.of(last.snapshots, scope, period);
  if (complete === null || printed === null) return complete ?? printed;
  return printed.view.snapshot.takenAt > complete.view.snapshot.takenAt ? printed : complete;
}

type NoData = { readonly scope: string; readonly severity: Problem["severity"]; readonly used: Sight | null };

function noData(issue: Issue, { scope, severity, used }: NoData): Problem {
  const what = scope === PROVINCES ? "the provinces" : `the units of ${scope}`;
  const outcome =
    used === null
      ? 'their digests are not published; see "diemtin snapshots list", then "diemtin run collect" and publish again'
      : `their digests print the figures of ${shortDate(dayOf(used.view.snapshot.takenAt))} and say so; see "diemtin snapshots list"`;
  return {
    cause: `compose/no-data/${scope}`,
    severity,
    message: `no sound service-results of ${what} taken on ${shortDate(issue.day)} (${DEFAULT_SOURCE.name}): ${outcome}`,
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
  const isToday = dayOf(now.view.snapshot.takenAt) === issue.day;
  // Counts of today beside totals of an older day would contradict each other.
  const counts = scope === PROVINCES ? (isToday ? desk.units : null) : now;
  const countsThen =
    last === null || scope !== PROVINCES ? then : await desk.sights.of(last.snapshots, issue.province, desk.year);
  const unlike = unlikeness(issue, { now, then, lastIssue: last?.issue ?? null });
  const before: DailyBaseline | null =
    then === null || last === null || unlike !== null
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
    ...(unlike === null ? {} : { unlike }),
    movers: isToday ? await moversOf(desk, scope, countsThen) : [],
    unchanged: shared.unchanged,
    ...(shared.refreshedAt === null ? {} : { refreshedAt: shared.refreshedAt }),
    memory: memoryOf(desk, unit, { now, analysis: shared.analysis }),
    stalled: shared.stalled,
    revised: await revisionsOf(desk, unit, { scope, months, last: last?.snapshots ?? [] }),
    drift: driftOf(desk, unit, [then, now]),
    trend: (await desk.trends(scope)).get(unit.code) ?? null,
    recent: recentTotals(
      desk.past.get(unit.code) ?? [],
      { day: issue.day, period: desk.year, value: now.view.value(unit.code, TOTAL) ?? null, scheme: now.view.scheme },
      desk.calendar,
    ),
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
    baseline:
      last === null || then === null || before === null
        ? null
        : { edition: last.id, day: last.issue, snapshots: then.snapshots },
    content: composeDaily(input),
  };
}

/** Why an issue is not compared although there was one before: the same snapshot stands on both sides, or a new year has begun. */
function unlikeness(
  issue: Issue,
  { now, then, lastIssue }: { now: Sight; then: Sight | null; lastIssue: string | null },
): NonNullable<DailyInput["unlike"]> | null {
  if (then !== null) return then.view.snapshot.id === now.view.snapshot.id ? "same-data" : null;
  return lastIssue !== null && lastIssue.slice(0, 4) < issue.day.slice(0, 4) ? "new-period" : null;
}
