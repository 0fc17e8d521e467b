import { describe, expect, test } from "vitest";
import type { PrintedFigure } from "../../src/domain/edition.ts";
import { drift, type PastIssue, remember } from "../../src/domain/memory.ts";

type Printed = { readonly before: number | null; readonly value: number | null; readonly net?: number | null };

/** An issue of October that printed the given figures, by indicator. */
function issue(day: string, figures: Readonly<Record<string, Printed>>, period = "2026"): PastIssue {
  const printed = Object.entries(figures).map(
    ([indicator, figure]): PrintedFigure => ({
      unit: "H21.17",
      indicator,
      period,
      rank: null,
      rankBefore: null,
      snapshot: "s1",
      ...figure,
    }),
  );
  return { issue: `2026-10-${day}`, figures: printed };
}

/** A day on which MDHL and with it the total fell by 12,01. */
const fall = issue("12", {
  TOTAL: { before: 7118, value: 5917, net: -1201 },
  MDHL: { before: 1701, value: 500, net: -1201 },
});
const quiet = (day: string, MDHL: number) =>
  issue(day, { TOTAL: { before: 5917, value: 5917, net: 0 }, MDHL: { before: MDHL, value: MDHL, net: 0 } });

const now = (MDHL: number, portal = 0) => ({
  period: "2026",
  value: (code: string) => (code === "MDHL" ? MDHL : 5917),
  portal: () => portal,
});

describe("a large change of an earlier issue", () => {
  test("is kept with its day, its group and how much of it is left", () => {
    const kept = (MDHL: number) =>
      remember([quiet("13", 500), fall], now(MDHL), 100).map(({ made, left }) => [made, left]);
    expect(remember([fall], now(500), 100)).toEqual([
      { day: "2026-10-12", delta: -1201, group: "MDHL", made: -1201, left: -1201 },
    ]);
    expect(kept(500)).toEqual([[-1201, -1201]]);
    expect(kept(1701)).toEqual([[-1201, 0]]);
    expect(kept(1100)).toEqual([[-1201, -601]]);
  });

  test("is one of 1,00 and more", () => {
    const moved = (delta: number) =>
      remember([issue("12", { TOTAL: { before: 6000, value: 6000 + delta } })], now(0), 100).length;
    expect([moved(99), moved(100), moved(-99), moved(-100)]).toEqual([0, 1, 0, 1]);
  });

  test("is that of the group which went furthest the same way", () => {
    const [kept] = remember(
      [
        issue("12", {
          TOTAL: { before: 6000, value: 6150 },
          CKMB: { before: 800, value: 500 },
          MDHL: { before: 500, value: 900 },
          MDSH: { before: 0, value: 50 },
        }),
      ],
      now(900),
      100,
    );
    expect(kept).toMatchObject({ group: "MDHL", made: 400, left: 400 });
  });

  test("is told of the total where no group is known", () => {
    expect(remember([issue("12", { TOTAL: { before: 6000, value: 5800 } })], now(0), 100)).toMatchObject([
      { group: null, made: -200, left: -83 },
    ]);
  });

  test("of another period is another story", () => {
    expect(remember([issue("12", { TOTAL: { before: 6000, value: 5000 } }, "2025")], now(0), 100)).toEqual([]);
    expect(remember([fall], { ...now(500), period: "2027" }, 100)).toEqual([]);
  });

  test("is not told when its figure is gone", () => {
    expect(remember([fall], { period: "2026", value: () => null }, 100)).toEqual([]);
    expect(remember([issue("12", { TOTAL: { before: null, value: 5000 } })], now(0), 100)).toEqual([]);
  });
});

describe("the portal's part", () => {
  const mixed = issue("12", {
    TOTAL: { before: 6000, value: 6800, net: 200 },
    MDHL: { before: 500, value: 1300, net: 200 },
  });

  test("of a remembered change is nobody's: a pure shift is not remembered, of a mixed one the rest is", () => {
    const pure = issue("12", {
      TOTAL: { before: 6000, value: 6600, net: 0 },
      MDHL: { before: 500, value: 1100, net: 0 },
    });
    expect(remember([pure], now(1100), 100)).toEqual([]);
    expect(remember([mixed], now(1300), 100)).toMatchObject([{ delta: 200, made: 200, left: 200 }]);
    expect(remember([mixed], now(1100), 100)).toMatchObject([{ left: 0 }]);
  });

  test("of later changes is no undoing: everybody's +6,00 since leaves the fall as it was", () => {
    const shifted = issue("13", {
      TOTAL: { before: 5917, value: 6517, net: 0 },
      MDHL: { before: 500, value: 1100, net: 0 },
    });
    expect(remember([shifted, fall], now(1100), 100)).toMatchObject([{ made: -1201, left: -1201 }]);
    expect(remember([fall], now(1100, 600), 100)).toMatchObject([{ made: -1201, left: -1201 }]);
  });

  test("that cannot be told leaves what became of the change untold", () => {
    const untold = issue("13", {
      TOTAL: { before: 5917, value: 6217, net: null },
      MDHL: { before: 500, value: 800, net: null },
    });
    expect(remember([untold, fall], now(800), 100)).toEqual([]);
    expect(remember([fall], { ...now(800), portal: () => null }, 100)).toEqual([]);
    expect(remember([issue("12", { TOTAL: { before: 6000, value: 6300, net: null } })], now(0), 100)).toEqual([]);
  });
});

describe("slow drift", () => {
  const printed = (day: string, before: number, value: number, period = "2026") =>
    issue(day, { TOTAL: { before, value } }, period);
  const today = (total: number, delta: number) => drift(issues, { period: "2026", total, delta }, 5);
  const issues = [printed("14", 6104, 6106), printed("13", 6102, 6104), printed("12", 6000, 6102)];

  test("is told once small steps add up since a change was last named", () => {
    expect(today(6108, 2)).toEqual({ since: "2026-10-12", delta: 6 });
    expect(today(6106, 0)).toBeNull();
  });

  test("is not told beside a step that is news itself, or right after one", () => {
    expect(today(6111, 5)).toBeNull();
    expect(drift(issues.slice(2), { period: "2026", total: 6106, delta: 4 }, 5)).toBeNull();
  });

  test("ends where the period starts or a figure is missing", () => {
    expect(
      drift([printed("14", 6104, 6106), printed("13", 0, 9000, "2025")], { period: "2026", total: 6108, delta: 2 }, 5),
    ).toBeNull();
    expect(drift([], { period: "2026", total: 6108, delta: 2 }, 5)).toBeNull();
  });
});
