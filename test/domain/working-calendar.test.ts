import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { addDays, daysBetween } from "../../src/domain/calendar.ts";
import {
  type CalendarDay,
  DAY_KINDS,
  isWorkingDay,
  missingYears,
  nextWeeklyIssueDay,
  nextWorkingDay,
  offReason,
  unusualGap,
  weeklyIssue,
  weeklyIssueDay,
  workingCalendar,
  workingDayBefore,
} from "../../src/domain/working-calendar.ts";

/** The days of 2026 as the migration writes them. */
function shipped(): readonly CalendarDay[] {
  const sql = readFileSync(new URL("../../migrations/0003_calendar.sql", import.meta.url), "utf8");
  return [...sql.matchAll(/\('(\d{4}-\d{2}-\d{2})', '(\w+)', '([^']+)', '([^']+)'\)/g)].map((match) => ({
    day: match[1] ?? "",
    kind: DAY_KINDS.find((kind) => kind === match[2]) ?? "holiday",
    source: match[3] ?? "",
    name: match[4] ?? "",
  }));
}

const CALENDAR = workingCalendar(shipped());
const between = (from: string, to: string) =>
  [...Array(daysBetween(from, to) + 1).keys()].map((ahead) => addDays(from, ahead));

describe("the working days of 2026", () => {
  test("the shipped days are there, each with its document", () => {
    expect(CALENDAR.days.size).toBe(15);
    expect([...CALENDAR.days.values()].filter(({ source }) => source === "")).toEqual([]);
  });

  test.each([
    ["Tết", "2026-02-13", "2026-02-23"],
    ["Giỗ Tổ and its compensatory Monday", "2026-04-24", "2026-04-28"],
    ["30/4 and 1/5 with the weekend", "2026-04-29", "2026-05-04"],
    ["the worked Saturday", "2026-08-21", "2026-08-22"],
    ["the Sunday after it", "2026-08-22", "2026-08-24"],
    ["2/9 with the day that was swapped", "2026-08-28", "2026-09-03"],
    ["24/11", "2026-11-23", "2026-11-25"],
    ["New Year", "2025-12-31", "2026-01-02"],
  ])("%s: after %s comes %s", (_name, day, next) => {
    expect(nextWorkingDay(CALENDAR, day)).toBe(next);
    expect(between(addDays(day, 1), addDays(next, -1)).filter((off) => isWorkingDay(CALENDAR, off))).toEqual([]);
    expect(isWorkingDay(CALENDAR, next)).toBe(true);
  });

  test("are counted back over Tết, a worked Saturday and a plain weekend", () => {
    expect(workingDayBefore(CALENDAR, "2026-02-24", 2)).toBe("2026-02-13");
    expect(workingDayBefore(CALENDAR, "2026-08-24", 1)).toBe("2026-08-22");
    expect(workingDayBefore(CALENDAR, "2026-10-12", 3)).toBe("2026-10-07");
    expect(workingDayBefore(CALENDAR, "2026-10-12", 0)).toBe("2026-10-12");
  });

  test("a day off says why, by the holiday's name or the document's", () => {
    expect(offReason(CALENDAR, "2026-11-24")).toBe("2026-11-24 is a holiday (Ngày Văn hóa Việt Nam)");
    expect(offReason(CALENDAR, "2026-04-27")).toBe("2026-04-27 is a compensatory day off (nghỉ bù Giỗ Tổ Hùng Vương)");
    expect([offReason(CALENDAR, "2026-10-10"), offReason(CALENDAR, "2026-10-11")]).toEqual([
      "2026-10-10 is a Saturday",
      "2026-10-11 is a Sunday",
    ]);
    const nameless = workingCalendar([{ day: "2027-01-01", kind: "holiday", source: "Thông báo 1", name: null }]);
    expect(offReason(nameless, "2027-01-01")).toBe("2027-01-01 is a holiday (Thông báo 1)");
    expect(offReason(CALENDAR, "2026-08-22")).toBeNull();
  });

  test("a calendar without any working day is refused", () => {
    const days = between("2027-01-01", "2027-04-01").map(
      (day): CalendarDay => ({ day, kind: "holiday", source: "s", name: null }),
    );
    expect(() => nextWorkingDay(workingCalendar(days), "2027-01-01")).toThrow("no working day within 60 days");
  });
});

describe("the weekly", () => {
  test.each([
    ["2026-10-14", "2026-10-12", "2026-W41", [41]],
    ["2026-04-30", "2026-04-28", "2026-W17", [17]],
    ["2026-08-31", "2026-09-03", "2026-W35", [35]],
    ["2026-02-09", "2026-02-09", "2026-W06", [6]],
    ["2026-02-16", null, "2026-W07", [7]],
    ["2026-02-23", "2026-02-23", "2026-W08", [7, 8]],
    ["2026-03-02", "2026-03-02", "2026-W09", [9]],
    ["2027-01-04", "2027-01-04", "2026-W53", [53]],
    ["2027-01-11", "2027-01-11", "2027-W01", [1]],
  ])("of the week of %s comes out on %s, named %s, about weeks %j", (day, due, issue, weeks) => {
    expect(weeklyIssueDay(CALENDAR, day)).toBe(due);
    expect(weeklyIssue(CALENDAR, day)).toMatchObject({ issue, weeks });
  });

  test("after a week off both weeks are covered, day by day", () => {
    expect(weeklyIssue(CALENDAR, "2026-02-23")).toMatchObject({ from: "2026-02-09", to: "2026-02-22", week: 8 });
    expect(nextWeeklyIssueDay(CALENDAR, "2026-02-10")).toBe("2026-02-23");
    expect(nextWeeklyIssueDay(CALENDAR, "2026-04-22")).toBe("2026-04-28");
  });

  test("a year's weeklies cover every day exactly once", () => {
    const covered: string[] = [];
    for (let day = "2026-01-05"; day < "2027-01-11"; day = nextWeeklyIssueDay(CALENDAR, day)) {
      const { from, to } = weeklyIssue(CALENDAR, day);
      covered.push(...between(from, to));
    }
    expect(covered).toEqual(between("2025-12-29", "2027-01-03"));
  });
});

test("a missing year is named from 1 November of the year before, and every day of its own", () => {
  expect(missingYears(CALENDAR, "2026-10-31")).toEqual([]);
  expect([missingYears(CALENDAR, "2026-11-01"), missingYears(CALENDAR, "2027-03-01")]).toEqual([[2027], [2027]]);
  expect(missingYears(CALENDAR, "2027-11-01")).toEqual([2027, 2028]);
  expect([isWorkingDay(CALENDAR, "2027-01-01"), isWorkingDay(CALENDAR, "2027-01-02")]).toEqual([true, false]);
});

test("a gap is told when it is longer than an ordinary week makes it", () => {
  expect(unusualGap("2026-02-13", "2026-02-23")).toBe(10);
  expect([unusualGap("2026-10-09", "2026-10-12"), unusualGap("2026-10-12", "2026-10-13")]).toEqual([null, null]);
  expect([unusualGap("2026-08-21", "2026-08-22"), unusualGap("2026-08-22", "2026-08-24")]).toEqual([null, null]);
  expect([unusualGap("2026-11-23", "2026-11-25"), unusualGap("2026-10-08", "2026-10-12")]).toEqual([2, 4]);
});

test("days and weeks are Việt Nam's on a machine with daylight saving", () => {
  const program = `
    import { workingCalendar, weeklyIssue, nextWorkingDay } from "./src/domain/working-calendar.ts";
    import { dayOf } from "./src/domain/calendar.ts";
    const calendar = workingCalendar([]);
    const days = ["2026-03-07T23:30:00Z", "2026-03-08T16:59:59Z", "2026-10-31T17:00:00Z", "2026-11-01T06:30:00Z"].map((at) => dayOf(new Date(at)));
    console.log(JSON.stringify(days.map((day) => [day, nextWorkingDay(calendar, day), weeklyIssue(calendar, day).issue])));`;
  const run = (zone: string) =>
    execFileSync(process.execPath, ["--import", "tsx", "--input-type=module", "--eval", program], {
      cwd: new URL("../../", import.meta.url),
      env: { PATH: process.env["PATH"], TZ: zone },
      encoding: "utf8",
    });
  const here = JSON.parse(run("America/New_York"));
  expect(here).toEqual([
    ["2026-03-08", "2026-03-09", "2026-W09"],
    ["2026-03-08", "2026-03-09", "2026-W09"],
    ["2026-11-01", "2026-11-02", "2026-W43"],
    ["2026-11-01", "2026-11-02", "2026-W43"],
  ]);
  expect(JSON.parse(run("Asia/Ho_Chi_Minh"))).toEqual(here);
});
