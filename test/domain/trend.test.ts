import { describe, expect, test } from "vitest";
import { THRESHOLDS } from "../../src/domain/thresholds.ts";
import { streak, trendOf } from "../../src/domain/trend.ts";

const steps = (deltas: readonly number[]) => deltas.map((delta) => ({ delta, flagged: false }));
const trend = (deltas: readonly number[]) => trendOf(steps(deltas), THRESHOLDS.trend);
const many = (count: number, delta: number) => Array.from({ length: count }, () => delta);

describe("a trend", () => {
  test("is nine of ten steps of one sign, with a sum of 0,50", () => {
    expect(trend(many(10, 5))).toBe(50);
    expect(trend(many(10, -5))).toBe(-50);
    expect(trend([...many(9, 6), -4])).toBe(50);
    expect(trend([...many(9, 6), 0])).toBe(54);
    expect(trend([...many(8, 9), 0, 0])).toBeNull();
    expect(trend([...many(9, 5), 4])).toBeNull();
    expect(trend([...many(8, 9), -1, -1])).toBeNull();
  });

  test("is not nine small falls and a large rise", () => {
    expect(trend([...many(9, -1), 80])).toBeNull();
  });

  test("is not made by a single step: half of the sum is the most", () => {
    expect(trend([...many(9, 5), 45])).toBe(90);
    expect(trend([...many(9, 5), 46])).toBeNull();
  });

  test("is not told with a flagged step among the last ten; older ones do not matter", () => {
    const flagged = { delta: 5, flagged: true };
    expect(trendOf([...steps(many(9, 6)), flagged], THRESHOLDS.trend)).toBeNull();
    expect(trendOf([flagged, ...steps(many(10, 6))], THRESHOLDS.trend)).toBe(60);
  });

  test("needs ten steps", () => {
    expect(trend(many(9, 20))).toBeNull();
    expect(trend([])).toBeNull();
    expect(trend([...many(5, -90), ...many(10, 6)])).toBe(60);
  });
});

test("a streak counts back from today and ends at the first day outside the band, or without a rank", () => {
  expect(streak([3, 12, 10, 9, 1], 10)).toBe(3);
  expect(streak([1, 1, null, 2], 10)).toBe(1);
  expect(streak([1, 1, 11], 10)).toBe(0);
  expect(streak([1, 1, null], 10)).toBe(0);
  expect(streak([], 10)).toBe(0);
});
