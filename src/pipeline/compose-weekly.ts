import { composeWeekly } from "../bulletins/weekly.ts";
import type { WeeklyBaseline, WeeklyInput } from "../bulletins/weekly-input.ts";
import type { Sight } from "../domain/board.ts";
import { addDays, type Day, dayOf, instantAt, isoWeek, mondayOf, mondayOfWeek } from "../domain/calendar.ts";
import { detectChanges } from "../domain/change.ts";
import type { Edition } from "../domain/edition.ts";
import { periodKey, periodOf } from "../domain/period.ts";
import { PROVINCES } from "../domain/unit.ts";
import { rankedAlike } from "../domain/view.ts";
import { DEFAULT_SOURCE } from "../sources/index.ts";
import { analyseSights } from "./analysis.ts";
import type { Composed } from "./compose-daily.ts";
import type { Context } from "./context.ts";
import type { Issue } from "./daily-desk.ts";
import { openSights, type Sights } from "./sight.ts";

/** The hour of the Monday at which a weekly's figures are taken as known. */
const MONDAY_HOUR = "07:00";

/**
 * Composes the committee's bulletin issued in the week of a day, about the ISO week before. Baseline: the latest complete
 * figures at 07:00 on the Monday of the last published weekly; without one, of the Monday a week earlier.
 */
export async function composeWeeklies(ctx: Context, issue: Issue): Promise<Composed> {
  const monday = mondayOf(issue.day);
  const covered = isoWeek(addDays(monday, -1));
  const issueName = `${covered.year}-W${String(covered.week).padStart(2, "0")}`;
  const key = `weekly/${issueName}/${issue.province}/r0`;
  if (issue.afresh !== true && (await ctx.store.editions.find(key)) !== null)
    return { editions: [], existing: [key], problems: [] };
  const sights = openSights(ctx, DEFAULT_SOURCE.name);
  const year = periodKey(periodOf("year", issue.day));
  const today = (scope: string) => sights.latest({ scope, period: year, asOf: issue.asOf, onDay: issue.day });
  const [provinces, units] = [await today(PROVINCES), await today(issue.province)];
  if (provinces === null) {
    const message = `no sound service-results of the provinces taken on ${issue.day} (${DEFAULT_SOURCE.name}): the weekly ${issueName} is not published; see "diemtin snapshots list", then "diemtin run collect" and publish again`;
    return { editions: [], existing: [], problems: [{ cause: "compose/no-data/weekly", severity: "failed", message }] };
  }
  const last = await ctx.store.editions.last("weekly", issue.province, issueName);
  const before = await baselineOf(sights, { province: issue.province, year, day: baselineDay(last, monday) });
  const week = { ...covered, from: addDays(monday, -7), to: addDays(monday, -1) };
  const analyse = async (then: Sight | null | undefined, now: Sight | null) =>
    then == null || now === null ? null : analyseSights(ctx, sights, [then, now]);
  const edition = weeklyEdition(ctx, {
    ...{ issue, issueName, provinces, units, before, week },
    lastEdition: last?.id ?? null,
    analysis: {
      provinces: await analyse(before?.provinces, provinces),
      units: await analyse(before?.units, units),
    },
  });
  return { editions: [edition], existing: [], problems: [] };
}

/** The Monday on which the last weekly was issued (the one after the week it covers), otherwise the previous Monday. */
function baselineDay(last: Edition | null, monday: Day): Day {
  const match = /^(\d{4})-W(\d{2})$/.exec(last?.issue ?? "");
  return match === null ? addDays(monday, -7) : addDays(mondayOfWeek(Number(match[1]), Number(match[2])), 7);
}

async function baselineOf(
  sights: Sights,
  at: { province: string; year: string; day: Day },
): Promise<WeeklyBaseline | null> {
  const asOf = instantAt(at.day, MONDAY_HOUR);
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
  readonly lastEdition: string | null;
  readonly analysis: WeeklyInput["analysis"];
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
    changes: compared && before.units !== null ? detectChanges(before.units.view, units.view) : [],
    rankedAlike: {
      province: before !== null && rankedAlike(before.provinces.view, provinces.view, "province"),
      agency: alike("agency"),
      commune: alike("commune"),
    },
    analysis: parts.analysis,
    nextIssue: issue.nextIssue,
  });
  const baseSnapshots = before === null ? [] : [...before.provinces.snapshots, ...(before.units?.snapshots ?? [])];
  return {
    bulletin: "weekly",
    audience: issue.province,
    issue: parts.issueName,
    reissue: 0,
    asOf: provinces.view.snapshot.takenAt,
    composedAt: ctx.now(),
    snapshots: [...provinces.snapshots, ...(units?.snapshots ?? [])],
    baseline: before === null ? null : { edition: parts.lastEdition, day: before.day, snapshots: baseSnapshots },
    content,
  };
}
