import type { Thresholds } from "./thresholds.ts";

/** One working day's step of a unit's total, net of its block's median step; `flagged` when a shift or jump touched it. */
export type Step = { readonly delta: number; readonly flagged: boolean };

/**
 * A trend of the total: of the last `steps` working-day steps at least `agree` have one sign, together at least `sum`
 * hundredths, no single one more than half of it, none flagged. Gives the sum with its sign; null when there is no trend.
 */
export function trendOf(steps: readonly Step[], rules: Thresholds["trend"]): number | null {
  const last = steps.slice(-rules.steps);
  if (last.length < rules.steps || last.some(({ flagged }) => flagged)) return null;
  const sum = last.reduce((all, { delta }) => all + delta, 0);
  const agreeing = last.filter(({ delta }) => delta !== 0 && Math.sign(delta) === Math.sign(sum)).length;
  if (agreeing < rules.agree || Math.abs(sum) < rules.sum) return null;
  return last.some(({ delta }) => Math.abs(delta) * 2 > Math.abs(sum)) ? null : sum;
}

/** How many issues in a row, ending with the last, a rank stayed at or above a band ("03 tuần liên tiếp" among the first five). */
export function streak(ranks: readonly (number | null)[], band: number): number {
  let issues = 0;
  for (const rank of [...ranks].reverse()) {
    if (rank === null || rank > band) break;
    issues += 1;
  }
  return issues;
}
