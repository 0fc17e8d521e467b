import { type Day, dayOf, instantAt } from "../domain/calendar.ts";
import type { BulletinName } from "../domain/edition.ts";
import { periodKey, periodOf } from "../domain/period.ts";
import type { Problem } from "../domain/run.ts";
import { PROVINCES } from "../domain/unit.ts";
import {
  missingYears,
  nextWeeklyIssueDay,
  offReason,
  type WorkingCalendar,
  weeklyIssue,
  weeklyIssueDay,
  workingCalendar,
} from "../domain/working-calendar.ts";
import { DEFAULT_SOURCE } from "../sources/index.ts";
import type { Composed } from "./compose-daily.ts";
import type { Context } from "./context.ts";
import type { JobResult, Tick } from "./run.ts";
import type { Issued } from "./store.ts";

/** A bulletin's run: which issue, for which province, at which tick, by which calendar. */
export type Planned = {
  readonly bulletin: BulletinName;
  readonly province: string;
  readonly calendar: WorkingCalendar;
  readonly tick: Tick;
  /** It was composed on an earlier day and still waits for approval. */
  readonly pending?: boolean;
};

/** The working calendar as the database has it now. */
export async function openCalendar(ctx: Pick<Context, "store">): Promise<WorkingCalendar> {
  return workingCalendar(await ctx.store.calendar.list());
}

/** The issue of a bulletin that comes out on a day. */
export function issueOn(calendar: WorkingCalendar, bulletin: BulletinName, day: Day): Issued {
  return { bulletin, issue: bulletin === "daily" ? day : weeklyIssue(calendar, day).issue };
}

/** One warning per year the calendar should know by now; the administrator is told of each once. */
export function calendarWarnings(calendar: WorkingCalendar, day: Day): readonly Problem[] {
  return missingYears(calendar, day).map((year) => ({
    cause: `calendar/missing-year/${year}`,
    severity: "warning",
    message: `the working calendar has no day of ${year}: until it does, Monday to Friday are taken for working days, holidays too; enter the year's notice with "diemtin calendar import FILE"`,
  }));
}

/** A person may publish on a plain Saturday or Sunday; the clock does not, and days off of the calendar hold for both. */
function isAskedOnWeekend(calendar: WorkingCalendar, tick: Tick): boolean {
  return tick.slot === undefined && !calendar.days.has(tick.day) && offReason(calendar, tick.day) !== null;
}

/** Why no issue of a bulletin comes out on a day; null when one does. The clock issues a weekly on its one day, a person later too. */
export function noIssueReason(calendar: WorkingCalendar, { bulletin, tick, pending = false }: Planned): string | null {
  const off = isAskedOnWeekend(calendar, tick) ? null : offReason(calendar, tick.day);
  if (bulletin === "daily") return off;
  const due = weeklyIssueDay(calendar, tick.day);
  if (due === null)
    return `${off}, and so is its whole week: the weekly of ${nextWeeklyIssueDay(calendar, tick.day)} covers it too`;
  if (off !== null) return `${off}; the weekly of this week is issued on ${due}`;
  return tick.slot === undefined || due === tick.day || (pending && due < tick.day)
    ? null
    : `the weekly of this week is issued on ${due}`;
}

/**
 * What keeps a publish job from going on: a day off, or, for a tick of the clock before the deadline, figures that are not complete
 * yet. Null: go on with what is there.
 */
export async function hindrance(ctx: Context, planned: Planned): Promise<JobResult | null> {
  const { calendar, tick, bulletin } = planned;
  const problems = calendarWarnings(calendar, tick.day);
  const reason = noIssueReason(calendar, planned);
  if (reason !== null) return { result: `no ${bulletin} today: ${reason}`, problems, skipped: true };
  if (isAskedOnWeekend(calendar, tick))
    ctx.progress(`${offReason(calendar, tick.day)}: published because it was asked for by hand`);
  if (tick.slot === undefined || isDue(ctx, planned) || (await isBegun(ctx, planned))) return null;
  const lacking = await incompleteScopes(ctx, planned);
  if (lacking.length === 0) return null;
  const { deadline } = ctx.settings[bulletin];
  const waiting = `waits until ${deadline} for complete figures of ${tick.day} (${lacking.join(" and ")}): see "diemtin snapshots list"; "diemtin run publish-${bulletin}" publishes with what there is`;
  return { result: waiting, problems, skipped: true, waiting: { reason: waiting } };
}

/** True when, without sound figures of the day, the last complete ones are to be printed: after the deadline, as configured. */
export function mayUseOlder(ctx: Pick<Context, "settings">, planned: Pick<Planned, "bulletin" | "tick">): boolean {
  return ctx.settings[planned.bulletin].whenNoData === "last_complete" && isDue(ctx, planned);
}

/**
 * What a publish job ends with when nothing can be composed by the deadline and the configuration says to skip then: the run is
 * skipped, not failed, with the reason, and the administrator is told of the causes all the same. Null: go on.
 */
export function skippedWithoutFigures(
  ctx: Pick<Context, "settings">,
  planned: Planned,
  composed: Composed,
): JobResult | null {
  const { bulletin, calendar, tick } = planned;
  const { deadline, whenNoData } = ctx.settings[bulletin];
  const isEmpty = composed.editions.length + composed.existing.length === 0 && composed.problems.length > 0;
  if (!isEmpty || whenNoData !== "skip" || !isDue(ctx, planned)) return null;
  const causes = composed.problems.map((problem): Problem => ({ ...problem, severity: "warning" }));
  const result = `no ${bulletin} of ${tick.day}: no sound figures by ${deadline}, and ${bulletin}.when_no_data is skip`;
  return { result, problems: [...causes, ...calendarWarnings(calendar, tick.day)], skipped: true, withheld: true };
}

function isDue({ settings }: Pick<Context, "settings">, { bulletin, tick }: Pick<Planned, "bulletin" | "tick">) {
  return tick.asOf.getTime() >= instantAt(tick.day, settings[bulletin].deadline).getTime();
}

/** Some edition of the issue is frozen already: the rest follows, and what is owed is delivered. */
async function isBegun(ctx: Context, { calendar, bulletin, tick, province }: Planned): Promise<boolean> {
  const { issue } = issueOn(calendar, bulletin, tick.day);
  return (await ctx.store.editions.find(`${bulletin}/${issue}/${province}/r0`)) !== null;
}

async function incompleteScopes(ctx: Context, { province, tick }: Planned): Promise<readonly string[]> {
  const period = periodKey(periodOf("year", tick.day));
  const lacking: string[] = [];
  for (const scope of [PROVINCES, province]) {
    const latest = await ctx.store.snapshots.latest({ source: DEFAULT_SOURCE.name, scope, period, asOf: tick.asOf });
    if (latest === null || dayOf(latest.takenAt) !== tick.day) lacking.push(scope);
  }
  return lacking;
}

/** Editions of issues that nobody holds; what is held waits for its release. */
export async function withoutHeld(ctx: Pick<Context, "store">, keys: readonly string[]): Promise<readonly string[]> {
  if (keys.length === 0) return keys;
  const open = (await ctx.store.holds.list()).filter(({ releasedAt }) => releasedAt === null);
  const held = open.map(({ bulletin, issue }) => `${bulletin}/${issue}/`);
  return keys.filter((key) => !held.some((prefix) => key.startsWith(prefix)));
}
