import { addDays, type Day, dayOf, endOfDay, instantAt, timeOf, weekdayName } from "../domain/calendar.ts";
import type { BulletinName } from "../domain/edition.ts";
import { UsageError } from "../domain/errors.ts";
import type { Settings } from "../domain/settings.ts";
import {
  nextWeeklyIssueDay,
  nextWorkingDay,
  type WorkingCalendar,
  weeklyIssue,
  weeklyIssueDay,
} from "../domain/working-calendar.ts";
import { calendarWarnings, issueOn, openCalendar } from "../pipeline/publish-policy.ts";
import type { Hold } from "../pipeline/store.ts";
import { slotsBetween } from "../serve/timetable.ts";
import { printJson, type Register, withDatabase } from "./terminal.ts";

const BULLETINS: readonly BulletinName[] = ["daily", "weekly"];
const MOST_ISSUES = 400;

/** One issue to come: `at` is null when the timetable has no tick on its day. */
export type ComingIssue = {
  readonly bulletin: BulletinName;
  readonly issue: string;
  readonly day: Day;
  readonly at: string | null;
  /** What a weekly covers. */
  readonly covers: { readonly weeks: readonly number[]; readonly from: Day; readonly to: Day } | null;
  readonly held: { readonly by: string; readonly reason: string } | null;
  /** What the reader of the schedule has to mend or know. */
  readonly notes: readonly string[];
};

/** `schedule --next N`: the issues to come, from calendar and timetable. */
export const registerSchedule: Register = (program, terminal) => {
  program
    .command("schedule")
    .description("the next issues of each bulletin with their days")
    .option("--next <count>", "how many of each", "5")
    .option("--json", "print one JSON document")
    .action(async (options: { next: string; json?: boolean }) => {
      const count = Number(options.next);
      if (!Number.isInteger(count) || count < 1 || count > MOST_ISSUES)
        throw new UsageError(`--next: "${options.next}" is no number from 1 to ${MOST_ISSUES}`);
      const now = terminal.now();
      const { issues, warnings } = await withDatabase(terminal, async ({ store }, { settings }) => {
        const calendar = await openCalendar({ store });
        const open = (await store.holds.list()).filter(({ releasedAt }) => releasedAt === null);
        return {
          issues: comingIssues({ now, count, calendar, settings, open }),
          warnings: calendarWarnings(calendar, dayOf(now)).map(({ message }) => message),
        };
      });
      if (options.json === true) return printJson(terminal, { issues, warnings });
      for (const issue of issues) terminal.print(lineOf(issue));
      for (const warning of warnings) terminal.progress(`warning: ${warning}`);
    });
};

type Given = {
  readonly now: Date;
  readonly count: number;
  readonly calendar: WorkingCalendar;
  readonly settings: Pick<Settings, "schedule">;
  readonly open: readonly Hold[];
};

/** The next issues of each bulletin, in the order of their days; one whose hour has gone by today is no longer to come. */
export function comingIssues(given: Given): readonly ComingIssue[] {
  const { now, count, calendar } = given;
  const today = dayOf(now);
  return BULLETINS.flatMap((bulletin) => {
    const next = (day: Day) =>
      bulletin === "daily" ? nextWorkingDay(calendar, day) : nextWeeklyIssueDay(calendar, day);
    const issues: ComingIssue[] = [];
    const thisWeeks = weeklyIssueDay(calendar, today);
    let day = bulletin === "daily" || thisWeeks === null || thisWeeks < today ? next(addDays(today, -1)) : thisWeeks;
    while (issues.length < count) {
      const issue = comingIssue(given, bulletin, day);
      const isPast = day === today && (issue.at === null || instantAt(day, issue.at) < now);
      if (!isPast && day >= today) issues.push(issue);
      day = next(day);
    }
    return issues;
  }).sort((a, b) => (momentOf(a) < momentOf(b) ? -1 : momentOf(a) > momentOf(b) ? 1 : 0));
}

function momentOf({ day, at }: ComingIssue): string {
  return `${day} ${at ?? ""}`;
}

function comingIssue({ calendar, settings, open }: Given, bulletin: BulletinName, day: Day): ComingIssue {
  const { issue } = issueOn(calendar, bulletin, day);
  const line = settings.schedule[`publish-${bulletin}`];
  const [slot] = slotsBetween(line, new Date(instantAt(day).getTime() - 1), endOfDay(day));
  const hold = open.find((one) => one.bulletin === bulletin && one.issue === issue);
  const year = Number(day.slice(0, 4));
  const { weeks, from, to } = weeklyIssue(calendar, day);
  return {
    bulletin,
    issue,
    day,
    at: slot === undefined ? null : timeOf(slot),
    covers: bulletin === "weekly" ? { weeks, from, to } : null,
    held: hold === undefined ? null : { by: hold.by, reason: hold.reason },
    notes: [
      ...(slot === undefined
        ? [`the timetable "${line}" has no tick on this day: run publish-${bulletin} by hand`]
        : []),
      ...(calendar.years.has(year) ? [] : [`the calendar has no day of ${year}: Monday to Friday`]),
      ...(weeks.length > 1 && bulletin === "weekly" ? [`covers ${weeks.length} weeks`] : []),
    ],
  };
}

function lineOf({ bulletin, issue, day, at, covers, held, notes }: ComingIssue): string {
  const span = covers === null ? "" : `  ${covers.from} to ${covers.to}`;
  const more = [...(held === null ? [] : [`HELD by ${held.by}: ${held.reason}`]), ...notes];
  const tail = more.length === 0 ? "" : `  (${more.join("; ")})`;
  return `${day} ${at ?? "--:--"}  ${bulletin.padEnd(6)} ${issue}  ${weekdayName(day)}${span}${tail}`;
}
