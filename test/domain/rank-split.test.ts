import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type RankMove, rankMoves, splitRanks } from "../../src/domain/rank-split.ts";
import { rankAll } from "../../src/domain/ranking.ts";

const unit = (index: number) => `u${index}`;

/** Few different figures, so that ties and overtaking are common. */
const blocks = fc
  .array(
    fc.record({
      before: fc.integer({ min: 0, max: 20 }),
      shift: fc.constantFrom(0, 0, 6),
      own: fc.integer({ min: -5, max: 5 }),
    }),
    {
      minLength: 1,
      maxLength: 25,
    },
  )
  .map((rows) =>
    rows.map(
      ({ before, shift, own }, index): RankMove => ({ unit: unit(index), before, shift, after: before + shift + own }),
    ),
  );

/** Ranks as the tables compute them. */
function ranks(moves: readonly RankMove[], value: (move: RankMove) => number): ReadonlyMap<string, number> {
  const standings = rankAll(moves.map((move) => ({ unit: move.unit, name: move.unit, value: value(move) })));
  return new Map([...standings].map(([code, { rank }]) => [code, rank]));
}

describe("the three parts of a change of rank", () => {
  test("add up to it, whatever ties and shifts there are", () => {
    fc.assert(
      fc.property(blocks, (moves) => {
        const [before, after] = [ranks(moves, (move) => move.before), ranks(moves, (move) => move.after)];
        for (const [code, split] of splitRanks(moves)) {
          expect(split.byPortal + split.byOwn + split.byOthers).toBe((after.get(code) ?? 0) - (before.get(code) ?? 0));
        }
      }),
    );
  });

  test("are those of ranking everybody by the portal alone, then with the unit's own move", () => {
    fc.assert(
      fc.property(blocks, (moves) => {
        const start = (move: RankMove) => move.before + (move.shift ?? 0);
        const splits = splitRanks(moves);
        const [before, shifted] = [ranks(moves, (move) => move.before), ranks(moves, start)];
        for (const { unit: code } of moves) {
          const own = ranks(moves, (move) => (move.unit === code ? move.after : start(move)));
          const others = ranks(moves, (move) => (move.unit === code ? start(move) : move.after));
          const after = ranks(moves, (move) => move.after);
          const at = (table: ReadonlyMap<string, number>) => table.get(code) ?? 0;
          expect(splits.get(code)).toEqual({
            byPortal: at(shifted) - at(before),
            byOwn: at(own) - at(shifted),
            byOthers: at(after) - at(own),
            agrees: at(own) - at(shifted) === at(after) - at(others),
          });
        }
      }),
    );
  });

  test("do not depend on the order of rows", () => {
    fc.assert(
      fc.property(
        blocks.chain((moves) => fc.tuple(fc.constant(moves), fc.shuffledSubarray(moves, { minLength: moves.length }))),
        ([moves, shuffled]) => {
          expect(new Map([...splitRanks(shuffled)].sort())).toEqual(new Map([...splitRanks(moves)].sort()));
        },
      ),
    );
  });

  test("give a unit that did not move nothing of its own, and no share of a shift it had no part in", () => {
    fc.assert(
      fc.property(blocks, (moves) => {
        const still = moves.map((move, index) => (index === 0 ? { ...move, shift: 0, after: move.before } : move));
        expect(splitRanks(still).get(unit(0))?.byOwn).toBe(0);
      }),
    );
  });
});

test("a unit overtaken by others only lost its places to them", () => {
  const moves = [
    { unit: "a", before: 8000, shift: 0, after: 8000 },
    { unit: "b", before: 7900, shift: 0, after: 8100 },
    { unit: "c", before: 7800, shift: 0, after: 8050 },
  ];
  expect(splitRanks(moves).get("a")).toEqual({ byPortal: 0, byOwn: 0, byOthers: 2, agrees: true });
});

test("a unit without room that others pass by a shift lost its places to the portal", () => {
  const moves = [
    { unit: "a", before: 8000, shift: 0, after: 8000 },
    { unit: "b", before: 7900, shift: 600, after: 8500 },
  ];
  expect(splitRanks(moves).get("a")).toEqual({ byPortal: 1, byOwn: 0, byOthers: 0, agrees: true });
});

test("no cause is named where moving the others first tells another story", () => {
  const moves = [
    { unit: "a", before: 8000, shift: 0, after: 8010 },
    { unit: "b", before: 8005, shift: 0, after: 8020 },
  ];
  expect(splitRanks(moves).get("a")).toEqual({ byPortal: 0, byOwn: -1, byOthers: 1, agrees: false });
});

test("no cause is named for a unit whose own move cannot be told from a shift", () => {
  const moves = [
    { unit: "a", before: 8000, shift: null, after: 8300 },
    { unit: "b", before: 8100, shift: 0, after: 8100 },
  ];
  const split = splitRanks(moves).get("a");
  expect(split).toEqual({ byPortal: 0, byOwn: -1, byOthers: 0, agrees: false });
});

test("there is no split where the ranked sets differ", () => {
  const contender = (code: string) => ({ unit: code, name: code, value: 8000 });
  const [a, b, c] = [contender("a"), contender("b"), contender("c")];
  expect(rankMoves([a, b], [a], () => 0)).toBeNull();
  expect(rankMoves([a], [a, b], () => 0)).toBeNull();
  expect(rankMoves([a, b], [a, c], () => 0)).toBeNull();
  expect(rankMoves([a, b], [b, a], () => 0)).toHaveLength(2);
});
