import fc from "fast-check";
import { expect, test } from "vitest";
import { boardOf } from "../../src/domain/board.ts";
import { detectChanges, tally } from "../../src/domain/change.ts";
import { HEADLINES, type Headline } from "../../src/domain/indicator.ts";
import { type Contender, inOrder, rankAll } from "../../src/domain/ranking.ts";
import { rankedAlike } from "../../src/domain/view.ts";
import { type Figures, registered, view } from "./made-up.ts";

const contenders = fc.uniqueArray(
  fc.record({
    unit: fc.string({ minLength: 1, maxLength: 3 }),
    name: fc.string({ maxLength: 3 }),
    value: fc.integer({ min: 0, max: 30 }),
  }),
  { selector: ({ unit }) => unit, maxLength: 30 },
);

test("1-2-2-4", () => {
  const made = [
    ["a", 90],
    ["b", 80],
    ["c", 80],
    ["d", 70],
  ].map(([unit, value]): Contender => ({ unit: String(unit), name: String(unit), value: Number(value) }));
  expect([...rankAll(made)].map(([unit, { rank, of, sharing }]) => [unit, rank, of, sharing])).toEqual([
    ["a", 1, 4, 1],
    ["b", 2, 4, 2],
    ["c", 2, 4, 2],
    ["d", 4, 4, 1],
  ]);
});

test("ties stand in Vietnamese order, d before đ, and numbers by their size", () => {
  const names = ["Đồi", "Dốc", "xã 10", "xã 9", "Ảnh", "Ánh", "An"];
  const made = names.map((name, index): Contender => ({ unit: String(index), name, value: 5 }));
  expect(inOrder(made).map(({ name }) => name)).toEqual(["An", "Ảnh", "Ánh", "Dốc", "Đồi", "xã 9", "xã 10"]);
});

test("a rank is one more than the number of strictly better ones, whatever the order", () => {
  fc.assert(
    fc.property(contenders, (made) => {
      const ranks = rankAll(made);
      expect(ranks.size).toBe(made.length);
      for (const { unit, value } of made) {
        const better = made.filter((other) => other.value > value);
        const worse = made.filter((other) => other.value < value);
        expect(ranks.get(unit)).toMatchObject({
          rank: better.length + 1,
          of: made.length,
          sharing: made.length - better.length - worse.length,
        });
        expect(ranks.get(unit)?.above?.gap ?? null).toBe(
          better.length === 0 ? null : Math.min(...better.map((other) => other.value - value)),
        );
        expect(ranks.get(unit)?.below?.gap ?? null).toBe(
          worse.length === 0 ? null : Math.min(...worse.map((other) => value - other.value)),
        );
      }
    }),
  );
});

test("row order changes nothing", () => {
  fc.assert(
    fc.property(
      contenders.chain((made) => fc.tuple(fc.constant(made), fc.shuffledSubarray(made, { minLength: made.length }))),
      ([made, shuffled]) => {
        expect(inOrder(shuffled)).toEqual(inOrder(made));
        expect(new Map([...rankAll(shuffled)].sort())).toEqual(new Map([...rankAll(made)].sort()));
      },
    ),
  );
});

const CODES = ["H21.1", "H21.2", "H21.3", "H21.101", "H21.102", "H21.103", "H21.104", "H21.105"];
const figures = fc.dictionary(
  fc.constantFrom(...CODES),
  fc.dictionary(fc.constantFrom<string>(...HEADLINES), fc.option(fc.integer({ min: 0, max: 40 })), {
    minKeys: 1,
  }) as fc.Arbitrary<Figures>,
);
const register = CODES.map((code, index) => registered(code, index === 7 ? { standing: "waiting" } : {}));
const shown = { register };

test("changes forth and back have opposite differences, the ranks swap sides, and coming is going", () => {
  fc.assert(
    fc.property(figures, figures, (then, now) => {
      const forth = detectChanges(view(then, shown), view(now, shown));
      const back = new Map(
        detectChanges(view(now, shown), view(then, shown)).map((change) => [
          `${change.unit} ${change.indicator}`,
          change,
        ]),
      );
      expect(back.size).toBe(forth.length);
      for (const change of forth) {
        const other = back.get(`${change.unit} ${change.indicator}`);
        expect(other?.delta ?? null).toBe(change.delta === null ? null : 0 - change.delta);
        expect([other?.before, other?.after]).toEqual([change.after, change.before]);
        expect([other?.standingBefore, other?.standingAfter]).toEqual([change.standingAfter, change.standingBefore]);
        expect(other?.kind).toBe(
          { new: "absent", absent: "new", same: "same", moved: "moved", revised: "revised" }[change.kind],
        );
        if (change.delta !== null)
          expect(change.delta).toBe((change.after ?? Number.NaN) - (change.before ?? Number.NaN));
      }
      const [up, down] = [tally(forth), tally([...back.values()])];
      expect([up.up, up.down, up.new, up.absent, up.same]).toEqual([
        down.down,
        down.up,
        down.absent,
        down.new,
        down.same,
      ]);
    }),
  );
});

test("changes do not depend on the order of rows, nor of the register", () => {
  fc.assert(
    fc.property(figures, figures, (then, now) => {
      const turned = (made: Record<string, Figures>) =>
        Object.fromEntries(
          Object.entries(made)
            .reverse()
            .map(([unit, codes]) => [unit, Object.fromEntries(Object.entries(codes).reverse())]),
        );
      const usual = detectChanges(view(then, shown), view(now, shown));
      const other = { register: [...register].reverse() };
      expect(detectChanges(view(turned(then), other), view(turned(now), other))).toEqual(usual);
    }),
  );
});

test("ranks never cross a level, never include who lacks a group or waits, and the board says the same", () => {
  fc.assert(
    fc.property(figures, (made) => {
      const now = view(made, shown);
      const board = boardOf(now);
      const given = HEADLINES.slice(1).filter((group) =>
        Object.values(made).some((codes) => codes[group] !== undefined),
      );
      for (const change of detectChanges(now, now)) {
        const standing = change.standingAfter;
        expect(board.standing(change.unit, change.indicator)).toEqual(standing);
        const counted = (unit: string, code: Headline) =>
          unit !== "H21.105" &&
          typeof made[unit]?.[code] === "number" &&
          (code !== "TOTAL" || given.every((group) => typeof made[unit]?.[group] === "number"));
        expect(standing !== null).toBe(counted(change.unit, change.indicator));
        if (standing === null) continue;
        const block = Object.keys(made).filter(
          (unit) => registered(unit).level === change.level && counted(unit, change.indicator),
        );
        expect(standing.of).toBe(block.length);
        const own = made[change.unit]?.[change.indicator] ?? 0;
        expect(standing.rank).toBe(block.filter((unit) => (made[unit]?.[change.indicator] ?? 0) > own).length + 1);
        for (const neighbour of [standing.above, standing.below])
          if (neighbour !== null) expect(block).toContain(neighbour.unit);
      }
    }),
  );
});

test("ranks may be compared only where the same units are ranked on both sides", () => {
  const a = view({ "H21.101": 5, "H21.102": 6, "H21.1": 1 }, shown);
  expect(rankedAlike(a, view({ "H21.101": 7, "H21.102": 6 }, shown), "commune")).toBe(true);
  expect(rankedAlike(a, view({ "H21.101": 7, "H21.103": 6 }, shown), "commune")).toBe(false);
  expect(rankedAlike(a, view({ "H21.101": 7 }, shown), "commune")).toBe(false);
  expect(rankedAlike(a, view({ "H21.101": 7 }, shown), "agency")).toBe(false);
});
