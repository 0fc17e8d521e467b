import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import * as calendar from "../../src/domain/calendar.ts";
import {
  addDays,
  dayAndMonth,
  dayOf,
  daysBetween,
  endOfDay,
  instantAt,
  isDay,
  isoWeek,
  isoWeekday,
  mondayOf,
  mondayOfWeek,
  officialDate,
  shortDate,
  timeOf,
  weekdayName,
} from "../../src/domain/calendar.ts";

test("a day begins at 17:00 UTC of the day before", () => {
  expect([dayOf(new Date("2026-10-08T16:59:59.999Z")), dayOf(new Date("2026-10-08T17:00:00Z"))]).toEqual([
    "2026-10-08",
    "2026-10-09",
  ]);
  expect(timeOf(new Date("2026-10-08T23:00:00Z"))).toBe("06:00");
  expect(instantAt("2026-10-09").toISOString()).toBe("2026-10-08T17:00:00.000Z");
  expect(instantAt("2026-10-12", "07:00").toISOString()).toBe("2026-10-12T00:00:00.000Z");
  expect(endOfDay("2026-12-31").toISOString()).toBe("2026-12-31T16:59:59.999Z");
  expect(dayOf(endOfDay("2026-12-31"))).toBe("2026-12-31");
});

test.each([
  ["2026-12-28", 2026, 53],
  ["2027-01-03", 2026, 53],
  ["2027-01-04", 2027, 1],
  ["2026-01-01", 2026, 1],
  ["2025-12-29", 2026, 1],
  ["2025-12-28", 2025, 52],
  ["2024-12-30", 2025, 1],
  ["2021-01-03", 2020, 53],
  ["2026-10-05", 2026, 41],
  ["2026-10-11", 2026, 41],
])("%s lies in week %i-W%i", (day, year, week) => {
  expect(isoWeek(day)).toEqual({ year, week });
  expect(mondayOfWeek(year, week)).toBe(mondayOf(day));
});

test("every day of forty years: its week's Monday leads back to it", () => {
  for (let day = "2020-01-01"; day < "2060-01-01"; day = addDays(day, 1)) {
    const { year, week } = isoWeek(day);
    expect(daysBetween(mondayOfWeek(year, week), day)).toBe(isoWeekday(day) - 1);
  }
});

test("NĐ 30: a leading zero for days below ten and for January and February only", () => {
  const months = [...Array(12).keys()].map(
    (index) => officialDate(`2026-${String(index + 1).padStart(2, "0")}-05`).split(" ")[3],
  );
  expect(months).toEqual(["01", "02", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"]);
  expect(officialDate("2026-03-09")).toBe("ngày 09 tháng 3 năm 2026");
  expect(officialDate("2026-02-10")).toBe("ngày 10 tháng 02 năm 2026");
});

test("names and short forms", () => {
  const week = [...Array(7).keys()].map((index) => weekdayName(addDays("2026-10-05", index)));
  expect(week).toEqual(["thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật"]);
  expect([shortDate("2026-10-05"), dayAndMonth("2026-10-05")]).toEqual(["05/10/2026", "05/10"]);
});

test("what is a day", () => {
  expect(
    ["2026-02-29", "2026-13-01", "2026-1-1", "26-01-01", "2026-10-05T00:00", "", "2026-00-10"].filter(isDay),
  ).toEqual([]);
  expect(["2028-02-29", "2026-12-31"].filter(isDay)).toHaveLength(2);
});

test("days are added across months, years and leap days, and counted back", () => {
  expect([addDays("2026-12-31", 1), addDays("2028-02-28", 1), addDays("2026-03-01", -1)]).toEqual([
    "2027-01-01",
    "2028-02-29",
    "2026-02-28",
  ]);
  expect(daysBetween("2026-10-05", "2026-10-12")).toBe(7);
});

describe("a machine in another zone", () => {
  // A process of its own: the zone of a process is fixed when it starts.
  const script = `
    const c = await import(${JSON.stringify(new URL("../../src/domain/calendar.ts", import.meta.url).href)});
    const p = await import(${JSON.stringify(new URL("../../src/domain/period.ts", import.meta.url).href)});
    const out = [new Date(2026, 0, 1).getTimezoneOffset()];
    for (let day = "2026-01-01"; day <= "2026-12-31"; day = c.addDays(day, 1)) {
      const at = c.instantAt(day, "06:00");
      out.push([day, c.dayOf(at), c.timeOf(at), c.weekdayName(day), c.isoWeek(day).week, c.daysBetween("2026-01-01", day), p.periodEnd(p.periodOf("month", day))].join(" "));
    }
    console.log(JSON.stringify(out));`;
  const run = (zone: string): (string | number)[] => {
    const child = spawnSync(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script], {
      env: { ...process.env, TZ: zone },
      encoding: "utf8",
    });
    expect(child.stderr).toBe("");
    return JSON.parse(child.stdout) as (string | number)[];
  };

  test.each(["America/New_York", "Pacific/Kiritimati", "UTC"])(
    "%s counts every day of 2026 as Việt Nam does",
    (zone) => {
      const [here, there] = [run("Asia/Ho_Chi_Minh"), run(zone)];
      expect(there[0]).not.toBe(here[0]);
      expect(there.slice(1)).toEqual(here.slice(1));
      expect(here.slice(1)).toHaveLength(365);
      expect(here[1]).toBe("2026-01-01 2026-01-01 06:00 thứ Năm 1 0 2026-01-31");
    },
  );

  test("the zone is named once", () => {
    expect(calendar.TIME_ZONE).toBe("Asia/Ho_Chi_Minh");
  });
});
