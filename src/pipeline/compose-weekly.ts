import { composeWeekly } from "../bulletins/weekly.ts";
import type { ClosedPeriod, CorrectedIssue, WeeklyBaseline, WeeklyInput } from "../bulletins/weekly-input.ts";
import type { Sight } from "../domain/board.ts";
import { addDays, type Day, dayOf, instantAt, shortDate } from "../domain/calendar.ts";
import { detectChanges } from "../domain/change.ts";
import type { Edition } from "../domain/edition.ts";
import type { PastIssue } from "../domain/memory.ts";
import { periodKey, periodOf } from "../domain/period.ts";
import type { Problem } from "../domain/run.ts";
import { PROVINCES } from "../domain/unit.ts";
import { rankedAlike } from "../domain/view.ts";
import { weeklyIssue, weeklyIssueDay } from "../domain/working-calendar.ts";
import { DEFAULT_SOURCE } from "../sources/index.ts";
import { analyseSights } from "./analysis.ts";
import type { Composed } from "./compose-daily.ts";
import type { Context } from "./context.ts";
import type { Issue } from "./daily-desk.ts";
import { openCalendar } from "./publish-policy.ts";
import { openSights, type Sights } from "./sight.ts";
import { closedPeriodsAt } from "./weekly-closed.ts";
import { correctedIssues } from "./weekly-corrected.ts";
import { issueMonday, mondayOfIssue, weeksBefore } from "./weekly-past.ts";
import { MONDAY_HOUR, weeksUpTo } from "./weekly-weeks.ts";

/**
 * Composes the committee's bulletin issued in the week of a day, about the ISO week before, and about weeks before that one whose
 * own day of issue never came. Baseline: the latest complete figures at 07:00 on the Monday of the last published weekly, or at the
 * moment of its figures where it came out later; without one, at 07:00 on the first covered Monday. Without sound figures of the
 * day, and with `older`, the last complete ones are printed with their date, if they are newer than the baseline.
 */
export async function composeWeeklies(ctx: Context, issue: Issue): Promise<Composed> {
  const calendar = await openCalendar(ctx);
  const { issue: issueName, ...week } = weeklyIssue(calendar, issue.day);
  const key = `weekly/${issueName}/${issue.province}/r0`;
  if (issue.afresh !== true && (await ctx.store.editions.find(key)) !== null)
    return { editions: [], existing: [key], problems: [] };
  const sights = openSights(ctx, DEFAULT_SOURCE.name);
  const year = periodKey(periodOf("year", issue.day));
  const today = (scope: string) => sights.latest({ scope, period: year, asOf: issue.asOf, onDay: issue.day });
  const last = await ctx.store.editions.last("weekly", issue.province, issueName);
  const lastMoment = baselineMoment(last, week.from);
  const before = await baselineOf(sights, { province: issue.province, year, asOf: lastMoment });
  const shown = async (scope: string, then: Sight | null) =>
    (await today(scope)) ?? (issue.older === true ? newerThan(then, await lastComplete(scope)) : null);
  const lastComplete = (scope: string) => sights.latest({ scope, period: year, asOf: issue.asOf, completeOnly: true });
  const provinces = await shown(PROVINCES, before?.provinces ?? null);
  const units = await shown(issue.province, before?.units ?? null);
  if (provinces === null) return { editions: [], existing: [], problems: [noData(issue, issueName, null)] };
  const isToday = dayOf(provinces.view.snapshot.takenAt) === issue.day;
  const isNewYear = last !== null && before === null && dayOf(last.asOf).slice(0, 4) < year;
  const analyse = async (then: Sight | null | undefined, now: Sight | null) =>
    then == null || now === null ? null : analyseSights(ctx, sights, [then, now]);
  const edition = weeklyEdition(ctx, {
    ...{ issue, issueName, provinces, units, before, week, isNewYear },
    note: (await ctx.store.notes.of(issueName))?.text ?? null,
    lastEdition: last?.id ?? null,
    past: await weeksBefore(ctx, { province: issue.province, issueName, from: week.from }),
    weeks: await weeksUpTo(sights, {
      ...{ day: issue.day, provinces },
      last: { monday: issueMonday(last), provinces: before?.provinces ?? null },
    }),
    closed: await closedPeriodsAt(sights, {
      ...{
        province: issue.province,
        day: issue.day,
        asOf: issue.asOf,
        since: weeklyIssueDay(calendar, week.from) ?? week.from,
      },
      last: before === null ? null : lastMoment,
    }),
    corrected: await correctedIssues(ctx, { province: issue.province, day: issue.day, asOf: issue.asOf }),
    analysis: {
      provinces: await analyse(before?.provinces, provinces),
      units: await analyse(before?.units, units),
    },
  });
  return { editions: [edition], existing: [], problems: isToday ? [] : [noData(issue, issueName, provinces)] };
}

function noData(issue: Issue, name: string, used: Sight | null): Problem {
  const outcome =
    used === null
      ? `the weekly ${name} is not published; see "diemtin snapshots list", then "diemtin run collect" and publish again`
      : `the weekly ${name} prints those of ${shortDate(dayOf(used.view.snapshot.takenAt))} and says so; see "diemtin snapshots list"`;
  return {
    cause: "compose/no-data/weekly",
    severity: used === null ? "failed" : "partial",
    message: `no sound service-results of the provinces taken on ${issue.day} (${DEFAULT_SOURCE.name}): ${outcome}`,
  };
}

/** Figures no newer than the other side of the comparison say nothing about the week. */
function newerThan(then: Sight | null, sight: Sight | null): Sight | null {
  if (sight === null || then === null) return sight;
  return sight.view.snapshot.takenAt > then.view.snapshot.takenAt ? sight : null;
}

/**
 * 07:00 on the Monday after the week the last weekly covers, or the moment of its figures when it was issued later in that week;
 * without a last one, 07:00 on the first covered Monday.
 */
function baselineMoment(last: Edition | null, from: Day): Date {
  const covered = mondayOfIssue(last?.issue ?? "");
  if (covered === null || last === null) return instantAt(from, MONDAY_HOUR);
  const monday = instantAt(addDays(covered, 7), MONDAY_HOUR);
  return last.asOf > monday ? last.asOf : monday;
}

async function baselineOf(
  sights: Sights,
  at: { province: string; year: string; asOf: Date },
): Promise<WeeklyBaseline | null> {
  const { asOf } = at;
  const provinces = await sights.latest({ scope: PROVINCES, period: at.year, asOf, completeOnly: true });
  if (provinces === null) return null;
  const units = await sights.latest({ scope: at.province, period: at.year, asOf, completeOnly: true });
  return { provinces, units, day: dayOf(provinces.view.snapshot.takenAt) };
}

type Parts = {
  readonly issue: Issue;
  readonly issueName: string;
  readonly provinces: Sight;
  readonly units: Sight | null;
  readonly before: WeeklyBaseline | null;
  readonly week: Parameters<typeof composeWeekly>[0]["week"];
  readonly isNewYear: boolean;
  readonly lastEdition: string | null;
  readonly past: readonly PastIssue[];
  readonly note: string | null;
  readonly analysis: WeeklyInput["analysis"];
  readonly weeks: WeeklyInput["weeks"];
  readonly closed: readonly ClosedPeriod[];
  readonly corrected: readonly CorrectedIssue[];
};

function weeklyEdition(ctx: Context, parts: Parts): Edition {
  const { issue, provinces, units, before } = parts;
  const compared = units !== null && before?.units != null;
  const alike = (level: "agency" | "commune") =>
    compared && before.units !== null && rankedAlike(before.units.view, units.view, level);
  const content = composeWeekly({
    settings: { ...ctx.settings, province: issue.province },
    day: issue.day,
    week: parts.week,
    provinces,
    units,
    before,
    ...(parts.isNewYear ? { unlike: "new-period" } : {}),
    changes: compared && before.units !== null ? detectChanges(before.units.view, units.view) : [],
    rankedAlike: {
      province: before !== null && rankedAlike(before.provinces.view, provinces.view, "province"),
      agency: alike("agency"),
      commune: alike("commune"),
    },
    analysis: parts.analysis,
    past: parts.past,
    weeks: parts.weeks,
    closed: parts.closed,
    corrected: parts.corrected,
    nextIssue: issue.nextIssue,
    ...(parts.note === null ? {} : { note: parts.note }),
  });
  const closed = parts.closed.flatMap(({ provinces: sight }) => sight.snapshots);
  const closedBefore = parts.closed.flatMap((one) => one.before?.snapshots ?? []);
  const baseSnapshots =
    before === null ? [] : [...before.provinces.snapshots, ...(before.units?.snapshots ?? []), ...closedBefore];
  const earlier = parts.weeks.flatMap((week) => week.provinces?.snapshots ?? []);
  return {
    bulletin: "weekly",
    audience: issue.province,
    issue: parts.issueName,
    reissue: 0,
    asOf: provinces.view.snapshot.takenAt,
    composedAt: ctx.now(),
    snapshots: [...new Set([...provinces.snapshots, ...(units?.snapshots ?? []), ...earlier, ...closed])],
    baseline: before === null ? null : { edition: parts.lastEdition, day: before.day, snapshots: baseSnapshots },
    content,
  };
}
