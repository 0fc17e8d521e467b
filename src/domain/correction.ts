import type { Edition, PrintedFigure } from "./edition.ts";
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

/** What of a printed figure is otherwise: itself, its rank, or the figure and rank it was compared with. */
export type CorrectedPart = "value" | "rank" | "before" | "rankBefore";

/** A printed figure that is now otherwise. Hundredths of a point, or ranks. Null: nothing to print. */
export type Correction = {
  readonly unit: string;
  readonly indicator: string;
  readonly period: string;
  readonly part: CorrectedPart;
  readonly printed: number | null;
  readonly now: number | null;
};

/** What an edition printed, without its words. */
export type PrintedEdition = Pick<
  Edition,
  "bulletin" | "audience" | "issue" | "reissue" | "composedAt" | "snapshots" | "baseline"
> & { readonly id: string; readonly figures: readonly PrintedFigure[] };

const PARTS: readonly CorrectedPart[] = ["value", "rank", "before", "rankBefore"];

/** Every printed figure that the same issue, composed now, states otherwise; also those only one of the two has. */
export function correctionsBetween(
  printed: readonly PrintedFigure[],
  now: readonly PrintedFigure[],
): readonly Correction[] {
  const place = ({ unit, indicator, period }: PrintedFigure) => `${unit}|${indicator}|${period}`;
  const fresh = new Map(now.map((figure) => [place(figure), figure]));
  const old = new Set(printed.map(place));
  const pairs = [
    ...printed.map((figure) => [figure, fresh.get(place(figure))] as const),
    ...now.filter((figure) => !old.has(place(figure))).map((figure) => [undefined, figure] as const),
  ];
  return pairs.flatMap(([then, today]) => {
    const figure = then ?? today;
    if (figure === undefined) return [];
    const { unit, indicator, period } = figure;
    return PARTS.flatMap((part): Correction[] => {
      const [was, is] = [then?.[part] ?? null, today?.[part] ?? null];
      return was === is ? [] : [{ unit, indicator, period, part, printed: was, now: is }];
    });
  });
}
