import { divideRounded, formatPoints } from "../domain/figure.ts";
import { GROUPS, TOTAL } from "../domain/indicator.ts";
import type { Jump } from "../domain/jump.ts";
import type { WeeklyInput } from "./weekly-input.ts";
import { rose } from "./wording.ts";

/** How one unit's total moved in the week. Hundredths of a point. */
export type BlockMove = {
  readonly unit: string;
  readonly name: string;
  readonly delta: number;
  /** Less the portal's shifts; what rises and falls are counted and named by. Null: it cannot be told apart. */
  readonly net: number | null;
  readonly before: number;
  readonly after: number;
  /** Jumps are listed apart, neither praised nor blamed. */
  readonly jumps: readonly Jump[];
};

/** The moves of one block's totals, the largest fall first. */
export function blockMoves(input: WeeklyInput, level: "agency" | "commune"): readonly BlockMove[] {
  const analysis = input.analysis.units;
  return input.changes
    .flatMap(({ unit, name, level: own, indicator, delta, before, after }) => {
      if (own !== level || indicator !== TOTAL || delta === null || before === null || after === null) return [];
      const all = (analysis?.jumps ?? []).filter((jump) => jump.unit === unit);
      const jumps = all.filter(({ mass }) => mass === undefined);
      const told = analysis === null ? delta : analysis.own(unit, TOTAL);
      // First figures of the whole block are nobody's rise.
      const first = all.reduce((sum, jump) => sum + (jump.mass === undefined ? 0 : jump.delta), 0);
      return [{ unit, name, delta, net: told === null ? null : told - first, before, after, jumps }];
    })
    .sort((a, b) => (a.net ?? 0) - (b.net ?? 0) || (a.unit < b.unit ? -1 : 1));
}

/** Moves that may be named as a rise or a fall: told apart from the portal's, at least the floor, no jump among them. */
export function namedMoves(
  moves: readonly BlockMove[],
  sign: 1 | -1,
  floor: number,
): readonly (BlockMove & { readonly net: number })[] {
  const named = moves.flatMap((move) =>
    move.net !== null && move.net * sign >= floor && move.jumps.length === 0 ? [{ ...move, net: move.net }] : [],
  );
  return sign > 0 ? named.reverse() : named;
}

/** "tăng 0,50 điểm (từ 65,64 lên 66,14)"; with a shift of the portal in between the two ends say more than the move. */
export function fromTo({ net, delta, before, after }: BlockMove & { readonly net: number }): string {
  if (net !== delta) return `${rose(net)} (đã trừ thay đổi chung của nguồn số liệu)`;
  return `${rose(net)} (từ ${formatPoints(before)} ${net > 0 ? "lên" : "xuống"} ${formatPoints(after)})`;
}

/** The provinces' jumps by group with their part of the change of the provinces' mean, in hundredths of a point. */
export function countryJumps(
  input: WeeklyInput,
): readonly { readonly group: (typeof GROUPS)[number]; readonly part: number; readonly jumps: readonly Jump[] }[] {
  const jumps = input.analysis.provinces?.jumps ?? [];
  const of = input.provinces.board.ranking("province").length;
  return GROUPS.flatMap((group) => {
    const own = jumps.filter(({ indicator, cause }) => indicator === group && cause !== "first-figure");
    const sum = own.reduce((all, { delta }) => all + delta, 0);
    return own.length === 0 || of === 0 ? [] : [{ group, part: divideRounded(sum, of), jumps: own }];
  });
}
