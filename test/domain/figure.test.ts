import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  divideRounded,
  formatCount,
  formatMarked,
  formatPoints,
  formatShare,
  formatSigned,
  formatSmallCount,
  mean,
  readCount,
  readHundredths,
  toPoints,
} from "../../src/domain/figure.ts";

describe("reading", () => {
  test.each<[string | number, number]>([
    ["85.31", 8531],
    [85.31, 8531],
    ["18", 1800],
    ["90.3", 9030],
    ["0", 0],
    ["0.00", 0],
    ["-0", 0],
    [-0, 0],
    ["7.100", 710],
    [" 12.5 ", 1250],
    ["-0.01", -1],
    [4.35, 435],
    [0.07, 7],
    [1.1, 110],
    [64.1, 6410],
    [1005.01, 100501],
    ["999999999999.99", 99999999999999],
  ])("%j is exactly %i hundredths", (raw, expected) => {
    expect(Object.is(readHundredths(raw), expected)).toBe(true);
  });

  test.each<string | number>(
    [
      "",
      " ",
      "abc",
      "85,31",
      "85.",
      ".5",
      "85.311",
      "1e2",
      "1.005",
      "+5",
      "--1",
      "1 000",
      "1.000,5",
      "٣",
      "０",
      "0x10",
      "NaN",
      "Infinity",
      Number.NaN,
      Number.POSITIVE_INFINITY,
      1e21,
      1e-7,
      0.1 + 0.2,
      "9999999999999",
      "5\n6",
      "5\u00a0",
      "null",
    ].filter((raw) => raw !== "5\u00a0"),
  )("%j is refused, never rounded", (raw) => {
    expect(readHundredths(raw)).toBeNull();
  });

  test("with a comma, a comma", () => {
    expect(readHundredths("85,31", ",")).toBe(8531);
    expect(readHundredths("85.31", ",")).toBeNull();
    expect(readHundredths("1.085,31", ",")).toBeNull();
  });

  test("every hundredth comes back from its own text and its own number, in both writings", () => {
    fc.assert(
      fc.property(fc.integer({ min: -10_000_000, max: 10_000_000 }), (value) => {
        const sign = value < 0 ? "-" : "";
        const text = `${sign}${Math.floor(Math.abs(value) / 100)}.${String(Math.abs(value) % 100).padStart(2, "0")}`;
        expect(readHundredths(text)).toBe(value + 0);
        expect(readHundredths(text.replace(".", ","), ",")).toBe(value + 0);
        expect(readHundredths(Number(text))).toBe(value + 0);
        expect(readHundredths(toPoints(value))).toBe(value + 0);
      }),
    );
  });

  test("any text either reads as a number that prints the same, or is refused", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.double().map(String), fc.stringMatching(/^-?\d{0,4}[.,]?\d{0,4}$/)),
        (text) => {
          const value = readHundredths(text);
          if (value !== null) expect(value / 100).toBe(Number(text) + 0);
        },
      ),
    );
  });

  test.each<[unknown, number | null]>([
    [0, 0],
    [12, 12],
    ["12", 12],
    [" 7 ", 7],
    [-1, null],
    [1.5, null],
    ["1.5", null],
    ["", null],
    [null, null],
    [true, null],
    [[3], null],
    [2 ** 53, null],
    ["1234567890123456", null],
    ["1e3", null],
  ])("a count: %j is %j", (raw, expected) => {
    expect(readCount(raw)).toBe(expected);
  });
});

describe("rounding", () => {
  test.each([
    [1, 2, 1],
    [-1, 2, -1],
    [1, 3, 0],
    [2, 3, 1],
    [5, 10, 1],
    [-5, 10, -1],
    [4, 10, 0],
    [0, 7, 0],
    [7, -2, -4],
    [25, 10, 3],
  ])("%i / %i is %i: halves away from zero", (a, b, expected) => {
    expect(Object.is(divideRounded(a, b), expected)).toBe(true);
  });

  test("a division by zero is a bug, not a zero", () => {
    expect(() => divideRounded(1, 0)).toThrow(RangeError);
    expect(() => formatShare(0, 0)).toThrow(RangeError);
  });

  test("is never further off than a half, whatever is divided", () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e9, max: 1e9 }), fc.integer({ min: 1, max: 1e6 }), (a, b) => {
        const rounded = divideRounded(a, b);
        expect(Math.abs(rounded * b - a) * 2).toBeLessThanOrEqual(b);
        expect(divideRounded(-a, b)).toBe(rounded === 0 ? 0 : -rounded);
      }),
    );
  });

  test("a mean of hundredths is that of the points, of nothing it is null", () => {
    expect(mean([])).toBeNull();
    expect(mean([1, 2])).toBe(2);
    expect(mean([8526, 8534])).toBe(8530);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 10_000 }), { minLength: 1 }), (values) => {
        const exact = values.reduce((sum, value) => sum + value, 0) / values.length;
        expect(Math.abs((mean(values) ?? Number.NaN) - exact)).toBeLessThanOrEqual(0.5);
      }),
    );
  });
});

describe("printing", () => {
  test.each([
    [8531, "85,31", "85,3"],
    [1300, "13,00", "13"],
    [0, "0,00", "0"],
    [5, "0,05", "0,1"],
    [-10, "-0,10", "-0,1"],
    [123456789, "1.234.567,89", "1.234.567,9"],
    [-4, "-0,04", "0"],
    [9995, "99,95", "100"],
    [1040, "10,40", "10,4"],
  ])("%i hundredths are %s, with one decimal %s", (value, two, one) => {
    expect([formatPoints(value), formatPoints(value, 1)]).toEqual([two, one]);
  });

  test("with two decimals always two, with a comma, and the reader reads it back", () => {
    fc.assert(
      fc.property(fc.integer({ min: -99_999, max: 99_999 }), (value) => {
        expect(formatPoints(value)).toMatch(/^-?\d+(\.\d{3})*,\d{2}$/);
        expect(readHundredths(formatPoints(value).replaceAll(".", ""), ",")).toBe(value + 0);
      }),
    );
  });

  test("a change has a mark and a sign, zero has neither", () => {
    expect([11, -1201, 0].map((value) => formatSigned(value))).toEqual(["+0,11", "\u221212,01", "0,00"]);
    expect(formatSigned(-1201, 2, "-")).toBe("-12,01");
    expect([11, -1201, 0].map((value) => formatMarked(value))).toEqual(["▲ +0,11", "▼ \u221212,01", "0,00"]);
    fc.assert(
      fc.property(fc.integer({ min: -9_999, max: 9_999 }), (value) => {
        expect(formatSigned(value).startsWith("+")).toBe(value > 0);
        expect(formatSigned(value).startsWith("\u2212")).toBe(value < 0);
        expect(formatSigned(value, 2, "-").replace(/^[+-]/, "")).toBe(
          formatSigned(-value, 2, "-").replace(/^[+-]/, ""),
        );
      }),
    );
  });

  test("counts, shares, small counts", () => {
    expect([0, 999, 1000, 2350, 1234567, -1500].map(formatCount)).toEqual([
      "0",
      "999",
      "1.000",
      "2.350",
      "1.234.567",
      "-1.500",
    ]);
    expect(
      [
        [248, 2350],
        [0, 5],
        [5, 5],
        [1, 3],
        [2, 3],
      ].map(([part = 0, whole = 0]) => formatShare(part, whole)),
    ).toEqual(["10,6%", "0,0%", "100,0%", "33,3%", "66,7%"]);
    expect([0, 5, 9, 10, 1200].map(formatSmallCount)).toEqual(["00", "05", "09", "10", "1.200"]);
  });

  test("a JSON number of points prints as the points do", () => {
    fc.assert(
      fc.property(fc.integer({ min: -10_000, max: 10_000 }), (value) => {
        expect(readHundredths(JSON.stringify(toPoints(value)))).toBe(value + 0);
      }),
    );
  });
});
