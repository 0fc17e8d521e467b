import { expect, test } from "vitest";
import {
  isOpen,
  parsePeriod,
  periodEnd,
  periodKey,
  periodName,
  periodOf,
  periodStart,
  previousPeriod,
} from "../../src/domain/period.ts";

function period(key: string) {
  const parsed = parsePeriod(key);
  if (parsed === null) throw new Error(key);
  return parsed;
}

const YEAR = ["2026", "2026-H1", "2026-H2", "2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4"].concat(
  [...Array(12).keys()].map((index) => `2026-${String(index + 1).padStart(2, "0")}`),
);

test.each(YEAR)("%s is written as it was read", (key) => {
  expect(periodKey(period(key))).toBe(key);
});

test.each([
  "",
  "26",
  "2026-",
  "2026-0",
  "2026-00",
  "2026-13",
  "2026-1",
  "2026-H0",
  "2026-H3",
  "2026-Q0",
  "2026-Q5",
  "2026-q1",
  "1999",
  "2026-10-01",
  " 2026",
  "2026\n",
  "2026-Q1 ",
])("%j is no period", (key) => {
  expect(parsePeriod(key)).toBeNull();
});

test("first and last days", () => {
  const ends = (key: string) => [periodStart(period(key)), periodEnd(period(key))];
  expect(ends("2026")).toEqual(["2026-01-01", "2026-12-31"]);
  expect(ends("2026-H2")).toEqual(["2026-07-01", "2026-12-31"]);
  expect(ends("2026-Q3")).toEqual(["2026-07-01", "2026-09-30"]);
  expect(ends("2026-02")).toEqual(["2026-02-01", "2026-02-28"]);
  expect(ends("2028-02")).toEqual(["2028-02-01", "2028-02-29"]);
});

test("the period that holds a day, and the one before", () => {
  for (const kind of ["year", "half", "quarter", "month"] as const) {
    for (const key of YEAR.filter((each) => period(each).kind === kind)) {
      expect(periodKey(periodOf(kind, periodStart(period(key))))).toBe(key);
      expect(periodKey(periodOf(kind, periodEnd(period(key))))).toBe(key);
    }
  }
  const before = (key: string) => periodKey(previousPeriod(period(key)));
  expect(["2026", "2026-H1", "2026-H2", "2026-Q1", "2026-01", "2026-10"].map(before)).toEqual([
    "2025",
    "2025-H2",
    "2026-H1",
    "2025-Q4",
    "2025-12",
    "2026-09",
  ]);
});

test("open up to and with its last day", () => {
  expect([isOpen(period("2026-09"), "2026-09-30"), isOpen(period("2026-09"), "2026-10-01")]).toEqual([true, false]);
});

test("names in headings, months without a leading zero", () => {
  expect(["2026", "2026-H1", "2026-H2", "2026-Q4", "2026-09"].map((key) => periodName(period(key)))).toEqual([
    "lũy kế năm 2026",
    "6 tháng đầu năm 2026",
    "6 tháng cuối năm 2026",
    "quý IV/2026",
    "tháng 9/2026",
  ]);
});
