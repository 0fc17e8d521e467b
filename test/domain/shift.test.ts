import { describe, expect, test } from "vitest";
import { detectShifts, median, shiftShare, tellableShare } from "../../src/domain/shift.ts";
import { alike, pairOf, type Rows, SHIFT_RULES, scored, view } from "../support/views.ts";

type Move = { before: number; delta: number };
const found = (moves: readonly Move[], given: Parameters<typeof pairOf>[1] = {}) => {
  const shifts = detectShifts(...pairOf(moves, given), SHIFT_RULES);
  return shifts.map(({ kind, indicator, shift, units, of }) => ({ kind, indicator, shift, units, of }));
};

describe("a common move", () => {
  test("of everybody is one mass shift of its group, and none on the total", () => {
    expect(found(alike(34, 900, 600))).toEqual([
      { kind: "mass-shift", indicator: "MDHL", shift: 600, units: 34, of: 34 },
    ]);
  });

  test("downwards is one too", () => {
    expect(found(alike(34, 1500, -600))).toEqual([
      { kind: "mass-shift", indicator: "MDHL", shift: -600, units: 34, of: 34 },
    ]);
  });

  test("is looked for within each level", () => {
    const rows = (agency: number, commune: number): Rows =>
      Object.fromEntries(
        Array.from({ length: 12 }, (_, index) => [`H21.${index + 1}`, scored({ MDHL: index < 6 ? agency : commune })]),
      );
    const level = (unit: string) => (Number(unit.slice(4)) <= 6 ? "agency" : "commune");
    const shifts = detectShifts(
      view(rows(900, 900), { level }),
      view(rows(1500, 900), { level, day: "10" }),
      SHIFT_RULES,
    );
    expect(shifts.map((shift) => [shift.level, shift.units, shift.of])).toEqual([["agency", 6, 6]]);
  });

  test("is looked for on the total only where there are no groups", () => {
    const rows = (total: number): Rows =>
      Object.fromEntries(["a", "b", "c", "d", "e"].map((unit) => [unit, { TOTAL: total }]));
    const shifts = detectShifts(view(rows(6000)), view(rows(6600), { day: "10" }), SHIFT_RULES);
    expect(shifts.map(({ indicator, shift }) => [indicator, shift])).toEqual([["TOTAL", 600]]);
  });

  test("says nothing of units that are not on both sides, waiting or closed", () => {
    const rows = (value: number): Rows =>
      Object.fromEntries(["a", "b", "c", "d", "e"].map((unit) => [unit, scored({ MDHL: value })]));
    const after = { ...rows(1500) };
    delete (after as Record<string, unknown>)["e"];
    expect(detectShifts(view(rows(900)), view(after, { day: "10" }), SHIFT_RULES)).toEqual([]);
    const closed = view(rows(1500), { day: "10", closed: { e: "2026-10-10" } });
    expect(detectShifts(view(rows(900)), closed, SHIFT_RULES)).toEqual([]);
  });

  test("across the merger of 1 July 2025 is no move of units that were merged", () => {
    const rows = (value: number): Rows =>
      Object.fromEntries(alike(9, 0, 0).map((_, index) => [`H0${index + 1}`, scored({ MDHL: value })]));
    const given = { period: "2025", scope: "provinces", level: "province" } as const;
    const sides = [
      view(rows(900), { ...given, day: "2025-06-30" }),
      view(rows(1500), { ...given, day: "2025-07-01" }),
    ] as const;
    expect(detectShifts(...sides, SHIFT_RULES)).toEqual([]);
  });
});

describe("the thresholds, in whole hundredths", () => {
  test("0,50 is looked at, 0,49 is not", () => {
    expect(found(alike(10, 900, 50))).toHaveLength(1);
    expect(found(alike(10, 900, 49))).toEqual([]);
    expect(found(alike(10, 900, -50))).toHaveLength(1);
    expect(found(alike(10, 900, -49))).toEqual([]);
  });

  test("a hit lies at most 0,10 from the common move", () => {
    const with_ = (delta: number) => found([...alike(9, 900, 60), { before: 900, delta }])[0]?.units;
    expect([with_(70), with_(71), with_(50), with_(49)]).toEqual([10, 9, 10, 9]);
  });

  test("or at most 10 % of it", () => {
    const with_ = (delta: number) => found([...alike(9, 900, 600), { before: 900, delta }])[0]?.units;
    expect([with_(660), with_(661), with_(540), with_(539)]).toEqual([10, 9, 10, 9]);
  });

  test("five hits are needed", () => {
    expect(found(alike(5, 900, 600))).toHaveLength(1);
    expect(found(alike(4, 900, 600))).toEqual([]);
  });

  test("80 % of the units with room are everybody, 79 % are many", () => {
    expect(found([...alike(80, 900, 600), ...alike(20, 900, 0)])[0]?.kind).toBe("mass-shift");
    expect(found([...alike(79, 900, 600), ...alike(21, 900, 0)])[0]?.kind).toBe("partial-shift");
  });

  test("many are 30 %, by at least 1,00", () => {
    expect(found([...alike(30, 900, 100), ...alike(70, 900, 0)])[0]?.kind).toBe("partial-shift");
    expect(found([...alike(30, 900, 99), ...alike(70, 900, 0)])).toEqual([]);
    expect(found([...alike(29, 900, 100), ...alike(71, 900, 0)])).toEqual([]);
    expect(found([...alike(30, 900, -100), ...alike(70, 900, 0)])[0]?.kind).toBe("partial-shift");
  });

  test("of two clusters the fuller one is told, at its median", () => {
    const clusters = [...alike(10, 900, 600), ...alike(8, 900, 300), ...alike(2, 900, 0)];
    expect(found(clusters)).toEqual([{ kind: "partial-shift", indicator: "MDHL", shift: 600, units: 10, of: 20 }]);
    expect(found([...alike(5, 900, 590), ...alike(6, 900, 600), ...alike(5, 900, 620)])[0]?.shift).toBe(600);
  });

  test("rises and falls of one size are never one cluster", () => {
    expect(found([...alike(4, 900, 600), ...alike(4, 900, -600)])).toEqual([]);
  });
});

describe("room", () => {
  test("units that stand at the maximum do not hide a shift of all others", () => {
    expect(found([...alike(17, 900, 600), ...alike(17, 1800, 0)])).toEqual([
      { kind: "mass-shift", indicator: "MDHL", shift: 600, units: 17, of: 17 },
    ]);
  });

  test("units that stand at 0 do not hide a fall of all others", () => {
    expect(found([...alike(17, 900, -600), ...alike(17, 0, 0)])[0]).toMatchObject({
      kind: "mass-shift",
      units: 17,
      of: 17,
    });
  });

  test("is what the shift needs less its window: 12,60 has it for +6,00 of 18, 12,61 has not", () => {
    const of = (before: number) => found([...alike(9, 900, 600), { before, delta: 0 }])[0]?.of;
    expect([of(1260), of(1261)]).toEqual([10, 9]);
    const fall = (before: number) => found([...alike(9, 900, -600), { before, delta: 0 }])[0]?.of;
    expect([fall(540), fall(539)]).toEqual([10, 9]);
  });
});

describe("the portal's share of a unit's move", () => {
  const share = (other: Move) => {
    const sides = pairOf([...alike(20, 900, 600), other]);
    const move = { unit: "H21.21", level: "commune", indicator: "MDHL", delta: other.delta } as const;
    return tellableShare(detectShifts(...sides, SHIFT_RULES), move, 5);
  };

  test("is the shift for a hit, whatever its small own part", () => {
    expect(share({ before: 900, delta: 620 })).toBe(600);
  });

  test("is nothing for a unit that hardly moved, and cannot be told for one that moved otherwise", () => {
    expect([share({ before: 900, delta: 4 }), share({ before: 900, delta: -4 })]).toEqual([0, 0]);
    expect([share({ before: 900, delta: 5 }), share({ before: 900, delta: 300 })]).toEqual([null, null]);
  });

  test("is nothing for a unit without room: its move is its own", () => {
    expect(share({ before: 1700, delta: -200 })).toBe(0);
    expect(share({ before: 1700, delta: 40 })).toBe(0);
    expect(share({ before: 1800, delta: 0 })).toBe(0);
  });

  test("cannot be told for a unit the maximum stopped on its way: +1,00 to 18,00 is no rise of its own", () => {
    expect(share({ before: 1700, delta: 100 })).toBeNull();
    expect(share({ before: 1797, delta: 3 })).toBe(0);
  });

  test("of a hit the maximum stopped is as much as fitted: 12,50 to 18,00 is no fall by 0,50", () => {
    expect(share({ before: 1250, delta: 550 })).toBe(550);
    expect(share({ before: 1203, delta: 597 })).toBe(597);
    expect(share({ before: 1200, delta: 600 })).toBe(600);
    expect(share({ before: 1190, delta: 610 })).toBe(600);
    expect(share({ before: 1190, delta: 595 })).toBe(600);
  });

  test("as a figure it follows the rule to the letter, whatever the maximum cut off", () => {
    const figure = (extra: { before: number; delta: number }) => {
      const sides = pairOf([...alike(20, 900, 600), extra]);
      const move = { unit: "H21.21", level: "commune", indicator: "MDHL", delta: extra.delta } as const;
      return shiftShare(detectShifts(...sides, SHIFT_RULES), move, 5);
    };
    expect([figure({ before: 1700, delta: 100 }), figure({ before: 1250, delta: 550 })]).toEqual([0, 600]);
    expect([figure({ before: 900, delta: 300 }), figure({ before: 900, delta: 4 })]).toEqual([null, 0]);
  });

  test("cannot be told for a unit that fell to 0 in a common fall", () => {
    const sides = pairOf([...alike(20, 900, -600), { before: 200, delta: -200 }]);
    const move = { unit: "H21.21", level: "commune", indicator: "MDHL", delta: -200 } as const;
    expect(tellableShare(detectShifts(...sides, SHIFT_RULES), move, 5)).toBeNull();
  });

  test("is nothing in groups and levels without a notice", () => {
    const shifts = detectShifts(...pairOf(alike(20, 900, 600)), SHIFT_RULES);
    expect(tellableShare(shifts, { unit: "H21.1", level: "commune", indicator: "CKMB", delta: 300 }, 5)).toBe(0);
    expect(tellableShare(shifts, { unit: "H21.1", level: "agency", indicator: "MDHL", delta: 300 }, 5)).toBe(0);
  });
});

test("the middle of an even number of moves is rounded half away from zero", () => {
  expect([median([1, 2, 4]), median([1, 2]), median([-2, -1]), median([])]).toEqual([2, 2, -2, 0]);
});
