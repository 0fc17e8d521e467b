import { addDays, dayOf } from "./calendar.ts";
import { HEADLINES, type Headline, TOTAL } from "./indicator.ts";
import { comparableAcrossMerger } from "./merger.ts";
import { parsePeriod, periodEnd } from "./period.ts";
import type { Standing } from "./ranking.ts";
import type { Level } from "./unit.ts";
import { allStandings, type RegisteredUnit, unitName, type View } from "./view.ts";

/**
 * What differs for one unit and indicator between two snapshots, both read by today's reader.
 * `moved`: the period was still open (or just closed). `revised`: both sides lie after its end plus five days.
 * `new`: the unit was not there before, or may not be compared across a merger. `absent`: it is not there now.
 */
export type Change = {
  readonly unit: string;
  readonly name: string;
  readonly level: Level;
  readonly indicator: Headline;
  readonly kind: "moved" | "revised" | "new" | "absent" | "same";
  /** Hundredths of a point; null when absent or the publisher's blank. */
  readonly before: number | null;
  readonly after: number | null;
  /** after − before, null unless both are figures. */
  readonly delta: number | null;
  readonly standingBefore: Standing | null;
  readonly standingAfter: Standing | null;
};

/** Days after a period's end in which the portal still counts; later changes are revisions. */
export const SETTLING_DAYS = 5;

/** Why two views may not be compared at all, in English; null when they may. */
export function incomparable(before: View, after: View): string | null {
  const [a, b] = [before.snapshot, after.snapshot];
  if (a.source !== b.source)
    return `snapshots of different sources, ${a.source} and ${b.source}: their schemes never mix`;
  if (a.scope !== b.scope) return `snapshots of different scopes, ${a.scope} and ${b.scope}`;
  if (a.period !== b.period)
    return `snapshots of different periods, ${a.period} and ${b.period}: a new period starts from zero`;
  return null;
}

/** Every unit of either side × TOTAL and the groups either side gives, in the order of codes. Throws on incomparable views. */
export function detectChanges(before: View, after: View): readonly Change[] {
  const reason = incomparable(before, after);
  if (reason !== null) throw new RangeError(`not comparable: ${reason}`);
  const period = parsePeriod(after.snapshot.period);
  const settled = period === null ? "9999-12-31" : addDays(periodEnd(period), SETTLING_DAYS);
  const revised = dayOf(before.snapshot.takenAt) > settled && dayOf(after.snapshot.takenAt) > settled;
  const standingBefore = allStandings(before);
  const standingAfter = allStandings(after);
  const units = new Map<string, RegisteredUnit>([...before.units, ...after.units]);
  const merged = mergedBetween(before, after);
  const changes: Change[] = [];
  for (const unit of [...units.values()].sort((a, b) => (a.code < b.code ? -1 : 1))) {
    const comparable =
      comparableAcrossMerger(unit.code, before.snapshot.takenAt, after.snapshot.takenAt) && !merged.has(unit.code);
    for (const indicator of HEADLINES) {
      const now = after.value(unit.code, indicator);
      const then = comparable || now === undefined ? before.value(unit.code, indicator) : undefined;
      if (then === undefined && now === undefined) continue;
      changes.push({
        unit: unit.code,
        name: unitName(unit),
        level: unit.level,
        indicator,
        ...difference(then, now, revised),
        standingBefore: comparable ? standingBefore(unit.code, indicator) : null,
        standingAfter: standingAfter(unit.code, indicator),
      });
    }
  }
  return changes;
}

/**
 * Units that took another in after the one view was taken and by the other: their figures speak of another body, so no
 * difference between the two views may be told of them.
 */
export function mergedBetween(before: View, after: View): ReadonlySet<string> {
  const [from, to] = [dayOf(before.snapshot.takenAt), dayOf(after.snapshot.takenAt)];
  const units = [...before.units.values(), ...after.units.values()];
  return new Set(
    units.flatMap(({ closedFrom, mergedInto }) =>
      typeof mergedInto === "string" && closedFrom !== null && from < closedFrom && closedFrom <= to
        ? [mergedInto]
        : [],
    ),
  );
}

type Difference = Pick<Change, "kind" | "before" | "after" | "delta">;

function difference(then: number | null | undefined, now: number | null | undefined, revised: boolean): Difference {
  const before = then ?? null;
  const after = now ?? null;
  const delta = before === null || after === null ? null : after - before;
  if (then === undefined) return { kind: "new", before, after, delta };
  if (now === undefined) return { kind: "absent", before, after, delta };
  if (before === after) return { kind: "same", before, after, delta };
  return { kind: revised ? "revised" : "moved", before, after, delta };
}

/** How many units rose, fell, stayed, came and went, by one indicator. Blanks on either side count as neither up nor down. */
export type Tally = {
  readonly up: number;
  readonly down: number;
  readonly same: number;
  readonly new: number;
  readonly absent: number;
};

/** Counts the changes of one indicator. */
export function tally(changes: readonly Change[], indicator: Headline = TOTAL): Tally {
  const counts = { up: 0, down: 0, same: 0, new: 0, absent: 0 };
  for (const change of changes) {
    if (change.indicator !== indicator) continue;
    if (change.kind === "same" || change.kind === "new" || change.kind === "absent") counts[change.kind] += 1;
    else if (change.delta !== null && change.delta > 0) counts.up += 1;
    else if (change.delta !== null && change.delta < 0) counts.down += 1;
  }
  return counts;
}
