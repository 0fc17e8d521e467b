import { divideRounded } from "./figure.ts";
import { GROUPS, type Headline, TOTAL } from "./indicator.ts";
import { comparableAcrossMerger } from "./merger.ts";
import type { Thresholds } from "./thresholds.ts";
import type { Level } from "./unit.ts";
import { activeUnits, type View } from "./view.ts";

/** What many units of a level share in one indicator between two snapshots: the yardstick moved, not they. */
export type Shift = {
  readonly kind: "mass-shift" | "partial-shift";
  readonly indicator: Headline;
  readonly level: Level;
  /** The common move, hundredths of a point. */
  readonly shift: number;
  /** How many units moved by it … */
  readonly units: number;
  /** … of those that had room to. */
  readonly of: number;
  /** The units that moved by it. */
  readonly hits: ReadonlySet<string>;
  /** Units that moved its way until the maximum (or 0) stopped them short of it. */
  readonly stopped: ReadonlySet<string>;
  /** All other units that had no room: their move is their own. */
  readonly without: ReadonlySet<string>;
};

/** Scores and their maxima: hundredths of a point. */
export type Maxima = Readonly<Record<Headline, number>>;

type Move = { readonly unit: string; readonly before: number; readonly delta: number };
type ShiftRules = Thresholds["shift"];

/**
 * Finds portal-wide shifts between two consecutive complete snapshots, per level and group; on TOTAL only where neither side
 * has groups. Hits lie within the window of the densest common move; eligible are the units that had room for it, and the hits.
 */
export function detectShifts(
  before: View,
  after: View,
  rules: { readonly maxima: Maxima; readonly shift: ShiftRules },
): readonly Shift[] {
  const shifts: Shift[] = [];
  const levels = new Set([...after.units.values()].map(({ level }) => level));
  for (const level of levels) {
    for (const indicator of indicatorsOf(before, after)) {
      const found = commonMove(movesOf(before, after, { level, indicator }), rules.maxima[indicator], rules.shift);
      if (found !== null) shifts.push({ ...found, indicator, level });
    }
  }
  return shifts;
}

/** The groups both sides give; TOTAL alone where there are none. */
function indicatorsOf(before: View, after: View): readonly Headline[] {
  const given = GROUPS.filter((group) =>
    [...after.units.keys()].some(
      (unit) => typeof after.value(unit, group) === "number" && typeof before.value(unit, group) === "number",
    ),
  );
  return given.length > 0 ? given : [TOTAL];
}

function movesOf(
  before: View,
  after: View,
  { level, indicator }: { level: Level; indicator: Headline },
): readonly Move[] {
  const [from, to] = [before.snapshot.takenAt, after.snapshot.takenAt];
  return activeUnits(after, level).flatMap(({ code }) => {
    const [then, now] = [before.value(code, indicator), after.value(code, indicator)];
    const comparable = before.units.has(code) && comparableAcrossMerger(code, from, to);
    return typeof then === "number" && typeof now === "number" && comparable
      ? [{ unit: code, before: then, delta: now - then }]
      : [];
  });
}

function commonMove(
  moves: readonly Move[],
  maximum: number,
  rules: ShiftRules,
): Omit<Shift, "indicator" | "level"> | null {
  const middle = densest(
    moves.map(({ delta }) => delta).filter((delta) => Math.abs(delta) >= rules.take),
    rules,
  );
  if (middle === null) return null;
  const within = (delta: number) => isWithin(delta - middle, middle, rules);
  const hits = moves.filter(({ delta }) => within(delta));
  const room = (move: Move) => within(move.delta) || hasRoom(move.before, { middle, maximum, rules });
  const eligible = moves.filter(room).length;
  if (hits.length < rules.units) return null;
  const share = (percent: number) => hits.length * 100 >= eligible * percent;
  const kind = share(rules.massPercent)
    ? "mass-shift"
    : share(rules.partialPercent) && Math.abs(middle) >= rules.partialFrom
      ? "partial-shift"
      : null;
  if (kind === null) return null;
  const stopped = new Set(moves.filter((move) => isStopped(move, middle, maximum)).map(({ unit }) => unit));
  return {
    kind,
    shift: middle,
    units: hits.length,
    of: eligible,
    hits: new Set(hits.map(({ unit }) => unit)),
    stopped,
    without: new Set(moves.filter((move) => !room(move) && !stopped.has(move.unit)).map(({ unit }) => unit)),
  };
}

/** |distance| ≤ max(window, windowPercent of |middle|), in whole numbers. */
function isWithin(distance: number, middle: number, rules: ShiftRules): boolean {
  return Math.abs(distance) <= rules.window || Math.abs(distance) * 100 <= Math.abs(middle) * rules.windowPercent;
}

/** A rise needs before + s − w ≤ maximum, a fall before + s + w ≥ 0. */
function hasRoom(
  before: number,
  { middle, maximum, rules }: { middle: number; maximum: number; rules: ShiftRules },
): boolean {
  const width = Math.max(rules.window, (Math.abs(middle) * rules.windowPercent) / 100);
  return middle > 0 ? before + middle - width <= maximum : before + middle + width >= 0;
}

function isStopped({ before, delta }: Move, middle: number, maximum: number): boolean {
  if (middle > 0) return delta > 0 && delta < middle && before + delta >= maximum;
  return delta < 0 && delta > middle && before + delta <= 0;
}

/** The median of the fullest window; of equally full ones the narrowest, then the one nearest zero. Null without moves. */
function densest(deltas: readonly number[], rules: ShiftRules): number | null {
  let best: { count: number; spread: number; middle: number } | null = null;
  for (const sign of [1, -1] as const) {
    const sorted = deltas
      .filter((delta) => delta * sign > 0)
      .map((delta) => delta * sign)
      .sort((a, b) => a - b);
    let end = 0;
    for (const [start, low] of sorted.entries()) {
      const high = windowEnd(low, rules);
      while (end < sorted.length && (sorted[end] ?? 0) <= high) end += 1;
      const members = sorted.slice(start, end);
      const candidate = {
        count: members.length,
        spread: (members.at(-1) ?? low) - low,
        middle: sign * median(members),
      };
      if (best === null || isFuller(candidate, best)) best = candidate;
    }
  }
  return best?.middle ?? null;
}

/** The upper end of the window whose lower end is given: middle c with c − w = low and w = max(window, percent of c). */
function windowEnd(low: number, rules: ShiftRules): number {
  const relative = (low * (100 + rules.windowPercent)) / (100 - rules.windowPercent);
  return Math.max(low + 2 * rules.window, relative);
}

type Window = { readonly count: number; readonly spread: number; readonly middle: number };

function isFuller(a: Window, b: Window): boolean {
  if (a.count !== b.count) return a.count > b.count;
  if (a.spread !== b.spread) return a.spread < b.spread;
  return Math.abs(a.middle) < Math.abs(b.middle);
}

/** The middle of sorted whole numbers, rounded half away from zero between two. */
export function median(sorted: readonly number[]): number {
  const half = Math.floor(sorted.length / 2);
  const upper = sorted[half] ?? 0;
  return sorted.length % 2 === 1 ? upper : divideRounded((sorted[half - 1] ?? upper) + upper, 2);
}

type Moved = { readonly unit: string; readonly level: Level; readonly indicator: Headline; readonly delta: number };

/**
 * How much of a unit's move in an indicator belongs to the portal, for figures: the shift for a hit; 0 for a unit without room,
 * without a notice, or that hardly moved; null ("không tách được") when a unit that had room moved otherwise.
 */
export function shiftShare(shifts: readonly Shift[], move: Moved, noise: number): number | null {
  const shift = shiftOf(shifts, move);
  if (shift === undefined) return 0;
  if (shift.hits.has(move.unit)) return shift.shift;
  const hadNoRoom = shift.without.has(move.unit) || shift.stopped.has(move.unit);
  return hadNoRoom || Math.abs(move.delta) < noise ? 0 : null;
}

/**
 * The same for words, which may not call a limit a merit or a fault: the shift is a median, so a hit that ends at the maximum
 * short of it moved by all of it that fits; of a unit the limit stopped further off nobody can tell its own part.
 */
export function tellableShare(shifts: readonly Shift[], move: Moved, noise: number): number | null {
  const shift = shiftOf(shifts, move);
  if (shift?.stopped.has(move.unit) !== true) return shiftShare(shifts, move, noise);
  if (shift.hits.has(move.unit)) return move.delta;
  return Math.abs(move.delta) < noise ? 0 : null;
}

function shiftOf(shifts: readonly Shift[], move: Moved): Shift | undefined {
  return shifts.find(({ indicator, level }) => indicator === move.indicator && level === move.level);
}
