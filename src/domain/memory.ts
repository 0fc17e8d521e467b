import type { Day } from "./calendar.ts";
import type { PrintedFigure } from "./edition.ts";
import { GROUPS, type Group, isGroup, TOTAL } from "./indicator.ts";

/** What one earlier issue printed for an audience, newest first in a list; `issue` as the edition names it. */
export type PastIssue = { readonly issue: Day; readonly figures: readonly PrintedFigure[] };

/** A large change of an earlier issue: the total's change, the group that made most of it, and how much of it is left now. */
export type Remembered = {
  readonly day: Day;
  readonly delta: number;
  readonly group: Group | null;
  /**
   * The group's own change (the total's without a group), and what is left of it now; 0 means undone. Both net of the portal's
   * shifts, then and since. Hundredths.
   */
  readonly made: number;
  readonly left: number;
};

/**
 * Changes of at least `large` printed in the given issues, newest first, and what became of them. A new period is another story:
 * only figures of `period` count. `portal`: how much of the change since the last issue is the portal's; null when it cannot be
 * told. What became of a change cannot be told either when a shift since then cannot: such a change is left out.
 */
export function remember(
  issues: readonly PastIssue[],
  now: { period: string; value(code: string): number | null | undefined; portal?(code: string): number | null },
  large: number,
): readonly Remembered[] {
  return issues.flatMap(({ issue, figures }, index) => {
    const own = figures.filter(({ period }) => period === now.period);
    const delta = changeOf(own, TOTAL);
    if (delta === null || Math.abs(delta) < large) return [];
    const group = mainGroup(own, delta);
    const code = group ?? TOTAL;
    const made = changeOf(own, code);
    const printed = own.find(({ indicator }) => indicator === code)?.value;
    const current = now.value(code);
    const since = portalSince(issues.slice(0, index), now, code);
    if (made === null || typeof printed !== "number" || typeof current !== "number" || since === null) return [];
    return [{ day: issue, delta, group, made, left: made + current - printed - since }];
  });
}

/** The portal's shifts of one figure in the later issues and since; null when one of them cannot be told apart. */
function portalSince(
  later: readonly PastIssue[],
  now: { period: string; portal?(code: string): number | null },
  code: string,
): number | null {
  let sum = now.portal === undefined ? 0 : now.portal(code);
  for (const { figures } of later) {
    const figure = figures.find(({ indicator, period }) => indicator === code && period === now.period);
    if (figure === undefined || figure.net === undefined || figure.value === null || figure.before === null) continue;
    if (figure.net === null || sum === null) return null;
    sum += figure.value - figure.before - figure.net;
  }
  return sum;
}

/** The group that moved furthest in the total's direction; null when no group is known. */
function mainGroup(figures: readonly PrintedFigure[], delta: number): Group | null {
  const moves = GROUPS.flatMap((group) => {
    const move = changeOf(figures, group);
    return move === null || Math.sign(move) !== Math.sign(delta) ? [] : [{ group, move }];
  }).sort((a, b) => Math.abs(b.move) - Math.abs(a.move));
  const first = moves[0]?.group;
  return first !== undefined && isGroup(first) ? first : null;
}

function changeOf(figures: readonly PrintedFigure[], code: string): number | null {
  const figure = figures.find(({ indicator }) => indicator === code);
  if (figure === undefined || figure.value === null || figure.before === null) return null;
  // A shift of the portal is nobody's change to remember; what could not be told apart is not remembered either.
  return figure.net === undefined ? figure.value - figure.before : figure.net;
}

/**
 * Slow drift: how far a total has come since the issue that last named a change of it (or since the oldest given issue), when
 * neither today's step nor any since then reached the floor but together they do. Null otherwise. Hundredths.
 */
export function drift(
  issues: readonly PastIssue[],
  now: { period: string; total: number; delta: number },
  floor: number,
): { readonly since: Day; readonly delta: number } | null {
  if (Math.abs(now.delta) >= floor) return null;
  for (const [index, { issue, figures }] of issues.entries()) {
    const total = figures.find(({ indicator, period }) => indicator === TOTAL && period === now.period);
    if (total === undefined || total.value === null) return null;
    const step = total.before === null ? null : total.value - total.before;
    const named = total.named === true || step === null || Math.abs(step) >= floor;
    if (!named && index < issues.length - 1) continue;
    const delta = now.total - total.value;
    return index > 0 && Math.abs(delta) >= floor ? { since: issue, delta } : null;
  }
  return null;
}
