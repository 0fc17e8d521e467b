import type { Observation } from "./observation.ts";

/** How many figures of an indicator a reading states otherwise than the one before. */
export type Tally = { readonly changed: number; readonly added: number; readonly removed: number };

/** What a new reading of one snapshot makes of its observations, in all and by indicator id. */
export type Differences = Tally & { readonly byIndicator: Readonly<Record<string, Tally>> };

export const NO_DIFFERENCE: Differences = { changed: 0, added: 0, removed: 0, byIndicator: {} };

/**
 * Compares two readings of the same answers. `changed`: another value, flag or answer for the same unit, indicator and period; a
 * blank that becomes a figure is changed, not added.
 */
export function differences(before: readonly Observation[], after: readonly Observation[]): Differences {
  const byIndicator: Record<string, { changed: number; added: number; removed: number }> = {};
  const count = (indicator: string, kind: keyof Tally) => {
    byIndicator[indicator] ??= { changed: 0, added: 0, removed: 0 };
    byIndicator[indicator][kind] += 1;
  };
  const known = new Map(before.map((observation) => [placeOf(observation), observation]));
  for (const now of after) {
    const place = placeOf(now);
    const then = known.get(place);
    if (then === undefined) count(now.indicator, "added");
    else if (then.value !== now.value || then.answer !== now.answer || then.flag !== now.flag)
      count(now.indicator, "changed");
    known.delete(place);
  }
  for (const { indicator } of known.values()) count(indicator, "removed");
  return { ...sumOf(Object.values(byIndicator)), byIndicator };
}

/** The differences of several snapshots together. */
export function together(all: readonly Differences[]): Differences {
  const byIndicator: Record<string, Tally> = {};
  for (const one of all)
    for (const [indicator, tally] of Object.entries(one.byIndicator))
      byIndicator[indicator] = sumOf([byIndicator[indicator] ?? NO_DIFFERENCE, tally]);
  return { ...sumOf(all), byIndicator };
}

function sumOf(tallies: readonly Tally[]): Tally {
  const sum = { changed: 0, added: 0, removed: 0 };
  for (const { changed, added, removed } of tallies) {
    sum.changed += changed;
    sum.added += added;
    sum.removed += removed;
  }
  return sum;
}

function placeOf({ unit, indicator, period }: Observation): string {
  return `${unit}|${indicator}|${period}`;
}
