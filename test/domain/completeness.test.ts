import { describe, expect, test } from "vitest";
import { type Candidate, type Expectation, judge } from "../../src/domain/completeness.ts";
import { GROUPS } from "../../src/domain/indicator.ts";
import type { Observation } from "../../src/domain/observation.ts";
import { parsePeriod } from "../../src/domain/period.ts";
import { THRESHOLDS } from "../../src/domain/thresholds.ts";
import type { Unit } from "../../src/domain/unit.ts";

/** A province's answers: the ranking is answer 0, the groups in their order are answers 1 to 6. */
function candidate(
  units: readonly string[],
  given: Partial<Candidate> & { scores?: Record<string, number | null> } = {},
): Candidate {
  const { scores = {}, ...rest } = given;
  return {
    source: "evaluation-api",
    scope: "H49",
    period: parsePeriod("2026") ?? { kind: "year", year: 2026 },
    takenAt: new Date("2026-10-09T06:00:00+07:00"),
    units: units.map((code): Unit => ({ code, name: code, level: "commune" })),
    observations: units.flatMap((unit) => figures(unit, scores)),
    findings: [],
    sound: Array<boolean>(7).fill(true),
    ...rest,
  };
}

function figures(unit: string, scores: Record<string, number | null>): Observation[] {
  const value = (code: string, usual: number) => {
    const own = scores[`${unit} ${code}`];
    return own === undefined ? usual : own;
  };
  const groups = GROUPS.map((group, index) => ({ code: group, value: value(group, 1000), answer: index + 1 }));
  const sum = groups.reduce((all, group) => all + (group.value ?? 0), 0);
  const total = { code: "TOTAL", value: value("TOTAL", sum), answer: 0 };
  return [total, ...groups].map(({ code, ...row }) => ({ unit, indicator: `dvc2026.${code}`, period: "2026", ...row }));
}

const expectation = (given: Partial<Expectation> = {}): Expectation => ({
  codes: null,
  counts: null,
  previous: null,
  zero: THRESHOLDS.zero,
  ...given,
});
const ten = [...Array(10).keys()].map((index) => `H49.${100 + index}`);
const codesOf = (verdict: ReturnType<typeof judge>) => verdict.findings.map(({ code }) => code);

describe("expected units", () => {
  const counts = { agencies: 0, communes: 10 };

  test("a first snapshot is measured against the shipped counts", () => {
    expect(judge(candidate(ten), expectation({ counts })).complete).toBe(true);
    const short = judge(candidate(ten.slice(1)), expectation({ counts }));
    expect(short.complete).toBe(false);
    expect(short.findings[0]?.message).toBe(
      "evaluation-api: 9 units of level commune, at least 10 are expected (scope H49, period 2026)",
    );
    expect(short.sound).toEqual([false, ...Array<boolean>(6).fill(true)]);
  });

  test("more than the shipped counts is no fault: Quảng Ninh lists 71 of 70", () => {
    expect(judge(candidate([...ten, "H49.200"]), expectation({ counts })).findings).toEqual([]);
  });

  test("later ones against the codes of the last complete one", () => {
    const verdict = judge(candidate([...ten.slice(1), "H49.200"]), expectation({ codes: new Set(ten), counts }));
    expect(verdict.findings.map(({ code, severity, unit }) => [code, severity, unit])).toEqual([
      ["unit-missing", "incomplete", "H49.100"],
      ["unit-new", "remark", "H49.200"],
    ]);
  });

  test("an extra unit alone leaves it complete", () => {
    const verdict = judge(candidate([...ten, "H49.200"]), expectation({ codes: new Set(ten) }));
    expect([verdict.complete, codesOf(verdict)]).toEqual([true, ["unit-new"]]);
  });

  test("nothing is asserted of periods before the merger, nor of what was taken before it", () => {
    const old = (period: string, takenAt: string) =>
      judge(
        candidate(ten.slice(5), {
          period: parsePeriod(period) ?? { kind: "year", year: 0 },
          takenAt: new Date(takenAt),
          observations: candidate(ten.slice(5)).observations.map((row) => ({ ...row, period })),
        }),
        expectation({ counts }),
      ).complete;
    expect(old("2024", "2026-01-05T00:00:00Z")).toBe(true);
    expect(old("2025-06", "2025-08-01T00:00:00Z")).toBe(true);
    expect(old("2025", "2025-06-30T16:59:59Z")).toBe(true);
    expect(old("2025", "2025-06-30T17:00:00Z"), "1 July in Việt Nam").toBe(false);
  });

  test("an unsound ranking says nothing about who is missing", () => {
    const sound = [false, ...Array<boolean>(6).fill(true)];
    expect(judge(candidate(ten.slice(3), { sound }), expectation({ codes: new Set(ten) })).findings).toEqual([]);
  });
});

describe("the zero guard", () => {
  const previous = candidate(ten).observations;
  const judged = (scores: Record<string, number | null>, before: readonly Observation[] | null = previous) =>
    judge(candidate(ten, { scores }), expectation({ previous: before }));
  const lost = (count: number, value: number | null = 0) =>
    Object.fromEntries(ten.slice(0, count).map((unit) => [`${unit} MDSH`, value]));
  /** The portal's totals still count what the group answer lost. */
  const oldTotals = Object.fromEntries(ten.map((unit) => [`${unit} TOTAL`, 6000]));

  test.each([
    ["three of ten to zero", lost(3)],
    ["three of ten to blank", lost(3, null)],
    ["all to zero", lost(10)],
  ])("%s: incomplete, the group named, its answer and the totals that count it not printed", (_name, scores) => {
    const verdict = judged(scores);
    expect(verdict.findings).toMatchObject([{ code: "zero-guard", severity: "incomplete", indicator: "MDSH" }]);
    expect(verdict.sound).toEqual([false, true, true, true, true, true, false]);
  });

  test("totals that do not count the zero stay good", () => {
    expect(judged({ ...lost(3), ...oldTotals }).sound).toEqual([true, true, true, true, true, true, false]);
  });

  test.each([
    ["two units", lost(2)],
    ["zero that was zero before", {}],
  ])("%s: no guard", (_name, scores) => {
    expect(judged(scores).complete).toBe(true);
  });

  test("three of sixteen are fewer than a fifth", () => {
    const sixteen = [...Array(16).keys()].map((index) => `H49.${300 + index}`);
    const scores = Object.fromEntries(sixteen.slice(0, 3).map((unit) => [`${unit} MDSH`, 0]));
    const before = expectation({ previous: candidate(sixteen).observations });
    expect(judge(candidate(sixteen, { scores }), before).complete).toBe(true);
    expect(judge(candidate(sixteen, { scores: { ...scores, [`${sixteen[3]} MDSH`]: 0 } }), before).complete).toBe(
      false,
    );
  });

  test("a first snapshot of a period has nothing to fall from", () => {
    expect(judged(lost(10), null).complete).toBe(true);
  });

  test("units at zero before do not count as those that had something", () => {
    const before = candidate(ten, { scores: lost(8) }).observations;
    // Two were above zero: both lost it, and two are fewer than three.
    expect(judged(lost(10), before).complete).toBe(true);
  });

  test("totals that vanish are guarded too", () => {
    for (const value of [null, 0]) {
      const verdict = judged(Object.fromEntries(ten.map((unit) => [`${unit} TOTAL`, value])));
      expect(verdict.findings).toMatchObject([{ code: "zero-guard", indicator: "TOTAL" }]);
      expect(verdict.sound[0]).toBe(false);
    }
  });

  test("blocks are looked at by themselves", () => {
    const levels = (units: readonly Unit[]) =>
      units.map((unit, index): Unit => ({ ...unit, level: index < 4 ? "agency" : "commune" }));
    const now = candidate(ten, { scores: lost(4) });
    const verdict = judge({ ...now, units: levels(now.units) }, expectation({ previous }));
    expect(verdict.findings.map(({ message }) => message)).toEqual([
      expect.stringContaining("4 of 4 units of level agency"),
    ]);
  });
});

test("answers of different refreshes: totals stay, groups are not printed beside them", () => {
  const findings = [{ code: "refreshes-differ", severity: "incomplete", message: "x" }] as const;
  expect(judge(candidate(ten, { findings }), expectation()).sound).toEqual([true, ...Array<boolean>(6).fill(false)]);
});
