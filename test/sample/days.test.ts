import { describe, expect, it } from "vitest";
import { addDays } from "../../src/domain/calendar.ts";
import { GROUPS } from "../../src/domain/indicator.ts";
import { PROVINCE_BODIES, UNIT_BODIES } from "../../src/sample/bodies.ts";
import { boardOf } from "../../src/sample/figures.ts";
import type { Figures } from "../../src/sample/scoring.ts";
import { CAST } from "../../src/sample/story.ts";
import {
  GROUP_ENDPOINTS,
  GROUP_OF,
  headOf,
  hundredths,
  type Json,
  period,
  rowsOf,
  sampleData,
  scoreOf,
} from "../support/sample.ts";

const DEMO = ["2026-10-05", "2026-10-09", "2026-10-12"] as const;

function figures(code: string, key: string, day: string): Figures {
  const board = boardOf(period(key), day);
  const found = board.units.get(code) ?? board.provinces.get(code);
  if (found === undefined) throw new Error(`no figures of ${code}`);
  return found;
}
const move = (code: string, from: string, to: string, key = "2026") =>
  figures(code, key, to).total - figures(code, key, from).total;

describe("whatever the day, the figures agree with each other:", () => {
  const days = [...Array(40).keys()].map((index) => addDays("2026-09-14", index));

  it.each(["year", "quarter", "month"] as const)("forty days of the running %s", (kind) => {
    let rows = 0;
    for (const day of days) {
      const month = day.slice(5, 7);
      const key = { year: "2026", quarter: month === "09" ? "2026-Q3" : "2026-Q4", month: `2026-${month}` }[kind];
      const national = rowsOf(sampleData("service-results", "provinces", key, day));
      expect(national).toHaveLength(34);
      for (const row of national) {
        const groups = Object.values(row["groupScores"] as Json).map(hundredths);
        expect(
          groups.reduce((sum, score) => sum + score, 0),
          `${row["departmentCode"]} on ${day}`,
        ).toBe(scoreOf(row));
        rows += 1;
      }
      const own = sampleData("service-results", "H21", key, day);
      const parts = GROUP_ENDPOINTS.map((endpoint) => sampleData(endpoint, "H21", key, day));
      const sums = new Map<unknown, number>();
      for (const part of parts) {
        for (const row of rowsOf(part))
          sums.set(row["departmentId"], (sums.get(row["departmentId"]) ?? 0) + scoreOf(row));
      }
      expect(sums.size).toBe(149);
      for (const row of rowsOf(own)) expect(sums.get(row["departmentId"])).toBe(scoreOf(row));
      const listed = national.find((row) => row["departmentCode"] === "H21") as Json;
      expect(headOf(own)["totalScore"]).toBe(listed["totalScore"]);
      expect(parts.reduce((sum, part) => sum + scoreOf(headOf(part)), 0)).toBe(scoreOf(listed));
      GROUP_ENDPOINTS.forEach((endpoint, index) => {
        const group = (listed["groupScores"] as Json)[GROUP_OF[endpoint]];
        expect(headOf(parts[index] as Json)["totalScore"], `${endpoint} on ${day}`).toBe(group);
      });
    }
    expect(rows).toBe(40 * 34);
  });
});

describe("from day to day", () => {
  it("the same question gets the same answer on every machine", () => {
    const totals = DEMO.map((day) => figures("H21", "2026", day).total);
    expect(totals).toEqual([6581, 6573, 6625]);
    expect(figures("H44", "2025-12", "2026-03-01").total).toBe(figures("H44", "2025-12", "2026-10-12").total);
  });

  it("about an eighth of the units move, most of them barely", () => {
    const moves: number[] = [];
    const days = [...Array(20).keys()].map((index) => addDays("2026-09-02", index));
    for (const day of days) for (const { code } of UNIT_BODIES) moves.push(Math.abs(move(code, addDays(day, -1), day)));
    const moved = moves.filter((step) => step !== 0);
    expect(moved.length / moves.length).toBeGreaterThan(0.06);
    expect(moved.length / moves.length).toBeLessThan(0.16);
    expect(moved.filter((step) => step < 30).length / moved.length).toBeGreaterThan(0.85);
  });

  it("dossiers received and on time only grow", () => {
    for (const { code } of [...UNIT_BODIES, ...PROVINCE_BODIES]) {
      const [a, b, c] = DEMO.map((day) => figures(code, "2026", day).counts);
      expect([a?.onTime, b?.onTime, c?.onTime]).toEqual(
        [a?.onTime, b?.onTime, c?.onTime].sort((x = 0, y = 0) => x - y),
      );
      expect(c?.received).toBeGreaterThanOrEqual(b?.received ?? 0);
    }
    expect(figures("H21", "2026", DEMO[2]).counts.onTime).toBeGreaterThan(
      figures("H21", "2026", DEMO[1]).counts.onTime,
    );
  });

  it("a closed month stays as it is, and a young one is lower than the year", () => {
    for (const { code } of [...UNIT_BODIES, ...PROVINCE_BODIES])
      expect(move(code, "2026-10-01", "2026-12-31", "2026-09")).toBe(0);
    for (const day of DEMO) {
      const lower = PROVINCE_BODIES.filter(
        ({ code }) => figures(code, "2026-10", day).total < figures(code, "2026", day).total,
      );
      expect(lower.length).toBeGreaterThan(30);
    }
  });

  it("a period that has not begun has no dossier and the floor of a unit without any", () => {
    const future = figures("H21.101", "2026-12", "2026-10-12");
    expect(future.counts.received).toBe(0);
    expect(future.groups).toMatchObject({ TDGQ: 0, MDHL: 1200 });
  });

  it("ranks have ties", () => {
    for (const day of DEMO) {
      const totals = UNIT_BODIES.filter((unit) => unit.level === "commune").map(
        ({ code }) => figures(code, "2026", day).total,
      );
      expect(totals.length - new Set(totals).size).toBeGreaterThanOrEqual(2);
    }
  });
});

describe("the demonstration's story", () => {
  it("05 to 09/10: an agency falls by 3,70 points, by late dossiers", () => {
    expect(move(CAST.fallingAgency, DEMO[0], DEMO[1])).toBe(-370);
    expect(move(CAST.fallingAgency, DEMO[1], DEMO[2])).toBe(0);
  });

  it("09 to 12/10: a first petition costs 12,00 points, a settled one gives them back", () => {
    const after = figures(CAST.firstPetition, "2026", DEMO[2]);
    expect(move(CAST.firstPetition, DEMO[1], DEMO[2])).toBe(-1200);
    expect([after.counts.petitions, after.counts.petitionsOnTime, after.counts.petitionsSatisfied]).toEqual([1, 0, 0]);
    expect(move(CAST.recovered, DEMO[1], DEMO[2])).toBe(1200);
    expect(move(CAST.recovered, DEMO[0], DEMO[1])).toBe(0);
  });

  it("two provinces are restated in the year's transparency, not in its months", () => {
    const restated = (code: string, key: string) =>
      figures(code, key, DEMO[2]).groups.CKMB - figures(code, key, DEMO[1]).groups.CKMB;
    expect(restated(CAST.restatedUp, "2026")).toBeGreaterThan(500);
    expect(restated(CAST.restatedDown, "2026")).toBeLessThan(-200);
    expect(Math.abs(restated(CAST.restatedUp, "2026-10"))).toBeLessThan(50);
  });

  it("has a unit with few dossiers, one with none, one without payments due, and some without petitions", () => {
    const few = figures(CAST.fewDossiers, "2026", DEMO[2]).counts.received;
    expect(few).toBeGreaterThan(0);
    expect(few).toBeLessThan(30);
    const none = figures(CAST.noDossiers, "2026", DEMO[2]);
    expect(none.counts.received).toBe(0);
    expect(none.groups).toEqual({ CKMB: 187, TDGQ: 0, CLGQ: 0, TTTT: 0, MDHL: 1200, MDSH: 200 });
    expect(figures(CAST.noObligation, "2026", DEMO[2]).counts).toMatchObject({ obliged: 0, paid: 0 });
    expect(UNIT_BODIES.some(({ code }) => figures(code, "2026", DEMO[2]).counts.petitions === 0)).toBe(true);
  });

  it("keeps every score within its maximum", () => {
    const maxima = { CKMB: 1800, TDGQ: 2000, CLGQ: 1200, TTTT: 1000, MDHL: 1800, MDSH: 2200 };
    for (const day of [...DEMO, "2026-01-01", "2026-12-31"]) {
      for (const { code } of [...UNIT_BODIES, ...PROVINCE_BODIES]) {
        const { groups } = figures(code, "2026", day);
        for (const group of GROUPS) {
          expect(groups[group]).toBeGreaterThanOrEqual(0);
          expect(groups[group]).toBeLessThanOrEqual(maxima[group]);
        }
      }
    }
  });
});
