import { addDays, type Day, daysBetween, isoWeek, isoWeekday, mondayOf } from "./calendar.ts";

/** What the law or a yearly notice makes of a day that Monday to Friday alone would not tell. */
export type DayKind = "holiday" | "compensatory_off" | "makeup_workday";
export const DAY_KINDS: readonly DayKind[] = ["holiday", "compensatory_off", "makeup_workday"];

/** One day of the calendar with the document it stands in; the name is the holiday's own, where it has one. */
export type CalendarDay = {
  readonly day: Day;
  readonly kind: DayKind;
  readonly source: string;
  readonly name: string | null;
};

/** The days an administrator entered. A year without any is missing: nothing is guessed for it beyond Monday to Friday. */
export type WorkingCalendar = { readonly days: ReadonlyMap<Day, CalendarDay>; readonly years: ReadonlySet<number> };

/** What a weekly bulletin covers: one ISO week, or several after weeks that were off altogether; named by the last of them. */
export type WeeklyIssue = {
  /** "2026-W41". */
  readonly issue: string;
  readonly year: number;
  readonly week: number;
  /** The numbers of all covered weeks, oldest first. */
  readonly weeks: readonly number[];
  readonly from: Day;
  readonly to: Day;
};

const KIND_WORDS = { holiday: "a holiday", compensatory_off: "a compensatory day off" } as const;
const WEEKEND = { 6: "a Saturday", 7: "a Sunday" } as const;
const FIRST_WARNING = "-11-01";
/** No calendar has so many days off in a row; more means that it is wrong. */
const MOST_DAYS_OFF = 60;

/** The calendar of some days; of two for one date the later in the list stands. */
export function workingCalendar(days: readonly CalendarDay[]): WorkingCalendar {
  return {
    days: new Map(days.map((entry) => [entry.day, entry])),
    years: new Set(days.map(({ day }) => yearOf(day))),
  };
}

/** Why nothing is published on a day, in English: "2026-11-24 is a holiday (Ngày Văn hóa Việt Nam)"; null on a working day. */
export function offReason(calendar: WorkingCalendar, day: Day): string | null {
  const entry = calendar.days.get(day);
  if (entry?.kind === "makeup_workday") return null;
  if (entry !== undefined) return `${day} is ${KIND_WORDS[entry.kind]} (${entry.name ?? entry.source})`;
  const weekday = isoWeekday(day);
  return weekday === 6 || weekday === 7 ? `${day} is ${WEEKEND[weekday]}` : null;
}

export function isWorkingDay(calendar: WorkingCalendar, day: Day): boolean {
  return offReason(calendar, day) === null;
}

/** The first working day after a day. */
export function nextWorkingDay(calendar: WorkingCalendar, day: Day): Day {
  for (let ahead = 1; ahead <= MOST_DAYS_OFF; ahead += 1)
    if (isWorkingDay(calendar, addDays(day, ahead))) return addDays(day, ahead);
  throw new Error(
    `the calendar has no working day within ${MOST_DAYS_OFF} days after ${day}: correct it and import again`,
  );
}

/** The working day so many working days before a day. */
export function workingDayBefore(calendar: WorkingCalendar, day: Day, count: number): Day {
  let found = day;
  for (let left = count; left > 0; left -= 1) {
    let off = 0;
    do {
      found = addDays(found, -1);
      off += 1;
    } while (!isWorkingDay(calendar, found) && off <= MOST_DAYS_OFF);
  }
  return found;
}

/** When the weekly of the week of a day is issued: Monday, or the next working day of that week; null when all of it is off. */
export function weeklyIssueDay(calendar: WorkingCalendar, inWeek: Day): Day | null {
  const next = nextWorkingDay(calendar, addDays(mondayOf(inWeek), -1));
  return mondayOf(next) === mondayOf(inWeek) ? next : null;
}

/** The first day after the week of a day on which a weekly is issued. */
export function nextWeeklyIssueDay(calendar: WorkingCalendar, inWeek: Day): Day {
  return nextWorkingDay(calendar, addDays(mondayOf(inWeek), 6));
}

/** What a weekly issued in the week of a day covers: the week before, and those before it whose own issue day never came. */
export function weeklyIssue(calendar: WorkingCalendar, inWeek: Day): WeeklyIssue {
  const to = addDays(mondayOf(inWeek), -1);
  const weeks = [isoWeek(to).week];
  let from = mondayOf(to);
  while (weeklyIssueDay(calendar, from) === null) {
    from = addDays(from, -7);
    weeks.unshift(isoWeek(from).week);
  }
  const { year, week } = isoWeek(to);
  return { issue: `${year}-W${String(week).padStart(2, "0")}`, year, week, weeks, from, to };
}

/** Years the calendar should know on a day and does not: the day's own, and from 1 November on the next one. */
export function missingYears(calendar: WorkingCalendar, day: Day): readonly number[] {
  const year = yearOf(day);
  const wanted = day >= `${year}${FIRST_WARNING}` ? [year, year + 1] : [year];
  return wanted.filter((each) => !calendar.years.has(each));
}

/** Days since the last daily when they are more than an ordinary week makes them; null when they are the usual ones. */
export function unusualGap(last: Day, day: Day): number | null {
  const usual = isoWeekday(day) === 1 ? 3 : isoWeekday(day) === 7 ? 2 : 1;
  const gap = daysBetween(last, day);
  return gap > usual ? gap : null;
}

function yearOf(day: Day): number {
  return Number(day.slice(0, 4));
}
