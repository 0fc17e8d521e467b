import { describe, expect, test } from "vitest";
import type { Sight } from "../../src/domain/board.ts";
import type { Sights } from "../../src/pipeline/sight.ts";
import { weeksUpTo } from "../../src/pipeline/weekly-weeks.ts";
import { sampleSight } from "../support/sample-sights.ts";

/** An archive of the provinces on some days at 06:00, as the loader of sights answers from it. */
function archiveOf(...days: string[]): { readonly sights: Sights; of(day: string): Sight } {
  const kept = new Map(days.map((day) => [day, sampleSight("provinces", day)]));
  const newest = [...kept.values()].reverse();
  const sights: Sights = {
    latest: async ({ asOf, period }) =>
      newest.find(({ view: { snapshot } }) => snapshot.takenAt <= asOf && snapshot.period === period) ?? null,
    of: async () => null,
    between: async () => [],
  };
  return {
    sights,
    of: (day) => {
      const found = kept.get(day);
      if (found === undefined) throw new Error(`nothing was kept on ${day}`);
      return found;
    },
  };
}

describe("the weeks of the trend", () => {
  test("are each week's own last figures before 07:00 on Monday, with a gap where a week has none, this issue's last", async () => {
    const { sights, of } = archiveOf("2026-09-18", "2026-10-04", "2026-10-05", "2026-10-06", "2026-10-12");
    const last = { monday: null, provinces: of("2026-10-05") };
    const weeks = await weeksUpTo(sights, { day: "2026-10-12", provinces: of("2026-10-12"), last });
    expect(weeks.map(({ day, provinces }) => [day, provinces === null])).toEqual([
      ["2026-09-18", false],
      ["2026-09-28", true],
      ["2026-10-05", false],
      ["2026-10-12", false],
    ]);
  });

  test("take the last bulletin's own figures where it came out after its Monday, once", async () => {
    const { sights, of } = archiveOf("2026-09-28", "2026-10-04", "2026-10-07", "2026-10-12");
    const late = { monday: "2026-10-05", provinces: of("2026-10-07") };
    const weeks = await weeksUpTo(sights, { day: "2026-10-12", provinces: of("2026-10-12"), last: late });
    expect(weeks.map(({ day }) => day)).toEqual(["2026-09-28", "2026-10-07", "2026-10-12"]);
    const again = await weeksUpTo(sights, { day: "2026-10-12", provinces: of("2026-10-07"), last: late });
    expect(again.map(({ day, provinces }) => [day, provinces === null])).toEqual([
      ["2026-09-28", false],
      ["2026-10-07", false],
      ["2026-10-07", true],
    ]);
  });

  test("ask for the year their Monday is in, so that figures before 1 January come from the old year", async () => {
    const { sights, of } = archiveOf("2026-12-21", "2026-12-28", "2027-01-04", "2027-01-11");
    const weeks = await weeksUpTo(sights, {
      ...{ day: "2027-01-11", provinces: of("2027-01-11") },
      last: { monday: "2027-01-04", provinces: of("2027-01-04") },
    });
    expect(weeks.map(({ provinces }) => provinces?.view.snapshot.period)).toEqual(["2026", "2026", "2027", "2027"]);
  });
});
