import type { Contender } from "./ranking.ts";

/**
 * Why a unit's place changed; positive is places lost. The three add up to rank after − rank before.
 * `byPortal`: everybody moved by their notices' shifts only. `byOwn`: then only this unit moved. `byOthers`: the rest.
 */
export type RankSplit = {
  readonly byPortal: number;
  readonly byOwn: number;
  readonly byOthers: number;
  /** True when moving the others first gives the same parts: only then may a cause be named in words. */
  readonly agrees: boolean;
};

/**
 * One unit on both sides; `shift` is what the portal's notices moved its total by, null where that cannot be told: then it counts
 * as not moved by them, and no cause may be named. Hundredths of a point.
 */
export type RankMove = {
  readonly unit: string;
  readonly before: number;
  readonly shift: number | null;
  readonly after: number;
};

/** The split of every unit. Take only units ranked on both sides; where the ranked sets differ there is no split. */
export function splitRanks(moves: readonly RankMove[]): ReadonlyMap<string, RankSplit> {
  const before = counter(moves.map((move) => move.before));
  const shifted = counter(moves.map((move) => move.before + (move.shift ?? 0)));
  const after = counter(moves.map((move) => move.after));
  const splits = new Map<string, RankSplit>();
  for (const move of moves) {
    const start = move.before + (move.shift ?? 0);
    const rankBefore = 1 + before(move.before);
    const rankShifted = 1 + shifted(start);
    const rankAfter = 1 + after(move.after);
    // The unit itself is no rival: taken out of the side it is compared with.
    const ownFirst = 1 + shifted(move.after) - (start > move.after ? 1 : 0);
    const othersFirst = 1 + after(start) - (move.after > start ? 1 : 0);
    splits.set(move.unit, {
      byPortal: rankShifted - rankBefore,
      byOwn: ownFirst - rankShifted,
      byOthers: rankAfter - ownFirst,
      agrees: move.shift !== null && ownFirst - rankShifted === rankAfter - othersFirst,
    });
  }
  return splits;
}

/** How many of the values are strictly higher than one. */
function counter(values: readonly number[]): (value: number) => number {
  const sorted = [...values].sort((a, b) => b - a);
  return (value) => {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sorted[middle] ?? 0) > value) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}

/** Ranked units of both sides as moves; null when the two sets differ. */
export function rankMoves(
  before: readonly Contender[],
  after: readonly Contender[],
  shiftOf: (unit: string) => number | null,
): readonly RankMove[] | null {
  const then = new Map(before.map(({ unit, value }) => [unit, value]));
  if (then.size !== after.length) return null;
  const moves: RankMove[] = [];
  for (const { unit, value } of after) {
    const start = then.get(unit);
    if (start === undefined) return null;
    moves.push({ unit, before: start, shift: shiftOf(unit), after: value });
  }
  return moves;
}
