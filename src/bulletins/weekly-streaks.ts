import { formatSmallCount } from "../domain/figure.ts";
import { TOTAL } from "../domain/indicator.ts";
import { streak } from "../domain/trend.ts";
import { activeUnits } from "../domain/view.ts";
import type { WeeklyInput } from "./weekly-input.ts";

/** Which end of a block's ranking. */
export type End = "first" | "last";

/**
 * "; 03 tuần liên tiếp": how many weeks in a row, this one included, a unit stands among the first or the last few of its block, by
 * the bulletins printed; "" for one week. Weeks of another year's figures and weeks without a bulletin end the row.
 */
export function streakWords(
  input: WeeklyInput,
  { unit, level, end, few }: { unit: string; level: "agency" | "commune"; end: End; few: number },
): string {
  const { units, past = [] } = input;
  if (units === null) return "";
  const block = new Set(activeUnits(units.view, level).map(({ code }) => code));
  const own = units.board.standing(unit);
  const printed = past.map(({ figures }) => {
    const ranked = figures.filter(
      ({ unit: code, indicator, period, rank }) =>
        indicator === TOTAL && block.has(code) && rank !== null && period === units.view.snapshot.period,
    );
    const rank = ranked.find(({ unit: code }) => code === unit)?.rank ?? null;
    return fromEnd(rank, ranked.length, end);
  });
  const weeks = streak([...printed.reverse(), fromEnd(own?.rank ?? null, own?.of ?? 0, end)], few);
  return weeks < 2 ? "" : `; ${formatSmallCount(weeks)} tuần liên tiếp`;
}

/** The place counted from an end of the block, 1 the outermost. */
function fromEnd(rank: number | null, of: number, end: End): number | null {
  return rank === null || end === "first" ? rank : of + 1 - rank;
}
