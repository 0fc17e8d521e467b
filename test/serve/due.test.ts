import { afterEach, describe, expect, test } from "vitest";
import { addDays, dayOf, instantAt, timeOf } from "../../src/domain/calendar.ts";
import { dueTicks } from "../../src/serve/due.ts";
import { lateMistake, lineMistake, minuteOf, slotsBetween } from "../../src/serve/timetable.ts";
import { momentOf } from "../support/day.ts";

const zone = process.env["TZ"];
afterEach(() => {
  if (zone === undefined) delete process.env["TZ"];
  else process.env["TZ"] = zone;
});

const texts = (slots: readonly Date[]) => slots.map((slot) => `${dayOf(slot)} ${timeOf(slot)}`);
const between = (line: string, from: string, to: string) => texts(slotsBetween(line, momentOf(from), momentOf(to)));

describe("the slots of a cron line", () => {
  test("are counted after the first instant and up to the second, in Việt Nam's time", () => {
    expect(between("0 6 * * *", "2026-10-12 06:00", "2026-10-14 06:00")).toEqual([
      "2026-10-13 06:00",
      "2026-10-14 06:00",
    ]);
    expect(between("0 6 * * *", "2026-10-12 06:01", "2026-10-13 05:59")).toEqual([]);
    expect(between("30 6 * * 1", "2026-10-05 06:30", "2026-10-20 00:00")).toEqual([
      "2026-10-12 06:30",
      "2026-10-19 06:30",
    ]);
    expect(between("*/10 * * * *", "2026-10-12 23:45", "2026-10-13 00:10")).toEqual([
      "2026-10-12 23:50",
      "2026-10-13 00:00",
      "2026-10-13 00:10",
    ]);
  });

  test("do not move with the machine's zone, on the nights its clocks are changed least of all", () => {
    process.env["TZ"] = "America/New_York";
    expect(new Date(2026, 10, 1, 12).getTimezoneOffset()).toBe(300); // the zone is really another
    const days = Array.from({ length: 10 }, (_, index) => addDays("2026-10-28", index));
    expect(between("0 6 * * *", "2026-10-27 12:00", "2026-11-06 12:00")).toEqual(days.map((day) => `${day} 06:00`));
    expect(between("30 1 * * *", "2026-03-06 12:00", "2026-03-10 12:00")).toHaveLength(4);
  });

  test("go on over New Year and through week 53", () => {
    expect(between("0 7 * * *", "2026-12-30 07:00", "2027-01-02 07:00")).toEqual([
      "2026-12-31 07:00",
      "2027-01-01 07:00",
      "2027-01-02 07:00",
    ]);
    expect(between("30 6 * * 1", "2026-12-27 00:00", "2027-01-05 00:00")).toEqual([
      "2026-12-28 06:30",
      "2027-01-04 06:30",
    ]);
  });

  test("reach back a month at most", () => {
    expect(slotsBetween("0 6 * * *", momentOf("2020-01-01 00:00"), momentOf("2026-10-12 12:00"))).toHaveLength(31);
  });

  test("of a day no month has are told before anything starts", () => {
    expect(lineMistake("0 0 31 2 *")).toContain("impossible day of month");
    expect(lineMistake("*/10 * * * *")).toBeNull();
  });

  test("that all come after their job's deadline are told before anything starts", () => {
    expect(lateMistake("0 7 * * 1", "06:45")).toMatch(
      /at 07:00, after the deadline 06:45: every issue would be skipped/,
    );
    for (const line of ["30 6 * * 1", "45 6 * * *", "0 6,9 * * *"]) expect(lateMistake(line, "06:45")).toBeNull();
    expect(lateMistake("0 23 * * *", null)).toBeNull();
  });

  test("belong to the minute an instant is in", () => {
    expect(minuteOf(new Date("2026-10-12T06:00:59.999+07:00"))).toEqual(momentOf("2026-10-12 06:00"));
  });
});

describe("what becomes of slots nobody has noted", () => {
  const at = (clock: string, day = "2026-10-13") => instantAt(day, clock);
  const fates = (slots: readonly Date[], now: Date, how: Parameters<typeof dueTicks>[2]) =>
    dueTicks(slots, now, how).map(({ origin, skip }) => skip ?? origin);

  test("on time: due, whatever the policy", () => {
    for (const policy of ["all", "last", "none"] as const)
      expect(fates([at("07:00")], at("07:01"), { policy, deadline: "08:30" })).toEqual(["clock"]);
  });

  test("last: the last missed one of today is made good, before the deadline", () => {
    const missed = [at("07:00", "2026-10-12"), at("07:00")];
    expect(fates(missed, at("08:30"), { policy: "last", deadline: "08:30" })).toEqual([
      "machine was down until 2026-10-13 08:30, after that day",
      "missed",
    ]);
    expect(fates(missed, at("10:12"), { policy: "last", deadline: "08:30" })[1]).toBe(
      "machine was down until 10:12, after the deadline 08:30",
    );
    expect(fates([at("07:00"), at("07:10"), at("07:20")], at("07:29"), { policy: "last", deadline: null })).toEqual([
      "machine was down until 07:29; only the last missed run is made good",
      "machine was down until 07:29; only the last missed run is made good",
      "missed",
    ]);
  });

  test("all: every missed one of today; none: no missed one", () => {
    const missed = [at("07:00"), at("07:10")];
    expect(fates(missed, at("09:00"), { policy: "all", deadline: null })).toEqual(["missed", "missed"]);
    expect(fates(missed, at("09:00"), { policy: "none", deadline: null })).toEqual([
      "machine was down until 09:00, and a missed run of this job is not made good",
      "machine was down until 09:00, and a missed run of this job is not made good",
    ]);
  });

  test("a slot on time beside missed ones is the one that runs", () => {
    expect(fates([at("06:50"), at("07:00")], at("07:00"), { policy: "last", deadline: null })).toEqual([
      "machine was down until 07:00; only the last missed run is made good",
      "clock",
    ]);
  });
});
