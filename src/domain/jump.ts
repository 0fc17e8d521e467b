import { dayOf, daysBetween } from "./calendar.ts";
import { GROUPS, type Group } from "./indicator.ts";
import { parsePeriod, periodStart } from "./period.ts";
import type { Maxima } from "./shift.ts";
import type { Thresholds } from "./thresholds.ts";
import type { Level } from "./unit.ts";
import { activeUnits, type View } from "./view.ts";

/**
 * One unit's move too large for its days, net of portal-wide shifts. `adjusted`: a cumulative count fell, or the score changed
 * while its counts stayed. `first-figure`: a blank became a score. `unknown`: nothing in hand tells why.
 */
export type Jump = {
  readonly kind: "source-jump";
  readonly unit: string;
  readonly level: Level;
  readonly indicator: Group;
  /** Net of shifts, hundredths of a point; for a first figure the score itself. */
  readonly delta: number;
  readonly cause: "adjusted" | "first-figure" | "unknown";
  /** The days of the two snapshots. */
  readonly from: string;
  readonly to: string;
};

type Rules = {
  readonly maxima: Maxima;
  readonly jump: Thresholds["jump"] /** A unit's net move in a group; null when it cannot be told apart from a shift. */;
  readonly net: (unit: string, group: Group) => number | null;
};

/** Finds the jumps between two consecutive complete snapshots of one period at most `jump.days` apart. */
export function detectJumps(before: View, after: View, rules: Rules): readonly Jump[] {
  const [from, to] = [dayOf(before.snapshot.takenAt), dayOf(after.snapshot.takenAt)];
  const days = daysBetween(from, to);
  const period = parsePeriod(after.snapshot.period);
  if (period === null || days > rules.jump.days) return [];
  const into = Math.max(1, daysBetween(periodStart(period), to) + 1);
  const jumps: Jump[] = [];
  for (const level of new Set([...after.units.values()].map((unit) => unit.level))) {
    for (const { code: unit } of activeUnits(after, level)) {
      for (const indicator of GROUPS) {
        const even = (rules.jump.factor * rules.maxima[indicator] * Math.max(1, days)) / into;
        const [then, now] = [before.value(unit, indicator), after.value(unit, indicator)];
        const blank = then === null && typeof now === "number";
        const delta = blank ? now : rules.net(unit, indicator);
        if (delta === null || Math.abs(delta) < Math.max(rules.jump.from, even)) continue;
        jumps.push({
          kind: "source-jump",
          unit,
          level,
          indicator,
          delta,
          cause: blank ? "first-figure" : causeOf(before, after, { unit, group: indicator }),
          from,
          to,
        });
      }
    }
  }
  return jumps;
}

/** Reads the cause from the counts in hand; without counts it stays unknown. */
function causeOf(before: View, after: View, at: { unit: string; group: Group }): Jump["cause"] {
  const pairs = after
    .codes(at.group)
    .map((code) => ({ code, earlier: before.value(at.unit, code), now: after.value(at.unit, code) }));
  const counts = pairs.flatMap(({ code, earlier, now }) =>
    !code.endsWith(".score") && typeof earlier === "number" && typeof now === "number" ? [{ earlier, now }] : [],
  );
  if (counts.some(({ earlier, now }) => now < earlier)) return "adjusted";
  if (pairs.some(({ code, earlier, now }) => code.endsWith(".score") && earlier === null && typeof now === "number"))
    return "first-figure";
  return counts.length > 0 && counts.every(({ earlier, now }) => now === earlier) ? "adjusted" : "unknown";
}
