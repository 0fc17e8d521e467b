import { expect, test } from "vitest";
import type { WeeklyInput } from "../../src/bulletins/weekly-input.ts";
import { streakWords } from "../../src/bulletins/weekly-streaks.ts";
import { boardOf } from "../../src/domain/board.ts";
import { codes, view } from "../support/views.ts";

const UNITS = codes(8);

/** Eight communes whose totals fall in the order of their codes. */
const now = view(Object.fromEntries(UNITS.map((unit, index) => [unit, { TOTAL: 8000 - index * 100 }])));

/** A week's bulletin in which the units stood in an order. */
function week(order: readonly string[], period = "2026"): NonNullable<WeeklyInput["past"]>[number] {
  const figures = order.map((unit, index) => ({
    ...{ unit, indicator: "TOTAL" as const, period, value: 8000 - index, before: null },
    ...{ rank: index + 1, rankBefore: null, snapshot: "1" },
  }));
  return { issue: "2026-W40", figures };
}

function words(unit: string, end: "first" | "last", past: WeeklyInput["past"]): string {
  const units = { view: now, board: boardOf(now), dated: new Map(), snapshots: ["1"] };
  return streakWords({ units, past } as unknown as WeeklyInput, { unit, level: "commune", end, few: 2 });
}

test("weeks in a row among the first and the last of a block are counted back from this one", () => {
  const [first = "", second = "", third = ""] = UNITS;
  const last = UNITS.at(-1) ?? "";
  const same = week(UNITS);
  const swapped = week([third, first, second, ...UNITS.slice(3)]);
  expect(words(first, "first", [same, swapped, same])).toBe("; 04 tuần liên tiếp");
  expect(words(second, "first", [same, swapped, same])).toBe("; 02 tuần liên tiếp");
  expect(words(third, "first", [swapped])).toBe("");
  expect(words(last, "last", [same, same])).toBe("; 03 tuần liên tiếp");
  expect(words(first, "last", [same])).toBe("");
});

test("a row ends at another year's figures, at a week without the unit, and is not told of one week", () => {
  const [first = "", ...rest] = UNITS;
  expect(words(first, "first", [week(UNITS, "2025")])).toBe("");
  expect(words(first, "first", [week(UNITS), week(rest), week(UNITS)])).toBe("; 02 tuần liên tiếp");
  expect(words(first, "first", [])).toBe("");
});
