import { divideRounded } from "./figure.ts";

/** What one component of one unit stands at. Counts, and hundredths of a point. */
export type ComponentState = {
  readonly numerator: number;
  readonly denominator: number;
  readonly maximum: number;
  readonly repairable: boolean;
};

/** A tenth of a point, in hundredths: the step every "how many more" is told for. */
export const STEP = 10;

/**
 * How many more dossiers done well raise a component scored maximum × numerator / denominator by 0,1 point.
 * Repairable (digitising, synchronising): the total is fixed, n more of the same. Otherwise each further dossier adds to both:
 * (numerator + n) / (denominator + n); 486 of 588 at 20 points needs 18. Null when it cannot be reached.
 */
export function dossiersForStep({ numerator, denominator, maximum, repairable }: ComponentState): number | null {
  if (denominator <= 0 || maximum <= 0) return null;
  if (repairable) {
    const needed = Math.ceil((STEP * denominator) / maximum);
    return numerator + needed <= denominator ? needed : null;
  }
  const slack = (denominator - numerator) * maximum - STEP * denominator;
  return slack <= 0 ? null : Math.ceil((STEP * denominator * denominator) / slack);
}

/** The value three quarters of the way up a block (nearest rank); null of nothing. Hundredths of a point. */
export function upperQuartile(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * 0.75) - 1] ?? null;
}

/** The middle of a block, rounded half up between two; null of nothing. */
export function blockMedian(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  const upper = sorted[half];
  if (upper === undefined) return null;
  return sorted.length % 2 === 1 ? upper : divideRounded((sorted[half - 1] ?? upper) + upper, 2);
}

/** Counts since the baseline that tell how a unit works now; null unless both grew by `least`, or when they were restated. */
export function flow(
  then: { part: number; whole: number },
  now: { part: number; whole: number },
  least: number,
): { readonly part: number; readonly whole: number } | null {
  const part = now.part - then.part;
  const whole = now.whole - then.whole;
  return part >= least && whole >= least && part <= whole ? { part, whole } : null;
}
