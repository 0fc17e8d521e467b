import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { blockMedian, type ComponentState, dossiersForStep, flow, upperQuartile } from "../../src/domain/advice.ts";

const ongoing = (numerator: number, denominator: number, maximum = 2000): ComponentState => ({
  numerator,
  denominator,
  maximum,
  repairable: false,
});
const repairable = (numerator: number, denominator: number, maximum = 600): ComponentState => ({
  numerator,
  denominator,
  maximum,
  repairable: true,
});

describe("how many dossiers make 0,1 point", () => {
  test("486 of 588 need 18", () => {
    expect(dossiersForStep(ongoing(486, 588))).toBe(18);
  });

  /** Exact: maximum × (a + n)/(b + n) − maximum × a/b ≥ 10, without a division. */
  const reaches = ({ numerator: a, denominator: b, maximum }: ComponentState, n: number, fixed: boolean): boolean => {
    const whole = BigInt(fixed ? b : b + n);
    const gain = BigInt(maximum) * (BigInt(a + n) * BigInt(b) - BigInt(a) * whole);
    return gain >= 10n * BigInt(b) * whole && (!fixed || a + n <= b);
  };
  const counts = fc.tuple(fc.integer({ min: 1, max: 500_000 }), fc.double({ min: 0, max: 1, noNaN: true }));
  const maximum = fc.constantFrom(200, 400, 600, 2000);

  test.each([false, true])("is the least number that does, or none (repairable: %s)", (isRepairable) => {
    fc.assert(
      fc.property(counts, maximum, ([denominator, share], most) => {
        const state = {
          numerator: Math.floor(denominator * share),
          denominator,
          maximum: most,
          repairable: isRepairable,
        };
        const needed = dossiersForStep(state);
        if (needed === null) {
          expect(reaches(state, isRepairable ? denominator - state.numerator : 1e12, isRepairable)).toBe(false);
          return;
        }
        expect(reaches(state, needed, isRepairable)).toBe(true);
        expect(reaches(state, needed - 1, isRepairable)).toBe(false);
      }),
    );
  });

  test("is counted on the fixed total where late work repairs", () => {
    expect(dossiersForStep(repairable(0, 600))).toBe(10);
    expect(dossiersForStep(repairable(590, 600))).toBe(10);
    expect(dossiersForStep(repairable(591, 600))).toBeNull();
  });

  test("is nothing at the maximum, within 0,1 of it, without counts and without a score", () => {
    expect(dossiersForStep(ongoing(588, 588))).toBeNull();
    expect(dossiersForStep(ongoing(995, 1000))).toBeNull();
    expect(dossiersForStep(ongoing(994, 1000))).not.toBeNull();
    expect(dossiersForStep(ongoing(0, 0))).toBeNull();
    expect(dossiersForStep(ongoing(3, 7, 0))).toBeNull();
  });
});

describe("a block", () => {
  test("has its upper quartile at the nearest rank: a figure some unit really has", () => {
    expect([
      upperQuartile([4, 1, 3, 2]),
      upperQuartile([1, 2, 3, 4, 5]),
      upperQuartile([7]),
      upperQuartile([]),
    ]).toEqual([3, 4, 7, null]);
  });

  test("has its median between two, rounded half up", () => {
    expect([blockMedian([3, 1, 2]), blockMedian([1, 2]), blockMedian([5, 4, 2, 1]), blockMedian([])]).toEqual([
      2,
      2,
      3,
      null,
    ]);
  });
});

describe("what came since the baseline", () => {
  const since = (part: number, whole: number) =>
    flow({ part: 100, whole: 200 }, { part: 100 + part, whole: 200 + whole }, 10);

  test("is told when both counts grew by ten", () => {
    expect(since(259, 270)).toEqual({ part: 259, whole: 270 });
    expect(since(10, 10)).toEqual({ part: 10, whole: 10 });
    expect([since(9, 12), since(0, 20), since(9, 9)]).toEqual([null, null, null]);
  });

  test("is not told after a restatement", () => {
    expect([since(-5, 30), since(30, -5), since(30, 20)]).toEqual([null, null, null]);
  });
});
