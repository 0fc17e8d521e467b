import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { attribute } from "../../src/domain/attribution.ts";
import { GROUPS, TOTAL } from "../../src/domain/indicator.ts";
import { view } from "../support/views.ts";

type Figures = Readonly<Record<string, number | null>>;
const made = (then: Figures, now: Figures, indicator: "TOTAL" | "CKMB" = TOTAL) =>
  attribute(view({ a: then }), view({ a: now }, { day: "10" }), { unit: "a", indicator, noise: 5 });

const score = fc.integer({ min: 0, max: 2000 });
const groups = fc.tuple(score, score, score, score, score, score);
const sides = fc.tuple(groups, groups, fc.integer({ min: -3, max: 3 }));
const figures = (scores: readonly number[], off = 0): Figures => ({
  ...Object.fromEntries(GROUPS.map((group, index) => [group, scores[index] ?? 0])),
  TOTAL: scores.reduce((sum, value) => sum + value, off),
});

test("contributions and residual are the change, always", () => {
  fc.assert(
    fc.property(sides, ([then, now, off]) => {
      const [before, after] = [figures(then), figures(now, off)];
      const attribution = made(before, after);
      const sum = (attribution?.contributions ?? []).reduce((all, { delta }) => all + delta, 0);
      expect(attribution?.contributions).toHaveLength(6);
      expect(sum + (attribution?.residual ?? Number.NaN)).toBe((after[TOTAL] ?? 0) - (before[TOTAL] ?? 0));
      expect(attribution?.residual).toBe(off);
    }),
  );
});

describe("a total", () => {
  const still = { CKMB: 800, TDGQ: 800, CLGQ: 800, TTTT: 800, MDHL: 800, MDSH: 800, TOTAL: 4800 };

  test("that hides a rise and a fall says so", () => {
    expect(made(still, { ...still, CKMB: 1200, MDHL: 400 })?.hides).toBe(true);
    expect(made(still, { ...still, CKMB: 804, MDHL: 796 })?.hides).toBe(false);
    expect(made(still, { ...still, CKMB: 1200, MDHL: 405, TOTAL: 4805 })?.hides).toBe(false);
    expect(made(still, { ...still, CKMB: 1200, TOTAL: 4800 })?.hides).toBe(false);
  });

  test("with a group missing or blank on one side is not split", () => {
    const { CKMB: _, ...without } = still;
    expect(made(without, still)).toBeNull();
    expect(made(still, without)).toBeNull();
    expect(made({ ...still, CKMB: null }, still)).toBeNull();
    expect(made(still, { ...still, CKMB: null })).toBeNull();
  });

  test("without groups, blank or absent has no parts", () => {
    expect(made({ TOTAL: 4800 }, { TOTAL: 4900 })).toBeNull();
    expect(made({ ...still, TOTAL: null }, still)).toBeNull();
    const blank = Object.fromEntries(GROUPS.map((group) => [group, null]));
    expect(made({ ...blank, TOTAL: 4800 }, { ...blank, TOTAL: 4900 })).toBeNull();
  });
});

describe("a group", () => {
  const components = (sync: number | null, publish: number | null) => ({
    CKMB: (sync ?? 0) + (publish ?? 0),
    "CKMB.DOSSIER_SYNC.score": sync,
    "CKMB.PUBLISH_ON_TIME.score": publish,
    "CKMB.DOSSIER_SYNC.numerator": 3,
  });

  test("is split into its components' scores, never their counts", () => {
    expect(made(components(300, 400), components(350, 390), "CKMB")).toEqual({
      contributions: [
        { indicator: "CKMB.DOSSIER_SYNC", delta: 50 },
        { indicator: "CKMB.PUBLISH_ON_TIME", delta: -10 },
      ],
      residual: 0,
      hides: false,
    });
  });

  test("with a component blank on both sides leaves it out; a blank that became a score adds all of it", () => {
    expect(made(components(null, 400), components(null, 390), "CKMB")?.contributions).toHaveLength(1);
    expect(made(components(null, 400), components(350, 400), "CKMB")).toMatchObject({
      contributions: [{ delta: 350 }, { delta: 0 }],
      residual: 0,
    });
  });

  test("is not split when a component is gone or new: the rest would be blamed", () => {
    const { "CKMB.DOSSIER_SYNC.score": _, ...without } = components(0, 400);
    expect(made(components(300, 400), without, "CKMB")).toBeNull();
    expect(made(without, components(300, 400), "CKMB")).toBeNull();
  });

  test("without components has no parts", () => {
    expect(made({ CKMB: 300 }, { CKMB: 400 }, "CKMB")).toBeNull();
  });
});
