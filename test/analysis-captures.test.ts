import { describe, expect, test } from "vitest";
import { type Analysis, analyse } from "../src/domain/analysis.ts";
import { GROUPS, HEADLINES, TOTAL } from "../src/domain/indicator.ts";
import { standings, type View } from "../src/domain/view.ts";
import { PRESENT } from "./sources/captures.ts";
import { capturedView } from "./support/captured-views.ts";
import { movesOf, shiftsInShuffled } from "./support/shuffled.ts";
import { type Rows, RULES, random, view } from "./support/views.ts";

const analysed = (...names: readonly string[]): Analysis => analyse(names.map(capturedView), RULES);
const jumps = (analysis: Analysis) =>
  analysis.jumps.map(({ unit, indicator, delta, cause }) => [unit, indicator, delta, cause]);

describe.skipIf(!PRESENT)("the real days", () => {
  test.each([
    ["7 to 9 October 2026", ["oct7", "oct9"]],
    ["7 to 9 October 2026 by way of a snapshot between", ["oct7", "oct9early", "oct9"]],
    ["two answers of one day", ["oct9early", "oct9"]],
    ["11 to 15 October 2025, the year", ["year11", "year15"]],
    ["11 to 15 October 2025, the month", ["month11", "month15"]],
    ["Gia Lai's 149 units", ["giaLai9", "giaLai10"]],
  ])("have no shift of everybody: %s", (_, names) => {
    const analysis = analysed(...names);
    expect(capturedView(names[0] ?? "").units.size).toBeGreaterThan(30);
    expect(analysis.shifts).toEqual([]);
  });

  test("have the restatements of 7 to 9 October 2026 as jumps whose cause is not in hand", () => {
    for (const names of [
      ["oct7", "oct9"],
      ["oct7", "oct9early", "oct9"],
    ]) {
      const found = jumps(analysed(...names));
      expect(found).toEqual(
        expect.arrayContaining([
          ["H32", "CKMB", 800, "unknown"],
          ["H50", "CKMB", 352, "unknown"],
          ["H31", "CKMB", 200, "unknown"],
        ]),
      );
      expect(found.filter(([, indicator]) => indicator === "CKMB")).toHaveLength(3);
    }
  });

  test("of snapshots four days apart have no jumps: nobody knows on which day", () => {
    expect(jumps(analysed("year11", "year15"))).toEqual([]);
    expect(jumps(analysed("month11", "month15"))).toEqual([]);
  });

  test.each([
    ["oct7", "oct9"],
    ["oct9early", "oct9"],
    ["year11", "year15"],
    ["month11", "month15"],
  ])("add up exactly, total and rank, for every province: %s to %s", (from, to) => {
    const [before, after] = [capturedView(from), capturedView(to)];
    const analysis = analyse([before, after], RULES);
    const [then, now] = [standings(before, "province"), standings(after, "province")];
    expect(after.units.size).toBe(34);
    for (const unit of after.units.keys()) {
      const delta = Number(after.value(unit, TOTAL)) - Number(before.value(unit, TOTAL));
      const attribution = analysis.attribution(unit, TOTAL);
      expect(attribution?.residual).toBe(0);
      expect(attribution?.contributions.reduce((sum, part) => sum + part.delta, 0)).toBe(delta);
      expect(analysis.own(unit, TOTAL)).toBe(delta);
      const split = analysis.split(unit);
      expect(split?.byPortal).toBe(0);
      expect((split?.byOwn ?? 0) + (split?.byOthers ?? 0)).toBe(
        (now.get(unit)?.rank ?? 0) - (then.get(unit)?.rank ?? 0),
      );
    }
  });
});

/** A view's rows with some figures changed. */
function rowsWith(of: View, changed: (unit: string, code: string, value: number) => number): Rows {
  return Object.fromEntries(
    [...of.units.keys()].map((unit) => {
      const groups = Object.fromEntries(
        GROUPS.map((code) => [code, changed(unit, code, Number(of.value(unit, code)))]),
      );
      return [unit, { ...groups, [TOTAL]: Object.values(groups).reduce((sum, value) => sum + value, 0) }];
    }),
  );
}

describe.skipIf(!PRESENT)(
  "a re-scoring day made of the real month answers, satisfaction 6 points up for all with room",
  () => {
    const [real, before] = PRESENT ? [capturedView("month15"), capturedView("month11")] : [view({}), view({})];
    const given = { period: "2025-10", scope: "provinces", level: "province" } as const;
    const rescored = rowsWith(real, (_, code, value) => (code === "MDHL" ? Math.min(1800, value + 600) : value));
    const then = view(
      rowsWith(before, (_unit, _code, value) => value),
      { ...given, day: "2025-10-15" },
    );
    const analysis = analyse([then, view(rescored, { ...given, day: "2025-10-16" })], RULES);

    test("is one notice of satisfaction by about 6,0, no more and no less", () => {
      expect(analysis.shifts.map(({ kind, indicator, level }) => [kind, indicator, level])).toEqual([
        ["mass-shift", "MDHL", "province"],
      ]);
      const [{ shift, units, of } = { shift: 0, units: 0, of: 0 }] = analysis.shifts;
      expect(Math.abs(shift - 600)).toBeLessThanOrEqual(5);
      expect(of).toBe(34);
      expect(units).toBeGreaterThanOrEqual(32);
    });

    test("leaves every province the move it really made", () => {
      const shift = analysis.shifts[0]?.shift ?? 0;
      let stopped = 0;
      for (const unit of real.units.keys()) {
        const made = (code: string) => Number(real.value(unit, code)) - Number(before.value(unit, code));
        // The shift is the median of 6,00 and everybody's real move; who has all 18 points now moved by what fitted.
        const isFull = real.value(unit, "MDHL") === 1200;
        const own = isFull ? 0 : made("MDHL") + 600 - shift;
        if (isFull) stopped += 1;
        const nets = Object.fromEntries(HEADLINES.map((code) => [code, analysis.own(unit, code)]));
        const others = GROUPS.filter((code) => code !== "MDHL").map((code) => [code, made(code)]);
        expect([unit, nets]).toEqual([
          unit,
          { ...Object.fromEntries(others), MDHL: own, TOTAL: made(TOTAL) - made("MDHL") + own },
        ]);
      }
      expect(stopped).toBeGreaterThan(5);
    });

    test("has no jump in satisfaction", () => {
      expect(analysis.jumps.filter(({ indicator }) => indicator === "MDHL")).toEqual([]);
    });
  },
);

describe.skipIf(!PRESENT)("blocks of real moves that have nothing in common", () => {
  // The days a bulletin compares.
  const pairs = PRESENT
    ? (
        [
          ["oct7", "oct9early"],
          ["oct9early", "oct9"],
          ["oct7", "oct9"],
          ["year11", "year15"],
        ] as const
      ).map(([from, to]) => [capturedView(from), capturedView(to)] as const)
    : [];

  test.each([8, 13, 34])("have no notice: 500 blocks of %i", (size) => {
    const moves = movesOf(pairs);
    expect(GROUPS.map((group) => moves[group]?.length)).toEqual(GROUPS.map(() => 4 * 34));
    expect(shiftsInShuffled(moves, { blocks: 500, size, chance: random(766 + size) })).toEqual([]);
  });
});
