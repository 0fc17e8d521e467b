import { dayOf, daysBetween } from "./calendar.ts";
import { GROUPS, type Group } from "./indicator.ts";
import { causeOf, type JumpCause } from "./jump-cause.ts";
import { comparableAcrossMerger } from "./merger.ts";
import { parsePeriod, periodStart } from "./period.ts";
import type { Maxima } from "./shift.ts";
import type { Thresholds } from "./thresholds.ts";
import type { Level } from "./unit.ts";
import { activeUnits, type View } from "./view.ts";

/** One unit's move too large for its days, net of portal-wide shifts. */
export type Jump = {
  readonly kind: "source-jump";
  readonly unit: string;
  readonly level: Level;
  readonly indicator: Group;
  /** Net of shifts, hundredths of a point; for a first figure the score itself. */
  readonly delta: number;
  readonly cause: JumpCause;
  /** The days of the two snapshots. */
  readonly from: string;
  readonly to: string;
  /** A first figure of a group that was blank for the whole block: how many units got one. Told once for all of them. */
  readonly mass?: number;
};

/** A group that was blank for a whole block and got its first figures: one thing that happened, not one per unit. */
export type FirstFigures = Pick<Jump, "level" | "indicator" | "from" | "to"> & { readonly units: number };

/** The groups that got their first figures for a whole block, each once. */
export function massFirstFigures(jumps: readonly Jump[]): readonly FirstFigures[] {
  const found = new Map<string, FirstFigures>();
  for (const { level, indicator, from, to, mass } of jumps)
    if (mass !== undefined) found.set(`${level}|${indicator}|${to}`, { level, indicator, from, to, units: mass });
  return [...found.values()];
}

type Rules = {
  readonly maxima: Maxima;
  readonly jump: Thresholds["jump"];
  /** A unit's net move in a group; null when it cannot be told apart from a shift. */
  readonly net: (unit: string, group: Group) => number | null;
  /** The last figure known before the first of the two snapshots; null without one. */
  readonly lastKnown?: (unit: string, group: Group) => number | null;
};

/** Finds the jumps between two consecutive complete snapshots of one period at most `jump.days` apart. */
export function detectJumps(before: View, after: View, rules: Rules): readonly Jump[] {
  const [from, to] = [dayOf(before.snapshot.takenAt), dayOf(after.snapshot.takenAt)];
  const days = daysBetween(from, to);
  const period = parsePeriod(after.snapshot.period);
  if (period === null || days > rules.jump.days) return [];
  const into = Math.max(1, daysBetween(periodStart(period), to) + 1);
  const jumps: Jump[] = [];
  const fresh = freshGroups(before, after);
  for (const level of new Set([...after.units.values()].map((unit) => unit.level))) {
    for (const { code: unit } of activeUnits(after, level)) {
      if (!comparableAcrossMerger(unit, before.snapshot.takenAt, after.snapshot.takenAt)) continue;
      for (const indicator of GROUPS) {
        const even = (rules.jump.factor * rules.maxima[indicator] * Math.max(1, days)) / into;
        const move = moveOf([before, after], { unit, group: indicator }, rules);
        if (move === null) continue;
        const units = move.cause === "first-figure" ? fresh.get(`${level}|${indicator}`) : undefined;
        // Of a whole block's first figures the small ones are no rise either.
        if (units === undefined && Math.abs(move.delta) < Math.max(rules.jump.from, even)) continue;
        jumps.push({
          ...{ kind: "source-jump", unit, level, indicator, ...move, from, to },
          ...(units === undefined ? {} : { mass: units }),
        });
      }
    }
  }
  return jumps;
}

/** From so many units on a group's first figures are one thing that happened to the block. */
const LEAST_UNITS = 5;

/** Per level and group that no unit had a figure of before: how many have one now. */
function freshGroups(before: View, after: View): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const level of new Set([...after.units.values()].map((unit) => unit.level))) {
    const block = activeUnits(after, level);
    for (const group of GROUPS) {
      if (block.some(({ code }) => typeof before.value(code, group) === "number")) continue;
      const units = block.filter(({ code }) => typeof after.value(code, group) === "number").length;
      if (units >= LEAST_UNITS) counts.set(`${level}|${group}`, units);
    }
  }
  return counts;
}

/** A unit's net move with its cause. A blank that became a figure is a first figure unless an earlier one is known. */
function moveOf(
  [before, after]: readonly [View, View],
  at: { unit: string; group: Group },
  rules: Rules,
): Pick<Jump, "delta" | "cause"> | null {
  const [then, now] = [before.value(at.unit, at.group), after.value(at.unit, at.group)];
  if (then === null && typeof now === "number") {
    const known = rules.lastKnown?.(at.unit, at.group) ?? null;
    return known === null ? { delta: now, cause: "first-figure" } : { delta: now - known, cause: "unknown" };
  }
  const delta = rules.net(at.unit, at.group);
  return delta === null ? null : { delta, cause: causeOf(before, after, { ...at, large: rules.jump.from }) };
}
