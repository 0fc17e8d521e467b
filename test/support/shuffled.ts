import { GROUPS } from "../../src/domain/indicator.ts";
import { detectShifts, type Shift } from "../../src/domain/shift.ts";
import type { View } from "../../src/domain/view.ts";
import { RULES, SHIFT_RULES, view } from "./views.ts";

/** What really happened to one group of one unit. */
type Move = { readonly before: number; readonly delta: number };

/** The moves of every group between the pairs of real answers. */
export function movesOf(pairs: readonly (readonly [View, View])[]): Readonly<Record<string, readonly Move[]>> {
  return Object.fromEntries(
    GROUPS.map((group) => [
      group,
      pairs.flatMap(([before, after]) =>
        [...after.units.keys()].flatMap((unit) => {
          const [then, now] = [before.value(unit, group), after.value(unit, group)];
          return typeof then === "number" && typeof now === "number" ? [{ before: then, delta: now - then }] : [];
        }),
      ),
    ]),
  );
}

/**
 * Blocks in which nothing is common: each unit's groups stand where some real unit's stood and move as some other real one's moved,
 * drawn independently and without putting back. Gives every shift that is found all the same.
 */
export function shiftsInShuffled(
  moves: Readonly<Record<string, readonly Move[]>>,
  { blocks, size, chance }: { blocks: number; size: number; chance: () => number },
): readonly Shift[] {
  const found: Shift[] = [];
  for (let block = 0; block < blocks; block += 1) {
    const before: Record<string, Record<string, number>> = {};
    const after: Record<string, Record<string, number>> = {};
    for (const group of GROUPS) {
      const [stands, deltas] = [draw(moves[group] ?? [], size, chance), draw(moves[group] ?? [], size, chance)];
      for (const [index, { before: value }] of stands.entries()) {
        const unit = `H21.${index + 1}`;
        const moved = Math.min(RULES.maxima[group], Math.max(0, value + (deltas[index]?.delta ?? 0)));
        before[unit] = { ...before[unit], [group]: value };
        after[unit] = { ...after[unit], [group]: moved };
      }
    }
    found.push(...detectShifts(view(before), view(after, { day: "10" }), SHIFT_RULES));
  }
  return found;
}

/** So many of a list in an order of chance. */
function draw<T>(from: readonly T[], count: number, chance: () => number): readonly T[] {
  const left = [...from];
  return Array.from({ length: count }, () => left.splice(Math.floor(chance() * left.length), 1)).flat();
}
