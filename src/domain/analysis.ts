import { type Attribution, attribute } from "./attribution.ts";
import { type Board, boardOf } from "./board.ts";
import { dayOf } from "./calendar.ts";
import { mergedBetween } from "./change.ts";
import { GROUPS, type Headline, TOTAL } from "./indicator.ts";
import { detectJumps, type Jump } from "./jump.ts";
import { comparableAcrossMerger } from "./merger.ts";
import { type RankSplit, rankMoves, splitRanks } from "./rank-split.ts";
import { detectShifts, type Maxima, type Shift, shiftShare, tellableShare } from "./shift.ts";
import type { Thresholds } from "./thresholds.ts";
import type { Level } from "./unit.ts";
import type { View } from "./view.ts";

/** A shift with the days of the pair of snapshots it happened between. */
export type DatedShift = Shift & { readonly from: string; readonly to: string };

/** Whose change is it: the portal's, the unit's own, or others'. All of it follows from the figures; nothing is guessed. */
export type Analysis = {
  readonly shifts: readonly DatedShift[];
  readonly jumps: readonly Jump[];
  /** A unit's change less the portal's shifts, as a figure; null when it cannot be told apart. Hundredths of a point. */
  net(unit: string, indicator: Headline): number | null;
  /** The portal's part of a change as far as words may tell it: a limit that stopped a unit is taken into account. */
  portal(unit: string, indicator: Headline): number | null;
  /** A unit's own part of a change as far as words may tell it; what rises and falls are named by. */
  own(unit: string, indicator: Headline): number | null;
  attribution(unit: string, indicator: Headline): Attribution | null;
  /** Null where the ranked sets of the two ends differ. */
  split(unit: string): RankSplit | null;
};

export type AnalysisRules = {
  readonly maxima: Maxima;
  readonly thresholds: Thresholds /** Changes below it are noise, hundredths. */;
  readonly noise: number;
};

type Share = typeof shiftShare;
type Asked = { readonly unit: string; readonly indicator: Headline; readonly noise: number; readonly part: Share };
type Pair = { readonly before: View; readonly after: View; readonly shifts: readonly DatedShift[] };

/**
 * Analyses what lies between the first and the last of at least two complete snapshots of one source, scope and period, in the
 * order they were taken. Figures and ranks compare end to end; shifts and jumps come from the pairs, and shifts add up.
 */
export function analyse(views: readonly View[], rules: AnalysisRules): Analysis {
  const [first, last] = [views[0], views.at(-1)];
  if (first === undefined || last === undefined || views.length < 2)
    throw new RangeError("an analysis needs two snapshots");
  const pairs = views.slice(1).map((after, index) => pairOf(views[index] ?? first, after, rules));
  const share = (unit: string, indicator: Headline, part: Share) =>
    sumShares(pairs, { unit, indicator, noise: rules.noise, part });
  const merged = mergedBetween(first, last);
  const alike = (unit: string) =>
    !merged.has(unit) && comparableAcrossMerger(unit, first.snapshot.takenAt, last.snapshot.takenAt);
  const rest = (unit: string, indicator: Headline, part: Share) => {
    const [then, now] = [first.value(unit, indicator), last.value(unit, indicator)];
    const portal = share(unit, indicator, part);
    const known = alike(unit) && typeof then === "number" && typeof now === "number" && portal !== null;
    return known ? now - then - portal : null;
  };
  // A unit whose part cannot be told keeps its numbers, but nothing is said of the places.
  const moved = (unit: string) => (share(unit, TOTAL, tellableShare) === null ? null : share(unit, TOTAL, shiftShare));
  const splits = new Map<Level, ReadonlyMap<string, RankSplit> | null>();
  const boards: readonly [Board, Board] = [boardOf(first), boardOf(last)];
  return {
    shifts: pairs.flatMap((pair) => pair.shifts),
    jumps: pairs.flatMap((pair, index) => jumpsOf(pair, rules, views.slice(0, index))),
    net: (unit, indicator) => rest(unit, indicator, shiftShare),
    portal: (unit, indicator) => share(unit, indicator, tellableShare),
    own: (unit, indicator) => rest(unit, indicator, tellableShare),
    attribution: (unit, indicator) => attribute(first, last, { unit, indicator, noise: rules.noise }),
    split: (unit) => {
      const level = last.units.get(unit)?.level;
      if (level === undefined) return null;
      if (!splits.has(level)) splits.set(level, splitLevel(boards, level, moved));
      return splits.get(level)?.get(unit) ?? null;
    },
  };
}

function pairOf(before: View, after: View, rules: AnalysisRules): Pair {
  const [from, to] = [dayOf(before.snapshot.takenAt), dayOf(after.snapshot.takenAt)];
  const shifts = detectShifts(before, after, { maxima: rules.maxima, shift: rules.thresholds.shift });
  return { before, after, shifts: shifts.map((shift) => ({ ...shift, from, to })) };
}

/** `earlier`: the views before the pair, oldest first; a figure they know is no first figure. */
function jumpsOf(pair: Pair, rules: AnalysisRules, earlier: readonly View[]): readonly Jump[] {
  const net = (unit: string, group: Headline) => {
    const [then, now] = [pair.before.value(unit, group), pair.after.value(unit, group)];
    const share = sumShares([pair], { unit, indicator: group, noise: rules.noise, part: tellableShare });
    return typeof then === "number" && typeof now === "number" && share !== null ? now - then - share : null;
  };
  const lastKnown = (unit: string, group: Headline) =>
    earlier.map((view) => view.value(unit, group)).findLast((value) => typeof value === "number") ?? null;
  return detectJumps(pair.before, pair.after, { maxima: rules.maxima, jump: rules.thresholds.jump, net, lastKnown });
}

/** The portal's part over all pairs. TOTAL's part is that of its groups, or its own where there are no groups. */
function sumShares(pairs: readonly Pair[], at: Asked): number | null {
  let sum = 0;
  for (const pair of pairs) {
    for (const indicator of at.indicator === TOTAL ? [...GROUPS, TOTAL] : [at.indicator]) {
      const share = shareIn(pair, { ...at, indicator: indicator as Headline });
      if (share === null) return null;
      sum += share;
    }
  }
  return sum;
}

function shareIn(pair: Pair, { unit, indicator, noise, part }: Asked): number | null {
  const level = pair.after.units.get(unit)?.level ?? pair.before.units.get(unit)?.level;
  const noticed = pair.shifts.some((shift) => shift.indicator === indicator && shift.level === level);
  if (level === undefined || !noticed) return 0;
  const [then, now] = [pair.before.value(unit, indicator), pair.after.value(unit, indicator)];
  if (typeof then !== "number" || typeof now !== "number") return null;
  return part(pair.shifts, { unit, level, indicator, delta: now - then }, noise);
}

function splitLevel([before, after]: readonly [Board, Board], level: Level, shiftOf: (unit: string) => number | null) {
  const moves = rankMoves(before.ranking(level), after.ranking(level), shiftOf);
  return moves === null ? null : splitRanks(moves);
}
