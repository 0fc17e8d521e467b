import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Analysis, analyse } from "../../src/domain/analysis.ts";
import { judge } from "../../src/domain/completeness.ts";
import { GROUPS, type Group, HEADLINES, TOTAL } from "../../src/domain/indicator.ts";
import type { Observation } from "../../src/domain/observation.ts";
import { rankedAlike, standings, type View } from "../../src/domain/view.ts";
import { alike, codes, pairOf, type Rows, RULES, scored, view } from "../support/views.ts";

const NOISE = RULES.noise;
const MAXIMA = RULES.maxima;

/** A block of units with six groups each. */
function blockOf(min: number, max: number) {
  const group = (name: Group) => fc.integer({ min: 0, max: MAXIMA[name] });
  const unit = fc.record({
    CKMB: group("CKMB"),
    TDGQ: group("TDGQ"),
    CLGQ: group("CLGQ"),
    TTTT: group("TTTT"),
    MDHL: group("MDHL"),
    MDSH: group("MDSH"),
  });
  return fc.array(unit, { minLength: min, maxLength: max });
}
type Block = readonly Readonly<Record<Group, number>>[];

const rowsOf = (block: Block): Rows =>
  Object.fromEntries(block.map((groups, index) => [`H21.${index + 1}`, scored(groups)]));
const between = (before: Block, after: Block): Analysis =>
  analyse([view(rowsOf(before)), view(rowsOf(after), { day: "10" })], RULES);

/** Two days of one block: any two figures in a few groups of a few units, the rest as it was. */
const twoDays = blockOf(1, 30).chain((before) => {
  const change = fc.record({
    unit: fc.nat(before.length - 1),
    group: fc.constantFrom(...GROUPS),
    by: fc.integer({ min: -700, max: 700 }),
  });
  return fc.array(change, { maxLength: 40 }).map((changes) => {
    const after = before.map((groups) => ({ ...groups }));
    for (const { unit, group, by } of changes) {
      const groups = after[unit];
      if (groups !== undefined) groups[group] = Math.min(MAXIMA[group], Math.max(0, groups[group] + by));
    }
    return [before, after] as const;
  });
});

const told = (analysis: Analysis, units: readonly string[]) =>
  units.map((unit) => [
    unit,
    analysis.split(unit),
    ...HEADLINES.map((code) => [analysis.own(unit, code), analysis.attribution(unit, code)]),
  ]);

describe("any two days", () => {
  test("have contributions and residuals that are the change, and ranks whose parts are theirs", () => {
    fc.assert(
      fc.property(twoDays, ([before, after]) => {
        const [then, now] = [view(rowsOf(before)), view(rowsOf(after), { day: "10" })];
        const analysis = analyse([then, now], RULES);
        const [ranksThen, ranksNow] = [standings(then, "commune"), standings(now, "commune")];
        for (const unit of codes(before.length)) {
          const delta = Number(now.value(unit, TOTAL)) - Number(then.value(unit, TOTAL));
          const attribution = analysis.attribution(unit, TOTAL);
          const sum = (attribution?.contributions ?? []).reduce((all, part) => all + part.delta, 0);
          expect(sum + (attribution?.residual ?? Number.NaN)).toBe(delta);
          const split = analysis.split(unit);
          expect((split?.byPortal ?? 0) + (split?.byOwn ?? 0) + (split?.byOthers ?? 0)).toBe(
            (ranksNow.get(unit)?.rank ?? 0) - (ranksThen.get(unit)?.rank ?? 0),
          );
        }
      }),
    );
  });

  test("have a total whose net is its groups' net, and a share of the portal that is the rest", () => {
    fc.assert(
      fc.property(twoDays, ([before, after]) => {
        const analysis = between(before, after);
        for (const [index, unit] of codes(before.length).entries()) {
          const nets = GROUPS.map((group) => analysis.own(unit, group));
          const sum = nets.includes(null) ? null : nets.reduce<number>((all, net) => all + (net ?? 0), 0);
          expect(analysis.own(unit, TOTAL)).toBe(sum);
          const delta = GROUPS.reduce(
            (all, group) => all + (after[index]?.[group] ?? 0) - (before[index]?.[group] ?? 0),
            0,
          );
          if (sum !== null) expect(analysis.portal(unit, TOTAL)).toBe(delta - sum);
        }
      }),
    );
  });

  test("are told the same whatever order the rows came in", () => {
    fc.assert(
      fc.property(twoDays, fc.infiniteStream(fc.nat()), ([before, after], chance) => {
        const units = codes(before.length);
        const keys = new Map(units.map((unit) => [unit, chance.next().value ?? 0]));
        const shuffle = (rows: Rows): Rows =>
          Object.fromEntries(Object.entries(rows).sort(([a], [b]) => (keys.get(a) ?? 0) - (keys.get(b) ?? 0)));
        const one = analyse([view(rowsOf(before)), view(rowsOf(after), { day: "10" })], RULES);
        const other = analyse([view(shuffle(rowsOf(before))), view(shuffle(rowsOf(after)), { day: "10" })], RULES);
        const words = (analysis: Analysis) =>
          analysis.shifts.map(({ hits, stopped, without, ...shift }) => [
            shift,
            ...[hits, stopped, without].map((set) => [...set].sort()),
          ]);
        expect(told(other, units)).toEqual(told(one, units));
        expect(words(other)).toEqual(words(one));
        const sorted = (analysis: Analysis) => analysis.jumps.map((jump) => JSON.stringify(jump)).sort();
        expect(sorted(other)).toEqual(sorted(one));
      }),
    );
  });

  test("leave a unit nobody touched without a fall or a jump of its own, whatever the others do", () => {
    fc.assert(
      fc.property(twoDays, fc.integer({ min: -900, max: 900 }), ([before, after], shift) => {
        const moved = after.map((groups, index) =>
          index === 0
            ? { ...(before[0] ?? groups) }
            : { ...groups, MDHL: Math.min(MAXIMA.MDHL, Math.max(0, groups.MDHL + shift)) },
        );
        const analysis = between(before, moved);
        expect(analysis.split("H21.1")?.byOwn).toBe(0);
        for (const code of HEADLINES) expect(analysis.own("H21.1", code)).toBe(0);
        expect(analysis.jumps.filter(({ unit }) => unit === "H21.1")).toEqual([]);
      }),
    );
  });
});

describe("a common move of at least 80 % of those with room", () => {
  const shifts = fc.oneof(fc.integer({ min: 50, max: 900 }), fc.integer({ min: -900, max: -50 }));
  const common = fc.tuple(blockOf(8, 34), shifts, fc.constantFrom(...GROUPS)).map(([before, shift, group]) => {
    const fits = (value: number) => Math.min(MAXIMA[group], Math.max(0, value));
    const after = before.map((groups, index) => ({
      ...groups,
      // Every sixth stands still: at most 17 of 100.
      [group]: index % 6 === 5 ? groups[group] : fits(groups[group] + shift),
    }));
    const whole = before.filter(
      (groups, index) => index % 6 !== 5 && fits(groups[group] + shift) === groups[group] + shift,
    );
    return { before, after, group, shift, whole: whole.length };
  });

  test("is exactly one notice, and nobody's named rise or fall", () => {
    let seen = 0;
    fc.assert(
      fc.property(common, ({ before, after, group, shift, whole }) => {
        fc.pre(whole >= 5 && whole * 100 >= (whole + Math.ceil(before.length / 6)) * 80);
        seen += 1;
        const analysis = between(before, after);
        expect(analysis.shifts.map((each) => [each.kind, each.indicator])).toEqual([["mass-shift", group]]);
        expect(analysis.shifts[0]?.shift).toBe(shift);
        for (const unit of codes(before.length)) {
          for (const code of [group, TOTAL] as const)
            expect(Math.abs(analysis.own(unit, code) ?? 0)).toBeLessThan(NOISE);
        }
        expect(analysis.jumps).toEqual([]);
      }),
      { numRuns: 300 },
    );
    expect(seen).toBeGreaterThan(100);
  });
});

describe("a group that drops to nothing", () => {
  const observations = (rows: Rows): readonly Observation[] =>
    Object.entries(rows).flatMap(([unit, figures]) =>
      Object.entries(figures).map(([code, value]) => ({
        unit,
        indicator: `dvc2026.${code}`,
        period: "2026",
        value,
        answer: 0,
      })),
    );
  const judged = (before: Rows, after: Rows) =>
    judge(
      {
        source: "evaluation-api",
        scope: "H21",
        period: { kind: "year", year: 2026 },
        takenAt: new Date("2026-10-10T06:00:00+07:00"),
        units: Object.keys(after).map((code) => ({ code, name: code, level: "commune" as const })),
        observations: observations(after),
        findings: [],
        sound: [true],
      },
      { codes: new Set(Object.keys(before)), counts: null, previous: observations(before) },
    );

  test("is never a fall: for a fifth of the block (and three) the snapshot is not complete, so nothing compares with it", () => {
    fc.assert(
      fc.property(blockOf(3, 30), fc.constantFrom(...GROUPS), fc.constantFrom(0, null), (block, group, gone) => {
        const lost = Math.max(3, Math.ceil(block.length / 5));
        const before = block.map((groups) => ({ ...groups, [group]: Math.max(1, groups[group]) }));
        const after: Rows = Object.fromEntries(
          Object.entries(rowsOf(before)).map(([unit, groups], index) => [
            unit,
            index < lost ? { ...groups, [group]: gone } : groups,
          ]),
        );
        const { complete, findings, sound } = judged(rowsOf(before), after);
        expect(complete).toBe(false);
        expect(findings.map(({ code }) => code)).toContain("zero-guard");
        expect(sound).toEqual([false]);
      }),
    );
  });

  test("for fewer is their own", () => {
    const rows = rowsOf(
      Array.from({ length: 11 }, () => ({ CKMB: 800, TDGQ: 800, CLGQ: 800, TTTT: 800, MDHL: 800, MDSH: 800 })),
    );
    const lose = (count: number): Rows =>
      Object.fromEntries(
        Object.entries(rows).map(([unit, groups], index) => [unit, index < count ? { ...groups, MDHL: 0 } : groups]),
      );
    expect([judged(rows, lose(2)).complete, judged(rows, lose(3)).complete]).toEqual([true, false]);
  });
});

describe("an absent unit", () => {
  test("leaves the others without a split of their ranks, and with all the rest", () => {
    fc.assert(
      fc.property(blockOf(3, 20), fc.boolean(), (block, isGone) => {
        const rows = rowsOf(block);
        const { "H21.1": _, ...others } = rows;
        const [then, now] = isGone ? [rows, others] : [others, rows];
        const sides: readonly [View, View] = [view(then), view(now, { day: "10" })];
        const analysis = analyse(sides, RULES);
        expect(rankedAlike(...sides, "commune")).toBe(false);
        for (const unit of codes(block.length)) {
          expect(analysis.split(unit)).toBeNull();
          expect(analysis.own(unit, TOTAL)).toBe(unit === "H21.1" ? null : 0);
        }
      }),
    );
  });
});

describe("several days", () => {
  const day = (MDHL: readonly number[], of: string) =>
    view(Object.fromEntries(MDHL.map((value, index) => [`H21.${index + 1}`, scored({ MDHL: value })])), { day: of });
  const all = (value: number) => Array.from({ length: 10 }, () => value);

  test("add up the shifts of their pairs, and compare the figures end to end", () => {
    const views = [
      day(all(500), "07"),
      day(all(1100), "08"),
      day([...all(1200).slice(1), 1210], "09"),
      day([...all(1200).slice(1), 1240], "10"),
    ];
    const analysis = analyse(views, RULES);
    expect(analysis.shifts.map(({ shift, from, to }) => [shift, from, to])).toEqual([
      [600, "2026-10-07", "2026-10-08"],
      [100, "2026-10-08", "2026-10-09"],
    ]);
    expect([analysis.portal("H21.1", TOTAL), analysis.own("H21.1", TOTAL)]).toEqual([700, 0]);
    expect([analysis.portal("H21.10", TOTAL), analysis.own("H21.10", TOTAL)]).toEqual([700, 40]);
  });

  test("that take a shift back leave nothing", () => {
    const analysis = analyse([day(all(500), "07"), day(all(1100), "08"), day(all(500), "09")], RULES);
    expect([analysis.shifts.length, analysis.portal("H21.1", TOTAL), analysis.own("H21.1", TOTAL)]).toEqual([2, 0, 0]);
  });

  test("with one move that cannot be told leave the whole untold", () => {
    const views = [
      day(all(500), "07"),
      day([...all(1100).slice(1), 800], "08"),
      day([...all(1100).slice(1), 800], "09"),
    ];
    const analysis = analyse(views, RULES);
    expect([analysis.portal("H21.10", TOTAL), analysis.own("H21.10", "MDHL"), analysis.own("H21.10", TOTAL)]).toEqual([
      null,
      null,
      null,
    ]);
    expect([analysis.own("H21.10", "CKMB"), analysis.split("H21.10")?.agrees]).toEqual([0, false]);
  });

  test("across the merger have no change of a merged unit", () => {
    const rows = { H01: scored(), H14: scored() };
    const given = { scope: "provinces", level: "province", period: "2025" } as const;
    const views = [view(rows, { ...given, day: "2025-06-30" }), view(rows, { ...given, day: "2025-07-01" })];
    const analysis = analyse(views, RULES);
    expect([analysis.own("H01", TOTAL), analysis.own("H14", TOTAL)]).toEqual([null, 0]);
  });

  test("need two snapshots", () => {
    expect(() => analyse([day(all(500), "07")], RULES)).toThrow("an analysis needs two snapshots");
  });
});

test("a unit that stood at 17,00 and was stopped at 18,00 by everybody's +6,00 has no rise of its own to name", () => {
  const analysis = analyse(pairOf([...alike(20, 900, 600), { before: 1700, delta: 100 }]), RULES);
  expect([analysis.own("H21.21", "MDHL"), analysis.own("H21.21", TOTAL)]).toEqual([null, null]);
  expect(analysis.split("H21.21")?.agrees).toBe(false);
  expect(analysis.net("H21.21", "MDHL")).toBe(100);
});
