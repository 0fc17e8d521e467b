import { describe, expect, test } from "vitest";
import { addDays, type Day, isoWeekday } from "../../src/domain/calendar.ts";
import type { PastIssue } from "../../src/domain/memory.ts";
import { recentTotals } from "../../src/domain/recent.ts";
import { workingCalendar } from "../../src/domain/working-calendar.ts";

const PLAIN = workingCalendar([]);
const TODAY = { day: "2026-10-12", period: "2026", value: 5917 } as const;

function issue(day: Day, value: number | null, period = day.slice(0, 4)): PastIssue {
  const figure = { unit: "H21.17", indicator: "TOTAL", period, value, before: null, rank: null, rankBefore: null };
  return { issue: day, figures: [{ ...figure, snapshot: "1" }] };
}

/** Issues of so many working days before a day, newest first, 70,01 and up. */
function issuesBefore(day: Day, count: number): PastIssue[] {
  const found: PastIssue[] = [];
  for (let at = addDays(day, -1); found.length < count; at = addDays(at, -1))
    if (isoWeekday(at) <= 5) found.push(issue(at, 7000 + found.length + 1));
  return found;
}

describe("the totals of the last issues", () => {
  test("are those of at most thirteen, oldest first, today's last", () => {
    const points = recentTotals(issuesBefore("2026-10-12", 20), TODAY, PLAIN);
    expect(points).toHaveLength(13);
    expect(points[0]).toEqual({ day: "2026-09-24", value: 7012 });
    expect(points.at(-1)).toEqual({ day: "2026-10-12", value: 5917 });
  });

  test("are not shown before eight can be compared", () => {
    expect(recentTotals(issuesBefore("2026-10-12", 6), TODAY, PLAIN)).toEqual([]);
    expect(recentTotals(issuesBefore("2026-10-12", 7), TODAY, PLAIN)).toHaveLength(8);
  });

  test("have a gap on a working day without an issue and for an issue without a total, never on a day off", () => {
    const past = issuesBefore("2026-10-12", 12).filter(({ issue: day }) => day !== "2026-10-07");
    const known = past.map((one) => (one.issue === "2026-10-05" ? issue("2026-10-05", null) : one));
    const days = [{ day: "2026-10-07", kind: "holiday", source: "x", name: null } as const];
    const gaps = (points: ReturnType<typeof recentTotals>) => points.filter(({ value }) => value === null);
    expect(gaps(recentTotals(known, TODAY, PLAIN)).map(({ day }) => day)).toEqual(["2026-10-05", "2026-10-07"]);
    expect(gaps(recentTotals(known, TODAY, workingCalendar(days))).map(({ day }) => day)).toEqual(["2026-10-05"]);
  });

  test("end where another period begins: nothing is compared across 1 January", () => {
    const now = { day: "2027-01-13", period: "2027", value: 3000 } as const;
    const past = issuesBefore("2027-01-13", 12);
    expect(recentTotals(past, now, PLAIN).map(({ day }) => day)[0]).toBe("2027-01-01");
    expect(recentTotals(past, { ...now, day: "2027-01-08" }, PLAIN)).toEqual([]);
  });

  test("end where another scheme counted, whatever the period", () => {
    const before = issuesBefore("2026-10-12", 20).map((one, at) =>
      at < 9 ? one : { ...one, figures: one.figures.map((figure) => ({ ...figure, scheme: "dvc2025" })) },
    );
    expect(recentTotals(before, { ...TODAY, scheme: "dvc2026" }, PLAIN)).toHaveLength(10);
    expect(recentTotals(before, { ...TODAY, scheme: "dvc2027" }, PLAIN)).toEqual([]);
  });
});
