import { GROUPS, type Headline, TOTAL } from "./indicator.ts";
import type { View } from "./view.ts";

/** What a change is made of. Hundredths of a point. */
export type Attribution = {
  readonly contributions: readonly { readonly indicator: string; readonly delta: number }[];
  /** The change less its parts: not zero where the portal's answers are of different refreshes. Shown, never spread. */
  readonly residual: number;
  /** A total that hardly moved although one part rose and another fell. */
  readonly hides: boolean;
};

/**
 * Splits a unit's change: the total into its groups, a group into its components. Null unless every part is given on both sides,
 * and at least one is: an incomplete split would blame the missing part on the others.
 */
export function attribute(
  before: View,
  after: View,
  at: { unit: string; indicator: Headline; noise: number },
): Attribution | null {
  const [then, now] = [before.value(at.unit, at.indicator), after.value(at.unit, at.indicator)];
  const parts =
    at.indicator === TOTAL
      ? GROUPS.map((group) => ({ indicator: group as string, code: group as string }))
      : componentsOf([before, after], at);
  if (typeof then !== "number" || typeof now !== "number" || parts.length === 0) return null;
  const contributions: { indicator: string; delta: number }[] = [];
  for (const { indicator, code } of parts) {
    const [partThen, partNow] = [before.value(at.unit, code), after.value(at.unit, code)];
    // A component that is blank on both sides says nothing and adds nothing; a blank that became a figure adds all of it.
    if (partThen === null && partNow === null) continue;
    if (at.indicator === TOTAL && (typeof partThen !== "number" || typeof partNow !== "number")) return null;
    if (partThen === undefined || partNow === undefined) return null;
    contributions.push({ indicator, delta: (partNow ?? 0) - (partThen ?? 0) });
  }
  if (contributions.length === 0) return null;
  const delta = now - then;
  const sum = contributions.reduce((all, part) => all + part.delta, 0);
  const some = (sign: 1 | -1) => contributions.some((part) => part.delta * sign >= at.noise);
  return { contributions, residual: delta - sum, hides: Math.abs(delta) < at.noise && some(1) && some(-1) };
}

/** Components either side gives for the unit: one that vanished must be missed, not hidden in the residual. */
function componentsOf(sides: readonly View[], at: { unit: string; indicator: Headline }) {
  const codes = new Set(sides.flatMap((side) => side.codes(at.indicator)));
  return [...codes]
    .filter((code) => code.endsWith(".score") && sides.some((side) => side.value(at.unit, code) !== undefined))
    .map((code) => ({ indicator: code.slice(0, -".score".length), code }));
}
