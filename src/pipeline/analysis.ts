import { type Analysis, analyse } from "../domain/analysis.ts";
import type { Sight } from "../domain/board.ts";
import { DEFAULT_SOURCE } from "../sources/index.ts";
import type { Context } from "./context.ts";
import type { Sights } from "./sight.ts";

/**
 * Analyses what lies between two sights. Null when one of them has groups of another day: their totals may be compared,
 * but a change cannot be attributed.
 */
export async function analyseSights(
  ctx: Pick<Context, "settings">,
  sights: Sights,
  [before, after]: readonly [Sight, Sight],
): Promise<Analysis | null> {
  if (before.dated.size > 0 || after.dated.size > 0) return null;
  const { thresholds, floors } = ctx.settings;
  return analyse(await sights.between(before, after), {
    maxima: DEFAULT_SOURCE.scheme.maxima,
    thresholds,
    noise: floors.noise,
  });
}
